"""The back end that speaks OpenAI's Responses API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from summarizer.llm.answers import TOLD, conversation, sent, settled, token_use, unless_cut
from summarizer.llm.api_errors import plain
from summarizer.llm.client import Endpoint
from summarizer.llm.reply import Outcome, Reply
from summarizer.llm.request import Request, digest
from summarizer.llm.sdk_errors import answered_error

if TYPE_CHECKING:
    from openai import OpenAI

CACHE_KEY_LENGTH = 16
"""Hexadecimal digits of a prompt cache's key: 64 bits tell the articles of any run apart."""

ARTICLE_PARTS = frozenset({"article", "$article"})
"""Names of the part of a request that is the article: as such, and as a prompt's variable."""


class ResponsesChat:
    """Asks through ``/responses``. A ``Chat``.

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
            self._client.responses.with_raw_response.create,
            self._body(request),
            endpoint=self._endpoint.base_url,
        )
        reply = self._read(answer, request)
        return unless_cut(reply, [message.content for message in request.messages])

    def _body(self, request: Request) -> dict[str, Any]:
        sampling = request.sampling
        body: dict[str, Any] = {
            "model": request.model,
            "input": conversation(request, self._mark),
            "store": False,
        }
        if request.shape is not None and self._structured:
            body["text"] = {
                "format": {
                    "type": "json_schema",
                    "name": request.shape.name,
                    "schema": request.shape.schema,
                    "strict": True,
                }
            }
        if sampling.reasoning_effort:
            body["reasoning"] = {"effort": sampling.reasoning_effort}
        if self._endpoint.is_openai:  # others may refuse what they do not know
            body["prompt_cache_key"] = cache_key(request)
        chosen = {
            "max_output_tokens": sampling.max_output_tokens,
            "temperature": sampling.temperature,
            "service_tier": sampling.service_tier or None,
        }
        return body | {name: value for name, value in chosen.items() if value is not None}

    def _read(self, answer: dict[str, Any], request: Request) -> Reply:
        model = str(answer.get("model") or request.model)
        tokens = token_use(answer.get("usage"), into="input_tokens", out="output_tokens")
        contents = list(_contents(answer.get("output")))
        text = "".join(words for kind, words in contents if kind == "output_text")
        refusal = " ".join(words for kind, words in contents if kind == "refusal")
        ending = _ending(answer)
        if ending == "failed":
            raise answered_error(
                {"message": "the answer failed"},
                model=model,
                endpoint=self._endpoint.base_url,
            )
        if any(kind == "refusal" for kind, _ in contents):
            outcome, text, detail = Outcome.REFUSED, refusal, refusal
        elif ending == "content_filter":
            outcome, detail = Outcome.FILTERED, "a content filter held the answer back"
        elif ending == "max_output_tokens":
            outcome, detail = Outcome.TRUNCATED, "the answer reached the limit on tokens"
        elif ending != "completed":
            outcome, detail = Outcome.INVALID, f"the answer ended as {ending}"
        else:
            return settled(text, model=model, tokens=tokens)
        return Reply(
            outcome=outcome, text=text, detail=plain(detail, TOLD), model=model, tokens=tokens
        )


def cache_key(request: Request) -> str:
    """Return a key that requests with the same first message and article share.

    A server sends requests of one key to the same machine, whose prompt cache then has what
    they begin with.
    """
    first = request.messages[0].content if request.messages else ""
    article = [part.sha256 for part in request.parts if part.name in ARTICLE_PARTS]
    return digest([first, article])[:CACHE_KEY_LENGTH]


def _ending(answer: dict[str, Any]) -> str:
    """Return how an answer ended: its status, or why it is incomplete."""
    status = str(answer.get("status") or "completed")
    if status != "incomplete":
        return status
    details = answer.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    return str(reason or "max_output_tokens")


def _contents(output: object) -> Iterator[tuple[str, str]]:
    """Yield the texts and refusals of the answer proper, each with its kind."""
    for item in output if isinstance(output, list) else ():
        if not isinstance(item, dict) or item.get("type") != "message":
            continue
        if item.get("phase") not in (None, "final_answer"):
            continue
        contents = item.get("content")
        for content in contents if isinstance(contents, list) else ():
            if isinstance(content, dict):
                words = content.get("text") or content.get("refusal")
                yield str(content.get("type")), words if isinstance(words, str) else ""
