"""The only way a baseline moves: floors are made of what a run reached, and rarely lowered."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from summarizer.errors import UsageError
from summarizer.evals.gate import (
    ALL_CASES,
    JUDGE,
    SLACK,
    TARGETS,
    Calibration,
    GateLine,
    Outcome,
    calibration,
    falls_short,
    gate,
    judge_floors,
    misses,
    same_trial,
)
from summarizer.evals.metrics import metric_of
from summarizer.evals.pages import some
from summarizer.evals.results import (
    Baseline,
    Mark,
    Marks,
    Run,
    configuration,
    failures,
    mean,
    scores,
    total_usage,
)
from summarizer.report.wording import plural

PLACES = 1000
"""A floor is a whole number of thousandths, rounded to the side that lets the run pass."""
CASE_TOLERANCE, MEAN_TOLERANCE = 0.05, 0.02
"""How far one case, and the mean of all, may fall where a model samples: one fact of twenty, which
is what a case has of a kind; a mean less than half as far, since chance evens out."""

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
    held = _comparable_lines(run, previous)
    lowered = tuple(
        f"{line.about}: {metric_of(line.metric or '').title} {line.floor:.3f} -> "
        f"{'nothing to count' if line.value is None else f'{line.value:.3f}'}"
        for line in held
        if line.outcome is Outcome.FAILED
    )
    if not allow_regression:
        _refuse_falls(previous, fresh, gone, lowered)
        fresh = _keep_stricter_floors(fresh, held)
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
    if missed := misses(run.judge_metrics, floors):
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

    def marks(values: Mapping[str, float | None], room: float) -> Marks:
        gated = [m for m in values if metric_of(m).gated or m in run.judge_metrics]
        floors = {metric: _make_floor(metric, values[metric], room) for metric in gated}
        return {metric: Mark(floors.get(metric), value) for metric, value in values.items()}

    return Baseline(
        **configuration(run),
        name=name,
        usage=total_usage(run),
        means=marks({m: mean(map(mean, by.values())) for m, by in by_metric.items()}, mean_room),
        cases={
            case: marks({m: mean(by[case]) for m, by in by_metric.items() if case in by}, case_room)
            for case in run.digests
        },
        judge_metrics=marks({kind: r.value for kind, r in run.judge_metrics.items()}, mean_room),
    )


def _make_floor(metric: str, value: float | None, room: float) -> float | None:
    """Return the value less the tolerance, rounded away from what would fail the run itself."""
    if value is None:
        return None
    if metric_of(metric).higher_is_better:
        return max(0.0, math.floor((value - room + SLACK) * PLACES) / PLACES)
    return min(1.0, math.ceil((value + room - SLACK) * PLACES) / PLACES)


def _comparable_lines(run: Run, previous: Baseline) -> list[GateLine]:
    """Return how a run stands to those floors whose cases and judge are still the same."""
    not_held = set() if same_trial(run, previous) else {JUDGE}
    if set(run.digests) != set(previous.digests):
        not_held.add(ALL_CASES)
    lines = gate(run, previous).lines
    return [line for line in lines if line.floor is not None and line.about not in not_held]


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


def _keep_stricter_floors(fresh: Baseline, held: Sequence[GateLine]) -> Baseline:
    """Return a new baseline with the floors held until now where those are stricter."""
    floors = {(line.about, line.metric): line.floor for line in held}

    def stricter(about: str, marks: Marks) -> Marks:
        kept = dict(marks)
        for metric, mark in marks.items():
            then = floors.get((about, metric))
            if then is not None and falls_short(metric, mark.floor, then):
                kept[metric] = replace(mark, floor=then)
        return kept

    return replace(
        fresh,
        means=stricter(ALL_CASES, fresh.means),
        cases={case: stricter(case, marks) for case, marks in fresh.cases.items()},
        judge_metrics=stricter(JUDGE, fresh.judge_metrics),
    )
