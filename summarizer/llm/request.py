"""What is asked of a model: a frozen value with a fingerprint.

A request holds everything that decides the answer and nothing else: no key, no address, no
time limit. Two requests with one fingerprint are one question. The mark of the fence around
untrusted text is put in when a request is sent: the fingerprint does not see it, so that a
new mark each run does not make each run a new question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from summarizer.prompts.material import FENCE


class Shape(Protocol):
    """The reply that a request asks for: a JSON Schema, and who checks a reply against it."""

    @property
    def name(self) -> str:
        """The schema's name, as the server is told it."""

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema, static and shallow."""

    def check(self, value: object) -> object:
        """Return ``value`` as the reply's own type.

        Raises:
            ValueError: The value is of another shape; the message says where.
        """


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """A typed question about an input: how likely is it that the statement is true?"""

    name: str
    instructions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """What a user set about how a model answers; None is not sent at all."""

    max_output_tokens: int | None = None
    temperature: float | None = None
    reasoning_effort: str | None = None
    service_tier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One named ingredient of a request, by its hash: what ``cache explain`` compares."""

    name: str
    sha256: str


Lacking = Callable[[Any], str]
"""Says of an answer in its shape's own type what it leaves out, for the model to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a model.

    Either ``shape`` is set, and the answer is JSON of that shape, or ``questions`` are, and
    the answer is a probability or a refusal for each of them.

    Args:
        stage: Which step asks: the name of its prompt ("extract_claims", …).
        model: The model's name.
        messages: The conversation; ``FENCE`` marks where the fence goes.
        shape: The reply that is asked for.
        questions: Typed questions about the conversation, 1 to 400.
        sampling: How to answer.
        stage_version: Raised when the code that reads the stage's replies changes meaning.
        sample: Which of several answers to one question this is, from 0.
        subject: What it is about, for people: "harbour-gazette.txt, part 1". Not part of
            the fingerprint.
        parts: The ingredients by hash (prompt, article, …). Not part of the fingerprint.
        lacking: Says of a checked answer what it leaves out of what was asked, "" if nothing.
            Not part of the fingerprint.
    """

    stage: str
    model: str
    messages: tuple[Message, ...]
    shape: Shape | None = None
    questions: tuple[Question, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    stage_version: int = 1
    sample: int = 0
    subject: str = ""
    parts: tuple[Part, ...] = ()
    lacking: Lacking | None = field(default=None, compare=False)

    def body(self) -> dict[str, Any]:
        """Return all that decides the answer, as plain JSON values."""
        return {
            "stage": self.stage,
            "stage_version": self.stage_version,
            "model": self.model,
            "messages": [[message.role, message.content] for message in self.messages],
            "schema": self.shape.schema if self.shape else None,
            "questions": [[q.name, q.instructions] for q in self.questions],
            "sampling": {
                "max_output_tokens": self.sampling.max_output_tokens,
                "temperature": self.sampling.temperature,
                "reasoning_effort": self.sampling.reasoning_effort,
            },
            "sample": self.sample,
        }

    def fingerprint(self) -> str:
        """Return the SHA-256 of the canonical body, in hexadecimal."""
        return digest(self.body())

    def fenced(self, mark: str) -> tuple[Message, ...]:
        """Return the messages with the fence's mark in its places."""
        return tuple(
            replace(message, content=message.content.replace(FENCE, mark))
            for message in self.messages
        )

    def check(self, value: object) -> Any:
        """Return an answer in its shape's own type; one to questions as it is.

        Raises:
            ValueError: It is not what was asked for; the message says where.
        """
        if self.questions:
            _check_probabilities(value, len(self.questions))
        return self.shape.check(value) if self.shape else value

    def followed_by(self, messages: Sequence[Message]) -> Request:
        """Return the same request with more of the conversation."""
        return replace(self, messages=(*self.messages, *messages))


def answer_key(fingerprint: str, endpoint: str) -> str:
    """Return the key of the answer to a request with that fingerprint by one server."""
    return hashlib.sha256(f"{fingerprint}{endpoint}".encode()).hexdigest()


def digest(value: object) -> str:
    """Return the SHA-256 of a JSON value in its canonical form, in hexadecimal."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _check_probabilities(value: object, questions: int) -> None:
    """Raise ValueError unless there is a probability or a refusal (None) for each question."""
    if not isinstance(value, list) or len(value) != questions:
        number = len(value) if isinstance(value, list) else 0
        raise ValueError(f"{number} answers to {questions} questions")
    for number, answer in enumerate(value, 1):
        likely = isinstance(answer, int | float) and not isinstance(answer, bool)
        if answer is not None and not (likely and 0 <= answer <= 1):
            raise ValueError(f"answer {number} is no probability")
