"""The back ends: Chat Completions, Responses and Decisions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import IO, TYPE_CHECKING, Any, ClassVar

from summarizer.errors import AnswerUnusable
from summarizer.llm.answer_text import find_answer, simplify
from summarizer.llm.api_errors import ApiError, Redactor, ending_of, no_json, plain, translated
from summarizer.llm.capabilities import Capabilities, PromptCounts, SchemaLevel
from summarizer.llm.client import Endpoint
from summarizer.llm.request import Outcome, Reply, Request, count_tokens, digest
from summarizer.prompts.material import FENCE
from summarizer.text.data import load

if TYPE_CHECKING:
    from openai import OpenAI
    from openai._types import RequestOptions

SHOWN = 120  # characters of a reply's detail, at most
CACHE_KEY_LENGTH = 16  # hexadecimal digits: 64 bits tell the articles of any run apart
ARTICLE_PARTS = {"article", "$article"}  # the part of a request that is the article
FIELDS = load("dialects", __package__)["answer"]["fields"]
UNPROBED = Capabilities()  # what a server is taken to do of which nothing is known
Json = dict[str, Any]
Messages = list[dict[str, str]]
Send = Callable[..., Json]  # sends a request's body to a path, as ``send`` does


def send(
    client: OpenAI,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    query: Mapping[str, object] | None = None,
    file: IO[bytes] | None = None,
) -> Json:
    """Send a body to a path, or ask for what is there; return the JSON object without secrets."""
    import httpx2

    endpoint, kind = Endpoint.of(str(client.base_url)), httpx2.Response
    options: RequestOptions = {"params": query or {}, "security": {"bearer_auth": True}}
    if file:
        options["headers"] = {"Content-Type": "multipart/form-data"}
    files = {"file": file} if file else None
    with translated(endpoint.host, str((body or {}).get("model", "")), endpoint.proxy):
        if body is None:
            response = client.get(path, cast_to=kind, options=options)
        else:
            response = client.post(path, cast_to=kind, body=body, files=files, options=options)
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise no_json(endpoint.host)
    return dict(Redactor.of(response.request).answer(answer))


def compose(request: Request, level: SchemaLevel, mark: str) -> tuple[Messages, Json | None]:
    """Return the messages as servers take them, and the schema that the model is held to.

    ``mark`` is the run's random mark for the fence around untrusted text. The schema is None
    where there is none, or where it stands in the first message instead. Half a character
    becomes a question mark.
    """
    texts = [each.content.replace(FENCE, mark) for each in request.messages]
    schema = request.shape.schema if request.shape else None
    if schema and level == "prompt":
        words = json.dumps(schema, ensure_ascii=False)
        texts[0] += f"\n\nAnswer with one JSON object of this JSON Schema:\n{words}"
        schema = None
    elif schema and level == "simple":
        schema = simplify(schema)
    return [
        {"role": each.role, "content": text.encode("utf-8", "replace").decode("utf-8")}
        for each, text in zip(request.messages, texts, strict=True)
    ], schema


@dataclass(frozen=True, slots=True)
class BackEnd:
    """Asks a client's server in one way."""

    path: ClassVar[str]
    limit_names: ClassVar = ("max_output_tokens", "max_output_tokens")  # at OpenAI, elsewhere
    client: OpenAI
    _: KW_ONLY
    mark: str  # the run's random mark for the fence around untrusted text
    counts: PromptCounts = field(default_factory=PromptCounts)
    send: Send = send

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own; others may refuse what they do not know."""
        return Endpoint.of(str(self.client.base_url)).is_openai

    def ask(self, request: Request, known: Capabilities = UNPROBED) -> Reply:
        """Return the answer to one request, put as the server takes it; see ``Chat.ask``."""
        messages, schema = compose(request, known.schema, self.mark)
        form = None
        if request.shape and schema:
            strict = {"strict": True} if known.schema == "strict" else {}
            form = {"name": request.shape.name, "schema": schema, **strict}
        limit_name = known.limit_name
        if limit_name is None:
            limit_name = self.limit_names[0 if self.is_openai else 1]
        body = {
            "model": request.model,
            limit_name: request.sampling.max_output_tokens,
            "temperature": request.sampling.temperature,
            "service_tier": request.sampling.service_tier or None,
            **self._own_fields(request, messages, form),
        }
        chosen = {name: value for name, value in body.items() if name and value is not None}
        reply = Reply(outcome=Outcome.COMPLETE, model=request.model)
        try:
            answer = self.send(self.client, self.path, chosen)
        except AnswerUnusable as error:
            if not isinstance(error.answer, ApiError):
                raise
            # The server held back what it took for no JSON: it is looked at all the same.
            return settle(reply, request, [error.answer.written])
        model = str(answer.get("model") or request.model)
        reply = replace(reply, model=model, usage=count_tokens(answer.get("usage")))
        try:
            reply = self._read_answer(answer, reply, request)
        except ValueError as problem:
            reply = replace(reply, outcome=Outcome.INVALID, detail=plain(str(problem), SHOWN))
        return self.counts.checked(reply, request)

    def _own_fields(self, request: Request, messages: Messages, form: Json | None) -> Json:
        """Return what other ways call differently, the form of a schema too; None is not sent."""
        raise NotImplementedError

    def _read_answer(self, answer: Json, reply: Reply, request: Request) -> Reply:
        """Return the reply with what is in an answer; a ValueError says what is wrong with it."""
        raise NotImplementedError


class CompletionsChat(BackEnd):
    """Asks through ``/chat/completions``."""

    path = "/chat/completions"
    limit_names = ("max_completion_tokens", "max_tokens")

    def _own_fields(self, request: Request, messages: Messages, form: Json | None) -> Json:
        return {
            "messages": messages,
            "response_format": form and {"type": "json_schema", "json_schema": form},
            "store": False if self.is_openai else None,
            "reasoning_effort": request.sampling.reasoning_effort or None,
        }

    def _read_answer(self, answer: Json, reply: Reply, request: Request) -> Reply:
        choice = next(iter(read_objects(answer.get("choices"))), {})
        message = _as_object(choice.get("message") or choice.get("delta"))
        tools = [each.get("function") for each in read_objects(message.get("tool_calls"))]
        calls = read_objects([message.get("function_call"), *tools])
        texts = (
            _text_of(message.get("content")) or _text_of(choice.get("text")),
            *(_text_of(call.get("arguments")) for call in calls),
            *(_text_of(message.get(name)) for name in FIELDS),
        )
        refusal = _text_of(message.get("refusal"))
        ending = str(choice.get("finish_reason") or "")
        return settle(reply, request, texts, refusal=refusal, ending=ending)


class ResponsesChat(BackEnd):
    """Asks through ``/responses``."""

    path = "/responses"

    def _own_fields(self, request: Request, messages: Messages, form: Json | None) -> Json:
        effort = request.sampling.reasoning_effort
        return {
            "input": messages,
            "store": False,
            "text": form and {"format": {"type": "json_schema", **form}},
            "reasoning": {"effort": effort} if effort else None,
            "prompt_cache_key": cache_key(request) if self.is_openai else None,
        }

    def _read_answer(self, answer: Json, reply: Reply, request: Request) -> Reply:
        written, thoughts, calls, refusals = "", "", [], []
        for item in read_objects(answer.get("output")):
            if item.get("type") == "function_call":
                calls.append(_text_of(item.get("arguments")))
            is_final = item.get("phase") in (None, "final_answer")
            for content in read_objects(item.get("content")) if is_final else ():
                match item.get("type"), content.get("type"):
                    case "message", "output_text" | "text":
                        written += _text_of(content.get("text"))
                    case "message", "refusal":
                        refusals.append(_text_of(content.get("refusal")) or "refused")
                    case "reasoning", _:
                        thoughts += _text_of(content.get("text"))
        texts = (written or _text_of(answer.get("output_text")), *calls, thoughts)
        ending = str(answer.get("status") or "")
        if ending == "incomplete":
            ending = str(_as_object(answer.get("incomplete_details")).get("reason") or ending)
        return settle(reply, request, texts, refusal=" ".join(refusals), ending=ending)


class DecisionsChat(BackEnd):
    """Asks through ``/decisions``: many typed questions about one input."""

    path = "/decisions"

    def _own_fields(self, request: Request, messages: Messages, form: Json | None) -> Json:
        return {
            "input": [{"type": "message", **each} for each in messages],
            "questions": [
                {"type": "predicate", "name": each.name, "instructions": each.instructions}
                for each in request.questions
            ],
        }

    def _read_answer(self, answer: Json, reply: Reply, request: Request) -> Reply:
        answers = read_objects(answer.get("answers"))
        value: list[float | None] = []
        for each, question in zip(answers, request.questions, strict=False):
            kind, probability = each.get("type"), each.get("probability")
            if each.get("name") not in (None, question.name):
                raise ValueError(f"the answer to {each['name']} in the place of {question.name}")
            if kind != "refusal" and (kind != "predicate" or probability is None):
                raise ValueError(f"an answer of another type to {question.name}")
            value.append(None if kind == "refusal" else probability)
        request.check([*value, *answers[len(value) :]])
        if value and all(probability is None for probability in value):
            detail = "the model declined every question"
            return replace(reply, outcome=Outcome.REFUSED, detail=detail)
        return replace(reply, value=value)


def asker_of(
    client: OpenAI, mark: str = "", send: Send = send
) -> Callable[[Request, Capabilities], Reply]:
    """Return what asks a client's server in the way that it is known to take."""
    kinds = {"responses": ResponsesChat, "chat": CompletionsChat}
    back_ends = {api: kind(client, mark=mark, send=send) for api, kind in kinds.items()}
    return lambda request, known: back_ends[known.api].ask(request, known)


