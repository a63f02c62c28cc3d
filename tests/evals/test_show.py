from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from summarizer.cli.evals.compare import bless as bless_command
from summarizer.cli.evals.compare import compare as compare_command
from summarizer.cli.evals.compare import report as report_command
from summarizer.errors import GateFailed, UsageError
from summarizer.evals.compare import compare
from summarizer.evals.gate import bless, gate
from summarizer.evals.metrics import METRICS, in_order, metric_of
from summarizer.evals.pages import (
    case_page,
    comparison_page,
    gate_page,
    junit,
    run_page,
    verdict_line,
)
from summarizer.evals.results import Run, baseline_path, kept_path, load_baseline, save
from summarizer.render.html import blocks_to_html
from summarizer.render.tables import to_markdown, to_terminal
from tests.support.eval_runs import make_run

pytestmark = pytest.mark.slow

RECALL, FALSE_UNIQUE = "unique_recall", "false_unique_rate"
NASTY = "evil\x1b[31m<script>|a&b\ufffe"


def before() -> Run:
    cases = {f"case-{n}": {RECALL: 0.5 + n / 50, FALSE_UNIQUE: 0.1} for n in range(8)}
    return make_run(cases)


def after() -> Run:
    cases = {f"case-{n}": {RECALL: 0.3 + n / 40, FALSE_UNIQUE: 0.1} for n in range(8)}
    return make_run(cases, model="gull-1")


def nasty() -> Run:
    run = make_run({NASTY: {RECALL: 0.5, "coverage": None}})
    return replace(run, results=(replace(run.results[0], failures=(NASTY,)),))


def test_a_comparison_begins_with_the_verdict_and_fits_the_width() -> None:
    found = compare(before(), after())
    document = to_terminal(comparison_page(found), 80)
    lines = document.splitlines()
    assert lines[0] == "Worse: unique recall (8 cases compared)."
    assert all(len(line) <= 80 for line in lines)
    assert document.index("WORSE") < document.index("NO DIFFERENCE SHOWN")
    assert "case-0 0.500 -> 0.300" in document
    assert "significan" not in document
    (row,) = [line for line in lines if line.startswith("unique recall")]
    # Before, after, difference, both ends of the interval, what would be shown, pairs.
    assert row.split()[2:5] == ["0.570", "0.388", "-0.182"]
    assert row.split()[-1] == "8"


def test_a_line_names_the_farthest_cases_and_zero_has_no_sign() -> None:
    document = to_terminal(comparison_page(compare(before(), after())), 110)
    assert " and 3 more" in document
    assert "[0.000, 0.000]" in document
    assert "+0.000" not in document
    assert "-0.000" not in document


def test_the_terminal_shows_a_run_with_nothing_to_count_as_a_dash() -> None:
    document = to_terminal(run_page(make_run({"a": {RECALL: None, "coverage": 0.25}})))
    rows = [line.split() for line in document.splitlines()]
    assert ["unique", "recall", "–", "0"] in rows
    assert ["coverage", "0.250", "1", "0.250", "a"] in rows


def test_a_gate_on_a_terminal_names_what_failed() -> None:
    floors = bless(before(), "extractive").baseline
    document = to_terminal(gate_page(gate(after(), floors)), 80)
    assert document.startswith("Gate extractive: FAILED")
    assert "case-0: unique recall: 0.300, at least 0.500 wanted." in document
    assert "The model was none and is gull-1." in document
    assert to_terminal(gate_page(gate(before(), floors))) == "Gate extractive: passed.\n"


def test_markdown_puts_the_verdict_first_then_the_table_then_the_cases() -> None:
    floors = bless(before(), "extractive").baseline
    blocks = [
        *gate_page(gate(after(), floors)),
        *comparison_page(compare(before(), after())),
    ]
    document = to_markdown(blocks)
    assert document.startswith("**Gate extractive: FAILED")
    first, table = document.index("**Worse: unique recall"), document.index("| WORSE |")
    worse = document.index("worse in case-0 0.500 -\\> 0.300")
    assert first < table < worse
    rows = [line for line in document.splitlines() if line.startswith("| unique")]
    assert {row.count("|") for row in rows} == {8}
    assert len(document) < 10_000


def test_markdown_shows_a_name_as_it_is() -> None:
    document = to_markdown([*run_page(nasty()), *comparison_page(compare(nasty(), nasty()))])
    assert "\x1b" not in document
    assert "<script>" not in document
    tricky = make_run({"a|b @team": {RECALL: 0.1, "x|y": 0.2}})
    lines = to_markdown(run_page(tricky)).splitlines()
    assert "| x\\|y | 0.200 | 1 | 0.200 | a\\|b \\@team |" in lines


def test_junit_has_a_test_for_each_case_and_each_line_of_the_gate() -> None:
    floors = bless(before(), "extractive").baseline
    result = gate(after(), floors)
    root = ElementTree.fromstring(junit(after(), result))
    assert root.tag == "testsuites"
    assert int(root.get("failures", "")) == len(result.failed) == 9
    looked_at = [line for line in result.lines if line not in result.noted]
    assert int(root.get("tests", "")) == 8 + len(looked_at)
    suite = root.find("testsuite[@name='case-0']")
    assert suite is not None
    assert suite.get("failures") == "1"
    failure = suite.find("testcase[@name='unique recall']/failure")
    assert failure is not None
    assert failure.get("message") == "unique recall: 0.300, at least 0.500 wanted."
    names = [(test.get("classname"), test.get("name")) for test in root.iter("testcase")]
    assert len(names) == len(set(names))


