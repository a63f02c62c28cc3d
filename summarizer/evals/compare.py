"""Two runs side by side: what got better, what worse, and whether the difference is real.

Pairs are cases that both runs have, with the same labels and articles. Where a case had
nothing to count in one of the two runs it makes no pair for that metric, and is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from summarizer.evals.gate import passes
from summarizer.evals.metrics import in_order, metric_of
from summarizer.evals.scores import (
    NOTHING,
    ByCase,
    mean,
    samples_per_case,
    scores,
    total_usage,
)
from summarizer.evals.statistics import (
    Interval,
    bootstrap_interval,
    mcnemar,
    minimum_detectable_effect,
    straddles,
    t_interval,
)
from summarizer.evals.types import Baseline, Run
from summarizer.types import Usage

CASE_TOLERANCE = 0.01
"""From which difference a case is listed as better or worse: less is not worth reading."""
NO_DIFFERENCE = 1e-9
"""A difference this small comes from adding floats in another order and counts as none."""
FEWEST_PAIRS = 6
"""Pairs below which nothing is shown, come what may: five coins all fall alike once in 16."""


class Verdict(StrEnum):
    """What a comparison says of one metric."""

    WORSE = "worse"
    IMPROVED = "improved"
    NO_DIFFERENCE = "no difference shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Which run stands on one side."""

    at: str
    engine: str
    judge: str
    model: str | None
    code: str
    samples: int
    usage: Usage


@dataclass(frozen=True, slots=True)
class Change:
    """One case, before and after."""

    case: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        """After less before; what only rounding makes counts as none."""
        difference = self.after - self.before
        return 0.0 if abs(difference) < NO_DIFFERENCE else difference


