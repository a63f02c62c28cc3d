"""Whole articles for a page, side by side, their text cut where a highlight begins or ends.

All the text of an article is there, in its order: what is joined from the paragraphs is the
article's text, character by character (see ``wording.in_place`` for the few that would act).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from summarizer.report.outlets import is_spaced, length, with_copies
from summarizer.report.parts import Source
from summarizer.report.wording import in_place
from summarizer.text.intervals import Stretches
from summarizer.types import (
    Article,
    ArticleSummary,
    Detail,
    DiffReport,
    Mention,
    Span,
    Status,
    Uniqueness,
)

# A paragraph ends with its line; the blank lines after it belong to it, the indent of the next
# does not.
_PARAGRAPH = re.compile(r"\s*\S[^\n\r\u2028\u2029]*(?:\s*\Z|\s*[\n\r\u2028\u2029])?")
_SPACE = re.compile(r"\s+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\r?\n")

# White space that a browser makes one blank of, and at the end of a line none.
_COLLAPSED = " \t\r\n\f"

HARD_WRAP = 100  # characters of the longest line that an editor of plain text wrapped by hand

# The accent of what rests on a conflict; a unique fact has its status, others have none: colour
# says what is worth a look.
CONFLICT = "conflict"

# A passage and the id of the fact or conflict that rests on it; none if it is pointed at only.
Mark = tuple[Span, str]


class Piece(NamedTuple):
    """A stretch of the text on all of which the same facts and conflicts rest."""

    start: int
    text: str
    id: str  # for links, if a passage begins here
    rests: tuple[str, ...]
    accent: str  # how it is painted


class Paragraph(NamedTuple):
    """A line of the text."""

    pieces: list[Piece]
    blank: bool  # white space alone, which stands between paragraphs
    tight: bool  # the next line belongs to it, as in a text that was wrapped by hand
    wide: bool  # blank and yet seen, as the indent of a Japanese paragraph is


# Paragraphs of the body, or of what surrounds it, and a note that says which and how much.
Block = tuple[str, list[Paragraph]]


class Column(NamedTuple):
    """One article, and its copies under it."""

    summary: ArticleSummary
    source: Source
    blocks: list[Block]
    copies: list[Column]


def columns(
    report: DiffReport, sources: Sequence[Source], marks: Mapping[str, Sequence[Mark]]
) -> list[Column]:
    """Return the articles in the order of the view's sources, each with its copies and marks."""
    accents = {
        fact.id: Status.UNIQUE.value
        for fact in report.facts
        if fact.status is Status.UNIQUE and fact.uniqueness is not Uniqueness.DISPUTED
    }
    accents |= {conflict.id: CONFLICT for conflict in report.conflicts}
    copies: defaultdict[str, list[Column]] = defaultdict(list)
    kept: list[Column] = []
    for summary, source in zip(with_copies(report.articles), sources, strict=True):
        article, same = summary.article, summary.same_as
        rests = [(span, "") for each in summary.sentences for span in each.evidence]
        marked = [*marks.get(article.id, ()), *rests]
        blocks = text_blocks(article, marked, summary.uncited, accents)
        (copies[same.id] if same else kept).append(
            Column(summary, source, blocks, copies[article.id])
        )
    return kept


def text_blocks(
    article: Article, marks: Sequence[Mark], uncited: Sequence[Span], accents: Mapping[str, str]
) -> list[Block]:
    """Return the whole text of an article, what is not the article in blocks of their own."""
    parts = [(note, list(_line_spans(article, part))) for part, note in _text_parts(article)]
    edges = {edge for _, lines in parts for line in lines for edge in (line.start, line.end)}
    pieces = deque(_cut_pieces(article, marks, uncited, accents, edges))
    # Only where blank lines part the paragraphs may a single line end mean less.
    spaced = bool(_BLANK_LINE.search(article.text))

    def paragraph(line: Span) -> Paragraph:
        within = []
        while pieces and pieces[0].start < line.end:
            within.append(pieces.popleft())
        return _make_paragraph(article, line, within, spaced=spaced)

    return [(note, list(map(paragraph, lines))) for note, lines in parts]


def _text_parts(article: Article) -> Iterator[tuple[Span, str]]:
    """Yield the spans of the body and those around them, with what is to be said of these."""
    spaced, at, end = is_spaced(article), 0, len(article.text)
    for span in (*article.body, Span(end, end)):
        if at < span.start:
            around = Span(at, span.start)
            words = around.of(article.text).split()
            yield around, f"Not the article: {length(words, spaced=spaced)}" if words else ""
        if len(span):
            yield span, ""
        at = span.end


def _line_spans(article: Article, part: Span) -> Iterator[Span]:
    """Yield the paragraphs of a part of the text, without a gap."""
    text, end = part.of(article.text), 0
    # White space alone would be searched through once for each of its characters.
    for line in _PARAGRAPH.finditer(text) if text.strip() else ():
        end = line.end()
        yield Span(part.start + line.start(), part.start + end)
    if end < len(text):
        yield Span(part.start + end, part.end)


def _cut_pieces(
    article: Article,
    marks: Sequence[Mark],
    uncited: Sequence[Span],
    accents: Mapping[str, str],
    edges: set[int],
) -> Iterator[Piece]:
    """Yield the text cut at the edges, and where something begins or ceases to rest on it."""
    begin: defaultdict[int, list[str]] = defaultdict(list)
    cease: defaultdict[int, list[str]] = defaultdict(list)
    for span, name in marks:
        if len(span):
            begin[span.start].append(name)
            cease[span.end].append(name)
    omitted = Stretches(uncited)
    around = {edge for span in uncited if len(span) for edge in (span.start, span.end)}
    # Counted, for a fact may rest twice on the same words; and kept in order of beginning.
    active: Counter[str] = Counter()
    for start, end in pairwise(sorted({*edges, *begin, *cease, *around})):
        active.subtract(cease[start])
        active = +active
        active.update(begin[start])
        rests = tuple(name for name in active if name)
        painted = {accents.get(name) for name in rests}
        unused = "uncited" if omitted.covered(Span(start, end)) else ""
        accent = next((each for each in (CONFLICT, "unique") if each in painted), unused)
        target = f"{article.id}-{start}" if begin[start] else ""
        yield Piece(start, in_place(article.text[start:end]), target, rests, accent)


def _make_paragraph(
    article: Article, line: Span, pieces: list[Piece], *, spaced: bool
) -> Paragraph:
    text = line.of(article.text).rstrip()
    # A body span ends with its words: what parts it from the next one lies between them.
    after = _SPACE.match(article.text, line.start + len(text))
    parted = after is None or _BLANK_LINE.search(after[0]) is not None
    return Paragraph(
        pieces,
        blank=not text,
        tight=spaced and not parted and len(text) <= HARD_WRAP,
        wide=not text and bool(line.of(article.text).strip(_COLLAPSED)),
    )


def differing(mention: Mention | Detail, value: str) -> tuple[Span, ...]:
    """Return what differs in a passage: the value, or all of it where that is in other words."""
    for span in mention.evidence:
        at = span.of(mention.article.text).find(value) if value else -1
        if at >= 0:
            return (Span(span.start + at, span.start + at + len(value)),)
    return mention.evidence
