"""The back ends: Chat Completions, Responses and Decisions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from summarizer.errors import AnswerUnusable
from summarizer.llm.answer_text import find_answer, simplify
from summarizer.llm.api_errors import ApiError, Redactor, ending_of, no_json, plain, translated
from summarizer.llm.capabilities import Capabilities, PromptCounts, SchemaLevel
from summarizer.llm.client import Endpoint
from summarizer.llm.request import (
    Message,
    Outcome,
    Question,
    Reply,
    Request,
    TokenUse,
    count_tokens,
    digest,
)

if TYPE_CHECKING:
    from openai import OpenAI
    from openai._legacy_response import LegacyAPIResponse

SHOWN = 120
"""Characters of a reply's detail, at most."""

CACHE_KEY_LENGTH = 16
"""Hexadecimal digits of a prompt cache's key: 64 bits tell the articles of any run apart."""

ARTICLE_PARTS = frozenset({"article", "$article"})
"""Names of the part of a request that is the article: as such, and as a prompt's variable."""

THOUGHTS = ("reasoning_content", "reasoning", "thinking")
"""Where servers put what a model thought, and some the answer."""

UNFINISHED = frozenset({"in_progress", "queued", "cancelled", "canceled"})
"""How an answer's status says that it is not there yet, and never will be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An answer, whichever API it came by; ``texts`` are where JSON may be, likeliest first."""

    texts: tuple[str, ...]
    refusal: str
    ending: str


class Send(Protocol):
    """Sends a request's body, as ``send`` does."""

    def __call__(
        self,
        create: Callable[..., LegacyAPIResponse[Any]],
        body: Mapping[str, Any],
        *,
        endpoint: Endpoint,
    ) -> dict[str, Any]:
        """Return the JSON object that came back; raises ServiceError."""


def send(
    create: Callable[..., LegacyAPIResponse[Any]], body: Mapping[str, Any], *, endpoint: Endpoint
) -> dict[str, Any]:
    """Send a request's body and return the JSON object that came back, without secrets.

    Args:
        create: A method of the client that returns the answer as it came.
        body: The arguments of that method, the model among them.
        endpoint: The server, for messages.

    Raises:
        ServiceError: The server could not be asked, or did not answer with a JSON object.
    """
    with translated(endpoint.recipient(str(body.get("model", "")))):
        response = create(**body).http_response
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        raise no_json(endpoint.host) from None
    if not isinstance(answer, dict):
        raise no_json(endpoint.host)
    scrubbed: dict[str, Any] = Redactor.of(response.request).answer(answer)
    return scrubbed


