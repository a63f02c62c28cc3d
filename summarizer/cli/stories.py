"""``summarize stories``: a day's articles to stories, and each story to a diff."""

from __future__ import annotations

import math
import os
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Asking, Reading, Talking, Working, expanded
from summarizer.cli.output import StatusReporter
from summarizer.cli.work import PARTIAL, flags
from summarizer.errors import BudgetReached, UsageError

if TYPE_CHECKING:
    from summarizer.settings import Settings
    from summarizer.stories.day import Result

INSTALL = "pip install 'newsdiff[stories]'"
"""The command that installs what is missing."""

NEEDED = ("datasketch", "duckdb", "numpy", "scipy", "sparse_dot_topn")
SHOWN_PROBLEMS = 5
"""Problems, and gaps in reports, that are said on the screen."""


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
    workers: Annotated[
        int, typer.Option(min=0, help="Processes.  [default: one for each core]")
    ] = 0,
    cluster: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler whose workers compare instead."),
    ] = "",
    shard: Annotated[
        str, typer.Option(metavar="I/N", help="Compare the I-th part of N of the stories only.")
    ] = "1/1",
    batch: Annotated[
        bool,
        typer.Option("--batch", help="Ask the model through the Batch API: half price, in a day."),
    ] = False,
    batch_wait: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="MINUTES",
            help="Leave batches under way after so long; the same command goes on.  [default: "
            "wait for all]",
        ),
    ] = None,
    title: Annotated[
        str, typer.Option(help="The headline of the index.")
    ] = "What each outlet reported",
    working: Working,
    asking: Asking,
    reading: Reading,
    talking: Talking,
) -> None:
    """Find the stories in a day's articles, and what each outlet alone reports of each.

    Writes index.html, a report for each story, facts.parquet, exclusives.csv and stories.csv.
    The same command again goes on where a run ended and takes in what is new. A file
    corrections.toml in the folder merges and splits stories. See docs/stories.md.
    """
    from importlib.util import find_spec

    if any(find_spec(name) is None for name in NEEDED):
        raise UsageError("The libraries for stories are not installed.", f"Install: {INSTALL}")
    from summarizer.llm.prices import BATCH_TIER
    from summarizer.settings import load
    from summarizer.stories.day import Options, run_day
    from summarizer.stories.tasks import default_workers

    reporter = StatusReporter(talking)
    part = _part(shard)
    if batch and part != (1, 1):
        raise UsageError("--batch and --shard exclude each other.", "Use --workers or --cluster.")
    if batch_wait is not None and not batch:
        raise UsageError("--batch-wait says how long to wait for batches.", "Add --batch.")
    settings = load({**asdict(working), **asking.settings(), **flags(reading)})
    settings = replace(settings, service_tier=BATCH_TIER) if batch else cheapest(settings)
    wait = None if batch_wait is None else batch_wait * 60
    dry = asking.dry_run
    options = Options(workers or default_workers(), cluster, part, title, batch, wait, dry)
    with reporter.progress() as progress:
        result = run_day(inputs, output, settings, options, progress, reporter.note)
    if dry:
        _report_plan(result, reporter)
        return
    _report(result, output, reporter)
    raise typer.Exit(_code(result))


def cheapest(settings: Settings) -> Settings:
    """Return settings that ask for the cheaper, slower tier, where OpenAI has it for the model."""
    from summarizer.llm.client import endpoint_of
    from summarizer.llm.prices import Tariff
    from summarizer.llm.probe import DEFAULT_MODEL
    from summarizer.pipeline.desk import asks_model

    if settings.service_tier or not asks_model(settings):
        return settings
    tariff, model = Tariff(endpoint_of(settings, os.environ)), settings.model or DEFAULT_MODEL
    if tariff.of(model, service_tier="flex") == tariff.of(model):
        return settings
    return replace(settings, service_tier="flex")


def _part(shard: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)/(\d+)", shard)
    part, parts = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= part <= parts:
        raise UsageError(f"{shard} is no part.", "Give --shard 1/4 for the first of four parts.")
    return part, parts


def _report_plan(result: Result, reporter: StatusReporter) -> None:
    summary = result.summary
    for outcome in summary.failed:
        reporter.warn(f"story {outcome.story}: {outcome.error}")
    cost = "an unknown price" if math.isnan(summary.cost) else f"at most ${summary.cost:.2f}"
    reporter.note(f"{summary.made:,} stories would be compared for {cost}; nothing was asked.")


def _report(result: Result, output: Path, reporter: StatusReporter) -> None:
    for problem in result.problems[:SHOWN_PROBLEMS]:
        reporter.warn(f"{problem.where}: {problem.reason}")
    if len(result.problems) > SHOWN_PROBLEMS:
        more = len(result.problems) - SHOWN_PROBLEMS
        reporter.warn(f"{more:,} more inputs gave no article; problems.jsonl has them all.")
    for outcome in result.summary.failed:
        reporter.warn(f"story {outcome.story} has no report: {outcome.error}")
    summary = result.summary
    gaps = [f"{o.story}: {missing}" for o in summary.partial for missing in o.missing]
    for gap in gaps[:SHOWN_PROBLEMS]:
        reporter.warn(f"the report of story {gap}")
    if len(gaps) > SHOWN_PROBLEMS:
        reporter.warn(f"{len(gaps) - SHOWN_PROBLEMS:,} more gaps; each report names its own.")
    cost = f", ${summary.cost:.2f}" if summary.cost else ""
    reporter.note(f"{summary.made:,} stories compared{cost}.")
    if summary.left:
        reporter.warn(f"{summary.left:,} stories are left; the same command goes on.")
    reporter.note(f"Open {output / 'index.html'}")


def _code(result: Result) -> int:
    summary = result.summary
    if summary.left and summary.is_capped:
        return BudgetReached.exit_code
    whole = not (summary.failed or summary.partial or summary.left or result.problems)
    return 0 if whole else PARTIAL
