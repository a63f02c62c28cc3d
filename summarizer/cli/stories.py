"""``summarize stories``: a day's articles to stories, and each story to a diff."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from summarizer.cli.options import Asking, Reading, Working, expanded, load_settings
from summarizer.cli.output import PARTIAL, StatusReporter, need_extra
from summarizer.errors import BudgetReached, UsageError
from summarizer.report.wording import plural

if TYPE_CHECKING:
    from summarizer.settings import Settings
    from summarizer.stories.day import Options
    from summarizer.stories.inputs import Problem
    from summarizer.stories.tasks import Summary

NEEDED = ("datasketch", "duckdb", "feedparser", "numpy", "scipy", "sparse_dot_topn", "warcio")
SHOWN_PROBLEMS = 5  # problems, and gaps in reports, that are said on the screen
FLEX_SECONDS = 900.0  # how long OpenAI's slower tier is waited for, as OpenAI advises


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreading:
    """Where a day is compared, how long that may take, and what it is called."""

    workers: Annotated[
        int,
        Option(
            min=0,
            help="Processes that compare stories.  [default: one for each core]",
            show_default=False,
        ),
    ] = 0
    shard: Annotated[
        str,
        Option(metavar="I/N", help="Divide the stories into N parts and compare only the I-th."),
    ] = "1/1"
    batch: Annotated[
        bool,
        Option(
            "--batch",
            help="Ask the model through the Batch API: at half the price, but each of the four "
            "steps may take a day.",
        ),
    ] = False
    batch_wait: Annotated[
        float | None,
        Option(
            min=0,
            metavar="MINUTES",
            help="End the run after this time, even if batches are unfinished; the same command "
            "continues it.  [default: wait for all]",
        ),
    ] = None
    title: Annotated[str, Option(help="The headline of the index.")] = "What each outlet reported"

    def options(self, *, dry: bool) -> Options:
        """Return what was said, as the run takes it."""
        from summarizer.stories.day import Options

        match = re.fullmatch(r"(\d+)/(\d+)", self.shard)
        part, parts = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= part <= parts:
            hint = "Give --shard 1/4 for the first of four parts."
            raise UsageError(f"{self.shard} is no part.", hint)
        if self.batch and parts > 1:
            raise UsageError("--batch and --shard exclude each other.", "Use --workers.")
        if self.batch_wait is not None and not self.batch:
            raise UsageError("--batch-wait says how long to wait for batches.", "Add --batch.")
        return Options(
            workers=self.workers,
            shard=(part, parts),
            title=self.title,
            batch=self.batch,
            wait=None if self.batch_wait is None else self.batch_wait * 60,
            dry=dry,
        )


@expanded
def stories(
    *,
    inputs: Annotated[
        list[str],
        Argument(
            metavar="INPUT...",
            help="Folders, JSON lines, Parquet, CSV, WARC, feeds, OPML, lists of URLs.",
        ),
    ],
    output: Annotated[
        Path, Option("--output", "-o", help="The folder that everything is written to.")
    ],
    spreading: Spreading,
    working: Working,
    asking: Asking,
    reading: Reading,
    reporter: StatusReporter,
) -> None:
    """Sort a day's articles into stories, and compare each story.

    A story is the articles on one event. Writes index.html, a report for each story,
    facts.parquet, exclusives.csv and stories.csv. If you give the same command again, it
    continues an unfinished run and adds new articles. A file corrections.toml in the output
    folder merges and splits stories. See docs/stories.md.
    """
    need_extra("stories", "The libraries for stories are not installed.", *NEEDED)
    from summarizer.stories.day import run_day

    options = spreading.options(dry=asking.dry_run)
    settings = cheapest(load_settings(working, asking, reading), batch=options.batch)
    with reporter.progress() as progress:
        summary, problems = run_day(inputs, output, settings, options, progress, reporter.note)
    if options.dry:
        _report_plan(summary, reporter)
        return
    _report_result(summary, problems, reporter)
    reporter.note(f"Open {output / 'index.html'}")
    if summary.left and summary.is_capped:
        raise typer.Exit(BudgetReached.exit_code)
    whole = not (summary.failed or summary.partial or summary.left or problems)
    raise typer.Exit(0 if whole else PARTIAL)


def cheapest(settings: Settings, *, batch: bool = False) -> Settings:
    """Return settings for batches, or for OpenAI's slower tier, which is waited for longer."""
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


def _report_plan(summary: Summary, reporter: StatusReporter) -> None:
    for outcome in summary.failed:
        reporter.warn(f"story {outcome.story}: {outcome.error}")
    cost = "an unknown price" if math.isnan(summary.cost) else f"at most ${summary.cost:.2f}"
    count = plural(summary.made, "story", "stories")
    reporter.note(f"{count} would be compared for {cost}; nothing was asked.")


def _report_result(summary: Summary, problems: Sequence[Problem], reporter: StatusReporter) -> None:
    """Say what is missing: a few lines of each kind, and how many more there are."""
    unread = [f"{problem.where}: {problem.reason}" for problem in problems]
    gaps = [f"{each.story}: {missing}" for each in summary.partial for missing in each.missing]
    for line in unread[:SHOWN_PROBLEMS]:
        reporter.warn(line)
    if more := len(unread[SHOWN_PROBLEMS:]):
        count = plural(more, "more input")
        reporter.warn(f"{count} gave no article; problems.jsonl has all of them.")
    for outcome in summary.failed:
        reporter.warn(f"story {outcome.story} has no report: {outcome.error}")
    for gap in gaps[:SHOWN_PROBLEMS]:
        reporter.warn(f"the report of story {gap}")
    if more := len(gaps[SHOWN_PROBLEMS:]):
        reporter.warn(f"{plural(more, 'more gap')}; each report names its own.")
    cost = f", ${summary.cost:.2f}" if summary.cost else ""
    reporter.note(f"{plural(summary.made, 'story', 'stories')} compared{cost}.")
    if summary.left:
        left = plural(summary.left, "story is", "stories are")
        reporter.warn(f"{left} left; the same command goes on.")
