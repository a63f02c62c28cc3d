"""The GitHub Action's shell step as GitHub runs it, and the action's file."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tests.support.command import summarize
from tests.support.eval_cases import write_cases, write_planted
from tests.support.folders import ROOT

ACTION = ROOT / "action" / "action.yml"
INPUTS = {"EVAL_BASELINE": "offline", "EVAL_CASES": "evals/cases"}


@pytest.fixture(scope="module")
def blessed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a case and a baseline."""
    folder = tmp_path_factory.mktemp("blessed")
    write_planted(write_cases(folder, "ferry").parent, "ferry")
    program = folder / "bin" / "summarize"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m summarizer "$@"\n')
    program.chmod(0o755)
    for call in (
        ("run", "--cases", "evals/cases"),
        ("bless", "--baseline", "offline"),
    ):
        done = summarize("eval", *call, cwd=folder)
        assert done.returncode in (0, 5), done.stderr
    return folder


@pytest.fixture
def blessed(blessed_once: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return shutil.copytree(blessed_once, tmp_path / "repository")


def step(folder: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], str, str]:
    """Run the step, and return its process, the summary and the outputs."""
    files = {name: folder / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
    for path in files.values():
        path.write_text("")
    done = subprocess.run(
        ["bash", str(ROOT / "action" / "run.sh")],
        cwd=folder,
        env={
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(folder),
            "RUNNER_TEMP": str(folder / "temp"),
            **{name: str(path) for name, path in files.items()},
            **INPUTS,
            **inputs,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    summary, output = (path.read_text("utf-8") for path in files.values())
    return done, summary, output


@pytest.mark.slow
def test_a_run_that_keeps_its_floors_passes(blessed: Path) -> None:
    done, summary, output = step(blessed)
    folder = blessed / "temp" / "newsdiff-evals"
    assert (done.returncode, output) == (0, f"verdict=passed\nfolder={folder}\n"), done.stderr
    assert summary.startswith("**No floor of the baseline offline is missed: gate passes.**")
    assert summary == (folder / "gate.md").read_text("utf-8")
    assert ElementTree.parse(folder / "junit.xml").getroot().get("failures") == "0"
    assert "::error" not in done.stdout


@pytest.mark.slow
def test_a_run_below_its_floors_fails_and_says_so(blessed: Path) -> None:
    baseline = blessed / "evals" / "baselines" / "offline.json"
    floors = json.loads(baseline.read_text("utf-8"))
    floors["cases"]["ferry"]["coverage"]["floor"] = 1.0
    baseline.write_text(json.dumps(floors), "utf-8")
    done, summary, output = step(blessed)
    assert done.returncode == 100
    assert "verdict=failed\n" in output
    assert "Failed:\n\n- ferry: " in summary
    (said,) = [line for line in done.stdout.splitlines() if line.startswith("::error")]
    assert said.startswith("::error title=Evals::")
    assert said.endswith("gate fails.")
    junit = ElementTree.parse(blessed / "temp" / "newsdiff-evals" / "junit.xml").getroot()
    assert junit.get("failures") != "0"


@pytest.mark.slow
def test_a_run_that_came_to_nothing_is_an_error_without_an_old_result(blessed: Path) -> None:
    step(blessed)
    done, summary, output = step(blessed, EVAL_REPLAY="none.jsonl\n::warning::mine")
    assert done.returncode in (2, 3)
    assert "verdict=error\n" in output
    assert "none.jsonl" in summary
    (said,) = [line for line in done.stdout.splitlines() if line.startswith("::error")]
    assert "none.jsonl" in said
    token = re.match(r"::stop-commands::([0-9a-f]{32})\n", done.stdout)
    assert token is not None
    assert f"\n::{token[1]}::\n" in done.stdout, "no line of the run is a command"


def test_no_input_is_pasted_into_a_script() -> None:
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    steps = action["runs"]["steps"]
    assert not [each for each in steps if "${{" in each.get("run", "")]
    script = (ROOT / "action" / "run.sh").read_text(encoding="utf-8")
    handed = {name for each in steps for name in each.get("env", {}) if name.startswith("EVAL_")}
    assert handed == set(re.findall(r"EVAL_[A-Z_]*[A-Z]", script))
    assert len(handed) == len(action["inputs"])
    written = set(re.findall(r'echo "([a-z]+)=', script))
    assert written == set(action["outputs"])


def test_the_page_names_every_input_and_output() -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    assert not [name for name in (*action["inputs"], *action["outputs"]) if f"`{name}`" not in page]
    workflow = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", page, re.S)[0])
    (job,) = workflow["jobs"].values()
    (used,) = [each for each in job["steps"] if each["uses"].endswith("/action@REF")]
    assert set(used["with"]) <= set(action["inputs"])
