"""Asking the test server as anybody does: with the client of openai, as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from openai import OpenAI

from summarizer.schemas import REPLIES
from tests.support.server import ModelServer

ARTICLE = """\
<<<7f3a article
Outlet: Gazette
Published: Wednesday, 5 March 2025
0: Fire destroys Velden grain store
1: A fire destroyed the grain store at Velden harbour on Tuesday, injuring 14 dock workers.
2: The store was built in 1931 by the Halm brothers, whose statue stands beside it.
article 7f3a>>>
"""
STATEMENTS = """\
<<<7f3a statements
1: A fire destroyed the grain store at Velden harbour on Tuesday.
2: The mayor of Velden resigned on Wednesday evening.
statements 7f3a>>>
"""
APIS = ("responses", "chat", "decisions")
QUESTIONS = [
    {"type": "predicate", "name": f"{kind}_{number}", "instructions": f"{kind} “{claim}”"}
    for number, claim in enumerate(
        ("The fire injured 14 dock workers.", "The fire injured 11 dock workers."), start=1
    )
    for kind in ("reports", "contradicts")
]


def connect(server: ModelServer, **options: Any) -> OpenAI:
    """Return a client of the server; it does not try again unless told."""
    return OpenAI(**{"api_key": "none", "base_url": server.url, "max_retries": 0, **options})


def ask(
    client: OpenAI,
    api: str,
    name: str = "reading",
    text: str = ARTICLE,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Ask by one of the APIs, and return the body of the answer as it came."""
    messages = [{"role": "system", "content": "Read."}, {"role": "user", "content": text}]
    schema = {"name": name, "schema": REPLIES[name].schema, "strict": True}
    form = {"type": "json_schema", "json_schema": schema}
    bodies: dict[str, dict[str, Any]] = {
        "responses": {"input": messages, "text": {"format": {"type": "json_schema", **schema}}},
        "chat": {"messages": messages, "response_format": form},
        "decisions": {"input": text, "questions": QUESTIONS},
    }
    creates: dict[str, Callable[..., Any]] = {
        "responses": client.responses.with_raw_response.create,
        "chat": client.chat.completions.with_raw_response.create,
        "decisions": client.decisions.with_raw_response.create,
    }
    sent = {"model": "rule-1", **bodies[api], **(more or {})}
    answer: dict[str, Any] = json.loads(creates[api](**sent).http_response.content)
    return answer


def text_of(api: str, body: dict[str, Any]) -> str:
    """Return what the model wrote."""
    if api == "chat":
        return str(body["choices"][0]["message"]["content"])
    return str(body["output"][-1]["content"][0]["text"])


def ending(api: str, body: dict[str, Any]) -> str:
    """Return why the model stopped, as the API says it."""
    if api == "chat":
        return str(body["choices"][0]["finish_reason"])
    return str((body["incomplete_details"] or {"reason": "completed"})["reason"])
