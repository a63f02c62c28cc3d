"""The pytest plug-in, in a pytest of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import pytest

from summarizer.evals.cases import list_cases
from summarizer.evals.gate import bless
from summarizer.evals.results import save
from summarizer.evals.runs import Trial, run_cases
from summarizer.settings import Settings
from tests.support.eval_cases import write_cases, write_planted
from tests.support.folders import ROOT

pytest_plugins = ["pytester"]

TEST = """
import pytest

@pytest.mark.summarizer_eval({mark})
def test_case(summarizer_eval):
    assert not summarizer_eval.failures
    assert not summarizer_eval.missed
    assert summarizer_eval.metrics["quote_integrity"] == 1
"""


@pytest.fixture
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two cases, in which the plug-in is the only one."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(pytester.path / "answers"))
    write_planted(write_cases(pytester.path, "ferry-one", "ferry-two").parent, "ferry-one")
    return pytester.path


def run(pytester: pytest.Pytester, *marks: str, more: tuple[str, ...] = ()) -> pytest.RunResult:
    """Run a file for each mark, all in one process."""
    pytester.makepyfile(**{f"test_{n}": TEST.format(mark=mark) for n, mark in enumerate(marks)})
    options = ("-p", "summarizer.pytest_plugin", "--strict-markers", "-p", "no:cacheprovider")
    return pytester.runpytest_subprocess(*options, *more)


def test_each_case_is_a_test_and_its_metrics_are_in_the_report(
    folder: Path, pytester: pytest.Pytester
) -> None:
    mark = 'cases="evals/cases", engine="extractive"'
    done = run(pytester, mark, more=("-v", "--junitxml=out.xml"))
    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(
        ["*::test_case?ferry-one? PASSED*", "*::test_case?ferry-two? PASSED*"]
    )
    told = {each.get("name") for each in ElementTree.parse(folder / "out.xml").iter("property")}
    assert {"unique_recall", "quote_integrity"} <= told


@pytest.mark.slow
def test_a_case_below_its_floor_fails_with_the_sentence(
    folder: Path, pytester: pytest.Pytester, tmp_path: Path
) -> None:
    settings = Settings(engine="extractive", judge="lexical", cache_dir=str(tmp_path / "answers"))
    evals, floors = folder / "evals", folder / "floors.json"
    done = run_cases(list_cases(evals / "cases"), settings, Trial(planted=evals / "planted"))
    save(bless(done, "floors", None).baseline, floors)
    values = json.loads(floors.read_text("utf-8"))
    values["cases"]["ferry-two"]["coverage"]["floor"] = 1.0
    (folder / "higher.json").write_text(json.dumps(values), "utf-8")
    mark = '"ferry-two", cases="evals/cases", baseline="{}.json", judge="lexical"'
    compared = run(pytester, mark.format("floors"), mark.format("higher"))
    compared.assert_outcomes(passed=1, failed=1)
    compared.stdout.fnmatch_lines(["*at least 1.000 wanted*"])


def test_a_mistake_in_the_mark_is_told_without_a_traceback(
    folder: Path, pytester: pytest.Pytester
) -> None:
    wrong = {
        '"ferry-on", cases="evals/cases"': "*There is no case ferry-on in *mean ferry-one?*",
        'cases="nowhere"': "*There is no folder *nowhere*",
        'cases="evals/cases", baseline="none.json"': "*There is no baseline *none.json*",
        'cases="evals/cases", engin="extractive"': "*engin*",
    }
    pytester.makepyfile(test_bare="def test_case(summarizer_eval): ...")
    done = run(pytester, *wrong, more=("--continue-on-collection-errors",))
    assert done.ret != 0
    for message in (*wrong.values(), "*asks for summarizer_eval without its mark.*"):
        done.stdout.fnmatch_lines_random([message])
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*pytest_plugin.py:*")


def test_who_does_not_use_it_loads_nothing_of_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module = project["entry-points"]["pytest11"]["summarizer"]
    assert import_module(module).NAME == "summarizer_eval"
    code = f"import pytest, sys; import {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    ours = {name for name in done.stdout.split() if name.startswith("summarizer")}
    assert ours == {"summarizer", "summarizer.errors", "summarizer.version", module}
