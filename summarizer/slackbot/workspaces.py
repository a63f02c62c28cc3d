"""The workspaces the bot is in, with its tokens: one by the environment, or many by OAuth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)
from slack_sdk.oauth.installation_store import InstallationStore
from slack_sdk.oauth.installation_store.sqlite3 import SQLite3InstallationStore
from slack_sdk.oauth.state_store.sqlite3 import SQLite3OAuthStateStore

from summarizer.errors import SlackFailed
from summarizer.slackbot.clients import RETRIES, SECONDS
from summarizer.slackbot.keys import Keys
from summarizer.slackbot.manifest import SCOPES
from summarizer.slackbot.posting import reason

INSTALLS = "installs.db"
"""The file of installations and their tokens, in the bot's folder."""

STATE_SECONDS = 600
"""How long somebody may take between "Add to Slack" and the confirmation."""


class Workspaces(Protocol):
    """Knows the bot's token in each workspace."""

    def token(self, enterprise: str, team: str) -> str:
        """Return the token; raises ``SlackFailed`` where the bot is not installed."""

    def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Return who the bot is, for Bolt; the names of the arguments are Bolt's."""


@dataclass(frozen=True, slots=True)
class OneWorkspace:
    """The bot with the token of the environment."""

    bot_token: str
    bot_id: str
    bot_user_id: str

    def token(self, enterprise: str, team: str) -> str:
        """Return the one token."""
        return self.bot_token

    def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Return the one bot."""
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=self.bot_token,
            bot_id=self.bot_id,
            bot_user_id=self.bot_user_id,
        )


@dataclass(frozen=True, slots=True)
class ManyWorkspaces:
    """The bot wherever somebody installed it."""

    store: InstallationStore
    flow: OAuthFlow

    def token(self, enterprise: str, team: str) -> str:
        """Return the token of a workspace."""
        found = self.store.find_bot(enterprise_id=enterprise or None, team_id=team or None)
        if found is None:
            raise SlackFailed(f"The bot is not installed in the workspace {team}.")
        return found.bot_token

    def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Return the bot of a workspace."""
        found = self.store.find_bot(enterprise_id=enterprise_id, team_id=team_id)
        if found is None:
            raise SlackFailed(f"The bot is not installed in the workspace {team_id}.")
        return AuthorizeResult(
            enterprise_id=found.enterprise_id,
            team_id=found.team_id,
            bot_token=found.bot_token,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
        )


def one_workspace(keys: Keys, api_url: str) -> OneWorkspace:
    """Return the bot of the environment's token, after asking Slack who it is.

    Raises:
        SlackFailed: Slack does not know the token, or cannot be reached.
    """
    found = who(keys.bot_token, api_url)
    return OneWorkspace(keys.bot_token, str(found.get("bot_id")), str(found.get("user_id")))


def who(token: str, api_url: str, *, retries: int = RETRIES) -> dict[str, object]:
    """Return what Slack says of a token, with its scopes under ``scopes``.

    Raises:
        SlackFailed: Slack does not know it, or cannot be reached.
    """
    try:
        answer = patient(token, api_url, retries=retries).auth_test()
    except (SlackClientError, OSError) as error:
        raise failed("The bot's token was not taken", error) from error
    scopes = {name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes")
    assert isinstance(answer.data, dict)
    return {**answer.data, "scopes": scopes}


def patient(token: str, api_url: str, *, retries: int = RETRIES) -> WebClient:
    """Return a client that tries again whatever fails."""
    handlers = [
        RateLimitErrorRetryHandler(max_retry_count=retries),
        ServerErrorRetryHandler(max_retry_count=retries),
        ConnectionErrorRetryHandler(max_retry_count=retries),
    ]
    return WebClient(token, base_url=api_url, timeout=SECONDS, retry_handlers=handlers)


def failed(what: str, error: Exception) -> SlackFailed:
    """Return an error of Slack as one of ours, with what to do next."""
    if isinstance(error, SlackApiError):
        return SlackFailed(f"{what}: Slack says {reason(error)}.", "See docs/slack.md.")
    return SlackFailed(f"{what}: Slack cannot be reached ({reason(error)}).", "Check the network.")


def many_workspaces(keys: Keys, folder: Path, api_url: str) -> ManyWorkspaces:
    """Return the bot of all workspaces that installed it, and the pages where they do."""
    database = str(folder / INSTALLS)
    store = SQLite3InstallationStore(database=database, client_id=keys.client_id)
    states = SQLite3OAuthStateStore(expiration_seconds=STATE_SECONDS, database=database)
    # slack_sdk gives them no types.
    store.init()  # type: ignore[no-untyped-call]
    states.init()  # type: ignore[no-untyped-call]
    (folder / INSTALLS).chmod(0o600)
    settings = OAuthSettings(
        client_id=keys.client_id,
        client_secret=keys.client_secret,
        scopes=list(SCOPES),
        installation_store=store,
        state_store=states,
        install_path="/slack/install",
        redirect_uri_path="/slack/oauth_redirect",
    )
    return ManyWorkspaces(store, OAuthFlow(client=WebClient(base_url=api_url), settings=settings))
