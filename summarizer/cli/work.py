"""A run as its user meets it: what is read, what it will cost, how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import typer

from summarizer.cli.output import StatusReporter, emit, print_error
from summarizer.errors import BudgetReached, InputError, UsageError
from summarizer.report.wording import plural
from summarizer.usage import format_dollars

if TYPE_CHECKING:
    from summarizer.pipeline import Desk, Plan
    from summarizer.render.tables import Row as TableRow
    from summarizer.settings import Settings
    from summarizer.types import Article, DiffReport
    from summarizer.usage import Usage

PLAN_COLUMNS = ("stage", "requests", "stored", "tokens in", "out, most", "cost, most")
"""What a plan says of each stage."""
PLAN_WIDTH = 100

PARTIAL = 5  # exit code of a run that printed a result but could not use every input


class ReadInputs(NamedTuple):
    """The articles, and the code of a run that does nothing else wrong."""

    articles: tuple[Article, ...]
    exit_code: int


def read_inputs(inputs: Sequence[str], settings: Settings, reporter: StatusReporter) -> ReadInputs:
    """Return the articles of ``inputs``; what cannot be read is told and left out.

    Raises:
        InputError: Nothing could be read.
    """
    from summarizer.sources.reading import ReadOptions, read_articles

    options = ReadOptions(allow_private_urls=settings.allow_private_urls)
    articles, problems = read_articles(inputs, options=options)
    if not articles and len(problems) == 1:
        raise problems[0]
    for problem in problems:
        if articles:
            reporter.warn(f"left out: {problem.message} {problem.hint}".rstrip())
        else:
            print_error(problem)
    if not articles:
        message = f"None of the {len(problems)} inputs could be used."
        raise InputError(message, hint="See the lines above.")
    for article in articles:
        body = sum(map(len, article.body))
        reporter.tell(
            f"{article.source}: {article.outlet} (from {article.outlet_from.value}), "
            f"{article.published or 'no date'}, {body:,} of {len(article.text):,} characters kept"
        )
    return ReadInputs(tuple(articles), PARTIAL if problems else 0)


@contextmanager
def at_desk(settings: Settings, reporter: StatusReporter) -> Iterator[Desk]:
    """Open a desk for a ``with``, and say which model is asked, if one is."""
    from summarizer.pipeline import open_desk

    with open_desk(settings, warn=reporter.warn) as desk:
        if desk.session is not None:
            reporter.note(f"{desk.engine.name} engine, {desk.judge.name} judge: {desk.described()}")
        yield desk


def print_plan(planned: Plan, note: str = "tokens are estimated.") -> NoReturn:
    """Print what a run would ask and cost, and end the command."""
    from summarizer.render.tables import Table, Text, to_terminal

    if not planned.stages:
        emit("Nothing is asked: the offline engine and judge need no model.\n")
        raise typer.Exit
    rows = tuple(plan_row(*stage) for stage in planned.stages.items())
    total = f"{plural(planned.requests, 'request')}, at most {format_dollars(planned.cost)}"
    emit(to_terminal([Table(PLAN_COLUMNS, rows), Text(f"In all {total}; {note}")], PLAN_WIDTH))
    raise typer.Exit


def plan_row(name: str, used: Usage) -> TableRow:
    """Return what a stage would ask and cost, as a row of a table under ``PLAN_COLUMNS``."""
    from summarizer.render.tables import Row

    counts = (used.calls, used.cached_calls, used.input_tokens, used.output_tokens)
    return Row((name, *(f"{count:,}" for count in counts), format_dollars(used.cost_usd)))


def exit_code(report: DiffReport, reading: int) -> int:
    """Return the code of a run that printed its report, where reading left with ``reading``.

    The cap on cost comes first: it is what the user can raise.
    """
    codes = [failure.exit_code for failure in report.failures]
    if BudgetReached.exit_code in codes:
        return BudgetReached.exit_code
    return PARTIAL if codes else reading


def report_outcome(report: DiffReport, reporter: StatusReporter) -> None:
    """Say what was left out, and what the run took."""
    if report.failures:
        reasons = ", ".join(dict.fromkeys(failure.reason for failure in report.failures))
        reporter.warn(
            f"the report is partial: {plural(len(report.failures), 'step')} failed ({reasons}); "
            "its warnings name each."
        )
    if report.generated.model:
        reporter.note(usage_sentence(report.usage))


def usage_sentence(usage: Usage) -> str:
    """Return what a run took, in a sentence."""
    return (
        f"{plural(usage.calls, 'request')}, {usage.cached_calls} from the cache, "
        f"{usage.input_tokens:,} tokens in ({usage.cached_input_tokens:,} cached by the "
        f"server), {usage.output_tokens:,} out, cost {format_dollars(usage.cost_usd)}, "
        f"{usage.seconds:.1f} s."
    )


def need_extra(extra: str, message: str, *modules: str) -> None:
    """Check that the libraries of an extra are there.

    Raises:
        UsageError: One is not; its hint is the command that installs them.
    """
    if any(find_spec(name) is None for name in modules):
        raise UsageError(message, f"Install it: pip install 'newsdiff[{extra}]'")
