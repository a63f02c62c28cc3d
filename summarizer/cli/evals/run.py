"""``summarize eval run``: run the cases, show the figures, hold them against the baseline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.evals.options import (
    BaselineOption,
    Format,
    Names,
    Setup,
    find_baseline,
    find_run,
    flags,
    laid_out,
)
from summarizer.cli.options import Asking, Saving, Talking, Working, expanded
from summarizer.cli.output import JsonOption, StatusReporter, emit, screen_columns
from summarizer.cli.work import PARTIAL, PLAN_COLUMNS, plan_row
from summarizer.errors import GateFailed, UsageError
from summarizer.report.wording import plural

if TYPE_CHECKING:
    from summarizer.evals.gate import GateResult
    from summarizer.evals.results import Baseline, Run
    from summarizer.evals.runs import EvalPlan, Trial
    from summarizer.llm.costs import StageUse
    from summarizer.pipeline import Desk
    from summarizer.render.tables import Block
    from summarizer.settings import Settings

FAILURES_SHOWN = 12
"""Failures that are told one by one: more are most often one and the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Testing:
    """What is run, what a run is held to, and what is kept of it."""

    baseline: BaselineOption = None
    failed: Annotated[
        bool,
        typer.Option("--failed", help="Run only the cases that failed in the last run."),
    ] = False
    samples: Annotated[
        int, typer.Option(min=1, help="How often each case is run with a model; the mean counts.")
    ] = 1
    planted: Annotated[
        bool,
        typer.Option(
            "--planted/--no-planted",
            help="Test the judge too, on planted errors (sentences with one detail made wrong). "
            "Only where all cases are run.",
        ),
    ] = True
    scorers: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.py", help="Show metrics of your own, each a function in this file."
        ),
    ] = None
    record: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the model's answers to this file, as JSON lines that --replay reads.",
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
        changed: dict[str, Any] = {"prompts": self.beside_prompts, "model": self.beside_model}
        given = {name: value for name, value in changed.items() if value is not None}
        return replace(settings, **given) if given else None


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

    The run is kept in evals/runs, the last one also as last.json. The exit code is 100 where
    the run falls below the baseline, and 5 where there is no baseline and a case could not be
    run to its end. --dry-run also shows which cases need no new run.
    """
    settings = setup.settings(working, asking)
    names = _failed_cases(testing.baseline) if testing.failed else cases
    command = _Command(names, setup, testing, StatusReporter(talking))
    if asking.dry_run:
        emit(command.plan(settings, Format.JSON if json else Format.TERMINAL), saving.output)
        raise typer.Exit
    from summarizer.evals.compare import compare
    from summarizer.evals.gate import gate
    from summarizer.evals.pages import comparison_page, run_page, verdict_line
    from summarizer.evals.results import document, save

    done = command.run(settings)
    if saving.output is not None:
        save(done, saving.output)
    baseline = find_baseline(testing.baseline, done.engine)
    gated = gate(done, baseline, partial=bool(names)) if baseline is not None else None
    page = run_page(done, verdict_line(done, baseline, gated))
    emit(document(done) if json else _terminal(page))
    command.tell(gated, done)
    failed = gated is not None and not gated.passed
    if failed and gated is not None and baseline is not None:
        named = f" --baseline {testing.baseline}" if testing.baseline else ""
        command.hint(baseline, done, gated, f"{named}{flags(setup, working, asking)}")
    second = testing.beside(settings)
    if second is not None:
        emit("\n" + _terminal(comparison_page(compare(done, command.run(second)))))
    if failed:
        raise typer.Exit(GateFailed.exit_code)
    raise typer.Exit(PARTIAL if any(each.failures for each in done.results) else 0)


@dataclass(frozen=True, slots=True)
class _Command:
    """One call of the command: which cases, with what, and who tells the user of it."""

    names: list[str] | None
    setup: Setup
    testing: Testing
    reporter: StatusReporter

    def trial(self) -> Trial:
        """Return how the cases are run."""
        from summarizer.evals.runs import Trial

        testing = self.testing
        return Trial(
            samples=testing.samples,
            planted=self.setup.planted(self.names) if testing.planted else None,
            scorers=testing.scorers,
            record=testing.record,
        )

    def run(self, settings: Settings) -> Run:
        """Run the cases, and keep the run under its date and as the last one."""
        from summarizer.evals.results import keep_run
        from summarizer.evals.runs import run_cases

        cases, warn = self.setup.listed(self.names), self.reporter.warn
        with self.reporter.progress() as progress:
            done = run_cases(cases, settings, self.trial(), progress=progress, warn=warn)
        if self.testing.record is not None:
            self.reporter.note(f"Wrote the answers of {done.model} to {self.testing.record}.")
        keep_run(done)
        return done

    def plan(self, settings: Settings, format: Format) -> str:
        """Return what a run would do; nothing is sent."""
        from summarizer.cli.work import at_desk
        from summarizer.evals.runs import plan_cases

        cases = self.setup.listed(self.names)
        with at_desk(settings, self.reporter) as desk, self.reporter.progress() as progress:
            planned = plan_cases(cases, settings, desk, self.trial(), progress)
            edited = _edited_prompts(desk) if desk.session is not None else None
        return laid_out(
            format, _plan_page(planned, edited), lambda: _plan_values(planned), title=""
        )

    def tell(self, gated: GateResult | None, done: Run) -> None:
        """Say what failed, and whether the gate passes."""
        failures, reporter = list(_failures(done)), self.reporter
        for failure in failures[:FAILURES_SHOWN]:
            reporter.warn(failure)
        if (left := len(failures) - FAILURES_SHOWN) > 0:
            reporter.warn(f"and {left} more; evals/runs/last.json has all.")
        if gated is None:
            reporter.note("No baseline to pass: `summarize eval bless` makes one of this run.")
            return
        from summarizer.evals.pages import gate_page

        reporter.show(_terminal(gate_page(gated)), always=not gated.passed)

    def hint(self, baseline: Baseline, done: Run, gated: GateResult, options: str) -> None:
        """Name the command that shows what the worst case lost."""
        same = [c for c in gated.cases if done.digests.get(c) == baseline.digests.get(c, "")]
        if not same or any(each.failures for each in done.results):
            return
        command = f"summarize eval explain {same[0]}"
        if done.model is None:
            # What an older code made of the articles cannot be made again.
            self.reporter.note(f"`{command}{options}` shows what came.")
        else:
            command = f"{command} --since baseline{options}"
            self.reporter.note(f"`{command}` shows what the worst case lost.")


def _failed_cases(baseline: str | None) -> list[str]:
    """Return the cases of the last run that failed its gate."""
    from summarizer.evals.gate import gate

    last = find_run("last")
    floors = find_baseline(baseline, last.engine)
    failed = gate(last, floors, partial=True).cases if floors is not None else ()
    names = [name for name in failed if name in last.digests]
    if not names:
        raise UsageError(
            "No case of the last run failed its gate.", hint="Run all of them: leave --failed out."
        )
    return names


def _terminal(blocks: Iterable[Block]) -> str:
    from summarizer.render.tables import to_terminal

    return to_terminal(blocks, screen_columns())


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


def _edited_prompts(desk: Desk) -> str:
    """Return which prompts are other ones than those of the baseline, in a line."""
    baseline = find_baseline(None, desk.engine.name)
    if baseline is None:
        return ""
    changed = [name for name, digest in desk.prompts if digest != baseline.prompts.get(name)]
    return f"Other prompts than those of the baseline: {', '.join(changed) or 'none'}."


def _plan_page(planned: EvalPlan, edited: str | None) -> Iterator[Block]:
    """Yield the plan; ``edited`` is None where no model is asked."""
    from summarizer.render.tables import Items, Row, Table, Text
    from summarizer.report.wording import format_dollars

    known, todo, whole = len(planned.stored), len(planned.computed), planned.whole
    yield Text(f"{plural(known + todo, 'case')}: {known} scored already, {todo} to run.")
    if edited is None:
        yield Items("", planned.computed)
        yield Text("Nothing is asked: the offline engine and judge need no model.")
        return
    if edited:
        yield Text(edited)
    if not whole.requests:
        yield Text("Nothing would be asked.")
        return
    rows = [
        *(plan_row(stage.stage, stage) for stage in planned.stages),
        *(plan_row(f"{stage.stage} (test)", stage) for stage in planned.planted),
        Row(("in all", f"{whole.requests}", "", "", "", format_dollars(whole.cost))),
    ]
    yield Table(PLAN_COLUMNS, tuple(rows))
    asked = (
        f"{case}: {', '.join(f'{n} {s}' for s, n in stages.items() if n) or 'all answers stored'}"
        for case, stages in planned.cases.items()
    )
    yield Items("", tuple(asked))
    test = "(test): the judge on planted errors. " if planned.planted else ""
    yield Text(f"{test}Tokens are estimated; sentences stand in for claims that are not known yet.")


def _plan_values(planned: EvalPlan) -> dict[str, Any]:
    return {
        "stored": planned.stored,
        "computed": planned.computed,
        "stages": list(map(_stage_values, planned.stages)),
        "planted": list(map(_stage_values, planned.planted)),
        "cases": planned.cases,
        "requests": planned.whole.requests,
        "cost_usd_at_most": planned.whole.cost,
    }


def _stage_values(stage: StageUse) -> dict[str, Any]:
    return {
        "stage": stage.stage,
        "requests": stage.calls,
        "cached": stage.cached_calls,
        "input_tokens": stage.tokens.input,
        "output_tokens_at_most": stage.tokens.output,
        "cost_usd_at_most": stage.cost_usd,
    }
