"""Run the cases and score what comes out, or plan it: stored scores first, then the rest.

Cases go one after the other, each with as many requests under way as ``jobs`` says, so that one
account of tokens and one cap on cost hold for the whole run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.compare import create_aligner
from summarizer.compare.judges import create_judge
from summarizer.engines import create_engine
from summarizer.errors import NotRecorded, ServiceError, SummarizerError, Unreachable, UsageError
from summarizer.evals.cases import Case, CaseFolder, files_digest
from summarizer.evals.judging import add_up, planted_claims, try_judge
from summarizer.evals.metrics import score
from summarizer.evals.provenance import (
    StoredScores,
    Task,
    code_digest,
    kept_prompts,
    kept_settings,
    open_scores,
)
from summarizer.evals.results import CaseResult, Run, add_usage, save_recordings
from summarizer.pipeline import Desk, Plan, Progress, diff, open_desk, plan, rehearsal, silent
from summarizer.settings import Settings
from summarizer.types import DiffReport

if TYPE_CHECKING:
    from summarizer.llm.costs import StageUse


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

    def tasks(self, cases: Sequence[CaseFolder], desk: Desk) -> list[Task]:
        """Return what is to be run: each case once, or several times where a model answers."""
        times = self.samples if desk.session is not None else 1
        return [Task(case, sample, self.scorers) for case in cases for sample in range(times)]

    def tests(self, cases: Sequence[CaseFolder]) -> list[Task]:
        """Return the trials of the judge on the planted errors of each case, if there are any."""
        there = self.planted is not None and self.planted.is_dir()
        return [Task(case, planted=self.planted) for case in cases] if there else []


ONCE = Trial()


def run_cases(
    cases: Sequence[CaseFolder],
    settings: Settings,
    trial: Trial = ONCE,
    *,
    progress: Progress = silent,
    warn: Callable[[str], None] = lambda message: None,
) -> Run:
    """Run cases and score every report; a case is read only if its score is not stored.

    Raises:
        UsageError: A case, or the settings, cannot be used.
        ServiceError: Not one case could be run, or none of those that follow could be.
        BudgetReached: The cap on cost was reached; the answers that came are kept.
    """
    recorded = trial.record is not None
    with (
        open_desk(settings, warn=warn) as desk,
        open_scores(settings, desk, scorers=trial.scorers, anew=recorded) as scores,
    ):
        if recorded:
            _check_recordable(desk, settings)
        results = tuple(_run_tasks(trial.tasks(cases, desk), settings, desk, scores, progress))
        _check_results(results)
        tested = _test_judge(trial.tests(cases), settings, desk, scores, warn)
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
            results=results,
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
        return Desk(desk.engine, desk.aligner, desk.judge, desk.jobs)
    asker = replace(session.asker, sample=sample)
    decider = replace(session.decider, sample=sample)
    session = replace(session, asker=asker, decider=decider)
    engine, aligner, judge = desk.engine, desk.aligner, desk.judge
    if engine.model:
        engine, aligner = create_engine(asker, settings), create_aligner(asker, settings)
    if judge.prompts:
        judge = create_judge(judge.name, decider if judge.name == "decisions" else asker, settings)
    return Desk(engine, aligner, judge, desk.jobs, session)


def diff_case(case: Case, settings: Settings, desk: Desk) -> DiffReport:
    """Return the report on a case's articles. Errors are those of ``pipeline.diff``."""
    return diff([each.article for each in case.articles], settings, desk=desk)


def run_task(task: Task, settings: Settings, desk: Desk) -> CaseResult:
    """Do a task once at a desk that is set for its sample.

    Raises:
        ServiceError: What failed would fail with every other case too.
        BudgetReached: The cap on cost does not allow another request.
    """
    name = task.case.name
    if task.planted is not None:
        metrics = try_judge(desk.judge, task.case, task.planted)
        return CaseResult(case=name, sample=0, metrics=metrics)
    case, before = task.case.load(), desk.usage(0.0)
    try:
        report = diff_case(case, settings, desk)
    except ServiceError as error:
        if error.hopeless:
            raise
        failed = (f"{type(error).__name__}: {error.message}",)
        return CaseResult(case=name, sample=task.sample, metrics={}, failures=failed)
    usage = add_usage(report.usage, before, -1)
    gone = [error for error in desk.errors if isinstance(error, Unreachable)]
    if gone and not usage.calls and len(gone) == len(desk.errors):
        # Nobody answered a question about this case: so will it be with the others.
        raise gone[0]
    return CaseResult(
        case=name,
        sample=task.sample,
        metrics=score(case, report, task.scorers),
        usage=usage,
        failures=tuple(
            f"{failure.stage} of {failure.article.outlet if failure.article else 'all articles'}: "
            f"{failure.reason}: {failure.message}"
            for failure in report.failures
        ),
    )


