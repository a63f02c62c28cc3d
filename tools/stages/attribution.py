"""Which stage a difference between two runs comes from.

One stage at a time is taken from the run after and all others from the run before: what changes
then is that stage's doing. What the run before gives under the present code and did not give then
is the doing of the code between the stages, the deciding. What is left, stages do only together.
A stage is swapped where it is answered, at the desk, and not among stored answers: what a judge
is asked depends on what was extracted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean

from summarizer.evals.cases import CaseFolder
from summarizer.evals.compare import CASE_TOLERANCE
from summarizer.evals.metrics import in_order, metric_of
from summarizer.evals.results import CaseResult, Run, mean, samples_per_case, scores
from summarizer.evals.runs import code_digest, desk_of_sample, reopen_desk, run_case
from summarizer.pipeline import Desk, Progress, silent
from summarizer.settings import Settings

NEGLIGIBLE = 5e-4
"""A share smaller than this shows as zero in three decimals."""


class Stage(StrEnum):
    """The parts of a run, in its order; deciding is all that is done between the answers."""

    EXTRACTION = "extraction"
    ALIGNMENT = "alignment"
    VERIFICATION = "verification"
    DECIDING = "deciding"


ANSWERED = (Stage.EXTRACTION, Stage.ALIGNMENT, Stage.VERIFICATION)
"""The stages that an engine, an aligner or a judge answers, and that can be swapped."""

_PROMPTS = {
    Stage.EXTRACTION: ("reader", "extract_claims", "add_claims", "summarize_claims"),
    Stage.ALIGNMENT: ("reader", "align_claims", "find_conflicts"),
}
"""The prompts of the engine's stages; all others but these are the judge's."""

_ASKED = (
    "model address_sha256 max_output_tokens temperature reasoning_effort recordings chunk_tokens"
)
"""Settings that an answer depends on."""

Results = Mapping[Stage, Mapping[str, tuple[CaseResult, ...]]]
"""What came of each case with one stage as after; with deciding, with none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Where one metric's difference comes from, of one case or as the mean of several.

    ``shares`` has every stage; None where it is not known, since an answer is not stored.
    """

    metric: str
    before: float
    after: float
    shares: Mapping[Stage, float | None]

    @property
    def difference(self) -> float:
        """After less before."""
        return self.after - self.before

    @property
    def together(self) -> float | None:
        """What no stage does alone; None where a share is not known."""
        known = [share for share in self.shares.values() if share is not None]
        return self.difference - sum(known) if len(known) == len(self.shares) else None

    @property
    def stage(self) -> Stage | None:
        """The stage that did most of what the difference is; None where none did anything."""
        sign = 1 if self.difference > 0 else -1
        known = {stage: sign * share for stage, share in self.shares.items() if share is not None}
        most = max(known, key=lambda stage: known[stage], default=None)
        return most if most is not None and known[most] > NEGLIGIBLE else None

    @property
    def is_worse(self) -> bool:
        """Whether the metric got worse."""
        return metric_of(self.metric).gain(self.difference) < 0

    @property
    def is_worth_a_row(self) -> bool:
        """Whether the difference is worth reading; JSON has all."""
        return abs(self.difference) >= CASE_TOLERANCE

    def is_blamed_on(self, stage: Stage) -> bool:
        """Return whether the metric got noticeably worse, most of it by that stage's doing."""
        return self.is_worse and self.is_worth_a_row and self.stage is stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Where the differences between two runs come from.

    ``differing`` are the stages that were made otherwise at all; ``cases`` has the shares of
    every metric that differs, by case; ``metrics`` their means over those cases that have
    the metric in both runs. ``unknown`` are the cases that lack answers, by stage.
    """

    differing: tuple[Stage, ...]
    cases: Mapping[str, tuple[Shares, ...]]
    metrics: tuple[Shares, ...]
    unknown: Mapping[Stage, tuple[str, ...]]

    @property
    def rows(self) -> tuple[Shares, ...]:
        """The metrics whose difference is worth reading."""
        return tuple(each for each in self.metrics if each.is_worth_a_row)


def attribute(
    before: Run,
    after: Run,
    cases: Sequence[CaseFolder],
    settings: Settings,
    *,
    progress: Progress = silent,
    env: Mapping[str, str] = os.environ,
) -> Attribution:
    """Find out which stages the differences between two runs come from.

    Args:
        before: The run to compare with.
        after: The run that was made otherwise.
        cases: Those to look at; one that has changed since either run is left out.
        settings: Where stored answers are, and whether others may be asked for
            (``cache="offline"``: they may not).
        progress: Told how many runs of a case are done.
        env: The environment, for the key.

    Raises:
        UsageError: A run does not say what it was made with.
        ServiceError: An answer may be asked for, and every other request would fail alike.
    """
    same = [c for c in cases if before.digests.get(c.name) == after.digests.get(c.name) == c.digest]
    differing = differing_stages(before, after)
    with ExitStack() as stack:
        swap = _open_swap(stack, before, after, settings, env)
        results = _run_stages(swap, same, differing, progress)
    every = {case.name: tuple(_shares(case.name, before, after, results)) for case in same}
    lacking = {
        stage: tuple(case for case, made in by_case.items() if any(r.failures for r in made))
        for stage, by_case in results.items()
    }
    return Attribution(
        differing=differing,
        cases={case: tuple(filter(_is_different, shares)) for case, shares in every.items()},
        metrics=tuple(_means([each for shares in every.values() for each in shares])),
        unknown={stage: names for stage, names in lacking.items() if names},
    )


def differing_stages(before: Run, after: Run) -> tuple[Stage, ...]:
    """Return the stages that two runs made otherwise; code that changed is the deciding's."""
    differing = [s for s in ANSWERED if _stage_inputs(before, s) != _stage_inputs(after, s)]
    return (*differing, *([Stage.DECIDING] if before.code != code_digest() else []))


