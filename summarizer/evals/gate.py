"""May a run pass? Every mean and every case against the floors of a baseline.

A mean alone hides the one case that broke; so each case has floors of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from summarizer.evals.baselines import Baseline, Marks
from summarizer.evals.judge_floors import (
    SLACK,
    TARGETS,
    Calibration,
    calibration,
    misses,
)
from summarizer.evals.metric_names import FALSE_ALARMS, metric_of
from summarizer.evals.scores import NOTHING, ByCase, Score, failures, mean, scores
from summarizer.evals.statistics import straddles
from summarizer.evals.types import Run

ALL_CASES, JUDGE, RUN = "all cases", "judge", "run"
"""What a line is about that is not about one case."""

SHOWN_OF_HASH = 12
"""Characters of a hash that tell it from another."""


class Outcome(StrEnum):
    """What a line says."""

    PASSED = "passed"
    FAILED = "failed"
    NOTED = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """One thing that was looked at.

    ``about`` is a case, or one of ``ALL_CASES``, ``JUDGE`` and ``RUN``; ``text`` says in one
    sentence what was found.
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
    calibration: Calibration
    lines: tuple[GateLine, ...]

    @property
    def passed(self) -> bool:
        """Whether no line failed."""
        return not self.failed

    @property
    def failed(self) -> tuple[GateLine, ...]:
        """The lines that failed."""
        return self._of(Outcome.FAILED)

    @property
    def noted(self) -> tuple[GateLine, ...]:
        """The lines that only say something."""
        return self._of(Outcome.NOTED)

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases that failed, in order."""
        found = [line.about for line in self.failed if line.about not in (ALL_CASES, JUDGE, RUN)]
        return tuple(dict.fromkeys(found))

    def _of(self, outcome: Outcome) -> tuple[GateLine, ...]:
        return tuple(line for line in self.lines if line.outcome is outcome)


def gate(run: Run, baseline: Baseline, *, partial: bool = False) -> GateResult:
    """Hold a run against the floors of a baseline.

    Args:
        run: What came out.
        baseline: What is to be kept up.
        partial: Whether only some cases were asked for. What a case missing from the run
            or a judge tested on a few of them would fail is then only noted.
    """
    lines = [
        *_made_otherwise(run, baseline),
        *_broken(run),
        *_judge(run, baseline, partial),
        *_corpus(run, baseline, partial),
        *_means(run, baseline),
        *_cases(run, baseline),
    ]
    floors = judge_floors(baseline) if same_trial(run, baseline) else TARGETS
    trust = calibration(run.judge_metrics, floors)
    return GateResult(baseline=baseline.name, calibration=trust, lines=tuple(lines))


def falls_short(metric: str, value: float, floor: float) -> bool:
    """Return whether a value is on the wrong side of its floor."""
    return metric_of(metric).gain(value - floor) < -SLACK


def passes(metric: str, score: Score, floor: float) -> bool:
    """Return whether a case keeps to its floor; one with nothing to count does not."""
    return score.value is not None and not falls_short(metric, score.value, floor)


def same_corpus(run: Run, baseline: Baseline) -> bool:
    """Return whether the run is of all the baseline's cases, as they were then."""
    return all(run.digests.get(case) == digest for case, digest in baseline.digests.items())


def same_trial(run: Run, baseline: Baseline) -> bool:
    """Return whether the judge of the run is the baseline's, tested on the same errors."""
    return run.judge == baseline.judge and run.planted == baseline.planted


def _made_otherwise(run: Run, baseline: Baseline) -> Iterator[GateLine]:
    """Note what else than the results is other than when the baseline was blessed."""
    for what, before, now in (
        ("engine", baseline.engine, run.engine),
        ("judge", baseline.judge, run.judge),
        ("model", baseline.model, run.model),
    ):
        if before != now:
            yield _note(RUN, f"The {what} was {before or 'none'} and is {now or 'none'}.")
    if baseline.code != run.code:
        was, now = baseline.code[:SHOWN_OF_HASH], run.code[:SHOWN_OF_HASH]
        yield _note(RUN, f"The code has changed ({was} to {now}).")
    then, since = dict(baseline.prompts), dict(run.prompts)
    changed = sorted(name for name in then | since if then.get(name) != since.get(name))
    if changed:
        yield _note(RUN, f"Other prompts than then: {', '.join(changed)}.")


def _broken(run: Run) -> Iterator[GateLine]:
    for case, messages in failures(run).items():
        more = f" And {len(messages) - 1} more." if len(messages) > 1 else ""
        yield _fail(case, f"Not run to its end: {messages[0].rstrip('.')}.{more}")


def judge_floors(baseline: Baseline) -> Mapping[str, float]:
    """Return what a judge has to keep: what was blessed, and the target where nothing was."""
    blessed = {kind: mark.floor for kind, mark in baseline.judge_metrics.items()}
    return {**TARGETS, **{kind: floor for kind, floor in blessed.items() if floor is not None}}


