"""Run the cases and score what comes out, or plan it.

Cases go one after the other, each with as many requests under way as ``jobs`` says, so that one
account of tokens and one cap on cost hold for the whole run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from summarizer.errors import NotRecorded, ServiceError, SummarizerError, Unreachable, UsageError
from summarizer.evals.cases import Case, CaseFolder, files_digest
from summarizer.evals.judging import add_up, planted_claims, try_judge
from summarizer.evals.metrics import score
from summarizer.evals.provenance import code_digest, kept_prompts, kept_settings
from summarizer.evals.results import CaseResult, Run, save_recordings
from summarizer.pipeline import Desk, Plan, Progress, diff, open_desk, plan, rehearsal, silent
from summarizer.settings import Settings
from summarizer.types import DiffReport
from summarizer.usage import NOTHING, Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How cases are run, and what is kept of it.

    ``samples`` is how often a model is asked about each case; ``planted`` the folder of planted
    errors, if the judge is to be tested; ``scorers`` a file of Python with metrics of the user's
    own; ``record`` where the answers that the run needed are written to, to be replayed.
    """

    samples: int = 1
    planted: Path | None = None
    scorers: Path | None = None
    record: Path | None = None

    def samples_of(self, cases: Sequence[CaseFolder], desk: Desk) -> list[tuple[CaseFolder, int]]:
        """Return each case once, or several times where a model answers, with its sample."""
        times = self.samples if desk.session is not None else 1
        return [(case, sample) for case in cases for sample in range(times)]


ONCE = Trial()


def run_cases(
    cases: Sequence[CaseFolder],
    settings: Settings,
    trial: Trial = ONCE,
    *,
    progress: Progress = silent,
    warn: Callable[[str], None] = lambda message: None,
) -> Run:
    """Run cases and score every report.

    Raises:
        UsageError: A case, or the settings, cannot be used.
        ServiceError: Not one case could be run, or none of those that follow could be.
        BudgetReached: The cap on cost was reached; the answers that came are kept.
    """
    with open_desk(settings, warn=warn) as desk:
        if trial.record is not None:
            _check_recordable(desk, settings)
        results, samples = list[CaseResult](), trial.samples_of(cases, desk)
        for done, (case, sample) in enumerate(samples):
            progress("cases", done, len(samples))
            own = desk_of_sample(desk, settings, sample)
            results.append(run_case(case, settings, own, sample, trial.scorers))
        progress("cases", len(samples), len(samples))
        _check_results(results)
        tested = _test_judge(cases, trial.planted, desk, warn)
        if trial.record is not None and desk.session is not None:
            save_recordings(desk.session.cache.rows(), trial.record)
        return Run(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            engine=desk.engine.name,
            judge=desk.judge.name,
            model=desk.model,
            code=code_digest(),
            prompts=dict(desk.prompts),
            digests={case.name: case.digest for case in cases},
            results=tuple(results),
            settings=kept_settings(settings, desk),
            texts=kept_prompts(desk),
            **tested,
        )


def desk_of_sample(desk: Desk, settings: Settings, sample: int = 0) -> Desk:
    """Return a desk for one more run over the same connection, with nothing failed at it yet.

    ``sample`` is which of several answers to one question it is to get, from 0.
    """
    session = desk.session
    if session is None:
        return Desk(desk.engine, desk.aligner, desk.judge)
    asker = replace(session.asker, sample=sample)
    decider = replace(session.decider, sample=sample)
    return desk.over(replace(session, asker=asker, decider=decider), settings)


def diff_case(case: Case, settings: Settings, desk: Desk) -> DiffReport:
    """Return the report on a case's articles. Errors are those of ``pipeline.diff``."""
    return diff([each.article for each in case.articles], settings, desk=desk)


