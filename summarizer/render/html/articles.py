"""Articles as a page shows them: side by side, whole, with what rests on each passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.render.html.bodies import Block, Marked, blocks, target
from summarizer.render.html.cards import Group
from summarizer.render.html.outlets import Outlets, address, language
from summarizer.render.html.segments import Mark
from summarizer.report.parts import View
from summarizer.report.safe import one_line, shortened
from summarizer.report.sources import Source, with_copies
from summarizer.types import ArticleSummary, Detail, DiffReport, Mention, Span, Status, Uniqueness

TITLE_CHARACTERS = 300
"""The longest title of an article; the whole one stands in its text."""

CONFLICT = "conflict"
"""The accent of what rests on a conflict; a unique fact has its status, others have none."""


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
