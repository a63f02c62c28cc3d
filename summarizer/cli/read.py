"""Inputs to articles, with a line for each that could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.cli.options import Reading
from summarizer.cli.status import StatusReporter, print_error
from summarizer.errors import InputError

if TYPE_CHECKING:
    from summarizer.settings import Settings
    from summarizer.types import Article

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
        if problem.hint:
            reporter.warn(f"left out: {problem.message} {problem.hint}")
        else:
            reporter.warn(f"left out: {problem.message}")
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
