"""A server as a chat: found out about once, at the first request that is really sent.

A run whose answers are all in the cache sends nothing: the client is not even loaded.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from summarizer.errors import NotRecorded, Unreachable
from summarizer.llm.client import endpoint_of
from summarizer.llm.probe import DEFAULT_MODEL
from summarizer.llm.protocol import Chat
from summarizer.llm.reply import Reply
from summarizer.llm.request import Message, Request, digest
from summarizer.llm.store import Store
from summarizer.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI

    from summarizer.llm.probe import Capabilities

KNOWN_SECONDS = 3600
"""How long what was found out about a server is believed: a local one may be started again
with another model."""

MARK_BYTES = 4
"""Random bytes in a fence's mark: enough that no article can guess it, and few tokens."""


class ServerChat:
    """Asks one server in the way that it really supports. A ``Chat``.

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
        self._gone: Unreachable | None = None
        self.endpoint = endpoint_of(settings, env)

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``."""
        return self._chat(request).ask(request)

    def _chat(self, request: Request) -> Chat:
        """Return who answers a request; a server that is not there is tried once a run."""
        with self._lock:
            if self._gone is not None:
                raise self._gone
            try:
                return self._decider if request.questions else self._writer
            except Unreachable as error:
                self._gone = error
                raise

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
                f"Nothing may be sent, and which model {self.endpoint.base_url} has is not known.",
                hint="Name it with --model, or run once without --offline.",
            )
        from summarizer.llm.probe import resolve_model

        name = resolve_model(self._client, self._settings)
        self._remember("model", {"name": name})
        return name

    @cached_property
    def capabilities(self) -> Capabilities:
        """What the server really does, as it was found out now or not long ago."""
        from summarizer.llm.probe import Capabilities, probe

        known = self._known("capabilities")
        found = Capabilities.from_dict(known.get("found")) if known else None
        if found:
            return found
        found = probe(self._client, self.model, api=self._settings.api)
        self._remember("capabilities", {"found": found.to_dict()})
        return found

    def close(self) -> None:
        """Close the connections, if there are any."""
        if "_client" in self.__dict__:
            self._client.close()

    @cached_property
    def _client(self) -> OpenAI:
        from summarizer.llm.client import open_client

        return open_client(self._settings, self._env)

    @cached_property
    def _writer(self) -> Chat:
        from summarizer.llm.completions import CompletionsChat
        from summarizer.llm.responses import ResponsesChat

        kind = ResponsesChat if self.capabilities.api == "responses" else CompletionsChat
        structured = self.capabilities.structured
        chat = kind(self._client, mark=self._mark, structured=structured)
        return chat if structured else SchemaInPromptChat(chat)

    @cached_property
    def _decider(self) -> Chat:
        from summarizer.llm.decisions import DecisionsChat

        return DecisionsChat(self._client, mark=self._mark)

    def _key(self, what: str) -> str:
        settings = self._settings
        about = [what, self.endpoint.base_url, settings.model, settings.api]
        return f"server/{digest(about)}"

    def _known(self, what: str) -> dict[str, Any] | None:
        row = None if self._settings.cache in ("off", "refresh") else self._get(what)
        if row is None:
            return None
        at = row.get("at")
        fresh = isinstance(at, int | float) and time.time() - at < KNOWN_SECONDS
        return row if fresh or self._settings.cache == "offline" else None

    def _get(self, what: str) -> dict[str, Any] | None:
        return self._store.get(self._key(what))

    def _remember(self, what: str, row: dict[str, Any]) -> None:
        if self._settings.cache != "off":
            self._store.put(self._key(what), {**row, "at": time.time()})


class SchemaInPromptChat:
    """Tells a server that keeps to no schema, in words, which one is wanted. A ``Chat``."""

    def __init__(self, inner: Chat) -> None:
        self._inner = inner

    def ask(self, request: Request) -> Reply:
        """Return the answer to the request with the schema put into its first message."""
        if request.shape is None:
            return self._inner.ask(request)
        schema = json.dumps(request.shape.schema, ensure_ascii=False)
        first, *rest = request.messages
        told = f"{first.content}\n\nAnswer with one JSON object of this JSON Schema:\n{schema}"
        return self._inner.ask(replace(request, messages=(Message(first.role, told), *rest)))
