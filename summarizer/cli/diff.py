"""``summarize diff`` and ``summarize article``: the two that write a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.documents import (
    FormatOption,
    JsonOption,
    OpenOption,
    Shown,
    article_document,
    chosen_format,
    diff_document,
)
from summarizer.cli.options import Asking, Inputs, Reading, Talking, Working, Writing, expanded
from summarizer.cli.output import deliver
from summarizer.cli.read import flags, read
from summarizer.cli.status import StatusReporter
from summarizer.cli.work import at_desk, exit_code, rehearse, told
from summarizer.errors import InputError

if TYPE_CHECKING:
    from summarizer.settings import Settings


@expanded
def diff(
    *,
    inputs: Inputs,
    format: FormatOption = None,
    json: JsonOption = False,
    open: OpenOption = False,
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

    chosen = chosen_format(format, json=json, open=open, writing=writing)
    reporter = StatusReporter(talking)
    settings = _settings(reading, working, asking)
    found = read(inputs, settings, reporter)
    if len(found.articles) < 2:
        for warning in found.articles[0].warnings:
            reporter.warn(warning)
        raise InputError(
            f"A diff needs two articles or more, and only {found.articles[0].source} can be used.",
            hint="For the summary of a single article there is `summarize article`.",
        )
    with at_desk(settings, reporter) as desk, reporter.progress() as progress:
        if asking.dry_run:
            rehearse(found.articles, settings, desk, compare=True)
        report = pipeline.diff(found.articles, settings, desk=desk, progress=progress)
    shown = Shown(everything=everything, summaries=summaries)
    document = diff_document(report, chosen, writing, shown)
    deliver(document, writing.output, open=open, reporter=reporter)
    told(report, reporter)
    raise typer.Exit(exit_code(report, found.exit_code))


@expanded
def article(
    *,
    inputs: Inputs,
    format: FormatOption = None,
    json: JsonOption = False,
    open: OpenOption = False,
    writing: Writing,
    working: Working,
    asking: Asking,
    reading: Reading,
    talking: Talking,
) -> None:
    """Summarize articles one by one."""
    from summarizer import pipeline

    chosen = chosen_format(format, json=json, open=open, writing=writing)
    reporter = StatusReporter(talking)
    settings = _settings(reading, working, asking)
    found = read(inputs, settings, reporter)
    with at_desk(settings, reporter) as desk, reporter.progress() as progress:
        if asking.dry_run:
            rehearse(found.articles, settings, desk, compare=False)
        report = pipeline.summarize(found.articles, settings, desk=desk, progress=progress)
    document = article_document(report, chosen, writing)
    deliver(document, writing.output, open=open, reporter=reporter)
    told(report, reporter)
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