def run_case(
    folder: CaseFolder,
    settings: Settings,
    desk: Desk,
    sample: int = 0,
    scorers: Path | None = None,
) -> CaseResult:
    """Run a case once at a desk that is set for the sample, and score its report.

    Raises:
        ServiceError: What failed would fail with every other case too.
        BudgetReached: The cap on cost does not allow another request.
    """
    case, before = folder.load(), desk.usage(0.0)
    try:
        report = diff_case(case, settings, desk)
    except ServiceError as error:
        if error.hopeless:
            raise
        failed = (f"{type(error).__name__}: {error.message}",)
        return CaseResult(case=case.name, sample=sample, metrics={}, failures=failed)
    usage = report.usage - before
    gone = [error for error in desk.errors if isinstance(error, Unreachable)]
    if gone and not usage.calls and len(gone) == len(desk.errors):
        # Nobody answered a question about this case: so will it be with the others.
        raise gone[0]
    return CaseResult(
        case=case.name,
        sample=sample,
        metrics=score(case, report, scorers),
        usage=usage,
        failures=tuple(
            f"{failure.stage} of {failure.article.outlet if failure.article else 'all articles'}: "
            f"{failure.reason}: {failure.message}"
            for failure in report.failures
        ),
    )


def _test_judge(
    cases: Sequence[CaseFolder], planted: Path | None, desk: Desk, warn: Callable[[str], None]
) -> dict[str, Any]:
    if planted is None or not planted.is_dir():
        return {}
    before = desk.usage(0.0)
    try:
        metrics = add_up(try_judge(desk.judge, case, planted) for case in cases)
    except ServiceError as error:
        warn(f"The judge could not be tested on planted errors: {error.message}")
        metrics = {}
    return {
        "judge_metrics": metrics,
        "judge_usage": desk.usage(0.0) - before,
        "planted": files_digest(planted) if metrics else "",
    }


def _check_recordable(desk: Desk, settings: Settings) -> None:
    if desk.session is None:
        raise UsageError(
            "There is nothing to record: the offline engine and judge ask nobody.",
            hint="Name a model: --engine openai, with OPENAI_API_KEY or --base-url.",
        )
    if settings.cache == "off":
        raise UsageError(
            "--record and --no-cache exclude each other: what is recorded was stored.",
            hint="To ask everything again, use --refresh.",
        )


def _check_results(results: Sequence[CaseResult]) -> None:
    if results and not any(result.metrics for result in results):
        failure = results[0].failures[0]
        raise ServiceError(
            f"Not one case could be run. {results[0].case}: {failure}",
            hint="Take the prompts and settings of the recording, or record again: --record."
            if NotRecorded.__name__ in failure
            else "Run `summarize doctor`: it tells what the server can do.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalPlan:
    """What a run would ask.

    ``stages`` is what the cases would ask a model, ``planted`` what the test of the judge would,
    ``cases`` how many requests each case would make, by stage.
    """

    stages: Mapping[str, Usage]
    planted: Mapping[str, Usage]
    cases: Mapping[str, Mapping[str, int]]

    @property
    def whole(self) -> Plan:
        """All stages, to add them up."""
        return Plan({**self.stages, **{f"{stage} (test)": u for stage, u in self.planted.items()}})


def plan_cases(
    cases: Sequence[CaseFolder],
    settings: Settings,
    desk: Desk,
    trial: Trial = ONCE,
    progress: Progress = silent,
) -> EvalPlan:
    """Return what a run of these cases, and the test on planted errors, would do; send nothing."""
    total: dict[str, Usage] = {}
    by_case: dict[str, dict[str, Usage]] = {case.name: {} for case in cases}
    samples = trial.samples_of(cases, desk) if desk.session is not None else []
    for done, (case, sample) in enumerate(samples):
        progress("cases", done, len(samples))
        articles = [each.article for each in case.load().articles]
        own = desk_of_sample(desk, settings, sample)
        planned = plan(articles, settings, own, compare=True)
        for stage, used in planned.stages.items():
            for uses in (total, by_case[case.name]):
                uses[stage] = uses.get(stage, NOTHING) + used
    return EvalPlan(
        stages=total,
        planted=plan_tests(cases, trial.planted, settings, desk),
        cases={case: {n: use.calls for n, use in uses.items()} for case, uses in by_case.items()},
    )


def plan_tests(
    cases: Sequence[CaseFolder], planted: Path | None, settings: Settings, desk: Desk
) -> Mapping[str, Usage]:
    """Return what trying the judge on planted errors would ask."""
    if planted is None or desk.session is None or not desk.judge.prompts:
        return {}
    rehearsing, chat = rehearsal(desk.session, desk, settings)
    for case in cases:
        for article, kinds in planted_claims(planted, case):
            with suppress(SummarizerError):
                rehearsing.judge.judge(list(kinds), article)
    return chat.meter.stages()
