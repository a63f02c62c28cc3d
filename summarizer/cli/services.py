"""Commands that run until they are stopped: ``slack``, ``mcp`` and ``watch``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from summarizer.cli.options import (
    SECONDS,
    Asking,
    OutputOption,
    Reading,
    Working,
    expanded,
    load_settings,
    parse_amount,
    screen_columns,
)
from summarizer.cli.output import (
    PARTIAL,
    Row,
    StatusReporter,
    as_json,
    as_lines,
    at_desk,
    emit,
    need_extra,
    print_status,
)
from summarizer.errors import UsageError
from summarizer.report.wording import one_line, plural, shortened

if TYPE_CHECKING:
    from summarizer.watch.notices import Output

WEBHOOK = "SUMMARIZER_WATCH_SLACK_WEBHOOK"  # the variable with its address, a secret
NO_SLACK = "Slack's libraries are not installed."
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

slack = typer.Typer(
    help="Run the bot that compares articles in Slack. See docs/slack.md.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

HttpOption = Annotated[
    bool, Option("--http", help="Use HTTP, with a signing secret, instead of Socket Mode.")
]


@slack.command()
@expanded
def manifest(
    *,
    name: Annotated[str, Option(help="What the bot is called.")] = "News diff",
    address: Annotated[
        str,
        Option(
            "--http", metavar="URL", help="Its public address, for HTTP.  [default: Socket Mode]"
        ),
    ] = "",
    output: OutputOption = None,
) -> None:
    """Print the app's manifest, to be pasted where Slack makes a new app."""
    from summarizer.slackbot import settings as slack_app

    most = slack_app.NAME_CHARACTERS
    if not 1 <= len(name) <= most:
        raise UsageError(f"The name has {len(name)} characters.", f"Slack takes 1 to {most}.")
    if address and not address.startswith("https://"):
        raise UsageError(f"{address} is not an https address.", "Slack delivers to no other.")
    emit(as_json(slack_app.manifest(name, address)), output)


@slack.command()
def run(
    *,
    http: HttpOption = False,
    host: Annotated[str, Option(help="Where to listen, with --http.")] = "127.0.0.1",
    port: Annotated[int, Option(help="The same.", min=0, max=65535)] = 3000,
    verbose: Annotated[bool, Option("--verbose", "-v", help="Log more.")] = False,
) -> None:
    """Run the bot until it is stopped.

    Tokens are read from the environment: SLACK_BOT_TOKEN, SLACK_APP_TOKEN and, with --http,
    SLACK_SIGNING_SECRET; SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for several workspaces. Of
    each, NAME_FILE may name a file instead. Everything else is a setting (summarizer.toml).
    """
    need_extra("slack", NO_SLACK, "slack_bolt")
    from summarizer.slackbot.bot import run as run_bot
    from summarizer.slackbot.settings import load_slack_settings, load_tokens

    chosen, tokens = load_slack_settings(), load_tokens(os.environ)
    if not (http and tokens.many_workspaces):
        tokens.need("bot_token")
    tokens.need("signing_secret" if http else "app_token")
    _configure_log(verbose=verbose)
    run_bot(load_settings(), chosen, tokens, (host, port) if http else None, print_status)


def _configure_log(*, verbose: bool) -> None:
    """Write the log to standard error; what Slack's libraries log may hold messages."""
    import logging

    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(message)s", level=logging.ERROR, force=True
    )
    logging.getLogger("summarizer.slackbot").setLevel(logging.DEBUG if verbose else logging.INFO)
    for ours_of_theirs in ("bolt", "socket"):
        logging.getLogger(f"summarizer.slackbot.{ours_of_theirs}").setLevel(logging.WARNING)


@slack.command()
def check(*, http: HttpOption = False) -> None:
    """Check tokens, scopes, the state's folder and the model, and say what to do.

    Leaves with 4 where Slack or the model's server fails, with 2 where something is not set.
    """
    need_extra("slack", NO_SLACK, "slack_bolt")
    from summarizer.slackbot.bot import examine, worst
    from summarizer.slackbot.settings import load_slack_settings, load_tokens

    chosen, tokens = load_slack_settings(), load_tokens(os.environ)
    folder = chosen.state_folder(os.environ)
    findings = list(examine(load_settings(), chosen, tokens, folder, http=http))
    for each in findings:
        if each.problem is None:
            emit(f"ok    {each.what}: {one_line(each.state)}\n")
            continue
        emit(f"wrong {each.what}: {one_line(each.problem.message)}\n")
        if each.problem.hint:
            emit(f"      {one_line(each.problem.hint)}\n")
    raise typer.Exit(worst(findings))


@slack.command()
@expanded
def feedback(*, output: OutputOption = None) -> None:
    """List what readers said of the bot's answers, the oldest first.

    On a terminal it is a table. In a pipe or a file it is JSON, each reply on a line. The bot's
    folder is the setting folder of the table [slack].
    """
    from summarizer.slackbot.replies import load_labels
    from summarizer.slackbot.settings import load_slack_settings

    folder = load_slack_settings().state_folder(os.environ)
    labels = load_labels(folder)
    if not labels:
        print_status(f"Nobody has said anything of an answer yet (folder {folder}).")
        print_status("  Below each answer are the buttons Right, Wrong and Report a mistake.")
    elif output or not sys.stdout.isatty():
        emit(as_lines(labels), output)
    else:
        emit(_label_table(labels))


