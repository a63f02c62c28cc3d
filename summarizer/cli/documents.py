"""A report as the document that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Writing
from summarizer.cli.output import coloured, columns
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.types import DiffReport


class Format(StrEnum):
    """What a report is written as."""

    TERMINAL = "terminal"
    HTML = "html"
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
OpenOption = Annotated[
    bool,
    typer.Option("--open", help="Write HTML and show it in the browser."),
]

_UNWRITTEN = frozenset({".pdf", ".docx", ".doc", ".csv", ".xml"})
_BY_SUFFIX = {
    ".json": Format.JSON,
    ".md": Format.MD,
    ".markdown": Format.MD,
    ".html": Format.HTML,
    ".htm": Format.HTML,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of a diff is shown."""

    everything: bool
    summaries: bool


def chosen_format(format: Format | None, *, json: bool, open: bool, writing: Writing) -> Format:
    """Return what is to be written: what was said, else what the file's name says.

    Raises:
        UsageError: No report is written as a file of that name, or ``--open`` was given
            for something that is not HTML.
    """
    suffix = writing.output.suffix.lower() if writing.output else ""
    said = Format.JSON if json else format
    if said is None and suffix in _UNWRITTEN:
        raise UsageError(
            f"A report cannot be written as {suffix}.",
            hint="Choose a file name that ends in .html, .md, .json or .txt, or give --format.",
        )
    by_name = _BY_SUFFIX.get(suffix)
    if open and (said or by_name or Format.HTML) is not Format.HTML:
        raise UsageError(
            "--open shows the HTML report, and another format was asked for.",
            hint="Leave --open out, or give -o a file name that ends in .html.",
        )
    return said or by_name or (Format.HTML if open else Format.TERMINAL)


def diff_document(report: DiffReport, chosen: Format, writing: Writing, shown: Shown) -> str:
    """Return the report of ``summarize diff``."""
    match chosen:
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
        case _:
            return _whole(report, chosen)


def article_document(report: DiffReport, chosen: Format, writing: Writing) -> str:
    """Return the report of ``summarize article``."""
    match chosen:
        case Format.MD:
            from summarizer.render import markdown

            return markdown.articles(report)
        case Format.TERMINAL:
            from summarizer.render import terminal

            return terminal.articles(report, width=columns(writing), colour=coloured(writing))
        case _:
            return _whole(report, chosen)


def _whole(report: DiffReport, chosen: Format) -> str:
    """Return the report in a format that holds all there is, whatever it is a report of."""
    if chosen is Format.JSON:
        from summarizer.render.json import to_json

        return to_json(report)
    from summarizer.render.html import to_html

    return to_html(report)
