"""The bot, put together, from its start to its end."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackClientError

from summarizer.errors import UsageError
from summarizer.settings import Settings, user_configuration
from summarizer.slackbot.clients import Clients
from summarizer.slackbot.feedback import LABELS, Feedback
from summarizer.slackbot.http import HttpFront
from summarizer.slackbot.keys import NAMES, Keys
from summarizer.slackbot.listeners import Desk, build_app
from summarizer.slackbot.posting import Poster
from summarizer.slackbot.reception import Reception
from summarizer.slackbot.store import Store
from summarizer.slackbot.work import Office
from summarizer.slackbot.workers import Workers
from summarizer.slackbot.workspaces import (
    ManyWorkspaces,
    Workspaces,
    failed,
    many_workspaces,
    one_workspace,
    patient,
)

GRACE = 25.0
"""Seconds that requests under way have when the bot is told to stop; most platforms kill after
thirty. What is not done by then is taken up by the next start."""

Say = Callable[[str], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Http:
    """Where to listen for Slack's deliveries."""

    host: str
    port: int


class Front(Protocol):
    """What Slack's deliveries come in by."""

    def start(self) -> None:
        """Begin to take deliveries."""

    def stop(self) -> None:
        """Take no more."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that can be started and stopped."""

    app: App
    store: Store
    workers: Workers
    workspaces: Workspaces

    def stop(self, grace: float = GRACE) -> bool:
        """Stop, and return whether all that was under way is done."""
        done = self.workers.stop(grace)
        if done:
            self.store.close()
        return done


def state_folder(settings: Settings, env: Mapping[str, str]) -> Path:
    """Return where the bot keeps what has to outlive a restart."""
    if settings.slack_folder:
        return Path(os.path.expanduser(settings.slack_folder))  # noqa: PTH111 - Path.expanduser raises for an unknown user
    return user_configuration(env).parent / "slack"


def build(settings: Settings, keys: Keys, folder: Path) -> Bot:
    """Put a bot together.

    Raises:
        SlackFailed: Slack does not know the token.
        UsageError: The folder cannot be used.
    """
    store = Store(folder)
    workspaces: Workspaces
    if keys.many_workspaces:
        workspaces = many_workspaces(keys, folder, settings.slack_api_url)
    else:
        workspaces = one_workspace(keys, settings.slack_api_url)
    clients = Clients(workspaces.token, settings.slack_api_url)
    office = Office(store, clients, Poster(clients), settings)
    workers = Workers(store, office.do, settings.slack_workers)
    capacity = settings.slack_workers + settings.slack_queue
    desk = Desk(
        reception=Reception(store, capacity, workers.announce),
        store=store,
        feedback=Feedback(store, folder / LABELS),
    )

    # A plain function: Bolt looks at the names of its arguments.
    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return workspaces.authorize(enterprise_id, team_id)

    app = build_app(
        desk,
        authorize,
        api_url=settings.slack_api_url,
        signing_secret=keys.signing_secret,
    )
    return Bot(app, store, workers, workspaces)


def run(settings: Settings, keys: Keys, folder: Path, http: Http | None, say: Say) -> None:
    """Run until told to stop by SIGTERM or SIGINT.

    Args:
        settings: What was chosen.
        keys: Slack's tokens.
        folder: Where the bot's state is.
        http: Where to listen; None for Socket Mode.
        say: Told when the bot is ready, and when it stops.

    Raises:
        SummarizerError: It cannot start.
    """
    # Bolt would take from the environment what was chosen here, and children need none of it.
    for name, _ in NAMES.values():
        os.environ.pop(name, None)
    if http is None:
        keys = replace(keys, client_id="", client_secret="")  # no page to install it from
    with _told_to_stop() as stopping:
        bot = build(settings, keys, folder)
        front = _front(bot, settings, keys, http)
        bot.workers.start()
        front.start()
        say(f"The bot is ready ({_by(front)}); its state is in {folder}.")
        stopping.wait()
        say("Stopping: what is under way is finished, the rest waits for the next start.")
        front.stop()
        if not bot.stop():
            say("Some requests were not done in time; the next start takes them up.")


def _front(bot: Bot, settings: Settings, keys: Keys, http: Http | None) -> Front:
    if http is None:
        return _SocketFront(bot.app, keys.app_token, settings.slack_api_url)
    flow = bot.workspaces.flow if isinstance(bot.workspaces, ManyWorkspaces) else None
    try:
        return HttpFront(bot.app, flow, http.host, http.port)
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {http.host}, port {http.port}: {error.strerror or error}.",
            "Choose another --host or --port.",
        ) from error


def _by(front: Front) -> str:
    return f"HTTP, port {front.port}" if isinstance(front, HttpFront) else "Socket Mode"


class _SocketFront:
    """Deliveries over a connection that the bot opens itself."""

    def __init__(self, app: App, app_token: str, api_url: str) -> None:
        client = patient(app_token, api_url)
        logger = logging.getLogger("summarizer.slackbot.socket")
        self._handler = SocketModeHandler(app, app_token, logger=logger, web_client=client)

    def start(self) -> None:
        try:
            self._handler.client.connect()
        except (SlackClientError, OSError) as error:
            self._handler.client.close()
            raise failed("Socket Mode does not start", error) from error

    def stop(self) -> None:
        self._handler.client.close()


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
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
