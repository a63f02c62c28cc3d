"""A server as a chat, asked what it does at the first request that is really sent.

What it really does is probed with a request like the real ones, since some ignore a schema.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import product
from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol

from summarizer import errors
from summarizer.errors import ServiceError
from summarizer.llm.api_errors import plain
from summarizer.llm.backends import DecisionsChat, Send, asker_of, read_objects, send
from summarizer.llm.capabilities import NEXT_LEVEL, AdaptiveChat, Api, Capabilities
from summarizer.llm.client import Endpoint, RetryRules, endpoint_of, open_client
from summarizer.llm.request import (
    Chat,
    Message,
    Outcome,
    Question,
    Reply,
    Request,
    Sampling,
    digest,
)
from summarizer.llm.store import Store
from summarizer.schemas import PROBE, parse_value
from summarizer.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI

DEFAULT_MODEL = "gpt-6.1-terra"  # what is asked at OpenAI when no model is set
PLUGINS = "newsdiff.models"  # the entry points that bring models: each makes a ``Server``
KNOWN_SECONDS = 3600  # how long what was found out is believed: a server may change its model
FIRST_ATTEMPTS = 3  # requests to a server that has answered none: then it is not there
MARK_BYTES = 4  # random bytes in a fence's mark: no article can guess them, and few tokens
APIS: tuple[Api, ...] = ("responses", "chat")  # the better one first
MODELS_SHOWN = 8  # names of models on a screen, at most: the ninth is not read

# Kinds of errors of a path that the server does not serve.
NOT_THERE = {"nothing_there", "failed", "no_json", "redirection", "forbidden"}


class Server(Chat, Protocol):
    """Who answers a run: a server, or the models of a plug-in."""

    @property
    def endpoint(self) -> Endpoint:
        """Where requests go."""

    @property
    def model(self) -> str:
        """The model that is asked; a SummarizerError where there is none to take."""

    def close(self) -> None:
        """Let go of what answering has taken."""


def open_server(settings: Settings, env: Mapping[str, str], store: Store) -> Server:
    """Return who answers; whoever opens it closes it. A wrong address is a UsageError."""
    plugin = endpoint_of(settings, env).plugin
    if not plugin or settings.recordings:  # which need nobody who answers
        return ServerChat(settings, env, store)
    from importlib.metadata import entry_points

    for entry in entry_points(group=PLUGINS, name=plugin):
        server: Server = entry.load()(settings, env, store)
        return server
    raise errors.UsageError(
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
        self.endpoint = endpoint_of(settings, env)
        self._settings, self._env, self._store = settings, env, store
        # None where the server must say which model it has.
        self._usual_model = settings.model or (DEFAULT_MODEL if self.endpoint.is_openai else None)
        self._row_key = f"server/{digest([self.endpoint.base_url, settings.model, settings.api])}"
        self._mark = secrets.token_hex(MARK_BYTES)
        self._lock = RLock()
        self._rules = RetryRules()
        self._attempts = 0
        self._has_answered = self._is_led = False
        self._final_error: ServiceError | None = None

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``."""
        if not self._is_led:
            with self._lock:
                if self._final_error is not None:
                    raise self._final_error
                if not self._is_led:
                    return self._ask_first(request)
        return self._chat_for(request).ask(request)

    def _ask_first(self, request: Request) -> Reply:
        """Ask before the others: what the server lacks or refuses is learnt for all requests."""
        self._retry_briefly()
        retries = self._client.max_retries
        try:
            reply = self._chat_for(request).ask(request)
            self._note_answer()
            return reply
        except (errors.RequestRejected, errors.AnswerUnusable):
            self._note_answer()
            raise
        except ServiceError as error:
            self._attempts += 1 + retries
            if error.hopeless or not (self._has_answered or self._attempts < FIRST_ATTEMPTS):
                self._final_error = error
            raise
        finally:
            self._is_led = self._has_answered

    def _retry_briefly(self) -> None:
        """Send less often again while nobody knows whether the server is there."""
        self._client.max_retries = min(self._settings.retries, FIRST_ATTEMPTS - 1)

    def _note_answer(self) -> None:
        self._has_answered = True
        self._client.max_retries = self._settings.retries

    def _chat_for(self, request: Request) -> Chat:
        with self._lock:
            return self._decider if request.questions else self._writer

    @cached_property
    def model(self) -> str:
        """The model that is set, or the server's only one; a UsageError without just one."""
        known = self._usual_model or self._known_facts.get("model")
        if isinstance(known, str):
            return known
        if self._settings.cache == "offline":
            raise errors.NotRecorded(
                f"Nothing may be sent, and which model {self.endpoint.host} has is not known.",
                "Name it with the setting model, or run once without the setting cache = offline.",
            )
        self._retry_briefly()
        names = list_models(self._client)
        if len(names) != 1:
            named = f"has {len(names)} models, and none is chosen" if names else "names no model"
            raise errors.UsageError(f"{self.endpoint.host} {named}.", _choice_of(names))
        self._remember(model=names[0])
        return names[0]

    def find_out(self, *, fully: bool = False) -> Capabilities:
        """Ask the server now what it does, and remember it; a ServiceError where that fails.

        With ``fully``, also whether it answers typed questions, and which models it has.
        """
        self._retry_briefly()
        model, settings = self.model, self._settings
        limit, decider = settings.max_output_tokens, settings.decisions_model
        self._rules.probing = True
        try:
            known = probe(self._client, model, api=settings.api, max_output_tokens=limit)
            if fully and decider and not known.decisions:
                known = replace(known, decisions=decides(self._client, decider))
        finally:
            self._rules.probing = False
        if fully:
            # That OpenAI's own says what it has is all that shows that the key is a good one.
            with nullcontext() if self.endpoint.is_openai else suppress(ServiceError):
                known = replace(known, models=list_models(self._client))
        self._remember(found=known.to_dict())
        return known

    def remembered(self) -> tuple[str | None, Capabilities | None, datetime | None]:
        """Return the model, what is known of the server, and since when, without asking it."""
        row = (self._store.get(self._row_key) or {}) | self._known_facts
        known, at = parse_value(Capabilities, row.get("found")), row.get("at")
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
        known = parse_value(Capabilities, self._known_facts.get("found"))
        if known is None:
            known = self.find_out()
            if not self.endpoint.is_openai:  # which is known, and was not asked
                self._note_answer()
        ask = asker_of(self._client, self._mark, self._send)
        return AdaptiveChat(ask, known, remember=lambda new: self._remember(found=new.to_dict()))

    @cached_property
    def _decider(self) -> Chat:
        return DecisionsChat(self._client, mark=self._mark)

    @cached_property
    def _known_facts(self) -> dict[str, Any]:
        """What was found out about the server not long ago: ``model``, ``found`` and ``at``."""
        if self._settings.cache in ("off", "refresh"):
            return {}
        row = self._store.get(self._row_key) or {}
        at = row.get("at")
        is_recent = isinstance(at, int | float) and time.time() - at < KNOWN_SECONDS
        return row if is_recent or self._settings.cache == "offline" else {}

    def _remember(self, **facts: object) -> None:
        self._known_facts.update(facts, at=time.time())
        if self._settings.cache != "off":
            self._store.put(self._row_key, self._known_facts)


