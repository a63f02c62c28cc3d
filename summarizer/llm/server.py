"""A server as a chat, asked what it does at the first request that is really sent.

A run whose answers are all in the cache sends nothing: the client is not even loaded.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from summarizer.errors import AnswerUnusable, NotRecorded, RequestRejected, ServiceError, UsageError
from summarizer.llm.backends import DecisionsChat, Send, asker_of, send
from summarizer.llm.capabilities import AdaptiveChat, Capabilities
from summarizer.llm.client import Endpoint, RetryRules, endpoint_of, open_client
from summarizer.llm.probe import decides, find_only_model, list_models, probe
from summarizer.llm.request import Chat, Reply, Request, digest
from summarizer.llm.store import Store
from summarizer.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI

DEFAULT_MODEL = "gpt-6.1-terra"
"""The model that is asked at OpenAI when none is set."""

KNOWN_SECONDS = 3600
"""How long what was found out about a server is believed: a local one may be started again
with another model."""

FIRST_ATTEMPTS = 3
"""Requests to a server that has answered none, at most: then it is not there."""

MARK_BYTES = 4
"""Random bytes in a fence's mark: enough that no article can guess it, and few tokens."""


PLUGINS = "newsdiff.models"
"""The group of entry points by which a package brings models: each makes a ``Server``."""


class Server(Chat, Protocol):
    """Who answers a run: a server, or the models of a plug-in."""

    @property
    def endpoint(self) -> Endpoint:
        """Where requests go."""

    @property
    def model(self) -> str:
        """The model that is asked.

        Raises:
            SummarizerError: None is set, and there is no one model to take.
        """

    def close(self) -> None:
        """Let go of what answering has taken."""


def open_server(settings: Settings, env: Mapping[str, str], store: Store) -> Server:
    """Return who answers under these settings; whoever opens it closes it.

    ``store`` is where what was found out about servers is kept.

    Raises:
        UsageError: The address cannot be, or names a plug-in that is not installed.
    """
    plugin = endpoint_of(settings, env).plugin
    if not plugin or settings.recordings:  # which need nobody who answers
        return ServerChat(settings, env, store)
    from importlib.metadata import entry_points

    for found in entry_points(group=PLUGINS, name=plugin):
        server: Server = found.load()(settings, env, store)
        return server
    raise UsageError(
        f"No plug-in that is called {plugin} is installed.",
        hint=f"Install the package {plugin}-newsdiff in the same environment, or set base_url "
        "to the address of a server.",
    )


