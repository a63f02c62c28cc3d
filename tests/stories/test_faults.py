"""Faults by name: what dies, fills up or is broken costs nothing that was done."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from summarizer.errors import UsageError
from summarizer.settings import Settings
from summarizer.stories.cluster import Item, make_item
from summarizer.stories.day import count_apart
from summarizer.stories.store import Entry, write_whole
from summarizer.stories.tasks import Outcome, Task, run_tasks
from tests.support.articles import FIRE

pytestmark = pytest.mark.slow

RECORDS = [
    {"text": article.text.replace("fire", f"fire {word}")}
    | {"outlet": article.outlet, "published": f"2031-05-{7 * number + 1:02}"}
    for number, word in enumerate(("Alder", "Birch", "Cedar", "Elder"))
    for article in FIRE
]
"""An event four times, with a week between; copies are folded, and two stories are compared."""

COMMAND = [sys.executable, "-m", "summarizer", "stories", "day.jsonl", "-o", "out"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "day.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in RECORDS))
    return tmp_path


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, "--workers", "2"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent.parent)},
    )


def reports(folder: Path) -> dict[str, int]:
    """Return when each report that is there was written."""
    return {p.name: p.stat().st_mtime_ns for p in (folder / "out/reports").rglob("[!.]*.json.gz")}


def workers(parent: int) -> Iterator[int]:
    """Yield the processes below another that are workers of a pool."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == parent and b"spawn_main" in command:
            yield int(status.parent.name)


def is_at_work(run: subprocess.Popen[bytes]) -> bool:
    return any(workers(run.pid)) or run.poll() is not None


def are_gone(processes: Sequence[int]) -> bool:
    return not any(Path(f"/proc/{each}").exists() for each in processes)


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_workers_and_runs_that_are_killed_lose_nothing_and_repeat_nothing(folder: Path) -> None:
    draw = random.Random(5)
    written: dict[str, int] = {}
    for victim in ("worker", "run", "worker"):
        run = start(folder)
        wait_for(partial(is_at_work, run))
        time.sleep(draw.uniform(1, 4))
        below = list(workers(run.pid))
        for each in below[:1] if victim == "worker" else [run.pid]:
            with suppress(ProcessLookupError):  # It has ended of itself by now.
                os.kill(each, signal.SIGKILL)
        run.communicate()
        if victim == "run":
            # Workers end with the run, so that none writes beside the next one.
            wait_for(partial(are_gone, below))
        now = reports(folder)
        assert written.items() <= now.items()
        written = now
    last = start(folder)
    last.communicate()
    assert last.returncode == 0
    assert written.items() <= reports(folder).items()
    assert len(reports(folder)) == 2


def test_a_full_disk_is_said_and_the_same_command_goes_on(folder: Path) -> None:
    for most in (3_000, 30_000):
        limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, most))
        full = subprocess.run(
            [*COMMAND, "--workers", "1"],
            cwd=folder,
            capture_output=True,
            text=True,
            preexec_fn=limit,
            check=False,
        )
        assert full.returncode in {3, 5}
        assert "cannot be written: File too large" in full.stderr
        assert "Traceback" not in full.stderr
        assert "the same command goes on" in " ".join(full.stderr.split())
    again = start(folder)
    again.communicate()
    assert again.returncode == 0
    assert len(reports(folder)) == 2


def count_or_die(entry: Entry) -> Item:
    if entry.key == "2":
        os.kill(os.getpid(), signal.SIGKILL)
    return make_item(entry.key, f"word{entry.key} other", "en", None)


def test_an_article_whose_words_kill_their_counter_has_none() -> None:
    entries = [Entry(f"{n}", "Gazette", None, None, "en", 0, 0) for n in range(4)]
    items = count_apart(count_or_die, entries, 1, lambda done, count: None)
    assert [item.key for item in items] == [entry.key for entry in entries]
    assert [item.key for item in items if not len(item.terms)] == ["2"]


def slow(task: Task) -> Outcome:
    """Write a report after a moment, and a line that it was made."""
    time.sleep(0.3)
    with (Path(task.target).parent / "log").open("a") as stream:
        stream.write(f"{task.story}\n")
    write_whole(Path(task.target), b"done")
    return Outcome(task.story)


def test_a_scheduler_that_is_lost_is_named_and_another_run_goes_on(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    begin = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--no-dashboard"]
    scheduler = subprocess.Popen(
        [*begin, "--port", str(port), "--host", "127.0.0.1"],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    serve = [sys.executable, "-m", "distributed.cli.dask_worker"]
    worker = subprocess.Popen(
        [*serve, address, "--no-dashboard", "--nthreads", "1", "--death-timeout", "120"],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    tasks = [
        Task(f"{n:02}", "", (), 0, str(tmp_path / f"{n:02}.json.gz"), Settings()) for n in range(20)
    ]

    def kill_at_five(stage: str, done: int, count: int) -> None:
        if done == 5:
            scheduler.kill()

    try:
        with pytest.raises(UsageError, match=r"No Dask scheduler.*") as caught:
            run_tasks(tasks, workers=1, cluster=address, progress=kill_at_five, work=slow)
        assert "goes on" in caught.value.hint
    finally:
        scheduler.kill()
        worker.terminate()
        scheduler.wait()
        worker.wait()
    before = {task.story for task in tasks if task.is_done}
    assert len(before) >= 5
    assert run_tasks(tasks, workers=2, work=slow).left == 0
    made = (tmp_path / "log").read_text().split()
    assert set(made) == {task.story for task in tasks}
    assert all(made.count(story) == 1 for story in before)