@dataclass(frozen=True, slots=True)
class Flips:
    """How many cases keep to their floor in one run only, and McNemar's exact p of that.

    ``p`` is None where the floors were made of the run before: that run keeps to all of them
    by construction, so that every chance fall would count and no chance rise.
    """

    only_before: int
    only_after: int
    p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricComparison:
    """One metric over all pairs.

    ``interval`` is the BCa bootstrap's, ``t_interval`` Student's, both for the mean
    difference; a verdict other than "no difference shown" needs both to exclude zero.
    ``detectable`` is the least difference that so many cases would show. ``left_out`` counts
    the cases with nothing to count in a run; ``vanished`` are those of them that had
    something before and nothing after, ``appeared`` the reverse. ``better`` and ``worse``
    hold the cases beyond ``CASE_TOLERANCE``, the farthest first; ``changes`` counts all.
    """

    metric: str
    before: float | None
    after: float | None
    difference: float | None
    interval: Interval | None
    t_interval: Interval | None
    detectable: float | None
    pairs: int
    left_out: int
    vanished: tuple[str, ...]
    appeared: tuple[str, ...]
    flips: Flips | None
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    changes: int
    unstable: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs, metric by metric.

    ``cases`` are those compared, ``changed`` those whose labels or articles differ between
    the runs and which are therefore not.
    """

    before: Side
    after: Side
    cases: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    changed: tuple[str, ...]
    metrics: tuple[MetricComparison, ...]

    def with_verdict(self, verdict: Verdict) -> tuple[MetricComparison, ...]:
        """Return the metrics of one verdict."""
        return tuple(each for each in self.metrics if each.verdict is verdict)

    @property
    def same(self) -> bool:
        """Whether no case differs in any metric."""
        moved = (each.changes or each.vanished or each.appeared for each in self.metrics)
        return not any(moved)


def compare(before: Run, after: Run, baseline: Baseline | None = None) -> Comparison:
    """Compare two runs, case by case.

    Args:
        before: The run to compare with.
        after: The run that was made later, or with what is to be tried.
        baseline: Where the floors are from that tell whether a case passes.
    """
    both = [case for case in before.digests if case in after.digests]
    cases = tuple(case for case in both if before.digests[case] == after.digests[case])
    found = scores(before), scores(after)
    fair = baseline is not None and (before.at, before.code) != (baseline.at, baseline.code)
    names = in_order([*found[0], *found[1]])
    return Comparison(
        before=_side(before),
        after=_side(after),
        cases=cases,
        only_before=tuple(case for case in before.digests if case not in after.digests),
        only_after=tuple(case for case in after.digests if case not in before.digests),
        changed=tuple(case for case in both if case not in cases),
        metrics=tuple(
            _metric(
                name,
                _scored(found[0].get(name, {}), cases),
                _scored(found[1].get(name, {}), cases),
                Floors(_floors(baseline, name), fair),
            )
            for name in names
        ),
    )


@dataclass(frozen=True, slots=True)
class Floors:
    """The floors of one metric by case; fair where neither of the runs made them."""

    by_case: Mapping[str, float]
    fair: bool


def _side(run: Run) -> Side:
    return Side(
        at=run.at,
        engine=run.engine,
        judge=run.judge,
        model=run.model,
        code=run.code,
        samples=samples_per_case(run),
        usage=total_usage(run),
    )


def _scored(found: ByCase, cases: tuple[str, ...]) -> ByCase:
    return {case: found.get(case, NOTHING) for case in cases}


def _floors(baseline: Baseline | None, metric: str) -> Mapping[str, float]:
    if baseline is None:
        return {}
    marks = {case: each[metric] for case, each in baseline.cases.items() if metric in each}
    return {case: mark.floor for case, mark in marks.items() if mark.floor is not None}


def _metric(name: str, before: ByCase, after: ByCase, floors: Floors) -> MetricComparison:
    changes = _changes(before, after)
    differences = [change.difference for change in changes]
    interval, student = bootstrap_interval(differences), t_interval(differences)
    return MetricComparison(
        metric=name,
        before=mean(change.before for change in changes),
        after=mean(change.after for change in changes),
        difference=mean(differences),
        interval=interval,
        t_interval=student,
        detectable=minimum_detectable_effect(differences),
        pairs=len(changes),
        left_out=len(before) - len(changes),
        vanished=tuple(c for c in before if before[c].samples and not after[c].samples),
        appeared=tuple(c for c in before if after[c].samples and not before[c].samples),
        flips=_flips(name, before, after, floors),
        better=_beyond(changes, metric_of(name).gain),
        worse=_beyond(changes, lambda difference: -metric_of(name).gain(difference)),
        changes=sum(difference != 0 for difference in differences),
        unstable=_unstable(before, after, floors.by_case),
        verdict=_verdict(name, differences, interval, student),
    )


def _changes(before: ByCase, after: ByCase) -> tuple[Change, ...]:
    pairs = ((case, before[case].value, after[case].value) for case in before)
    return tuple(
        Change(case, then, now) for case, then, now in pairs if then is not None and now is not None
    )


def _beyond(changes: tuple[Change, ...], gain: Callable[[float], float]) -> tuple[Change, ...]:
    """Return the changes by ``CASE_TOLERANCE`` or more, the farthest first."""
    # Differences of equal shares must not fall on both sides of the tolerance.
    far = [each for each in changes if gain(each.difference) >= CASE_TOLERANCE - NO_DIFFERENCE]
    return tuple(sorted(far, key=lambda each: (-gain(each.difference), each.case)))


def _flips(name: str, before: ByCase, after: ByCase, floors: Floors) -> Flips | None:
    """Return how often the two runs disagree on whether a case keeps to its floor."""
    passed = [
        (passes(name, before[case], floor), passes(name, after[case], floor))
        for case, floor in floors.by_case.items()
        if case in before
    ]
    if not passed:
        return None
    lost, won = passed.count((True, False)), passed.count((False, True))
    return Flips(lost, won, mcnemar(lost, won) if floors.fair else None)


def _unstable(before: ByCase, after: ByCase, floors: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(
        case
        for case in before
        if case in floors
        and any(straddles(run[case].samples, floors[case]) for run in (before, after))
    )


def _verdict(name: str, differences: list[float], *intervals: Interval | None) -> Verdict:
    if len(differences) < FEWEST_PAIRS:
        return Verdict.NO_DIFFERENCE
    if not all(interval is not None and interval.excludes_zero for interval in intervals):
        return Verdict.NO_DIFFERENCE
    gained = metric_of(name).gain(sum(differences)) > 0
    return Verdict.IMPROVED if gained else Verdict.WORSE
