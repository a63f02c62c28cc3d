"""What is asked of a model and what comes back.

A request holds everything that decides the answer and nothing else: no key, no address, no time
limit. Two requests with one fingerprint are one question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

from summarizer.tokens import estimate_tokens

MESSAGE_TOKENS = 8  # that a message or a question takes beside its text: its role and its ends

# What servers call the tokens of a prompt, of an answer, and those that their cache had.
_INPUT = ("input_tokens", "prompt_tokens", "promptTokenCount", "inputTokens", "prompt_eval_count")
_OUTPUT = (
    "output_tokens",
    "completion_tokens",
    "candidatesTokenCount",
    "outputTokens",
    "eval_count",
)
_CACHED = ("cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens")


class Shape(Protocol):
    """The reply that a request asks for: a JSON Schema, and who checks a reply against it."""

    @property
    def name(self) -> str:
        """The schema's name."""

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema, static and shallow."""

    def check(self, value: object) -> object:
        """Return ``value`` as the reply's own type; a ValueError says where it is another."""


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


Lacking = Callable[[Any], str]
"""Says of an answer in its shape's own type what it leaves out, for the model to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a model.

    Either ``shape`` is set, and the answer is JSON of that shape, or ``questions`` are (1 to
    400), and the answer is a probability or a refusal for each of them.

    The last three fields are no part of the fingerprint. Nor is the mark of the fence around
    untrusted text: it is put in for ``FENCE`` when a request is sent, so that a new mark each run
    does not make each run a new question.
    """

    stage: str  # the name of its prompt
    model: str
    messages: tuple[Message, ...]
    shape: Shape | None = None
    questions: tuple[Question, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    stage_version: int = 1  # raised when the code that reads the replies changes meaning
    sample: int = 0  # which of several answers to one question
    subject: str = ""  # what it is about, for people: "harbour-gazette.txt, part 1"
    parts: Mapping[str, str] = field(default_factory=dict)  # hashes of its ingredients by name
    lacking: Lacking | None = field(default=None, compare=False)

    @property
    def title(self) -> str:
        """Its stage and what it is about, for people."""
        return f"{self.stage} of {self.subject}" if self.subject else self.stage

    def body(self) -> dict[str, Any]:
        """Return all that decides the answer, as plain JSON values."""
        sampling = asdict(self.sampling)
        del sampling["service_tier"]  # the same answer at another price
        return {
            "stage": self.stage,
            "stage_version": self.stage_version,
            "model": self.model,
            "messages": [[message.role, message.content] for message in self.messages],
            "schema": self.shape.schema if self.shape else None,
            "questions": [[q.name, q.instructions] for q in self.questions],
            "sampling": sampling,
            "sample": self.sample,
        }

    def fingerprint(self) -> str:
        """Return the SHA-256 of the canonical body, in hexadecimal."""
        return digest(self.body())

    def check(self, value: object) -> Any:
        """Return an answer in its shape's own type; a ValueError says where it is another."""
        if self.questions:
            answers = value if isinstance(value, list) else []
            if len(answers) != len(self.questions):
                raise ValueError(f"{len(answers)} answers to {len(self.questions)} questions")
            for number, answer in enumerate(answers, 1):
                if answer is not None and not (_is_number(answer) and 0 <= answer <= 1):
                    raise ValueError(f"answer {number} is no probability")
        return self.shape.check(value) if self.shape else value


def answer_key(fingerprint: str, endpoint: str) -> str:
    """Return the key of the answer to a request with that fingerprint by one server."""
    return hashlib.sha256(f"{fingerprint}{endpoint}".encode()).hexdigest()


def digest(value: object) -> str:
    """Return the SHA-256 of a JSON value in its canonical form, in hexadecimal."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Outcome(StrEnum):
    """How an answered request ended. A request that was not answered raises instead."""

    COMPLETE = "complete"  # the whole answer, of the shape that was asked for
    REFUSED = "refused"  # the model declined
    TRUNCATED = "truncated"  # the answer was cut at the token limit, or the prompt was
    FILTERED = "filtered"  # a content filter of the server held the answer back
    INVALID = "invalid"  # no JSON, or JSON of another shape


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUse:
    """Tokens as the server counted them; ``cached_input``, of ``input``, its prompt cache had."""

    input: int = 0
    cached_input: int = 0
    output: int = 0

    def __add__(self, other: TokenUse) -> TokenUse:
        return TokenUse(
            input=self.input + other.input,
            cached_input=self.cached_input + other.cached_input,
            output=self.output + other.output,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to one request.

    ``value`` is plain JSON: the object of the request's shape, or for questions a list with,
    for each, a probability from 0 to 1 or None where the model declined that question. It is
    set where the outcome is ``COMPLETE``, else None.
    """

    outcome: Outcome
    value: object = None
    text: str = ""  # what the model wrote, for an answer that could not be read
    detail: str = ""  # for people, why the outcome is not complete
    lacks: str = ""  # what a complete answer leaves out of what was asked: so it is not stored
    model: str = ""
    tokens: TokenUse = field(default_factory=TokenUse)
    calls: int = 1
    cached: bool = False


class Chat(Protocol):
    """The face of every back end and every wrapper. Safe to be used by several threads."""

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request, with one of the named outcomes.

        A ServiceError where the server does not answer, a BudgetReached where it is too dear.
        """


def prompt_tokens(request: Request) -> int:
    """Return the tokens of all that is sent, rather too many than too few."""
    texts = [message.content for message in request.messages]
    texts += [f"{question.name} {question.instructions}" for question in request.questions]
    schema = json.dumps(request.shape.schema) if request.shape else ""
    return sum(estimate_tokens(text) + MESSAGE_TOKENS for text in texts) + estimate_tokens(schema)


def count_tokens(usage: object) -> TokenUse:
    """Return the tokens that an answer's ``usage`` counts, whatever it calls them.

    Cached tokens that a server leaves out of the prompt's are added to them.
    """
    if not isinstance(usage, dict):
        return TokenUse()
    counts = dict(usage)
    for details in map(usage.get, ("input_tokens_details", "prompt_tokens_details")):
        counts = {**details, **counts} if isinstance(details, dict) else counts
    read, cached = _first_count(usage, _INPUT), _first_count(counts, _CACHED)
    counted_apart = "cache_read_input_tokens" in usage and not usage.get("prompt_tokens")
    if counted_apart or cached > read:
        read += cached + _first_count(usage, ["cache_creation_input_tokens"])
    return TokenUse(input=read, cached_input=cached, output=_first_count(usage, _OUTPUT))


def _first_count(counts: Mapping[str, Any], names: Sequence[str]) -> int:
    """Return the first number of tokens that has one of the names, 0 without."""
    values: list[Any] = [value for value in map(counts.get, names) if _is_number(value)]
    return next((int(value) for value in values if value > 0 and value == value // 1), 0)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
