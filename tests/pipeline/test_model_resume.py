"""A run that is killed has paid for nothing in vain."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.report.schema import Report
from tests.support.articles import FIRE
from tests.support.command import ForkedCommand, without_settings, write_ferry
from tests.support.folders import BRIDGE
from tests.support.runs import JUDGES, content, question, run, settings, undisturbed
from tests.support.server import Fault, ModelServer, Received

pytestmark = pytest.mark.slow

DELAY = 0.1
"""Seconds for each answer: long enough to be killed between two."""

ANSWERS = 10
"""The bundled example takes a reading and a verification of each of four articles (the fifth
is a copy), one alignment and one search for conflicts."""

PATIENCE = 60
"""Seconds after which a process that does nothing is given up."""


def start(server: ModelServer, folder: Path, *more: str) -> ForkedCommand:
    """Start ``summarize diff`` on the bundled example, one request at a time unless told."""
    kept = {"SUMMARIZER_CACHE_DIR": str(folder / "kept"), "OPENAI_BASE_URL": server.url}
    files = sorted(map(str, BRIDGE.glob("*.txt")))
    args = ["diff", *files, "--json", *more]
    return ForkedCommand("summarizer", args, folder, without_settings(folder, kept))


def answered(server: ModelServer) -> list[Received]:
    """Return the requests of all runs that were answered, those about the server left out."""
    return [r for r in server.requests if r.status == 200 and r.stage not in {"", "probe"}]


def wait_for(done: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.005)


def said(out: bytes) -> dict[str, Any]:
    """Return what a report says, as ``tests.support.runs.content`` does."""
    Report.model_validate_json(out)
    return {k: v for k, v in json.loads(out).items() if k not in {"generated", "usage"}}


def finished(process: ForkedCommand) -> tuple[int | None, dict[str, Any], str]:
    """Return the exit code of a process, its report and what it told."""
    out, err = process.communicate(timeout=PATIENCE)
    return process.poll(), said(out), err.decode()


def killed_after(server: ModelServer, folder: Path, answers: int, jobs: int) -> list[str]:
    """Run until so many answers more have gone out, kill -9, and return what was asked."""
    before = len(answered(server))
    process = start(server, folder, "--jobs", str(jobs))
    wait_for(lambda: len(answered(server)) >= before + answers or process.poll() is not None)
    process.kill()
    process.communicate(timeout=PATIENCE)
    return [question(r) for r in answered(server)[before:]]


def test_what_was_answered_before_a_kill_is_not_asked_again(tmp_path: Path) -> None:
    """The answers that were under way in that very moment may be lost: one for each job."""
    kills, jobs = (1, 3), 2
    with ModelServer(delay=DELAY) as server:
        for answers in kills:
            killed_after(server, tmp_path, answers, jobs)
        code, report, _ = finished(start(server, tmp_path, "--jobs", str(jobs)))
        asked = Counter(question(r) for r in answered(server))
        paid_twice = sum(asked.values()) - len(asked)
        assert code == 0
        assert len(asked) == ANSWERS
        assert paid_twice <= len(kills) * jobs
        assert report == whole(server, tmp_path / "whole")


def whole(server: ModelServer, folder: Path, *more: str) -> dict[str, Any]:
    """Return the report of an undisturbed run of the command."""
    folder.mkdir()
    return finished(start(server, folder, *more))[1]


def test_an_answer_that_was_stored_is_never_asked_for_again(tmp_path: Path) -> None:
    """With one job, the request after an answer shows that this answer was stored before it."""
    with ModelServer(delay=DELAY) as server:
        stored: list[str] = []
        for answers in (2, 3):
            asked = killed_after(server, tmp_path, answers, 1)
            assert not set(asked) & set(stored)
            stored += asked[:-1]
        before = len(answered(server))
        code, _, err = finished(start(server, tmp_path, "--jobs", "1"))
        last = [question(r) for r in answered(server)[before:]]
        assert code == 0
        assert not set(last) & set(stored)
        assert f"{ANSWERS - len(last)} from the cache" in err


def test_several_processes_at_once_ask_each_question_once(tmp_path: Path) -> None:
    with ModelServer(delay=DELAY) as server:
        processes = [start(server, tmp_path) for _ in range(2)]
        results = [finished(process) for process in processes]
        asked = Counter(question(r) for r in answered(server))
    assert {code for code, _, _ in results} == {0}
    assert set(asked.values()) == {1}
    assert results[0][1] == results[1][1]


def test_a_process_waiting_for_one_that_is_killed_asks_itself(tmp_path: Path) -> None:
    write_ferry(tmp_path)
    more = (str(tmp_path / "a.txt"), "--jobs", "8")
    with ModelServer() as server:
        # The first request finds the server out, so it has to be answered.
        server.order(Fault.TIMEOUT, stage="reading", times=3, after=1)
        stuck = start(server, tmp_path)
        wait_for(lambda: server.count(stage="reading") == 4)
        waiting = start(server, tmp_path, *more)
        # It gets at what nobody has asked yet, so it is there, and the rest is not its turn.
        wait_for(lambda: server.count(stage="reading") == 5)
        assert waiting.poll() is None
        stuck.kill()
        stuck.communicate(timeout=PATIENCE)
        code, report, _ = finished(waiting)
        assert code == 0
        assert server.count(stage="reading") == 8
        assert report == whole(server, tmp_path / "whole", *more)


@pytest.mark.parametrize("judge", JUDGES)
def test_an_interrupted_run_in_one_process_goes_on_where_it_was(
    server: ModelServer, tmp_path: Path, judge: str
) -> None:
    """After each failure the next run asks only what has no answer yet."""
    server.order(Fault.ERROR_500, stage="reading", times=1)
    chosen = settings(server, tmp_path / "kept", judge=judge, jobs=1)
    run(FIRE, chosen)
    server.reset()
    report = run(FIRE, chosen)
    assert server.count(stage="reading") == 1
    assert content(report) == content(undisturbed(FIRE, tmp_path / "whole", judge))
