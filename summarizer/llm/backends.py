"""The back ends: Chat Completions, Responses and Decisions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from summarizer.errors import AnswerUnusable
from summarizer.llm.answer_text import find_answer, simplify
from summarizer.llm.api_errors import ApiError, Redactor, ending_of, no_json, plain, translated
from summarizer.llm.capabilities import Capabilities, PromptCounts, SchemaLevel
from summarizer.llm.client import Endpoint
from summarizer.llm.request import Message, Outcome, Reply, Request, count_tokens, digest

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


Send = Callable[..., dict[str, Any]]
"""Sends a request's body, as ``send`` does."""


def send(
    create: Callable[..., LegacyAPIResponse[Any]], body: Mapping[str, Any], *, endpoint: Endpoint
) -> dict[str, Any]:
    """Send a request's body and return the JSON object that came back, without secrets.

    ``create`` is a method of the client that returns the answer as it came, ``body`` its arguments.

    Raises:
        ServiceError: The server could not be asked, or did not answer with a JSON object.
    """
    with translated(endpoint.host, str(body.get("model", "")), endpoint.proxy):
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

    ``mark`` is the run's random mark for the fence around untrusted text, ``counts`` what the
    server counted of earlier prompts of the run. ``endpoint`` and ``send`` are said where they
    are not the client's.
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
        reply = Reply(outcome=Outcome.COMPLETE, model=request.model)
        asked = worded(request, self._capabilities.schema)
        body = self._body(request, conversation(asked, self._mark))
        try:
            answer = self._send(self._create(), body, endpoint=self._endpoint)
        except AnswerUnusable as error:
            if not isinstance(error.answer, ApiError):
                raise
            # The server held back what it took for no JSON: it is looked at all the same.
            return settle(reply, request, [error.answer.written])
        model = str(answer.get("model") or request.model)
        reply = replace(reply, model=model, tokens=count_tokens(answer.get("usage")))
        return self._counts.checked(self._read(answer, reply, request), request)

    def _create(self) -> Callable[..., LegacyAPIResponse[Any]]:
        raise NotImplementedError

    def _body(self, request: Request, messages: list[dict[str, str]]) -> dict[str, Any]:
        raise NotImplementedError

    def _read(self, answer: dict[str, Any], reply: Reply, request: Request) -> Reply:
        raise NotImplementedError

    def _format(self, request: Request) -> dict[str, Any] | None:
        """Return the name and the schema that the server holds the model to, if it is told."""
        level = self._capabilities.schema
        schema = schema_of(request, level)
        if request.shape is None or schema is None:
            return None
        form = {"name": request.shape.name, "schema": schema}
        return {**form, "strict": True} if level == "strict" else form


