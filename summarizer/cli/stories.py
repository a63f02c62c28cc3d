"""``summarize stories``: a day's articles to stories, and each story to a diff."""

from __future__ import annotations

import math
import os
import re
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Asking, Reading, Talking, Working, expanded
from summarizer.cli.output import StatusReporter
from summarizer.cli.work import PARTIAL, flags
from summarizer.errors import BudgetReached, UsageError

if TYPE_CHECKING:
    from summarizer.settings import Settings
    from summarizer.stories.day import Options, Result

INSTALL = "pip install 'newsdiff[stories]'"
"""The command that installs what is missing."""

NEEDED = ("datasketch", "duckdb", "numpy", "scipy", "sparse_dot_topn")
SHOWN_PROBLEMS = 5
"""Problems, and gaps in reports, that are said on the screen."""

FLEX_SECONDS = 900.0
"""How long an answer of OpenAI's slower tier is waited for: OpenAI advises fifteen minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreading:
    """Where a day is compared, how long that may take, and what it is called."""

    workers: Annotated[
        int,
        typer.Option(
            min=0,
            help="Processes that compare stories.  [default: one for each core]",
            show_default=False,
        ),
    ] = 0
    cluster: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="A Dask scheduler; its workers compare the stories in place of --workers.",
        ),
    ] = ""
    shard: Annotated[
        str,
        typer.Option(
            metavar="I/N", help="Divide the stories into N parts and compare only the I-th."
        ),
    ] = "1/1"
    batch: Annotated[
        bool,
        typer.Option(
            "--batch",
            help="Ask the model through the Batch API: at half the price, but each of the four "
            "steps may take a day.",
        ),
    ] = False
    batch_wait: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="MINUTES",
            help="End the run after this time, even if batches are unfinished; the same command "
            "continues it.  [default: wait for all]",
        ),
    ] = None
    title: Annotated[str, typer.Option(help="The headline of the index.")] = (
        "What each outlet reported"
    )

    def options(self, *, dry: bool) -> Options:
        """Return what was said, as the run takes it.

        Raises:
            UsageError: Two options exclude each other, or the shard is no part.
        """
        from summarizer.stories.day import Options
        from summarizer.stories.tasks import default_workers

        if self.batch and self.part != (1, 1):
            hint = "Use --workers or --cluster."
            raise UsageError("--batch and --shard exclude each other.", hint)
        if self.batch_wait is not None and not self.batch:
            raise UsageError("--batch-wait says how long to wait for batches.", "Add --batch.")
        return Options(
            workers=self.workers or default_workers(),
            cluster=self.cluster,
            shard=self.part,
            title=self.title,
            batch=self.batch,
            wait=None if self.batch_wait is None else self.batch_wait * 60,
            dry=dry,
        )

    @property
    def part(self) -> tuple[int, int]:
        """The shard: (1, 4) is the first of four.

        Raises:
            UsageError: It is no part.
        """
        match = re.fullmatch(r"(\d+)/(\d+)", self.shard)
        part, parts = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= part <= parts:
            hint = "Give --shard 1/4 for the first of four parts."
            raise UsageError(f"{self.shard} is no part.", hint)
        return part, parts


@expanded
def stories(
    *,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Folders, JSON lines, Parquet, CSV, WARC, feeds, OPML, lists of URLs.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder that everything is written to.")
    ],
    spreading: Spreading,
    working: Working,
    asking: Asking,
    reading: Reading,
    talking: Talking,
) -> None:
    """Sort a day's articles into stories, and compare each story.

    A story is the articles on one event. Writes index.html, a report for each story,
    facts.parquet, exclusives.csv and stories.csv. If you give the same command again, it
    continues an unfinished run and adds new articles. A file corrections.toml in the output
    folder merges and splits stories. See docs/stories.md.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise UsageError("The libraries for stories are not installed.", f"Install: {INSTALL}")
    from summarizer.settings import load
    from summarizer.stories.day import run_day

    reporter = StatusReporter(talking)
    options = spreading.options(dry=asking.dry_run)
    settings = load({**asdict(working), **asking.settings(), **flags(reading)})
    settings = cheapest(settings, batch=options.batch)
    with reporter.progress() as progress:
        result = run_day(inputs, output, settings, options, progress, reporter.note)
    if options.dry:
        _report_plan(result, reporter)
        return
    _report(result, output, reporter)
    raise typer.Exit(_code(result))


def cheapest(settings: Settings, *, batch: bool = False) -> Settings:
    """Return settings that ask in batches, or for OpenAI's slower tier where the model has it.

    An answer of the slower tier is waited for longer.
    """
    from summarizer.llm.client import endpoint_of
    from summarizer.llm.costs import BATCH_TIER, Tariff
    from summarizer.llm.server import DEFAULT_MODEL
    from summarizer.pipeline.desk import asks_model

    if batch:
        return replace(settings, service_tier=BATCH_TIER)
    if settings.service_tier or not asks_model(settings):
        return settings
    tariff, model = Tariff(endpoint_of(settings, os.environ)), settings.model or DEFAULT_MODEL
    if tariff.of(model, service_tier="flex") == tariff.of(model):
        return settings
    return replace(settings, service_tier="flex", timeout=max(settings.timeout, FLEX_SECONDS))


def _report_plan(result: Result, reporter: StatusReporter) -> None:
    from summarizer.report.wording import plural

    summary = result.summary
    for outcome in summary.failed:
        reporter.warn(f"story {outcome.story}: {outcome.error}")
    cost = "an unknown price" if math.isnan(summary.cost) else f"at most ${summary.cost:.2f}"
    count = plural(summary.made, "story", "stories")
    reporter.note(f"{count} would be compared for {cost}; nothing was asked.")


def _report(result: Result, output: Path, reporter: StatusReporter) -> None:
    from summarizer.report.wording import plural

    for problem in result.problems[:SHOWN_PROBLEMS]:
        reporter.warn(f"{problem.where}: {problem.reason}")
    if len(result.problems) > SHOWN_PROBLEMS:
        more = plural(len(result.problems) - SHOWN_PROBLEMS, "more input")
        reporter.warn(f"{more} gave no article; problems.jsonl has all of them.")
    for outcome in result.summary.failed:
        reporter.warn(f"story {outcome.story} has no report: {outcome.error}")
    summary = result.summary
    gaps = [f"{o.story}: {missing}" for o in summary.partial for missing in o.missing]
    for gap in gaps[:SHOWN_PROBLEMS]:
        reporter.warn(f"the report of story {gap}")
    if len(gaps) > SHOWN_PROBLEMS:
        more = plural(len(gaps) - SHOWN_PROBLEMS, "more gap")
        reporter.warn(f"{more}; each report names its own.")
    cost = f", ${summary.cost:.2f}" if summary.cost else ""
    reporter.note(f"{plural(summary.made, 'story', 'stories')} compared{cost}.")
    if summary.left:
        left = plural(summary.left, "story is", "stories are")
        reporter.warn(f"{left} left; the same command goes on.")
    reporter.note(f"Open {output / 'index.html'}")


def _code(result: Result) -> int:
    summary = result.summary
    if summary.left and summary.is_capped:
        return BudgetReached.exit_code
    whole = not (summary.failed or summary.partial or summary.left or result.problems)
    return 0 if whole else PARTIAL
