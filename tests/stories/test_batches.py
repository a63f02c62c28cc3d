"""``summarize stories --batch``: every request is answered once, or named, whatever happens."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import CannotWrite, ServiceError, UsageError
from summarizer.llm import batch as wire
from summarizer.settings import Settings
from summarizer.stories import batches, tasks
from summarizer.stories.batches import run_in_batches
from summarizer.stories.store import Folder, Part, Record
from summarizer.stories.tasks import Summary, Task, compare, make_task, run_tasks
from tests.stories.test_command import RECORDS, write_lines
from tests.support.articles import BOAT, FIRE
from tests.support.command import summarize
from tests.support.server import Batches, Fault, ModelServer
from tests.support.server.kinds import Kind

pytestmark = pytest.mark.slow

ONE_WORKER = partial(run_tasks, workers=1)

REQUESTS = 14
"""Of the two stories: five articles read and verified, and two requests about each story."""


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do tasks in this process: starting others is what takes a run of two stories its time."""
    monkeypatch.setattr(tasks, "open_executor", ThreadPoolExecutor)
    monkeypatch.setattr(batches, "FIRST_PAUSE", 0.01)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(batches=Batches()) as server:
        yield server


class Day:
    """Two stories in a folder, to be compared through batches."""

    def __init__(self, path: Path, server: ModelServer, **chosen: Any) -> None:
        self.path = path / "out"
        self.settings = Settings(
            engine="openai",
            base_url=server.url,
            cache_dir=str(path / "cache"),
            prices="1/1/1",
            retries=0,
            **chosen,
        )
        folder = Folder(self.path)
        self.tasks: list[Task] = []
        for story in (FIRE, BOAT):
            entries = [folder.add(article) for article in story]
            kept = [entry for entry in entries if entry is not None]
            quiet = replace(self.settings, max_cost=None)
            made = make_task(kept[0].key, kept, folder.articles, folder.reports, quiet)
            self.tasks.append(made)
        self.said: list[str] = []

    def run(self, **more: Any) -> Summary:
        return run_in_batches(
            self.tasks, self.path, self.settings, ONE_WORKER, say=self.said.append, **more
        )

    def reports(self) -> list[dict[str, Any]]:
        return [json.loads(gzip.decompress(Path(t.target).read_bytes())) for t in self.tasks]


def asked(server: ModelServer) -> Counter[str]:
    """Return how often each request stood in a batch that was taken."""
    assert server.batches is not None
    return Counter(server.batches.asked())


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("api", ["responses", "chat"])
def test_a_run_gives_the_reports_of_a_run_without_batches(tmp_path: Path, api: str) -> None:
    # A line feed ends a line of a file; this does not, and may stand in an answer.
    ending = Kind(name="separator", source="–", does="U+2028", write=lambda text: text + "\u2028")
    with ModelServer(batches=Batches(), apis={api}, kinds=(ending,)) as server:
        day = Day(tmp_path, server)
        summary = day.run()
        assert (summary.made, summary.failed, summary.partial, summary.left) == (2, (), (), 0)
        assert asked(server).total() == len(asked(server)) == REQUESTS
        assert server.count(path="/v1/batches") == 3
        assert summary.cost == pytest.approx(sum(_dollars(day.path)))
        assert summary.cost > 0
        sent = server.count(stage="reading") + server.count(stage="findings")
        assert sent == 0
        through = day.reports()
        for task in day.tasks:
            Path(task.target).unlink()
            # Their answers are in the cache as those of any run.
            assert compare(task).error == ""
        assert server.count(stage="reading") + server.count(stage="findings") == 0
        for one, other in zip(through, day.reports(), strict=True):
            assert one["facts"] == other["facts"]
            assert not one["failures"]
        assert not (day.path / "batches").exists()


def _dollars(path: Path) -> list[float]:
    lines = (path / "batches.jsonl").read_text().splitlines()
    return [json.loads(line)["dollars"] for line in lines]


