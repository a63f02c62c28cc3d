"""What a process that compares does, so that nothing else has to wait for it.

It has one order, and sends messages as JSON: progress, then a result or an error. Whatever an
article does to the code that reads it, it does here: without Slack's tokens, and with an end when
the time is over. The bot itself never loads this module, nor what it takes to compare.
"""

from __future__ import annotations

import json
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import chdir, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from summarizer import pipeline
from summarizer.errors import InputError, SummarizerError
from summarizer.render.html import to_html
from summarizer.render.records import to_json
from summarizer.report.view import EVERYTHING, dump_view, view
from summarizer.settings import Settings
from summarizer.sources.reading import ReadOptions, read_articles
from summarizer.types import Article

PROBLEMS_TOLD = 3  # inputs whose problems are told one by one where nothing could be read


def serve_order(order: dict[str, Any], connection: Connection) -> None:
    """Work on an order, and send what comes of it."""
    # Ctrl-C at a terminal is for the bot, which lets its processes finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Libraries warn of what they read, in its own words, and those are not for the bot's log.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.captureWarnings(True)

    def send(message: dict[str, Any]) -> None:
        connection.send_bytes(json.dumps(message).encode())

    try:
        message: dict[str, Any] = {"result": run_order(order, send)}
    except SummarizerError as error:
        message = {"error": type(error).__name__, "message": error.message}
    except Exception as error:
        # Its text may quote an article, so only its kind leaves this process.
        message = {"error": "", "message": type(error).__name__}
    with suppress(OSError):  # the bot was killed
        send(message)


def run_order(order: dict[str, Any], send: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Do what an order asks, and send each stage; a SummarizerError says why there is no report.

    An order has ``inputs`` (addresses and names of files), ``folder`` (of the files),
    ``left_out`` (why some of what was asked for is not among them) and ``settings``.
    """
    settings = Settings(**order["settings"])

    def progress(stage: str, done: int, total: int) -> None:
        send({"stage": stage, "done": done, "total": total})

    progress("fetching", 0, len(order["inputs"]))
    articles, problems = _read_inputs(order, settings)
    if len(order["inputs"]) > 1 and len(articles) < 2:
        raise InputError(
            f"A comparison takes two articles, and only {articles[0].source} could be read. "
            + " ".join(problems[:PROBLEMS_TOLD])
        )
    return result_of(articles, settings, progress, (*order["left_out"], *problems))


def result_of(
    articles: Sequence[Article],
    settings: Settings,
    progress: Callable[[str, int, int], None],
    left_out: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the report on articles: ``kind``, ``view`` and ``documents`` of a StoredReport.

    Its ``cost`` is in dollars: None where a model was asked and nobody knows.
    """
    compare = len(articles) > 1
    with pipeline.open_desk(settings) as desk:
        run = pipeline.diff if compare else pipeline.summarize
        report = run(articles, settings, desk=desk, progress=progress)
    shown = view(report, EVERYTHING)
    warnings = (*(f"Left out: {problem}" for problem in left_out), *shown.warnings)
    return {
        "kind": "diff" if compare else "summary",
        "view": dump_view(replace(shown, warnings=warnings)),
        "documents": json.dumps({"html": to_html(report), "json": to_json(report)}),
        "cost": report.usage.cost_usd if report.usage.calls else 0.0,
    }


def _read_inputs(order: dict[str, Any], settings: Settings) -> tuple[list[Article], list[str]]:
    """Return the articles, and why other inputs gave none; an InputError where all did."""
    options = ReadOptions(allow_private_urls=settings.allow_private_urls)
    with chdir(order["folder"]):  # shared files are called by their names alone
        articles, failures = read_articles(order["inputs"], options=options)
    problems = [error.message for error in failures]
    if not articles and len(failures) == 1:
        raise failures[0]
    if not articles:
        raise InputError("None of it could be read. " + " ".join(problems[:PROBLEMS_TOLD]))
    return list(articles), problems
