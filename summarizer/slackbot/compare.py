"""What the process that compares does, so that nothing else has to wait for it.

Orders come in and messages go out as JSON: progress, then a result or an error. Whatever an
article does to the code that reads it, it does here: without Slack's tokens, and with an end when
the time is over.
"""

from __future__ import annotations

import json
import logging
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from summarizer import errors
from summarizer.errors import InputError, SummarizerError
from summarizer.settings import Settings
from summarizer.types import Article

PROBLEMS_TOLD = 3  # inputs whose problems are told one by one where nothing could be read


def serve_orders(connection: Connection) -> None:
    """Work on orders until the bot hangs up."""
    # Ctrl-C at a terminal is for the bot, which lets its processes finish.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Libraries warn of what they read, in its own words, and those are not for the bot's log.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.captureWarnings(True)

    def send(message: dict[str, Any]) -> None:
        connection.send_bytes(json.dumps(message).encode())

    try:
        while True:
            order = json.loads(connection.recv_bytes())
            try:
                message: dict[str, Any] = {"result": run_order(order, send)}
            except SummarizerError as error:
                message = {"error": type(error).__name__, "message": error.message}
            except Exception as error:
                # Its text may quote an article, so only its kind leaves this process.
                message = {"error": "", "message": type(error).__name__}
            send(message)
    except (EOFError, OSError):
        return


def error_from(name: str, message: str) -> SummarizerError | None:
    """Return the error that a message tells of; None where it is none of ours."""
    kind = getattr(errors, name, None) if name else None
    if isinstance(kind, type) and issubclass(kind, SummarizerError):
        return kind(message)
    return None


def run_order(order: dict[str, Any], send: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Do what an order asks, and send each stage.

    An order has ``inputs`` (addresses and paths), ``folder`` (of the paths), ``left_out`` (why
    some of what was asked for is not among them) and ``settings``. The result has ``kind``,
    ``view`` and ``documents`` as ``store.StoredReport`` does, and ``cost``, in dollars: None where
    a model was asked and nobody knows.

    Raises:
        SummarizerError: There is no report, and why.
    """
    from summarizer import pipeline
    from summarizer.render.html import to_html
    from summarizer.render.json import to_json
    from summarizer.report.view import EVERYTHING, dump_view, view

    settings = Settings(**order["settings"])

    def progress(stage: str, done: int, total: int) -> None:
        send({"stage": stage, "done": done, "total": total})

    progress("fetching", 0, len(order["inputs"]))
    articles, problems = _read_inputs(order, settings)
    compare = len(order["inputs"]) > 1
    if compare and len(articles) < 2:
        raise InputError(
            f"A comparison takes two articles, and only {articles[0].source} could be read. "
            + " ".join(problems[:PROBLEMS_TOLD])
        )
    with pipeline.open_desk(settings) as desk:
        run = pipeline.diff if compare else pipeline.summarize
        report = run(articles, settings, desk=desk, progress=progress)
    shown = view(report, EVERYTHING)
    left_out = [f"Left out: {problem}" for problem in (*order["left_out"], *problems)]
    return {
        "kind": "diff" if compare else "summary",
        "view": dump_view(replace(shown, warnings=(*left_out, *shown.warnings))),
        "documents": json.dumps({"html": to_html(report), "json": to_json(report)}),
        "cost": report.usage.cost_usd if report.usage.calls else 0.0,
    }


def _read_inputs(order: dict[str, Any], settings: Settings) -> tuple[list[Article], list[str]]:
    """Return the articles, and why other inputs gave none; shared files by their names alone.

    Raises:
        InputError: There is none.
    """
    from summarizer.sources import ReadOptions, read_articles

    def without_folder(text: str) -> str:
        return text.replace(str(Path(order["folder"])) + os.sep, "")

    options = ReadOptions(allow_private_urls=settings.allow_private_urls)
    articles, failures = read_articles(order["inputs"], options=options)
    problems = [without_folder(error.message) for error in failures]
    if not articles and len(problems) == 1:
        raise type(failures[0])(problems[0])
    if not articles:
        raise InputError("None of it could be read. " + " ".join(problems[:PROBLEMS_TOLD]))
    named = [
        replace(
            article,
            source=without_folder(article.source),
            warnings=tuple(map(without_folder, article.warnings)),
        )
        for article in articles
    ]
    return named, problems
