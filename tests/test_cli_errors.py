from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from summarizer import pipeline
from summarizer.cli.app import run
from summarizer.errors import BudgetReached, ServiceError
from tests.command import COMMANDS, summarize, write_ferry


@pytest.fixture
def ferry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_ferry(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["diff"], "Missing argument"),
        (["diff", "a.txt", "--nonsense"], "No such option: --nonsense"),
        (["diff", "a.txt", "b.txt", "--format", "slack"], "--format"),
        (["diff", "a.txt", "b.txt", "--sentences", "x"], "--sentences"),
        (["diff", "a.txt", "b.txt", "--sentences", "0"], "whole number from 1 to 50"),
        (["diff", "a.txt", "b.txt", "--base-url", "localhost:8080"], "looks like http://"),
        (["diff", "a.txt", "b.txt", "--jobs", "0"], "whole number from 1 to 64"),
        (["diff", "a.txt", "b.txt", "--refresh", "--offline"], "exclude each other"),
        (["diff", "a.txt", "b.txt", "--prompts", "none", "--engine", "openai"], "prompts none"),
        (["diff", "a.txt", "b.txt", "--engine", "magic"], "must be one of auto, extractive"),
        (["diff", "a.txt", "b.txt", "--width", "0"], "--width 0"),
        (["diff", "a.txt", "b.txt", "-o", "none/such.txt"], "there is no folder none"),
        (["diff", "a.txt", "b.txt", "-o", "."], ". is a folder"),
        (["schema", "nonsense"], "no schema 'nonsense'"),
    ],
)
def test_a_call_that_cannot_work_leaves_with_2(ferry: Path, args: list[str], said: str) -> None:
    done = summarize(*args, cwd=ferry)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["diff", "a.txt", "b.txt", "--engine", "openai"],
        ["diff", "a.txt", "b.txt", "--judge", "llm"],
        ["diff", "a.txt", "b.txt", "--judge", "decisions"],
        ["article", "a.txt", "--engine", "openai"],
        ["judge", "pairs.jsonl", "--judge", "llm"],
        ["doctor", "--probe"],
    ],
)
def test_a_model_without_a_key_leaves_with_4_and_says_what_to_set(
    ferry: Path, args: list[str]
) -> None:
    (ferry / "pairs.jsonl").write_text('{"document": "d", "claim": "c"}\n', encoding="utf-8")
    done = summarize(*args, cwd=ferry)
    assert done.returncode == 4
    assert done.stdout == "" or args[0] == "doctor"
    assert "Error: No key is set for OpenAI." in done.stderr
    assert "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_slip_in_the_configuration_leaves_with_2(ferry: Path) -> None:
    (ferry / "summarizer.toml").write_text("sentense = 3\n")
    done = summarize("diff", "a.txt", "b.txt", cwd=ferry)
    assert done.returncode == 2
    assert "Did you mean 'sentences'?" in done.stderr


@pytest.mark.parametrize("command", ["diff", "article", "extract", "chunks"])
def test_nothing_usable_leaves_with_3(ferry: Path, command: str) -> None:
    done = summarize(command, "missing.txt", "gone.txt", cwd=ferry)
    assert (done.returncode, done.stdout) == (3, "")
    assert "missing.txt" in done.stderr
    assert "gone.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_diff_of_one_article_leaves_with_3_and_names_the_other_command(ferry: Path) -> None:
    done = summarize("diff", "a.txt", cwd=ferry)
    assert (done.returncode, done.stdout) == (3, "")
    assert "only a.txt can be used" in done.stderr
    assert "summarize article" in done.stderr


@pytest.mark.parametrize("command", ["diff", "article", "extract", "chunks"])
def test_one_bad_input_among_good_ones_leaves_with_5_and_a_result(
    ferry: Path, command: str
) -> None:
    done = summarize(command, "a.txt", "missing.txt", "b.txt", cwd=ferry)
    assert done.returncode == 5
    assert "Ferry runs aground" in done.stdout or "ferry" in done.stdout
    assert "Warning: left out: " in done.stderr
    assert "missing.txt" in done.stderr
    quiet = summarize(command, "a.txt", "missing.txt", "b.txt", "--quiet", cwd=ferry)
    assert (quiet.returncode, quiet.stderr) == (5, "")


@pytest.mark.parametrize(
    ("problem", "code", "said"),
    [
        (
            ServiceError("The server is down.", hint="Start it."),
            4,
            "Error: The server is down.\n  Start it.\n",
        ),
        (BudgetReached("The cap is reached."), 6, "Error: The cap is reached.\n"),
        (KeyboardInterrupt(), 130, "Interrupted.\n"),
    ],
)
def test_what_goes_wrong_has_a_code_and_a_line(
    ferry: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    problem: BaseException,
    code: int,
    said: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(pipeline, "diff", fail)
    assert run(["diff", "a.txt", "b.txt"]) == code
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", said)


def test_the_unexpected_is_a_line_and_a_traceback_only_when_asked(
    ferry: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr(pipeline, "diff", fail)
    assert run(["diff", "a.txt", "b.txt"]) == 1
    short = capsys.readouterr().err
    assert "RuntimeError: a wheel came off" in short
    assert "--verbose" in short
    assert "Traceback" not in short
    assert run(["diff", "a.txt", "b.txt", "--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_error(ferry: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "summarizer", "schema", "report"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ferry,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(30) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows writes UTF-8 whatever the locale is")
@pytest.mark.parametrize("command", COMMANDS[:4])
def test_a_terminal_without_our_letters_is_no_error(ferry: Path, command: str) -> None:
    done = summarize(command, "a.txt", "b.txt", cwd=ferry, env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")
