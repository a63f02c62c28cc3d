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

if TYPE_CHECKING:
    from summarizer.pipeline import Desk, Plan
    from summarizer.settings import Settings
    from summarizer.types import Article, DiffReport

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

    emit(
        "".join(
            f"{line}\n" for line in _plan_lines(plan(articles, settings, desk, compare=compare))
        )
    )
    raise typer.Exit


def _plan_lines(planned: Plan) -> Iterator[str]:
    if not planned.stages:
        yield "Nothing is asked: the offline engine and judge need no model."
        return
    yield f"{'stage':<18} requests  cached  tokens in  out, most  cost, most"
    for stage in planned.stages:
        tokens = stage.tokens
        yield (
            f"{stage.stage:<18}{stage.calls:>9}{stage.cached_calls:>8}{tokens.input:>11,}"
            f"{tokens.output:>11,}{_format_dollars(stage.cost_usd):>12}"
        )
    total = f"{planned.requests} requests, at most {_format_dollars(planned.cost)}"
    yield f"In all {total}; tokens are estimated, claims not yet known stand in for by sentences."


def _format_dollars(amount: float | None) -> str:
    return "unknown" if amount is None else f"${amount:.4f}"


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
            f"the report is partial: {len(report.failures)} steps failed ({reasons}); "
            "its warnings name each."
        )
    usage = report.usage
    if report.generated.model and not reporter.talking.quiet:
        print_status(
            f"{usage.calls} requests, {usage.cached_calls} from the cache, "
            f"{usage.input_tokens:,} tokens in ({usage.cached_input_tokens:,} cached by the "
            f"server), {usage.output_tokens:,} out, cost {_format_dollars(usage.cost_usd)}, "
            f"{usage.seconds:.1f} s."
        )
