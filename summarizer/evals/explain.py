"""What was expected of a case and what came, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from summarizer.evals.detection_metrics import conflict_found, conflict_in, falsely_unique
from summarizer.evals.faults import faults
from summarizer.evals.metrics import score
from summarizer.evals.scoring import Sides, ToldFact
from summarizer.evals.types import Case, CaseResult, GoldConflict, GoldFact, Ratio
from summarizer.types import Conflict, DiffReport, Fact, Status

if TYPE_CHECKING:
    from summarizer.chat.misses import Lookup


class Outcome(StrEnum):
    """What became of a labelled fact."""

    FOUND = "found"
    PARTLY = "partly"
    WRONG = "wrong status"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Met:
    """A labelled fact, the report's facts that rest on its passages, and how well they do.

    ``PARTLY``: some of its outlets are linked, or more than report it. ``WRONG``: called
    unique though several report it, or shared though one does.
    """

    gold: GoldFact
    outcome: Outcome
    outlets: tuple[str, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class MetConflict:
    """A labelled conflict, and whether the report has it."""

    gold: GoldConflict
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A case beside its report.

    ``falsely_unique`` are the report's facts that it calls unique and several outlets
    report; ``unlabelled`` and ``unlabelled_conflicts`` are what no label says;
    ``faults`` say, by metric, what of the wording and the quotes is not in order; ``lookups``
    are the requests behind the report.
    """

    case: Case
    report: DiffReport
    result: CaseResult
    facts: tuple[Met, ...]
    falsely_unique: tuple[Fact, ...]
    unlabelled: tuple[Fact, ...]
    conflicts: tuple[MetConflict, ...]
    unlabelled_conflicts: tuple[Conflict, ...]
    faults: Mapping[str, tuple[str, ...]]
    lookups: tuple[Lookup, ...] = ()


def explain(case: Case, report: DiffReport, lookups: Sequence[Lookup] = ()) -> Explanation:
    """Lay a report beside the labels of its case.

    Args:
        case: The labelled story.
        report: A diff of its articles.
        lookups: The requests that were made for it.
    """
    sides = Sides(case, report)
    return Explanation(
        case=case,
        report=report,
        result=CaseResult(
            case=case.name, sample=0, metrics=score(case, report), usage=report.usage
        ),
        facts=tuple(_met(sides, gold) for gold in case.facts),
        falsely_unique=tuple(
            found.fact for found in sides.facts if found.is_unique and falsely_unique(sides, found)
        ),
        unlabelled=tuple(found.fact for found in sides.facts if not any(found.rests)),
        conflicts=tuple(MetConflict(c, conflict_found(sides, c)) for c in case.conflicts),
        unlabelled_conflicts=tuple(
            told
            for told in report.conflicts
            if not any(conflict_in(sides, c, told) for c in case.conflicts)
        ),
        faults=faults(sides),
        lookups=tuple(lookups),
    )


@dataclass(frozen=True, slots=True)
class Turned:
    """A labelled fact that fares otherwise than in another run."""

    gold: GoldFact
    before: Outcome
    now: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is otherwise than in another run of the same case.

    ``lost`` and ``won`` are labelled facts that are found in one of the two only;
    ``new_faults`` and ``gone_faults`` are by metric.
    """

    metrics: Mapping[str, Ratio]
    lost: tuple[Turned, ...]
    won: tuple[Turned, ...]
    new_faults: Mapping[str, tuple[str, ...]]
    gone_faults: Mapping[str, tuple[str, ...]]


def changes(before: Explanation, now: Explanation) -> Changes:
    """Return what became of a case since it was run before."""
    turned = [
        Turned(was.gold, was.outcome, met.outcome)
        for was, met in zip(before.facts, now.facts, strict=True)
        if was.outcome is not met.outcome
    ]
    return Changes(
        metrics=before.result.metrics,
        lost=tuple(each for each in turned if _order(each.now) > _order(each.before)),
        won=tuple(each for each in turned if _order(each.now) < _order(each.before)),
        new_faults=_only(now.faults, before.faults),
        gone_faults=_only(before.faults, now.faults),
    )


def _order(outcome: Outcome) -> int:
    return list(Outcome).index(outcome)


def _only(
    here: Mapping[str, tuple[str, ...]], there: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    found = {
        metric: tuple(text for text in texts if text not in there.get(metric, ()))
        for metric, texts in here.items()
    }
    return {metric: texts for metric, texts in found.items() if texts}


def _met(sides: Sides, gold: GoldFact) -> Met:
    found = {each.fact.id: each for each, _ in sides.touching(gold)}
    outlets = tuple(sorted({sides.outlets[label] for label in gold.support}))
    facts = tuple(each.fact for each in found.values())
    return Met(gold, _outcome(gold, frozenset(outlets), list(found.values())), outlets, facts)


def _outcome(gold: GoldFact, outlets: frozenset[str], found: Sequence[ToldFact]) -> Outcome:
    if not found:
        return Outcome.MISSED
    if any(each.outlets == outlets for each in found):
        return Outcome.FOUND
    if gold.status is Status.UNIQUE or all(each.is_unique for each in found):
        return Outcome.WRONG
    return Outcome.PARTLY
