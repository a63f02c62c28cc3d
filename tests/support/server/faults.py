"""Everything that can go wrong with a server, to order."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from itertools import chain
from typing import Any

from tests.support.server.answers import Answer, Ending
from tests.support.server.asked import STAGES, Asked, Declined

NOWHERE = 1000
"""Added to the number of a sentence or a claim: no test has so many."""

CITING = ("claims", "summary", "findings")
"""The lists of a reply whose entries give the numbers of sentences."""


class Fault(StrEnum):
    """One thing that goes wrong with one answer.

    Some take ``seconds`` when they are ordered; what they mean is said there.
    """

    RATE_LIMITED = "rate_limited"
    """429 that says when to try again: in ``seconds``, 0.01 unless told."""
    RATE_LIMITED_SILENT = "rate_limited_silent"
    """429 that does not say when to try again."""
    QUOTA = "quota"
    """429 because the account has no credit left: trying again is in vain."""
    ERROR_500 = "error_500"
    """500; with ``seconds``, and says when to try again."""
    ERROR_503 = "error_503"
    """503; with ``seconds``, and says when to try again."""
    TIMEOUT = "timeout"
    """No answer until the client hangs up; after ``seconds`` if given, then no answer either."""
    CUT = "cut"
    """The connection closes in the middle of the answer."""
    TRICKLE = "trickle"
    """The answer comes in small pieces for ``seconds``, 0.4 unless told, but is whole."""
    TOO_LONG = "too_long"
    """400: the prompt is longer than the model can read."""
    TRUNCATED = "truncated"
    """The model reached its limit: half of the answer. Of decisions: half of the answers."""
    REFUSAL = "refusal"
    """The model declines. Of decisions: each question."""
    FILTERED = "filtered"
    """A content filter held the answer back. Of decisions: each question is declined."""
    NOT_JSON = "not_json"
    """What looks like JSON and is none. Of decisions: the body of the answer."""
    WRONG_SHAPE = "wrong_shape"
    """JSON of another shape. Of decisions: answers of another type."""
    SCHEMA_IGNORED = "schema_ignored"
    """A friendly paragraph. Of decisions: an answer without answers."""
    OUT_OF_RANGE = "out_of_range"
    """Numbers of sentences, or names of units, that do not exist. Of decisions: no
    probabilities."""
    UNDECIDED = "undecided"
    """Two findings that disagree on each statement. Of decisions: half of the answers."""
    EMPTY = "empty"
    """200, and nothing in it."""


PROSE = (
    "Sure! I had a look at the article for you. It is an interesting story with several angles, "
    "and I would be happy to go into any of them. Just let me know!"
)
REFUSED = "I'm sorry, but I can't help with that."

LATER = "Please try again later."
_ERRORS: dict[Fault, tuple[int, dict[str, Any]]] = {
    Fault.RATE_LIMITED: (
        429,
        {
            "message": f"Rate limit reached for requests per minute. {LATER}",
            "type": "requests",
            "param": None,
            "code": "rate_limit_exceeded",
        },
    ),
    Fault.QUOTA: (
        429,
        {
            "message": "You exceeded your current quota, please check your plan and billing "
            "details.",
            "type": "insufficient_quota",
            "param": None,
            "code": "insufficient_quota",
        },
    ),
    Fault.ERROR_500: (
        500,
        {
            "message": "The server had an error while processing your request. Sorry about that!",
            "type": "server_error",
            "param": None,
            "code": None,
        },
    ),
    Fault.ERROR_503: (
        503,
        {
            "message": f"The engine is currently overloaded. {LATER}",
            "type": "server_error",
            "param": None,
            "code": None,
        },
    ),
}
_ERRORS[Fault.RATE_LIMITED_SILENT] = _ERRORS[Fault.RATE_LIMITED]

SECONDS = {Fault.RATE_LIMITED: 0.01, Fault.TRICKLE: 0.4}
"""What ``seconds`` is for those that take it, unless told."""


def error(fault: Fault) -> tuple[int, dict[str, Any]] | None:
    """Return the status and the error that a fault answers with, if it is one of those."""
    return _ERRORS.get(fault)


def wait_headers(seconds: float | None) -> dict[str, str]:
    """Return the headers that ask to wait: whole seconds, and OpenAI's milliseconds for less."""
    if seconds is None:
        return {}
    headers = {"Retry-After": str(math.ceil(seconds))}
    if seconds % 1:
        headers["retry-after-ms"] = str(round(seconds * 1000))
    return headers


