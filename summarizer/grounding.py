"""From what an engine proposes to claims that stand in the article, or are turned away.

The one gate for every engine: a claim whose evidence is not in the body of its article,
inside the chunk that the engine was shown, does not pass.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from summarizer.text.words import fold
from summarizer.types import Article, Claim, ClaimKind, Rejected, RejectReason, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    """What an engine proposes: a wording, and where ``within`` what it was shown it stands."""

    article: Article
    within: Span
    text: str
    evidence: tuple[Span, ...]
    kind: ClaimKind = ClaimKind.EVENT
    speaker: str | None = None
    hedge: str | None = None


class Grounded(NamedTuple):
    """The claims that passed, in order and each once, and the drafts that did not."""

    claims: tuple[Claim, ...]
    rejected: tuple[Rejected, ...]


def ground(drafts: Iterable[ClaimDraft]) -> Grounded:
    """Turn drafts into claims; a draft with any evidence that does not hold is rejected.

    Evidence is trimmed of white space, put in order, and merged where it touches or only
    white space of one paragraph lies between. The same wording on the same evidence is one
    claim, the first.
    """
    claims: dict[tuple[str, str, tuple[Span, ...]], Claim] = {}
    rejected: list[Rejected] = []
    for draft in drafts:
        article = draft.article
        objection = _objection(draft)
        if objection:
            rejected.append(
                Rejected(
                    article=article,
                    text=draft.text,
                    reason=RejectReason.UNGROUNDED,
                    detail=objection,
                )
            )
            continue
        evidence = tuple(_merged(article.text, article.body, draft.evidence))
        claims.setdefault(
            (article.id, draft.text, evidence),
            Claim(
                article=article,
                text=draft.text,
                evidence=evidence,
                kind=draft.kind,
                speaker=draft.speaker,
                hedge=draft.hedge,
            ),
        )
    return Grounded(tuple(claims.values()), tuple(rejected))


_WORD = re.compile(r"\w+")
_ELLIPSIS = re.compile(r"\s*(?:\.\s?\.\s?\.|…|\[\.\.\.\])\s*")


def locate(text: str, evidence: Sequence[Span], words: str) -> tuple[Span, ...]:
    """Return where a model's words stand in the passages they are said to be from.

    Words that are not found leave the passages whole: a quote is never invented, only kept
    too long. The arguments are those of ``find_words``.
    """
    return find_words(text, evidence, words) or tuple(evidence)


def find_words(text: str, evidence: Sequence[Span], words: str) -> tuple[Span, ...] | None:
    """Return where copied words stand in some passages; None where they do not.

    Spacing, case, accents and punctuation may differ, and "…" may join two pieces.

    Args:
        text: The article's text.
        evidence: The passages, in order.
        words: What was copied from them.
    """
    pieces = [piece for piece in _ELLIPSIS.split(words) if _WORD.search(piece)]
    located = [
        next(filter(None, (_find(text, span, piece) for span in evidence)), None)
        for piece in pieces
    ]
    if not located or any(span is None for span in located):
        return None
    return tuple(sorted({span for span in located if span is not None}))


def _find(text: str, passage: Span, words: str) -> Span | None:
    """Return the first run of a passage's words that are these words, folded."""
    tokens = [
        (fold(match[0]), match.span()) for match in _WORD.finditer(text, passage.start, passage.end)
    ]
    wanted = [fold(word) for word in _WORD.findall(words)]
    for first in range(len(tokens) - len(wanted) + 1):
        if all(tokens[first + i][0] == word for i, word in enumerate(wanted)):
            start, end = tokens[first][1][0], tokens[first + len(wanted) - 1][1][1]
            return _with_marks(text, passage, start, end)
    return None


def _with_marks(text: str, passage: Span, start: int, end: int) -> Span:
    """Return a run of words with the quotation marks and signs that belong to it."""
    while start > passage.start and text[start - 1] in "\"“‘'([$€£«":
        start -= 1
    while end < passage.end and text[end] in "\"”’')]%»":
        if text[end] in "’'" and text[end + 1 : end + 2].isalpha():
            break
        end += 1
    return Span(start, end)


def merge_repeats(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims of one article, those in the same words as one with all the evidence.

    An article told in parts tells in one what it told in another.
    """
    alike: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        alike[" ".join(fold(claim.text).split()).rstrip(".")].append(claim)
    return tuple(
        replace(same[0], evidence=tuple(sorted({span for each in same for span in each.evidence})))
        if len(same) > 1
        else same[0]
        for same in alike.values()
    )


def _objection(draft: ClaimDraft) -> str:
    """Return what is wrong with a draft, or nothing."""
    if not draft.text.strip():
        return "the claim has no words"
    if not draft.evidence:
        return "no evidence is given"
    return next(filter(None, (_span_objection(draft, span) for span in draft.evidence)), "")


def _span_objection(draft: ClaimDraft, span: Span) -> str:
    article = draft.article
    where = f"[{span.start}, {span.end})"
    if not span.of(article.text).strip():
        return f"the evidence {where} is empty"
    if not draft.within.contains(span):
        return f"the evidence {where} is outside the part of the article that was read"
    if not _is_body(article.text, article.body, span):
        return f"the evidence {where} is not in the body of the article"
    return ""


def _is_body(text: str, body: tuple[Span, ...], span: Span) -> bool:
    """Return whether the span has nothing outside the body but white space."""
    position = span.start
    for part in islice(body, bisect_right(body, position, key=_end), None):
        if part.start >= span.end:
            break
        if text[position : part.start].strip():
            return False
        position = part.end
    return position >= span.end or not text[position : span.end].strip()


def _merged(text: str, body: tuple[Span, ...], spans: tuple[Span, ...]) -> Iterator[Span]:
    current: Span | None = None
    for span in sorted(_trimmed(text, span) for span in spans):
        if current is None:
            current = span
        elif span.start <= current.end or _same_paragraph(text, body, current, span):
            current = Span(current.start, max(current.end, span.end))
        else:
            yield current
            current = span
    if current is not None:
        yield current


def _same_paragraph(text: str, body: tuple[Span, ...], left: Span, right: Span) -> bool:
    if text[left.end : right.start].strip():
        return False
    around = body[bisect_right(body, right.start, key=_end) :][:1]
    return any(part.start <= left.end for part in around)


def _end(span: Span) -> int:
    return span.end


def _trimmed(text: str, span: Span) -> Span:
    part = span.of(text)
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, start + len(part.strip()))
