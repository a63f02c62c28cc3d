"""Two runs side by side: what got better, what worse, and whether the difference is real.

Pairs are cases that both runs have, with the same labels and articles; samples of one case are
averaged first. A case with nothing to count in one of the runs makes no pair, and is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from statistics import fmean
from typing import Any

from summarizer.evals.metrics import in_order, metric_of
from summarizer.evals.results import Run, Samples, mean, samples_per_case, scores, total_usage

CASE_TOLERANCE = 0.01  # from which difference a case is listed: less is not worth reading
NO_DIFFERENCE = 1e-9  # what adding floats in another order may make
FEWEST_PAIRS = 6  # pairs below which nothing is shown: five coins all fall alike once in 16
LEVEL, POWER = 0.95, 0.8
"""The usual shares of repetitions in which an interval holds the true value, and in which the
minimum detectable effect would be detected."""


class Verdict(StrEnum):
    """What a comparison says of one metric."""

    WORSE = "worse"
    IMPROVED = "improved"
    NO_DIFFERENCE = "no difference shown"


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval for a mean, a share or a difference."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def mean_interval(values: Sequence[float]) -> Interval | None:
    """Return Student's interval of the mean; None below two values."""
    if len(values) < 2:
        return None
    from scipy import stats

    half = float(stats.t.ppf((1 + LEVEL) / 2, len(values) - 1) * stats.sem(values))
    return Interval(fmean(values) - half, fmean(values) + half)


def minimum_detectable_effect(values: Sequence[float]) -> float | None:
    """Return the least mean difference that so many cases would show, as a share.

    From the spread of the paired differences: (t[1 - alpha/2] + t[power]) times the standard
    error (Bloom 1995, "Minimum detectable effects"). None below two values, and where they
    have no spread to tell it from.
    """
    if len(values) < 2 or max(values) == min(values):
        return None
    from scipy import stats

    reach = sum(stats.t.ppf([(1 + LEVEL) / 2, POWER], len(values) - 1))
    return float(reach * stats.sem(values))


@dataclass(frozen=True, slots=True)
class Change:
    """One case, before and after."""

    case: str
    before: float
    after: float

    @property
    def difference(self) -> float:
        """After less before; what only rounding makes is none."""
        difference = self.after - self.before
        return 0.0 if abs(difference) < NO_DIFFERENCE else difference


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricComparison:
    """One metric over all pairs.

    ``interval`` is Student's, of the mean difference; a verdict other than "no difference shown"
    needs it to exclude zero. ``detectable`` is the least difference that so many cases would show.
    ``left_out`` counts the cases with nothing to count in a run: those that had something before
    ``vanished``, those that have something after ``appeared``. ``better`` and ``worse`` hold the
    cases beyond ``CASE_TOLERANCE``, the farthest first; ``changes`` counts all.
    """

    metric: str
    before: float | None
    after: float | None
    difference: float | None
    interval: Interval | None
    detectable: float | None
    pairs: int
    left_out: int
    vanished: tuple[str, ...]
    appeared: tuple[str, ...]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    changes: int
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs, metric by metric.

    ``cases`` are those compared, ``changed`` those whose labels or articles differ between
    the runs and which are therefore not. ``same`` is whether no case differs in any metric.
    """

    before: Run
    after: Run
    cases: tuple[str, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    changed: tuple[str, ...]
    metrics: tuple[MetricComparison, ...]
    same: bool

    def with_verdict(self, verdict: Verdict) -> list[MetricComparison]:
        """Return the metrics of one verdict."""
        return [each for each in self.metrics if each.verdict is verdict]


def comparison_values(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as values that JSON can hold, and of each run what it took."""

    def side(run: Run) -> dict[str, Any]:
        who = {name: getattr(run, name) for name in ("at", "engine", "judge", "model", "code")}
        return {**who, "samples": samples_per_case(run), "usage": asdict(total_usage(run))}

    sides = {"before": side(comparison.before), "after": side(comparison.after)}
    return asdict(comparison) | sides


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs, case by case."""
    both = [case for case in before.digests if case in after.digests]
    cases = tuple(case for case in both if before.digests[case] == after.digests[case])
    then, now = scores(before), scores(after)
    metrics = []
    for name in in_order([*then, *now]):
        sides = [{c: side.get(name, {}).get(c, ()) for c in cases} for side in (then, now)]
        metrics.append(_compare_metric(name, *sides))
    return Comparison(
        before=before,
        after=after,
        cases=cases,
        only_before=tuple(case for case in before.digests if case not in after.digests),
        only_after=tuple(case for case in after.digests if case not in before.digests),
        changed=tuple(case for case in both if case not in cases),
        metrics=tuple(metrics),
        same=not any(each.changes or each.vanished or each.appeared for each in metrics),
    )


def _compare_metric(
    name: str, before: Mapping[str, Samples], after: Mapping[str, Samples]
) -> MetricComparison:
    pairs = ((case, mean(before[case]), mean(after[case])) for case in before)
    changes = [Change(c, a, b) for c, a, b in pairs if a is not None and b is not None]
    differences = [change.difference for change in changes]
    interval = mean_interval(differences)
    sure = interval is not None and interval.excludes_zero and len(changes) >= FEWEST_PAIRS
    is_gain = metric_of(name).gain(sum(differences)) > 0
    changed_verdict = Verdict.IMPROVED if is_gain else Verdict.WORSE
    return MetricComparison(
        metric=name,
        before=mean(change.before for change in changes),
        after=mean(change.after for change in changes),
        difference=mean(differences),
        interval=interval,
        detectable=minimum_detectable_effect(differences),
        pairs=len(changes),
        left_out=len(before) - len(changes),
        vanished=tuple(c for c in before if before[c] and not after[c]),
        appeared=tuple(c for c in before if after[c] and not before[c]),
        better=_far_changes(changes, name, 1),
        worse=_far_changes(changes, name, -1),
        changes=sum(difference != 0 for difference in differences),
        verdict=changed_verdict if sure else Verdict.NO_DIFFERENCE,
    )


def _far_changes(changes: Sequence[Change], metric: str, sign: int) -> tuple[Change, ...]:
    """Return the changes by ``CASE_TOLERANCE`` or more in one direction, the farthest first."""
    gains = {change: sign * metric_of(metric).gain(change.difference) for change in changes}
    # Differences of equal shares must not fall on both sides of the tolerance.
    far = [change for change, gain in gains.items() if gain >= CASE_TOLERANCE - NO_DIFFERENCE]
    return tuple(sorted(far, key=lambda change: (-gains[change], change.case)))
