"""What a folder or a glob holds besides articles costs one warning, and never the run."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from summarizer.sources.inputs import expand
from tests.support.command import FERRY_A, summarize, write_ferry

pytestmark = pytest.mark.slow

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


@needs_pipes
@pytest.mark.parametrize("arguments", [["."], ["*.txt"], [".", "a.txt"]])
def test_a_pipe_in_a_folder_is_left_out_with_one_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_ferry(tmp_path)
    os.mkfifo("feed.txt")
    expanded = expand(arguments)
    assert [item.source for item in expanded.inputs] == ["a.txt", "b.txt"]
    assert [problem.message.split()[0] for problem in expanded.problems] == ["feed.txt"]


@needs_pipes
def test_a_pipe_in_a_folder_costs_a_run_one_warning(tmp_path: Path) -> None:
    write_ferry(tmp_path)
    os.mkfifo(tmp_path / "feed.txt")
    (tmp_path / "link.txt").symlink_to("feed.txt")
    done = summarize("diff", ".", "a.txt", cwd=tmp_path, timeout=30)
    assert done.returncode == 5
    assert "Ferry runs aground" in done.stdout
    told = [line for line in done.stderr.splitlines() if line.startswith("Warning: ")]
    assert [line.split()[3] for line in told] == ["feed.txt", "link.txt"]
    assert "is a pipe or a device" in told[0]


@needs_pipes
def test_a_folder_with_nothing_but_a_pipe_holds_no_article(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "feed.txt")
    expanded = expand([str(tmp_path)])
    assert not expanded.inputs
    assert "is a pipe or a device" in expanded.problems[0].message


@needs_pipes
def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    write_ferry(tmp_path)
    os.mkfifo(tmp_path / "feed")
    writer = threading.Thread(
        target=lambda: (tmp_path / "feed").write_text(FERRY_A, encoding="utf-8")
    )
    writer.start()
    done = summarize("extract", "feed", cwd=tmp_path, timeout=30)
    writer.join()
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs sockets in the file system")
def test_a_socket_in_a_folder_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket must be short
    write_ferry(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("feed.txt")
        expanded = expand(["."])
    assert [item.source for item in expanded.inputs] == ["a.txt", "b.txt"]
    assert len(expanded.problems) == 1
