"""Slack's Web API for each workspace, in three manners of trying again."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from slack_sdk import WebClient
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from summarizer.slackbot.jobs import Place

TOKENS_KEPT = 256
"""Clients kept at hand; one holds nothing but a token."""

SECONDS = 30
"""How long Slack may take for an answer."""

RETRIES = 6
"""Times that a request is sent again; Slack says how long to wait each time."""

TokenOf = Callable[[str, str], str]
"""Returns the bot's token for an enterprise and a team."""


class Clients:
    """Gives a client for a place; all of them speak to one address.

    Args:
        token_of: Finds the token of a workspace.
        api_url: Where Slack's Web API is.
    """

    def __init__(self, token_of: TokenOf, api_url: str) -> None:
        self._token_of = token_of
        self._api_url = api_url
        self._made = lru_cache(maxsize=TOKENS_KEPT)(self._make)

    def asking(self, place: Place) -> WebClient:
        """Return one that tries again whatever fails: for what may safely be done twice."""
        return self._made("asking", self._token(place))

    def posting(self, place: Place) -> WebClient:
        """Return one that tries again only where Slack says that it did nothing.

        Slack answers 429 before it does anything. After an error of its server, or a broken
        connection, a message may be there or not.
        """
        return self._made("posting", self._token(place))

    def trying(self, place: Place) -> WebClient:
        """Return one that never tries again: for progress, which is not worth waiting for."""
        return self._made("trying", self._token(place))

    def _token(self, place: Place) -> str:
        return self._token_of(place.enterprise, place.team)

    def _make(self, manner: str, token: str) -> WebClient:
        limited = RateLimitErrorRetryHandler(max_retry_count=RETRIES)
        handlers: dict[str, list[RetryHandler]] = {
            "asking": [
                limited,
                ServerErrorRetryHandler(max_retry_count=RETRIES),
                ConnectionErrorRetryHandler(max_retry_count=RETRIES),
            ],
            "posting": [limited],
            "trying": [],
        }
        return WebClient(
            token, base_url=self._api_url, timeout=SECONDS, retry_handlers=handlers[manner]
        )
