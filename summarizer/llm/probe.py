"""What a server really does: probed once, and learnt from what it refuses later.

Some servers take a schema and ignore it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import (
    ModelMissing,
    NotAuthorized,
    PromptTooLong,
    RequestRejected,
    ServerFailed,
    ServiceError,
    UsageError,
)
from summarizer.llm.api_errors import plain
from summarizer.llm.backends import (
    CompletionsChat,
    DecisionsChat,
    ResponsesChat,
    Send,
    read_objects,
    send,
)
from summarizer.llm.capabilities import (
    LEVELS,
    Api,
    Capabilities,
    PromptCounts,
    learn,
)
from summarizer.llm.client import Endpoint
from summarizer.llm.request import (
    Chat,
    Message,
    Outcome,
    Question,
    Reply,
    Request,
    Sampling,
    prompt_tokens,
)
from summarizer.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI

LESSONS = 5
"""What one request may teach, at most: two steps of the ladder, a name, a cap and a context."""


class AdaptiveChat:
    """Asks in the way that a server is known to take, and learns where it refuses. A ``Chat``.

    What one request learns holds for all others, and ``remember`` is told of it. A prompt that
    cannot fit is not sent: one as long as one that was refused, or longer. ``speak`` returns who
    asks a server of which so much is known; ``climbs`` is whether a schema that is refused is
    tried in a simpler form.
    """

    def __init__(
        self,
        speak: Callable[[Capabilities], Chat],
        capabilities: Capabilities,
        *,
        remember: Callable[[Capabilities], None] = lambda _: None,
        climbs: bool = True,
    ) -> None:
        self.capabilities = capabilities
        self._speak = speak
        self._remember = remember
        self._climbs = climbs
        self._refused: int | None = None
        self._lock = threading.Lock()

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``."""
        for _ in range(LESSONS):
            known = self.capabilities
            sent = known.fit(request)
            self._require_room(request, known)
            try:
                return self._speak(known).ask(sent)
            except RequestRejected as error:
                if not self._learn(known, error, sent):
                    self._note(error, request)
                    raise
        return self._speak(self.capabilities).ask(self.capabilities.fit(request))

    def _require_room(self, request: Request, known: Capabilities) -> None:
        """Raise PromptTooLong, without asking, where one like it did not fit."""
        size = prompt_tokens(request)
        if self._refused is None or (known.holds(request) and size < self._refused):
            return
        context = f" of {known.context} tokens" if known.context else ""
        raise PromptTooLong(
            f"The prompt of about {size} tokens does not fit the server's context{context}.",
            hint="Give the server a longer context, or lower the setting chunk_tokens.",
        )

    def _learn(self, known: Capabilities, error: ServiceError, sent: Request) -> bool:
        """Return whether more is known of the server than when the request was sent."""
        with self._lock:
            if self.capabilities != known:
                return True  # by another request
            if error.kind == "schema" and not self._climbs:
                return False
            learnt = learn(known, error, sent)
            if learnt == known:
                return False
            self.capabilities = learnt
            self._remember(learnt)
            return True

    def _note(self, error: ServiceError, request: Request) -> None:
        if isinstance(error, PromptTooLong):
            size = prompt_tokens(request)
            with self._lock:
                self._refused = size if self._refused is None else min(size, self._refused)


def speaking(client: OpenAI, mark: str = "", send: Send = send) -> Callable[[Capabilities], Chat]:
    """Return what makes the back end for a client's server, by what is known of the server.

    ``mark`` is the run's random mark for the fence around untrusted text.
    """
    counts = PromptCounts()

    def speak(known: Capabilities) -> Chat:
        kind = ResponsesChat if known.api == "responses" else CompletionsChat
        return kind(client, mark=mark, capabilities=known, counts=counts, send=send)

    return speak


DEFAULT_MODEL = "gpt-6.1-terra"
"""The model that is asked at OpenAI when none is set."""

MODELS_SHOWN = 8
"""Names of models in a message, at most: the ninth is not read."""

NOT_THERE = frozenset({"nothing_there", "failed", "no_json", "redirection", "forbidden"})
"""Kinds of errors of a path that the server does not serve."""