def settle(
    reply: Reply, request: Request, texts: Sequence[str], *, refusal: str = "", ending: str = ""
) -> Reply:
    """Return a reply with the JSON in what the model wrote, or how that ended badly.

    ``texts`` are where the JSON may be, likeliest first; ``ending`` is what the server calls it.
    """
    text = refusal or next(filter(str.strip, texts), "")
    outcome, detail = ending_of(ending) or (Outcome.COMPLETE, "")
    if refusal:
        outcome, detail = Outcome.REFUSED, refusal
    elif outcome == Outcome.REFUSED:
        detail = text or detail
    if outcome == Outcome.COMPLETE:
        try:
            value, text = find_answer(texts, request.shape)
            return replace(reply, value=value, text=text)
        except ValueError as problem:
            outcome, detail = Outcome.INVALID, str(problem)
    return replace(reply, outcome=Outcome(outcome), text=text, detail=plain(detail, SHOWN))


def cache_key(request: Request) -> str:
    """Return a key for requests that begin alike: one machine then has them in its prompt cache."""
    first = request.messages[0].content if request.messages else ""
    article = [sha256 for name, sha256 in request.parts.items() if name in ARTICLE_PARTS]
    return digest([first, article])[:CACHE_KEY_LENGTH]


def read_objects(values: object) -> list[Json]:
    """Return the objects of a list; of another value, and of what is none, an empty one."""
    return list(map(_as_object, values)) if isinstance(values, list) else []


def _as_object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text_of(content: object) -> str:
    """Return a message's content, which some servers send in parts, or parsed already."""
    if isinstance(content, list):
        return "".join(_text_of(part.get("text")) for part in read_objects(content))
    if isinstance(content, dict):
        inner = content.get("value")
        return inner if isinstance(inner, str) else json.dumps(content)
    return content if isinstance(content, str) else ""