def _judge(run: Run, baseline: Baseline, partial: bool) -> Iterator[GateLine]:
    """Hold the judge against its floors, and say how far they are from the targets."""
    fail = _note if partial else _fail
    found, floors = run.judge_metrics, judge_floors(baseline)
    if calibration(found) is Calibration.UNTESTED:
        yield fail(JUDGE, "Not tested on planted errors, so nobody knows what its figures say.")
        return
    if run.planted != baseline.planted:
        yield fail(JUDGE, "The planted errors have changed since its floors were set: bless again.")
        return
    for kind, mark in baseline.judge_metrics.items():
        if mark.floor is not None and (kind not in found or found[kind].value is None):
            yield fail(JUDGE, f"Nothing of the kind {kind} to test it on.", kind)
    below = {miss.kind for miss in misses(found, floors)}
    for kind, floor in floors.items():
        value = found[kind].value if kind in found else None
        if value is None:
            continue
        text = _judged(kind, value, floor)
        if kind in below:
            yield fail(JUDGE, f"Uncalibrated: {text}.", kind, value, floor)
        else:
            yield _pass(JUDGE, f"{text}.", kind, value, floor)
    short = [each for each in misses(found) if each.kind not in below]
    if short:
        told = (
            f"{m.kind} {m.value:.3f} (floor {floors[m.kind]:.3f}, target {m.floor:.3f})"
            for m in short
        )
        yield _note(JUDGE, f"It keeps its floors, and misses its targets: {', '.join(told)}.")


def _judged(kind: str, value: float, floor: float) -> str:
    target = TARGETS.get(kind)
    also = "" if target is None else f", target {target:.3f}"
    if kind == FALSE_ALARMS:
        what = "of the faithful sentences turned away, at most"
    else:
        what = f"of the planted errors of the kind {kind} caught, at least"
    return f"{value:.3f} {what} {floor:.3f} wanted{also}"


def _corpus(run: Run, baseline: Baseline, partial: bool) -> Iterator[GateLine]:
    for case, digest in baseline.digests.items():
        if case not in run.digests:
            fail = _note if partial else _fail
            yield fail(case, "No result for this case, which the baseline has.")
        elif run.digests[case] != digest:
            yield _fail(case, "The case itself has changed since its floors were set: bless again.")
    for case in run.digests:
        if case not in baseline.digests:
            yield _note(case, "A new case without floors: bless to give it some.")


def _means(run: Run, baseline: Baseline) -> Iterator[GateLine]:
    if not same_corpus(run, baseline):
        yield _note(ALL_CASES, "Not the cases of the baseline: means are not held against floors.")
        return
    found = scores(run)
    for metric, mark in baseline.means.items():
        if mark.floor is None:
            continue
        each = found.get(metric, {})
        value = mean(each.get(case, NOTHING).value for case in baseline.digests)
        yield _held(ALL_CASES, metric, Score(() if value is None else (value,)), mark.floor)


def _cases(run: Run, baseline: Baseline) -> Iterator[GateLine]:
    found = scores(run)
    for case, marks in baseline.cases.items():
        if run.digests.get(case) == baseline.digests.get(case):
            yield from _case(case, marks, found)


def _case(case: str, marks: Marks, found: Mapping[str, ByCase]) -> Iterator[GateLine]:
    for metric, mark in marks.items():
        if mark.floor is not None:
            yield _held(case, metric, found.get(metric, {}).get(case, NOTHING), mark.floor)


def _held(about: str, metric: str, score: Score, floor: float) -> GateLine:
    """Return what comes of one score against its floor."""
    known = metric_of(metric)
    side = "at least" if known.higher_is_better else "at most"
    wanted = f"{side} {floor:.3f} wanted"
    if score.value is None:
        return _fail(about, f"{known.title}: nothing to count, {wanted}.", metric, None, floor)
    shaky = straddles(score.samples, floor)
    text = f"{known.title}: {score.value:.3f}, {wanted}"
    text += f"; unstable: {len(score.samples)} samples lie on both sides." if shaky else "."
    return GateLine(
        about=about,
        outcome=Outcome.PASSED if passes(metric, score, floor) else Outcome.FAILED,
        text=text,
        metric=metric,
        value=score.value,
        floor=floor,
        unstable=shaky,
    )


def _line(outcome: Outcome) -> Callable[..., GateLine]:
    def line(
        about: str,
        text: str,
        metric: str | None = None,
        value: float | None = None,
        floor: float | None = None,
    ) -> GateLine:
        return GateLine(
            about=about, outcome=outcome, text=text, metric=metric, value=value, floor=floor
        )

    return line


_pass, _fail, _note = _line(Outcome.PASSED), _line(Outcome.FAILED), _line(Outcome.NOTED)
