"""Tasks in processes that die: nothing is done twice, and only the guilty one is named."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.settings import Settings
from summarizer.stories.store import Folder, read_lines, write_whole
from summarizer.stories.tasks import DIED_TWICE, Outcome, Task, make_task, run_tasks
from tests.support.articles import FIRE

pytestmark = pytest.mark.slow


def tasks(folder: Path, count: int) -> list[Task]:
    return [
        Task(f"{n:02}", "", (), 0, str(folder / f"{n:02}.json.gz"), Settings())
        for n in range(count)
    ]


def _write(task: Task) -> Outcome:
    """Do a task's work: a line for each time it is done, and none where it is."""
    if task.is_done:
        return Outcome(task.story)
    log = Path(task.target).parent / "log"
    with log.open("a") as stream:
        stream.write(f"{task.story}\n")
    write_whole(Path(task.target), b"done")
    return Outcome(task.story, cost=0.1)


def write_or_die(task: Task) -> Outcome:
    """Die by SIGKILL where the story is the poisonous one."""
    if task.story == "05":
        os.kill(os.getpid(), signal.SIGKILL)
    return _write(task)


def die_once(task: Task) -> Outcome:
    """Die by SIGKILL the first time that the story is tried."""
    mark = Path(task.target).parent / "tried"
    if task.story == "03" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01)
    return _write(task)


def done(folder: Path) -> list[str]:
    return sorted((folder / "log").read_text().split())


def test_a_task_that_kills_its_worker_is_named_and_no_other(tmp_path: Path) -> None:
    made = tasks(tmp_path, 12)
    summary = run_tasks(made, workers=2, work=write_or_die)
    assert [outcome.story for outcome in summary.failed] == ["05"]
    assert summary.failed[0].error == DIED_TWICE
    assert summary.left == 0
    assert done(tmp_path) == [f"{n:02}" for n in range(12) if n != 5]


def test_a_worker_that_is_killed_costs_nothing_but_its_task_once_more(tmp_path: Path) -> None:
    made = tasks(tmp_path, 12)
    summary = run_tasks(made, workers=2, work=die_once)
    assert summary.failed == ()
    assert summary.left == 0
    assert done(tmp_path) == [f"{n:02}" for n in range(12)]


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    made = tasks(tmp_path, 6)
    run_tasks(made[:4], workers=1, work=_write)
    told: list[tuple[int, int]] = []
    run_tasks(made, workers=1, work=_write, progress=lambda _, a, b: told.append((a, b)))
    assert done(tmp_path) == [f"{n:02}" for n in range(6)]
    assert told[0] == (4, 6)
    assert told[-1] == (6, 6)


def test_the_cap_on_cost_is_kept_and_the_rest_is_counted(tmp_path: Path) -> None:
    summary = run_tasks(tasks(tmp_path, 30), workers=1, max_cost=0.55, work=_write)
    assert summary.left > 20
    assert summary.cost <= 0.55 + 2 * 0.1
    assert summary.failed == ()


def test_the_task_of_a_story_changes_with_its_members_and_settings(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    entries = [folder.add(article) for article in FIRE]
    kept = [entry for entry in entries if entry is not None]
    assert folder.add(FIRE[0]) is None
    first = make_task("s", kept, folder.articles, folder.reports, Settings())
    assert first == make_task("s", kept, folder.articles, folder.reports, Settings())
    fewer = make_task("s", kept[:2], folder.articles, folder.reports, Settings())
    other = make_task("s", kept, folder.articles, folder.reports, replace(Settings(), model="m"))
    assert len({first.target, fewer.target, other.target}) == 3


def test_a_line_cut_off_by_a_kill_is_dropped(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for article in FIRE[:2]:
        folder.add(article)
    with folder.articles.open("ab") as stream:
        stream.write(b'{"key": "half a li')
    again = Folder(tmp_path)
    assert list(again.entries) == list(folder.entries)
    assert again.add(FIRE[2]) is not None
    last = Folder(tmp_path)
    lines = [(entry.start, entry.length) for entry in last.entries.values()]
    kept = read_lines(last.articles, lines)
    assert [article.text for article in kept] == [article.text for article in FIRE]
