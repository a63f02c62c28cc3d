"""What people are shown of a report, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from summarizer.compare.salience import ToldPassages
from summarizer.report.lines import Lines, Unread, attributed, lede
from summarizer.report.outlets import Names, common_folder, source, with_copies
from summarizer.report.parts import Line, Section, Summary, View
from summarizer.report.safe import one_line
from summarizer.report.tables import changes, tables
from summarizer.report.wording import plural
from summarizer.text.clauses import stands_alone
from summarizer.types import (
    ArticleSummary,
    DiffReport,
    Fact,
    OriginKind,
    ReadShare,
    Rejected,
    RejectReason,
    Status,
    Uniqueness,
    Usage,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter

WARNINGS_SHOWN = 5
"""Warnings printed in full; the HTML and the JSON report hold all of them."""

WORTH_SAYING = 0.01
"""Share of a body that must be uncited before the omission is mentioned."""

REASONS = {
    RejectReason.UNGROUNDED: "not found in the article",
    RejectReason.UNSUPPORTED: "not supported by the article",
    RejectReason.INJECTION: "addressed to a machine",
}
"""Why a statement was left out, in words."""

T = TypeVar("T")

NOTHING = "Nothing that the others do not report."

LEANING = "Nothing that can be read without the article around it."
"""Said where every line of a section is for readers who ask for everything."""

NOTHING_SURE = "Nothing for sure: what it perhaps reports alone stands further down."
"""Said of an outlet without a fact that surely is its own."""

COMPARE = "Another outlet may report it too, in other words: compare."
"""Said of what may be shared."""

REPEATED = 0.6
"""The share of a fact's passages from which it repeats those shown above it: a sentence that
several outlets have may stand in many groups, and a reader wants each of them once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many lines a section shows, most salient first; None shows all."""

    section: int | None = 8
    """Facts that all or several report: what a screen of 50 lines holds with the rest."""
    outlet: int | None = 5
    """Facts of one outlet only; there is one such section for each outlet."""
    conflicts: int | None = 8
    """Conflicts."""
    additions: int | None = 2
    """What single outlets add to one fact."""
    rows: int | None = 6
    """Rows of a table."""


SALIENT = Limits()
EVERYTHING = Limits(section=None, outlet=None, conflicts=None, additions=None, rows=None)


def view(report: DiffReport, limits: Limits = SALIENT) -> View:
    """Return what is to be shown of ``report``."""
    return _Viewer(report, limits).view()


def dump_view(shown: View) -> str:
    """Return a view as JSON, so that what is asked of it later needs no new run."""
    return _stored().dump_json(shown).decode()


def load_view(text: str) -> View:
    """Return the view that ``dump_view`` wrote."""
    return _stored().validate_json(text)


@cache
def _stored() -> TypeAdapter[View]:
    from pydantic import TypeAdapter

    return TypeAdapter(View)


class _Viewer:
    """Makes the view of one report."""

    def __init__(self, report: DiffReport, limits: Limits) -> None:
        self._report = report
        self._limits = limits
        self._names = Names(report)
        self._lines = Lines(report, self._names)
        self._folder = common_folder([each.article.source for each in report.articles])
        self._texts: set[str] = set()
        self._passages = ToldPassages()

    def view(self) -> View:
        report, names = self._report, self._names
        # What all report is chosen first: no line stands a second time further down.
        consensus, shared = self._consensus(), self._shared()
        unique = tuple(self._unique(outlet) for outlet in names.read)
        unsure = self._unsure()
        salient = sorted(report.conflicts, key=lambda each: -each.salience)
        kept, hidden = _first(salient, self._limits.conflicts)
        disputes = tuple(map(self._lines.dispute, kept))
        return View(
            headline=one_line(report.headline),
            subtitle=_subtitle(report, len(names.all)),
            outlets=names.all,
            sources=tuple(
                source(each, names, self._folder) for each in with_copies(report.articles)
            ),
            warnings=warnings(report),
            lede=lede(
                shared=[consensus, *([shared] if shared else [])],
                conflicts=disputes,
                unique=unique,
                unsure=unsure,
                unread=tuple(_unread(report, names)),
            )
            if report.facts or report.conflicts
            else (),
            summaries=tuple(map(self._summary, _kept(report.articles))),
            conflicts=disputes,
            hidden_conflicts=hidden,
            unique=unique,
            consensus=consensus,
            shared=shared,
            unsure=unsure,
            tables=(
                *tables(report, names, self._limits.rows),
                *changes(report, names, self._limits.rows),
            ),
            notes=notes(report, names),
        )

    def _summary(self, summary: ArticleSummary) -> Summary:
        article, lines = summary.article, []
        outlet = self._names.of(article.outlet)
        for sentence in summary.sentences:
            text = one_line(sentence.text)
            quote = self._lines.quotes.adding(text, [(article, sentence.evidence)])
            lines.append(Line(text=text, outlets=(outlet,), quote=quote))
        return Summary(source=source(summary, self._names, self._folder), sentences=tuple(lines))

    def _consensus(self) -> Section:
        facts = self._report.with_status(Status.CONSENSUS)
        # An outlet that reports another event is not counted among all.
        read = len(self._names.read)
        count = min(read, max((len(fact.outlets) for fact in facts), default=read))
        return self._section(_all(count, len(self._names.all)), facts)

    def _shared(self) -> Section | None:
        """Two outlets have nothing between all and one."""
        facts = self._report.with_status(Status.SHARED)
        return (
            self._section("Several report", facts) if facts or len(self._names.read) > 2 else None
        )

    def _section(self, title: str, facts: Sequence[Fact]) -> Section:
        new = list(self._news(facts))
        kept, hidden = self._placed(new, self._limits.section)
        if not kept:  # What several report is worth showing even where it leans on its context.
            kept, hidden = _first(new, self._limits.section)
        lines = tuple(self._lines.line(fact, self._limits.additions) for fact in kept)
        empty = "Nothing was found."
        return Section(title=title, lines=lines, hidden=hidden, empty=empty)

    def _unique(self, outlet: str) -> Section:
        mine = [
            fact
            for fact in self._report.with_status(Status.UNIQUE)
            if outlet in self._names.several(fact.outlets)
        ]
        sure = [fact for fact in mine if fact.uniqueness is not Uniqueness.DISPUTED]
        facts = list(filter(self._is_new, sure))
        # The sort is stable: most salient first within what is equally sure.
        facts.sort(key=lambda fact: fact.uniqueness is not Uniqueness.CONFIRMED)
        kept, hidden = self._placed(facts, self._limits.outlet)
        added = sum(
            self._names.of(detail.article.outlet) == outlet
            for fact in self._report.facts
            for detail in fact.details
        )
        also = "also " if facts else ""
        return Section(
            title=f"Only in {outlet}{self._copies(outlet)}",
            lines=tuple(self._lines.line(fact, self._limits.additions) for fact in kept),
            hidden=hidden,
            outlet=outlet,
            empty=LEANING if facts else _nothing(added > 0, len(mine) > len(sure)),
            note=f"It {also}adds {plural(added, 'detail')} to what others report." if added else "",
        )

    def _placed(self, facts: Sequence[Fact], limit: int | None) -> tuple[Sequence[Fact], int]:
        """Return the first facts that a reader can place, and how many more there are.

        Those of which nobody can tell whom they mean are for readers who ask for everything.
        """
        if limit is None:
            return facts, 0
        kept = [fact for fact in facts if _can_be_placed(fact)]
        return kept[:limit], len(facts) - len(kept[:limit])

    def _unsure(self) -> Section | None:
        """Return what is neither surely shared nor surely one outlet's alone, if anything."""
        unique = self._report.with_status(Status.UNIQUE)
        doubted = [fact for fact in unique if fact.uniqueness is Uniqueness.DISPUTED]
        if not doubted:
            return None
        section = self._section("Perhaps only one reports", doubted)
        return replace(section, note=COMPARE, unsure=True)

    def _copies(self, outlet: str) -> str:
        """Return who else printed the outlet's article: its facts are in those papers too."""
        copies = {
            self._names.of(each.article.outlet)
            for each in self._report.articles
            if each.same_as and self._names.of(each.same_as.outlet) == outlet
        }
        others = ", ".join(sorted(copies - {outlet}))
        return f" and its copy in {others}" if others else ""

    def _news(self, facts: Sequence[Fact]) -> Iterator[Fact]:
        """Yield the facts that do not repeat one shown before.

        Where everything is wanted, only lines in the very same words are left out.
        """
        limited = self._limits.section is not None
        for fact in facts:
            if not self._is_new(fact) or (limited and self._passages.share(fact) >= REPEATED):
                continue
            self._passages.add(fact)
            yield fact

    def _is_new(self, fact: Fact) -> bool:
        """Return whether no line in the same words was asked for before."""
        key = one_line(fact.text).casefold().rstrip(".")
        known = key in self._texts
        self._texts.add(key)
        return not known


