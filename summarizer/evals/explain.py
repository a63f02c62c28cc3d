"""What was expected of a case and what came, side by side, and what is shown of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from summarizer.evals import detection_metrics as detection
from summarizer.evals import wording_metrics as wording
from summarizer.evals.blocks import Block, Items, Row, Table, Text
from summarizer.evals.gate import falls_short
from summarizer.evals.labelled_report import LabelledFact, LabelledReport
from summarizer.evals.metrics import score
from summarizer.evals.pages import share, title
from summarizer.evals.types import Case, GoldConflict, GoldFact, Marks, Ratio
from summarizer.report.safe import one_line
from summarizer.types import Conflict, DiffReport, Fact, Status

if TYPE_CHECKING:
    from summarizer.llm.cache import Lookup

FACTS_SHOWN = 3
"""Facts of the report that are shown beside one label: what links wrongly links often."""
LISTED = 10
"""Lines of one list, the most salient first, unless everything is asked for."""
KEY_SHOWN = 12
"""Characters of a request's key that tell it from every other one, and fit a line."""

Faults = Mapping[str, tuple[str, ...]]
"""By metric what is not in order, one line a fault; a metric that lost nothing is left out."""


class Outcome(StrEnum):
    """What became of a labelled fact."""

    FOUND = "found"
    PARTLY = "partly"
    """Some of its outlets are linked, or more than report it."""
    WRONG = "wrong status"
    """Called unique though several report it, or shared though one does."""
    MISSED = "missed"


_WORST_FIRST = (Outcome.WRONG, Outcome.MISSED, Outcome.PARTLY, Outcome.FOUND)


