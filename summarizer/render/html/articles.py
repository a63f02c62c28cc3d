"""Whole articles for a page, side by side, their text cut where a highlight begins or ends.

All the text of an article is there, in its order: what is joined from the paragraphs is the
article's text, character by character (see ``safe.in_place`` for the few that would act).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from summarizer.render.html.cards import Group, Outlets, address, language, target
from summarizer.report.outlets import Source, is_spaced, length, with_copies
from summarizer.report.parts import View
from summarizer.report.safe import in_place, one_line, shortened
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

_COLLAPSED = " \t\r\n\f"
"""White space that a browser makes one blank of, and at the end of a line none."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\r?\n")

HARD_WRAP = 100
"""Characters of the longest line that an editor of plain text wrapped by hand."""

_PRECEDENCE = ("conflict", "unique")
"""What a passage is painted as on which things of several kinds rest: the most particular.
What several outlets report is not painted: colour says what is worth a look."""

TITLE_CHARACTERS = 300
"""The longest title of an article; the whole one stands in its text."""

CONFLICT = "conflict"
"""The accent of what rests on a conflict; a unique fact has its status, others have none."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage, and the id of the fact or conflict that rests on it.

    An empty ``rests`` marks a passage that is only pointed at.
    """

    span: Span
    rests: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text on all of which the same things rest.

    ``target`` says that a passage begins here, so that a link can lead to it.
    """

    span: Span
    rests: tuple[str, ...] = ()
    uncited: bool = False
    target: bool = False


def segments(
    within: Span, marks: Iterable[Mark], uncited: Sequence[Span] = ()
) -> tuple[Segment, ...]:
    """Return ``within`` cut into segments: disjoint, in order, without a gap between them.

    Marks may reach beyond ``within``; what is outside is left to its own segments.
    """
    kept = [mark for mark in marks if mark.span.overlap(within)]
    omitted = [span for span in uncited if span.overlap(within)]
    return tuple(_cut(within, kept, omitted)) if len(within) else ()


def _cut(within: Span, marks: Sequence[Mark], uncited: Sequence[Span]) -> Iterator[Segment]:
    begin: dict[int, list[Mark]] = defaultdict(list)
    cease: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        begin[max(mark.span.start, within.start)].append(mark)
        cease[min(mark.span.end, within.end)].append(mark)
    omitted = _edges(within, uncited)
    cuts = sorted({within.start, within.end, *begin, *cease, *omitted})
    # Counted, for a fact may rest twice on the same words; and kept in order of beginning.
    active: dict[str, int] = {}
    depth = 0
    for start, end in pairwise(cuts):
        for mark in cease[start]:
            active[mark.rests] -= 1
            if not active[mark.rests]:
                del active[mark.rests]
        for mark in begin[start]:
            active[mark.rests] = active.get(mark.rests, 0) + 1
        depth += omitted.get(start, 0)
        rests = tuple(name for name in active if name)
        target = any(mark.span.start == start for mark in begin[start])
        yield Segment(Span(start, end), rests, uncited=depth > 0, target=target)


def _edges(within: Span, spans: Sequence[Span]) -> dict[int, int]:
    """Return where more or fewer of ``spans`` cover the text, and how many more or fewer."""
    edges: dict[int, int] = defaultdict(int)
    for span in spans:
        edges[max(span.start, within.start)] += 1
        edges[min(span.end, within.end)] -= 1
    return edges


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment as the page writes it; ``href`` is the first of what ``rests`` on it, if a link."""

    text: str
    id: str = ""
    href: str = ""
    rests: str = ""
    accent: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text; white space alone is ``blank`` and stands between paragraphs.

    ``tight`` says that the next line belongs to it, as in a text that was wrapped by hand; ``wide``
    that it is blank and would yet be seen, as the indent of a Japanese paragraph is.
    """

    pieces: tuple[Piece, ...]
    blank: bool
    tight: bool
    wide: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs of the body, or of what surrounds it; ``note`` says which and how much."""

    paragraphs: tuple[Paragraph, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """What is to be marked in one article, and the accent of each fact and conflict."""

    marks: Sequence[Mark]
    uncited: Sequence[Span]
    accents: Mapping[str, str]


def blocks(article: Article, marked: Marked) -> tuple[Block, ...]:
    """Return the whole text of ``article``, what is not the article in blocks of their own."""
    return tuple(_blocks(article, marked))


def _blocks(article: Article, marked: Marked) -> Iterator[Block]:
    whole = Span(0, len(article.text))
    writer = _Writer(article, segments(whole, marked.marks, marked.uncited), marked.accents)
    spaced = is_spaced(article)
    at = 0
    for span in (*article.body, Span(whole.end, whole.end)):
        if at < span.start:
            around = Span(at, span.start)
            words = around.of(article.text).split()
            note = f"Not the article: {length(words, spaced=spaced)}" if words else ""
            yield Block(writer.paragraphs(around), note)
        if len(span):
            yield Block(writer.paragraphs(span))
        at = span.end


class _Writer:
    """Writes an article's segments line by line, from its beginning to its end."""

    def __init__(
        self, article: Article, cut: Sequence[Segment], accents: Mapping[str, str]
    ) -> None:
        self._article = article
        self._cut = cut
        self._accents = accents
        self._at = 0
        # Only where blank lines part the paragraphs may a single line end mean less.
        self._spaced = bool(_BLANK_LINE.search(article.text))

    def paragraphs(self, within: Span) -> tuple[Paragraph, ...]:
        text = within.of(self._article.text)
        return tuple(self._paragraph(line) for line in _lines(text, within.start))

    def _paragraph(self, line: Span) -> Paragraph:
        pieces = []
        while self._at < len(self._cut) and self._cut[self._at].span.start < line.end:
            segment = self._cut[self._at]
            pieces.append(_piece(self._article, segment, line, self._accents))
            if segment.span.end > line.end:
                break
            self._at += 1
        text = line.of(self._article.text).rstrip()
        # A body span ends with its words: what parts it from the next one lies between them.
        after = _SPACE.match(self._article.text, line.start + len(text))
        parted = after is None or _BLANK_LINE.search(after[0]) is not None
        wrapped = self._spaced and not parted and len(text) <= HARD_WRAP
        return Paragraph(
            tuple(pieces),
            blank=not text,
            tight=wrapped,
            wide=not text and bool(line.of(self._article.text).strip(_COLLAPSED)),
        )


def _lines(text: str, start: int) -> Iterator[Span]:
    """Yield the paragraphs of ``text``, which begins at ``start``, without a gap."""
    end = 0
    # White space alone would be searched through once for each of its characters.
    for found in _PARAGRAPH.finditer(text) if text.strip() else ():
        yield Span(start + found.start(), start + found.end())
        end = found.end()
    if end < len(text):
        yield Span(start + end, start + len(text))


def _piece(article: Article, segment: Segment, line: Span, accents: Mapping[str, str]) -> Piece:
    start, end = max(segment.span.start, line.start), min(segment.span.end, line.end)
    begins = segment.target and start == segment.span.start
    text = in_place(article.text[start:end])
    return Piece(
        text=text,
        id=target(article, start) if begins else "",
        # A link of white space alone would have no name.
        href=segment.rests[0] if segment.rests and text.strip() else "",
        rests=" ".join(segment.rests),
        accent=_accent(segment, accents),
    )


def _accent(segment: Segment, accents: Mapping[str, str]) -> str:
    found = {accents.get(name) for name in segment.rests}
    names = [name for name in _PRECEDENCE if name in found]
    return names[0] if names else "uncited" * segment.uncited


@dataclass(frozen=True, slots=True, kw_only=True)
class InShort:
    """A sentence of an article's summary and the passage that it rests on."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One article, and its copies under it."""

    id: str
    source: Source
    title: str
    mark: str
    byline: str
    published: str
    address: str
    language: str
    sentences: tuple[InShort, ...]
    blocks: tuple[Block, ...]
    warnings: tuple[str, ...]
    sha256: str
    copies: tuple[Column, ...] = ()


class Columns:
    """Makes the columns of one report."""

    def __init__(self, report: DiffReport, groups: Sequence[Group], outlets: Outlets) -> None:
        self._outlets = outlets
        self._marks = _marks(report, groups)
        self._accents = {
            fact.id: Status.UNIQUE.value
            for fact in report.facts
            if fact.status is Status.UNIQUE and fact.uniqueness is not Uniqueness.DISPUTED
        }
        self._accents |= {conflict.id: CONFLICT for conflict in report.conflicts}

    def all(self, report: DiffReport, shown: View) -> tuple[Column, ...]:
        """Return the articles in the order of the view, each with its copies."""
        pairs = list(zip(with_copies(report.articles), shown.sources, strict=True))
        copies: defaultdict[str, list[Column]] = defaultdict(list)
        for summary, source in pairs:
            if summary.same_as:
                copies[summary.same_as.id].append(self._column(summary, source))
        return tuple(
            replace(self._column(summary, source), copies=tuple(copies[summary.article.id]))
            for summary, source in pairs
            if not summary.same_as
        )

    def _column(self, summary: ArticleSummary, source: Source) -> Column:
        article = summary.article
        rests = [Mark(span) for each in summary.sentences for span in each.evidence]
        marked = Marked([*self._marks[article.id], *rests], summary.uncited, self._accents)
        return Column(
            id=article.id,
            source=source,
            title=shortened(source.title, TITLE_CHARACTERS),
            mark="" if summary.same_as else self._outlets.of(article).mark,
            byline=one_line(article.byline or ""),
            published=article.published.isoformat() if article.published else "",
            address=address(article),
            language=language(article),
            sentences=tuple(_in_short(summary)),
            blocks=blocks(article, marked),
            warnings=tuple(one_line(warning) for warning in article.warnings),
            sha256=article.sha256,
        )


def _in_short(summary: ArticleSummary) -> Iterator[InShort]:
    for sentence in summary.sentences:
        yield InShort(
            text=one_line(sentence.text),
            href=target(summary.article, sentence.evidence[0].start) if sentence.evidence else "",
        )


def _marks(report: DiffReport, groups: Sequence[Group]) -> defaultdict[str, list[Mark]]:
    """Return every passage that something rests on or that a link leads to, by article."""
    found: defaultdict[str, list[Mark]] = defaultdict(list)
    shown = {card.line.id for group in groups for card in group.cards}
    for fact in (fact for fact in report.facts if fact.id in shown):
        for mention in fact.mentions:
            found[mention.article.id] += [Mark(span, fact.id) for span in mention.evidence]
        for detail in fact.details:
            found[detail.article.id] += [Mark(span, fact.id) for span in detail.evidence]
    for conflict in report.conflicts:
        for position in conflict.positions:
            for mention in position.mentions:
                spans = differing(mention, position.value)
                # What differs is marked; a link leads to where its passage begins.
                found[mention.article.id] += [Mark(span, conflict.id) for span in spans]
                found[mention.article.id] += map(Mark, mention.evidence)
    for card in (card for group in groups for card in group.cards):
        for near in card.near:
            found[near.article].append(Mark(near.span))
    return found


def differing(mention: Mention | Detail, value: str) -> tuple[Span, ...]:
    """Return what differs in a passage: the value, or all of it where that is in other words."""
    for span in mention.evidence:
        at = span.of(mention.article.text).find(value) if value else -1
        if at >= 0:
            return (Span(span.start + at, span.start + at + len(value)),)
    return mention.evidence
