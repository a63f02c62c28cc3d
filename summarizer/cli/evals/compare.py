"""``summarize eval compare``, ``report`` and ``bless``: what runs are worth, and their floors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.evals.options import (
    RUN_HELP,
    BaselineOption,
    CasesOption,
    Format,
    FormatOption,
    find_baseline,
    find_run,
    laid_out,
)
from summarizer.cli.options import Talking, Writing, expanded
from summarizer.cli.output import StatusReporter, columns, emit
from summarizer.errors import GateFailed, UsageError

if TYPE_CHECKING:
    from summarizer.evals.bless import Blessing
    from summarizer.evals.blocks import Block
    from summarizer.evals.compare import Comparison
    from summarizer.evals.gate import GateResult
    from summarizer.evals.stages import Attribution
    from summarizer.evals.types import Run

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help=RUN_HELP)]


class ReportFormat(StrEnum):
    """What a run is written as."""

    TERMINAL = "terminal"
    MD = "md"
    JUNIT = "junit"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """Whether a difference is traced to a stage, and with what."""

    stages: Annotated[
        bool,
        typer.Option(
            "--stages",
            help="Say which stage the differences come from, by swapping one stage's answers.",
        ),
    ] = False
    ask: Annotated[
        bool,
        typer.Option("--ask", help="Ask a model for answers that are not stored for that."),
    ] = False
    cases_dir: CasesOption = None


@expanded
def compare(
    *,
    before: Annotated[
        str, typer.Argument(metavar="A", help=f"{RUN_HELP} Alone: held against its baseline.")
    ] = "last",
    after: Annotated[
        str | None,
        typer.Argument(metavar="B", help="The run to compare it with.", show_default=False),
    ] = None,
    baseline: BaselineOption = None,
    format: FormatOption = Format.TERMINAL,
    staging: Staging,
    writing: Writing,
    talking: Talking,
) -> None:
    """Compare two runs case by case, or one with its baseline.

    Exits with 100 where a baseline is asked for, or only one run is named, and the gate fails.
    """
    from summarizer.evals.compare import compare as compare_runs
    from summarizer.evals.gate import gate
    from summarizer.evals.pages import gate_conclusion

    later = find_run(after or before)
    floors = find_baseline(baseline, later.engine)
    if after is None and floors is None:
        raise UsageError(
            f"There is no baseline {later.engine} to compare with.",
            hint="Name a second run, or make a baseline with `summarize eval bless`.",
        )
    earlier = find_run(before) if after is not None or floors is None else floors.as_run()
    comparison = compare_runs(earlier, later, floors)
    gated = gate(later, floors) if floors and (after is None or baseline is not None) else None
    stages = None
    if staging.stages:
        stages = _attribute(staging, earlier, later, comparison, StatusReporter(talking))
    parts = comparison, gated, stages
    document = laid_out(
        format,
        _comparison_blocks(*parts),
        lambda: _comparison_values(*parts),
        title="Two runs compared",
        width=columns(writing),
    )
    emit(document, writing.output)
    if gated is not None and not gated.passed:
        raise GateFailed(
            gate_conclusion(gated),
            hint="`summarize eval explain CASE` shows why. If that is meant: `summarize eval bless "
            "--allow-regression`.",
        )


def _attribute(
    staging: Staging, before: Run, after: Run, comparison: Comparison, reporter: StatusReporter
) -> Attribution:
    """Return which stage the cases that differ have it from."""
    from summarizer.evals.cases import find_cases_folder, list_cases
    from summarizer.evals.stages import attribute
    from summarizer.settings import load

    settings = load({"cache": "on" if staging.ask else "offline"})
    moved = {c.case for each in comparison.metrics for c in (*each.worse, *each.better)}
    listed = list_cases(staging.cases_dir or find_cases_folder())
    cases = [case for case in listed if case.name in moved]
    with reporter.progress() as progress:
        return attribute(before, after, cases, settings, progress=progress)


def _comparison_blocks(
    comparison: Comparison, gated: GateResult | None, stages: Attribution | None
) -> Iterator[Block]:
    from summarizer.evals.pages import comparison_page, gate_page, stages_page

    if gated is not None:
        yield from gate_page(gated)
    yield from comparison_page(comparison)
    if stages is not None:
        yield from stages_page(stages)


def _comparison_values(
    comparison: Comparison, gated: GateResult | None, stages: Attribution | None
) -> dict[str, Any]:
    values = asdict(comparison) | {"same": comparison.same}
    if gated is not None:
        values |= {"gate": asdict(gated) | {"passed": gated.passed}}
    return values if stages is None else values | {"stages": asdict(stages)}


@expanded
def report(
    *,
    run: RunArgument = "last",
    baseline: BaselineOption = None,
    format: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="What to write.")
    ] = ReportFormat.TERMINAL,
    writing: Writing,
) -> None:
    """Write a run for people, pull requests or machines.

    It says whether the run keeps to its baseline, and `eval compare` is what gates it.
    """
    from summarizer.evals.gate import gate
    from summarizer.evals.pages import case_page, gate_page, junit, run_page, verdict_line

    done = find_run(run)
    floors = find_baseline(baseline, done.engine)
    gated = gate(done, floors) if floors is not None else None
    if format is ReportFormat.JUNIT:
        emit(junit(done, gated), writing.output)
        return
    browser = format is ReportFormat.HTML
    verdict = verdict_line(done, floors, gated)
    blocks = [*run_page(done, "" if browser else verdict)]
    blocks += gate_page(gated, everything=browser) if gated is not None else []
    blocks += case_page(done, gated) if browser else []
    title = verdict or "Evals"
    document = laid_out(Format(format), blocks, dict, title=title, width=columns(writing))
    emit(document, writing.output)


@expanded
def bless(
    *,
    run: RunArgument = "last",
    baseline: BaselineOption = None,
    allow_regression: Annotated[
        bool, typer.Option("--allow-regression", help="Let floors fall, and say which.")
    ] = False,
    accept_judge: Annotated[
        bool,
        typer.Option(
            "--accept-judge",
            help="Take a judge that is short of the targets; what it reached becomes its floors.",
        ),
    ] = False,
    talking: Talking,
) -> None:
    """Make a run's figures the floors that later runs have to keep to."""
    from summarizer.evals.bless import bless as bless_run
    from summarizer.evals.files import baseline_path, load_baseline, save

    reporter, done = StatusReporter(talking), find_run(run)
    name = baseline or done.engine
    path = baseline_path(name)
    previous = load_baseline(path) if path.exists() else None
    blessing = bless_run(
        done, name, previous, allow_regression=allow_regression, accept_judge=accept_judge
    )
    save(blessing.baseline, path)
    for note in _blessing_notes(blessing):
        reporter.note(note)
    reporter.note(f"Wrote {path}: floors of {len(blessing.baseline.cases)} cases.")


def _blessing_notes(blessing: Blessing) -> Iterator[str]:
    for names, what in (
        (blessing.new, "New"),
        (blessing.relabelled, "Floors made anew, since the case has changed"),
        (blessing.gone, "Gone"),
    ):
        if names:
            yield f"{what}: {', '.join(names)}"
    for sentence in blessing.lowered:
        yield f"Lowered: {sentence}"
