"""Stories compared, each a task of its own: on this machine's processes, or on a cluster.

A task is a pure function that writes one file and renames it, so the files say what is done and
whoever runs the tasks may die. A worker that dies takes others' tasks with it: those that were
under way are asked again one at a time, and only one that fails alone is to blame.
"""

from __future__ import annotations

import concurrent.futures as futures
import gzip
import hashlib
import json
import math
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from summarizer.errors import CannotWrite, SummarizerError, UsageError
from summarizer.settings import Settings
from summarizer.stories.store import Entry, numbered, read_line, write_whole
from summarizer.types import Article, DiffReport
from summarizer.version import __version__

MOST_ARTICLES = 60
"""Articles of one story that are compared, the first of each outlet before a second one; a story
of more is a subject and no event, and says how many were left out."""

CLUSTER_WORKERS = 64
"""Workers that a cluster is taken to have at least, when tasks are given out."""

DIED_TWICE = "its worker died twice. Look at its articles, or take them out of the input."

AHEAD = 2
"""Tasks given out for each worker, so that none waits and few are lost with one that dies."""

Progress = Callable[[str, int, int], None]
Diff = Callable[[Sequence[Article], Settings], DiffReport]


@dataclass(frozen=True, slots=True)
class Task:
    """A story to be compared: where its articles' lines stand, and what is to be written."""

    story: str
    articles: str
    lines: tuple[tuple[int, int], ...]
    left_out: int
    target: str
    settings: Settings

    @property
    def is_done(self) -> bool:
        """Whether its report is there."""
        return Path(self.target).exists()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a task ended: ``error`` is "" for one whose report was written.

    ``missing`` says what the report is without, ``queued`` how many requests wait for a batch
    before there can be one.
    """

    story: str
    error: str = ""
    cost: float = 0.0
    hopeless: bool = False
    missing: tuple[str, ...] = ()
    queued: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run of tasks ended."""

    made: int
    failed: tuple[Outcome, ...]
    cost: float
    left: int
    partial: tuple[Outcome, ...] = ()
    queued: frozenset[str] = frozenset()
    is_capped: bool = False


def make_task(
    story: str, entries: Sequence[Entry], articles: Path, reports: Path, settings: Settings
) -> Task:
    """Return the task of a story; its file's name changes with what is compared and how."""
    chosen = _spread(entries)
    plan = [
        __version__,
        settings.engine,
        settings.judge,
        settings.model,
        *(entry.key for entry in chosen),
    ]
    digest = hashlib.sha256(json.dumps(plan).encode()).hexdigest()[:12]
    return Task(
        story=story,
        articles=str(articles),
        lines=tuple((entry.start, entry.length) for entry in chosen),
        left_out=len(entries) - len(chosen),
        target=str(reports / story[:2] / f"{story}.{digest}.json.gz"),
        settings=settings,
    )


def _spread(entries: Sequence[Entry]) -> list[Entry]:
    """Return the articles to compare: the first of each outlet, then the second, and so on."""
    seen: dict[str, int] = {}
    ranked = []
    for place, entry in enumerate(entries):
        outlet = entry.outlet.casefold()
        seen[outlet] = seen.get(outlet, 0) + 1
        ranked.append((seen[outlet], place, entry))
    chosen = sorted(ranked, key=lambda row: row[:2])[:MOST_ARTICLES]
    return [entry for _, _, entry in sorted(chosen, key=lambda row: row[1])]


def compare(task: Task, make: Diff | None = None) -> Outcome:
    """Compare a story, by ``pipeline.diff`` or ``make``, and write its report and its page."""
    from summarizer.pipeline import diff
    from summarizer.render.html import to_html
    from summarizer.render.json import to_json

    if task.is_done:
        return Outcome(task.story)
    articles = numbered([read_line(Path(task.articles), *line) for line in task.lines])
    target = Path(task.target)
    try:
        report = (make or diff)(articles, task.settings)
        if task.left_out:
            note = f"{task.left_out} more articles of this story were not compared"
            report = replace(report, warnings=(*report.warnings, note))
        page = target.with_name(target.name.removesuffix(".json.gz") + ".html")
        write_whole(page, to_html(report).encode("utf-8", "replace"))
        packed = gzip.compress(to_json(report).encode("utf-8", "replace"), mtime=0)
        write_whole(target, packed)
    except SummarizerError as error:
        hopeless = isinstance(error, CannotWrite) or getattr(error, "hopeless", False)
        return Outcome(task.story, f"{error.message} {error.hint}".strip(), hopeless=hopeless)
    except Exception as error:
        # One story's articles may be anything, and the others shall have their reports.
        reason = f"its articles cannot be compared ({type(error).__name__}: {error})"
        return Outcome(task.story, reason)
    missing = tuple(failure.message for failure in report.failures)
    return Outcome(task.story, cost=report.usage.cost_usd or 0.0, missing=missing)


def estimate(task: Task) -> Outcome:
    """Return what comparing a story costs at most, NaN where nobody knows; nothing is asked."""
    from summarizer.pipeline import open_desk, plan

    articles = numbered([read_line(Path(task.articles), *line) for line in task.lines])
    try:
        with open_desk(task.settings) as desk:
            planned = plan(articles, task.settings, desk, compare=True)
    except SummarizerError as error:
        return Outcome(task.story, f"{error.message} {error.hint}".strip())
    return Outcome(task.story, cost=math.nan if planned.cost is None else planned.cost)


