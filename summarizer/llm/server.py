"""A server as a chat: found out about once, at the first request that is really sent.

A run whose answers are all in the cache sends nothing: the client is not even loaded.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from summarizer.errors import (
    AnswerUnusable,
    NotRecorded,
    RequestRejected,
    ServiceError,
)
from summarizer.llm.client import RetryRules, endpoint_of
from summarizer.llm.probe import DEFAULT_MODEL
from summarizer.llm.reply import Chat, Reply
from summarizer.llm.request import Request, digest
from summarizer.llm.store import Store
from summarizer.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI

    from summarizer.llm.adaptive import AdaptiveChat
    from summarizer.llm.capabilities import Capabilities

KNOWN_SECONDS = 3600
"""How long what was found out about a server is believed: a local one may be started again
with another model."""

FIRST_ATTEMPTS = 3
"""Requests to a server that has answered none, at most: then it is not there."""

MARK_BYTES = 4
"""Random bytes in a fence's mark: enough that no article can guess it, and few tokens."""


class ServerChat:
    """Asks one server in the way that it really supports. A ``Chat``.

    The first request goes ahead of the others: what the server refuses is then known to all,
    and where it is gone, closed or without credit, the first one to find that speaks for them.

    Args:
        settings: The server, the model, and how to ask.
        env: The environment, for the key and the address.
        store: Where what was found out about servers is kept.
    """

    def __init__(self, settings: Settings, env: Mapping[str, str], store: Store) -> None:
        self._settings = settings
        self._env = env
        self._store = store
        self._mark = secrets.token_hex(MARK_BYTES)
        self._lock = Lock()
        self._opening = Lock()
        self._rules = RetryRules()
        self._has_answered = False
        self._is_led = False
        self._attempts = 0
        self._gone: ServiceError | None = None
        self.endpoint = endpoint_of(settings, env)

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``."""
        if not self._is_led:
            with self._lock:
                if self._gone is not None:
                    raise self._gone
                if not self._is_led:
                    return self._lead(request)
        return self._chat(request).ask(request)

    def _lead(self, request: Request) -> Reply:
        """Ask for the first time: what the server lacks or refuses is learnt for all requests."""
        retries = self._settings.retries
        if not self._has_answered:
            retries = self._client.max_retries = min(retries, FIRST_ATTEMPTS - 1)
        try:
            reply = self._chat(request).ask(request)
        except (RequestRejected, AnswerUnusable):
            self._greet()
            self._is_led = True
            raise
        except ServiceError as error:
            self._attempts += 1 + retries
            self._is_led = self._has_answered
            if error.hopeless or (not self._is_led and self._attempts >= FIRST_ATTEMPTS):
                self._gone = error
            raise
        self._greet()
        self._is_led = True
        return reply

    def _greet(self) -> None:
        """Note that the server answers."""
        self._has_answered = True
        self._client.max_retries = self._settings.retries

    def _chat(self, request: Request) -> Chat:
        with self._opening:
            return self._decider if request.questions else self._writer

    @cached_property
    def model(self) -> str:
        """The model that is asked: the one that is set, or what the server has.

        Raises:
            UsageError: None is set, and the server has none or several.
            ServiceError: None is set, and the server does not say what it has.
        """
        if self._settings.model:
            return self._settings.model
        if self.endpoint.is_openai:
            return DEFAULT_MODEL
        known = self._known("model")
        if known and isinstance(known.get("name"), str):
            return str(known["name"])
        if self._settings.cache == "offline":
            raise NotRecorded(
                f"Nothing may be sent, and which model {self.endpoint.host} has is not known.",
                hint="Name it with --model, or run once without --offline.",
            )
        from summarizer.llm.probe import resolve_model

        self._client.max_retries = min(self._settings.retries, FIRST_ATTEMPTS - 1)
        name = resolve_model(self._client, self._settings)
        self._remember("model", {"name": name})
        return name

    def find_out(self, *, decisions_model: str = "") -> Capabilities:
        """Ask the server now what it does, and remember it.

        Args:
            decisions_model: The model to put a typed question to, if one is to be put.

        Raises:
            ServiceError: It cannot be asked.
        """
        from summarizer.llm.probe import probe

        self._client.max_retries = min(self._settings.retries, FIRST_ATTEMPTS - 1)
        self._rules.probing = True
        try:
            found = probe(
                self._client,
                self.model,
                api=self._settings.api,
                max_output_tokens=self._settings.max_output_tokens,
                want_decisions=bool(decisions_model),
                decisions_model=decisions_model,
            )
        finally:
            self._rules.probing = False
        self._remember_capabilities(found)
        return found

    def close(self) -> None:
        """Close the connections, if there are any."""
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> OpenAI:
        from summarizer.llm.client import open_client

        return open_client(self._settings, self._env, self._rules)

    @cached_property
    def _writer(self) -> AdaptiveChat:
        from summarizer.llm.adaptive import AdaptiveChat

        known = self._known_capabilities()
        if known is None:
            known = self.find_out()
            if not self.endpoint.is_openai:  # which is known, and was not asked
                self._greet()
        return AdaptiveChat(
            self._client, known, mark=self._mark, remember=self._remember_capabilities
        )

    @cached_property
    def _decider(self) -> Chat:
        from summarizer.llm.decisions import DecisionsChat

        return DecisionsChat(self._client, mark=self._mark)

    def _known_capabilities(self) -> Capabilities | None:
        """Return what the server does, as it was found out not long ago."""
        from summarizer.llm.capabilities import Capabilities

        return Capabilities.from_dict((self._known("capabilities") or {}).get("found"))

    def _remember_capabilities(self, found: Capabilities) -> None:
        self._remember("capabilities", {"found": found.to_dict()})

    def _known(self, what: str) -> dict[str, Any] | None:
        if self._settings.cache in ("off", "refresh"):
            return None
        row = self._store.get(self._key(what))
        if row is None or self._settings.cache == "offline":
            return row
        at = row.get("at")
        return row if isinstance(at, int | float) and time.time() - at < KNOWN_SECONDS else None

    def _remember(self, what: str, row: dict[str, Any]) -> None:
        if self._settings.cache != "off":
            self._store.put(self._key(what), {**row, "at": time.time()})

    def _key(self, what: str) -> str:
        settings = self._settings
        return f"server/{digest([what, self.endpoint.base_url, settings.model, settings.api])}"
