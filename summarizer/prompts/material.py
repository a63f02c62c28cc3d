"""What a model is shown of articles: numbered sentences inside a fence.

The text of articles is untrusted. Each sentence is one line, so that no text can pass for
another line, and the fence's mark is replaced by a random one when the request is sent, so
that no text can close it. Outlets are not named: a model knows too much about them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from summarizer.document import Document, Sentence
from summarizer.screening import asks_reader, visible
from summarizer.text.attribution import named_speaker
from summarizer.text.fold import fold
from summarizer.types import Article, Claim, Span

FENCE = "\u27e6fence\u27e7"
"""Stands for the fence's mark until a request is sent."""

WITHHELD = "(a question)"
"""What is shown in the place of a question, so that the numbers stay."""

PARTS = "abcdefghijklmnopqrstuvwxyz"
"""How the parts of a sentence are marked, in order."""


def article_block(
    article: Article,
    sentences: Sequence[Span],
    *,
    only: Collection[int] | None = None,
) -> str:
    """Return sentences of an article as a model is shown them; the title is sentence 0.

    Args:
        article: The article.
        sentences: Spans of its text, in order, numbered from 1.
        only: Where it is given, the numbers that are shown.
    """
    lines = [*_head(article)]
    lines += (
        f"{number}: {_shown(span.of(article.text))}"
        for number, span in enumerate(sentences, start=1)
        if only is None or number in only
    )
    return _fenced("article", lines)


def claims_block(claims: Sequence[Claim], *, name: str = "claims") -> str:
    """Return claims as a model is shown them, numbered from 1."""
    return _fenced(name, [f"{n}: {said(claim)}" for n, claim in enumerate(claims, start=1)])


def omissions_block(omissions: Sequence[tuple[int, Sequence[str]]]) -> str:
    """Return what a first reading left out: numbers of sentences, each with what is missing.

    Nothing named as missing means the whole sentence.
    """
    return _fenced(
        "omissions",
        [
            f"{number}: {'; '.join(map(_line, missing)) or 'the whole sentence'}"
            for number, missing in omissions
        ],
    )


def document_block(name: str, document: Document, parts: Mapping[int, Sequence[Span]]) -> str:
    """Return a document whose sentences are numbered with its name, the parts of each marked.

    Args:
        name: What the article is called in this request: "A".
        document: The document.
        parts: By number, the parts of a sentence, disjoint and in order.
    """
    article = document.article
    lines = [f"Date: {article.published.isoformat()}"] if article.published else []
    lines += (
        f"{name}{sentence.number}: {_marked(article, sentence, parts.get(sentence.number, ()))}"
        for sentence in document.sentences
    )
    return _fenced(f"article {name}", lines)


def list_block(name: str, texts: Sequence[str]) -> str:
    """Return statements numbered with a name, as a document is shown."""
    lines = [f"{name}{number}: {_line(text)}" for number, text in enumerate(texts, start=1)]
    return _fenced(f"article {name}", lines)


def said(claim: Claim) -> str:
    """Return a claim on one line, with who says it where its text does not tell."""
    text = _line(claim.text)
    if claim.speaker and not named_speaker(text) and not _has_word_of(claim.speaker, text):
        return f"{text.rstrip('.')}, according to {_line(claim.speaker)}."
    return text


def _head(article: Article) -> Iterator[str]:
    if article.published:
        yield f"Date: {article.published.isoformat()}"
    if article.title:
        yield f"0: {_line(article.title)}"


def _marked(article: Article, sentence: Sentence, parts: Sequence[Span]) -> str:
    """Return a sentence with its parts marked in place."""
    text = sentence.span.of(article.text)
    if asks_reader(text):
        return WITHHELD
    pieces, position = [], sentence.span.start
    for part, letter in zip(parts, PARTS, strict=False):
        pieces += [article.text[position : part.start], f"[{letter}: {part.of(article.text)}]"]
        position = part.end
    return _line("".join((*pieces, article.text[position : sentence.span.end])))


def _has_word_of(speaker: str, text: str) -> bool:
    """Return whether a text has a telling word of a speaker's name or description."""
    words = set(fold(text).replace(".", " ").split())
    return any(word in words for word in fold(speaker).replace(",", " ").split() if len(word) > 3)


def _shown(sentence: str) -> str:
    """Return a sentence; of a question only that it is one.

    It makes no claim, and a model may take it for one that it is to answer.
    """
    return WITHHELD if asks_reader(sentence) else _line(sentence)


def _fenced(name: str, lines: Sequence[str]) -> str:
    return "\n".join((f"<<<{FENCE} {name}", *lines, f"{name} {FENCE}>>>"))


def _line(text: str) -> str:
    return " ".join(visible(text).replace(FENCE, "").split())
