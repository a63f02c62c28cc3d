"""Faults by name: what dies, fills up or is broken costs nothing that was done."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from summarizer.stories.cluster import Item, make_item
from summarizer.stories.day import count_words
from summarizer.stories.store import Entry
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


def count_or_die(main: int, entry: Entry) -> Item:
    if os.getpid() != main:
        os.kill(os.getpid(), signal.SIGKILL)
    return make_item(entry.key, f"word{entry.key} other", "en", None)


def test_words_are_counted_also_where_those_who_count_them_are_killed() -> None:
    entries = [Entry(f"{n}", "Gazette", None, None, "en", 0, 0) for n in range(4)]
    count = partial(count_or_die, os.getpid())
    items = count_words(count, entries, 1, lambda done, count: None)
    assert [item.key for item in items if len(item.terms)] == ["0", "1", "2", "3"]
