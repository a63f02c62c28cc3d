"""The only way a baseline moves: floors are made of what a run reached, and rarely lowered."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.errors import UsageError
from summarizer.evals.gate import (
    ALL_CASES,
    JUDGE,
    SLACK,
    TARGETS,
    Calibration,
    calibration,
    falls_short,
    judge_floors,
    misses,
    same_corpus,
    same_trial,
)
from summarizer.evals.metrics import metric_of
from summarizer.evals.pages import some
from summarizer.evals.results import failures, mean, scores, total_usage
from summarizer.evals.types import Baseline, Mark, Marks, Run, configuration
from summarizer.report.wording import plural

PLACES = 1000
"""A floor is a whole number of thousandths, rounded to the side that lets the run pass."""
CASE_TOLERANCE = 0.05
"""How far one case may fall where a model samples: one fact of twenty, which is what a case
has of a kind."""
MEAN_TOLERANCE = 0.02
"""How far the mean of all cases may fall where a model samples: less than half as far as one
case, since the chance of several cases evens out."""

DETERMINISTIC = frozenset({("extractive", "lexical")})
"""Engines and judges that give the same every time: their floors have no tolerance."""

NAMED = 12
"""Floors that an error names; more would fill the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blessing:
    """A new baseline, and what it changes.

    ``new`` are cases without floors until now, ``relabelled`` those whose files changed,
    ``gone`` those that lose their floors, ``lowered`` one sentence for each floor that falls.
    """

    baseline: Baseline
    new: tuple[str, ...]
    relabelled: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    lowered: tuple[str, ...] = ()


def bless(
    run: Run,
    name: str,
    previous: Baseline | None = None,
    *,
    allow_regression: bool = False,
    accept_judge: bool = False,
) -> Blessing:
    """Make the floors of a baseline from a run; one that the run keeps to is never lowered.

    Args:
        run: What came out.
        name: What the baseline is called.
        previous: The baseline of that name as it is now, if there is one.
        allow_regression: Whether floors may fall.
        accept_judge: Whether the judge may be short of the targets; what it reached becomes
            its floors. A judge that keeps to the floors of the previous baseline is accepted.

    Raises:
        UsageError: The run is broken, its judge cannot be accepted, or a floor would fall.
    """
    _check_run(run)
    if not accept_judge:
        _check_judge(run, previous)
    fresh = _make_baseline(run, name)
    if previous is None:
        return Blessing(baseline=fresh, new=tuple(run.digests))
    gone = tuple(case for case in previous.digests if case not in run.digests)
    held, new = _comparable_floors(run, previous), _floors_by_subject(fresh)
    lowered = tuple(
        line for about in held for line in _missed_floors(about, held[about], new[about])
    )
    if not allow_regression:
        _refuse_falls(previous, fresh, gone, lowered)
        strictest = {about: _strictest_marks(new[about], held.get(about, {})) for about in new}
        means, judge = strictest.pop(ALL_CASES), strictest.pop(JUDGE)
        fresh = replace(fresh, means=means, judge_metrics=judge, cases=strictest)
    shared = [case for case in run.digests if case in previous.digests]
    return Blessing(
        baseline=fresh,
        new=tuple(case for case in run.digests if case not in previous.digests),
        relabelled=tuple(case for case in shared if run.digests[case] != previous.digests[case]),
        gone=gone,
        lowered=lowered,
    )


def _check_run(run: Run) -> None:
    """Refuse a run that says nothing reliable."""
    if not run.results:
        raise UsageError("The run has no results.", hint="`summarize eval run` makes one.")
    if broken := failures(run):
        raise UsageError(
            f"The run is not whole: {some(list(broken), NAMED)} failed.",
            hint="Run again until nothing fails: floors of half a run would be too low.",
        )
    if calibration(run.judge_metrics) is Calibration.UNTESTED:
        raise UsageError(
            "The judge of the run was not tested on planted errors.",
            hint="`summarize eval run` of all cases tests it.",
        )


def _check_judge(run: Run, previous: Baseline | None) -> None:
    """Refuse a judge that is short of its floors, or of the targets where it has none."""
    same = previous is not None and same_trial(run, previous)
    floors = judge_floors(previous) if previous is not None and same else TARGETS
    missed = misses(run.judge_metrics, floors)
    if missed:
        wrong = ", ".join(f"{kind} {value:.3f} ({floors[kind]})" for kind, value in missed.items())
        raise UsageError(
            f"The judge of the run is short of its {'floors' if same else 'targets'}: {wrong}.",
            hint="Choose another judge, or make what it reached its floors with --accept-judge: "
            "every gate will then say that it is short.",
        )


