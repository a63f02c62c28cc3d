"""A run as its user meets it: what is read, what it will cost, how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import typer

from summarizer.cli.options import Reading
from summarizer.cli.output import StatusReporter, emit, print_error, print_status
from summarizer.errors import BudgetReached, InputError
from summarizer.report.wording import format_dollars, plural

if TYPE_CHECKING:
    from summarizer.llm.costs import StageUse
    from summarizer.pipeline import Desk
    from summarizer.render.tables import Row as TableRow
    from summarizer.settings import Settings
    from summarizer.types import Article, DiffReport

PLAN_COLUMNS = ("stage", "requests", "stored", "tokens in", "out, most", "cost, most")
"""What a plan says of each stage."""
PLAN_WIDTH = 100

PARTIAL = 5
"""Exit code of a run that printed a result but could not use every input."""


@dataclass(frozen=True, slots=True)
class ReadInputs:
    """The articles, and whether they are all that was asked for."""

    articles: tuple[Article, ...]
    complete: bool

    @property
    def exit_code(self) -> int:
        """The code of a run that does nothing else wrong."""
        return 0 if self.complete else PARTIAL


def read_inputs(inputs: Sequence[str], settings: Settings, reporter: StatusReporter) -> ReadInputs:
    """Return the articles of ``inputs``; what cannot be read is told and left out.

    Raises:
        InputError: Nothing could be read.
    """
    from summarizer.sources import ReadOptions, read_articles

    options = ReadOptions(allow_private_urls=settings.allow_private_urls)
    result = read_articles(inputs, options=options)
    if not result.articles:
        raise _no_input_error(result.problems)
    for problem in result.problems:
        reporter.warn(f"left out: {problem.message} {problem.hint}".rstrip())
    for article in result.articles:
        body = sum(map(len, article.body))
        reporter.tell(
            f"{article.source}: {article.outlet} (from {article.outlet_from.value}), "
            f"{article.published or 'no date'}, {body:,} of {len(article.text):,} characters kept"
        )
    return ReadInputs(tuple(result.articles), complete=not result.problems)


def flags(reading: Reading) -> dict[str, object]:
    """Return what was said of reading, as settings."""
    return {"allow_private_urls": reading.allow_private_urls}


def _no_input_error(problems: Sequence[InputError]) -> InputError:
    """Return the one problem, or say all of them and return one that sums them up."""
    if len(problems) == 1:
        return problems[0]
    for problem in problems:
        print_error(problem)
    return InputError(
        f"None of the {len(problems)} inputs could be used.", hint="See the lines above."
    )


BUDGET = BudgetReached.exit_code


@contextmanager
def at_desk(settings: Settings, reporter: StatusReporter) -> Iterator[Desk]:
    """Open a desk for a ``with``, and say which model is asked, if one is."""
    from summarizer.pipeline import open_desk

    with open_desk(settings, warn=reporter.warn) as desk:
        if desk.session is not None:
            reporter.note(f"{desk.engine.name} engine, {desk.judge.name} judge: {desk.described()}")
        yield desk


def print_plan(
    articles: Sequence[Article], settings: Settings, desk: Desk, *, compare: bool
) -> NoReturn:
    """Print what a run would ask and cost, and end the command."""
    from summarizer.pipeline import plan

    planned = plan(articles, settings, desk, compare=compare)
    if not planned.stages:
        emit("Nothing is asked: the offline engine and judge need no model.\n")
        raise typer.Exit
    from summarizer.render.tables import Table, Text, to_terminal

    rows = tuple(plan_row(stage.stage, stage) for stage in planned.stages)
    total = f"{plural(planned.requests, 'request')}, at most {format_dollars(planned.cost)}"
    hint = "tokens are estimated, and sentences stand in for claims that are not known yet."
    emit(to_terminal([Table(PLAN_COLUMNS, rows), Text(f"In all {total}; {hint}")], PLAN_WIDTH))
    raise typer.Exit


def plan_row(name: str, stage: StageUse) -> TableRow:
    """Return what a stage would ask and cost, as a row of a table under ``PLAN_COLUMNS``."""
    from summarizer.render.tables import Row

    counts = (stage.calls, stage.cached_calls, stage.tokens.input, stage.tokens.output)
    return Row((name, *(f"{count:,}" for count in counts), format_dollars(stage.cost_usd)))


def exit_code(report: DiffReport, reading: int) -> int:
    """Return the code of a run that printed its report, where reading left with ``reading``.

    The cap on cost comes first: it is what the user can raise.
    """
    codes = [failure.exit_code for failure in report.failures]
    if BUDGET in codes:
        return BUDGET
    return PARTIAL if codes else reading


def report_outcome(report: DiffReport, reporter: StatusReporter) -> None:
    """Say what was left out, and what the run took."""
    if report.failures:
        reasons = ", ".join(dict.fromkeys(failure.reason for failure in report.failures))
        reporter.warn(
            f"the report is partial: {plural(len(report.failures), 'step')} failed ({reasons}); "
            "its warnings name each."
        )
    usage = report.usage
    if report.generated.model and not reporter.talking.quiet:
        print_status(
            f"{plural(usage.calls, 'request')}, {usage.cached_calls} from the cache, "
            f"{usage.input_tokens:,} tokens in ({usage.cached_input_tokens:,} cached by the "
            f"server), {usage.output_tokens:,} out, cost {format_dollars(usage.cost_usd)}, "
            f"{usage.seconds:.1f} s."
        )
