"""What a server really does, probed with a request like the real ones: some ignore a schema."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from itertools import product
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
from summarizer.llm.backends import DecisionsChat, asker_of, read_objects, send
from summarizer.llm.capabilities import LEVELS, AdaptiveChat, Api, Capabilities
from summarizer.llm.client import Endpoint
from summarizer.llm.request import Message, Outcome, Question, Request, Sampling

if TYPE_CHECKING:
    from openai import OpenAI

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
    apis: tuple[Api, ...] = ("responses", "chat")
    try:
        return _best_way(client, question, [each for each in apis if api in ("auto", each)])
    except ModelMissing as error:
        with suppress(ServiceError):
            if names := list_models(client):
                error.hint = _choice_of(names)
        raise


def _best_way(client: OpenAI, question: Request, apis: list[Api]) -> Capabilities:
    """Return the first way that keeps to a schema, else the last that answers at all."""
    ways = {api: Capabilities(api=api) for api in apis}
    ignoring: Capabilities | None = None
    failure: ServiceError | None = None
    for level, api in product(LEVELS, apis):
        if api not in ways or (level == "prompt" and ignoring):
            continue
        chat = AdaptiveChat(asker_of(client), replace(ways[api], schema=level), climbs=False)
        try:
            reply = chat.ask(question)
        except (RequestRejected, ServerFailed, NotAuthorized) as error:
            if _ends_search(error, api):
                raise
            failure, ways[api] = error, chat.capabilities
            if error.kind in NOT_THERE:
                del ways[api]
            continue
        if level != "prompt" and reply.outcome is Outcome.COMPLETE:
            with suppress(ValueError):
                question.check(reply.value)
                return chat.capabilities
        ignoring = replace(chat.capabilities, schema="prompt")
        del ways[api]
    if ignoring is None:
        assert failure is not None
        raise failure
    return ignoring


def _ends_search(error: ServiceError, api: Api) -> bool:
    """Return whether the other ways would fail alike."""
    if isinstance(error, NotAuthorized):
        # Some gateways forbid the paths that they do not know.
        return api == "chat" or error.kind != "forbidden"
    return isinstance(error, PromptTooLong) or error.kind == "down"


def list_models(client: OpenAI) -> tuple[str, ...]:
    """Return the names of the server's models, in its order.

    Raises:
        ServiceError: The server does not say.
    """
    names = [each.get("id") for each in read_objects(send(client, "/models").get("data"))]
    return tuple(name for name in names if isinstance(name, str) and name)


def find_only_model(client: OpenAI) -> str:
    """Return the one model that a server has.

    Raises:
        UsageError: It has none or several.
        ServiceError: It does not say what it has.
    """
    names = list_models(client)
    if len(names) == 1:
        return names[0]
    host = Endpoint.of(str(client.base_url)).host
    if not names:
        raise UsageError(f"{host} names no model.", hint="Choose one with the setting model.")
    raise UsageError(f"{host} has {len(names)} models, and none is chosen.", hint=_choice_of(names))


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


def _choice_of(names: tuple[str, ...]) -> str:
    rest = len(names) - MODELS_SHOWN
    listed = ", ".join(map(plain, names[:MODELS_SHOWN])) + f" and {rest} more" * (rest > 0)
    return f"Choose one with the setting model: {listed}."
