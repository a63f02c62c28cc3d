"""What is asked of a model, what comes back, and asking once more where that is of no use.

A request holds everything that decides the answer and nothing else: no key, no address, no time
limit. Two requests with one fingerprint are one question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal, Protocol

from summarizer.errors import AnswerTruncated, AnswerUnusable, BudgetReached, ServiceError
from summarizer.prompts import Library
from summarizer.schemas import REPLIES, ReplyShape
from summarizer.text.data import load
from summarizer.tokens import estimate_tokens
from summarizer.usage import Usage

# Characters of its own answer that a model is shown again, and of what is wrong with it: enough to
# see the shape. A model that repeated itself to the limit would otherwise double the prompt.
WRITTEN_SHOWN, PROBLEM_SHOWN = 2_000, 500
ONCE_MORE = (
    "Your answer could not be used: {problem}\n"
    "Answer again, with the JSON of the schema only, complete, and nothing before or after it."
)
READER = "reader"  # the prompt that begins every request: the rules that all stages share
ONE_CALL = Usage(calls=1)  # where a server counts no tokens
MESSAGE_TOKENS = 8  # that a message or a question takes beside its text: its role and its ends

_CALLED = load("dialects", __package__)["tokens"]


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


# Says of an answer in its shape's own type what it leaves out, for the model to read.
Lacking = Callable[[Any], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a model.

    Either ``shape`` is set, and the answer is JSON of that shape, or ``questions`` are (1 to
    400), and the answer is a probability or a refusal for each of them. The last three fields are
    no part of the fingerprint. Nor is the mark of the fence around untrusted text, which is new in
    each run: it is put in for ``FENCE`` when a request is sent.
    """

    stage: str  # the name of its prompt
    model: str
    messages: tuple[Message, ...]
    shape: ReplyShape | None = None
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
class Reply:
    """The answer to one request.

    ``value`` is plain JSON, None if the outcome is not ``COMPLETE``: the object of the request's
    shape, or a list with a probability from 0 to 1 for each question, None where it was declined.
    """

    outcome: Outcome
    value: object = None
    text: str = ""  # what the model wrote, for an answer that could not be read
    detail: str = ""  # for people, why the outcome is not complete
    lacks: str = ""  # what a complete answer leaves out of what was asked: so it is not stored
    model: str = ""
    usage: Usage = ONE_CALL  # its tokens as the server counted them; the cost is not known


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


def count_tokens(usage: object) -> Usage:
    """Return one call with the tokens that an answer's ``usage`` counts, the cached ones too."""
    if not isinstance(usage, dict):
        return ONE_CALL
    counts = dict(usage)
    for details in map(usage.get, ("input_tokens_details", "prompt_tokens_details")):
        counts = {**details, **counts} if isinstance(details, dict) else counts
    read, cached = _first_count(usage, _CALLED["input"]), _first_count(counts, _CALLED["cached"])
    counted_apart = "cache_read_input_tokens" in usage and not usage.get("prompt_tokens")
    if counted_apart or cached > read:
        read += cached + _first_count(usage, ["cache_creation_input_tokens"])
    written = _first_count(usage, _CALLED["output"])
    return Usage(calls=1, input_tokens=read, cached_input_tokens=cached, output_tokens=written)


