"""``summarize eval run``: run the cases, show the figures, hold them against the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.options import Names, Setup, find_baseline, find_run, flags
from summarizer.cli.evals.plan import show_plan
from summarizer.cli.options import Asking, Saving, Talking, Working, expanded
from summarizer.cli.output import emit, screen_columns
from summarizer.cli.read import PARTIAL
from summarizer.cli.rows import JsonOption
from summarizer.cli.status import StatusReporter
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.evals.gate import GateResult
    from summarizer.evals.types import Baseline, Run
    from summarizer.settings import Settings

FAILURES_SHOWN = 12
"""Failures that are told one by one: more are most often one and the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Testing:
    """What is run, what a run is held to, and what is kept of it."""

    baseline: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The baseline to pass.  [default: the engine's name]"),
    ] = None
    failed: Annotated[
        bool, typer.Option("--failed", help="Only the cases that failed the gate in the last run.")
    ] = False
    samples: Annotated[
        int,
        typer.Option(
            min=1,
            help="How often each case is run, with a model; the offline engine always says "
            "the same.",
        ),
    ] = 1
    planted: Annotated[
        bool,
        typer.Option(
            "--planted/--no-planted",
            help="Test the judge on planted errors too. Only where all cases are run.",
        ),
    ] = True
    scorers: Annotated[
        Path | None,
        typer.Option(metavar="FILE.py", help="Show metrics of your own: one function each."),
    ] = None
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the model's answers to this file, one line of JSON each: --replay.",
        ),
    ] = None
    beside_prompts: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Run a second time with these prompts, and compare."),
    ] = None
    beside_model: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Run a second time with this model, and compare."),
    ] = None

    def beside(self, settings: Settings) -> Settings | None:
        """Return the settings of a second run, if one was asked for."""
        changed = {"prompts": self.beside_prompts, "model": self.beside_model}
        given = {name: value for name, value in changed.items() if value is not None}
        return replace(settings, **given) if given else None  # type: ignore[arg-type]


@expanded
def run(
    *,
    cases: Names = None,
    testing: Testing,
    setup: Setup,
    json: JsonOption = False,
    saving: Saving,
    working: Working,
    asking: Asking,
    talking: Talking,
) -> None:
    """Run the cases and show how good the reports are.

    The run is kept in evals/runs, the last one also as last.json. Exit code 100 where it
    falls below the baseline, 5 where a case could not be run to its end. With --dry-run: what
    would be asked and cost, and what would be computed.
    """
    settings, reporter = setup.settings(working, asking), StatusReporter(talking)
    names = _failed(testing.baseline) if testing.failed else cases
    if asking.dry_run:
        show_plan(names, setup, settings, reporter, saving, samples=testing.samples, json=json)
        raise typer.Exit
    from summarizer.evals.files import document, save

    done = _run_cases(names, setup, testing, settings, reporter)
    if saving.output is not None:
        save(done, saving.output)
    baseline = find_baseline(testing.baseline, done.engine)
    gated = _gate(done, baseline, partial=bool(names))
    emit(document(done) if json else _page(done, baseline, gated))
    _tell(gated, done, reporter)
    if gated is not None and not gated.passed and baseline is not None:
        options = flags(setup, working, asking)
        if testing.baseline:
            options = f" --baseline {testing.baseline}{options}"
        _explain(baseline, done, gated, setup, settings, reporter, options)
    second = testing.beside(settings)
    if second is not None:
        other = _run_cases(names, setup, testing, second, reporter)
        emit(_side_by_side(done, other))
    raise typer.Exit(_code(gated, done))


def _failed(baseline: str | None) -> list[str]:
    """Return the cases of the last run that failed its gate."""
    from summarizer.evals.gate import gate

    last = find_run("last")
    floors = find_baseline(baseline, last.engine)
    names = gate(last, floors, partial=True).cases if floors is not None else ()
    names = tuple(name for name in names if name in last.digests)
    if not names:
        raise UsageError(
            "No case of the last run failed its gate.", hint="Run all of them: leave --failed out."
        )
    return list(names)


