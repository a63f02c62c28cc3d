"""What a model is shown of an article: numbered sentences inside a fence.

The text of articles is untrusted. Each sentence is one line, so that no text can pass for
another line, and the fence's mark is replaced by a random one when the request is sent, so
that no text can close it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.screening import asks_reader, visible
from summarizer.types import Article, Claim, Span

FENCE = "\u27e6fence\u27e7"
"""Stands for the fence's mark until a request is sent."""

WITHHELD = "(a question)"
"""What is shown in the place of a question, so that the numbers stay."""


def article_block(article: Article, sentences: Sequence[Span], *, first: int = 1) -> str:
    """Return sentences of an article as a model is shown them: blind, without the outlet.

    Args:
        article: The article.
        sentences: Spans of its text, in order.
        first: The number of the first of them.
    """
    lines = []
    if article.title:
        lines.append(f"Title: {_line(article.title)}")
    if article.published:
        lines.append(f"Date: {article.published.isoformat()}")
    lines += (
        f"{number}: {_shown(span.of(article.text))}"
        for number, span in enumerate(sentences, start=first)
    )
    return "\n".join((f"<<<{FENCE}", *lines, f"{FENCE}>>>"))


def claims_block(claims: Sequence[Claim], *, first: int = 1) -> str:
    """Return claims as a model is shown them, numbered from ``first``."""
    return "\n".join((f"<<<{FENCE} claims", *_numbered(claims, first), f"claims {FENCE}>>>"))


def said(claim: Claim) -> str:
    """Return a claim on one line, with who says it."""
    text = _line(claim.text)
    if claim.speaker and claim.speaker.lower() not in text.lower():
        return f"{text.rstrip('.')}, according to {_line(claim.speaker)}."
    return text


def _numbered(claims: Sequence[Claim], first: int) -> Iterator[str]:
    return (f"{number}: {said(claim)}" for number, claim in enumerate(claims, start=first))


def _shown(sentence: str) -> str:
    """Return a sentence; of a question only that it is one.

    It makes no claim, and a model may take it for one that it is to answer.
    """
    return WITHHELD if asks_reader(sentence) else _line(sentence)


def _line(text: str) -> str:
    return " ".join(visible(text).replace(FENCE, "").split())
