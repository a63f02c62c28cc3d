"""What a reader is shown of a report, whatever it is shown on.

Every renderer for people lays out the same view: the same order, the same limits, the same
quotes. All text in it is on one line and harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from summarizer.compare.salience import Passages
from summarizer.report import quotes
from summarizer.report.notes import notes, warnings
from summarizer.report.quotes import Quote
from summarizer.report.safe import one_line
from summarizer.report.sources import Source, common_folder, plural, source, with_copies
from summarizer.types import (
    ArticleSummary,
    Conflict,
    DiffReport,
    Fact,
    Position,
    Status,
    Uniqueness,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many lines a section shows, most salient first; None shows all."""

    section: int | None = 8
    """Facts that all or several report: what a screen of 50 lines holds with the rest."""
    outlet: int | None = 5
    """Facts of one outlet only; there is one such section for each outlet."""
    conflicts: int | None = 8
    """Conflicts."""


SALIENT = Limits()
EVERYTHING = Limits(section=None, outlet=None, conflicts=None)

SAID_AGAIN = 0.6
"""The share of a fact's passages from which it repeats those shown above it: a sentence that
several outlets have may stand in many groups, and a reader wants each of them told once."""

_SURENESS = {Uniqueness.CONFIRMED: 0, Uniqueness.UNCHECKED: 1, Uniqueness.DISPUTED: 2}
_ALL = {1: "The only outlet reports", 2: "Both report"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact: who reports it, in whose words, and what speaks against it."""

    text: str
    outlets: tuple[str, ...]
    id: str = ""
    """The id of the fact; a sentence of a summary has none."""
    quote: Quote | None = None
    remark: str = ""
    disputed: bool = False
    nearest: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, its lines, and how many more there are."""

    title: str
    lines: tuple[Line, ...]
    hidden: int
    outlet: str = ""
    empty: str = ""

    @property
    def total(self) -> int:
        """Lines shown and not shown."""
        return len(self.lines) + self.hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One position of a conflict."""

    value: str
    outlets: tuple[str, ...]
    quote: Quote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A conflict."""

    topic: str
    kind: str
    sides: tuple[Side, ...]
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The summary of one article."""

    source: Source
    sentences: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole report, in the order it is read."""

    headline: str
    subtitle: str
    outlets: tuple[str, ...]
    sources: tuple[Source, ...]
    summaries: tuple[Summary, ...]
    consensus: Section
    shared: Section | None
    unique: tuple[Section, ...]
    conflicts: tuple[Dispute, ...]
    hidden_conflicts: int
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def view(report: DiffReport, limits: Limits = SALIENT) -> View:
    """Return what is to be shown of ``report``."""
    outlets = _outlets(report.articles)
    kept, hidden = _first(report.conflicts, limits.conflicts)
    folder = common_folder([each.article.source for each in report.articles])
    return View(
        headline=one_line(report.headline),
        subtitle=_subtitle(report, len(outlets)),
        outlets=outlets,
        sources=tuple(source(summary, folder) for summary in with_copies(report.articles)),
        summaries=tuple(
            _summary(summary, folder) for summary in report.articles if not summary.same_as
        ),
        consensus=_consensus(report, len(outlets), limits),
        shared=_shared(report, len(outlets), limits),
        unique=tuple(_unique(report, outlet, limits) for outlet in outlets),
        conflicts=tuple(_dispute(conflict) for conflict in kept),
        hidden_conflicts=hidden,
        warnings=warnings(report),
        notes=notes(report),
    )


def _outlets(articles: Iterable[ArticleSummary]) -> tuple[str, ...]:
    """Outlets with an article of their own; a folded copy adds none."""
    names = [one_line(each.article.outlet) for each in articles if each.same_as is None]
    return tuple(dict.fromkeys(names))


def _subtitle(report: DiffReport, outlets: int) -> str:
    parts = [plural(outlets, "outlet"), plural(len(report.articles), "article")]
    days = sorted({each.article.published for each in report.articles if each.article.published})
    if days:
        first, last = days[0].isoformat(), days[-1].isoformat()
        parts.append(first if first == last else f"{first} to {last}")
    return " · ".join(parts)


def _summary(summary: ArticleSummary, folder: str) -> Summary:
    article = summary.article
    lines = []
    for sentence in summary.sentences:
        text = one_line(sentence.text)
        quote = quotes.adding(text, [(article, sentence.evidence)])
        lines.append(Line(text=text, outlets=(one_line(article.outlet),), quote=quote))
    return Summary(source=source(summary, folder), sentences=tuple(lines))


def _consensus(report: DiffReport, outlets: int, limits: Limits) -> Section:
    consensus = report.with_status(Status.CONSENSUS)
    facts, hidden = _news(consensus, limits.section)
    # An outlet that reports another event is not counted among all.
    most = max((len(fact.outlets) for fact in consensus), default=outlets)
    outlets = min(outlets, most)
    title = _ALL.get(outlets, f"All {outlets} report")
    lines = tuple(_line(fact, report.conflicts) for fact in facts)
    return Section(title=title, lines=lines, hidden=hidden, empty="Nothing that was found.")


def _shared(report: DiffReport, outlets: int, limits: Limits) -> Section | None:
    """Two outlets have nothing between all and one."""
    facts, hidden = _news(report.with_status(Status.SHARED), limits.section)
    if outlets <= 2 and not facts:
        return None
    lines = tuple(_line(fact, report.conflicts) for fact in facts)
    empty = "Nothing that was found."
    return Section(title="Several report", lines=lines, hidden=hidden, empty=empty)


def _unique(report: DiffReport, outlet: str, limits: Limits) -> Section:
    mine = [
        fact
        for fact in report.with_status(Status.UNIQUE)
        if outlet in {one_line(name) for name in fact.outlets}
    ]
    # The sort is stable: most salient first within what is equally sure.
    mine.sort(key=lambda fact: _SURENESS.get(fact.uniqueness or Uniqueness.UNCHECKED, 1))
    facts, hidden = _first(mine, limits.outlet)
    return Section(
        title=f"Only in {outlet}{_also(report, outlet)}",
        lines=tuple(_line(fact, report.conflicts) for fact in facts),
        hidden=hidden,
        outlet=outlet,
        empty="Nothing that the others do not report.",
    )


def _also(report: DiffReport, outlet: str) -> str:
    """Return who else printed the outlet's article: its facts are in those papers too."""
    copies = {
        one_line(each.article.outlet)
        for each in report.articles
        if each.same_as and one_line(each.same_as.outlet) == outlet
    }
    others = ", ".join(sorted(copies - {outlet}))
    return f" and its copy in {others}" if others else ""


def _first(items: Sequence[T], limit: int | None) -> tuple[Sequence[T], int]:
    kept = items if limit is None else items[:limit]
    return kept, len(items) - len(kept)


def _news(facts: Sequence[Fact], limit: int | None) -> tuple[Sequence[Fact], int]:
    """Return the first facts that do not say again what one before them said."""
    if limit is None:
        return facts, 0
    told, kept = Passages(), []
    for fact in facts:
        if told.share(fact) < SAID_AGAIN:
            kept.append(fact)
            told.add(fact)
    return kept[:limit], len(facts) - len(kept[:limit])


def _line(fact: Fact, conflicts: Sequence[Conflict]) -> Line:
    text = _attributed(fact)
    disputed = fact.uniqueness is Uniqueness.DISPUTED
    sources = [(mention.article, mention.evidence) for mention in fact.mentions]
    return Line(
        text=text,
        outlets=tuple(one_line(name) for name in fact.outlets),
        id=fact.id,
        quote=quotes.adding(text, sources),
        remark=_remark(fact, conflicts),
        disputed=disputed,
        nearest=quotes.nearest(fact.checks) if disputed else None,
    )


def _attributed(fact: Fact) -> str:
    """Return what a fact says, and who says it where a model took that out of the wording."""
    text = quotes.as_sentence(one_line(fact.text), goes_on=_goes_on(fact))
    for mention in fact.mentions:
        told = one_line(" ".join(span.of(mention.article.text) for span in mention.evidence))
        speaker = one_line(mention.speaker or "")
        if mention.wording != fact.text or not speaker or one_line(fact.text) in told:
            continue
        if speaker.lower() not in text.lower():
            return quotes.as_sentence(f"{text.rstrip('.')}, according to {speaker}")
    return text


def _goes_on(fact: Fact) -> bool:
    """Return whether a fact is a piece of an article whose line goes on after it."""
    for mention in fact.mentions:
        if mention.wording == fact.text and len(mention.evidence) == 1:
            text, span = mention.article.text, mention.evidence[0]
            after = text[span.end : span.end + 1]
            return span.of(text) == fact.text and bool(after) and after not in "\r\n"
    return False


def _remark(fact: Fact, conflicts: Sequence[Conflict]) -> str:
    if fact.status is Status.UNIQUE:
        return "unchecked" if fact.uniqueness is Uniqueness.UNCHECKED else ""
    remarks = []
    if 0 < fact.origins < len(fact.outlets):
        remarks.append(plural(fact.origins, "independent origin"))
    if any(_differ(fact, conflict) for conflict in conflicts):
        remarks.append("they differ: see conflicts")
    return "; ".join(remarks)


def _differ(fact: Fact, conflict: Conflict) -> bool:
    """Return whether outlets that report a fact take different positions in it."""
    sides = {
        position.value
        for position in conflict.positions
        for theirs in position.mentions
        for ours in fact.mentions
        if theirs.article.id == ours.article.id
        and any(a.overlap(b) for a in theirs.evidence for b in ours.evidence)
    }
    return len(sides) > 1


def _dispute(conflict: Conflict) -> Dispute:
    return Dispute(
        topic=one_line(conflict.topic),
        kind=conflict.kind.value,
        sides=tuple(_side(position) for position in conflict.positions),
        id=conflict.id,
    )


def _side(position: Position) -> Side:
    return Side(
        value=one_line(position.value),
        outlets=tuple(one_line(name) for name in position.outlets),
        quote=quotes.holding(position.value, position.mentions),
    )