class ServerChat:
    """Asks one server in the way that it really supports. A ``Chat``.

    The first request goes ahead of the others: what the server refuses is then known to all,
    and where it is gone, closed or without credit, the first one to meet that speaks for them.
    What was found out about it is kept in the store.
    """

    _send: Send = staticmethod(send)

    def __init__(self, settings: Settings, env: Mapping[str, str], store: Store) -> None:
        self._settings = settings
        self._env = env
        self._store = store
        self._mark = secrets.token_hex(MARK_BYTES)
        self._lead_lock = Lock()
        self._chat_lock = Lock()
        self._rules = RetryRules()
        self._has_answered = False
        self._is_led = False
        self._attempts = 0
        self._final_error: ServiceError | None = None
        self.endpoint = endpoint_of(settings, env)

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``."""
        if not self._is_led:
            with self._lead_lock:
                if self._final_error is not None:
                    raise self._final_error
                if not self._is_led:
                    return self._ask_first(request)
        return self._chat_for(request).ask(request)

    def _ask_first(self, request: Request) -> Reply:
        """Ask before the others: what the server lacks or refuses is learnt for all requests."""
        retries = self._retry_briefly()
        try:
            reply = self._chat_for(request).ask(request)
            self._note_answer()
            return reply
        except (RequestRejected, AnswerUnusable):
            self._note_answer()
            raise
        except ServiceError as error:
            self._attempts += 1 + retries
            is_absent = not self._has_answered and self._attempts >= FIRST_ATTEMPTS
            if error.hopeless or is_absent:
                self._final_error = error
            raise
        finally:
            self._is_led = self._has_answered

    def _retry_briefly(self) -> int:
        """Send less often again while nobody knows whether the server is there."""
        self._client.max_retries = min(self._settings.retries, FIRST_ATTEMPTS - 1)
        return self._client.max_retries

    def _note_answer(self) -> None:
        self._has_answered = True
        self._client.max_retries = self._settings.retries

    def _chat_for(self, request: Request) -> Chat:
        with self._chat_lock:
            return self._decider if request.questions else self._writer

    @cached_property
    def model(self) -> str:
        """The model that is asked: the one that is set, or what the server has.

        Raises:
            UsageError: None is set, and the server has none or several.
            ServiceError: None is set, and the server does not say what it has.
        """
        known = self._usual_model or self._facts.get("model")
        if isinstance(known, str):
            return known
        if self._settings.cache == "offline":
            raise NotRecorded(
                f"Nothing may be sent, and which model {self.endpoint.host} has is not known.",
                hint="Name it with the setting model, or run once without the setting "
                "cache = offline.",
            )
        self._retry_briefly()
        name = find_only_model(self._client)
        self._remember(model=name)
        return name

    @property
    def _usual_model(self) -> str | None:
        """The model that is set, or the default at OpenAI; None where the server must say it."""
        return self._settings.model or (DEFAULT_MODEL if self.endpoint.is_openai else None)

    def find_out(self, *, decisions_model: str = "") -> Capabilities:
        """Ask the server now what it does, and remember it.

        A typed question is put to ``decisions_model``, if one is given.

        Raises:
            ServiceError: It cannot be asked.
        """
        self._retry_briefly()
        model, limit = self.model, self._settings.max_output_tokens
        self._rules.probing = True
        try:
            known = probe(self._client, model, api=self._settings.api, max_output_tokens=limit)
            if decisions_model and not known.decisions:
                known = replace(known, decisions=decides(self._client, decisions_model))
        finally:
            self._rules.probing = False
        self._remember(found=known.to_dict())
        return known

    def survey(self) -> None:
        """Ask the server now what it does and which models it has, and remember it.

        Raises:
            SummarizerError: It cannot be reached, or does not let us in.
        """
        known = self.find_out(decisions_model=self._settings.decisions_model)
        try:
            models = list_models(self._client)
        except ServiceError:
            if self.endpoint.is_openai:
                raise  # nothing else that was asked shows that the key is a good one
            models = ()
        self._remember(found=replace(known, models=models).to_dict())

    def remembered(self) -> tuple[str | None, Capabilities | None, datetime | None]:
        """Return the model, what is known of the server, and since when, without asking it."""
        row = (self._store.get(self._key) or {}) | self._facts
        known, at = Capabilities.from_dict(row.get("found")), row.get("at")
        since = datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else None
        return self._usual_model or row.get("model"), known, since if known else None

    def close(self) -> None:
        """Close the connections, if there are any."""
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> OpenAI:
        return open_client(self._settings, self._env, self._rules)

    @cached_property
    def _writer(self) -> AdaptiveChat:
        known = Capabilities.from_dict(self._facts.get("found"))
        if known is None:
            known = self.find_out()
            if not self.endpoint.is_openai:  # which is known, and was not asked
                self._note_answer()
        return AdaptiveChat(
            asker_of(self._client, self._mark, self._send),
            known,
            remember=lambda learnt: self._remember(found=learnt.to_dict()),
        )

    @cached_property
    def _decider(self) -> Chat:
        return DecisionsChat(self._client, mark=self._mark)

    @cached_property
    def _facts(self) -> dict[str, Any]:
        """What was found out about the server not long ago: ``model``, ``found`` and ``at``."""
        if self._settings.cache in ("off", "refresh"):
            return {}
        row = self._store.get(self._key) or {}
        at = row.get("at")
        is_recent = isinstance(at, int | float) and time.time() - at < KNOWN_SECONDS
        return row if is_recent or self._settings.cache == "offline" else {}

    def _remember(self, **facts: object) -> None:
        self._facts.update(facts, at=time.time())
        if self._settings.cache != "off":
            self._store.put(self._key, self._facts)

    @property
    def _key(self) -> str:
        settings = self._settings
        return f"server/{digest([self.endpoint.base_url, settings.model, settings.api])}"