def _run_cases(
    names: list[str] | None,
    setup: Setup,
    testing: Testing,
    settings: Settings,
    reporter: StatusReporter,
) -> Run:
    """Run the cases, and keep the run under its date and as the last one."""
    from summarizer.evals.files import LAST, run_path, save
    from summarizer.evals.runs import run_cases

    with reporter.progress() as progress:
        done = run_cases(
            setup.listed(names),
            settings,
            samples=testing.samples,
            planted=setup.folder().parent / "planted" if testing.planted and not names else None,
            record=testing.record,
            scorers=testing.scorers,
            progress=progress,
            warn=reporter.warn,
        )
    if testing.record is not None:
        reporter.note(f"Wrote the answers of {done.model} to {testing.record}.")
    last = run_path(LAST)
    stamp = done.at.replace(":", "").replace("+0000", "Z")
    # Two runs may begin in one second where all answers are stored.
    free = (last.with_name(f"{stamp}-{done.engine}{n}.json") for n in ("", *range(2, 100)))
    for path in (last, next(path for path in free if not path.exists())):
        save(done, path)
    return done


def _gate(done: Run, baseline: Baseline | None, *, partial: bool) -> GateResult | None:
    from summarizer.evals.gate import gate

    return None if baseline is None else gate(done, baseline, partial=partial)


def _page(done: Run, baseline: Baseline | None, gated: GateResult | None) -> str:
    from summarizer.evals.show.document import to_terminal
    from summarizer.evals.show.figures import verdict
    from summarizer.evals.show.pages import run_page

    first = verdict(done, baseline, gated) if baseline is not None and gated is not None else ""
    return to_terminal(run_page(done, first), screen_columns())


def _side_by_side(first: Run, second: Run) -> str:
    from summarizer.evals.compare import compare
    from summarizer.evals.show.document import to_terminal
    from summarizer.evals.show.pages import comparison_page

    return "\n" + to_terminal(comparison_page(compare(first, second)), screen_columns())


def _tell(gated: GateResult | None, done: Run, reporter: StatusReporter) -> None:
    """Say what failed, and whether the gate passes."""
    failures = list(_failures(done))
    for failure in failures[:FAILURES_SHOWN]:
        reporter.warn(failure)
    if len(failures) > FAILURES_SHOWN:
        reporter.warn(f"and {len(failures) - FAILURES_SHOWN} more; evals/runs/last.json has all.")
    if gated is None:
        reporter.note("No baseline to pass: `summarize eval bless` makes one of this run.")
        return
    from summarizer.evals.show.document import to_terminal
    from summarizer.evals.show.pages import gate_page

    reporter.show(to_terminal(gate_page(gated), screen_columns()), always=not gated.passed)


def _failures(done: Run) -> Iterator[str]:
    """Yield what failed; what failed alike in many places is told once."""
    alike: dict[tuple[str, str], list[str]] = {}
    for result in done.results:
        for failure in result.failures:
            about, _, why = failure.partition(": ")
            key = about.partition(" of ")[0], why
            alike.setdefault(key, []).append(f"{result.case}: {failure}")
    for (stage, why), each in alike.items():
        yield each[0] if len(each) == 1 else f"{stage}, {len(each)} times: {why}"


def _explain(
    baseline: Baseline,
    done: Run,
    gated: GateResult,
    setup: Setup,
    settings: Settings,
    reporter: StatusReporter,
    options: str,
) -> None:
    """Name the worst case, and say which stage the failing cases have it from."""
    same = [c for c in gated.cases if done.digests.get(c) == baseline.digests.get(c, "")]
    if not same or any(each.failures for each in done.results):
        return
    if done.model is None:
        # What an older code made of the articles cannot be made again.
        reporter.note(f"`summarize eval explain {same[0]}{options}` shows what came.")
        return
    command = f"summarize eval explain {same[0]} --since baseline{options}"
    reporter.note(f"`{command}` shows what the worst case lost.")
    from summarizer.errors import SummarizerError
    from summarizer.evals.show.document import to_terminal
    from summarizer.evals.show.pages import stages_page
    from summarizer.evals.stages import attribute

    unsent = replace(settings, cache="offline")
    try:
        with reporter.progress() as progress:
            found = attribute(
                baseline.as_run(), done, setup.listed(same), unsent, progress=progress
            )
    except SummarizerError as error:
        reporter.note(f"Which stage it comes from cannot be told: {error.message}")
        return
    reporter.note("In the cases that failed:")
    reporter.show(to_terminal(stages_page(found), screen_columns()), always=True)


def _code(gated: GateResult | None, done: Run) -> int:
    from summarizer.errors import GateFailed

    if gated is not None and not gated.passed:
        return GateFailed.exit_code
    return PARTIAL if any(each.failures for each in done.results) else 0
