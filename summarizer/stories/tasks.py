"""Stories compared, each a task of its own, in processes.

A task is a pure function that writes one file and renames it, so the files say what is done and
whoever runs the tasks may die. Each process has one task at a time, so one that dies tells which
task was to blame.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import multiprocessing
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path

from summarizer.errors import CannotWrite, SummarizerError
from summarizer.settings import Settings
from summarizer.stories.store import Entry, read_lines, write_whole
from summarizer.types import Article, DiffReport
from summarizer.version import __version__

MOST_ARTICLES = 60
"""Articles of one story that are compared, the first of each outlet before a second one; a story
of more is a subject and no event, and says how many were left out."""

DIED_TWICE = "its worker died twice. Look at its articles, or take them out of the input."

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

    @property
    def page(self) -> Path:
        """Where its report stands as a page."""
        return Path(self.target.removesuffix(".json.gz") + ".html")


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
    """How a run of tasks ended: with what it cost in US dollars and how many tasks are left."""

    outcomes: tuple[Outcome, ...] = ()
    cost: float = 0.0
    left: int = 0
    is_capped: bool = False

    @property
    def made(self) -> int:
        """How many reports there are now, or how many tasks were estimated."""
        return sum(not (each.error or each.queued) for each in self.outcomes)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Those without a report."""
        return tuple(each for each in self.outcomes if each.error)

    @property
    def partial(self) -> tuple[Outcome, ...]:
        """Those whose report lacks something."""
        return tuple(each for each in self.outcomes if each.missing)


def make_task(
    story: str, entries: Sequence[Entry], articles: Path, reports: Path, settings: Settings
) -> Task:
    """Return the task of a story; its file's name changes with what is compared and how."""
    seen = Counter[str]()
    ranked: list[tuple[int, int]] = []  # The first article of each outlet, then the second ones.
    for place, entry in enumerate(entries):
        seen[entry.outlet.casefold()] += 1
        ranked.append((seen[entry.outlet.casefold()], place))
    places = sorted(place for _, place in sorted(ranked)[:MOST_ARTICLES])
    chosen = [entries[place] for place in places]
    keys = [entry.key for entry in chosen]
    plan = [__version__, settings.engine, settings.judge, settings.model, *keys]
    digest = hashlib.sha256(json.dumps(plan).encode()).hexdigest()[:12]
    return Task(
        story=story,
        articles=str(articles),
        lines=tuple((entry.start, entry.length) for entry in chosen),
        left_out=len(entries) - len(chosen),
        target=str(reports / story[:2] / f"{story}.{digest}.json.gz"),
        settings=settings,
    )


def compare(task: Task, make: Diff | None = None) -> Outcome:
    """Compare a story, by ``pipeline.diff`` or ``make``, and write its report and its page."""
    from summarizer.pipeline import diff
    from summarizer.render.html import to_html
    from summarizer.render.records import to_json

    if task.is_done:
        return Outcome(task.story)
    articles = read_lines(Path(task.articles), task.lines)
    try:
        report = (make or diff)(articles, task.settings)
        if task.left_out:
            note = f"{task.left_out} more articles of this story were not compared"
            report = replace(report, warnings=(*report.warnings, note))
        write_whole(task.page, to_html(report).encode("utf-8", "replace"))
        packed = gzip.compress(to_json(report).encode("utf-8", "replace"), mtime=0)
        write_whole(Path(task.target), packed)
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

    articles = read_lines(Path(task.articles), task.lines)
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
    max_cost: float | None = None,
    progress: Progress = lambda stage, done, total: None,
    work: Callable[[Task], Outcome] = compare,
) -> Summary:
    """Do the tasks whose reports are not there yet, in processes.

    ``max_cost`` is the cap on what all tasks may cost together in US dollars, ``work`` does a task.
    """
    waiting = [task for task in reversed(tasks) if not task.is_done]
    run = _TaskRun(waiting, len(tasks), workers, max_cost, progress, work)
    with ThreadPoolExecutor(workers) as threads:
        try:
            for lane in [threads.submit(run.do_tasks) for _ in range(workers)]:
                lane.result()
        finally:
            run.waiting.clear()  # where one of them ends with an error, so do the others
    failed = sum(bool(outcome.error) for outcome in run.outcomes)
    return Summary(
        outcomes=tuple(run.outcomes),
        cost=run.cost,
        left=sum(not task.is_done for task in tasks) - failed,
        is_capped=max_cost is not None and run.cost >= max_cost,
    )


@dataclass(slots=True)
class _TaskRun:
    """What is waiting, the next one last, what came of the rest, and what it cost."""

    waiting: list[Task]
    count: int
    workers: int
    cap: float | None
    progress: Progress
    work: Callable[[Task], Outcome]
    had: int = 0
    cost: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.had = self.count - len(self.waiting)
        self.progress("comparing stories", self.had, self.count)

    def do_tasks(self) -> None:
        """Do tasks until none waits, in a process that nobody else gives tasks to."""
        process = open_executor(1)
        try:
            while task := self._next_task():
                outcome = Outcome(task.story, DIED_TWICE)
                for _ in range(2):
                    try:
                        outcome = process.submit(self.work, task).result()
                        break
                    except BrokenProcessPool:
                        process = open_executor(1)
                self._note(outcome)
        finally:
            process.shutdown(wait=False, cancel_futures=True)

    def _next_task(self) -> Task | None:
        """Return a task, which may cost no more than its share of what is left."""
        with self._guard:
            left = math.inf if self.cap is None else self.cap - self.cost
            if left <= 0 or not self.waiting:
                return None
            task = self.waiting.pop()
        if self.cap is None:
            return task
        return replace(task, settings=replace(task.settings, max_cost=left / self.workers))

    def _note(self, outcome: Outcome) -> None:
        with self._guard:
            self.outcomes.append(outcome)
            self.cost += outcome.cost
            if outcome.hopeless:
                self.waiting.clear()
            self.progress("comparing stories", self.had + len(self.outcomes), self.count)


def open_executor(workers: int) -> Executor:
    """Return so many processes, which end with this one."""
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _end_with_parent)


def _end_with_parent() -> None:
    """End with the process that started this one, and do not work beside the run after it."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def default_workers() -> int:
    """Return how many processes work when nobody says: one for each core."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def remove_stale(tasks: Iterable[Task]) -> None:
    """Remove reports of earlier versions of stories whose new report is there."""
    for task in (task for task in tasks if task.is_done):
        target = Path(task.target)
        for path in target.parent.glob(f"{task.story}.*"):
            if path.name not in {target.name, task.page.name}:
                path.unlink(missing_ok=True)
