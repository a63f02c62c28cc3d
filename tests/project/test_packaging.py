"""The image, the hook of pre-commit, the script of each shell."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from summarizer.cli.app import app, run
from tests.support.command import COMMANDS
from tests.support.folders import ROOT


def test_the_image_copies_what_the_wheel_is_built_of_and_runs_as_nobody_special() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = set(re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE))
    names = {name for line in copied for name in line.split()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*wheel["packages"], *(path.split("/")[0] for path in wheel["force-include"])}
    assert needed | {"pyproject.toml", "README.md", "LICENSE"} == names
    assert all((ROOT / name).exists() for name in names)
    last = text[text.rindex("FROM ") :]
    assert "TIKTOKEN_CACHE_DIR=" in last
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    entry = re.search(r'^ENTRYPOINT \["(\w+)"\]$', last, re.MULTILINE)
    assert entry is not None
    assert entry[1] in project["project"]["scripts"]


def test_the_image_has_a_base_of_one_minor_version_and_passes_its_linter() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    bases = set(re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+", bases.pop())
    hadolint = Path(sysconfig.get_path("scripts")) / "hadolint"
    done = subprocess.run(
        [hadolint, "--no-color", ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_manual_page_has_every_command_and_option(tmp_path: Path) -> None:
    tool = [sys.executable, str(ROOT / "tools" / "man_page.py"), str(tmp_path / "man1")]
    subprocess.run(tool, check=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    written = {path.stem for path in (tmp_path / "man1").iterdir()}
    assert written == set(project["project"]["scripts"])
    page = (tmp_path / "man1" / "summarize.1").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"\n.SS summarize {command} " in page
    for option in (r"\-\-max\-cost DOLLARS", r"\-o, \-\-output FILE", r"\-\-replay FILE"):
        assert f"\n.B {option}\n" in page
    if shutil.which("groff"):
        troff = ["groff", "-man", "-Tutf8", "-ww", "-z", "man1/summarize.1"]
        done = subprocess.run(troff, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_hook_checks_the_prompts_of_the_repository_that_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, *args = f"{hook['entry']} {' '.join(hook['args'])}".split()
    assert program == "summarize"
    assert re.search(hook["files"], "prompts/extract_claims.md")
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    monkeypatch.chdir(tmp_path)
    assert run(args) == 0
    (tmp_path / "prompts" / "extract_claims.md").write_text("no front matter", encoding="utf-8")
    assert run(args) != 0


@pytest.mark.parametrize("program", ["summarize", "summarizer", "newsdiff"])
@pytest.mark.parametrize(
    ("shell", "sign"),
    [
        ("bash", "complete -o default -F _{0}_completion {0}"),
        ("zsh", "#compdef {0}"),
        ("fish", "complete --command {0}"),
    ],
)
def test_completion_prints_the_script_of_a_shell_for_the_name_that_was_called(
    program: str, shell: str, sign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["completion", shell], program)
    assert ended.value.code == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert sign.format(program) in said.out
    assert f"_{program.upper()}_COMPLETE=complete_{shell}" in said.out


def _completed(capsys: pytest.CaptureFixture[str], program: str) -> list[str]:
    with pytest.raises(SystemExit) as ended:
        run([], program)
    assert ended.value.code == 0
    return [line.partition("\t")[0] for line in capsys.readouterr().out.splitlines()]


def _commands(group: Any, *names: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, *names, name)
        else:
            yield (*names, name)


def test_every_option_of_every_command_is_completed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_SUMMARIZE_COMPLETE", "complete_bash")
    every = list(_commands(typer.main.get_command(app)))
    assert len(every) > 20
    for names in every:
        words = ["summarize", *names, "--"]
        monkeypatch.setenv("COMP_WORDS", "\n".join(words))
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        assert "--help" in _completed(capsys, "summarize"), names
        monkeypatch.setenv("COMP_WORDS", "\n".join([*words[:-2], words[-2][:-1]]))
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 2))
        assert names[-1] in _completed(capsys, "summarize"), names