def probe(
    client: OpenAI, model: str, *, api: str = "auto", max_output_tokens: int | None = None
) -> Capabilities:
    """Return what the client's server does, by asking it; OpenAI's own is known.

    One tiny request where ``/responses`` keeps to a schema, else a second to
    ``/chat/completions``; more where the server refuses the schema or a limit. ``api`` is
    one of ``settings.APIS``. Where it answers neither way, a ServiceError says why.
    """
    if Endpoint.of(str(client.base_url)).is_openai:
        return Capabilities(api="chat" if api == "chat" else "responses", decisions=True)
    system = Message("system", "You answer in JSON, briefly and without thinking.")
    user = Message("user", "Name a colour. Answer with one word, as JSON.")
    limit = Sampling(max_output_tokens=max_output_tokens)
    question = Request(
        stage="probe", model=model, messages=(system, user), shape=PROBE, sampling=limit
    )
    try:
        return _best_way(client, question, [each for each in APIS if api in ("auto", each)])
    except errors.ModelMissing as error:
        with suppress(ServiceError):
            if names := list_models(client):
                error.hint = _choice_of(names)
        raise


def _best_way(client: OpenAI, question: Request, apis: list[Api]) -> Capabilities:
    """Return the first way that keeps to a schema, else the last that answers at all."""
    ways = {api: Capabilities(api=api) for api in apis}
    ignoring: Capabilities | None = None
    failure: ServiceError | None = None
    for level, api in product(NEXT_LEVEL, apis):
        if api not in ways or (level == "prompt" and ignoring):
            continue
        chat = AdaptiveChat(asker_of(client), replace(ways[api], schema=level), climbs=False)
        try:
            reply = chat.ask(question)
        except (errors.RequestRejected, errors.ServerFailed, errors.NotAuthorized) as error:
            # Some gateways forbid the paths that they do not know.
            is_other_path = error.kind == "forbidden" and api != "chat"
            is_final = isinstance(error, errors.NotAuthorized | errors.PromptTooLong)
            if (is_final and not is_other_path) or error.kind == "down":
                raise
            failure, ways[api] = error, chat.capabilities
            if error.kind in NOT_THERE:
                del ways[api]
            continue
        if level != "prompt" and reply.outcome is Outcome.COMPLETE:
            with suppress(ValueError):
                if question.check(reply.value).shades:
                    return chat.capabilities
        ignoring = replace(chat.capabilities, schema="prompt")
        del ways[api]
    if ignoring is None:
        assert failure is not None
        raise failure
    return ignoring


def list_models(client: OpenAI) -> tuple[str, ...]:
    """Return the names of the server's models, in its order; a ServiceError without."""
    names = [each.get("id") for each in read_objects(send(client, "/models").get("data"))]
    return tuple(name for name in names if isinstance(name, str) and name)


def decides(client: OpenAI, model: str) -> bool:
    """Return whether a server answers typed questions with a model."""
    text = Message("user", "The door of the house is blue.")
    question = Question("colour", "The text names a colour.")
    request = Request(stage="probe", model=model, messages=(text,), questions=(question,))
    try:
        reply = DecisionsChat(client, mark="").ask(request)
    except (errors.RequestRejected, errors.ModelMissing, errors.ServerFailed):
        return False
    return reply.outcome in {Outcome.COMPLETE, Outcome.REFUSED}


def _choice_of(names: tuple[str, ...]) -> str:
    rest = len(names) - MODELS_SHOWN
    listed = ", ".join(map(plain, names[:MODELS_SHOWN])) + f" and {rest} more" * (rest > 0)
    return f"Choose one with the setting model{': ' if names else ''}{listed}."