def _nothing(adds: bool, doubted: bool) -> str:
    """Return what to say of an outlet that surely reports nothing alone."""
    if adds:
        return ""
    return NOTHING_SURE if doubted else NOTHING


def _all(count: int, outlets: int) -> str:
    """Return who "all" are: those that were read."""
    if count == 1:
        return "The only outlet reports"
    if count == 2 == outlets:
        return "Both report"
    return f"All {count} report"


def _unread(report: DiffReport, names: Names) -> Iterator[Unread]:
    reasons = {each.article.id: each.message for each in report.failures if each.article}
    for each in report.articles:
        if each.read is ReadShare.NOT and not each.same_as:
            reason = one_line(reasons.get(each.article.id, "")).rstrip(".")
            yield Unread(outlet=names.of(each.article.outlet), reason=reason)


def _kept(articles: Sequence[ArticleSummary]) -> list[ArticleSummary]:
    return [each for each in articles if each.same_as is None]


def _subtitle(report: DiffReport, outlets: int) -> str:
    parts = [plural(outlets, "outlet"), plural(len(report.articles), "article")]
    days = sorted({each.article.published for each in report.articles if each.article.published})
    if days:
        first, last = days[0].isoformat(), days[-1].isoformat()
        parts.append(first if first == last else f"{first} to {last}")
    return " · ".join(parts)


