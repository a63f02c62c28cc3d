"""Every file and folder that a page names is there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.folders import ROOT

PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))

_FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_MODULE = re.compile(r"[\w./-]+\.py")
_IN_A_ROOM = re.compile(r"[\w.-]+/[\w./-]*")

OF_READERS = {
    *("OWNER/REPOSITORY", ".github/workflows/evals.yml", "evals/cases/second-driver"),
    *("evals/baselines/NAME.json", "build/man/man1", ".venv/browser", "reports/"),
    "today/index.html",
}
"""What a reader makes or has, and what a command writes."""


def named(page: Path) -> set[str]:
    """Return the paths in the code spans of a page: modules, and whatever has a slash."""
    spans = re.findall(r"`([^`\n]+)`", _FENCED.sub("", page.read_text(encoding="utf-8")))
    paths = {span for span in spans if _MODULE.fullmatch(span) or _IN_A_ROOM.fullmatch(span)}
    return {path for path in paths - OF_READERS if not path.startswith("..")}


def present() -> Iterator[str]:
    """Yield the path of everything in the project, from its top folder."""
    rooms = {"tests", "docs", "evals", "prompts", "summarizer", "benchmarks", "tools", "examples"}
    for room in (*rooms, "action", "llm-newsdiff", ".ci"):
        for folder, _, files in os.walk(ROOT / room):
            inside = Path(folder).relative_to(ROOT)
            yield f"/{inside}"
            yield from (f"/{inside / name}" for name in files)
    yield from (f"/{path.name}" for path in ROOT.iterdir())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_no_path_that_is_gone(page: Path) -> None:
    paths = set(present())
    gone = {p for p in named(page) if not any(each.endswith(f"/{p.rstrip('/')}") for each in paths)}
    assert not gone


def test_the_pages_name_paths() -> None:
    assert "compare/details.py" in named(ROOT / "docs" / "architecture.md")
