"""From what an engine proposes to claims that stand in the article, or are turned away.

The one gate for every engine: a claim whose evidence is not in the body of its article does not
pass.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from summarizer.text.words import fold, folded_words
from summarizer.types import Article, Claim, Rejected, RejectReason, Span


class Grounded(NamedTuple):
    """The claims that passed, in order and each once, and the drafts that did not."""

    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...]


def ground(drafts: Iterable[Claim]) -> Grounded:
    """Return the claims that an engine proposes; one whose evidence does not hold is rejected.

    Evidence is trimmed, put in order, and merged where it touches or only white space of one
    paragraph lies between. The same wording on the same evidence is one claim.
    """
    claims: dict[tuple[str, str, tuple[Span, ...]], Claim] = {}
    rejected: list[Rejected] = []
    for draft in drafts:
        article, text = draft.article, draft.text
        if detail := _find_objection(draft):
            reason = RejectReason.UNGROUNDED
            rejected.append(Rejected(article=article, text=text, reason=reason, detail=detail))
            continue
        evidence = _merge_spans(article, draft.evidence)
        claims.setdefault((article.id, text, evidence), replace(draft, evidence=evidence))
    return Grounded(tuple(claims.values()), tuple(rejected))


def _find_objection(draft: Claim) -> str:
    """Return what is wrong with a draft, or nothing."""
    if not draft.text.strip():
        return "the claim has no words"
    if not draft.evidence:
        return "no evidence is given"
    for span in draft.evidence:
        where = f"the evidence [{span.start}, {span.end})"
        if not span.of(draft.article.text).strip():
            return f"{where} is empty"
        if span.end > len(draft.article.text) or _outside_body(draft.article, span).strip():
            return f"{where} is not in the body of the article"
    return ""


def _outside_body(article: Article, span: Span) -> str:
    """Return what a span covers outside the body."""
    outside, start = "", span.start
    for part in islice(article.body, _body_place(article, start), None):
        if part.start >= span.end:
            break
        outside += article.text[start : part.start]
        start = part.end
    return outside + article.text[start : span.end]


def _body_place(article: Article, position: int) -> int:
    """Return the place of the first span of the body that ends behind a position."""
    return bisect_right(article.body, position, key=lambda part: part.end)


def _merge_spans(article: Article, spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(span.trimmed(article.text) for span in spans):
        if merged and _are_joined(article, merged[-1], span):
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _are_joined(article: Article, left: Span, right: Span) -> bool:
    """Return whether nothing but white space of one paragraph lies between two spans."""
    if right.start <= left.end:
        return True
    around = article.body[_body_place(article, right.start) :][:1]
    blank = not article.text[left.end : right.start].strip()
    return blank and any(part.start <= left.end for part in around)


def merge_repeats(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims of one article, those in the same words as one with all the evidence."""
    merged: dict[str, Claim] = {}
    for claim in claims:
        words = " ".join(fold(claim.text).split()).rstrip(".")
        first = merged.setdefault(words, claim)
        if first is not claim:
            evidence = tuple(sorted({*first.evidence, *claim.evidence}))
            merged[words] = replace(first, evidence=evidence)
    return tuple(merged.values())


_WORD = re.compile(r"\w+")
_ELLIPSIS = re.compile(r"\s*(?:\.\s?\.\s?\.|…|\[\.\.\.\])\s*")
_MARKS_BEHIND = re.compile(r"(?:[\")\]%»”]|['’](?![^\W\d_]))*")


def locate(text: str, evidence: Sequence[Span], words: str) -> tuple[Span, ...]:
    """Return where copied words stand in some passages; all of these where they do not.

    A quote is never invented, only kept too long. The arguments are those of ``find_words``.
    """
    return find_words(text, evidence, words) or tuple(evidence)


def find_words(text: str, evidence: Sequence[Span], words: str) -> tuple[Span, ...] | None:
    """Return where copied words stand in some passages of a text; None where they do not.

    Spacing, case, accents and punctuation may differ, and "…" may join two pieces.
    """
    located: set[Span] = set()
    for piece in _ELLIPSIS.split(words):
        wanted = folded_words(piece)
        if not wanted:
            continue
        runs = (_find_run(text, span, wanted) for span in evidence)
        run = next(filter(None, runs), None)
        if run is None:
            return None
        located.add(run)
    return tuple(sorted(located)) or None


def _find_run(text: str, passage: Span, wanted: Sequence[str]) -> Span | None:
    """Return the first run of a passage's words that are these folded words, with its marks."""
    tokens = list(_WORD.finditer(text, passage.start, passage.end))
    folded = [fold(token[0]) for token in tokens]
    for first in range(len(tokens) - len(wanted) + 1):
        if folded[first : first + len(wanted)] == wanted:
            start, end = tokens[first].start(), tokens[first + len(wanted) - 1].end()
            before = text[passage.start : start]
            start -= len(before) - len(before.rstrip("\"“‘'([$€£«"))
            behind = _MARKS_BEHIND.match(text, end, passage.end)
            return Span(start, behind.end() if behind else end)
    return None
