"""The process that reads and compares, so that nothing else has to wait for it.

``python -m summarizer.slackbot.worker_main`` reads orders from its standard input, one JSON object
a line, and writes what comes of each to its standard output: lines of progress, then a result or
an error. Whatever an article does to the code that reads it, it does here: without Slack's tokens,
and with an end when the time is over.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from summarizer import errors
from summarizer.errors import InputError, SummarizerError
from summarizer.settings import Settings
from summarizer.types import Article, DiffReport

Send = Callable[[dict[str, Any]], None]
"""Sends one line, an object of JSON, to the bot."""

PROBLEMS_TOLD = 3
"""Inputs whose problems are told one by one where nothing could be read."""


def main() -> None:
    """Work on orders until there are no more."""
    # Libraries warn of what they read, in its own words, and those are not for the bot's log.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.captureWarnings(True)
    # What other code prints must not get between the lines.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def send(line: dict[str, Any]) -> None:
        out.write(json.dumps(line) + "\n")
        out.flush()

    for order in sys.stdin:
        _serve_order(json.loads(order), send)


def _serve_order(order: dict[str, Any], send: Send) -> None:
    try:
        send({"result": run_order(order, send)})
    except SummarizerError as error:
        send({"error": type(error).__name__, "message": error.message})
    except Exception as error:
        # Its text may quote an article, so only its kind leaves this process.
        send({"error": "", "message": type(error).__name__})


def run_order(order: dict[str, Any], send: Send) -> dict[str, Any]:
    """Do what an order asks, and send each stage.

    An order has ``inputs`` (addresses and paths), ``folder`` (of the paths), ``left_out`` (why
    some of what was asked for is not among them) and ``settings``. The result has ``kind``,
    ``view`` and ``documents`` as ``store.StoredReport`` does, and ``cost``.

    Raises:
        SummarizerError: There is no report, and why.
    """
    from summarizer import pipeline
    from summarizer.report.view import EVERYTHING, dump_view, view

    settings = Settings(**order["settings"])

    def progress(stage: str, done: int, total: int) -> None:
        send({"stage": stage, "done": done, "total": total})

    progress("fetching", 0, len(order["inputs"]))
    articles, left_out = _read_inputs(order["inputs"], order["folder"], settings)
    compare = len(order["inputs"]) > 1
    if compare and len(articles) < 2:
        raise InputError(
            f"A comparison takes two articles, and only {articles[0].source} could be read. "
            + " ".join(left_out[:PROBLEMS_TOLD])
        )
    with pipeline.open_desk(settings) as desk:
        run = pipeline.diff if compare else pipeline.summarize
        report = run(articles, settings, desk=desk, progress=progress)
    shown = view(report, EVERYTHING)
    problems = (*order["left_out"], *left_out)
    warnings = (*(f"Left out: {problem}" for problem in problems), *shown.warnings)
    return {
        "kind": "diff" if compare else "summary",
        "view": dump_view(replace(shown, warnings=warnings)),
        "documents": json.dumps(_render_documents(report)),
        "cost": _report_cost(report),
    }


def _render_documents(report: DiffReport) -> dict[str, str]:
    """Return the documents that go with an answer, each by its name in ``jobs.DOCUMENTS``."""
    from summarizer.render.html import to_html
    from summarizer.render.json import to_json

    return {"html": to_html(report), "json": to_json(report)}


def _read_inputs(
    inputs: Sequence[str], folder: str, settings: Settings
) -> tuple[list[Article], list[str]]:
    """Return the articles, and why other inputs gave none.

    Raises:
        InputError: There is none.
    """
    from summarizer.sources import ReadOptions, read_articles

    options = ReadOptions(allow_private_urls=settings.allow_private_urls)
    articles, problems = read_articles(inputs, options=options)
    left_out = [_without_folder(problem.message, folder) for problem in problems]
    if not articles:
        if len(problems) == 1:
            raise type(problems[0])(left_out[0])
        raise InputError("None of it could be read. " + " ".join(left_out[:PROBLEMS_TOLD]))
    return [_with_plain_names(article, folder) for article in articles], left_out


def _with_plain_names(article: Article, folder: str) -> Article:
    """Call a shared file by its name: the folder it was put into says nothing to anybody."""
    warnings = tuple(_without_folder(each, folder) for each in article.warnings)
    return replace(article, source=_without_folder(article.source, folder), warnings=warnings)


def _without_folder(text: str, folder: str) -> str:
    return text.replace(str(Path(folder)) + os.sep, "")


def _report_cost(report: DiffReport) -> float | None:
    """Return what a run cost, in dollars; None where a model was asked and nobody knows."""
    return report.usage.cost_usd if report.usage.calls else 0.0


def error_from(name: str, message: str) -> SummarizerError | None:
    """Return the error that a line tells of; None where it is none of ours."""
    kind = getattr(errors, name, None) if name else None
    if isinstance(kind, type) and issubclass(kind, SummarizerError):
        return kind(message)
    return None


if __name__ == "__main__":
    main()
