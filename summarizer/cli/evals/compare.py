"""``summarize eval compare``: is the difference between two runs real?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.options import (
    RUN_HELP,
    BaselineOption,
    CasesOption,
    find_baseline,
    find_run,
)
from summarizer.cli.options import Talking, Writing, expanded
from summarizer.cli.output import columns, emit
from summarizer.cli.status import StatusReporter
from summarizer.errors import GateFailed, UsageError

if TYPE_CHECKING:
    from summarizer.evals.compare import Comparison
    from summarizer.evals.gate import GateResult
    from summarizer.evals.show.document import Block
    from summarizer.evals.stages import Attribution
    from summarizer.evals.types import Run


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

    def attributed(
        self, before: Run, after: Run, found: Comparison, reporter: StatusReporter
    ) -> Attribution | None:
        """Return which stage the cases that differ have it from, if that was asked for."""
        if not self.stages:
            return None
        from summarizer.evals.cases import find_cases_folder, list_cases
        from summarizer.evals.stages import attribute
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
    from summarizer.evals.compare import compare as compared
    from summarizer.evals.gate import gate
    from summarizer.evals.show.figures import gate_conclusion

    later = find_run(after or before)
    floors = find_baseline(baseline, later.engine)
    if after is None and floors is None:
        raise UsageError(
            f"There is no baseline {later.engine} to compare with.",
            hint="Name a second run, or make a baseline with `summarize eval bless`.",
        )
    earlier = find_run(before) if after is not None or floors is None else floors.as_run()
    found = compared(earlier, later, floors)
    gated = gate(later, floors) if floors and (after is None or baseline is not None) else None
    stages = staging.attributed(earlier, later, found, StatusReporter(talking))
    emit(_document(found, gated, stages, format, writing), writing.output)
    if gated is not None and not gated.passed:
        raise GateFailed(
            gate_conclusion(gated),
            hint="`summarize eval explain CASE` shows why. If that is meant: `summarize eval bless "
            "--allow-regression`.",
        )


def _document(
    found: Comparison,
    gated: GateResult | None,
    stages: Attribution | None,
    format: Format,
    writing: Writing,
) -> str:
    from summarizer.evals.show.document import to_markdown, to_terminal
    from summarizer.render.json import dumps

    if format is Format.TERMINAL:
        return to_terminal(_blocks(found, gated, stages), columns(writing))
    if format is Format.MD:
        return to_markdown(_blocks(found, gated, stages))
    values = asdict(found) | {"same": found.same}
    if gated is not None:
        values |= {"gate": asdict(gated) | {"passed": gated.passed}}
    if stages is not None:
        values |= {"stages": asdict(stages)}
    return dumps(values, indent=2) + "\n"


def _blocks(
    found: Comparison, gated: GateResult | None, stages: Attribution | None
) -> Iterator[Block]:
    from summarizer.evals.show.pages import comparison_page, gate_page, stages_page

    if gated is not None:
        yield from gate_page(gated)
    yield from comparison_page(found)
    if stages is not None:
        yield from stages_page(stages)