def _label_table(labels: Sequence[Row]) -> str:
    from summarizer.render import tables

    width = screen_columns()
    rows = []
    for each in labels:
        about = shortened(one_line(each.get("text") or each.get("headline", "")), width // 2)
        cells = (each.get("label", ""), each.get("at", "")[:16].replace("T", " "), about)
        rows.append(tables.Row(cells, (each["note"],) if each.get("note") else ()))
    shown = tables.Table(("label", "at (UTC)", "line or headline"), tuple(rows), remark=True)
    return tables.to_terminal([shown], width)


def mcp(
    *,
    root: Annotated[
        list[Path] | None,
        Option(
            "--root",
            help="A folder whose files the server may read; you can give several.  [default: none]",
        ),
    ] = None,
    http: Annotated[
        bool,
        Option(
            "--http", help="Serve over HTTP (MCP's streamable HTTP), not standard input and output."
        ),
    ] = False,
    http_files: Annotated[
        bool,
        Option("--http-files", help="With --http too, let the server read the --root folders."),
    ] = False,
    host: Annotated[str, Option(help="The address to serve HTTP on.")] = "127.0.0.1",
    port: Annotated[int, Option(help="The port to serve HTTP on.")] = 8719,
    engine: Annotated[
        str | None,
        Option(
            help="What finds the claims of an article: auto, openai (a model) or extractive "
            "(offline).  [default: as the settings say]"
        ),
    ] = None,
) -> None:
    """Let an AI assistant compare articles (MCP server).

    The server speaks the Model Context Protocol and offers the comparison as tools. See
    docs/mcp.md.
    """
    need_extra("mcp", "The library of MCP is not installed.", "mcp")
    from summarizer.mcp.server import create_server

    for folder in root or ():
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder.", "Give --root a folder that exists.")
    if root and http and not http_files:
        print_status("Over HTTP no file is read, also below --root, unless --http-files is given.")
        root = None
    server = create_server(load_settings(engine=engine), root or ())
    if not http:
        server.run("stdio")
        return
    from summarizer.mcp.http import serve_http

    if host not in _LOOPBACK:
        print_status(
            f"Warning: everybody who reaches {host}:{port} can use this server: it asks for no "
            "password."
        )
    print_status(f"Serving MCP on http://{host}:{port}/mcp")
    serve_http(server, host, port)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifying:
    """Where notices go besides the terminal."""

    markdown: Annotated[
        Path | None, Option(metavar="FILE", help="Add notices to this Markdown file.")
    ] = None
    jsonl: Annotated[
        Path | None, Option(metavar="FILE", help="Add notices to this file of JSON lines.")
    ] = None
    atom: Annotated[
        Path | None, Option(metavar="FILE", help="Write the newest notices to this Atom feed.")
    ] = None
    slack: Annotated[
        bool,
        Option(
            "--slack",
            help=f"Post notices to the Slack webhook whose address is in the variable {WEBHOOK}.",
        ),
    ] = False

    def outputs(self) -> tuple[Output, ...]:
        """Return what writes the notices, but for the feed."""
        from summarizer.watch.notices import json_lines, markdown_file, slack_webhook, terminal

        outputs: list[Output] = [terminal(emit)]
        if self.markdown:
            outputs.append(markdown_file(self.markdown))
        if self.jsonl:
            outputs.append(json_lines(self.jsonl))
        if self.slack:
            need_extra("slack", NO_SLACK, "slack_sdk")
            outputs.append(slack_webhook(os.environ.get(WEBHOOK, "")))
        return tuple(outputs)


@expanded
def watch(
    *,
    feeds: Annotated[
        list[str], Argument(metavar="FEEDS...", help="OPML files and addresses of feeds.")
    ],
    state: Annotated[
        Path,
        Option(metavar="FILE", help="The database that keeps articles and notices between rounds."),
    ] = Path("watch.db"),
    once: Annotated[
        bool, Option("--once", help="Do one round and end, for cron and timers.")
    ] = False,
    every: Annotated[
        str, Option(metavar="TIME", help="Pause between rounds, such as 90s, 15m, 2h or 1d.")
    ] = "15m",
    pause: Annotated[
        float, Option(min=0, max=60, help="Seconds between two requests to a host.")
    ] = 1.0,
    timeout: Annotated[
        float, Option(min=0.1, max=120, help="Seconds a feed or page may take.")
    ] = 20.0,
    notifying: Notifying,
    working: Working,
    asking: Asking,
    reading: Reading,
    reporter: StatusReporter,
) -> None:
    """Watch feeds, and tell what only one outlet now reports.

    Each new article is added to its story, the articles on one event. If a story of two outlets
    or more gets a new article, its articles are compared, and a notice says only what is new. No
    feed is asked more often than it allows.
    """
    between = parse_amount("--every", every, SECONDS)
    need_extra("feeds", "The library that reads feeds is not installed.", "feedparser")
    from summarizer import pipeline
    from summarizer.watch.feeds import Web, read_subscriptions
    from summarizer.watch.rounds import Watch
    from summarizer.watch.store import Store

    urls, outputs = read_subscriptions(feeds), notifying.outputs()
    settings = load_settings(working, asking, reading)
    with closing(Store(state)) as store, at_desk(settings, reporter) as desk:
        allowed = settings.allow_private_urls
        web = Web(store, allow_private=allowed, seconds=timeout, pause=pause)
        compare = partial(pipeline.diff, settings=settings, desk=desk)
        watching = Watch(urls, store, web, compare, outputs, atom=notifying.atom)
        while True:
            done = watching.run_round()
            for problem in done.problems:
                reporter.warn(f"{problem.message} {problem.hint}".rstrip())
            reporter.note(
                f"{plural(done.feeds, 'feed')} asked, {done.unchanged} unchanged; "
                f"{plural(done.entries, 'new entry', 'new entries')}, "
                f"{plural(done.articles, 'article')} read, {plural(done.notices, 'notice')}"
            )
            if once:
                raise typer.Exit(PARTIAL if done.problems else 0)
            time.sleep(max(1.0, between))
