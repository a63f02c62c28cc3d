"""``summarize eval compare``: is the difference between two runs real?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.baselines import BaselineOption, find_baseline, find_run, must_pass
from summarizer.cli.evals.lint import CasesOption
from summarizer.cli.options import Talking, Writing, expanded
from summarizer.cli.output import columns, emit
from summarizer.cli.status import StatusReporter
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.evaluation.attribution import Attribution
    from summarizer.evaluation.compare import Comparison
    from summarizer.evaluation.gate import GateResult
    from summarizer.evaluation.types import Run

RUN_HELP = "A run: last, the name of one in evals/runs, or a file."


class Format(StrEnum):
    """What a comparison is written as."""

    TERMINAL = "terminal"
    MD = "md"
    JSON = "json"


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

    def told(
        self, before: Run, after: Run, found: Comparison, reporter: StatusReporter
    ) -> Attribution:
        """Return which stage the cases that differ have it from."""
        from summarizer.evaluation.attribution import attribute
        from summarizer.evaluation.cases import find_cases_folder
        from summarizer.evaluation.listing import list_cases
        from summarizer.settings import load

        settings = load({"cache": "on" if self.ask else "offline"})
        moved = {c.case for each in found.metrics for c in (*each.worse, *each.better)}
        listed = list_cases(self.cases_dir or find_cases_folder())
        cases = [case for case in listed if case.name in moved]
        with reporter.progress() as progress:
            return attribute(before, after, cases, settings, progress=progress)


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
    format: Annotated[
        Format, typer.Option("--format", "-f", help="What to write.")
    ] = Format.TERMINAL,
    staging: Staging,
    writing: Writing,
    talking: Talking,
) -> None:
    """Compare two runs case by case, or one with its baseline.

    Exits with 100 where a baseline is asked for, or only one run is named, and the gate fails.
    """
    from summarizer.evaluation.compare import compare as compared
    from summarizer.evaluation.gate import gate

    later = find_run(after or before)
    floors = find_baseline(baseline, later)
    if after is None and floors is None:
        raise UsageError(
            f"There is no baseline {later.engine} to compare with.",
            hint="Name a second run, or make a baseline with `summarize eval bless`.",
        )
    earlier = find_run(before) if after is not None or floors is None else floors.as_run()
    found = compared(earlier, later, floors)
    gated = after is None or baseline is not None
    result = gate(later, floors) if floors is not None and gated else None
    stages = (
        staging.told(earlier, later, found, StatusReporter(talking)) if staging.stages else None
    )
    emit(_document(found, result, stages, format, writing), writing.output)
    if result is not None:
        must_pass(result)


def _document(
    found: Comparison,
    result: GateResult | None,
    stages: Attribution | None,
    format: Format,
    writing: Writing,
) -> str:
    from dataclasses import asdict

    from summarizer.evaluation.show import markdown, terminal
    from summarizer.render.json import dumps

    if format is Format.TERMINAL:
        return terminal.comparison(found, result, stages, width=columns(writing))
    if format is Format.MD:
        return markdown.comparison(found, result, stages)
    values = asdict(found) | {"same": found.same}
    if result is not None:
        values |= {"gate": asdict(result) | {"passed": result.passed}}
    if stages is not None:
        from summarizer.evaluation.attribution import as_values

        values |= {"stages": as_values(stages)}
    return dumps(values, indent=2) + "\n"
