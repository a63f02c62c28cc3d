"""May a run pass? Every mean, every case and the judge against the floors of a baseline.

A mean hides the one case that broke, so each case has floors of its own. Only ``bless`` moves a
baseline: its floors are made of what a run reached, and rarely lowered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from summarizer.errors import UsageError
from summarizer.evals import results
from summarizer.evals.metrics import metric_of, some
from summarizer.evals.results import Baseline, Mark, Marks, Run, Samples, mean, scores
from summarizer.report.wording import plural

ALL_CASES, JUDGE, RUN = "all cases", "judge", "run"  # what lines are about besides single cases

SLACK = 1e-9  # by how much a share may miss its floor: what adding floats in another order may cost
PLACES = 1000  # a floor is a whole number of thousandths, so rounded that the run passes
CASE_TOLERANCE, MEAN_TOLERANCE = 0.05, 0.02
"""How far one case, and the mean of all, may fall where a model samples: one fact of twenty, which
is what a case has of a kind; a mean less than half as far, since chance evens out."""

DETERMINISTIC = ("extractive", "lexical")  # engine and judge whose floors need no tolerance
FLOORS_NAMED = 12  # floors that an error names; more would fill the screen
SHOWN_OF_HASH = 12  # characters of a hash that tell it from another


class Outcome(StrEnum):
    """What a line of the gate says."""

    PASSED = "passed"
    FAILED = "failed"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class GateLine:
    """One thing that was looked at.

    ``about`` is a case, or one of ``ALL_CASES``, ``JUDGE`` and ``RUN``; ``text`` says in one
    sentence what came of it. ``value`` and ``floor`` are shares, 0 to 1.
    """

    about: str
    outcome: Outcome
    text: str
    metric: str | None = None
    value: float | None = None
    floor: float | None = None
    unstable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """Whether a run may pass, and everything that was looked at."""

    baseline: str
    lines: tuple[GateLine, ...]

    @property
    def failed(self) -> tuple[GateLine, ...]:
        """The lines that failed."""
        return tuple(line for line in self.lines if line.outcome is Outcome.FAILED)

    @property
    def noted(self) -> tuple[GateLine, ...]:
        """The lines that only say something."""
        return tuple(line for line in self.lines if line.outcome is Outcome.NOTED)

    @property
    def passed(self) -> bool:
        """Whether no line failed."""
        return not self.failed

    @property
    def judge_failed(self) -> bool:
        """Whether the judge failed."""
        return any(line.about == JUDGE for line in self.failed)

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that failed, the one that fell farthest below a floor first."""
        gains = dict[str, float]()
        for line in self.failed:
            gain = 0.0
            if line.metric is not None and line.floor is not None:
                gain = metric_of(line.metric).gain((line.value or 0.0) - line.floor)
            gains[line.about] = min(gain, gains.get(line.about, 0.0))
        cases = [about for about in gains if about not in (ALL_CASES, JUDGE, RUN)]
        return tuple(sorted(cases, key=lambda case: gains[case]))


def gate(run: Run, baseline: Baseline, *, partial: bool = False) -> GateResult:
    """Hold a run against the floors of a baseline; if ``partial``, missing cases fail nothing."""
    missing = Outcome.NOTED if partial else Outcome.FAILED
    lines = (
        *(GateLine(RUN, Outcome.NOTED, text) for text in _difference_texts(run, baseline)),
        *_hold_judge(run, baseline, missing),
        *_compare_corpus(run, baseline, missing),
        *_hold_floors(run, baseline),
    )
    return GateResult(baseline=baseline.name, lines=lines)


def falls_short(metric: str, value: float | None, floor: float) -> bool:
    """Return whether a value is on the wrong side of its floor; one of nothing is not."""
    return value is not None and metric_of(metric).gain(value - floor) < -SLACK


def straddles(samples: Sequence[float], floor: float) -> bool:
    """Return whether some of the samples lie below a floor and some do not."""
    below = [sample < floor - SLACK for sample in samples]
    return any(below) and not all(below)


def is_tested(run: Run) -> bool:
    """Return whether the judge of a run was tried on planted errors."""
    return any(ratio.value is not None for ratio in run.judge_metrics.values())


def _difference_texts(run: Run, baseline: Baseline) -> Iterator[str]:
    for what in ("engine", "judge", "model"):
        before, now = getattr(baseline, what), getattr(run, what)
        if before != now:
            yield f"The {what} was {before or 'none'} and is {now or 'none'}."
    if baseline.code != run.code:
        was, now = baseline.code[:SHOWN_OF_HASH], run.code[:SHOWN_OF_HASH]
        yield f"The code has changed ({was} to {now})."
    then, since = baseline.prompts, run.prompts
    changed = sorted(name for name in {*then, *since} if then.get(name) != since.get(name))
    if changed:
        yield f"Other prompts than those of the baseline: {', '.join(changed)}."


def _hold_judge(run: Run, baseline: Baseline, missing: Outcome) -> Iterator[GateLine]:
    if not is_tested(run):
        text = "Not tested on planted errors, so nobody knows what its figures say."
        yield GateLine(JUDGE, missing, text)
    elif run.planted != baseline.planted:
        text = "The planted errors have changed since its floors were set: bless again."
        yield GateLine(JUDGE, missing, text)
    else:
        values = {kind: ratio.value for kind, ratio in run.judge_metrics.items()}
        reached = {kind: () if value is None else (value,) for kind, value in values.items()}
        yield from _hold_marks(JUDGE, baseline.judge_metrics, reached)


