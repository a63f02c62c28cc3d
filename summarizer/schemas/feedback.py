"""A row of the file in which the Slack app notes what people say of its answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Text = Annotated[str, Field(min_length=1)]


class FeedbackRow(BaseModel):
    """One row: about a whole report, or about one line where ``fact`` is set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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


def parse_feedback(line: str) -> FeedbackRow:
    """Return a line of JSON as a row.

    Raises:
        ValueError: It is none; the message says why.
    """
    try:
        return FeedbackRow.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{place}: {first['msg']}" if place else first["msg"]) from None
