"""Which stage a difference between two runs comes from.

One stage at a time is taken from the run after and all others from the run before, with the
answers that both were given: what changes then is that stage's doing. What the run before gives
under the present code and did not give then is the doing of the code between the stages, the
deciding. What is left, stages do only together. A stage is swapped where it is answered, at the
desk, and not among stored answers: what a judge is asked depends on what was extracted.
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
from summarizer.evals.reproduce import desk_of, remade
from summarizer.evals.runs import Task, run_at, seated
from summarizer.evals.scores import NOTHING, samples_per_case, scores
from summarizer.evals.stored import code_digest
from summarizer.evals.types import CaseResult, Run
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
    Stage.ALIGNMENT: ("reader", "align_claims"),
}
_ASKED = ("model", "base_url", "max_output_tokens", "temperature", "reasoning_effort", "recordings")


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
        swap = _Swap(stack, (before, after), settings, env)
        made = _made(swap, same, differing, progress)
    every = {case.name: tuple(_shares(case.name, before, after, made)) for case in same}
    return Attribution(
        differing=differing,
        cases={case: tuple(filter(_differs, shares)) for case, shares in every.items()},
        metrics=tuple(_means(every)),
        unknown=_unknown(made),
    )


def differing_stages(before: Run, after: Run) -> tuple[Stage, ...]:
    """Return the stages that two runs made otherwise; code that changed is the deciding's."""
    found = [s for s in ANSWERED if _configuration(before, s) != _configuration(after, s)]
    return (*found, *([Stage.DECIDING] if before.code != code_digest() else []))


def _configuration(run: Run, stage: Stage) -> tuple[object, ...]:
    """Return all that the answers of a stage depend on besides what it is asked about."""
    who = run.judge if stage is Stage.VERIFICATION else run.engine
    length = run.settings.get("sentences") if stage is Stage.EXTRACTION else None
    if who in ("lexical", "extractive"):
        return who, length
    names = _PROMPTS.get(stage)
    hashes = [
        each
        for each in run.prompts.items()
        if (each[0] in names if names else not _of_engine(each[0]))
    ]
    asked = [run.settings.get(name) for name in (*_ASKED, "chunk_tokens")]
    decider = run.settings.get("decisions_model") if who == "decisions" else None
    return who, length, tuple(sorted(hashes)), tuple(asked), decider


def _of_engine(prompt: str) -> bool:
    return any(prompt in names[1:] for names in _PROMPTS.values())


Made = Mapping[Stage, Mapping[str, tuple[CaseResult, ...]]]
"""What came of each case with one stage as after; with deciding, with none."""


def _made(
    swap: _Swap, cases: Sequence[CaseFolder], differing: Sequence[Stage], progress: Progress
) -> Made:
    stages = [Stage.DECIDING, *(stage for stage in differing if stage is not Stage.DECIDING)]
    made: dict[Stage, dict[str, tuple[CaseResult, ...]]] = {stage: {} for stage in stages}
    total = len(cases) * len(stages)
    for done, (case, stage) in enumerate((case, stage) for case in cases for stage in stages):
        progress("cases", done, total)
        made[stage][case.name] = swap.run(case, stage)
    return made


def _shares(case: str, before: Run, after: Run, made: Made) -> Iterator[Shares]:
    """Yield the shares of each metric that a case has in both runs."""
    then, now = _values(before, case), _values(after, case)
    found: dict[Stage, dict[str, float | None]] = {}
    for stage, by_case in made.items():
        # What broke off for want of an answer counts as nothing.
        whole = () if any(each.failures for each in by_case[case]) else by_case[case]
        found[stage] = _values(replace(before, results=whole), case)
    for metric in in_order(then):
        was, became = then[metric], now.get(metric)
        if was is None or became is None:
            continue
        base = found[Stage.DECIDING].get(metric)
        shares: dict[Stage, float | None] = {
            stage: _less(found[stage].get(metric), base) if stage in found else 0.0
            for stage in ANSWERED
        }
        shares[Stage.DECIDING] = _less(base, was)
        yield Shares(metric=metric, before=was, after=became, shares=shares)


def _differs(shares: Shares) -> bool:
    return abs(shares.difference) > NEGLIGIBLE


def _less(value: float | None, base: float | None) -> float | None:
    return None if value is None or base is None else value - base


def _values(run: Run, case: str) -> dict[str, float | None]:
    return {metric: each.get(case, NOTHING).value for metric, each in scores(run).items()}


def _means(by_case: Mapping[str, tuple[Shares, ...]]) -> Iterator[Shares]:
    every = [each for found in by_case.values() for each in found]
    for metric in in_order(each.metric for each in every):
        of_metric = [each for each in every if each.metric == metric]
        if not any(map(_differs, of_metric)):
            continue
        yield Shares(
            metric=metric,
            before=fmean(each.before for each in of_metric),
            after=fmean(each.after for each in of_metric),
            shares={stage: _mean([each.shares[stage] for each in of_metric]) for stage in Stage},
        )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if len(known) == len(values) else None


def _unknown(made: Made) -> dict[Stage, tuple[str, ...]]:
    lacking: dict[Stage, tuple[str, ...]] = {
        stage: tuple(case for case, results in found.items() if any(r.failures for r in results))
        for stage, found in made.items()
    }
    return {stage: cases for stage, cases in lacking.items() if cases}


class _Swap:
    """Two runs at their desks, and the desks between them."""

    def __init__(
        self,
        stack: ExitStack,
        runs: tuple[Run, Run],
        settings: Settings,
        env: Mapping[str, str],
    ) -> None:
        recorded = [str(run.settings.get("recordings") or "") for run in runs]
        others = recorded[::-1]
        self.samples = max(map(samples_per_case, runs))
        self.settings = [
            remade(run, settings, other) for run, other in zip(runs, others, strict=True)
        ]
        self._desks = [
            stack.enter_context(desk_of(run, settings, fallback=other, env=env))
            for run, other in zip(runs, others, strict=True)
        ]

    def run(self, case: CaseFolder, stage: Stage) -> tuple[CaseResult, ...]:
        """Run a case as before, with one stage as after; with deciding, nothing is."""
        return tuple(self._run(Task(case, sample), stage) for sample in range(self.samples))

    def _run(self, task: Task, stage: Stage) -> CaseResult:
        before, after = (
            seated(desk, settings, task.sample)
            for desk, settings in zip(self._desks, self.settings, strict=True)
        )
        session = before.session or after.session
        desk = Desk(
            engine=(after if stage is Stage.EXTRACTION else before).engine,
            aligner=(after if stage is Stage.ALIGNMENT else before).aligner,
            judge=(after if stage is Stage.VERIFICATION else before).judge,
            jobs=before.jobs,
            session=session,
        )
        return run_at(task, self.settings[stage is Stage.EXTRACTION], desk)


def worsened(shares: Shares) -> bool:
    """Return whether the metric got worse."""
    return metric_of(shares.metric).gain(shares.difference) < 0


def stage_rows(found: Attribution) -> list[Shares]:
    """Return the metrics whose difference is worth a row; JSON has all."""
    return [each for each in found.metrics if abs(each.difference) >= CASE_TOLERANCE]


def is_blamed(each: Shares, stage: Stage) -> bool:
    """Return whether a metric got noticeably worse, most of it by that stage's doing."""
    return worsened(each) and abs(each.difference) >= CASE_TOLERANCE and each.stage is stage
