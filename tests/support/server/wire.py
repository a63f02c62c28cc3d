"""Answers as OpenAI puts them on the wire."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import Any

from tests.support.server.answers import Answer, Ending
from tests.support.server.asked import Asked, Question

_numbers = itertools.count(1)

FINISH = {
    Ending.DONE: "stop",
    Ending.LENGTH: "length",
    Ending.FILTER: "content_filter",
    Ending.REFUSAL: "stop",
}
INCOMPLETE = {Ending.LENGTH: "max_output_tokens", Ending.FILTER: "content_filter"}


@dataclass(frozen=True, slots=True)
class Count:
    """Tokens of one request; ``cached`` is a part of ``input``."""

    input: int
    cached: int
    output: int


def models(names: tuple[str, ...]) -> dict[str, Any]:
    """Return the answer to GET /v1/models."""
    listed = [
        {"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "tests"}
        for name in names
    ]
    return {"object": "list", "data": listed}


def answered(asked: Asked, answer: Answer, count: Count) -> dict[str, Any]:
    """Return the body of an answer, as the API sends it that the question came by."""
    if asked.api == "responses":
        return _response(asked, answer, count)
    if asked.api == "chat":
        return _completion(asked, answer, count)
    return _decision(asked, answer, count)


def _response(asked: Asked, answer: Answer, count: Count) -> dict[str, Any]:
    reason = INCOMPLETE.get(answer.ending)
    status = "incomplete" if reason else "completed"
    return {
        "id": f"resp_{next(_numbers):06}",
        "object": "response",
        "created_at": time.time(),
        "status": status,
        "error": None,
        "incomplete_details": {"reason": reason} if reason else None,
        "instructions": None,
        "max_output_tokens": asked.limit,
        "metadata": {},
        "model": asked.model,
        "output": _output(answer, status),
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "service_tier": "default",
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": _usage(count, "input", "output"),
    }


def _output(answer: Answer, status: str) -> list[dict[str, Any]]:
    """Return the output: some thinking, whose words are not shown, and the message."""
    content: dict[str, Any] = {
        "type": "output_text",
        "text": answer.text,
        "annotations": [],
        "logprobs": [],
    }
    if answer.ending is Ending.REFUSAL:
        content = {"type": "refusal", "refusal": answer.text}
    message = {
        "id": f"msg_{next(_numbers):06}",
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [content],
    }
    thinking = {"id": f"rs_{next(_numbers):06}", "type": "reasoning", "summary": []}
    return [thinking] if answer.ending is Ending.FILTER else [thinking, message]


def _completion(asked: Asked, answer: Answer, count: Count) -> dict[str, Any]:
    refused = answer.ending is Ending.REFUSAL
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if refused else answer.text,
        "refusal": answer.text if refused else None,
        "annotations": [],
    }
    choice = {
        "index": 0,
        "message": message,
        "logprobs": None,
        "finish_reason": FINISH[answer.ending],
    }
    return {
        "id": f"chatcmpl-{next(_numbers):06}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": asked.model,
        "choices": [choice],
        "service_tier": "default",
        "system_fingerprint": "fp_tests",
        "usage": _usage(count, "prompt", "completion"),
    }


def _decision(asked: Asked, answer: Answer, count: Count) -> dict[str, Any]:
    pairs = zip(asked.questions, answer.probabilities, strict=True)
    return {
        "answers": [_predicate(question, probability) for question, probability in pairs],
        "model": asked.model,
        "usage": _usage(count, "input", "output"),
    }


def _predicate(question: Question, probability: float | None) -> dict[str, Any]:
    name = question.name or None
    if probability is None:
        return {"name": name, "type": "refusal"}
    return {"name": name, "type": "predicate", "probability": probability}


def _usage(count: Count, into: str, out: str) -> dict[str, Any]:
    return {
        f"{into}_tokens": count.input,
        f"{into}_tokens_details": {"cached_tokens": count.cached, "cache_write_tokens": 0},
        f"{out}_tokens": count.output,
        f"{out}_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": count.input + count.output,
    }