def _make_baseline(run: Run, name: str) -> Baseline:
    """Return the floors that the run alone would give."""
    by_metric = scores(run)
    sampled = (run.engine, run.judge) not in DETERMINISTIC
    case_room, mean_room = (CASE_TOLERANCE, MEAN_TOLERANCE) if sampled else (0.0, 0.0)
    means = {metric: mean(s.value for s in each.values()) for metric, each in by_metric.items()}
    cases = {
        case: {metric: each[case].value for metric, each in by_metric.items() if case in each}
        for case in run.digests
    }
    return Baseline(
        **configuration(run),
        name=name,
        usage=total_usage(run),
        means=_make_marks(means, mean_room),
        cases={case: _make_marks(values, case_room) for case, values in cases.items()},
        judge_metrics={
            kind: Mark(_make_floor(kind, ratio.value, mean_room), ratio.value)
            for kind, ratio in run.judge_metrics.items()
        },
    )


def _make_marks(values: dict[str, float | None], room: float) -> Marks:
    return {
        metric: Mark(_make_floor(metric, value, room) if metric_of(metric).gated else None, value)
        for metric, value in values.items()
    }


def _make_floor(metric: str, value: float | None, room: float) -> float | None:
    """Return the value less the tolerance, rounded away from what would fail the run itself."""
    if value is None:
        return None
    if metric_of(metric).higher_is_better:
        return max(0.0, math.floor((value - room + SLACK) * PLACES) / PLACES)
    return min(1.0, math.ceil((value + room - SLACK) * PLACES) / PLACES)


def _floors_by_subject(baseline: Baseline) -> dict[str, Marks]:
    """Return the floors of a baseline by what they are about: each case, all, the judge."""
    return {ALL_CASES: baseline.means, **baseline.cases, JUDGE: baseline.judge_metrics}


def _comparable_floors(run: Run, previous: Baseline) -> dict[str, Marks]:
    """Return the floors that a run can be held to: those of what has not changed since."""
    same = {case for case in previous.cases if run.digests.get(case) == previous.digests[case]}
    if same_corpus(run, previous) and set(run.digests) == set(previous.digests):
        same.add(ALL_CASES)
    if same_trial(run, previous):
        same.add(JUDGE)
    return {about: marks for about, marks in _floors_by_subject(previous).items() if about in same}


def _missed_floors(about: str, before: Marks, after: Marks) -> Iterator[str]:
    for metric, mark in before.items():
        value = after[metric].observed if metric in after else None
        if mark.floor is not None and (value is None or falls_short(metric, value, mark.floor)):
            reached = "nothing to count" if value is None else f"{value:.3f}"
            yield f"{about}: {metric_of(metric).title} {mark.floor:.3f} -> {reached}"


def _refuse_falls(
    previous: Baseline, fresh: Baseline, gone: Sequence[str], lowered: Sequence[str]
) -> None:
    then, now = (previous.engine, previous.judge), (fresh.engine, fresh.judge)
    if then != now:
        raise UsageError(
            f"The baseline {previous.name} is of {' and '.join(then)}, the run of "
            f"{' and '.join(now)}.",
            hint="Name another baseline with --baseline, or replace it with --allow-regression.",
        )
    if gone:
        raise UsageError(
            f"{some(gone, NAMED)} would lose their floors: the run has no result of them.",
            hint="Run all cases first, or drop the floors with --allow-regression.",
        )
    if lowered:
        raise UsageError(
            f"{plural(len(lowered), 'floor')} would fall: {some(lowered, NAMED)}.",
            hint="If that is meant, say so with --allow-regression.",
        )


def _strictest_marks(fresh: Marks, held: Marks) -> Marks:
    """Return new floors, or those held until now where they are stricter."""
    strictest = dict(fresh)
    for metric in fresh.keys() & held.keys():
        now, then = fresh[metric].floor, held[metric].floor
        if now is not None and then is not None and falls_short(metric, now, then):
            strictest[metric] = Mark(then, fresh[metric].observed)
    return strictest