@dataclass(frozen=True, slots=True)
class Expected:
    """A labelled fact, the report's facts that rest on its passages, and how well they do."""

    gold: GoldFact
    outcome: Outcome
    outlets: tuple[str, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A case beside its report.

    ``falsely_unique`` are the report's facts that it calls unique and several outlets
    report; ``unlabelled`` and ``unlabelled_conflicts`` are what no label says; ``conflicts``
    has each labelled conflict and whether the report has it; ``lookups`` are the requests
    behind the report.
    """

    case: Case
    report: DiffReport
    metrics: Mapping[str, Ratio]
    facts: tuple[Expected, ...]
    falsely_unique: tuple[Fact, ...]
    unlabelled: tuple[Fact, ...]
    conflicts: tuple[tuple[GoldConflict, bool], ...]
    unlabelled_conflicts: tuple[Conflict, ...]
    faults: Faults
    lookups: tuple[Lookup, ...] = ()


class Turn(NamedTuple):
    """A labelled fact that fares otherwise than in another run."""

    gold: GoldFact
    before: Outcome
    now: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is otherwise than in another run of the same case.

    ``metrics`` are those of the other run; ``lost`` and ``won`` are labelled facts that fare
    worse and better now.
    """

    metrics: Mapping[str, Ratio]
    lost: tuple[Turn, ...]
    won: tuple[Turn, ...]
    new_faults: Faults
    gone_faults: Faults


def explain(case: Case, report: DiffReport, lookups: Sequence[Lookup] = ()) -> Explanation:
    """Lay a report on a case's articles beside its labels, with the requests made for it."""
    labelled = LabelledReport(case, report)
    return Explanation(
        case=case,
        report=report,
        metrics=score(case, report),
        facts=tuple(_expect_fact(labelled, gold) for gold in case.facts),
        falsely_unique=tuple(
            each.fact
            for each in labelled.facts
            if each.is_unique and detection.is_falsely_unique(labelled, each)
        ),
        unlabelled=tuple(
            each.fact for each in labelled.facts if not any(m.rests for m in each.mentions)
        ),
        conflicts=tuple((gold, detection.is_reported(labelled, gold)) for gold in case.conflicts),
        unlabelled_conflicts=tuple(
            each for each in report.conflicts if not detection.is_labelled(labelled, each)
        ),
        faults=_faults(labelled),
        lookups=tuple(lookups),
    )


def changes(before: Explanation, now: Explanation) -> Changes:
    """Return what became of a case since it was run before."""
    pairs = zip(before.facts, now.facts, strict=True)
    turns = [Turn(then.gold, then.outcome, each.outcome) for then, each in pairs]
    order = list(Outcome).index
    return Changes(
        metrics=before.metrics,
        lost=tuple(turn for turn in turns if order(turn.now) > order(turn.before)),
        won=tuple(turn for turn in turns if order(turn.now) < order(turn.before)),
        new_faults=_faults_only_here(now.faults, before.faults),
        gone_faults=_faults_only_here(before.faults, now.faults),
    )


def _faults_only_here(here: Faults, there: Faults) -> Faults:
    return _without_empty(
        {
            metric: [text for text in texts if text not in there.get(metric, ())]
            for metric, texts in here.items()
        }
    )


def _without_empty(by_metric: Mapping[str, Iterable[str]]) -> Faults:
    every = {metric: tuple(dict.fromkeys(texts)) for metric, texts in by_metric.items()}
    return {metric: texts for metric, texts in every.items() if texts}


def _expect_fact(labelled: LabelledReport, gold: GoldFact) -> Expected:
    resting = {each.fact.id: each for each, _ in labelled.touching(gold)}
    outlets = tuple(sorted({labelled.outlets[label] for label in gold.support}))
    outcome = _fact_outcome(gold, frozenset(outlets), list(resting.values()))
    return Expected(gold, outcome, outlets, tuple(each.fact for each in resting.values()))


def _fact_outcome(
    gold: GoldFact, outlets: frozenset[str], facts: Sequence[LabelledFact]
) -> Outcome:
    if not facts:
        return Outcome.MISSED
    if any(each.outlets == outlets for each in facts):
        return Outcome.FOUND
    if gold.status is Status.UNIQUE or all(each.is_unique for each in facts):
        return Outcome.WRONG
    return Outcome.PARTLY


def _faults(labelled: LabelledReport) -> Faults:
    return _without_empty(
        {
            "line_precision": _false_lines(labelled),
            "detail_precision": (
                f"{labelled.outlets[detail.label]} is not alone with: {detail.text}"
                for detail, right in detection.details(labelled)
                if not right
            ),
            "quote_integrity": _unsound_pieces(wording.quotes(labelled)),
            "furniture_kept_out": _unsound_pieces(wording.outside_furniture(labelled)),
            "faithfulness": _unsound_pieces(wording.summary_sentences(labelled)),
            "attribution_kept": (
                f"{fact.id}: {fact.speaker} is not named: {fact.text}"
                for fact, kept in wording.speakers(labelled)
                if not kept
            ),
            "hedges_kept": (
                f"{fact.id}: {fact.hedge!r} is gone: {fact.text}"
                for fact, kept in wording.hedges(labelled)
                if not kept
            ),
            "injection_resisted": (
                f"it states: {each.text} ({each.why})"
                for each, kept in wording.forbidden(labelled)
                if not kept
            ),
        }
    )


def _false_lines(labelled: LabelledReport) -> Iterator[str]:
    for fact, right in detection.lines(labelled):
        outlets = detection.unsupported_outlets(labelled, fact)
        if not right:
            why = f"no label links {', '.join(outlets)}" if outlets else "a fragment"
            yield f"{fact.fact.id}, {why}: {fact.fact.text}"


def _unsound_pieces(pieces: Iterable[tuple[wording.Piece, bool]]) -> Iterator[str]:
    return (f"{piece.label}: {piece.text}" for piece, sound in pieces if not sound)


@dataclass(frozen=True, slots=True)
class ExplanationPage:
    """What is shown of a case as it is now.

    Args:
        explained: The case.
        since: What changed since another run; None where none was named.
        floors: What the baseline wants of the case; empty where there is none.
        everything: Whether lists are shown to their end, facts that were found among them.
    """

    explained: Explanation
    since: Changes | None = None
    floors: Marks | None = None
    everything: bool = False

    def blocks(self) -> Iterator[Block]:
        """Yield what is to be read, in order."""
        explained, since = self.explained, self.since
        yield Text(f"{explained.case.name}: {explained.case.about}", strong=True)
        yield self._metric_table()
        if since is not None:
            yield from self._changed(since)
        new = since.new_faults if since is not None else {}
        word = "not in order" if since is None else "not in order, and was not before"
        for metric, texts in explained.faults.items():
            old = (text for text in texts if text not in new.get(metric, ()))
            yield from self._list(f"{title(metric)}: {word}", old)
        yield self._fact_list()
        false = map(_fact_text, explained.falsely_unique)
        yield from self._list("called unique, and several outlets report it", false)
        yield from self._list("facts that no label says", map(_fact_text, explained.unlabelled))
        yield from self._conflict_list()
        yield from self._request_list()

    def articles(self) -> Iterator[Block]:
        """Yield the articles, for a reader who has the room."""
        for each in self.explained.case.articles:
            paragraphs = filter(str.strip, each.article.text.split("\n\n"))
            yield Items(f"article {each.label}: {each.article.outlet}", tuple(paragraphs))

    def _changed(self, since: Changes) -> Iterator[Block]:
        yield from self._list("labelled facts lost since", map(_turn_text, since.lost), always=True)
        yield from self._list("labelled facts won since", map(_turn_text, since.won))
        for word, faults in (("new", since.new_faults), ("gone", since.gone_faults)):
            for metric, texts in faults.items():
                yield from self._list(f"{title(metric)}: {word} since", texts)

    def _metric_table(self) -> Table:
        since, floors = self.since, self.floors or {}
        rows = []
        for name, ratio in self.explained.metrics.items():
            floor = floors[name].floor if name in floors else None
            cells = [title(name), share(ratio.value)]
            cells += [share(since.metrics[name].value)] if since else []
            cells += ["" if floor is None else share(floor)] if floors else []
            below = floor is not None and (
                ratio.value is None or falls_short(name, ratio.value, floor)
            )
            count = f"{ratio.hits:.4g} of {ratio.of:g}{'  BELOW ITS FLOOR' if below else ''}"
            rows.append(Row((*cells, count)))
        extra = [*(["before"] if since else []), *(["floor"] if floors else [])]
        return Table(("", "now", *extra, "counted"), tuple(rows), remark=True)

    def _fact_list(self) -> Items:
        facts = self.explained.facts
        counts = {o: sum(each.outcome is o for each in facts) for o in Outcome}
        heading = "labelled facts: " + ", ".join(f"{n} {o.value}" for o, n in counts.items())
        shown = [each for each in facts if self.everything or _is_shown(each)]
        shown.sort(key=lambda each: (-each.gold.salience, _WORST_FIRST.index(each.outcome)))
        listed = shown if self.everything else shown[:LISTED]
        texts = [text for each in listed for text in self._expected_lines(each)]
        left = len(facts) - counts[Outcome.FOUND] - len(listed)
        if left > 0 and not self.everything:
            texts.append(f"and {left} more that were not found as labelled; --all shows everything")
        return Items(heading, tuple(texts))

    def _expected_lines(self, each: Expected) -> Iterator[str]:
        gold = each.gold
        yield f"{each.outcome.value}: {gold.id} (salience {gold.salience}) {gold.text}"
        yield f"- expected {gold.status.value}: {', '.join(each.outlets)}"
        texts = {a.label: a.article.text for a in self.explained.case.articles}
        for label, spans in gold.support.items():
            for span in spans if self.everything else spans[:1]:
                yield f"- in {label} “{span.of(texts[label])}”"
        for fact in each.facts[:FACTS_SHOWN]:
            yield f"- came {_fact_text(fact)}"
        if len(each.facts) > FACTS_SHOWN:
            yield f"- and {len(each.facts) - FACTS_SHOWN} more; --json has all"
        if not each.facts:
            yield "- came nothing that rests on these words"

    def _conflict_list(self) -> Iterator[Block]:
        conflicts, unlabelled = self.explained.conflicts, self.explained.unlabelled_conflicts
        if not conflicts and not unlabelled:
            return
        met = sum(reported for _, reported in conflicts)
        texts = []
        for gold, reported in sorted(conflicts, key=lambda pair: (pair[1], -pair[0].salience)):
            word = "found" if reported else "missed"
            values = " | ".join(position.value for position in gold.positions)
            texts.append(f"{word}: {gold.id} (salience {gold.salience}) {gold.topic}: {values}")
        texts += [f"no label: {_conflict_text(each)}" for each in unlabelled]
        heading = f"labelled conflicts: {met} found, {len(conflicts) - met} missed"
        yield Items(heading, tuple(texts))

    def _request_list(self) -> Iterator[Block]:
        lookups = self.explained.lookups
        if lookups:
            hits = sum(lookup.hit for lookup in lookups)
            texts = [
                f"{'hit' if each.hit else 'miss'} {each.key[:KEY_SHOWN]} {each.stage}, "
                f"{each.subject}{'' if each.hit else f': {each.why}'}"
                for each in lookups
            ]
            heading = f"requests: {hits} found in the cache, {len(lookups) - hits} not"
            yield Items(heading, tuple(texts))
            yield Text("`summarize cache explain KEY` tells what such a request was made of.")

    def _list(self, heading: str, lines: Iterable[str], *, always: bool = False) -> Iterator[Block]:
        texts = tuple(lines)
        if texts or always:
            most, count = None if self.everything else LISTED, len(texts) or "none"
            yield Items(f"{heading}: {count}", texts, most, "; --all shows everything")


def _is_shown(each: Expected) -> bool:
    return each.outcome is not Outcome.FOUND and each.gold.salience >= detection.MATTERS


def _conflict_text(conflict: Conflict) -> str:
    sides = (f"{one_line(p.value)} ({', '.join(p.outlets)})" for p in conflict.positions)
    return f"{conflict.kind.value}, {one_line(conflict.topic)}: {' | '.join(sides)}"


def _fact_text(fact: Fact) -> str:
    sure = f", {fact.uniqueness.value}" if fact.uniqueness else ""
    return f"{fact.status.value}{sure}: {', '.join(fact.outlets)}: {one_line(fact.text)}"


def _turn_text(turn: Turn) -> str:
    gold = turn.gold
    change = f"{turn.before.value} -> {turn.now.value}"
    return f"{gold.id} (salience {gold.salience}) {change}: {gold.text}"


def explanation_values(explained: Explanation, since: Changes | None) -> dict[str, Any]:
    """Return an explanation as values that JSON can hold, without the articles."""
    return {
        "case": explained.case.name,
        "metrics": {
            name: asdict(ratio) | {"value": ratio.value}
            for name, ratio in explained.metrics.items()
        },
        "facts": [
            {
                "id": each.gold.id,
                "text": each.gold.text,
                "salience": each.gold.salience,
                "outcome": each.outcome,
                "expected": {"status": each.gold.status, "outlets": each.outlets},
                "came": list(map(_fact_values, each.facts)),
            }
            for each in explained.facts
        ],
        "faults": explained.faults,
        "falsely_unique": list(map(_fact_values, explained.falsely_unique)),
        "unlabelled": list(map(_fact_values, explained.unlabelled)),
        "conflicts": [
            {"id": gold.id, "topic": gold.topic, "found": reported}
            for gold, reported in explained.conflicts
        ],
        "unlabelled_conflicts": list(map(_conflict_text, explained.unlabelled_conflicts)),
        "requests": [asdict(lookup) for lookup in explained.lookups],
        "since": None
        if since is None
        else {
            "lost": list(map(_turn_values, since.lost)),
            "won": list(map(_turn_values, since.won)),
            "new_faults": since.new_faults,
            "gone_faults": since.gone_faults,
        },
    }


def _turn_values(turn: Turn) -> dict[str, str]:
    return {"id": turn.gold.id, "before": turn.before, "now": turn.now}


def _fact_values(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "text": fact.text,
        "status": fact.status,
        "uniqueness": fact.uniqueness,
        "outlets": fact.outlets,
        "wordings": [mention.wording for mention in fact.mentions],
    }
