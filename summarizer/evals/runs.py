"""Run the cases and score what comes out: stored scores first, the rest as quickly as it goes.

The offline engine is a matter of this machine: its cases go to as many processes as there are
processors. A model's cases go one after the other, each with as many requests under way as
``jobs`` says, so that one account of tokens and one cap on cost hold for the whole run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from summarizer.compare import create_aligner
from summarizer.compare.judges import create_judge
from summarizer.engines import create_engine
from summarizer.errors import NotRecorded, ServiceError, Unreachable, UsageError
from summarizer.evals.cases import AnyCase, read_case
from summarizer.evals.metrics import score
from summarizer.evals.planted import PLANTED, planted_digest, planted_set, summed, try_judge
from summarizer.evals.reproduce import made_with, prompt_texts
from summarizer.evals.stored import Scores, code_digest, open_scores
from summarizer.evals.types import Case, CaseResult, Ratio, Run
from summarizer.pipeline import Desk, Progress, diff, open_desk, silent
from summarizer.settings import Settings
from summarizer.types import DiffReport, Failure, Usage

Warn = Callable[[str], None]


WORTH_A_POOL = 3
"""Jobs from which starting processes, half a second each, is won back."""

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Task:
    """One case to be run once; ``scorers`` is a file with metrics of the user's own."""

    case: AnyCase
    sample: int = 0
    scorers: Path | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """Where the errors are that a judge is tested on, and who is told if it cannot be."""

    folder: Path
    warn: Warn


def run_cases(
    cases: Sequence[AnyCase],
    settings: Settings,
    *,
    samples: int = 1,
    planted: Path | None = None,
    record: Path | None = None,
    scorers: Path | None = None,
    progress: Progress = silent,
    warn: Warn = lambda message: None,
    env: Mapping[str, str] = os.environ,
) -> Run:
    """Run cases, each several times if a model is asked, and score every report.

    Args:
        cases: What to run; a ``CaseFolder`` is read only if its score is not stored.
        settings: What to run with.
        samples: How often each case is run. The offline engine always says the same, so its
            cases are run once.
        planted: The folder of planted errors that the judge is tested on; None leaves it
            untested.
        record: Where the answers that the run needed are written to, to be replayed.
        scorers: A file of Python with metrics of the user's own.
        progress: Told how many runs are done.
        warn: Told what the user should know.
        env: The environment, for the key and the server's address.

    Raises:
        UsageError: A case, or the settings, cannot be used.
        ServiceError: Not one case could be run, or none of those that follow could be.
        BudgetReached: The cap on cost was reached; the answers that came are kept.
    """
    with (
        open_desk(settings, env=env, warn=warn) as desk,
        open_scores(settings, desk, scorers=scorers, anew=record is not None) as scores,
    ):
        if record is not None:
            _recordable(desk, settings)
        tasks = tasks_of(cases, desk, samples, scorers)
        trial = Trial(planted, warn) if planted and planted.is_dir() else None
        results = _results(tasks, settings, desk, scores, progress)
        _refuse_nothing(results)
        before = desk.usage(0.0)
        judge_metrics = _judge_metrics(trial, cases, settings, desk, scores)
        judge_usage = _since(before, desk.usage(0.0))
        if record is not None and desk.session is not None:
            desk.session.cache.record(record)
        return Run(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            engine=desk.engine.name,
            judge=desk.judge.name,
            model=desk.model,
            code=code_digest(),
            prompts=dict(desk.prompts),
            digests={case.name: case.digest for case in cases},
            results=results,
            judge_metrics=judge_metrics,
            judge_usage=judge_usage,
            planted=planted_set(trial.folder) if trial and judge_metrics else "",
            settings=made_with(settings, desk),
            texts=prompt_texts(desk),
        )


def tasks_of(
    cases: Sequence[AnyCase], desk: Desk, samples: int, scorers: Path | None = None
) -> list[Task]:
    """Return what is to be run: each case once, or several times where a model answers."""
    times = samples if desk.session is not None else 1
    return [Task(case, sample, scorers) for case in cases for sample in range(times)]


