"""``summarize eval compare``, ``explain``, ``report`` and ``bless``: what runs are worth."""

from __future__ import annotations

from dataclasses import asdict, replace
from enum import StrEnum
from typing import Annotated

from typer import Argument, Option

from summarizer.cli.evals.cases import (
    RUN_HELP,
    BaselineOption,
    Format,
    FormatOption,
    Setup,
    laid_out,
)
from summarizer.cli.options import Asking, OutputOption, Working, Writing, expanded
from summarizer.cli.output import JsonOption, StatusReporter, at_desk, emit, report_outcome
from summarizer.errors import GateFailed, UsageError
from summarizer.evals import compare as comparing
from summarizer.evals import explain as explaining
from summarizer.evals import gate, pages, results, runs
from summarizer.evals.cases import Case, list_cases
from summarizer.report.wording import plural
from summarizer.settings import Settings

RunArgument = Annotated[str, Argument(metavar="RUN", help=RUN_HELP)]
ReportFormat = StrEnum("ReportFormat", ["TERMINAL", "MD", "JUNIT", "HTML"])


@expanded
def compare(
    *,
    before: Annotated[
        str, Argument(metavar="A", help=f"{RUN_HELP} Without B it is compared with its baseline.")
    ] = "last",
    after: Annotated[str | None, Argument(metavar="B", help="The run to compare it with.")] = None,
    baseline: BaselineOption = None,
    format: FormatOption = Format.TERMINAL,
    writing: Writing,
) -> None:
    """Compare two runs case by case, or one with its baseline.

    With one run, or with --baseline, the exit code is 100 if the run falls below its baseline.
    """
    later = results.load_run(after or before)
    floors = results.find_baseline(baseline, later.engine)
    if after is not None:
        earlier = results.load_run(before)
    elif floors is not None:
        earlier = floors.as_run()
    else:
        raise UsageError(
            f"There is no baseline {later.engine} to compare with.",
            hint="Name a second run, or make a baseline with `summarize eval bless`.",
        )
    comparison = comparing.compare(earlier, later)
    gated = gate.gate(later, floors) if floors and (after is None or baseline is not None) else None
    passed = {"gate": asdict(gated) | {"passed": gated.passed}} if gated else {}
    values = comparing.comparison_values(comparison) | passed
    blocks = [*(pages.gate_page(gated) if gated else ()), *pages.comparison_page(comparison)]
    title = "Two runs compared"
    emit(laid_out(format, blocks, values, title=title, width=writing.columns), writing.output)
    if gated is not None and not gated.passed:
        raise GateFailed(
            pages.gate_conclusion(gated),
            hint="`summarize eval explain CASE` shows why. If that is meant: `summarize eval bless "
            "--allow-regression`.",
        )


@expanded
def report(
    *,
    run: RunArgument = "last",
    baseline: BaselineOption = None,
    format: Annotated[
        ReportFormat, Option("--format", "-f", help="What to write.")
    ] = ReportFormat.TERMINAL,
    writing: Writing,
) -> None:
    """Write a run as a page, a comment for a pull request or JUnit XML.

    It says whether the run keeps to its baseline, but only `eval run` and `eval compare` end
    with exit code 100 if it does not.
    """
    done = results.load_run(run)
    floors = results.find_baseline(baseline, done.engine)
    gated = gate.gate(done, floors) if floors is not None else None
    if format is ReportFormat.JUNIT:
        emit(pages.junit(done, gated), writing.output)
        return
    browser = format is ReportFormat.HTML
    verdict = pages.verdict_line(done, floors, gated)
    blocks = [*pages.run_page(done, "" if browser else verdict)]
    blocks += pages.gate_page(gated, everything=browser) if gated is not None else []
    blocks += pages.case_page(done, gated) if browser else []
    title, width = verdict or "Evals", writing.columns
    emit(laid_out(Format(format), blocks, title=title, width=width), writing.output)


@expanded
def bless(
    *,
    run: RunArgument = "last",
    baseline: BaselineOption = None,
    allow_regression: Annotated[
        bool,
        Option("--allow-regression", help="Lower floors that the run falls below, and list them."),
    ] = False,
    reporter: StatusReporter,
) -> None:
    """Save a run's figures as the floors of later runs.

    The floors are kept in a baseline: a later run that falls below one of them fails.
    """
    done = results.load_run(run)
    name = baseline or done.engine
    path = results.baseline_path(name)
    previous = results.load_baseline(path) if path.exists() else None
    blessing = gate.bless(done, name, previous, allow_regression=allow_regression)
    results.save(blessing.baseline, path)
    for names, what in (
        (blessing.new, "New"),
        (blessing.relabelled, "Floors made anew, since the case has changed"),
        (blessing.gone, "Gone"),
    ):
        if names:
            reporter.note(f"{what}: {', '.join(names)}")
    for sentence in blessing.lowered:
        reporter.note(f"Lowered: {sentence}")
    reporter.note(f"Wrote {path}: floors of {plural(len(blessing.baseline.cases), 'case')}.")


@expanded
def explain(
    *,
    case: Annotated[str, Argument(metavar="CASE", help="The case's name.")],
    since: Annotated[
        str | None,
        Option(
            metavar="RUN",
            help="Show what changed since an earlier run: baseline, last, one in evals/runs, or a "
            "file. The earlier run is repeated from stored answers.",
        ),
    ] = None,
    baseline: BaselineOption = None,
    everything: Annotated[
        bool, Option("--all", help="Show every list in full, and also the facts that were found.")
    ] = False,
    format: FormatOption = Format.TERMINAL,
    setup: Setup,
    json: JsonOption = False,
    output: OutputOption = None,
    working: Working,
    asking: Asking,
    reporter: StatusReporter,
) -> None:
    """Show what a case expects, what the report has, and why.

    The case is run anew, with a model's stored answers where there are some. The format html
    shows the articles, too.
    """
    settings = setup.settings(working, asking)
    loaded = list_cases(setup.folder, [case])[0].load()
    with at_desk(settings, reporter) as desk:
        made = runs.diff_case(loaded, settings, desk)
    report_outcome(made, reporter)
    now = explaining.explain_report(loaded, made)
    floors, before = results.find_baseline(baseline, now.engine), None
    if since is not None:
        earlier = floors.as_run() if since == "baseline" and floors is not None else None
        if since == "baseline" and earlier is None:
            raise UsageError(
                "There is no baseline of this engine.", hint="`summarize eval bless` makes one."
            )
        before = _explain_again(loaded, earlier or results.load_run(since), settings, reporter)
    known = floors is not None and floors.digests.get(case) == loaded.digest
    marks = floors.cases[case] if floors is not None and known else None
    format, browser = Format.JSON if json else format, format is Format.HTML
    blocks = [*explaining.explanation_page(now, before, marks, everything=everything or browser)]
    blocks += explaining.article_blocks(loaded) if browser else []
    values = explaining.explanation_values(now, before)
    emit(laid_out(format, blocks, values, title=case), output)


def _explain_again(
    case: Case, run: results.Run, settings: Settings, reporter: StatusReporter
) -> explaining.Explanation:
    unsent = replace(settings, cache="offline")
    with runs.reopen_desk(run, unsent) as (desk, chosen):
        report = runs.diff_case(case, chosen, desk)
    if run.code != runs.code_digest():
        reporter.warn("The code has changed since: what it made then of answers is not shown.")
    if report.failures:
        reporter.warn(f"Not all answers of the run of {run.at} are stored: some may seem lost.")
    return explaining.explain_report(case, report)
