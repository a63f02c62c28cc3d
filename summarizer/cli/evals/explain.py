"""``summarize eval explain``: what a case expects and what came, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.options import (
    BaselineOption,
    Format,
    FormatOption,
    Setup,
    find_baseline,
    find_run,
    laid_out,
)
from summarizer.cli.options import Asking, Saving, Talking, Working, expanded
from summarizer.cli.output import JsonOption, StatusReporter, emit
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.evals.blocks import Block
    from summarizer.evals.explain import Explanation, ExplanationPage
    from summarizer.evals.types import Baseline, Case, Run
    from summarizer.settings import Settings

BASELINE = "baseline"
"""What stands for the baseline of the engine where a run is asked for."""


@expanded
def explain(
    *,
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="The case's name.", show_default=False)
    ],
    since: Annotated[
        str | None,
        typer.Option(
            metavar="RUN",
            help="Say what changed since a run: baseline, last, one in evals/runs, or a file. "
            "It is made again from stored answers.",
        ),
    ] = None,
    baseline: BaselineOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every list to its end, and facts that were found.")
    ] = False,
    format: FormatOption = Format.TERMINAL,
    setup: Setup,
    json: JsonOption = False,
    saving: Saving,
    working: Working,
    asking: Asking,
    talking: Talking,
) -> None:
    """Show what was expected of one case and what came, with the requests behind it.

    The case is run anew; a model's answers come from the cache where they are stored. The format
    html has the articles beside it.
    """
    from summarizer.evals.explain import ExplanationPage, changes, explanation_values

    reporter, settings = StatusReporter(talking), setup.settings(working, asking)
    loaded = setup.listed([case])[0].load()
    now = _explain_now(loaded, settings, reporter)
    floors = find_baseline(baseline, now.report.generated.engine)
    changed = None
    if since is not None:
        before = _explain_again(loaded, _run_since(since, floors), settings, reporter)
        changed = changes(before, now)
    known = floors is not None and floors.digests.get(case) == loaded.digest
    format, browser = Format.JSON if json else format, format is Format.HTML
    marks = floors.cases[case] if floors is not None and known else None
    page = ExplanationPage(now, changed, marks, everything or browser)
    blocks = _blocks(page, articles=browser)
    values = partial(explanation_values, now, changed)
    emit(laid_out(format, blocks, values, title=case), saving.output)


def _blocks(page: ExplanationPage, *, articles: bool) -> Iterator[Block]:
    yield from page.blocks()
    if articles:
        yield from page.articles()


def _explain_now(case: Case, settings: Settings, reporter: StatusReporter) -> Explanation:
    from summarizer.cli.work import at_desk, report_outcome
    from summarizer.evals.explain import explain
    from summarizer.evals.runs import diff_case

    with at_desk(settings, reporter) as desk:
        report = diff_case(case, settings, desk)
        lookups = desk.session.cache.lookups if desk.session else ()
    report_outcome(report, reporter)
    return explain(case, report, lookups)


def _run_since(named: str, baseline: Baseline | None) -> Run:
    if named != BASELINE:
        return find_run(named)
    if baseline is None:
        raise UsageError(
            "There is no baseline of this engine.", hint="`summarize eval bless` makes one."
        )
    return baseline.as_run()


def _explain_again(
    case: Case, run: Run, settings: Settings, reporter: StatusReporter
) -> Explanation:
    """Explain a case as another run had it, from stored answers only."""
    from summarizer.evals.explain import explain
    from summarizer.evals.provenance import code_digest, reopen_desk, settings_of
    from summarizer.evals.runs import diff_case

    unsent = replace(settings, cache="offline")
    with reopen_desk(run, unsent) as desk:
        report = diff_case(case, settings_of(run, unsent), desk)
    if run.code != code_digest():
        reporter.warn("The code has changed since: what it made then of answers is not shown.")
    if report.failures:
        reporter.warn(f"Not all answers of the run of {run.at} are stored: some may seem lost.")
    return explain(case, report)