def _can_be_placed(fact: Fact) -> bool:
    return stands_alone(attributed(fact))


def _first(items: Sequence[T], limit: int | None) -> tuple[Sequence[T], int]:
    kept = items if limit is None else items[:limit]
    return kept, len(items) - len(kept)


def warnings(report: DiffReport) -> tuple[str, ...]:
    """Return what must be known before the report is read, each a line."""
    lines = [f"Warning: {one_line(warning)}" for warning in report.warnings[:WARNINGS_SHOWN]]
    if (more := len(report.warnings) - WARNINGS_SHOWN) > 0:
        lines.append(f"Warning: and {more} more.")
    return tuple(lines)


def notes(report: DiffReport, names: Names) -> tuple[str, ...]:
    """Return what stands under the report, each a line."""
    left_out = [agency(report, names), _rejected(report.rejected), uncited(report.articles)]
    return tuple(line for line in [*left_out, made(report)] if line)


def agency(report: DiffReport, names: Names) -> str:
    """Say how many passages several outlets print word for word; nothing where none do."""
    wires = [origin for origin in report.origins if origin.kind is OriginKind.WIRE_COPY]
    passages = sum(len(origin.passages) for origin in wires)
    if not passages:
        return ""
    outlets = {names.of(article.outlet) for origin in wires for article in origin.articles}
    what = "passage is" if passages == 1 else "passages are"
    return f"{passages} {what} word for word the same in {', '.join(sorted(outlets))}."


def _rejected(rejected: Sequence[Rejected]) -> str:
    if not rejected:
        return ""
    reasons = Counter(REASONS[each.reason] for each in rejected)
    detail = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    return f"Statements left out: {detail}."


def uncited(articles: Sequence[ArticleSummary]) -> str:
    """Say how much of the articles no line above comes from: an omission of ours."""
    kept = [summary for summary in articles if summary.same_as is None]
    whole = sum(len(span) for summary in kept for span in summary.article.body)
    omitted = sum(len(span) for summary in kept for span in summary.uncited)
    if not whole or omitted / whole < WORTH_SAYING:
        return ""
    return f"Not used: {omitted / whole:.0%} of the articles' text gave no fact."


def made(report: DiffReport) -> str:
    """Say who made the report, and what it took."""
    made = report.generated
    engine = f"{made.engine} ({made.model})" if made.model else made.engine
    parts = [f"{engine} engine, {made.judge} judge", *_spent(report.usage)]
    return f"Made by summarizer {made.version}: {', '.join(parts)}."


def _spent(usage: Usage) -> list[str]:
    parts = []
    if usage.calls:
        parts.append(f"{usage.calls} calls ({usage.cached_calls} cached)")
        parts.append(f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out")
        cost = "cost unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
        parts.append(cost)
    parts.append(f"{usage.seconds:.1f} s")
    return parts