def _first_count(counts: Mapping[str, Any], names: Sequence[str]) -> int:
    values: list[Any] = [value for value in map(counts.get, names) if _is_number(value)]
    return next((int(value) for value in values if value > 0 and value == value // 1), 0)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class ReaskingChat:
    """Checks complete answers against their shape, and asks once more where one fails.

    An answer that was refused, cut short or filtered is passed on as it is: asking again in other
    words does not change it.
    """

    inner: Chat

    def ask(self, request: Request) -> Reply:
        """Return the answer, or the second one, unless only the first can be used."""
        first = _check_reply(request, self.inner.ask(request))
        if first.outcome is not Outcome.INVALID and not first.lacks:
            return first
        try:
            second = _check_reply(request, self.inner.ask(_once_more(request, first)))
        except (ServiceError, BudgetReached):
            if first.lacks:
                return first
            raise
        usage = first.usage + second.usage
        if first.lacks and second.outcome is not Outcome.COMPLETE:
            return replace(first, usage=usage)
        asked_twice = " (asked twice)" if second.outcome is Outcome.INVALID else ""
        return replace(second, usage=usage, detail=f"{second.detail}{asked_twice}".strip())


def _check_reply(request: Request, reply: Reply) -> Reply:
    """Return a reply with what it lacks, or as invalid where it is not what was asked for."""
    if reply.outcome is not Outcome.COMPLETE:
        return reply
    text = reply.text or json.dumps(reply.value, ensure_ascii=False)
    try:
        answer = request.check(reply.value)
        omitted = request.lacking(answer) if request.lacking else ""
    except ValueError as problem:
        return replace(reply, outcome=Outcome.INVALID, value=None, text=text, detail=str(problem))
    return replace(reply, text=text, lacks=omitted) if omitted else reply


def _once_more(request: Request, reply: Reply) -> Request:
    """Return the request that follows an answer of no use; after typed ones, the same."""
    if request.questions:
        return request
    reason = " ".join((reply.lacks or reply.detail).split())
    problem = reason[:PROBLEM_SHOWN] or "it is not JSON."
    written = reply.text.strip()[:WRITTEN_SHOWN] or "(nothing)"
    messages = (Message("assistant", written), Message("user", ONCE_MORE.format(problem=problem)))
    return replace(request, messages=(*request.messages, *messages))


@dataclass(frozen=True, slots=True)
class PromptRunner:
    """Fills a stage's prompt, asks, and returns the reply as its model."""

    chat: Chat
    model: str
    prompts: Library
    sampling: Sampling = field(default_factory=Sampling)
    sample: int = 0  # which of several answers to one question is wanted

    def request(
        self,
        stage: str,
        subject: str,
        values: Mapping[str, str],
        questions: Sequence[Question] = (),
        lacking: Lacking | None = None,
    ) -> Request:
        """Return the request of a stage: its prompt, filled with the values of its variables.

        With ``questions``, these are asked, and nothing is written. ``subject`` is what it is
        about, for people; ``lacking`` says what an answer leaves out, see ``Request``.
        """
        reader, prompt = self.prompts[READER], self.prompts[stage]
        parts = {f"prompt {READER}": reader.sha256, f"prompt {stage}": prompt.sha256}
        parts |= {f"${name}": digest(value) for name, value in values.items()}
        system = Message("system", reader.fill().strip())
        return Request(
            stage=stage,
            model=self.model,
            messages=(system, Message("user", prompt.fill(**values).strip())),
            shape=None if questions else REPLIES[prompt.schema],
            questions=tuple(questions),
            sampling=self.sampling,
            sample=self.sample,
            subject=subject,
            parts=parts,
            lacking=lacking,
        )

    def ask(self, request: Request) -> object:
        """Return the reply as its model; one of no use is AnswerTruncated or AnswerUnusable."""
        reply = self.chat.ask(request)
        if reply.outcome is Outcome.COMPLETE:
            return request.check(reply.value)
        kind = AnswerTruncated if reply.outcome is Outcome.TRUNCATED else AnswerUnusable
        detail = f": {reply.detail.rstrip('.')}" if reply.detail else ""
        message = f"{request.title}: the answer is {reply.outcome.value}{detail}."
        raise kind(message, hint=load("words", __package__)["advice"].get(reply.outcome, ""))


def unusable_answer(stage: str, subject: str, named: str) -> AnswerUnusable:
    """Return the error of an answer that cites what there is not: it ``named`` "no sentence"."""
    return AnswerUnusable(
        f"{stage} of {subject}: the answer names {named} that exists.",
        hint="Run again, or with another model.",
    )
