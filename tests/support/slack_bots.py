"""A bot in the test's own process, at a Slack of our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from slack_bolt import BoltRequest, BoltResponse
from slack_sdk.oauth.installation_store import Bot as StoredBot

from summarizer.settings import Settings
from summarizer.slackbot.bot import Bot, build
from summarizer.slackbot.settings import SlackSettings, Tokens
from summarizer.slackbot.slack_api import Workspaces
from tests.support.command import FERRY_A, FERRY_B
from tests.support.slack_server.deliveries import CHANNEL, SECRET, event
from tests.support.slack_server.http import SlackServer
from tests.support.slack_server.world import APP_TOKEN, BOT_TOKEN

TOKENS = Tokens(bot_token=BOT_TOKEN, app_token=APP_TOKEN, signing_secret=SECRET)

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


def bot_at(slack: SlackServer, folder: Path, tokens: Tokens = TOKENS, **more: Any) -> Bot:
    """Return a bot at that Slack, which also has the pages that are linked to.

    Args:
        slack: Where it is.
        folder: Where its state is.
        tokens: What Slack gave it.
        more: Other settings, of runs and of the bot.
    """
    own = {item.name: more.pop(item.name) for item in fields(SlackSettings) if item.name in more}
    settings = Settings(engine="extractive", judge="lexical", allow_private_urls=True)
    chosen = replace(SlackSettings(api_url=slack.url, workers=1), **own)
    return build(replace(settings, **more), chosen, tokens, folder)


def workspace_of(token: str, api_url: str) -> Workspaces:
    """Return the one workspace of a token, without asking Slack who that is."""
    bot = StoredBot(bot_token=token, bot_id="B0BOT", bot_user_id="U0BOT", installed_at=0.0)
    return Workspaces(api_url, lambda enterprise, team: bot)


@contextmanager
def running(slack: SlackServer, folder: Path, **more: Any) -> Iterator[Running]:
    """Run a bot, for a ``with``."""
    bot = bot_at(slack, folder, **more)
    bot.workers.start()
    try:
        yield Running(bot, slack)
    finally:
        assert bot.stop()


def ferry(slack: SlackServer) -> tuple[str, str]:
    """Publish two articles of one event, and return their addresses."""
    return slack.page("Gazette", FERRY_A), slack.page("Courier", FERRY_B)