def _stage_inputs(run: Run, stage: Stage) -> tuple[object, ...]:
    """Return all that the answers of a stage depend on besides what it is asked about."""
    who = run.judge if stage is Stage.VERIFICATION else run.engine
    length = run.settings.get("sentences") if stage is Stage.EXTRACTION else None
    if who in ("lexical", "extractive"):
        return who, length
    of_engine = {prompt for names in _PROMPTS.values() for prompt in names[1:]}
    names = _PROMPTS.get(stage, run.prompts.keys() - of_engine)
    hashes = sorted((name, digest) for name, digest in run.prompts.items() if name in names)
    asked = [run.settings.get(name) for name in _ASKED.split()]
    decider = run.settings.get("decisions_model") if who == "decisions" else None
    return who, length, hashes, asked, decider


@dataclass(frozen=True, slots=True)
class _Swap:
    """Two runs at their desks: before, after. ``samples`` is how often each case is run."""

    settings: tuple[Settings, Settings]
    desks: tuple[Desk, Desk]
    samples: int

    def run(self, case: CaseFolder, stage: Stage) -> tuple[CaseResult, ...]:
        """Run a case as before, with one stage as after; with deciding, nothing is."""
        return tuple(self._run(case, sample, stage) for sample in range(self.samples))

    def _run(self, case: CaseFolder, sample: int, stage: Stage) -> CaseResult:
        before, after = (
            desk_of_sample(desk, settings, sample)
            for desk, settings in zip(self.desks, self.settings, strict=True)
        )
        desk = Desk(
            engine=(after if stage is Stage.EXTRACTION else before).engine,
            aligner=(after if stage is Stage.ALIGNMENT else before).aligner,
            judge=(after if stage is Stage.VERIFICATION else before).judge,
            jobs=before.jobs,
            session=before.session or after.session,
        )
        return run_case(case, self.settings[stage is Stage.EXTRACTION], desk, sample)


def _open_swap(
    stack: ExitStack, before: Run, after: Run, settings: Settings, env: Mapping[str, str]
) -> _Swap:
    """Open the desks of two runs; each takes recorded answers of the other where it has none."""
    first, second = _with_recordings(before, after), _with_recordings(after, before)
    first_desk, first_settings = stack.enter_context(reopen_desk(first, settings, env))
    second_desk, second_settings = stack.enter_context(reopen_desk(second, settings, env))
    return _Swap(
        (first_settings, second_settings),
        (first_desk, second_desk),
        max(map(samples_per_case, (before, after))),
    )


def _with_recordings(run: Run, other: Run) -> Run:
    files = [str(each.settings.get("recordings") or "") for each in (run, other)]
    if not files[0]:
        return run
    joined = os.pathsep.join(filter(None, files))
    return replace(run, settings={**run.settings, "recordings": joined})


def _run_stages(
    swap: _Swap, cases: Sequence[CaseFolder], differing: Sequence[Stage], progress: Progress
) -> Results:
    stages = [Stage.DECIDING, *(stage for stage in differing if stage is not Stage.DECIDING)]
    results: dict[Stage, dict[str, tuple[CaseResult, ...]]] = {stage: {} for stage in stages}
    total = len(cases) * len(stages)
    for done, (case, stage) in enumerate((case, stage) for case in cases for stage in stages):
        progress("cases", done, total)
        results[stage][case.name] = swap.run(case, stage)
    return results


def _shares(case: str, before: Run, after: Run, results: Results) -> Iterator[Shares]:
    """Yield the shares of each metric that a case has in both runs."""
    then, now = _values(before, case), _values(after, case)
    swapped: dict[Stage, dict[str, float | None]] = {}
    for stage, by_case in results.items():
        # What broke off for want of an answer counts as nothing.
        whole = () if any(each.failures for each in by_case[case]) else by_case[case]
        swapped[stage] = _values(replace(before, results=whole), case)
    for metric in in_order(then):
        was, became = then[metric], now.get(metric)
        if was is None or became is None:
            continue
        base = swapped[Stage.DECIDING].get(metric)
        shares: dict[Stage, float | None] = {
            stage: _less(swapped[stage].get(metric), base) if stage in swapped else 0.0
            for stage in ANSWERED
        }
        shares[Stage.DECIDING] = _less(base, was)
        yield Shares(metric=metric, before=was, after=became, shares=shares)


def _values(run: Run, case: str) -> dict[str, float | None]:
    return {metric: mean(each.get(case, ())) for metric, each in scores(run).items()}


def _less(value: float | None, base: float | None) -> float | None:
    return None if value is None or base is None else value - base


def _is_different(shares: Shares) -> bool:
    return abs(shares.difference) > NEGLIGIBLE


def _means(every: Sequence[Shares]) -> Iterator[Shares]:
    for metric in in_order(each.metric for each in every):
        of_metric = [each for each in every if each.metric == metric]
        if any(map(_is_different, of_metric)):
            yield Shares(
                metric=metric,
                before=fmean(each.before for each in of_metric),
                after=fmean(each.after for each in of_metric),
                shares={s: _mean_if_known([e.shares[s] for e in of_metric]) for s in Stage},
            )


def _mean_if_known(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if len(known) == len(values) else None
