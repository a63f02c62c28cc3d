"""Articles as a page shows them: side by side, whole, with what rests on each passage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer.render.html.bodies import Block, Marked, blocks, target
from summarizer.render.html.cards import Group
from summarizer.render.html.outlets import Outlets, address, language
from summarizer.render.html.segments import Mark
from summarizer.render.safe import one_line
from summarizer.render.view import Source, View, with_copies
from summarizer.types import ArticleSummary, DiffReport, Span

CONFLICT = "conflict"
"""The accent of what rests on a conflict; a fact's accent is its status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InShort:
    """A sentence of an article's summary and the passage that it rests on."""

    text: str
    href: str
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One article. A copy has ``same_as``, the id of the article that it is a copy of."""

    id: str
    source: Source
    mark: str
    byline: str
    address: str
    language: str
    same_as: str
    sentences: tuple[InShort, ...]
    blocks: tuple[Block, ...]
    warnings: tuple[str, ...]
    sha256: str


def columns(
    report: DiffReport, shown: View, groups: Sequence[Group], outlets: Outlets
) -> Iterator[Column]:
    """Yield every article, each followed by its copies, as the view orders them."""
    marks = _marks(report, groups)
    accents = {fact.id: fact.status.value for fact in report.facts}
    accents |= {conflict.id: CONFLICT for conflict in report.conflicts}
    for summary, source in zip(with_copies(report.articles), shown.sources, strict=True):
        article = summary.article
        rests = [Mark(span) for each in summary.sentences for span in each.evidence]
        marked = Marked([*marks[article.id], *rests], summary.uncited, accents)
        yield Column(
            id=article.id,
            source=source,
            mark="" if summary.same_as else outlets.of(article).mark,
            byline=one_line(article.byline or ""),
            address=address(article),
            language=language(article),
            same_as=summary.same_as.id if summary.same_as else "",
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
            percent=round(sentence.probability * 100),
        )


def _marks(report: DiffReport, groups: Sequence[Group]) -> Mapping[str, list[Mark]]:
    """Return every passage that something rests on or that a link leads to, by article."""
    found: defaultdict[str, list[Mark]] = defaultdict(list)
    for fact in report.facts:
        for mention in fact.mentions:
            found[mention.article.id] += [Mark(span, fact.id) for span in mention.evidence]
    for conflict in report.conflicts:
        for mention in (each for position in conflict.positions for each in position.mentions):
            found[mention.article.id] += [Mark(span, conflict.id) for span in mention.evidence]
    for card in (card for group in groups for card in group.cards):
        for near in card.nearest:
            found[near.article].append(Mark(Span(near.start, near.end)))
    return found
