"""docs/evals.md: its commands and options exist, and it leaves none out."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from summarizer.cli.evals import app
from summarizer.evals.cases import find_cases_folder, list_cases
from summarizer.evals.files import load_baseline

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "evals.md").read_text(encoding="utf-8")
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def documented() -> list[list[str]]:
    """Return the arguments of every ``summarize eval`` in a console block."""
    blocks = re.findall(r"```console\n(.*?)```", TEXT, re.S)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    ours = [line for line in lines if line.startswith("$ summarize eval")]
    calls = [call for line in ours for call in line.removeprefix("$ ").split(" && ")]
    return [shlex.split(call.partition(" >> ")[0], comments=True)[2:] for call in calls]


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