def _run_tasks(
    tasks: Sequence[Task], settings: Settings, desk: Desk, scores: StoredScores, progress: Progress
) -> Iterator[CaseResult]:
    """Yield the result of each task in order: the stored one, or what comes of it."""
    stored = [scores.get(task) for task in tasks]
    done = len(tasks) - stored.count(None)
    progress("cases", done, len(tasks))
    for task, known in zip(tasks, stored, strict=True):
        if known is not None:
            yield known
            continue
        result = run_task(task, settings, desk_of_sample(desk, settings, task.sample))
        scores.put(result, task)
        done += 1
        progress("cases", done, len(tasks))
        yield result


def _test_judge(
    tests: Sequence[Task],
    settings: Settings,
    desk: Desk,
    scores: StoredScores,
    warn: Callable[[str], None],
) -> dict[str, Any]:
    """Return the fields of a run that say how its judge does on planted errors."""
    if not tests or tests[0].planted is None:
        return {}
    before = desk.usage(0.0)
    try:
        metrics = add_up(r.metrics for r in _run_tasks(tests, settings, desk, scores, silent))
    except ServiceError as error:
        warn(f"The judge could not be tested on planted errors: {error.message}")
        metrics = {}
    return {
        "judge_metrics": metrics,
        "judge_usage": add_usage(desk.usage(0.0), before, -1),
        "planted": files_digest(tests[0].planted) if metrics else "",
    }


def _check_recordable(desk: Desk, settings: Settings) -> None:
    """Refuse to record what is not asked or not stored."""
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
    """Raise what went wrong where no case came to a report."""
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
    """What a run would do.

    ``stored`` are the cases whose scores are known, ``computed`` the others, by name;
    ``stages`` is what the others would ask a model, ``planted`` what the test of the judge
    would, ``cases`` how many requests each case would make, by stage.
    """

    stored: tuple[str, ...]
    computed: tuple[str, ...]
    stages: tuple[StageUse, ...]
    planted: tuple[StageUse, ...]
    cases: Mapping[str, Mapping[str, int]]

    @property
    def whole(self) -> Plan:
        """All stages, to add them up."""
        return Plan((*self.stages, *self.planted))


def plan_cases(
    cases: Sequence[CaseFolder],
    settings: Settings,
    desk: Desk,
    trial: Trial = ONCE,
    progress: Progress = silent,
) -> EvalPlan:
    """Return what a run of these cases, and the test on planted errors, would do; send nothing."""
    recorded = trial.record is not None
    with open_scores(settings, desk, scorers=trial.scorers, anew=recorded) as scores:
        unknown = [task for task in trial.tasks(cases, desk) if scores.get(task) is None]
        untested = [task for task in trial.tests(cases) if scores.get(task) is None]
    computed = dict.fromkeys(task.case.name for task in unknown)
    by_case: dict[str, dict[str, StageUse]] = {}
    for done, task in enumerate(unknown if desk.session is not None else ()):
        progress("cases", done, len(unknown))
        articles = [each.article for each in task.case.load().articles]
        own = desk_of_sample(desk, settings, task.sample)
        planned = plan(articles, settings, own, compare=True)
        _add_stages(by_case.setdefault(task.case.name, {}), planned.stages)
    total: dict[str, StageUse] = {}
    for stages in by_case.values():
        _add_stages(total, stages.values())
    return EvalPlan(
        stored=tuple(case.name for case in cases if case.name not in computed),
        computed=tuple(computed),
        stages=tuple(total.values()),
        planted=plan_tests(untested, settings, desk),
        cases={case: {n: use.calls for n, use in uses.items()} for case, uses in by_case.items()},
    )


def _add_stages(total: dict[str, StageUse], stages: Iterable[StageUse]) -> None:
    for each in stages:
        total[each.stage] = total[each.stage] + each if each.stage in total else each


def plan_tests(tests: Sequence[Task], settings: Settings, desk: Desk) -> tuple[StageUse, ...]:
    """Return what trying the judge on planted errors would ask."""
    if desk.session is None or not desk.judge.prompts:
        return ()
    rehearsing, chat = rehearsal(desk.session, desk, settings)
    for task in tests:
        for article, kinds in planted_claims(task.planted or Path(), task.case):
            with suppress(SummarizerError):
                rehearsing.judge.judge(list(kinds), article)
    return chat.meter.stages()
