"""README's promises: its output is the real one, and its commands run."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support.command import summarize
from tests.support.folders import BRIDGE, ROOT

pytestmark = pytest.mark.slow

README = ROOT / "README.md"
EXAMPLE = sorted(BRIDGE.glob("*.txt"))

_OUTPUT = re.compile(
    r"(<!-- output: (?P<command>[^\n]+) -->\n)(?P<text>.*?)(<!-- end of output -->)", re.S
)


LINES_SHOWN = 50
"""README shows how a report begins; the whole of one is two screens long."""


def test_the_output_shown_is_how_the_real_one_begins() -> None:
    text = README.read_text(encoding="utf-8")
    shown = _OUTPUT.search(text)
    assert shown
    arguments = shlex.split(shown["command"])[1:]
    done = summarize(*arguments, "--width", "90", "--quiet", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines(keepends=True)
    assert len(lines) > LINES_SHOWN
    block = f"```text\n{''.join(lines[:LINES_SHOWN])}```\n"
    if os.environ.get("RENEW_EXPECTED"):
        README.write_text(
            text[: shown.start("text")] + block + text[shown.end("text") :], encoding="utf-8"
        )
    else:
        assert shown["text"] == block


def test_the_recorded_example_is_whole() -> None:
    """A prompt that is edited needs its answers recorded again; nothing of it may be missing."""
    files = [str(path.relative_to(ROOT)) for path in EXAMPLE]
    answers = "examples/harbour-bridge/answers.jsonl"
    done = summarize("diff", *files, "--replay", answers, "--json", "--quiet", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["failures"] == []
    assert len(report["facts"]) > 50
    assert len(report["conflicts"]) >= 8
    assert any(fact["details"] for fact in report["facts"])


def commands() -> list[str]:
    """Return the ``summarize`` commands of README's console blocks, comments cut off."""
    blocks = re.findall(r"```console\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line[2:] for line in lines if line.startswith("$ summarize")]


@pytest.mark.parametrize("command", commands())
def test_every_command_runs(command: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for name, source in zip(("a.txt", "c.txt"), EXAMPLE, strict=False):
        shutil.copy(source, tmp_path / name)
    shutil.copytree(EXAMPLE[0].parent, tmp_path / "stories")
    page = "<html><body><article>{}</article></body></html>".format(
        "".join(f"<p>{p}</p>" for p in EXAMPLE[3].read_text(encoding="utf-8").split("\n\n"))
    )
    for name in ("b.html", "page.html"):
        (tmp_path / name).write_text(page, encoding="utf-8")
    (tmp_path / "pairs.jsonl").write_text(
        '{"id": 1, "document": "The bridge is shut.", "claim": "The bridge is closed."}\n',
        encoding="utf-8",
    )
    # No shell takes part: the tool expands the globs that a shell would have.
    arguments = shlex.split(command, comments=True)[1:]
    quiet = ["--quiet"] if "--replay" in arguments else []
    done = summarize(*arguments, *quiet, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


def test_the_python_example_makes_the_report_that_the_command_makes(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    done = subprocess.run(
        [sys.executable, "-c", "".join(blocks)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    names = ("aldmere-ledger.txt", "The Review=quayside-review.txt", "kestrel-radio.txt")
    told = summarize("diff", *names, "--json", cwd=tmp_path / "examples" / "harbour-bridge")
    report = json.loads(told.stdout)
    counts, *alone = done.stdout.splitlines()
    assert counts == f"{len(report['facts'])} facts, {len(report['conflicts'])} conflicts"
    unique = [fact["outlets"][0] for fact in report["facts"] if fact["status"] == "unique"]
    assert [line.partition(" alone: ")[0] for line in alone] == unique
    assert Counter(unique).keys() == {"The Aldmere Ledger", "The Review", "Kestrel Radio"}
    assert min(Counter(unique).values()) >= 5
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert all(outlet in page for outlet in set(unique))
