"""What people are shown of a report, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from summarizer.compare.salience import ToldPassages
from summarizer.report.lines import Lines, attributed, lede
from summarizer.report.outlets import Names, common_folder, source, with_copies
from summarizer.report.parts import Line, Section, Summary, View
from summarizer.report.tables import changes, tables
from summarizer.report.wording import one_line, plural
from summarizer.text.context import is_attributed, stands_alone
from summarizer.types import (
    ArticleSummary,
    ClaimKind,
    Conflict,
    ConflictKind,
    DiffReport,
    Fact,
    OriginKind,
    ReadShare,
    RejectReason,
    Status,
    Uniqueness,
)
from summarizer.usage import format_dollars

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

NOTHING = "Nothing that the others do not report."
NOTHING_SURE = "Nothing for sure: what it perhaps reports alone stands further down."
LEANING = "Nothing that can be read without the article around it."
"""Said of an outlet without a line that surely is its own, or with none that can be shown."""

COMPARE = "The checks do not tell whether another outlet reports these: compare."

ASIDE = frozenset({ConflictKind.WORDING, ConflictKind.ATTRIBUTION})
"""Conflicts of which strict editors took one in five for a difference worth a line."""

VALUES = frozenset({ConflictKind.NUMBER, ConflictKind.DATE})
"""Conflicts of two values for one thing."""

REPEATED = 0.6
"""The share of a fact's passages from which it repeats those shown above it: a sentence that
several outlets have may stand in many groups, and a reader wants each of them once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many lines are shown, most salient first; None shows all.

    ``section`` is for facts that all or several report (what a screen of 50 lines holds with the
    rest), ``outlet`` for those of one outlet, ``additions`` for what is added to one fact, and
    ``rows`` for each table.
    """

    section: int | None = 8
    outlet: int | None = 5
    conflicts: int | None = 8
    additions: int | None = 2
    rows: int | None = 6


SALIENT = Limits()
EVERYTHING = Limits(section=None, outlet=None, conflicts=None, additions=None, rows=None)


def view(report: DiffReport, limits: Limits = SALIENT) -> View:
    """Return what is to be shown of ``report``."""
    return _ViewMaker(report, limits).view()


def dump_view(shown: View) -> str:
    """Return a view as JSON, so that what is asked of it later needs no new run."""
    from pydantic import TypeAdapter

    return TypeAdapter(View).dump_json(shown).decode()


def load_view(text: str) -> View:
    """Return the view that ``dump_view`` wrote."""
    from pydantic import TypeAdapter

    return TypeAdapter(View).validate_json(text)


class _ViewMaker:
    """Makes the view of one report."""

    def __init__(self, report: DiffReport, limits: Limits) -> None:
        self._report, self._limits = report, limits
        self._names = Names(report)
        self._conflicts = _told_conflicts(report, limits)
        self._lines = Lines(report, self._names, self._conflicts)
        unique = report.with_status(Status.UNIQUE)
        self._unique = [fact for fact in unique if not _is_told_by_conflict(fact, report)]
        self._folder = common_folder([each.article.source for each in report.articles])
        self._texts: set[str] = set()
        self._passages = ToldPassages()

    def view(self) -> View:
        report, names, limits = self._report, self._names, self._limits
        # What all report is chosen first: no line stands a second time further down.
        consensus, shared = self._consensus_section(), self._shared_section()
        unique = tuple(map(self._unique_section, names.read))
        unsure = self._unsure_section()
        salient = self._conflicts[: limits.conflicts]
        shown = View(
            headline=one_line(report.headline),
            subtitle=_subtitle_line(report, len(names.all)),
            outlets=names.all,
            sources=tuple(
                source(each, names, self._folder) for each in with_copies(report.articles)
            ),
            warnings=_warning_lines(report),
            lede=(),
            summaries=tuple(map(self._make_summary, _kept_articles(report))),
            conflicts=tuple(map(self._lines.dispute, salient)),
            hidden_conflicts=len(report.conflicts) - len(salient),
            unique=unique,
            consensus=consensus,
            shared=shared,
            unsure=unsure,
            tables=(*tables(report, names, limits.rows), *changes(report, names, limits.rows)),
            notes=_closing_notes(report, names),
        )
        if not (report.facts or report.conflicts):
            return shown
        facts, introduced = {fact.id: fact for fact in report.facts}, set[str]()

        def wording(fact: str) -> str | None:
            return self._lines.wording(facts[fact], introduced) if fact in facts else None

        return replace(shown, lede=lede(shown, _unread_outlets(report, names), wording))

    def _make_summary(self, summary: ArticleSummary) -> Summary:
        outlets, lines = (self._names.of(summary.article.outlet),), []
        for sentence in summary.sentences:
            text = one_line(sentence.text)
            cited = [(summary.article, span) for span in sentence.evidence]
            quote = self._lines.quotes.adding(text, cited)
            lines.append(Line(text=text, outlets=outlets, quote=quote))
        return Summary(source=source(summary, self._names, self._folder), sentences=tuple(lines))

    def _consensus_section(self) -> Section:
        facts = self._report.with_status(Status.CONSENSUS)
        # An outlet that reports another event is not counted among all.
        read = len(self._names.read)
        count = min(read, max((len(fact.outlets) for fact in facts), default=read))
        both = count == 2 == len(self._names.all)
        title = "Both report" if both else f"All {count} report"
        return self._make_section("The only outlet reports" if count == 1 else title, facts)

    def _shared_section(self) -> Section | None:
        facts = self._report.with_status(Status.SHARED)
        # Two outlets have nothing between all and one.
        several = facts or len(self._names.read) > 2
        return self._make_section("Several report", facts) if several else None

    def _unsure_section(self) -> Section | None:
        """Return what is neither surely shared nor surely one outlet's alone, if anything."""
        doubted = [fact for fact in self._unique if fact.uniqueness is Uniqueness.DISPUTED]
        if not doubted:
            return None
        section = self._make_section("Others may report it too", doubted)
        return replace(section, note=COMPARE, unsure=True) if section.total else None

    def _make_section(self, title: str, facts: Sequence[Fact]) -> Section:
        limit, new = self._limits.section, []
        for fact in filter(self._is_new, facts):
            # Where everything is wanted, only lines in the very same words are left out.
            if limit is None or self._passages.share(fact) < REPEATED:
                self._passages.add(fact)
                new.append(fact)
        lines, hidden = self._first_lines(new, limit, leaning=True)
        empty = LEANING if new else "Nothing was found for sure."
        return Section(title=title, lines=lines, hidden=hidden, empty=empty)

    def _unique_section(self, outlet: str) -> Section:
        names, report = self._names, self._report
        mine = [fact for fact in self._unique if outlet in names.several(fact.outlets)]
        sure = [fact for fact in mine if fact.uniqueness is not Uniqueness.DISPUTED]
        # The sort is stable: most salient first within what is equally sure.
        facts = list(filter(self._is_new, sure))
        facts.sort(key=lambda fact: fact.uniqueness is not Uniqueness.CONFIRMED)
        limit = self._limits.outlet
        lines, hidden = self._first_lines(facts, limit, leaning=False)
        details = [detail for fact in report.facts for detail in self._lines.additions(fact)]
        added = sum(names.of(detail.article.outlet) == outlet for detail in details)
        also = "also " if facts else ""
        nothing = NOTHING_SURE if len(mine) > len(sure) else NOTHING
        return Section(
            title=f"Only in {outlet}{self._copies_suffix(outlet)}",
            lines=lines,
            hidden=hidden,
            outlet=outlet,
            empty=LEANING if facts else "" if added else nothing,
            note=f"It {also}adds {plural(added, 'detail')} to what others report." if added else "",
        )

    def _first_lines(
        self, facts: Sequence[Fact], limit: int | None, *, leaning: bool
    ) -> tuple[tuple[Line, ...], int]:
        """Return the lines of the first facts that a reader can place, and how many more are.

        Those of which nobody can tell whom they mean are for readers who ask for everything.
        Where there is nothing else, ``leaning`` lets quotations stand whose speaker is named.
        """
        kept, introduced = list(facts), set[str]()
        if limit is not None:
            kept = self._placed(facts, limit, stands_alone)
            if leaning and not kept:
                kept = self._placed(facts, limit, is_attributed)
        lines = [self._lines.line(fact, self._limits.additions, introduced) for fact in kept]
        return tuple(lines), len(facts) - len(kept)

    def _placed(
        self, facts: Sequence[Fact], limit: int, may_stand: Callable[[str], bool]
    ) -> list[Fact]:
        """Return the first facts of which a reader can tell what and whom they mean."""
        kept, introduced = list[Fact](), set[str]()
        for fact in facts:
            if len(kept) == limit:
                break
            if fact.kind is not ClaimKind.SETTING and may_stand(attributed(fact)):
                named = set(introduced)
                wording = self._lines.wording(fact, named)
                if not self._lines.leaves_unknown(fact, wording, introduced):
                    kept.append(fact)
                    introduced = named
        return kept

    def _copies_suffix(self, outlet: str) -> str:
        """Return who else printed the outlet's article: its facts are in those papers too."""
        copies = {
            self._names.of(each.article.outlet)
            for each in self._report.articles
            if each.same_as and self._names.of(each.same_as.outlet) == outlet
        }
        others = ", ".join(sorted(copies - {outlet}))
        return f" and its copy in {others}" if others else ""

    def _is_new(self, fact: Fact) -> bool:
        """Return whether no line in the same words was asked for before."""
        key = one_line(fact.text).casefold().rstrip(".")
        known = key in self._texts
        self._texts.add(key)
        return not known