class BackEnd:
    """Asks a server in one way. A ``Chat``.

    Args:
        client: Who sends; it also tells which server is asked.
        mark: The run's random mark for the fence around untrusted text.
        capabilities: What the server is known to take.
        endpoint: The server, where it is not the client's to tell.
        counts: What the server counted of earlier prompts of the run.
        send: Who sends, where it is not the client.
    """

    def __init__(
        self,
        client: OpenAI,
        *,
        mark: str,
        capabilities: Capabilities | None = None,
        endpoint: Endpoint | None = None,
        counts: PromptCounts | None = None,
        send: Send = send,
    ) -> None:
        self._client = client
        self._mark = mark
        self._capabilities = capabilities or Capabilities()
        self._endpoint = endpoint or Endpoint.of(str(client.base_url))
        self._counts = counts or PromptCounts()
        self._send = send

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``."""
        with self._counts.counting(request) as checked:
            return checked(self._ask(request))

    def _ask(self, request: Request) -> Reply:
        raise NotImplementedError


def conversation(request: Request, mark: str) -> list[dict[str, str]]:
    """Return the messages as servers take them: half a character becomes a question mark.

    Args:
        request: The request.
        mark: The run's random mark for the fence around untrusted text.
    """
    return [
        {"role": each.role, "content": each.content.encode("utf-8", "replace").decode("utf-8")}
        for each in request.fenced(mark)
    ]


def worded(request: Request, level: SchemaLevel) -> Request:
    """Return a request with the schema in words, where the level is that."""
    if request.shape is None or level != "prompt":
        return request
    schema = json.dumps(request.shape.schema, ensure_ascii=False)
    first, *rest = request.messages
    text = f"{first.content}\n\nAnswer with one JSON object of this JSON Schema:\n{schema}"
    return replace(request, messages=(Message(first.role, text), *rest))


def schema_of(request: Request, level: SchemaLevel) -> dict[str, Any] | None:
    """Return the schema that the model is held to; None where none is told apart from words."""
    if request.shape is None or level == "prompt":
        return None
    return simplify(request.shape.schema) if level == "simple" else request.shape.schema


class TextChat(BackEnd):
    """Asks a server that writes."""

    def _ask(self, request: Request) -> Reply:
        asked = worded(request, self._capabilities.schema)
        body = self._body(request, conversation(asked, self._mark))
        try:
            answer = self._send(self._create(), body, endpoint=self._endpoint)
        except AnswerUnusable as error:
            if not isinstance(error.answer, ApiError):
                raise
            # The server held back what it took for no JSON: it is looked at all the same.
            held = Written(texts=(error.answer.written,), refusal="", ending="")
            return settle(held, request, model=request.model, tokens=TokenUse())
        model = str(answer.get("model") or request.model)
        tokens = count_tokens(answer.get("usage"))
        return settle(self._read(answer), request, model=model, tokens=tokens)

    def _format(self, request: Request) -> dict[str, Any] | None:
        """Return the name and the schema that the server holds the model to, if it is told."""
        level = self._capabilities.schema
        schema = schema_of(request, level)
        if request.shape is None or schema is None:
            return None
        form = {"name": request.shape.name, "schema": schema}
        return {**form, "strict": True} if level == "strict" else form

    def _create(self) -> Callable[..., LegacyAPIResponse[Any]]:
        raise NotImplementedError

    def _body(self, request: Request, messages: list[dict[str, str]]) -> dict[str, Any]:
        raise NotImplementedError

    def _read(self, answer: dict[str, Any]) -> Written:
        raise NotImplementedError


class CompletionsChat(TextChat):
    """Asks through ``/chat/completions``."""

    def _create(self) -> Callable[..., LegacyAPIResponse[Any]]:
        return self._client.chat.completions.with_raw_response.create

    def _body(self, request: Request, messages: list[dict[str, str]]) -> dict[str, Any]:
        sampling = request.sampling
        form = self._format(request)
        usual = "max_completion_tokens" if self._endpoint.is_openai else "max_tokens"
        limit = self._capabilities.limit_name
        chosen = {
            "response_format": form and {"type": "json_schema", "json_schema": form},
            # Others than OpenAI may refuse what they do not know.
            "store": False if self._endpoint.is_openai else None,
            usual if limit is None else limit: sampling.max_output_tokens,
            "temperature": sampling.temperature,
            "reasoning_effort": sampling.reasoning_effort or None,
            "service_tier": sampling.service_tier or None,
        }
        return {"model": request.model, "messages": messages} | _set(chosen)

    def _read(self, answer: dict[str, Any]) -> Written:
        choice = _first(answer.get("choices"))
        message = _object(choice.get("message") or choice.get("delta"))
        calls = [message.get("function_call")]
        tools = message.get("tool_calls")
        calls += [_object(t).get("function") for t in (tools if isinstance(tools, list) else ())]
        return Written(
            texts=(
                _text(message.get("content")) or _text(choice.get("text")),
                *(_arguments(call) for call in calls),
                *(_text(message.get(name)) for name in ("parsed", *THOUGHTS)),
            ),
            refusal=_text(message.get("refusal")),
            ending=str(choice.get("finish_reason") or ""),
        )


class ResponsesChat(TextChat):
    """Asks through ``/responses``."""

    def _create(self) -> Callable[..., LegacyAPIResponse[Any]]:
        return self._client.responses.with_raw_response.create

    def _body(self, request: Request, messages: list[dict[str, str]]) -> dict[str, Any]:
        sampling = request.sampling
        form = self._format(request)
        effort = sampling.reasoning_effort
        chosen = {
            "text": form and {"format": {"type": "json_schema", **form}},
            "reasoning": {"effort": effort} if effort else None,
            # Others than OpenAI may refuse what they do not know.
            "prompt_cache_key": cache_key(request) if self._endpoint.is_openai else None,
            self._capabilities.limit_name or "max_output_tokens": sampling.max_output_tokens,
            "temperature": sampling.temperature,
            "service_tier": sampling.service_tier or None,
        }
        return {"model": request.model, "input": messages, "store": False} | _set(chosen)

    def _read(self, answer: dict[str, Any]) -> Written:
        output = answer.get("output")
        items = [_object(item) for item in (output if isinstance(output, list) else ())]
        final = [
            content
            for item in items
            if item.get("type") == "message" and item.get("phase") in (None, "final_answer")
            for content in _contents(item.get("content"))
        ]
        thoughts = [
            content
            for item in items
            if item.get("type") == "reasoning"
            for content in _contents(item.get("content"))
        ]
        refusals = [c for c in final if c.get("type") == "refusal"]
        return Written(
            texts=(
                "".join(
                    _text(c.get("text")) for c in final if c.get("type") in ("output_text", "text")
                )
                or _text(answer.get("output_text")),
                *(_arguments(item) for item in items if item.get("type") == "function_call"),
                "".join(_text(content.get("text")) for content in thoughts),
            ),
            refusal=" ".join(_text(c.get("refusal")) for c in refusals)
            or "refused" * bool(refusals),
            ending=_status(answer),
        )


def settle(written: Written, request: Request, *, model: str, tokens: TokenUse) -> Reply:
    """Return the reply that an answer is: by how it ended, and by the JSON in it."""
    text = next(filter(str.strip, written.texts), "")
    reply = Reply(outcome=Outcome.COMPLETE, text=text, model=model, tokens=tokens)
    ended = _ended(written)
    if ended:
        outcome, detail = ended
        if outcome is Outcome.REFUSED:
            text = detail = written.refusal or text or detail
        return replace(reply, outcome=outcome, text=text, detail=plain(detail, SHOWN))
    try:
        answer = find_answer(written.texts, request.shape)
    except ValueError as problem:
        return replace(reply, outcome=Outcome.INVALID, detail=plain(str(problem), SHOWN))
    return replace(reply, value=answer.value, text=answer.text, lacks=answer.lacks)


def cache_key(request: Request) -> str:
    """Return a key that requests with the same first message and article share.

    A server sends requests of one key to the same machine, whose prompt cache then has what
    they begin with.
    """
    first = request.messages[0].content if request.messages else ""
    article = [part.sha256 for part in request.parts if part.name in ARTICLE_PARTS]
    return digest([first, article])[:CACHE_KEY_LENGTH]


def _ended(written: Written) -> tuple[Outcome, str] | None:
    """Return how an answer ended badly, None where it did not."""
    if written.refusal:
        return Outcome.REFUSED, written.refusal
    if written.ending in UNFINISHED:
        return Outcome.INVALID, f"the answer ended as {written.ending}"
    known = ending_of(written.ending)
    return (Outcome(known[0]), known[1]) if known else None


def _status(answer: dict[str, Any]) -> str:
    """Return how an answer of the Responses API ended: its status, or why it is incomplete."""
    status = str(answer.get("status") or "completed")
    if status != "incomplete":
        return status
    reason = _object(answer.get("incomplete_details")).get("reason")
    return str(reason or "max_output_tokens")


def _arguments(call: object) -> str:
    """Return the arguments of a tool's call."""
    return _text(_object(call).get("arguments"))


