from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from summarizer import __version__
from summarizer.cli.app import app, run
from summarizer.cli.screen import PIPE_WIDTH
from summarizer.settings import Settings
from tests.command import COMMANDS, summarize

HEAVY = ("trafilatura", "tiktoken", "rich", "pydantic", "lxml", "tomllib", "importlib.metadata")


def test_the_commands_are_those_that_are_documented() -> None:
    assert sorted(typer.main.get_command(app).commands) == sorted(COMMANDS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith(f"Usage: summarize {command}")
    assert not shown.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_says_what_it_does(command: str) -> None:
    group = typer.main.get_command(app)
    for parameter in group.commands[command].params:  # type: ignore[attr-defined]
        assert parameter.help, f"{command} {parameter.name}"


@pytest.mark.parametrize("args", [[], ["--help"], ["-h"]])
def test_help_itself(args: list[str], tmp_path: Path) -> None:
    done = summarize(*args, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)
    assert "Exit codes: 0 fine" in done.stdout


def test_version(tmp_path: Path) -> None:
    done = summarize("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"summarizer {__version__}\n")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from summarizer.cli.app import run\n"
        "assert run(['--help']) == 0\n"
        "print(*sys.modules, sep='\\n')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not loaded & set(HEAVY)
    assert not {
        name for name in loaded if name.startswith("summarizer.") and ".cli" not in name
    } - {
        "summarizer.errors",
        "summarizer.render",
        "summarizer.render.safe",
        "summarizer.version",
    }


def test_the_defaults_in_the_help_are_the_real_ones() -> None:
    group = typer.main.get_command(app)
    settings = Settings()
    for command, option in (("diff", "sentences"), ("diff", "engine"), ("diff", "judge")):
        assert f"[default: {getattr(settings, option)}]" in help_of(group, command, option)
    assert f"[default: {settings.chunk_tokens}]" in help_of(group, "chunks", "tokens")
    assert f"or {PIPE_WIDTH} in a pipe]" in help_of(group, "diff", "width")


def help_of(group: Any, command: str, option: str) -> str:
    (found,) = (each for each in group.commands[command].params if each.name == option)
    return str(found.help)