def run_tasks(
    tasks: Sequence[Task],
    *,
    workers: int,
    cluster: str = "",
    max_cost: float | None = None,
    progress: Progress = lambda stage, done, total: None,
    work: Callable[[Task], Outcome] = compare,
) -> Summary:
    """Do the tasks whose reports are not there yet.

    Args:
        tasks: All of them.
        workers: Processes on this machine.
        cluster: The address of a Dask scheduler whose workers do them instead.
        max_cost: The cap on what all of them may cost together, in US dollars.
        progress: Told how far the run is.
        work: What does a task.

    Raises:
        UsageError: The cluster's library is missing or the cluster cannot be reached.
    """
    run = _Run(tasks, cluster, max_cost, progress, work)
    slots = (max(workers, CLUSTER_WORKERS) if cluster else workers) * AHEAD
    while run.goes_on and run.waiting:
        with _executor(workers, cluster) as executor:
            run.share_out(executor, slots)
    run.ask_alone()
    failed = tuple(outcome for outcome in run.outcomes if outcome.error)
    queued = frozenset(outcome.story for outcome in run.outcomes if outcome.queued)
    return Summary(
        made=len(run.outcomes) - len(failed) - len(queued),
        failed=failed,
        cost=run.cost,
        left=sum(not task.is_done for task in tasks) - len(failed),
        partial=tuple(outcome for outcome in run.outcomes if outcome.missing),
        queued=queued,
        is_capped=max_cost is not None and run.cost >= max_cost,
    )


class _Run:
    """What is waiting, what came of the rest, and whose worker died."""

    def __init__(
        self,
        tasks: Sequence[Task],
        cluster: str,
        max_cost: float | None,
        progress: Progress,
        work: Callable[[Task], Outcome],
    ) -> None:
        self.waiting = [task for task in reversed(tasks) if not task.is_done]
        self.outcomes: list[Outcome] = []
        self.cost = 0.0
        self._suspects: list[Task] = []
        self._hopeless = False
        self._count = len(tasks)
        self._had = len(tasks) - len(self.waiting)
        self._cluster, self._cap, self._work = cluster, max_cost, work
        self._progress = progress
        progress("comparing stories", self._had, self._count)

    @property
    def goes_on(self) -> bool:
        """Whether money is left, and asking is of any use."""
        return not self._hopeless and (self._cap is None or self.cost < self._cap)

    def share_out(self, executor: futures.Executor, slots: int) -> None:
        """Give tasks to an executor until none waits or a worker has died."""
        under_way: dict[futures.Future[Outcome], Task] = {}
        while self.goes_on and (self.waiting or under_way):
            while self.waiting and len(under_way) < slots:
                task = self.waiting.pop()
                try:
                    future = executor.submit(self._work, self._within(task, slots))
                except RuntimeError:  # It broke between two submissions.
                    self.waiting.append(task)
                    break
                under_way[future] = task
            if not under_way:
                return
            ended, _ = futures.wait(under_way, return_when=futures.FIRST_COMPLETED)
            lost = []
            for future in ended:
                task = under_way.pop(future)
                if not self._take(future, task):
                    lost.append(task)
            if lost:
                self._suspects += [*lost, *under_way.values()]
                return
        for future, task in under_way.items():
            if not future.cancel():
                self._take(future, task)

    def ask_alone(self) -> None:
        """Do the tasks that were under way when a worker died, each with nobody beside it."""
        for task in self._suspects:
            if not self.goes_on:
                return
            if task.is_done:
                self._note(Outcome(task.story))
                continue
            with _executor(1, self._cluster) as executor:
                future = executor.submit(self._work, self._within(task, 1))
                if not self._take(future, task):
                    self._note(Outcome(task.story, DIED_TWICE))

    def _take(self, future: futures.Future[Outcome], task: Task) -> bool:
        """Note what came of a task; False where its worker died."""
        try:
            self._note(future.result())
        except (KeyboardInterrupt, SystemExit):
            raise
        except (
            BaseException
        ):  # A broken pool, a lost worker or scheduler: each library has its own.
            return False
        return True

    def _note(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.cost += outcome.cost
        self._hopeless = self._hopeless or outcome.hopeless
        self._progress("comparing stories", self._had + len(self.outcomes), self._count)

    def _within(self, task: Task, slots: int) -> Task:
        """Return a task that may cost no more than its share of what is left."""
        if self._cap is None:
            return task
        share = (self._cap - self.cost) / slots
        return replace(task, settings=replace(task.settings, max_cost=share))


@contextmanager
def _executor(workers: int, cluster: str) -> Iterator[futures.Executor]:
    if not cluster:
        context = multiprocessing.get_context("spawn")
        pool = futures.ProcessPoolExecutor(workers, context, end_with_parent)
        try:
            yield pool
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "Dask is not installed.", "Install it: pip install 'newsdiff[cluster]'"
        ) from None
    try:
        client: Any = Client(cluster, timeout="20s")  # type: ignore[no-untyped-call]  # has no types
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(
            f"No Dask scheduler answers at {cluster} ({type(error).__name__}).",
            "Start one with `dask scheduler`, workers with `dask worker ADDRESS`; what was done is "
            "kept, and the same command goes on.",
        ) from None
    try:
        yield client.get_executor(pure=False, retries=0)
    finally:
        client.close()


def end_with_parent() -> None:
    """Let this process end when the one that started it is killed.

    A worker would else finish what it was given, beside the next run that makes the same.
    """
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def default_workers() -> int:
    """Return how many processes work when nobody says: one for each core."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1)


def remove_stale(tasks: Iterable[Task]) -> None:
    """Remove reports of earlier versions of stories whose new report is there."""
    for task in tasks:
        target = Path(task.target)
        if not task.is_done:
            continue
        keep = {target.name, target.name.removesuffix(".json.gz") + ".html"}
        for path in target.parent.glob(f"{task.story}.*"):
            if path.name not in keep:
                path.unlink(missing_ok=True)