def _set(chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if name and value is not None}


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(values: object) -> dict[str, Any]:
    return _object(values[0]) if isinstance(values, list) and values else {}


def _contents(value: object) -> list[dict[str, Any]]:
    return [_object(item) for item in value] if isinstance(value, list) else []


def _text(content: object) -> str:
    """Return a message's content, which some servers send in parts, or parsed already."""
    if isinstance(content, list):
        return "".join(_text(_object(part).get("text")) for part in content)
    if isinstance(content, dict):
        inner = content.get("value")
        return inner if isinstance(inner, str) else json.dumps(content)
    return content if isinstance(content, str) else ""


class DecisionsChat(BackEnd):
    """Asks through ``/decisions``: many typed questions about one input.

    Where the model declines every question, the outcome is that it refused; where it declines
    some, the reply is complete and has None in their places.
    """

    def _ask(self, request: Request) -> Reply:
        body = {
            "model": request.model,
            "input": [{"type": "message", **each} for each in conversation(request, self._mark)],
            "questions": [
                {"type": "predicate", "name": each.name, "instructions": each.instructions}
                for each in request.questions
            ],
        }
        create = self._client.decisions.with_raw_response.create
        return _read(self._send(create, body, endpoint=self._endpoint), request)


def _read(answer: dict[str, Any], request: Request) -> Reply:
    reply = Reply(
        outcome=Outcome.COMPLETE,
        model=str(answer.get("model") or request.model),
        tokens=count_tokens(answer.get("usage")),
    )
    try:
        value = _probabilities(answer.get("answers"), request.questions)
    except ValueError as problem:
        return replace(reply, outcome=Outcome.INVALID, detail=plain(str(problem), SHOWN))
    if value and all(probability is None for probability in value):
        detail = "the model declined every question"
        return replace(reply, outcome=Outcome.REFUSED, detail=detail)
    return replace(reply, value=value)


def _probabilities(answers: object, questions: tuple[Question, ...]) -> list[float | None]:
    """Return the answer to each question, None where the model declined it.

    Raises:
        ValueError: They are not the answers to these questions.
    """
    if not isinstance(answers, list) or len(answers) != len(questions):
        count = len(answers) if isinstance(answers, list) else 0
        raise ValueError(f"{count} answers to {len(questions)} questions")
    return [_probability(a, q) for a, q in zip(answers, questions, strict=True)]


def _probability(answer: object, question: Question) -> float | None:
    if not isinstance(answer, dict):
        raise ValueError(f"no answer to {question.name}")
    if answer.get("name") not in (None, question.name):
        raise ValueError(f"the answer to {answer['name']} in the place of {question.name}")
    if answer.get("type") == "refusal":
        return None
    probability = answer.get("probability")
    if answer.get("type") != "predicate" or isinstance(probability, bool):
        raise ValueError(f"an answer of another type to {question.name}")
    if not isinstance(probability, int | float) or not 0 <= probability <= 1:
        raise ValueError(f"no probability from 0 to 1 for {question.name}")
    return float(probability)
