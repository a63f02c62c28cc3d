"""docs/evals.md: its commands exist, leave none out, and those for an edited prompt work."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from summarizer.cli.app import app as whole
from summarizer.cli.evals import app
from summarizer.cli.output import print_error
from summarizer.errors import SummarizerError
from summarizer.evals import cases as cases_module
from summarizer.evals.cases import find_cases_folder, list_cases
from summarizer.evals.results import load_baseline
from tests.support.eval_cases import write_cases, write_planted
from tests.support.folders import ROOT
from tests.support.server import ModelServer

pytestmark = pytest.mark.slow

TEXT = (ROOT / "docs" / "evals.md").read_text(encoding="utf-8")
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
EDITING = TEXT[TEXT.index("## Edit a prompt, step by step") : TEXT.index("### Two prompts")]


def console(text: str) -> list[str]:
    """Return the lines that a reader pastes."""
    blocks = re.findall(r"```console\n(.*?)```", text, re.S)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def documented() -> list[list[str]]:
    """Return the arguments of every ``summarize eval`` in a console block."""
    ours = [line for line in console(TEXT) if line.startswith("summarize eval")]
    return [shlex.split(call.partition(" >> ")[0], comments=True)[2:] for call in ours]


@pytest.mark.parametrize("call", documented(), ids=" ".join)
def test_every_command_and_option_exists(call: list[str]) -> None:
    name, *rest = call
    known = {option for param in COMMANDS[name].params for option in param.opts}
    assert {part for part in rest if part.startswith("-")} <= known


def test_every_command_is_told_of() -> None:
    assert not {name for name in COMMANDS if f"eval {name}" not in TEXT}


def test_every_exit_code_is_told() -> None:
    table = TEXT[TEXT.index("| exit code |") :]
    assert re.findall(r"^\| (\d+) \|", table, re.M) == ["0", "2", "3", "4", "5", "6", "100"]


def test_the_baseline_of_the_offline_engine_is_of_the_shipped_cases() -> None:
    baseline = load_baseline(ROOT / "evals" / "baselines" / "extractive.json")
    cases = {case.name: case.digest for case in list_cases(find_cases_folder())}
    assert (baseline.engine, baseline.judge, baseline.model) == ("extractive", "lexical", None)
    assert dict(baseline.digests) == cases, "bless again: docs/evals.md"


def paste(line: str) -> int:
    """Run a line as a reader would, and return its exit code."""
    if not line.startswith("summarize "):
        return subprocess.run(line, shell=True, check=False).returncode
    try:
        arguments = shlex.split(line, comments=True)[1:]
        code = typer.main.get_command(whole).main(arguments, standalone_mode=False)
    except SummarizerError as error:
        print_error(error)
        return error.exit_code
    return code if isinstance(code, int) else 0


def test_the_commands_for_an_edited_prompt_work_when_they_are_pasted(
    server: ModelServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cases = write_cases(tmp_path, "dam-release", "ferry-two")
    write_planted(tmp_path / "evals", "dam-release")
    monkeypatch.setattr(cases_module, "SHIPPED", (cases,))
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "SUMMARIZER_CACHE_DIR": str(tmp_path / "answers"),
        "SUMMARIZER_PRICES": "0/0/0",
        "OPENAI_BASE_URL": server.url,
        "OPENAI_API_KEY": "sk-none",
        "EDITOR": "sed -i /^-.speaker:/d",  # GNU's; a Mac's wants a suffix
    }.items():
        monkeypatch.setenv(name, value)
    codes = {line: paste(line) for line in console(EDITING)}
    failed = {
        "summarize eval compare last",
        "summarize eval run --failed --prompts mine",
        "summarize eval run --prompts mine",
    }
    assert {line: code for line, code in codes.items() if code} == dict.fromkeys(failed, 100)
    shown = capsys.readouterr()
    assert "attribution kept 1.00 -> .00, 2 cases below their floors: gate fails." in shown.out
    assert "--since baseline --prompts mine` shows what the worst case lost." in shown.err