def _told_conflicts(report: DiffReport, limits: Limits) -> list[Conflict]:
    """Return the conflicts that are told, the most salient first.

    Of two answers that can both be true, of two wordings and of two sources, readers are told
    who ask for everything, behind those of which one must be wrong.
    """
    salient = sorted(report.conflicts, key=lambda each: (each.compatible, -each.salience))
    everything = limits.conflicts is None
    return [c for c in salient if everything or not (c.kind in ASIDE or c.compatible)]


def _is_told_by_conflict(fact: Fact, report: DiffReport) -> bool:
    """Return whether others report the thing too, with a figure or a day of their own."""
    differences = [check.judgement.difference for check in fact.checks]
    if VALUES.isdisjoint(each.kind for each in differences if each is not None):
        return False
    return any(
        mention.article.id == other.article.id and span.overlap(theirs)
        for mention in fact.mentions
        for span in mention.evidence
        for conflict in report.conflicts
        for position in conflict.positions
        for other in position.mentions
        for theirs in other.evidence
    )


def _unread_outlets(report: DiffReport, names: Names) -> list[str]:
    """Return the outlets whose articles gave nothing, each with the reason."""
    reasons = {each.article.id: each.message for each in report.failures if each.article}
    sentences = []
    for article in (each.article for each in _kept_articles(report) if each.read is ReadShare.NOT):
        reason = one_line(reasons.get(article.id, "")).rstrip(".")
        sentences.append(names.of(article.outlet) + (f" ({reason})." if reason else "."))
    return sentences


