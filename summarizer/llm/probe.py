"""What a server really does: asked once, since some take a schema and ignore it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from summarizer.errors import (
    ModelMissing,
    RequestRejected,
    ServerFailed,
    ServiceError,
    SummarizerError,
    UsageError,
)
from summarizer.llm.answers import sent
from summarizer.llm.api_errors import plain
from summarizer.llm.client import Endpoint
from summarizer.llm.completions import CompletionsChat
from summarizer.llm.decisions import DecisionsChat
from summarizer.llm.protocol import Chat
from summarizer.llm.reply import Outcome
from summarizer.llm.request import Message, Question, Request, Sampling
from summarizer.llm.responses import ResponsesChat
from summarizer.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI

DEFAULT_MODEL = "gpt-6.1-terra"
"""The model that is asked at OpenAI when none is set."""

PROBE_TOKENS = 512
"""Tokens of the answer to a probe: three are enough for it, the rest is for a model that thinks
first; and one that talks instead is stopped before it costs minutes on a small machine."""

MODELS_SHOWN = 8
"""Names of models in a message, at most: the ninth is not read."""

Api = Literal["responses", "chat"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a server does.

    Args:
        api: How it is spoken to.
        structured: Whether it keeps to a schema.
        decisions: Whether it answers typed questions; False also where nobody asked.
        models: The names of its models, where somebody asked for them.
    """

    api: Api
    structured: bool
    decisions: bool = False
    models: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return them as plain JSON values."""
        return asdict(self) | {"models": list(self.models)}

    @classmethod
    def from_dict(cls, value: object) -> Capabilities | None:
        """Return what ``to_dict`` wrote, or None for anything else."""
        if not isinstance(value, dict) or value.get("api") not in ("responses", "chat"):
            return None
        flags = value.get("structured"), value.get("decisions")
        models = value.get("models")
        if not all(isinstance(flag, bool) for flag in flags) or not isinstance(models, list):
            return None
        return cls(
            api=value["api"],
            structured=value["structured"],
            decisions=value["decisions"],
            models=tuple(map(str, models)),
        )


class ProbeShape:
    """A reply that no model writes unless it is held to the schema.

    The one colour allowed is not named in the question, and is hardly anybody's first.
    """

    name = "probe"
    colour = "verdigris"

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema."""
        return {
            "type": "object",
            "properties": {"colour": {"type": "string", "enum": [self.colour]}},
            "required": ["colour"],
            "additionalProperties": False,
        }

    def check(self, value: object) -> object:
        """Return the value if it is of the shape.

        Raises:
            ValueError: It is not.
        """
        if value != {"colour": self.colour}:
            raise ValueError("colour: not the one that the schema allows")
        return value


def probe(
    client: OpenAI,
    model: str,
    *,
    api: str = "auto",
    want_decisions: bool = False,
    decisions_model: str = "",
) -> Capabilities:
    """Return what the client's server does, by asking it; OpenAI's own is known.

    One tiny request where ``/responses`` keeps to a schema, else a second to
    ``/chat/completions``, and one more where decisions are wanted.

    Args:
        client: Who asks.
        model: The model that would be used.
        api: "responses" or "chat" where that is settled, else "auto".
        want_decisions: Whether to find out about ``/decisions``.
        decisions_model: The model that would be used for it; ``model`` where empty.

    Raises:
        ServiceError: The server cannot be reached, does not accept the key, has no such model,
            or answers neither way.
    """
    if Endpoint.of(str(client.base_url)).is_openai:
        settled: Api = "chat" if api == "chat" else "responses"
        return Capabilities(api=settled, structured=True, decisions=True)
    try:
        found, structured = _best_api(client, model, api)
    except ModelMissing as error:
        raise _with_names(client, error) from None
    decides = want_decisions and _decides(client, decisions_model or model)
    return Capabilities(api=found, structured=structured, decisions=decides)


def list_models(client: OpenAI) -> tuple[str, ...]:
    """Return the names of the server's models, in its order.

    Raises:
        ServiceError: The server does not say.
    """
    endpoint = Endpoint.of(str(client.base_url)).base_url
    answer = sent(client.models.with_raw_response.list, {}, endpoint=endpoint)
    entries = answer.get("data")
    names = [
        entry.get("id")
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict)
    ]
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
        raise UsageError(f"{endpoint.base_url} names no model.", hint="Choose one with --model.")
    raise UsageError(
        f"{endpoint.base_url} has {len(names)} models, and none is chosen.",
        hint=f"Choose one with --model: {_listed(names)}.",
    )


def _best_api(client: OpenAI, model: str, api: str) -> tuple[Api, bool]:
    """Return how to speak to a server, and whether it then keeps to a schema."""
    responses: bool | None = None
    if api != "chat":
        try:
            responses = _keeps_to_schema(ResponsesChat(client, mark=""), model)
        except (RequestRejected, ServerFailed):
            if api == "responses":
                raise
        if responses or api == "responses":
            return "responses", bool(responses)
    try:
        return "chat", _completes(client, model)
    except (RequestRejected, ServerFailed):
        if responses is None:
            raise
        return "responses", False


def _completes(client: OpenAI, model: str) -> bool:
    """Return whether a server keeps to a schema in chat completions.

    Raises:
        ServiceError: It does not answer there, with a schema or without.
    """
    try:
        return _keeps_to_schema(CompletionsChat(client, mark=""), model)
    except RequestRejected:
        # Some know the path and refuse the schema.
        CompletionsChat(client, mark="", structured=False).ask(_question(model))
        return False


def _keeps_to_schema(chat: Chat, model: str) -> bool:
    request = _question(model)
    reply = chat.ask(request)
    if reply.outcome is not Outcome.COMPLETE:
        return False
    try:
        ProbeShape().check(reply.value)
    except ValueError:
        return False
    return True


def _question(model: str) -> Request:
    return Request(
        stage="probe",
        model=model,
        messages=(Message("user", "Name a colour. Answer with one word, as JSON."),),
        shape=ProbeShape(),
        sampling=Sampling(max_output_tokens=PROBE_TOKENS),
    )


def _decides(client: OpenAI, model: str) -> bool:
    """Return whether a server answers typed questions."""
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


def _with_names(client: OpenAI, error: ModelMissing) -> SummarizerError:
    """Return the error with what the server has instead, if it says."""
    try:
        names = list_models(client)
    except ServiceError:
        names = ()
    if not names:
        return error
    return ModelMissing(error.message, hint=f"Choose one with --model: {_listed(names)}.")


def _listed(names: tuple[str, ...]) -> str:
    rest = len(names) - MODELS_SHOWN
    return ", ".join(plain(name) for name in names[:MODELS_SHOWN]) + (
        f" and {rest} more" if rest > 0 else ""
    )
