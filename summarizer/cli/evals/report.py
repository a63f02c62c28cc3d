"""``summarize eval report``: a run for people, pull requests and machines."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.options import RUN_HELP, BaselineOption, find_baseline, find_run
from summarizer.cli.options import Writing, expanded
from summarizer.cli.output import columns, emit

if TYPE_CHECKING:
    from summarizer.evals.gate import GateResult
    from summarizer.evals.show.document import Block
    from summarizer.evals.types import Run


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
    """Write a run for people, pull requests or machines.

    It says whether the run keeps to its baseline, and `eval compare` is what gates it.
    """
    from summarizer.evals.gate import gate
    from summarizer.evals.show.document import to_html, to_markdown, to_terminal
    from summarizer.evals.show.figures import verdict
    from summarizer.evals.show.junit import junit

    done = find_run(run)
    floors = find_baseline(baseline, done.engine)
    gated = gate(done, floors) if floors is not None else None
    first = verdict(done, floors, gated) if floors is not None and gated is not None else ""
    if format is Format.JUNIT:
        document = junit(done, gated)
    elif format is Format.HTML:
        document = to_html(first or "Evals", _blocks(done, gated, "", cases=True))
    elif format is Format.MD:
        document = to_markdown(_blocks(done, gated, first))
    else:
        document = to_terminal(_blocks(done, gated, first), columns(writing))
    emit(document, writing.output)


def _blocks(
    done: Run, gated: GateResult | None, verdict: str, *, cases: bool = False
) -> Iterator[Block]:
    from summarizer.evals.show.pages import case_page, gate_page, run_page

    yield from run_page(done, verdict)
    if gated is not None:
        yield from gate_page(gated, everything=cases)
    if cases:
        yield from case_page(done, gated)
