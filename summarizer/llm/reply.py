"""What comes back: one of five outcomes, the JSON value, and what it took."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


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