def too_long(api: str, size: int, limit: int) -> Declined:
    """Return the error for a prompt that is too long, as OpenAI and as llama-server word it."""
    if api == "chat":
        message = f"request ({size} tokens) exceeds the available context size ({limit} tokens)"
        return Declined(400, message, type="exceed_context_size_error", code="400")
    message = (
        f"This model's maximum context length is {limit} tokens. However, your messages resulted "
        f"in {size} tokens."
    )
    return Declined(400, message, code="context_length_exceeded", param="messages")


def applies(fault: Fault, stage: str) -> bool:
    """Return whether a fault can happen to an answer of a stage."""
    if fault is Fault.UNDECIDED:
        return stage in {"findings", "decisions"}
    if fault is Fault.OUT_OF_RANGE:
        return stage in {*STAGES.values(), "decisions"}
    return True


def spoil(fault: Fault, asked: Asked, answer: Answer) -> Answer:
    """Return the answer of a text API, as far as the fault is one of the model's."""
    change = _SPOILT.get(fault)
    return change(asked, answer) if change else answer


def spoil_body(fault: Fault, body: dict[str, Any], api: str) -> bytes:
    """Return the body of an answer as it goes out, with the faults that are of its JSON."""
    if api == "decisions":
        _spoil_answers(fault, body)
        if fault is Fault.NOT_JSON:
            return b'{"answers": [,'
    elif fault is Fault.EMPTY:
        body[{"responses": "output", "chat": "choices", "models": "data"}[api]] = []
    return json.dumps(body).encode()


def _spoil_answers(fault: Fault, body: dict[str, Any]) -> None:
    answers = body["answers"]
    if fault in {Fault.TRUNCATED, Fault.UNDECIDED}:
        body["answers"] = answers[: len(answers) // 2]
    elif fault in {Fault.REFUSAL, Fault.FILTERED}:
        body["answers"] = [{"name": each["name"], "type": "refusal"} for each in answers]
    elif fault is Fault.WRONG_SHAPE:
        body["answers"] = [
            {"name": each["name"], "type": "score", "score": 1.0, "confidence": 1.0}
            | {"probabilities": []}
            for each in answers
        ]
    elif fault is Fault.SCHEMA_IGNORED:
        del body["answers"]
    elif fault is Fault.OUT_OF_RANGE:
        for each in answers:
            each["probability"] = 1.7
    elif fault is Fault.EMPTY:
        body["answers"] = []


def _truncated(asked: Asked, answer: Answer) -> Answer:
    return replace(answer, text=answer.text[: len(answer.text) // 2], ending=Ending.LENGTH)


def _out_of_range(asked: Asked, answer: Answer) -> Answer:
    value = _json(answer)
    for each in chain.from_iterable(value.get(key, ()) for key in CITING):
        each["sentences"] = [number + NOWHERE for number in each["sentences"]]
    if value.get("facts") == []:
        value["facts"] = [{"units": ["A1", "B1"], "text": "?", "setting": False, "details": []}]
    positions = [p for conflict in value.get("conflicts", ()) for p in conflict["positions"]]
    for each in chain(value.get("facts", ()), positions):
        each["units"] = [f"{name}{NOWHERE}" for name in each["units"]]
    return replace(answer, text=json.dumps(value))


def _undecided(asked: Asked, answer: Answer) -> Answer:
    value = _json(answer)
    found = value.get("findings", [])
    others = [
        {**each, "verdict": "partly" if each["verdict"] == "reported" else "reported"}
        for each in found
    ]
    value["findings"] = [*found, *others]
    return replace(answer, text=json.dumps(value))


def _json(answer: Answer) -> dict[str, Any]:
    """Return what the model answered, also where it put a Markdown fence around it."""
    start, end = answer.text.find("{"), answer.text.rfind("}")
    value: dict[str, Any] = json.loads(answer.text[start : end + 1] or "{}")
    return value


_SPOILT: dict[Fault, Callable[[Asked, Answer], Answer]] = {
    Fault.TRUNCATED: _truncated,
    Fault.REFUSAL: lambda asked, answer: Answer(REFUSED, Ending.REFUSAL),
    Fault.FILTERED: lambda asked, answer: Answer("", Ending.FILTER),
    Fault.NOT_JSON: lambda asked, answer: Answer("{'claims': None, oops]"),
    Fault.WRONG_SHAPE: lambda asked, answer: Answer('{"result": {"items": [1, 2], "ok": true}}'),
    Fault.SCHEMA_IGNORED: lambda asked, answer: Answer(PROSE),
    Fault.OUT_OF_RANGE: _out_of_range,
    Fault.UNDECIDED: _undecided,
}
