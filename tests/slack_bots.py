"""A bot in the test's own process, at a Slack of our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from slack_bolt import BoltRequest, BoltResponse

from summarizer.settings import Settings
from summarizer.slackbot.keys import Keys
from summarizer.slackbot.run import Bot, build
from tests.command import FERRY_A, FERRY_B
from tests.slack_server.deliveries import CHANNEL, SECRET, event
from tests.slack_server.http import SlackServer
from tests.slack_server.world import APP_TOKEN, BOT_TOKEN

KEYS = Keys(bot_token=BOT_TOKEN, app_token=APP_TOKEN, signing_secret=SECRET)

Json = dict[str, Any]


@dataclass
class Running:
    """A bot that runs, and the Slack it is at."""

    bot: Bot
    slack: SlackServer

    def dispatch(self, payload: Json) -> BoltResponse:
        """Hand a delivery to Bolt, as Socket Mode does."""
        return self.bot.app.dispatch(BoltRequest(body=payload, mode="socket_mode"))

    def mention(self, text: str, *, thread: str = "", files: Any = ()) -> Json:
        """Mention the bot in a channel, and return the message."""
        message = self.slack.world.say(CHANNEL, f"<@U0BOT> {text}", thread=thread, files=files)
        assert self.dispatch(event(message)).status == 200
        return message


def settings_for(slack: SlackServer, **more: Any) -> Settings:
    """Return settings for a bot at that Slack, which also has the pages that are linked to."""
    known = Settings(
        engine="extractive",
        judge="lexical",
        slack_api_url=slack.url,
        allow_private_urls=True,
        slack_workers=1,
    )
    return replace(known, **more)


@contextmanager
def running(slack: SlackServer, folder: Path, **more: Any) -> Iterator[Running]:
    """Run a bot, for a ``with``."""
    bot = build(settings_for(slack, **more), KEYS, folder)
    bot.workers.start()
    try:
        yield Running(bot, slack)
    finally:
        assert bot.stop()


def ferry(slack: SlackServer) -> tuple[str, str]:
    """Publish two articles of one event, and return their addresses."""
    return slack.page("Gazette", FERRY_A), slack.page("Courier", FERRY_B)
