"""The pytest plug-in: labelled cases as tests.

    @pytest.mark.summarizer_eval(cases="cases", baseline="baseline.json")
    def test_case(summarizer_eval):
        assert not summarizer_eval.missed
        assert summarizer_eval.metrics["unique_precision"] >= 0.9

pytest loads this module wherever the package is installed, so it imports nothing of weight before
a test asks for the fixture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from summarizer.errors import SummarizerError

if TYPE_CHECKING:
    from summarizer.evals.cases import CaseFolder

NAME = "summarizer_eval"
"""What the fixture and its mark are called."""

USAGE = (
    f"{NAME}(*names, cases=DIR, baseline=FILE, **settings): run the test with each labelled case "
    f"of a folder; the fixture {NAME} is what came of it. Paths are relative to the test's file."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalResult:
    """What came of one case.

    Attributes:
        case: Its name.
        metrics: A share from 0 to 1 for each metric; None where there was nothing to count.
        missed: What fell below the floors of the baseline, one sentence each; empty without one.
        failures: What could not be done, one sentence each.
    """

    case: str
    metrics: Mapping[str, float | None]
    missed: Sequence[str]
    failures: Sequence[str]


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", USAGE)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for the fixture once with each case of its mark."""
    if NAME not in metafunc.fixturenames:
        return
    mark = metafunc.definition.get_closest_marker(NAME)
    if mark is None:
        raise pytest.Collector.CollectError(
            f"{metafunc.definition.nodeid} asks for {NAME} without its mark. {USAGE}"
        )
    from summarizer.evals.cases import find_cases_folder, list_cases

    here, given = metafunc.definition.path.parent, dict(mark.kwargs)
    cases, baseline = given.pop("cases", None), given.pop("baseline", None)
    try:
        listed = list_cases(here / cases if cases else find_cases_folder(), mark.args)
    except SummarizerError as error:
        raise pytest.Collector.CollectError(_error_text(error)) from None
    floors = here / baseline if baseline else None
    runs = [partial(_run_case, case, floors, given) for case in listed]
    metafunc.parametrize(NAME, runs, indirect=True, ids=[case.name for case in listed])


@pytest.fixture
def summarizer_eval(request: pytest.FixtureRequest) -> EvalResult:
    """What came of the case that the test is run with."""
    try:
        result: EvalResult = request.param(request.node)
    except SummarizerError as error:
        pytest.fail(_error_text(error), pytrace=False)
    # Reports in JUnit's format show these beside the test.
    request.node.user_properties.extend(result.metrics.items())
    return result


def _run_case(
    case: CaseFolder, baseline: Path | None, settings: Mapping[str, object], node: pytest.Item
) -> EvalResult:
    from summarizer.evals.gate import gate
    from summarizer.evals.results import load_baseline
    from summarizer.evals.runs import run_cases
    from summarizer.settings import load

    warn = partial(node.add_report_section, "setup", "summarizer")
    floors = load_baseline(baseline) if baseline else None
    run = run_cases([case], load(settings), warn=warn)
    (result,) = run.results
    failed = gate(run, floors, partial=True).failed if floors else ()
    return EvalResult(
        case=result.case,
        metrics={name: ratio.value for name, ratio in result.metrics.items()},
        missed=tuple(line.text for line in failed),
        failures=result.failures,
    )


def _error_text(error: SummarizerError) -> str:
    return f"{error.message} {error.hint}".rstrip()