def start(tmp_path: Path, server: ModelServer) -> subprocess.Popen[bytes]:
    write_lines(tmp_path / "day.jsonl", RECORDS)
    command = [sys.executable, "-m", "summarizer", "stories", "day.jsonl", "-o", "out"]
    return subprocess.Popen(
        [*command, "--workers", "1", "--batch", "--base-url", server.url],
        cwd=tmp_path,
        env=os.environ | {"SUMMARIZER_CACHE_DIR": str(tmp_path / "cache")},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_when(process: subprocess.Popen[bytes], come: Callable[[], bool]) -> None:
    end = time.monotonic() + 240
    while not come():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def go_on(
    tmp_path: Path, server: ModelServer, *more: str, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    args = ("day.jsonl", "-o", "out", "--workers", "1", "--batch", "--base-url", server.url, *more)
    env = {"SUMMARIZER_CACHE_DIR": str(tmp_path / "cache"), **(env or {})}
    return summarize("stories", *args, cwd=tmp_path, env=env, timeout=300)


def test_a_run_killed_while_it_waits_goes_on(tmp_path: Path, server: ModelServer) -> None:
    assert server.batches is not None
    server.batches.hold()
    kill_when(start(tmp_path, server), lambda: server.count(path="/batches/batch_1") > 0)
    left = go_on(tmp_path, server, "--batch-wait", "0")
    assert left.returncode == 5, left.stderr
    assert "Batches under way: 1. Run the same command again" in left.stderr
    assert (tmp_path / "out" / "index.html").exists()
    server.batches.hold(False)
    done = go_on(tmp_path, server)
    assert done.returncode == 0, done.stderr
    assert "2 stories compared" in done.stderr
    assert asked(server).total() == len(asked(server)) == REQUESTS


@pytest.mark.usefixtures("here")
def test_a_batch_that_was_made_and_not_noted_is_found(
    tmp_path: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(record: Record, part: Part, batch: str) -> None:
        raise KeyboardInterrupt

    day = Day(tmp_path, server)
    with monkeypatch.context() as patch:
        patch.setattr(Record, "mark_sent", die)
        with pytest.raises(KeyboardInterrupt):
            day.run()
    assert [part.batch for part in under_way(day.path / "batches")] == [""]
    assert day.run().made == 2
    assert "Batches under way from an earlier run: 1." in day.said
    assert asked(server).total() == len(asked(server)) == REQUESTS


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.CUT])
def test_a_batch_is_not_made_twice_where_the_answer_was_lost(
    tmp_path: Path, server: ModelServer, fault: Fault
) -> None:
    day = Day(tmp_path, server)
    server.order(fault, path="/v1/batches")
    server.order(fault, path="/content")
    assert day.run().made == 2
    assert asked(server).total() == len(asked(server)) == REQUESTS


@pytest.mark.usefixtures("here")
def test_lines_with_errors_are_asked_again(tmp_path: Path, server: ModelServer) -> None:
    day = Day(tmp_path, server)
    server.order(Fault.ERROR_500, times=3, stage="reading")
    server.order(Fault.RATE_LIMITED, times=2, stage="findings")
    summary = day.run()
    assert (summary.made, summary.partial) == (2, ())
    assert len(asked(server)) == REQUESTS
    assert asked(server).total() == REQUESTS + 5


@pytest.mark.usefixtures("here")
def test_a_request_that_is_never_answered_is_named(tmp_path: Path, server: ModelServer) -> None:
    day = Day(tmp_path, server)
    server.order(Fault.ERROR_500, times=None, stage="alignment")
    summary = day.run()
    assert summary.made == 2
    assert [len(outcome.missing) for outcome in summary.partial] == [1, 1]
    for outcome in summary.partial:
        assert "The server had an error" in outcome.missing[0]
    often = Counter(asked(server).values())
    assert often[1 + wire.MOST_AGAIN] == 2
    assert often[1] == len(asked(server)) - 2
    assert [report["failures"][0]["stage"] for report in day.reports()] == ["aligning"] * 2


@pytest.mark.usefixtures("here")
def test_what_is_refused_is_not_asked_again(tmp_path: Path, server: ModelServer) -> None:
    day = Day(tmp_path, server)
    server.order(Fault.REFUSAL, stage="findings")
    summary = day.run()
    assert summary.made == 2
    assert sum(len(outcome.missing) for outcome in summary.partial) == 1
    assert set(asked(server).values()) == {1}


@pytest.mark.usefixtures("here")
def test_an_answer_of_no_use_is_asked_for_once_more(tmp_path: Path, server: ModelServer) -> None:
    day = Day(tmp_path, server)
    server.order(Fault.WRONG_SHAPE, stage="alignment")
    summary = day.run()
    assert (summary.made, summary.partial) == (2, ())
    assert set(asked(server).values()) == {1}
    assert len(asked(server)) == REQUESTS + 1


@pytest.mark.usefixtures("here")
def test_a_batch_that_expires_is_taken_as_far_as_it_came(
    tmp_path: Path, server: ModelServer
) -> None:
    assert server.batches is not None
    day = Day(tmp_path, server)
    server.batches.expire(2)
    assert day.run().made == 2
    assert len(asked(server)) == REQUESTS
    assert Counter(asked(server).values()) == {1: REQUESTS - 2, 2: 2}


@pytest.mark.usefixtures("here")
def test_the_cap_holds_before_anything_is_sent(tmp_path: Path, server: ModelServer) -> None:
    day = Day(tmp_path, server, max_cost=0.0001)
    summary = day.run()
    assert (summary.made, summary.left, summary.cost, summary.is_capped) == (0, 2, 0.0, True)
    assert asked(server).total() == 0
    day.settings = replace(day.settings, max_cost=0.018)
    summary = day.run()
    assert (summary.made, summary.left, summary.is_capped) == (1, 1, True)
    assert 0 < summary.cost < 0.018
    day.settings = replace(day.settings, max_cost=None)
    assert day.run().made == 1
    assert asked(server).total() == len(asked(server)) == REQUESTS


def test_a_dry_run_says_the_cost_and_asks_nothing(tmp_path: Path, server: ModelServer) -> None:
    write_lines(tmp_path / "day.jsonl", RECORDS)
    options = ("--model", "rule-1", "--max-cost", "5", "--dry-run")
    done = go_on(tmp_path, server, *options, env={"SUMMARIZER_PRICES": "1/1/1"})
    assert done.returncode == 0, done.stderr
    assert re.search(r"2 stories would be compared for at most \$0\.0\d; nothing", done.stderr)
    assert server.requests == []
    assert not list((tmp_path / "out").rglob("*.json.gz"))


@pytest.mark.usefixtures("here")
def test_a_queue_that_is_too_long_goes_in_pieces(tmp_path: Path) -> None:
    with ModelServer(batches=Batches(limit=2)) as server:
        day = Day(tmp_path, server)
        assert day.run().made == 2
        assert asked(server).total() == len(asked(server)) == REQUESTS


@pytest.mark.usefixtures("here")
def test_a_batch_that_somebody_cancels_ends_the_run(tmp_path: Path, server: ModelServer) -> None:
    assert server.batches is not None
    day = Day(tmp_path, server)
    server.batches.hold()
    assert day.run(wait=0).left == 2
    server.batches.cancel()
    with pytest.raises(ServiceError, match="was cancelled"):
        day.run()
    server.batches.hold(False)
    assert day.run().made == 2


@pytest.mark.usefixtures("here")
def test_what_cannot_go_in_batches_is_said_at_once(tmp_path: Path, server: ModelServer) -> None:
    day = Day(tmp_path, server)
    uncached = replace(day.settings, cache="off")
    for settings in (uncached, replace(day.settings, engine="extractive", judge="lexical")):
        with pytest.raises(UsageError):
            run_in_batches(day.tasks, day.path, settings, ONE_WORKER)
    with ModelServer() as plain:
        day = Day(tmp_path / "plain", plain)
        with pytest.raises(ServiceError):
            day.run()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--batch", "--base-url", "llm:async"), "The models of llm take no batches."),
        (("--batch-wait", "5"), "Add --batch."),
    ],
)
def test_options_that_do_not_go_with_batches_are_refused_before_anything_is_read(
    tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    write_lines(tmp_path / "day.jsonl", RECORDS)
    done = summarize("stories", "day.jsonl", "-o", "out", *options, cwd=tmp_path)
    assert done.returncode == UsageError.exit_code
    assert done.stderr.count("Error:") == 1
    assert message in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_line_is_one_line_for_everybody() -> None:
    text = "one\u2028two\u0085three\nfour \u00e9"
    written = wire.Line("1", "/v1/responses", {"input": text}, 0.0).written()
    assert len(written.decode().splitlines()) == 1
    assert json.loads(written)["body"]["input"] == text


def under_way(folder: Path) -> list[Part]:
    with closing(Record(folder)) as record:
        return record.parts


def test_files_are_filled_up_to_the_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [wire.Line(str(i), ("/a", "/b")[i > 5], {}, 0.5) for i in range(8)]
    size = len(lines[0].written())
    monkeypatch.setattr(wire, "MOST_REQUESTS", 4)
    with closing(Record(tmp_path / "one")) as record:
        record.add(lines)
        assert [part.requests for part in record.parts] == [4, 2, 2]
        assert [part.cost for part in record.parts] == [2, 1, 1]
    monkeypatch.setattr(wire, "MOST_BYTES", 2 * size)
    with closing(Record(tmp_path / "other")) as record:
        record.add(lines[:5])
        sizes = [record.write_file(part).stat().st_size for part in record.parts]
    assert sizes == [2 * size, 2 * size, size]


def test_what_is_under_way_is_known_to_the_next_run(tmp_path: Path) -> None:
    def killed() -> Iterator[wire.Line]:
        yield wire.Line("3", "/a", {}, 0.5)
        raise KeyboardInterrupt

    with closing(Record(tmp_path / "batches")) as record:
        record.add([wire.Line("1", "/a", {}, 0.5), wire.Line("2", "/b", {}, 0.5)])
        record.mark_sent(record.parts[0], "batch_1")
        # A run killed while it wrote a part has sent nothing of it.
        with pytest.raises(KeyboardInterrupt):
            record.add(killed())
        first, second = record.parts
        assert (first.batch, second.batch) == ("batch_1", "")
    with closing(Record(tmp_path / "batches")) as again:
        assert again.parts == [first, second]
        assert (again.run, again.mark) == (record.run, record.mark)
        again.end(second, status="completed")
    assert under_way(tmp_path / "batches") == [first]


def test_a_full_disk_is_named_and_what_was_noted_stays(tmp_path: Path) -> None:
    with closing(Record(tmp_path / "batches")) as record:
        record.add([wire.Line("1", "/a", {}, 0.5)])
        pages = record.connection.execute("PRAGMA page_count").fetchone()[0]
        record.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(CannotWrite, match=r"batches cannot be written: .*disk is full"):
            record.add([wire.Line(str(i), "/a", {"input": "word " * 5_000}, 0.5) for i in range(9)])
        assert [part.requests for part in record.parts] == [1]
        (tmp_path / "batches.jsonl").mkdir()
        with pytest.raises(CannotWrite, match="Is a directory"):
            record.end(record.parts[0], status="completed")
    assert len(under_way(tmp_path / "batches")) == 1


def test_two_runs_do_not_work_with_the_batches_of_one_folder(tmp_path: Path) -> None:
    with closing(Record(tmp_path)), pytest.raises(UsageError, match="in use by another run"):
        Record(tmp_path)