def test_junit_of_a_run_alone_and_of_a_case_that_is_gone() -> None:
    assert ElementTree.fromstring(junit(before())).get("tests") == "8"
    floors = bless(before(), "extractive").baseline
    some = make_run({"case-0": {RECALL: 0.5, FALSE_UNIQUE: 0.1}})
    root = ElementTree.fromstring(junit(some, gate(some, floors)))
    assert root.find("testsuite[@name='case-7']/testcase/failure") is not None


def test_junit_escapes_and_drops_what_xml_cannot_hold() -> None:
    document = junit(nasty())
    root = ElementTree.fromstring(document)
    assert root.get("errors") == "1"
    (suite,) = root
    assert suite.get("name") == "evil<script>|a&b\ufffd"
    assert "\x1b" not in document


class Page(HTMLParser):
    """Collects what a page loads, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [str(value) for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_loads_nothing_and_escapes_everything() -> None:
    page = Page()
    document = blocks_to_html("Evals", [*run_page(nasty()), *case_page(nasty(), None)])
    page.feed(document)
    assert "script" not in page.tags
    assert not page.addresses
    assert "http" not in document.replace("http-equiv", "")
    assert "@import" not in document
    assert "url(" not in document
    assert "evil<script>|a&b" in page.words
    assert "\x1b" not in document


def test_the_page_marks_what_failed_and_explains_its_metrics() -> None:
    floors = bless(before(), "extractive").baseline
    result = gate(after(), floors)
    first = verdict_line(after(), floors, result)
    document = blocks_to_html(first, case_page(after(), result))
    assert document.count('<td class="failed">') == 8
    assert (
        "<h1>unique recall .57 -&gt; .39, 8 cases below their floors: gate fails.</h1>" in document
    )
    assert METRICS[RECALL].definition in document


def test_every_metric_has_a_title_and_one_sentence() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.title
        assert metric.definition.endswith(".")
        assert metric.definition.count(". ") == 0
    assert [name for name, metric in METRICS.items() if not metric.higher_is_better] == [
        FALSE_UNIQUE
    ]
    assert metric_of("new_thing").title == "new thing"
    assert in_order(["zeta", "coverage", "unique_recall"]) == ["unique_recall", "coverage", "zeta"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a run as the last one, blessed."""
    (tmp_path / "evals").mkdir()
    monkeypatch.chdir(tmp_path)
    save(before(), kept_path("last"))
    return tmp_path


def call(command: object, *args: str) -> tuple[str, BaseException | None]:
    import typer

    app = typer.Typer()
    app.command()(command)  # type: ignore[type-var]  # any callable is one
    done = CliRunner().invoke(app, list(args))
    return done.stdout, done.exception


def test_bless_then_compare_passes_and_a_worse_run_leaves_with_100(folder: Path) -> None:
    _, problem = call(bless_command)
    assert problem is None
    assert load_baseline(baseline_path("extractive")).cases["case-0"][RECALL].floor == 0.5
    shown, problem = call(compare_command)
    assert problem is None
    assert "The same in all 8 cases and every metric." in shown
    save(after(), Path("worse.json"))
    shown, problem = call(compare_command, "worse.json")
    assert isinstance(problem, GateFailed)
    assert problem.exit_code == 100
    assert "case-0" in shown


def test_bless_refuses_to_lower_a_floor_and_leaves_the_file_alone(folder: Path) -> None:
    call(bless_command)
    kept = baseline_path("extractive").read_bytes()
    save(after(), kept_path("last"))
    _, problem = call(bless_command)
    assert isinstance(problem, UsageError)
    assert baseline_path("extractive").read_bytes() == kept
    _, problem = call(bless_command, "--allow-regression", "--baseline", "extractive")
    assert problem is None
    assert load_baseline(baseline_path("extractive")).cases["case-0"][RECALL].floor == 0.3


def test_two_runs_are_compared_without_a_gate_unless_one_is_named(folder: Path) -> None:
    save(after(), Path("worse.json"))
    call(bless_command)
    shown, problem = call(compare_command, "last", "worse.json", "--format", "json")
    assert problem is None
    found = json.loads(shown)
    assert "gate" not in found
    assert found["metrics"][0]["verdict"] == "worse"
    _, problem = call(compare_command, "last", "worse.json", "--baseline", "extractive")
    assert isinstance(problem, GateFailed)


def test_compare_without_a_baseline_says_what_to_do(folder: Path) -> None:
    _, problem = call(compare_command)
    assert isinstance(problem, UsageError)
    assert "eval bless" in problem.hint
    _, problem = call(compare_command, "last", "last", "--baseline", "none")
    assert isinstance(problem, UsageError)


@pytest.mark.parametrize(
    ("format", "begins"),
    [
        ("terminal", "No floor of the baseline extractive is missed: gate passes."),
        ("md", "**No floor of the baseline"),
        ("junit", "<?xml"),
        ("html", "<!doctype"),
    ],
)
def test_report_writes_every_format_to_a_file(folder: Path, format: str, begins: str) -> None:
    call(bless_command)
    _, problem = call(report_command, "--format", format, "-o", "report.out")
    assert problem is None
    assert (folder / "report.out").read_text("utf-8").startswith(begins)
    shutil.rmtree(folder / "evals" / "baselines")
    shown, problem = call(report_command, "last", "-f", format)
    assert problem is None
    assert "Gate" not in shown


def test_statistics_need_nothing_heavy() -> None:
    code = (
        "import sys, summarizer.evals.compare, summarizer.evals.gate; "
        "print({'numpy', 'scipy', 'openai', 'typer'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