class ProbeShape:
    """A reply that no model writes unless it is held to the schema.

    The schema has what those of the stages have: a definition, bounds, null, a list. The one
    colour allowed is not named in the question, and is hardly anybody's first.
    """

    name = "probe"
    colour = "verdigris"

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema."""
        text = Path(__file__).with_name("probe_schema.json").read_text("utf-8")
        schema: dict[str, Any] = json.loads(text)
        return schema

    def check(self, value: object) -> object:
        """Return the value if it is of the shape.

        Raises:
            ValueError: It is not.
        """
        shades = value.get("shades") if isinstance(value, dict) else None
        if not isinstance(shades, list) or not shades:
            raise ValueError("shades: none")
        if any(not isinstance(s, dict) or s.get("colour") != self.colour for s in shades):
            raise ValueError("colour: not the one that the schema allows")
        return value


def probe(
    client: OpenAI, model: str, *, api: str = "auto", max_output_tokens: int | None = None
) -> Capabilities:
    """Return what the client's server does, by asking it; OpenAI's own is known.

    One tiny request where ``/responses`` keeps to a schema, else a second to
    ``/chat/completions``; more where the server refuses the schema or a limit. ``api`` is
    "responses" or "chat" where that is settled, else "auto"; ``max_output_tokens`` the limit
    that requests will have, which this one has, too.

    Raises:
        ServiceError: The server cannot be reached, does not accept the key, has no such model,
            or answers neither way.
    """
    if Endpoint.of(str(client.base_url)).is_openai:
        return Capabilities(api="chat" if api == "chat" else "responses", decisions=True)
    both: tuple[Api, ...] = ("responses", "chat")
    apis = tuple(each for each in both if api in ("auto", each))
    question = Request(
        stage="probe",
        model=model,
        messages=(
            Message("system", "You answer in JSON, briefly and without thinking."),
            Message("user", "Name a colour. Answer with one word, as JSON."),
        ),
        shape=ProbeShape(),
        sampling=Sampling(max_output_tokens=max_output_tokens),
    )
    try:
        return _best_way(client, question, apis)
    except ModelMissing as error:
        raise _with_names(client, error) from None


def _best_way(client: OpenAI, question: Request, apis: tuple[Api, ...]) -> Capabilities:
    """Return the first way that keeps to a schema, else one that answers at all."""
    ways = [Capabilities(api=api) for api in apis]
    ignoring: Capabilities | None = None
    error: ServiceError | None = None
    for level in LEVELS:
        refused = []
        for known in ways:
            if level == "prompt" and ignoring:
                break
            chat = AdaptiveChat(speaking(client), replace(known, schema=level), climbs=False)
            try:
                reply = chat.ask(question)
            except (RequestRejected, ServerFailed, NotAuthorized) as problem:
                error = problem
                if _ends_search(problem, known.api):
                    raise
                refused += [] if problem.kind in NOT_THERE else [chat.capabilities]
                continue
            if level != "prompt" and _keeps_to_schema(reply):
                return chat.capabilities
            ignoring = chat.capabilities
        ways = refused[::-1]
    if ignoring:
        return replace(ignoring, schema="prompt")
    assert error is not None
    raise error


def _ends_search(error: ServiceError, api: Api) -> bool:
    """Return whether the other ways would fail alike."""
    if isinstance(error, NotAuthorized):
        # Some gateways forbid the paths that they do not know.
        return api == "chat" or error.kind != "forbidden"
    return isinstance(error, PromptTooLong) or error.kind == "down"


def _keeps_to_schema(reply: Reply) -> bool:
    try:
        ProbeShape().check(reply.value)
    except ValueError:
        return False
    return reply.outcome is Outcome.COMPLETE


def list_models(client: OpenAI) -> tuple[str, ...]:
    """Return the names of the server's models, in its order.

    Raises:
        ServiceError: The server does not say.
    """
    endpoint = Endpoint.of(str(client.base_url))
    answer = send(client.models.with_raw_response.list, {}, endpoint=endpoint)
    names = [each.get("id") for each in read_objects(answer.get("data"))]
    return tuple(name for name in names if isinstance(name, str) and name)


def resolve_model(client: OpenAI, settings: Settings) -> str:
    """Return the model to ask: the one that is set, OpenAI's default, or the server's only one.

    Raises:
        UsageError: None is set, and the server has none or several.
        ServiceError: None is set, and the server does not say what it has.
    """
    if settings.model:
        return settings.model
    endpoint = Endpoint.of(str(client.base_url))
    if endpoint.is_openai:
        return DEFAULT_MODEL
    names = list_models(client)
    if len(names) == 1:
        return names[0]
    if not names:
        raise UsageError(
            f"{endpoint.host} names no model.", hint="Choose one with the setting model."
        )
    raise UsageError(
        f"{endpoint.host} has {len(names)} models, and none is chosen.",
        hint=f"Choose one with the setting model: {_listed(names)}.",
    )


def decides(client: OpenAI, model: str) -> bool:
    """Return whether a server answers typed questions with a model."""
    request = Request(
        stage="probe",
        model=model,
        messages=(Message("user", "The door of the house is blue."),),
        questions=(Question("colour", "The text names a colour."),),
    )
    try:
        reply = DecisionsChat(client, mark="").ask(request)
    except (RequestRejected, ModelMissing, ServerFailed):
        return False
    return reply.outcome in {Outcome.COMPLETE, Outcome.REFUSED}


def _with_names(client: OpenAI, error: ModelMissing) -> ModelMissing:
    """Return the error with what the server has instead, if it says."""
    with suppress(ServiceError):
        if names := list_models(client):
            hint = f"Choose one with the setting model: {_listed(names)}."
            return ModelMissing(error.message, hint=hint)
    return error


def _listed(names: tuple[str, ...]) -> str:
    rest = len(names) - MODELS_SHOWN
    return ", ".join(map(plain, names[:MODELS_SHOWN])) + f" and {rest} more" * (rest > 0)