def _kept_articles(report: DiffReport) -> list[ArticleSummary]:
    return [each for each in report.articles if each.same_as is None]


def _subtitle_line(report: DiffReport, outlets: int) -> str:
    parts = [plural(outlets, "outlet"), plural(len(report.articles), "article")]
    days = sorted({each.article.published for each in report.articles if each.article.published})
    if days:
        parts.append(" to ".join(dict.fromkeys((days[0].isoformat(), days[-1].isoformat()))))
    return " · ".join(parts)


def _warning_lines(report: DiffReport) -> tuple[str, ...]:
    """Return what must be known before the report is read, each a line."""
    shown = list(map(one_line, report.warnings[:WARNINGS_SHOWN]))
    more = len(report.warnings) - len(shown)
    shown += [f"and {more} more."] if more else []
    return tuple(f"Warning: {each}" for each in shown)


def _closing_notes(report: DiffReport, names: Names) -> tuple[str, ...]:
    """Return what stands under the report, each a line."""
    reasons = Counter(REASONS[each.reason] for each in report.rejected)
    detail = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    left_out = f"Statements left out: {detail}." if detail else ""
    lines = agency(report, names), _unnamed(names), left_out, uncited(report), _made_by(report)
    return tuple(filter(None, lines))


def _unnamed(names: Names) -> str:
    """Say which outlets are called by their files, and how to name them; nothing where none is."""
    if not names.by_file:
        return ""
    outlets = "outlet" if len(names.by_file) == 1 else "outlets"
    listed = ", ".join(names.by_file)
    return f"No name was found for the {outlets} {listed}. Give names as in Gazette=FILE."


def agency(report: DiffReport, names: Names) -> str:
    """Say how many passages several outlets print word for word; nothing where none do."""
    wires = [origin for origin in report.origins if origin.kind is OriginKind.WIRE_COPY]
    passages = sum(len(origin.passages) for origin in wires)
    if not passages:
        return ""
    outlets = {names.of(article.outlet) for origin in wires for article in origin.articles}
    what = "passage is" if passages == 1 else "passages are"
    return f"{passages} {what} word for word the same in {', '.join(sorted(outlets))}."


def uncited(report: DiffReport) -> str:
    """Say how much of the articles no line above comes from: an omission of ours."""
    kept = _kept_articles(report)
    whole = sum(len(span) for summary in kept for span in summary.article.body)
    omitted = sum(len(span) for summary in kept for span in summary.uncited)
    if not whole or omitted / whole < WORTH_SAYING:
        return ""
    return f"Not used: {omitted / whole:.0%} of the articles' text gave no fact."


def _made_by(report: DiffReport) -> str:
    """Say who made the report, and what it took."""
    made, usage = report.generated, report.usage
    engine = f"{made.engine} ({made.model})" if made.model else made.engine
    parts = [f"{engine} engine, {made.judge} judge"]
    if usage.calls:
        parts.append(f"{usage.calls} calls ({usage.cached_calls} cached)")
        parts.append(f"{usage.input_tokens:,} tokens in, {usage.output_tokens:,} out")
        known = usage.cost_usd is not None
        parts.append(format_dollars(usage.cost_usd) if known else "cost unknown")
    return f"Made by summarizer {made.version}: {', '.join([*parts, f'{usage.seconds:.1f} s'])}."
