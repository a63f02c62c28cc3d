"""The back end that speaks the Chat Completions API, which nearly every server knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from summarizer.llm.answers import TOLD, conversation, sent, settled, token_use, unless_cut
from summarizer.llm.api_errors import plain
from summarizer.llm.client import Endpoint
from summarizer.llm.reply import Outcome, Reply, TokenUse
from summarizer.llm.request import Request

if TYPE_CHECKING:
    from openai import OpenAI

FINISHED = frozenset({"", "stop", "eos", "eos_token", "end_turn", "stop_sequence"})
"""How servers call it that a model ended of itself; some say nothing."""


class CompletionsChat:
    """Asks through ``/chat/completions``. A ``Chat``.

    Args:
        client: Who sends; it also tells which server is asked.
        mark: The run's random mark for the fence around untrusted text.
        structured: Whether the server is told the schema; not one that refuses schemas.
        endpoint: The server, where it is not the client's to tell.
    """

    def __init__(
        self,
        client: OpenAI,
        *,
        mark: str,
        structured: bool = True,
        endpoint: Endpoint | None = None,
    ) -> None:
        self._client = client
        self._mark = mark
        self._structured = structured
        self._endpoint = endpoint or Endpoint.of(str(client.base_url))

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request; see ``Chat.ask``."""
        answer = sent(
            self._client.chat.completions.with_raw_response.create,
            self._body(request),
            endpoint=self._endpoint.base_url,
        )
        reply = self._read(answer, request)
        return unless_cut(reply, [message.content for message in request.messages])

    def _body(self, request: Request) -> dict[str, Any]:
        sampling = request.sampling
        body: dict[str, Any] = {
            "model": request.model,
            "messages": conversation(request, self._mark),
        }
        if request.shape is not None and self._structured:
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {
                    "name": request.shape.name,
                    "schema": request.shape.schema,
                    "strict": True,
                },
            }
        if self._endpoint.is_openai:  # others may refuse what they do not know
            body["store"] = False
        limit = "max_completion_tokens" if self._endpoint.is_openai else "max_tokens"
        chosen = {
            limit: sampling.max_output_tokens,
            "temperature": sampling.temperature,
            "reasoning_effort": sampling.reasoning_effort or None,
            "service_tier": sampling.service_tier or None,
        }
        return body | {name: value for name, value in chosen.items() if value is not None}

    def _read(self, answer: dict[str, Any], request: Request) -> Reply:
        model = str(answer.get("model") or request.model)
        tokens = token_use(answer.get("usage"), into="prompt_tokens", out="completion_tokens")
        return _settle(_first(answer.get("choices")), model, tokens)


def _settle(choice: dict[str, Any], model: str, tokens: TokenUse) -> Reply:
    message = choice.get("message")
    message = message if isinstance(message, dict) else {}
    text, refusal = _text(message.get("content")), _text(message.get("refusal"))
    finish = str(choice.get("finish_reason") or "")
    if refusal or finish == "refusal":
        outcome, text, detail = Outcome.REFUSED, refusal or text, refusal or text
    elif finish == "content_filter":
        outcome, detail = Outcome.FILTERED, "a content filter held the answer back"
    elif finish == "length":
        outcome, detail = Outcome.TRUNCATED, "the answer reached the limit on tokens"
    elif finish not in FINISHED:
        outcome, detail = Outcome.INVALID, f"the answer ended as {finish}"
    else:
        return settled(text, model=model, tokens=tokens)
    return Reply(outcome=outcome, text=text, detail=plain(detail, TOLD), model=model, tokens=tokens)


def _first(choices: object) -> dict[str, Any]:
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return choices[0]
    return {}


def _text(content: object) -> str:
    """Return a message's content, which some servers send in parts."""
    if isinstance(content, list):
        return "".join(
            part["text"]
            for part in content
            if isinstance(part, dict) and isinstance(part.get("text"), str)
        )
    return content if isinstance(content, str) else ""
