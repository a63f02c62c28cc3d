"""The image, the hook of pre-commit, the script of each shell."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest
import yaml

from summarizer.cli.app import run
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


def test_the_hook_runs_a_command_that_there_is() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, *args = hook["entry"].split()
    assert program == "summarize"
    assert run([*args, str(ROOT / "prompts")]) == 0
    assert re.search(hook["files"], "prompts/extract_claims.md")


@pytest.mark.parametrize(
    ("shell", "sign"),
    [
        ("bash", "complete -o default -F _summarize_completion summarize"),
        ("zsh", "#compdef summarize"),
        ("fish", "complete --command summarize"),
    ],
)
def test_completion_prints_the_script_of_a_shell(shell: str, sign: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "summarizer", "completion", shell],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sign in done.stdout