def _compare_corpus(run: Run, baseline: Baseline, missing: Outcome) -> Iterator[GateLine]:
    """Say which cases were not run to their end, are missing, have changed or are new."""
    for case, messages in results.failures(run).items():
        more = f" And {len(messages) - 1} more." if len(messages) > 1 else ""
        text = f"Not run to its end: {messages[0].rstrip('.')}.{more}"
        yield GateLine(case, Outcome.FAILED, text)
    for case, digest in baseline.digests.items():
        if case not in run.digests:
            yield GateLine(case, missing, "No result for this case, which the baseline has.")
        elif run.digests[case] != digest:
            text = "The case itself has changed since its floors were set: bless again."
            yield GateLine(case, Outcome.FAILED, text)
    for case in run.digests:
        if case not in baseline.digests:
            text = "A new case without floors: bless to give it some."
            yield GateLine(case, Outcome.NOTED, text)


def _hold_floors(run: Run, baseline: Baseline) -> Iterator[GateLine]:
    by_metric = scores(run)
    same = [case for case, digest in baseline.digests.items() if run.digests.get(case) == digest]
    if len(same) == len(baseline.digests):
        means = {m: mean(mean(each.get(c, ())) for c in same) for m, each in by_metric.items()}
        reached = {metric: () if value is None else (value,) for metric, value in means.items()}
        yield from _hold_marks(ALL_CASES, baseline.means, reached)
    else:
        text = "Not the cases of the baseline: means are not held against floors."
        yield GateLine(ALL_CASES, Outcome.NOTED, text)
    for case, marks in baseline.cases.items():
        if case in same:
            yield from _hold_marks(case, marks, {m: e.get(case, ()) for m, e in by_metric.items()})


def _hold_marks(about: str, marks: Marks, reached: Mapping[str, Samples]) -> Iterator[GateLine]:
    for metric, mark in marks.items():
        known, samples, floor = metric_of(metric), reached.get(metric, ()), mark.floor
        if floor is None:
            continue
        value, shaky = mean(samples), straddles(samples, floor)
        below = value is None or falls_short(metric, value, floor)
        least_or_most = "at least" if known.higher_is_better else "at most"
        shown = "nothing to count" if value is None else f"{value:.3f}"
        text = f"{known.title}: {shown}, {least_or_most} {floor:.3f} wanted"
        text += f"; unstable: {len(samples)} samples lie on both sides." if shaky else "."
        outcome = Outcome.FAILED if below else Outcome.PASSED
        yield GateLine(about, outcome, text, metric, value, floor, shaky)


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
    run: Run, name: str, previous: Baseline | None = None, *, allow_regression: bool = False
) -> Blessing:
    """Make the floors of a baseline from a run, where ``previous`` is what it is now.

    A run that is broken, or whose judge was not tested, is a UsageError; so is a floor that would
    fall, unless that is allowed. A floor that the run keeps to is never lowered.
    """
    _check_run(run)
    fresh = _make_baseline(run, name)
    if previous is None:
        return Blessing(baseline=fresh, new=tuple(run.digests))
    gone = tuple(case for case in previous.digests if case not in run.digests)
    # What a run can be held to: floors of those cases and that judge that are still the same.
    apart = set[str]()
    if (run.judge, run.planted) != (previous.judge, previous.planted):
        apart.add(JUDGE)
    if run.digests.keys() != previous.digests.keys():
        apart.add(ALL_CASES)
    lines = gate(run, previous).lines
    held = [line for line in lines if line.floor is not None and line.about not in apart]
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
    if not run.results:
        raise UsageError("The run has no results.", hint="`summarize eval run` makes one.")
    if broken := results.failures(run):
        raise UsageError(
            f"The run is not whole: {some(list(broken), FLOORS_NAMED)} failed.",
            hint="Run again until nothing fails: floors of half a run would be too low.",
        )
    if not is_tested(run):
        raise UsageError(
            "The judge of the run was not tested on planted errors.",
            hint="`summarize eval run` of all cases tests it.",
        )


def _make_baseline(run: Run, name: str) -> Baseline:
    by_metric = scores(run)
    sampled = (run.engine, run.judge) != DETERMINISTIC
    case_room, mean_room = (CASE_TOLERANCE, MEAN_TOLERANCE) if sampled else (0.0, 0.0)

    def marks(values: Mapping[str, float | None], room: float) -> Marks:
        gated = [m for m in values if metric_of(m).gated or m in run.judge_metrics]
        floors = {metric: _make_floor(metric, values[metric], room) for metric in gated}
        return {metric: Mark(floors.get(metric), value) for metric, value in values.items()}

    return Baseline(
        **results.configuration(run),
        name=name,
        usage=results.total_usage(run),
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
            f"{some(gone, FLOORS_NAMED)} would lose their floors: the run has no result of them.",
            hint="Run all cases first, or drop the floors with --allow-regression.",
        )
    if lowered:
        raise UsageError(
            f"{plural(len(lowered), 'floor')} would fall: {some(lowered, FLOORS_NAMED)}.",
            hint="If that is meant, say so with --allow-regression.",
        )


def _keep_stricter_floors(fresh: Baseline, held: Sequence[GateLine]) -> Baseline:
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