def seated(desk: Desk, settings: Settings, sample: int = 0) -> Desk:
    """Return a desk for one more run over the same connection, with nothing failed at it yet.

    Args:
        desk: Who works.
        settings: What they work with.
        sample: Which of several answers to one question they are to get, from 0.
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


def run_case(task: Task, settings: Settings, desk: Desk) -> CaseResult:
    """Run one case once and score it.

    Raises:
        ServiceError: What failed would fail with every other case too.
        BudgetReached: The cap on cost does not allow another request.
    """
    return run_at(task, settings, seated(desk, settings, task.sample))


def run_at(task: Task, settings: Settings, desk: Desk) -> CaseResult:
    """Run one case once at a desk that is set for it. Errors are those of ``run_case``."""
    case, name = read_case(task.case), task.case.name
    before = desk.usage(0.0)
    try:
        report = diff_case(case, settings, desk)
    except ServiceError as error:
        if error.hopeless:
            raise
        failed = (f"{type(error).__name__}: {error.message}",)
        return CaseResult(case=name, sample=task.sample, metrics={}, failures=failed)
    usage = _since(before, report.usage)
    if not usage.calls:
        _raise_where_nobody_is_there(desk)
    return CaseResult(
        case=name,
        sample=task.sample,
        metrics=score(case, report, task.scorers),
        usage=usage,
        failures=tuple(map(_failure_text, report.failures)),
    )


def _recordable(desk: Desk, settings: Settings) -> None:
    """Refuse to record what is not asked or not stored.

    Raises:
        UsageError: There would be nothing to record.
    """
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


def _raise_where_nobody_is_there(desk: Desk) -> None:
    """Raise where a case was asked about and nobody answered: so will it be with the others.

    Raises:
        Unreachable: The server is not there.
    """
    gone = [error for error in desk.errors if isinstance(error, Unreachable)]
    if gone and len(gone) == len(desk.errors):
        raise gone[0]


def _results(
    tasks: Sequence[Task], settings: Settings, desk: Desk, scores: Scores, progress: Progress
) -> tuple[CaseResult, ...]:
    found = {i: scores.get(t.case.name, t.case.digest, t.sample) for i, t in enumerate(tasks)}
    results = {i: result for i, result in found.items() if result is not None}
    missing = [i for i in found if i not in results]
    progress("cases", len(results), len(tasks))
    made = _each(_run_task, [tasks[i] for i in missing], settings, desk)
    for i, result in zip(missing, made, strict=True):
        scores.put(result, tasks[i].case.digest)
        results[i] = result
        progress("cases", len(results), len(tasks))
    return tuple(results[i] for i in range(len(tasks)))


def _judge_metrics(
    trial: Trial | None, cases: Sequence[AnyCase], settings: Settings, desk: Desk, scores: Scores
) -> Mapping[str, Ratio]:
    """Return how the judge does on planted errors; nothing where it could not be tested."""
    if trial is None:
        return {}
    digests = [planted_digest(case, trial.folder) for case in cases]
    known = [scores.ratios(PLANTED, digest) for digest in digests]
    missing = [i for i, ratios in enumerate(known) if ratios is None]
    made = _each(partial(_try_case, trial.folder), [cases[i] for i in missing], settings, desk)
    try:
        for i, ratios in zip(missing, made, strict=True):
            scores.put_ratios(PLANTED, digests[i], ratios)
            known[i] = dict(ratios)
    except ServiceError as error:
        trial.warn(f"The judge could not be tested on planted errors: {error.message}")
        return {}
    return summed(ratios for ratios in known if ratios is not None)


def _run_task(settings: Settings, desk: Desk, task: Task) -> CaseResult:
    return run_case(task, settings, desk)


def _try_case(folder: Path, settings: Settings, desk: Desk, case: AnyCase) -> Mapping[str, Ratio]:
    return try_judge(seated(desk, settings).judge, case, folder)


def _each(
    work: Callable[[Settings, Desk, T], R], jobs: Sequence[T], settings: Settings, desk: Desk
) -> Iterator[R]:
    """Yield the result of each job in order: a model's one by one, others in several processes."""
    processors = os.cpu_count() or 1
    if desk.session is not None or len(jobs) < WORTH_A_POOL or processors == 1:
        yield from (work(settings, desk, job) for job in jobs)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Started afresh and not forked: a fork takes locks along that other threads hold.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(len(jobs), processors), mp_context=context) as pool:
        yield from pool.map(partial(_at_own_desk, work, settings), jobs)


def _at_own_desk(work: Callable[[Settings, Desk, T], R], settings: Settings, job: T) -> R:
    """Do a job in a process of the pool."""
    try:
        with open_desk(settings, env={}) as desk:
            return work(settings, desk, job)
    except UsageError as error:
        # Errors that are made of other things than their message do not survive the way home.
        raise UsageError(error.message, error.hint) from None


def _refuse_nothing(results: Sequence[CaseResult]) -> None:
    """Raise what went wrong where no case came to a report."""
    if results and not any(result.metrics for result in results):
        failure = results[0].failures[0]
        raise ServiceError(
            f"Not one case could be run. {results[0].case}: {failure}",
            hint="Take the prompts and settings of the recording, or record again: --record."
            if NotRecorded.__name__ in failure
            else "Run `summarize doctor`: it tells what the server can do.",
        )


def _failure_text(failure: Failure) -> str:
    about = failure.article.outlet if failure.article else "all articles"
    return f"{failure.stage} of {about}: {failure.reason}: {failure.message}"


def _since(before: Usage, after: Usage) -> Usage:
    """Return what was taken between two readings of one account."""
    known = before.cost_usd is not None and after.cost_usd is not None
    return Usage(
        calls=after.calls - before.calls,
        cached_calls=after.cached_calls - before.cached_calls,
        input_tokens=after.input_tokens - before.input_tokens,
        cached_input_tokens=after.cached_input_tokens - before.cached_input_tokens,
        output_tokens=after.output_tokens - before.output_tokens,
        cost_usd=(after.cost_usd or 0.0) - (before.cost_usd or 0.0) if known else None,
        seconds=after.seconds,
    )
