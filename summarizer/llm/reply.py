"""What comes back: one of five outcomes, the JSON value, and what it took."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from summarizer.llm.request import Request


class Outcome(StrEnum):
    """How an answered request ended. A request that was not answered raises instead."""

    COMPLETE = "complete"
    """The whole answer, of the shape that was asked for."""
    REFUSED = "refused"
    """The model declined."""
    TRUNCATED = "truncated"
    """The answer was cut at the token limit, or the prompt was."""
    FILTERED = "filtered"
    """A content filter of the server held the answer back."""
    INVALID = "invalid"
    """No JSON, or JSON of another shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUse:
    """Tokens as the server counted them.

    ``cached_input`` is the part of ``input`` that the server's prompt cache had.
    """

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
    set where the outcome is ``COMPLETE``, else None. ``text`` is what the model wrote, for an
    answer that could not be read; ``detail`` says for people why the outcome is not complete.
    ``lacks`` says what an answer of the right shape leaves out of what was asked: the rest of it
    is used, and it is not stored.
    """

    outcome: Outcome
    value: object = None
    text: str = ""
    detail: str = ""
    lacks: str = ""
    model: str = ""
    tokens: TokenUse = field(default_factory=TokenUse)
    calls: int = 1
    cached: bool = False


class Chat(Protocol):
    """The face of every back end and every wrapper. Safe to be used by several threads."""

    def ask(self, request: Request) -> Reply:
        """Return the answer to one request, with one of the named outcomes.

        Raises:
            ServiceError: The server could not be asked, or did not answer.
            BudgetReached: The request would pass the cap on cost; it was not sent.
        """


def count_tokens(usage: object) -> TokenUse:
    """Return the tokens that an answer's ``usage`` counts, whatever it calls them.

    What is missing counts as none. Cached tokens that a server leaves out of the prompt's are
    added to them.
    """
    if not isinstance(usage, dict):
        return TokenUse()
    read = next(filter(None, (_count(usage.get(name)) for name in _INPUT)), 0)
    written = next(filter(None, (_count(usage.get(name)) for name in _OUTPUT)), 0)
    cached = next(filter(None, (_count(usage.get(name)) for name in _CACHED)), 0)
    for name in _DETAILS:
        details = usage.get(name)
        if isinstance(details, dict):
            cached = cached or _count(details.get("cached_tokens"))
    apart = _count(usage.get("cache_read_input_tokens")) and not usage.get("prompt_tokens")
    if apart or cached > read:
        read += cached + _count(usage.get("cache_creation_input_tokens"))
    return TokenUse(input=read, cached_input=cached, output=written)


_INPUT = ("input_tokens", "prompt_tokens", "promptTokenCount", "inputTokens", "prompt_eval_count")
_OUTPUT = (
    "output_tokens",
    "completion_tokens",
    "candidatesTokenCount",
    "outputTokens",
    "eval_count",
)
_CACHED = ("cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens")
_DETAILS = ("input_tokens_details", "prompt_tokens_details")


def _count(value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
