"""The bot, put together: checked beforehand, and run from its start to its end."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from summarizer.database import DatabaseInUse
from summarizer.errors import SlackFailed, SummarizerError, UsageError
from summarizer.settings import Settings
from summarizer.slackbot import slack_api
from summarizer.slackbot.jobs import Store
from summarizer.slackbot.listeners import Listeners, build_app
from summarizer.slackbot.replies import LABELS, Feedback
from summarizer.slackbot.runner import JobRunner, Poster
from summarizer.slackbot.settings import SCOPES, SlackSettings, Tokens
from summarizer.slackbot.slack_api import ERRORS, Workspaces, failure
from summarizer.slackbot.workers import ComparisonProcesses, WorkerPool

CHECK_RETRIES = 1  # times that a check asks Slack again: somebody waits for what is found

GRACE = 25.0  # seconds for what is under way at a stop; most platforms kill after thirty


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that can be started and stopped."""

    app: App
    store: Store
    workers: WorkerPool
    processes: ComparisonProcesses
    workspaces: Workspaces

    def stop(self, grace: float = GRACE) -> bool:
        """Stop, and return whether all is done; what is not is taken up by the next start."""
        done = self.workers.stop(grace)
        self.processes.end()
        if done:
            self.store.close()
        return done


def build(settings: Settings, slack: SlackSettings, tokens: Tokens, folder: Path) -> Bot:
    """Put a bot together, with its state in a folder; the errors are those of its parts."""
    store = Store(folder)
    slack_api.remove_leftovers(folder)
    if tokens.many_workspaces:
        workspaces = slack_api.many_workspaces(tokens, folder, slack.api_url)
    else:
        workspaces = slack_api.one_workspace(tokens, slack.api_url)
    processes = ComparisonProcesses()
    runner = JobRunner(store, workspaces, Poster(workspaces), processes, settings, slack)
    workers = WorkerPool(store, runner.run, slack.workers)
    labels = Feedback(store, folder / LABELS)
    listeners = Listeners(store, labels, slack.workers + slack.queue, workers.announce)
    app = build_app(listeners, workspaces, tokens.signing_secret)
    return Bot(app, store, workers, processes, workspaces)


def run(
    settings: Settings,
    slack: SlackSettings,
    tokens: Tokens,
    http: tuple[str, int] | None,
    announce: Callable[[str], None],
) -> None:
    """Run until told to stop by SIGTERM or SIGINT; a SummarizerError where it cannot start.

    ``http`` is the host and the port to listen on, None for Socket Mode; ``announce`` is told
    when the bot is ready, and when it stops.
    """
    folder = slack.state_folder(os.environ)
    # Bolt would take from the environment what was chosen here, and the processes that compare
    # are to have none of it.
    for name in [name for name in os.environ if name.startswith("SLACK_")]:
        del os.environ[name]
    if http is None:
        tokens = replace(tokens, client_id="", client_secret="")  # no page to install it from
    bot, stopping = build(settings, slack, tokens, folder), threading.Event()
    with _way_in(bot, slack, tokens, http) as name:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        bot.workers.start()
        announce(f"The bot is ready ({name}); its state is in {folder}.")
        stopping.wait()
        announce("Stopping: what is under way is finished, the rest waits for the next start.")
    if not bot.stop():
        announce("Some requests were not done in time; the next start takes them up.")


@contextmanager
def _way_in(
    bot: Bot, slack: SlackSettings, tokens: Tokens, http: tuple[str, int] | None
) -> Iterator[str]:
    """Take Slack's deliveries for a ``with``, which is given a name for the way they come in by."""
    with ExitStack() as stack:
        if http is None:
            client = slack_api.web_client(tokens.app_token, slack.api_url)
            logger = logging.getLogger("summarizer.slackbot.socket")
            handler = SocketModeHandler(bot.app, tokens.app_token, logger=logger, web_client=client)
            stack.callback(handler.client.close)
            try:
                handler.client.connect()
            except ERRORS as error:
                raise failure("Socket Mode does not start", error) from error
            yield "Socket Mode"
            return
        from summarizer.slackbot.http import serve_http  # brings a server

        try:
            port = stack.enter_context(serve_http(bot.app, bot.workspaces.flow, *http))
        except OSError as error:
            raise UsageError(
                f"Cannot listen on {http[0]}, port {http[1]}: {error.strerror or error}.",
                "Choose another --host or --port.",
            ) from error
        yield f"HTTP, port {port}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it is, or what is wrong with it."""

    what: str
    state: str
    problem: SummarizerError | None = None


def examine(
    settings: Settings, slack: SlackSettings, tokens: Tokens, folder: Path, *, http: bool
) -> Iterator[Finding]:
    """Yield what was found out about tokens, scopes, the state in a folder, and the model.

    No token is ever part of a finding; ``http`` is whether the bot is to be run over HTTP.
    """
    looks: dict[str, Callable[[], str]] = {
        "HTTP" if http else "Socket Mode": lambda: _check_way_in(slack, tokens, http=http),
        "state": lambda: _check_state(folder),
        "model": lambda: _check_model(settings, slack),
    }
    if not (http and tokens.many_workspaces):
        looks = {"bot token": lambda: _check_bot(slack, tokens), **looks}
    for what, look in looks.items():
        try:
            yield Finding(what, look())
        except SummarizerError as problem:
            yield Finding(what, "", problem)


def _check_bot(slack: SlackSettings, tokens: Tokens) -> str:
    tokens.need("bot_token")
    bot = slack_api.identify(tokens.bot_token, slack.api_url, retries=CHECK_RETRIES)
    granted = str(bot["scopes"]).split(",")
    missing = [f"{scope} ({why})" for scope, why in SCOPES.items() if scope not in granted]
    if missing:
        raise UsageError(
            f"Missing scopes: {', '.join(missing)}.",
            "Put the manifest into the app's settings (`summarize slack manifest`), and install "
            "the app again.",
        )
    return f"{bot.get('user')} in {bot.get('team')}, with all scopes"


def _check_way_in(slack: SlackSettings, tokens: Tokens, *, http: bool) -> str:
    tokens.need("signing_secret" if http else "app_token")
    if http:
        return "the signing secret is set"
    try:
        client = slack_api.web_client(tokens.app_token, slack.api_url, retries=CHECK_RETRIES)
        client.apps_connections_open(app_token=tokens.app_token)
    except ERRORS as error:
        raise failure("The app's token was not taken", error) from error
    return "Slack opens a connection"


def _check_state(folder: Path) -> str:
    try:
        Store(folder).close()
    except DatabaseInUse:
        return f"{folder}, in use by a bot that runs"
    return str(folder)


def _check_model(settings: Settings, slack: SlackSettings) -> str:
    from summarizer.pipeline import open_desk  # slow to load, and the bot itself needs none of it

    with open_desk(settings) as desk:
        how = f"{desk.engine.name} engine, {desk.judge.name} judge"
        if desk.session is None:
            return f"{how}, offline"
        limits = slack.cost_a_day, slack.channel_cost_a_day
        if desk.session.price is None and limits != (None, None):
            model = desk.session.asker.model
            raise UsageError(
                f"The price of {model} is unknown, so no budget in dollars holds.",
                'Set prices = "input/cached/output" in dollars per million tokens.',
            )
        return f"{how}: {desk.described()}"


def worst(findings: list[Finding]) -> int:
    """Return the exit code: that of a failure of Slack or a server before that of a setting."""
    codes = {finding.problem.exit_code for finding in findings if finding.problem}
    return SlackFailed.exit_code if SlackFailed.exit_code in codes else max(codes, default=0)