def conversation(request: Request, mark: str) -> list[dict[str, str]]:
    """Return the messages as servers take them: half a character becomes a question mark.

    ``mark`` is the run's random mark for the fence around untrusted text.
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


class CompletionsChat(BackEnd):
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

    def _read(self, answer: dict[str, Any], reply: Reply, request: Request) -> Reply:
        choice = next(iter(read_objects(answer.get("choices"))), {})
        message = _object(choice.get("message") or choice.get("delta"))
        calls = [_object(call.get("function")) for call in read_objects(message.get("tool_calls"))]
        return settle(
            reply,
            request,
            (
                _text(message.get("content")) or _text(choice.get("text")),
                _text(_object(message.get("function_call")).get("arguments")),
                *(_text(call.get("arguments")) for call in calls),
                *(_text(message.get(name)) for name in ("parsed", *THOUGHTS)),
            ),
            refusal=_text(message.get("refusal")),
            ending=str(choice.get("finish_reason") or ""),
        )


class ResponsesChat(BackEnd):
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

    def _read(self, answer: dict[str, Any], reply: Reply, request: Request) -> Reply:
        items = read_objects(answer.get("output"))

        def contents(kind: str) -> list[dict[str, Any]]:
            own = [each for each in items if each.get("type") == kind]
            own = [each for each in own if each.get("phase") in (None, "final_answer")]
            return [content for each in own for content in read_objects(each.get("content"))]

        final = contents("message")
        texts = [c.get("text") for c in final if c.get("type") in ("output_text", "text")]
        refusals = [_text(c.get("refusal")) for c in final if c.get("type") == "refusal"]
        calls = [each for each in items if each.get("type") == "function_call"]
        return settle(
            reply,
            request,
            (
                "".join(map(_text, texts)) or _text(answer.get("output_text")),
                *(_text(call.get("arguments")) for call in calls),
                "".join(_text(content.get("text")) for content in contents("reasoning")),
            ),
            refusal=" ".join(refusals) or "refused" * bool(refusals),
            ending=_status(answer),
        )


class DecisionsChat(BackEnd):
    """Asks through ``/decisions``: many typed questions about one input.

    Where the model declines every question, the outcome is that it refused; where it declines
    some, the reply is complete and has None in their places.
    """

    def _create(self) -> Callable[..., LegacyAPIResponse[Any]]:
        return self._client.decisions.with_raw_response.create

    def _body(self, request: Request, messages: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "model": request.model,
            "input": [{"type": "message", **each} for each in messages],
            "questions": [
                {"type": "predicate", "name": each.name, "instructions": each.instructions}
                for each in request.questions
            ],
        }

    def _read(self, answer: dict[str, Any], reply: Reply, request: Request) -> Reply:
        try:
            value = _probabilities(read_objects(answer.get("answers")), request)
        except ValueError as problem:
            return replace(reply, outcome=Outcome.INVALID, detail=plain(str(problem), SHOWN))
        if value and all(probability is None for probability in value):
            detail = "the model declined every question"
            return replace(reply, outcome=Outcome.REFUSED, detail=detail)
        return replace(reply, value=value)


def _probabilities(answers: list[dict[str, Any]], request: Request) -> list[float | None]:
    """Return the answer to each question, None where the model declined it.

    Raises:
        ValueError: They are not the answers to these questions.
    """
    value: list[float | None] = []
    for answer, question in zip(answers, request.questions, strict=False):
        kind, probability = answer.get("type"), answer.get("probability")
        if answer.get("name") not in (None, question.name):
            raise ValueError(f"the answer to {answer['name']} in the place of {question.name}")
        if kind != "refusal" and (kind != "predicate" or probability is None):
            raise ValueError(f"an answer of another type to {question.name}")
        value.append(None if kind == "refusal" else probability)
    request.check([*value, *answers[len(value) :]])
    return value


def settle(
    reply: Reply, request: Request, texts: Sequence[str], *, refusal: str = "", ending: str = ""
) -> Reply:
    """Return a reply with what the model wrote: by how that ended, and by the JSON in it.

    ``texts`` are where the JSON may be, likeliest first; ``ending`` is how the server calls it.
    """
    text = refusal or next(filter(str.strip, texts), "")
    ended = (Outcome.REFUSED, refusal) if refusal else None
    if not ended and ending in UNFINISHED:
        ended = Outcome.INVALID, f"the answer ended as {ending}"
    if not ended and (known := ending_of(ending)):
        ended = Outcome(known[0]), (text if known[0] == Outcome.REFUSED else "") or known[1]
    if ended:
        return replace(reply, outcome=ended[0], text=text, detail=plain(ended[1], SHOWN))
    try:
        answer = find_answer(texts, request.shape)
    except ValueError as problem:
        detail = plain(str(problem), SHOWN)
        return replace(reply, outcome=Outcome.INVALID, text=text, detail=detail)
    return replace(reply, value=answer.value, text=answer.text, lacks=answer.lacks)


def cache_key(request: Request) -> str:
    """Return a key that requests with the same first message and article share.

    A server sends requests of one key to the same machine, whose prompt cache then has what
    they begin with.
    """
    first = request.messages[0].content if request.messages else ""
    article = [sha256 for name, sha256 in request.parts.items() if name in ARTICLE_PARTS]
    return digest([first, article])[:CACHE_KEY_LENGTH]


def _status(answer: dict[str, Any]) -> str:
    """Return how an answer of the Responses API ended: its status, or why it is incomplete."""
    status = str(answer.get("status") or "completed")
    if status != "incomplete":
        return status
    reason = _object(answer.get("incomplete_details")).get("reason")
    return str(reason or "max_output_tokens")


def _set(chosen: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if name and value is not None}


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def read_objects(values: object) -> list[dict[str, Any]]:
    """Return the objects of a list; of another value, and of what is none, an empty one."""
    return list(map(_object, values)) if isinstance(values, list) else []


def _text(content: object) -> str:
    """Return a message's content, which some servers send in parts, or parsed already."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in read_objects(content))
    if isinstance(content, dict):
        inner = content.get("value")
        return inner if isinstance(inner, str) else json.dumps(content)
    return content if isinstance(content, str) else ""
