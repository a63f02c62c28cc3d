"""From a request's body to the bytes of its answer: all of the server that is not sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import Any

from tests.support.server import faults, wire
from tests.support.server.answers import Answer, Ending, Model
from tests.support.server.asked import APIS, Asked, Declined, read_request
from tests.support.server.faults import Fault
from tests.support.server.kinds import Kinds
from tests.support.server.orders import Orders, Trouble
from tests.support.server.prefixes import CHARACTERS_PER_TOKEN, Prefixes, tokens

DECIDER = "gpt-6-luna"
"""The only model that OpenAI's /v1/decisions takes; here it takes this one, too."""


class Manner(Enum):
    """How an answer goes out."""

    WHOLE = auto()
    CUT = auto()
    TRICKLE = auto()
    NEVER = auto()


@dataclass(frozen=True, slots=True)
class Sending:
    """An answer on its way out; ``seconds`` is how long that takes, where it takes long."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    manner: Manner = Manner.WHOLE
    seconds: float | None = None


_MANNERS = {
    Fault.TIMEOUT: Manner.NEVER,
    Fault.CUT: Manner.CUT,
    Fault.TRICKLE: Manner.TRICKLE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Answers requests, one at a time or many at once.

    Args:
        model: Who knows the answers.
        names: The models there are, by name; all of them are ``model``.
        apis: Which of "responses", "chat" and "decisions" there are.
        enforces: Which of them hold the model to a schema. The others take it, and ignore it.
        key: The key to be shown; any, or none, where it is None.
        context: The most tokens of a prompt, if there is a limit.
        kinds: How it differs from OpenAI's.
    """

    model: Model
    names: tuple[str, ...]
    apis: frozenset[str]
    enforces: frozenset[str]
    key: str | None
    context: int | None
    kinds: Kinds = field(default_factory=lambda: Kinds(()))
    orders: Orders = field(default_factory=Orders)
    prefixes: Prefixes = field(default_factory=Prefixes)

    def read(
        self, method: str, path: str, body: bytes
    ) -> tuple[dict[str, Any], Asked | Declined | None]:
        """Return a request's JSON, and what it asks or why it cannot be asked."""
        if method == "GET":
            return {}, None
        try:
            value = json.loads(body)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            return {}, Declined(400, "We could not parse the JSON body of your request.")
        if APIS.get(path) not in self.apis:
            return value, None
        try:
            return value, read_request(path, value)
        except Declined as problem:
            return value, problem

    def answer(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        asked: Asked | Declined | None,
    ) -> Sending:
        """Return the answer to a request; only one that can be answered goes wrong."""
        try:
            self._admit(method, path, headers)
            if isinstance(asked, Declined):
                raise asked
            if asked is None:
                return _sent(wire.models(self.names), self.orders.next(path, "", ""), "models")
            self._accept(asked)
            return self._answered(asked, self.orders.next(path, asked.stage, asked.text))
        except Declined as problem:
            return Sending(problem.status, json.dumps({"error": problem.error}).encode())

    def gone_wrong(self, sending: Sending, trouble: Trouble) -> Sending:
        """Return what comes of an answer of another kind that goes wrong on its way."""
        manner = _MANNERS.get(trouble.fault, Manner.WHOLE)
        return _error(trouble) or replace(sending, manner=manner, seconds=trouble.lasting)

    def _admit(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Let a request in.

        Raises:
            Declined: The key is wrong, or there is nothing at that path.
        """
        if self.key is not None and headers.get("authorization") != f"Bearer {self.key}":
            message = "Incorrect API key provided."
            raise Declined(401, message, code="invalid_api_key")
        there = path == "/v1/models" if method == "GET" else APIS.get(path) in self.apis
        if not there:
            raise Declined(404, f"Invalid URL ({method} {path})")

    def _answered(self, asked: Asked, trouble: Trouble | None) -> Sending:
        if refusal := self.kinds.refuse(asked.body):
            page = refusal.body if isinstance(refusal.body, str) else json.dumps(refusal.body)
            return Sending(refusal.status, page.encode())
        if trouble and (told := _error(trouble)):
            return told
        fault = trouble.fault if trouble else None
        size = tokens(asked.text) + sum(tokens(q.instructions) for q in asked.questions)
        limit = size // 2 if fault is Fault.TOO_LONG else self.context
        if limit is not None and size > limit:
            raise faults.too_long(asked.api, size, limit)
        if asked.api not in self.enforces:
            asked = replace(asked, schema=None)
        answer = self.model.answer(asked)
        if fault is not None and asked.api != "decisions":
            answer = faults.spoil(fault, asked, answer)
        answer = _within(asked.limit, replace(answer, text=self.kinds.write(answer.text)))
        cached = self.prefixes.cached(asked.model, asked.text)
        count = wire.Count(size, cached, tokens(answer.text))
        return _sent(self.kinds.wire(wire.answered(asked, answer, count)), trouble, asked.api)

    def _accept(self, asked: Asked) -> None:
        known = {*self.names, DECIDER} if asked.api == "decisions" else set(self.names)
        if asked.model not in known:
            message = f"The model '{asked.model}' does not exist or you do not have access to it."
            raise Declined(404, message, code="model_not_found", param="model")


def _error(trouble: Trouble) -> Sending | None:
    told = faults.error(trouble.fault)
    if told is None:
        return None
    status, error = told
    body = json.dumps({"error": error}).encode()
    return Sending(status, body, faults.wait_headers(trouble.lasting))


def _sent(body: dict[str, Any], trouble: Trouble | None, api: str) -> Sending:
    if trouble is None:
        return Sending(200, json.dumps(body).encode())
    if told := _error(trouble):
        return told
    data = faults.spoil_body(trouble.fault, body, api)
    manner = _MANNERS.get(trouble.fault, Manner.WHOLE)
    return Sending(200, data, manner=manner, seconds=trouble.lasting)


def _within(limit: int | None, answer: Answer) -> Answer:
    """Return as much of an answer as the limit on its tokens lets through."""
    if limit is None or tokens(answer.text) <= limit:
        return answer
    return replace(answer, text=answer.text[: limit * CHARACTERS_PER_TOKEN], ending=Ending.LENGTH)
