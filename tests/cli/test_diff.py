from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer.report.schema import Report
from summarizer.version import __version__
from tests.support.command import summarize, write_ferry

pytestmark = pytest.mark.slow


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    write_ferry(tmp_path)
    return tmp_path


def test_a_diff_in_a_pipe_is_plain_text(ferry: Path) -> None:
    done = summarize("diff", "Gazette=a.txt", "Tern=b.txt", cwd=ferry)
    assert (done.returncode, done.stderr) == (0, "")
    assert "BOTH REPORT" in done.stdout
    assert "ONLY IN GAZETTE" in done.stdout
    assert "ONLY IN TERN" in done.stdout
    assert "WHERE THEY DIFFER" in done.stdout
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100
    narrow = summarize("diff", "Gazette=a.txt", "Tern=b.txt", "--width", "60", cwd=ferry)
    assert max(map(len, narrow.stdout.splitlines())) <= 60


@pytest.mark.parametrize("flag", [["--json"], ["--format", "json"], ["-f", "json"]])
def test_a_diff_as_json_keeps_the_contract(ferry: Path, flag: list[str]) -> None:
    done = summarize("diff", "a.txt", "b.txt", *flag, cwd=ferry)
    assert (done.returncode, done.stderr) == (0, "")
    read = Report.model_validate_json(done.stdout)
    assert [entry.source for entry in read.articles] == ["a.txt", "b.txt"]
    assert read.facts


def test_a_diff_as_markdown(ferry: Path) -> None:
    done = summarize("diff", "a.txt", "b.txt", "--format", "md", cwd=ferry)
    assert done.returncode == 0
    assert done.stdout.startswith("# ")
    assert "## Where they differ" in done.stdout


def test_a_file_gets_the_result_and_its_name_decides_the_format(ferry: Path) -> None:
    for name, begins in (("out.json", "{"), ("out.md", "# "), ("out.txt", "")):
        done = summarize("diff", "a.txt", "b.txt", "-o", name, cwd=ferry)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        content = (ferry / name).read_text(encoding="utf-8")
        assert content.startswith(begins)
        assert "\x1b" not in content
    chosen = summarize("diff", "a.txt", "b.txt", "-o", "x.md", "--json", cwd=ferry)
    assert chosen.returncode == 0
    assert json.loads((ferry / "x.md").read_text(encoding="utf-8"))["schema_version"] == 2


def test_the_same_input_gives_the_same_report(ferry: Path) -> None:
    command = [sys.executable, "-m", "summarizer", "diff", "a.txt", "b.txt", "--json"]
    first, second = (
        json.loads(subprocess.check_output(command, cwd=ferry, env=os.environ | seed))
        # Sets of strings come in another order in each process, unless the seed is one.
        for seed in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"})
    )
    for report in (first, second):
        report["generated"]["at"] = report["usage"]["seconds"] = None
    assert first == second


def test_article_summarizes_each_source(ferry: Path) -> None:
    done = summarize("article", "Gazette=a.txt", "Tern=b.txt", "--sentences", "1", cwd=ferry)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n - ") == 2
    read = Report.model_validate_json(
        summarize("article", "a.txt", "--json", "--sentences", "2", cwd=ferry).stdout
    )
    assert len(read.articles) == 1
    assert 1 <= len(read.articles[0].summary) <= 2
    shown = summarize("article", "a.txt", "--format", "md", cwd=ferry).stdout
    assert shown.startswith("# ")


def test_verbose_tells_what_was_read_and_keeps_it_off_the_data(ferry: Path) -> None:
    done = summarize("diff", "a.txt", "b.txt", "--json", "--verbose", cwd=ferry)
    assert done.returncode == 0
    json.loads(done.stdout)
    assert "a.txt: " in done.stderr
    assert "characters kept" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
@pytest.mark.parametrize(
    ("env", "args", "coloured"),
    [({}, [], True), ({"NO_COLOR": "1"}, [], False), ({}, ["--no-color"], False)],
)
def test_colour_is_for_terminals_that_want_it(
    ferry: Path, env: dict[str, str], args: list[str], coloured: bool
) -> None:
    shown = on_terminal(ferry, ["diff", "a.txt", "b.txt", *args], env)
    assert ("\x1b[1m" in shown) is coloured


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal is needed")
def test_progress_is_drawn_on_a_terminal_and_not_where_unwanted(ferry: Path) -> None:
    assert "━" in on_terminal(ferry, ["diff", "a.txt", "b.txt", "-o", "x"], {})
    for flag in ("--no-progress", "--quiet"):
        assert on_terminal(ferry, ["diff", "a.txt", "b.txt", "-o", "x", flag], {}) == ""


def on_terminal(folder: Path, args: list[str], env: dict[str, str]) -> str:
    """Run ``summarize`` on a pseudo-terminal and return what it shows."""
    import pty

    clean = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    clean |= {"TERM": "xterm-256color", "XDG_CONFIG_HOME": str(folder), **env}
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(sys.executable, [sys.executable, "-m", "summarizer", *args], clean)
    seen = b""
    while chunk := _read(terminal):
        seen += chunk
    os.waitpid(child, 0)
    os.close(terminal)
    return seen.decode("utf-8", "replace")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that the other end is closed
        return b""


def test_doctor_shows_what_is_there_and_where_settings_come_from(tmp_path: Path) -> None:
    (tmp_path / "summarizer.toml").write_text("sentences = 7\n")
    done = summarize("doctor", cwd=tmp_path, env={"SUMMARIZER_MODEL": "gpt-9"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "sentences            7 (summarizer.toml)" in done.stdout
    assert "model                gpt-9 (environment, SUMMARIZER_*)" in done.stdout
    found = json.loads(summarize("doctor", "--json", cwd=tmp_path).stdout)
    assert found["version"] == __version__
    assert found["settings"]["sentences"] == {"value": 7, "from": "summarizer.toml"}


def test_schema_is_a_json_schema(tmp_path: Path) -> None:
    shown = json.loads(summarize("schema", cwd=tmp_path).stdout)
    assert shown["title"] == "Report"
    assert shown["additionalProperties"] is True, "a version may add fields"


def test_summaries_come_first_when_asked_for(ferry: Path) -> None:
    plain = summarize("diff", "Gazette=a.txt", "Tern=b.txt", cwd=ferry).stdout
    asked = summarize("diff", "Gazette=a.txt", "Tern=b.txt", "--summaries", cwd=ferry).stdout
    assert "IN SHORT" not in plain
    assert asked.index("GAZETTE IN SHORT") < asked.index("TERN IN SHORT") < asked.index("REPORT ·")
    document = summarize(
        "diff", "Gazette=a.txt", "b.txt", "--summaries", "-f", "md", cwd=ferry
    ).stdout
    assert "## Gazette in short" in document
