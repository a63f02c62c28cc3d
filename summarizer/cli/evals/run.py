"""``summarize eval run``: run the cases, show the figures, hold them against the baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from summarizer.cli.evals.cases import BaselineOption, Format, Names, Setup, given_flags, laid_out
from summarizer.cli.options import Asking, OutputOption, Working, expanded
from summarizer.cli.output import (
    PARTIAL,
    JsonOption,
    StatusReporter,
    at_desk,
    emit,
    plan_table,
    print_status,
)
from summarizer.errors import GateFailed, UsageError
from summarizer.evals import pages, results, runs
from summarizer.evals.cases import CaseFolder, list_cases
from summarizer.evals.compare import compare
from summarizer.evals.gate import GateResult, gate
from summarizer.pipeline import Desk
from summarizer.render.tables import Block, Items, Row, Text
from summarizer.report.wording import plural
from summarizer.settings import Settings
from summarizer.usage import Usage, format_dollars

FAILURES_SHOWN = 12  # failures that are told one by one: more are most often one and the same


@expanded
def run(
    *,
    cases: Names = None,
    baseline: BaselineOption = None,
    failed: Annotated[
        bool, Option("--failed", help="Run only the cases that failed in the last run.")
    ] = False,
    samples: Annotated[
        int, Option(min=1, help="How often each case is run with a model; the mean counts.")
    ] = 1,
    planted: Annotated[
        bool,
        Option(
            "--planted/--no-planted",
            help="Test the judge too, on planted errors (sentences with one detail made wrong). "
            "Only where all cases are run.",
        ),
    ] = True,
    scorers: Annotated[
        Path | None,
        Option(metavar="FILE.py", help="Show metrics of your own, each a function in this file."),
    ] = None,
    record: Annotated[
        Path | None,
        Option(
            metavar="FILE",
            help="Write the model's answers to this file, as JSON lines that --replay reads.",
        ),
    ] = None,
    beside_prompts: Annotated[
        str | None, Option(metavar="DIR", help="Run a second time with these prompts, and compare.")
    ] = None,
    beside_model: Annotated[
        str | None, Option(metavar="MODEL", help="Run a second time with this model, and compare.")
    ] = None,
    setup: Setup,
    json: JsonOption = False,
    output: OutputOption = None,
    working: Working,
    asking: Asking,
    reporter: StatusReporter,
) -> None:
    """Run the cases and show how good the reports are.

    The run is kept in evals/runs, the last one also as last.json. The exit code is 100 where
    the run falls below the baseline, and 5 where there is no baseline and a case could not be
    run to its end.
    """
    settings = setup.settings(working, asking)
    names = _failed_cases(baseline) if failed else cases
    listed = list_cases(setup.folder, names or ())
    trial = runs.Trial(
        samples=samples,
        # The judge is tested where all cases are run.
        planted=setup.folder.parent / "planted" if planted and not names else None,
        scorers=scorers,
        record=record,
    )
    if asking.dry_run:
        emit(_plan_document(listed, settings, trial, reporter, json=json), output)
        raise typer.Exit
    done = _run_and_keep(listed, settings, trial, reporter)
    if output is not None:
        results.save(done, output)
    floors = results.find_baseline(baseline, done.engine)
    gated = gate(done, floors, partial=bool(names)) if floors is not None else None
    page = pages.run_page(done, pages.verdict_line(done, floors, gated))
    emit(results.document(done) if json else laid_out(Format.TERMINAL, page))
    _report_outcome(gated, done, reporter)
    if gated is not None and floors is not None and not gated.passed:
        named = f" --baseline {baseline}" if baseline else ""
        options = f"{named}{given_flags(setup, working, asking)}"
        if hint := _explaining_command(floors, done, gated, options):
            reporter.note(hint)
    if changed := _changed_settings(settings, beside_prompts, beside_model):
        second = _run_and_keep(listed, changed, trial, reporter)
        page = pages.comparison_page(compare(done, second))
        emit("\n" + laid_out(Format.TERMINAL, page))
    raise typer.Exit(_exit_code(gated, done))


def _changed_settings(
    settings: Settings, prompts: str | None, model: str | None
) -> Settings | None:
    """Return the settings of the run beside, with other prompts or another model, if any."""
    changed = {"prompts": prompts, "model": model}
    given: dict[str, Any] = {name: value for name, value in changed.items() if value is not None}
    return replace(settings, **given) if given else None


def _exit_code(gated: GateResult | None, done: results.Run) -> int:
    if gated is not None and not gated.passed:
        return GateFailed.exit_code
    return PARTIAL if any(each.failures for each in done.results) else 0


def _failed_cases(baseline: str | None) -> list[str]:
    last = results.load_run("last")
    floors = results.find_baseline(baseline, last.engine)
    failed = gate(last, floors, partial=True).cases if floors is not None else ()
    names = [name for name in failed if name in last.digests]
    if not names:
        raise UsageError(
            "No case of the last run failed its gate.", hint="Run all of them: leave --failed out."
        )
    return names


def _run_and_keep(
    cases: Sequence[CaseFolder], settings: Settings, trial: runs.Trial, reporter: StatusReporter
) -> results.Run:
    with reporter.progress() as progress:
        done = runs.run_cases(cases, settings, trial, progress=progress, warn=reporter.warn)
    if trial.record is not None:
        reporter.note(f"Wrote the answers of {done.model} to {trial.record}.")
    results.keep_run(done)
    return done


def _report_outcome(gated: GateResult | None, done: results.Run, reporter: StatusReporter) -> None:
    failures = list(_failure_texts(done))
    for failure in failures[:FAILURES_SHOWN]:
        reporter.warn(failure)
    if (left := len(failures) - FAILURES_SHOWN) > 0:
        reporter.warn(f"and {left} more; evals/runs/last.json has all.")
    if gated is None:
        reporter.note("No baseline to pass: `summarize eval bless` makes one of this run.")
    elif not (gated.passed and reporter.quiet):
        print_status(laid_out(Format.TERMINAL, pages.gate_page(gated)).rstrip("\n"))


def _failure_texts(done: results.Run) -> Iterator[str]:
    """Yield what failed; what failed alike in many places is told once."""
    alike: dict[tuple[str, str], list[str]] = {}
    for result in done.results:
        for failure in result.failures:
            about, _, why = failure.partition(": ")
            key = about.partition(" of ")[0], why
            alike.setdefault(key, []).append(f"{result.case}: {failure}")
    for (stage, why), each in alike.items():
        yield each[0] if len(each) == 1 else f"{stage}, {len(each)} times: {why}"


def _explaining_command(
    baseline: results.Baseline, done: results.Run, gated: GateResult, options: str
) -> str:
    """Return which command shows what the worst case lost; "" where none could."""
    same = [c for c in gated.cases if done.digests.get(c) == baseline.digests.get(c, "")]
    if not same or any(each.failures for each in done.results):
        return ""
    command = f"summarize eval explain {same[0]}"
    if done.model is None:
        # What an older code made of the articles cannot be made again.
        return f"`{command}{options}` shows what came."
    return f"`{command} --since baseline{options}` shows what the worst case lost."


def _plan_document(
    cases: Sequence[CaseFolder],
    settings: Settings,
    trial: runs.Trial,
    reporter: StatusReporter,
    *,
    json: bool,
) -> str:
    with at_desk(settings, reporter) as desk, reporter.progress() as progress:
        planned = runs.plan_cases(cases, settings, desk, trial, progress)
        edited = _edited_prompts(desk) if desk.session is not None else None
    format = Format.JSON if json else Format.TERMINAL
    return laid_out(format, _plan_page(planned, edited), _plan_values(planned))


def _edited_prompts(desk: Desk) -> str:
    baseline = results.find_baseline(None, desk.engine.name)
    if baseline is None:
        return ""
    changed = [name for name, digest in desk.prompts if digest != baseline.prompts.get(name)]
    return f"Other prompts than those of the baseline: {', '.join(changed) or 'none'}."


def _plan_page(planned: runs.EvalPlan, edited: str | None) -> Iterator[Block]:
    """Yield the plan; ``edited`` is None where no model is asked."""
    yield Text(f"{plural(len(planned.cases), 'case')} to run.")
    whole = planned.whole
    if edited is None:
        yield Items("", tuple(planned.cases))
        yield Text("Nothing is asked: the offline engine and judge need no model.")
        return
    if edited:
        yield Text(edited)
    if not whole.requests:
        yield Text("Nothing would be asked.")
        return
    total = Row(("in all", f"{whole.requests}", "", "", "", format_dollars(whole.cost)))
    yield plan_table(whole, total)
    asked = []
    for case, stages in planned.cases.items():
        counts = [f"{used.calls} {stage}" for stage, used in stages.items() if used.calls]
        asked.append(f"{case}: {', '.join(counts) or 'all answers stored'}")
    yield Items("", tuple(asked))
    test = "(test): the judge on planted errors. " if planned.planted else ""
    yield Text(f"{test}Tokens are estimated; sentences stand in for claims that are not known yet.")


def _plan_values(planned: runs.EvalPlan) -> dict[str, Any]:
    def values(uses: Mapping[str, Usage]) -> list[dict[str, Any]]:
        return [
            {
                "stage": stage,
                "requests": used.calls,
                "cached": used.cached_calls,
                "input_tokens": used.input_tokens,
                "output_tokens_at_most": used.output_tokens,
                "cost_usd_at_most": used.cost_usd,
            }
            for stage, used in uses.items()
        ]

    return {
        "stages": values(planned.stages),
        "planted": values(planned.planted),
        "cases": {
            case: {stage: used.calls for stage, used in stages.items()}
            for case, stages in planned.cases.items()
        },
        "requests": planned.whole.requests,
        "cost_usd_at_most": planned.whole.cost,
    }
