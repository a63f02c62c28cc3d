"""``summarize watch``: feeds in, a notice for what one outlet now reports and nobody else has."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Asking, Reading, Talking, Working, expanded
from summarizer.cli.output import StatusReporter, emit
from summarizer.cli.work import PARTIAL, at_desk, flags
from summarizer.errors import UsageError
from summarizer.report.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.types import Article, DiffReport
    from summarizer.watch.notices import Output
    from summarizer.watch.rounds import Round, Watch

WEBHOOK = "SUMMARIZER_WATCH_SLACK_WEBHOOK"
"""The variable with the address of Slack's webhook, which lets anybody post who has it."""

_DURATION = re.compile(r"(\d+)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifying:
    """Where notices go besides the terminal."""

    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add notices to this Markdown file.")
    ] = None
    jsonl: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Add notices to this file of JSON lines.")
    ] = None
    atom: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the newest notices to this Atom feed."),
    ] = None
    slack: Annotated[
        bool,
        typer.Option(
            "--slack",
            help=f"Post notices to the Slack webhook whose address is in the variable {WEBHOOK}.",
        ),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When the feeds are asked."""

    once: Annotated[
        bool, typer.Option("--once", help="Do one round and end, for cron and timers.")
    ] = False
    every: Annotated[
        str, typer.Option(metavar="TIME", help="Pause between rounds, such as 90s, 15m, 2h or 1d.")
    ] = "15m"
    pause: Annotated[
        float, typer.Option(min=0, max=60, help="Seconds between two requests to a host.")
    ] = 1.0
    timeout: Annotated[
        float, typer.Option(min=0.1, max=120, help="Seconds a feed or page may take.")
    ] = 20.0


@expanded
def watch(
    *,
    feeds: Annotated[
        list[str], typer.Argument(metavar="FEEDS...", help="OPML files and addresses of feeds.")
    ],
    state: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="The database that keeps articles and notices between rounds."
        ),
    ] = Path("watch.db"),
    timing: Timing,
    notifying: Notifying,
    working: Working,
    asking: Asking,
    reading: Reading,
    talking: Talking,
) -> None:
    """Watch feeds, and tell what only one outlet now reports.

    Each new article is added to its story, the articles on one event. If a story of two outlets
    or more gets a new article, its articles are compared, and a notice says only what is new. No
    feed is asked more often than it allows.
    """
    from summarizer.watch.feeds import read_subscriptions

    reporter, pause = StatusReporter(talking), duration(timing.every)
    _need_extra()
    urls = read_subscriptions(feeds)
    chosen = {**asdict(working), **asking.settings(), **flags(reading)}
    with _opened(urls, state, timing, notifying, chosen, reporter) as opened:
        while True:
            done = opened.run_round()
            _report_round(done, reporter)
            if timing.once:
                raise typer.Exit(PARTIAL if done.problems else 0)
            time.sleep(pause)


def duration(text: str) -> float:
    """Return the seconds of a time such as 90s, 15m, 2h or 1d.

    Raises:
        UsageError: It is none.
    """
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None or int(match[1]) == 0:
        raise UsageError(f"{text} is no time.", "Give one such as 90s, 15m, 2h or 1d.")
    return float(int(match[1]) * _SECONDS[match[2]])


@contextmanager
def _opened(
    urls: Sequence[str],
    state: Path,
    timing: Timing,
    notifying: Notifying,
    chosen: dict[str, object],
    reporter: StatusReporter,
) -> Iterator[Watch]:
    from summarizer import pipeline
    from summarizer.settings import load
    from summarizer.watch.feeds import Web
    from summarizer.watch.rounds import Watch
    from summarizer.watch.store import Store

    settings = load(chosen)
    outputs = _outputs(notifying)
    store = Store(state)
    try:
        with at_desk(settings, reporter) as desk:

            def compare(articles: Sequence[Article]) -> DiffReport:
                return pipeline.diff(articles, settings, desk=desk)

            web = Web(
                store,
                allow_private=settings.allow_private_urls,
                seconds=timing.timeout,
                pause=timing.pause,
            )
            yield Watch(urls, store, web, compare, outputs, atom=notifying.atom)
    finally:
        store.close()


def _outputs(notifying: Notifying) -> tuple[Output, ...]:
    from summarizer.watch.notices import json_lines, markdown_file, slack_webhook, terminal

    outputs: list[Output] = [terminal(emit)]
    if notifying.markdown:
        outputs.append(markdown_file(notifying.markdown))
    if notifying.jsonl:
        outputs.append(json_lines(notifying.jsonl))
    if notifying.slack:
        outputs.append(slack_webhook(os.environ.get(WEBHOOK, "")))
    return tuple(outputs)


def _report_round(done: Round, reporter: StatusReporter) -> None:
    for problem in done.problems:
        reporter.warn(f"{problem.message} {problem.hint}".rstrip())
    reporter.note(
        f"{plural(done.feeds, 'feed')} asked, {done.unchanged} unchanged; "
        f"{plural(done.entries, 'new entry', 'new entries')}, "
        f"{plural(done.articles, 'article')} read, {plural(done.notices, 'notice')}"
    )


def _need_extra() -> None:
    from importlib.util import find_spec

    if find_spec("feedparser") is None:
        raise UsageError(
            "The library that reads feeds is not installed.",
            "Install it: pip install 'newsdiff[feeds]'",
        )
