from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from summarizer import __version__
from summarizer.cli.app import app, run
from summarizer.cli.options import PIPE_WIDTH
from summarizer.llm.server import DEFAULT_MODEL
from summarizer.llm.session import DEFAULT_MAX_COST
from summarizer.settings import Settings
from tests.support.command import COMMANDS, summarize

pytestmark = pytest.mark.slow

HEAVY = (
    "diskcache",
    "filelock",
    "httpx2",
    "importlib.metadata",
    "lxml",
    "openai",
    "platformdirs",
    "pydantic",
    "rich",
    "slack_bolt",
    "slack_sdk",
    "tiktoken",
    "tomllib",
    "trafilatura",
)
GROUPS = ("prompts", "cache", "eval", "slack")


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
    found = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    inner = getattr(found, "commands", {})
    assert bool(inner) == (command in GROUPS)
    for each in (found, *inner.values()):
        for parameter in each.params:
            assert parameter.help, f"{command} {each.name} {parameter.name}"


@pytest.mark.parametrize("group", GROUPS)
def test_every_command_of_a_group_has_help(group: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = typer.main.get_command(app).commands[group]  # type: ignore[attr-defined]
    assert run([group]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: summarize {group} ")
    for name in found.commands:
        assert run([group, name, "--help"]) == 0
        assert capsys.readouterr().out.startswith(f"Usage: summarize {group} {name}")


@pytest.mark.parametrize("args", [[], ["--help"], ["-h"]])
def test_help_itself(args: list[str], tmp_path: Path) -> None:
    done = summarize(*args, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)
    assert "Exit codes: 0 fine" in done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("summarize di", "diff"),
        ("summarize diff --form", "--format"),
        ("summarize eval b", "bless"),
    ],
)
def test_a_shell_can_complete_what_is_typed(tmp_path: Path, typed: str, offered: str) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    done = summarize(cwd=tmp_path, env={"_SUMMARIZE_COMPLETE": "complete_bash", **words})
    assert offered in done.stdout.split()


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
        "summarizer.files",
        "summarizer.report",
        "summarizer.report.wording",
        "summarizer.usage",
        "summarizer.version",
    }


def test_the_defaults_in_the_help_are_the_real_ones() -> None:
    group = typer.main.get_command(app)
    settings = Settings()
    for command, option, more in (
        ("diff", "sentences", "]"),
        ("diff", "jobs", "]"),
        ("diff", "engine", ": openai where"),
        ("diff", "judge", ": llm with a model"),
        ("judge", "judge", ": llm where"),
    ):
        assert f"[default: {getattr(settings, option)}{more}" in help_of(group, command, option)
    assert f"[default: {DEFAULT_MODEL} at OpenAI" in help_of(group, "diff", "model")
    assert f"[default: {DEFAULT_MAX_COST:g}]" in help_of(group, "diff", "max_cost")
    assert f"[default: {settings.chunk_tokens}]" in help_of(group, "chunks", "tokens")
    assert f"or {PIPE_WIDTH} in a pipe]" in help_of(group, "diff", "width")


def help_of(group: Any, command: str, option: str) -> str:
    (found,) = (each for each in group.commands[command].params if each.name == option)
    return str(found.help)
