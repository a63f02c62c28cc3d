"""The bot, put together, from its start to its end."""

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

from summarizer.errors import UsageError
from summarizer.settings import Settings
from summarizer.slackbot.feedback import LABELS, Feedback
from summarizer.slackbot.listeners import Listeners, build_app
from summarizer.slackbot.runner import JobRunner
from summarizer.slackbot.settings import SlackSettings, Tokens
from summarizer.slackbot.slack_api import (
    ERRORS,
    Workspaces,
    failure,
    many_workspaces,
    one_workspace,
    patient_client,
    remove_leftovers,
)
from summarizer.slackbot.store import Store
from summarizer.slackbot.workers import WorkerPool

GRACE = 25.0
"""Seconds that requests under way have when the bot is told to stop; most platforms kill after
thirty. What is not done by then is taken up by the next start."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that can be started and stopped."""

    app: App
    store: Store
    workers: WorkerPool
    workspaces: Workspaces

    def stop(self, grace: float = GRACE) -> bool:
        """Stop, and return whether all that was under way is done."""
        done = self.workers.stop(grace)
        if done:
            self.store.close()
        return done


def build(settings: Settings, slack: SlackSettings, tokens: Tokens, folder: Path) -> Bot:
    """Put a bot together, with its state in a folder.

    Raises:
        SlackFailed: Slack does not know the token.
        UsageError: The folder cannot be used.
    """
    store = Store(folder)
    remove_leftovers(folder)
    if tokens.many_workspaces:
        workspaces = many_workspaces(tokens, folder, slack.api_url)
    else:
        workspaces = one_workspace(tokens, slack.api_url)
    runner = JobRunner(store, workspaces, settings, slack)
    workers = WorkerPool(store, runner.run, slack.workers)
    labels = Feedback(store, folder / LABELS)
    listeners = Listeners(store, labels, slack.workers + slack.queue, workers.announce)
    app = build_app(listeners, workspaces, tokens.signing_secret)
    return Bot(app, store, workers, workspaces)


def run(
    settings: Settings,
    slack: SlackSettings,
    tokens: Tokens,
    http: tuple[str, int] | None,
    announce: Callable[[str], None],
) -> None:
    """Run until told to stop by SIGTERM or SIGINT.

    ``http`` is the host and the port to listen on, None for Socket Mode; ``announce`` is told
    when the bot is ready, and when it stops.

    Raises:
        SummarizerError: It cannot start.
    """
    folder = slack.state_folder(os.environ)
    # Bolt would take from the environment what was chosen here, and the processes that compare
    # are to have none of it.
    for name in [name for name in os.environ if name.startswith("SLACK_")]:
        del os.environ[name]
    if http is None:
        tokens = replace(tokens, client_id="", client_secret="")  # no page to install it from
    with _stop_signals() as stopping:
        bot = build(settings, slack, tokens, folder)
        with _way_in(bot, slack, tokens, http) as name:
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
            client = patient_client(tokens.app_token, slack.api_url)
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


@contextmanager
def _stop_signals() -> Iterator[threading.Event]:
    """Return an event that is set when the process is asked to end, for a ``with``."""
    stopping = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stopping.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
