"""``summarize eval run``: run the cases, show the figures, hold them against the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.choosing import Choosing, Names, Replaying, chosen
from summarizer.cli.evals.plan import show_plan
from summarizer.cli.options import Asking, Saving, Talking, Working, expanded
from summarizer.cli.output import emit, screen_columns
from summarizer.cli.read import PARTIAL
from summarizer.cli.rows import JsonOption
from summarizer.cli.status import StatusReporter

if TYPE_CHECKING:
    from summarizer.evaluation.baselines import Baseline
    from summarizer.evaluation.gate import GateResult
    from summarizer.evaluation.types import Run
    from summarizer.settings import Settings

FAILURES_SHOWN = 12
"""Failures that are told one by one: more are most often one and the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Testing:
    """What a run is held to, and what is kept of it."""

    baseline: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The baseline to pass.  [default: the engine's name]"),
    ] = None
    planted: Annotated[
        bool,
        typer.Option(
            "--planted/--no-planted",
            help="Test the judge on planted errors too. Only where all cases are run.",
        ),
    ] = True
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the model's answers to this file, one line of JSON each: --replay.",
        ),
    ] = None


@expanded
def run(
    *,
    cases: Names = None,
    testing: Testing,
    choosing: Choosing,
    json: JsonOption = False,
    saving: Saving,
    replaying: Replaying,
    working: Working,
    asking: Asking,
    talking: Talking,
) -> None:
    """Run the cases and show how good the reports are.

    The run is kept in evals/runs, the last one also as last.json. Exit code 100 where it
    falls below the baseline, 5 where a case could not be run to its end.
    """
    settings, reporter = chosen(working, asking, replaying), StatusReporter(talking)
    if asking.dry_run:
        show_plan(cases, choosing, settings, reporter, saving, json=json)
        raise typer.Exit
    from summarizer.evaluation.baselines import run_document, save_run

    found = _made(cases, choosing, testing, settings, reporter)
    _keep(found)
    if saving.output is not None:
        save_run(found, saving.output)
    baseline = _baseline(found, testing.baseline)
    emit(run_document(found) if json else _shown(found))
    result = _gate(found, baseline, partial=bool(cases))
    _tell(result, found, reporter)
    if result is not None and not result.passed and baseline is not None:
        _explain(baseline, found, result, choosing, settings, reporter)
    raise typer.Exit(_code(result, found))


def _made(
    names: list[str] | None,
    choosing: Choosing,
    testing: Testing,
    settings: Settings,
    reporter: StatusReporter,
) -> Run:
    from summarizer.evaluation.runs import run_cases

    tested = testing.planted and not names
    with reporter.progress() as progress:
        found = run_cases(
            choosing.listed(names),
            settings,
            samples=choosing.samples,
            planted=choosing.folder().parent / "planted" if tested else None,
            record=testing.record,
            progress=progress,
            warn=reporter.warn,
        )
    if testing.record is not None:
        reporter.note(f"Wrote the answers of {found.model} to {testing.record}.")
    return found


def _keep(found: Run) -> None:
    """Save a run under its date, and as the last one."""
    from summarizer.evaluation.baselines import LAST, run_path, save_run

    last = run_path(LAST)
    stamp = found.at.replace(":", "").replace("+0000", "Z")
    for path in (last, last.with_name(f"{stamp}-{found.engine}.json")):
        save_run(found, path)


def _baseline(found: Run, name: str | None) -> Baseline | None:
    from summarizer.cli.evals.baselines import find_baseline

    return find_baseline(name, found)


def _gate(found: Run, baseline: Baseline | None, *, partial: bool) -> GateResult | None:
    """Return how a run does against its baseline; None where it has none."""
    from summarizer.evaluation.gate import gate

    return None if baseline is None else gate(found, baseline, partial=partial)


def _shown(found: Run) -> str:
    from summarizer.evaluation.show import terminal

    return terminal.run(found, width=screen_columns())


def _tell(result: GateResult | None, found: Run, reporter: StatusReporter) -> None:
    failures = list(_failures(found))
    for failure in failures[:FAILURES_SHOWN]:
        reporter.warn(failure)
    if len(failures) > FAILURES_SHOWN:
        reporter.warn(f"and {len(failures) - FAILURES_SHOWN} more; evals/runs/last.json has all.")
    if result is None:
        reporter.note("No baseline to pass: `summarize eval bless` makes one of this run.")
        return
    from summarizer.evaluation.show import terminal

    reporter.show(terminal.gate(result, width=screen_columns()), always=not result.passed)


def _failures(found: Run) -> Iterator[str]:
    """Yield what failed; what failed alike in many places is told once."""
    alike: dict[tuple[str, str], list[str]] = {}
    for result in found.results:
        for failure in result.failures:
            about, _, why = failure.partition(": ")
            alike.setdefault((about.partition(" of ")[0], why), []).append(
                f"{result.case}: {failure}"
            )
    for (stage, why), each in alike.items():
        yield each[0] if len(each) == 1 else f"{stage}, {len(each)} times: {why}"


def _explain(
    baseline: Baseline,
    found: Run,
    result: GateResult,
    choosing: Choosing,
    settings: Settings,
    reporter: StatusReporter,
) -> None:
    """Say which stage the failing cases have it from, as far as stored answers tell."""
    from dataclasses import replace

    from summarizer.errors import SummarizerError
    from summarizer.evaluation.attribution import attribute
    from summarizer.evaluation.show import terminal

    names = [
        case for case in result.cases if found.digests.get(case) == baseline.digests.get(case, "")
    ]
    if not names or any(each.failures for each in found.results):
        return
    if found.model is None:
        # What an older code made of the articles cannot be made again.
        reporter.note(f"`summarize eval explain {names[0]}` shows what came.")
        return
    reporter.note(f"`summarize eval explain {names[0]} --since baseline` shows what it lost.")
    unsent = replace(settings, cache="offline")
    try:
        with reporter.progress() as progress:
            told = attribute(
                baseline.as_run(), found, choosing.listed(names), unsent, progress=progress
            )
    except SummarizerError as error:
        reporter.note(f"Which stage it comes from cannot be told: {error.message}")
        return
    reporter.show(terminal.stages(told, width=screen_columns()), always=True)


def _code(result: GateResult | None, found: Run) -> int:
    from summarizer.errors import GateFailed

    if result is not None and not result.passed:
        return GateFailed.exit_code
    return PARTIAL if any(each.failures for each in found.results) else 0
