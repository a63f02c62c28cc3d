"""``summarize eval report``: a run for people, pull requests and machines."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.baselines import BaselineOption, find_baseline, find_run
from summarizer.cli.evals.compare import RUN_HELP
from summarizer.cli.options import Writing, expanded
from summarizer.cli.output import columns, emit

if TYPE_CHECKING:
    from summarizer.evaluation.gate import GateResult
    from summarizer.evaluation.types import Run


class Format(StrEnum):
    """What a run is written as."""

    TERMINAL = "terminal"
    MD = "md"
    JUNIT = "junit"
    HTML = "html"


@expanded
def report(
    *,
    run: Annotated[str, typer.Argument(metavar="RUN", help=RUN_HELP)] = "last",
    baseline: BaselineOption = None,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="What to write.")
    ] = Format.TERMINAL,
    writing: Writing,
) -> None:
    """Show a run, and whether it keeps to its baseline; `eval compare` is what gates it."""
    from summarizer.evaluation.gate import gate

    found = find_run(run)
    floors = find_baseline(baseline, found)
    result = gate(found, floors) if floors is not None else None
    emit(_document(found, result, format, writing), writing.output)


def _document(found: Run, result: GateResult | None, format: Format, writing: Writing) -> str:
    from summarizer.evaluation.show import html, junit, markdown, terminal

    if format is Format.MD:
        return markdown.run(found, result)
    if format is Format.JUNIT:
        return junit.junit(found, result)
    if format is Format.HTML:
        return html.page(found, result)
    width = columns(writing)
    shown = terminal.run(found, width=width)
    return shown if result is None else f"{shown}\n{terminal.gate(result, width=width)}"
