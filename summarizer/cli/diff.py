"""``summarize diff`` and ``summarize article``: the two that write a report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Asking, Inputs, Reading, Talking, Working, Writing, expanded
from summarizer.cli.read import flags, read
from summarizer.cli.screen import Voice, coloured, columns, emit
from summarizer.cli.work import at_desk, exit_code, rehearse, told
from summarizer.errors import InputError, UsageError

if TYPE_CHECKING:
    from summarizer.settings import Settings
    from summarizer.types import DiffReport


class Format(StrEnum):
    """What a report is written as."""

    TERMINAL = "terminal"
    MD = "md"
    JSON = "json"


FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        help="What to write.  [default: by the name of the -o file, else terminal]",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]

_UNWRITTEN = frozenset({".html", ".htm", ".pdf", ".docx", ".doc", ".csv", ".xml"})
_BY_SUFFIX = {".json": Format.JSON, ".md": Format.MD, ".markdown": Format.MD}


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of a diff is shown."""

    everything: bool
    summaries: bool


@expanded
def diff(
    *,
    inputs: Inputs,
    format: FormatOption = None,
    json: JsonOption = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every fact, not only the most salient.")
    ] = False,
    summaries: Annotated[
        bool, typer.Option("--summaries", help="Begin with a summary of each article.")
    ] = False,
    writing: Writing,
    working: Working,
    asking: Asking,
    reading: Reading,
    talking: Talking,
) -> None:
    """Compare the articles of several outlets on one event.

    What all report, what several report, what only one reports, and where they differ; each
    line with the words of the article it rests on.
    """
    from summarizer import pipeline

    voice = Voice(talking)
    settings = _settings(reading, working, asking)
    found = read(inputs, settings, voice)
    if len(found.articles) < 2:
        for warning in found.articles[0].warnings:
            voice.warn(warning)
        raise InputError(
            f"A diff needs two articles or more, and only {found.articles[0].source} can be used.",
            hint="For the summary of a single article there is `summarize article`.",
        )
    with at_desk(settings, voice) as desk, voice.progress() as progress:
        if asking.dry_run:
            rehearse(found.articles, settings, desk, compare=True)
        report = pipeline.diff(found.articles, settings, desk=desk, progress=progress)
    chosen = _format(format, json, writing)
    shown = Shown(everything=everything, summaries=summaries)
    emit(_diff_document(report, chosen, writing, shown), writing.output)
    told(report, voice)
    raise typer.Exit(exit_code(report, found.exit_code))


@expanded
def article(
    *,
    inputs: Inputs,
    format: FormatOption = None,
    json: JsonOption = False,
    writing: Writing,
    working: Working,
    asking: Asking,
    reading: Reading,
    talking: Talking,
) -> None:
    """Summarize articles one by one."""
    from summarizer import pipeline

    voice = Voice(talking)
    settings = _settings(reading, working, asking)
    found = read(inputs, settings, voice)
    with at_desk(settings, voice) as desk, voice.progress() as progress:
        if asking.dry_run:
            rehearse(found.articles, settings, desk, compare=False)
        report = pipeline.summarize(found.articles, settings, desk=desk, progress=progress)
    chosen = _format(format, json, writing)
    emit(_article_document(report, chosen, writing), writing.output)
    told(report, voice)
    raise typer.Exit(exit_code(report, found.exit_code))


def _settings(reading: Reading, working: Working, asking: Asking) -> Settings:
    from summarizer.settings import load

    said = {
        "engine": working.engine,
        "judge": working.judge,
        "sentences": working.sentences,
        **asking.settings(),
        **flags(reading),
    }
    return load(said)


def _format(format: Format | None, json: bool, writing: Writing) -> Format:
    if json:
        return Format.JSON
    if format is not None:
        return format
    suffix = writing.output.suffix.lower() if writing.output else ""
    if suffix in _UNWRITTEN:
        raise UsageError(
            f"A report cannot be written as {suffix}.",
            hint="Choose a file name that ends in .md, .json or .txt, or give --format.",
        )
    return _BY_SUFFIX.get(suffix, Format.TERMINAL)


def _diff_document(report: DiffReport, chosen: Format, writing: Writing, shown: Shown) -> str:
    match chosen:
        case Format.JSON:
            from summarizer.render.json import to_json

            return to_json(report)
        case Format.MD:
            from summarizer.render import markdown

            return markdown.diff(report, everything=shown.everything, summaries=shown.summaries)
        case Format.TERMINAL:
            from summarizer.render import terminal

            width, colour = columns(writing), coloured(writing)
            return terminal.diff(
                report,
                width=width,
                colour=colour,
                everything=shown.everything,
                summaries=shown.summaries,
            )


def _article_document(report: DiffReport, chosen: Format, writing: Writing) -> str:
    match chosen:
        case Format.JSON:
            from summarizer.render.json import to_json

            return to_json(report)
        case Format.MD:
            from summarizer.render import markdown

            return markdown.articles(report)
        case Format.TERMINAL:
            from summarizer.render import terminal

            return terminal.articles(report, width=columns(writing), colour=coloured(writing))
