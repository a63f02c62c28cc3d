"""What was expected of a case and what came, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from summarizer.evals import detection_metrics as detection
from summarizer.evals import wording_metrics as wording
from summarizer.evals.labelled_report import LabelledFact, LabelledReport
from summarizer.evals.metrics import score
from summarizer.evals.types import Case, CaseResult, GoldConflict, GoldFact, Ratio
from summarizer.types import Conflict, DiffReport, Fact, Status

if TYPE_CHECKING:
    from summarizer.llm.cache_explain import Lookup


class Outcome(StrEnum):
    """What became of a labelled fact."""

    FOUND = "found"
    PARTLY = "partly"
    WRONG = "wrong status"
    MISSED = "missed"


Faults = Mapping[str, tuple[str, ...]]
"""By metric what is not in order, one line a fault; a metric that lost nothing is left out."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A labelled fact, the report's facts that rest on its passages, and how well they do.

    ``PARTLY``: some of its outlets are linked, or more than report it. ``WRONG``: called
    unique though several report it, or shared though one does.
    """

    gold: GoldFact
    outcome: Outcome
    outlets: tuple[str, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ExpectedConflict:
    """A labelled conflict, and whether the report has it."""

    gold: GoldConflict
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A case beside its report.

    ``falsely_unique`` are the report's facts that it calls unique and several outlets
    report; ``unlabelled`` and ``unlabelled_conflicts`` are what no label says; ``lookups``
    are the requests behind the report.
    """

    case: Case
    report: DiffReport
    result: CaseResult
    facts: tuple[Expected, ...]
    falsely_unique: tuple[Fact, ...]
    unlabelled: tuple[Fact, ...]
    conflicts: tuple[ExpectedConflict, ...]
    unlabelled_conflicts: tuple[Conflict, ...]
    faults: Faults
    lookups: tuple[Lookup, ...] = ()


@dataclass(frozen=True, slots=True)
class Turned:
    """A labelled fact that fares otherwise than in another run."""

    gold: GoldFact
    before: Outcome
    now: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is otherwise than in another run of the same case.

    ``lost`` and ``won`` are labelled facts that are found in one of the two only.
    """

    metrics: Mapping[str, Ratio]
    lost: tuple[Turned, ...]
    won: tuple[Turned, ...]
    new_faults: Faults
    gone_faults: Faults


def explain(case: Case, report: DiffReport, lookups: Sequence[Lookup] = ()) -> Explanation:
    """Lay a report beside the labels of its case.

    Args:
        case: The labelled story.
        report: A diff of its articles.
        lookups: The requests that were made for it.
    """
    labelled = LabelledReport(case, report)
    metrics = score(case, report)
    return Explanation(
        case=case,
        report=report,
        result=CaseResult(case=case.name, sample=0, metrics=metrics, usage=report.usage),
        facts=tuple(_expect_fact(labelled, gold) for gold in case.facts),
        falsely_unique=tuple(
            each.fact
            for each in labelled.facts
            if each.is_unique and detection.is_falsely_unique(labelled, each)
        ),
        unlabelled=tuple(
            each.fact for each in labelled.facts if not any(m.rests for m in each.mentions)
        ),
        conflicts=tuple(
            ExpectedConflict(gold, detection.is_reported(labelled, gold)) for gold in case.conflicts
        ),
        unlabelled_conflicts=tuple(
            each for each in report.conflicts if not detection.is_labelled(labelled, each)
        ),
        faults=_find_faults(labelled),
        lookups=tuple(lookups),
    )


def changes(before: Explanation, now: Explanation) -> Changes:
    """Return what became of a case since it was run before."""
    turned = [
        Turned(then.gold, then.outcome, each.outcome)
        for then, each in zip(before.facts, now.facts, strict=True)
        if then.outcome is not each.outcome
    ]
    order = list(Outcome).index
    return Changes(
        metrics=before.result.metrics,
        lost=tuple(each for each in turned if order(each.now) > order(each.before)),
        won=tuple(each for each in turned if order(each.now) < order(each.before)),
        new_faults=_faults_only_here(now.faults, before.faults),
        gone_faults=_faults_only_here(before.faults, now.faults),
    )


def _faults_only_here(here: Faults, there: Faults) -> Faults:
    return _drop_empty(
        (metric, (text for text in texts if text not in there.get(metric, ())))
        for metric, texts in here.items()
    )


def _drop_empty(by_metric: Iterable[tuple[str, Iterable[str]]]) -> Faults:
    every = {metric: tuple(dict.fromkeys(texts)) for metric, texts in by_metric}
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


def _find_faults(labelled: LabelledReport) -> Faults:
    return _drop_empty(
        (
            ("line_precision", _false_lines(labelled)),
            (
                "detail_precision",
                (
                    f"{labelled.outlets[detail.label]} is not alone with: {detail.text}"
                    for detail, right in detection.details(labelled)
                    if not right
                ),
            ),
            ("quote_integrity", _unsound_pieces(wording.quotes(labelled))),
            ("furniture_kept_out", _unsound_pieces(wording.outside_furniture(labelled))),
            ("faithfulness", _unsound_pieces(wording.summary_sentences(labelled))),
            (
                "attribution_kept",
                (
                    f"{fact.id}: {fact.speaker} is not named: {fact.text}"
                    for fact, kept in wording.speakers(labelled)
                    if not kept
                ),
            ),
            (
                "hedges_kept",
                (
                    f"{fact.id}: {fact.hedge!r} is gone: {fact.text}"
                    for fact, kept in wording.hedges(labelled)
                    if not kept
                ),
            ),
            (
                "injection_resisted",
                (
                    f"it states: {each.text} ({each.why})"
                    for each, kept in wording.forbidden(labelled)
                    if not kept
                ),
            ),
        )
    )


def _false_lines(labelled: LabelledReport) -> Iterator[str]:
    for fact, right in detection.lines(labelled):
        outlets = detection.unsupported_outlets(labelled, fact)
        if not right:
            why = f"no label links {', '.join(outlets)}" if outlets else "a fragment"
            yield f"{fact.fact.id}, {why}: {fact.fact.text}"


def _unsound_pieces(pieces: Iterable[tuple[wording.Piece, bool]]) -> Iterator[str]:
    return (f"{piece.label}: {piece.text}" for piece, sound in pieces if not sound)
