"""Lines of the files that are kept: recorded answers, and what readers in Slack say."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

Text = Annotated[str, Field(min_length=1)]
Value = TypeVar("Value")


class FileLine(BaseModel):
    """A line of JSON in a file: nothing unknown, nothing missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def parse(cls, line: str | bytes) -> Self:
        """Return a line as what it stands for.

        Raises:
            ValueError: It is none; the message says why.
        """
        try:
            return cls.model_validate_json(line)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise ValueError(f"{place}: {first['msg']}" if place else first["msg"]) from None


class TokensLine(FileLine):
    """Tokens as the server counted them when the answer was given."""

    input: Annotated[int, Field(ge=0)] = 0
    cached_input: Annotated[int, Field(ge=0)] = 0
    output: Annotated[int, Field(ge=0)] = 0


class RecordedLine(FileLine):
    """One request and its answer.

    ``model`` is the one that was asked, ``answered_by`` what the server called it. ``outcome``
    is another than complete where there is no answer: refused, truncated, too long; a replay
    then goes the way of the run, which may have asked in smaller parts.
    ``fingerprint`` stands for the whole request; ``parts`` are its ingredients by hash, from
    which it is told why a request has no recording.
    """

    subject: str
    stage: Text
    model: Text
    answered_by: str
    sample: Annotated[int, Field(ge=0)]
    at: str
    tokens: TokensLine
    outcome: Literal["complete", "refused", "truncated", "filtered", "invalid", "too_long"] = (
        "complete"
    )
    detail: str = ""
    answer: Any
    parts: dict[str, str]
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FeedbackRow(FileLine):
    """One row: about a whole report, or about one line where ``fact`` is set."""

    at: Text
    report: Text
    by: Text = Field(description="A hash of who said it.")
    label: Text = Field(description="right or wrong, or what is wrong with the line.")
    headline: str
    sources: list[str]
    fact: str | None
    text: str | None
    outlets: list[str]
    quote: str | None
    nearest: str | None
    note: str


def parse_value(kind: type[Value], value: object) -> Value | None:
    """Return plain JSON values as the dataclass that they were; None where they are no such."""
    try:
        return TypeAdapter(kind).validate_json(json.dumps(value or None), strict=True)
    except ValueError:
        return None
