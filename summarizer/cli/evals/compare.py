"""``summarize eval compare``: is the difference between two runs real?"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.baselines import BaselineOption, find_baseline, find_run, must_pass
from summarizer.cli.options import Writing, expanded
from summarizer.cli.screen import columns, emit
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.evaluation.compare import Comparison
    from summarizer.evaluation.gate import GateResult

RUN_HELP = "A run: last, the name of one in evals/runs, or a file."


class Format(StrEnum):
    """What a comparison is written as."""

    TERMINAL = "terminal"
    MD = "md"
    JSON = "json"


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
    writing: Writing,
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
    emit(_document(found, result, format, writing), writing.output)
    if result is not None:
        must_pass(result)


def _document(
    found: Comparison, result: GateResult | None, format: Format, writing: Writing
) -> str:
    from dataclasses import asdict

    from summarizer.evaluation.show import markdown, terminal
    from summarizer.render.json import dumps

    if format is Format.TERMINAL:
        return terminal.comparison(found, result, width=columns(writing))
    if format is Format.MD:
        return markdown.comparison(found, result)
    values = asdict(found) | {"same": found.same}
    if result is not None:
        values |= {"gate": asdict(result) | {"passed": result.passed}}
    return dumps(values, indent=2) + "\n"
