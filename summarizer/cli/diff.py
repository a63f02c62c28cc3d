"""``summarize diff`` and ``summarize article``: the two that write a report."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from summarizer.cli.options import Asking, Inputs, Reading, Talking, Working, Writing, expanded
from summarizer.cli.output import StatusReporter, coloured, columns, deliver
from summarizer.cli.work import (
    ReadInputs,
    at_desk,
    exit_code,
    flags,
    print_plan,
    read_inputs,
    report_outcome,
)
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.settings import Settings
    from summarizer.types import Article, DiffReport


class Format(StrEnum):
    """What a report is written as."""

    TERMINAL = "terminal"
    HTML = "html"
    MD = "md"
    JSON = "json"
    CSV = "csv"


_UNWRITTEN = frozenset({".pdf", ".docx", ".doc", ".xlsx", ".xml"})
_BY_SUFFIX = {
    ".json": Format.JSON,
    ".csv": Format.CSV,
    ".md": Format.MD,
    ".markdown": Format.MD,
    ".html": Format.HTML,
    ".htm": Format.HTML,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatting:
    """What a report is written as, and whether it is opened."""

    format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            help="What to write.  [default: by the name of the -o file, else terminal]",
        ),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False
    open: Annotated[bool, typer.Option("--open", help="Write HTML and show it in the browser.")] = (
        False
    )

    def chosen(self, writing: Writing) -> Format:
        """Return what is to be written: what was said, else what the file's name says.

        Raises:
            UsageError: No report is written as a file of that name, or ``--open`` was given
                for something that is not HTML.
        """
        suffix = writing.output.suffix.lower() if writing.output else ""
        named = Format.JSON if self.json else self.format
        if named is None and suffix in _UNWRITTEN:
            raise UsageError(
                f"A report cannot be written as {suffix}.",
                hint="Choose a file name that ends in .html, .md, .json, .csv or .txt, or give "
                "--format.",
            )
        by_name = _BY_SUFFIX.get(suffix)
        if self.open and (named or by_name or Format.HTML) is not Format.HTML:
            raise UsageError(
                "--open shows the HTML report, and another format was asked for.",
                hint="Leave --open out, or give -o a file name that ends in .html.",
            )
        return named or by_name or (Format.HTML if self.open else Format.TERMINAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaying:
    """Recorded answers that stand in for a model."""

    replay: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Take a model's recorded answers from this file and send nothing; no key is "
            "needed.",
        ),
    ] = None

    def settings(self) -> dict[str, object]:
        """Return the settings that the choice makes."""
        return {"recordings": str(self.replay)} if self.replay else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much of a diff is shown."""

    everything: Annotated[
        bool, typer.Option("--all", help="Show every fact, not only the most important.")
    ] = False
    summaries: Annotated[
        bool, typer.Option("--summaries", help="Begin with a summary of each article.")
    ] = False


@expanded
def diff(
    *,
    inputs: Inputs,
    formatting: Formatting,
    extent: Extent,
    writing: Writing,
    working: Working,
    asking: Asking,
    replaying: Replaying,
    reading: Reading,
    talking: Talking,
) -> None:
    """Compare the articles of several outlets on one event.

    The report says what all outlets report, what several report, what only one reports, and
    where they differ. Under each line it quotes the words of the article.
    """
    chosen, reporter = formatting.chosen(writing), StatusReporter(talking)
    settings = _load_settings(reading, working, asking, replaying)
    inputs_read = read_inputs(inputs, settings, reporter)
    _need_two(inputs_read.articles, reporter)
    report = _run_pipeline(
        inputs_read.articles, settings, reporter, compare=True, dry_run=asking.dry_run
    )
    document = _render_document(report, chosen, writing, extent)
    _hand_over(document, report, inputs_read, writing, reporter, open=formatting.open)


@expanded
def article(
    *,
    inputs: Inputs,
    formatting: Formatting,
    writing: Writing,
    working: Working,
    asking: Asking,
    replaying: Replaying,
    reading: Reading,
    talking: Talking,
) -> None:
    """Summarize articles one by one."""
    chosen, reporter = formatting.chosen(writing), StatusReporter(talking)
    settings = _load_settings(reading, working, asking, replaying)
    inputs_read = read_inputs(inputs, settings, reporter)
    report = _run_pipeline(
        inputs_read.articles, settings, reporter, compare=False, dry_run=asking.dry_run
    )
    document = _render_document(report, chosen, writing, None)
    _hand_over(document, report, inputs_read, writing, reporter, open=formatting.open)


def _load_settings(
    reading: Reading, working: Working, asking: Asking, replaying: Replaying
) -> Settings:
    from summarizer.settings import load

    chosen = {**asdict(working), **asking.settings(), **replaying.settings()}
    return load({**chosen, **flags(reading)})


def _need_two(articles: Sequence[Article], reporter: StatusReporter) -> None:
    from summarizer.pipeline import need_two

    if len(articles) == 1:
        for warning in articles[0].warnings:
            reporter.warn(warning)
    need_two(articles)


def _run_pipeline(
    articles: Sequence[Article],
    settings: Settings,
    reporter: StatusReporter,
    *,
    compare: bool,
    dry_run: bool,
) -> DiffReport:
    from summarizer import pipeline

    with at_desk(settings, reporter) as desk, reporter.progress() as progress:
        if dry_run:
            print_plan(articles, settings, desk, compare=compare)
        run = pipeline.diff if compare else pipeline.summarize
        return run(articles, settings, desk=desk, progress=progress)


def _render_document(
    report: DiffReport, chosen: Format, writing: Writing, extent: Extent | None
) -> str:
    """Return the report as it was asked for; without an extent it is one of single articles."""
    match chosen:
        case Format.JSON:
            from summarizer.render.json import to_json

            return to_json(report)
        case Format.CSV:
            from summarizer.render.csv import to_csv

            return to_csv(report)
        case Format.HTML:
            from summarizer.render.html import to_html

            return to_html(report)
        case Format.MD:
            from summarizer.render import markdown

            if extent is None:
                return markdown.articles(report)
            return markdown.to_markdown(report, **asdict(extent))
        case Format.TERMINAL:
            from summarizer.render import terminal

            width, colour = columns(writing), coloured(writing)
            if extent is None:
                return terminal.articles(report, width=width, colour=colour)
            return terminal.diff(report, width=width, colour=colour, **asdict(extent))


def _hand_over(
    document: str,
    report: DiffReport,
    inputs_read: ReadInputs,
    writing: Writing,
    reporter: StatusReporter,
    *,
    open: bool,
) -> NoReturn:
    """Write the document, say what the run took, and end the command with its code."""
    deliver(document, writing.output, open=open, reporter=reporter)
    report_outcome(report, reporter)
    raise typer.Exit(exit_code(report, inputs_read.exit_code))
