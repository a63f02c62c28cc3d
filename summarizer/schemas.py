"""What models answer and what kept files hold, and how both are checked.

The models of replies are static and shallow: no dictionaries, no defaults, no enum of ids (a new
schema costs a server seconds), lists with an upper bound (only that stops a small model from
repeating itself), reasons before verdicts. Their docstrings and descriptions are sent with them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from summarizer.errors import InputError

Count = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(min_length=1)]
Value = TypeVar("Value")
Line = TypeVar("Line", bound=BaseModel)

Sentence = Annotated[int, Field(description="A sentence number of the article.")]


class Wire(BaseModel):
    """A part of what is read: nothing unknown, nothing missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ClaimReply(Wire):
    """One claim the article makes."""

    sentences: Annotated[list[Sentence], Field(max_length=6)]
    words: str | None = Field(
        description="The exact words that make the claim, where it is less than the sentences."
    )
    text: str = Field(description="One statement that can be understood alone.")
    kind: Literal["event", "statement", "number", "background", "quote", "analysis"]
    speaker: str | None = Field(description="Who says so, if the article says it of somebody.")
    hedge: str | None = Field(description='The word that makes it uncertain: "may", "reportedly".')


class ClaimsReply(Wire):
    """All claims of one part of an article."""

    instructions: Annotated[list[Sentence], Field(max_length=40)] = Field(
        description="Sentences that speak to a machine, or about this text or its summary."
    )
    claims: Annotated[list[ClaimReply], Field(max_length=160)]


class SummarySentenceReply(Wire):
    """One sentence of a summary and the numbers of what it rests on."""

    sentences: Annotated[list[Sentence], Field(max_length=12)]
    text: str = Field(description="At most thirty words, understood alone.")


class SummaryReply(Wire):
    """The summary of one article."""

    summary: Annotated[list[SummarySentenceReply], Field(max_length=50)]


class ReadingReply(ClaimsReply):
    """All claims of one article, and its summary."""

    summary: Annotated[list[SummarySentenceReply], Field(max_length=50)]


Unit = Annotated[str, Field(description='A sentence or a part of one: "A4", "B2b".')]


class DetailReply(Wire):
    """What one article adds to a shared fact."""

    unit: Unit
    words: str = Field(description="The exact words of the unit that are new, and no more.")
    text: str = Field(description="The addition alone, as a statement understood by itself.")


class SharedFactReply(Wire):
    """What two or more articles report."""

    units: Annotated[list[Unit], Field(max_length=120)]
    text: str = Field(description="The most specific statement that every unit supports.")
    setting: bool = Field(description="Whether it only says who, what, when or where.")
    details: Annotated[list[DetailReply], Field(max_length=20)]


# The values of ``ConflictKind``: an enumeration of its own would be a reference in the schema.
Differing = Literal["number", "date", "name", "attribution", "list", "outcome", "wording"]


class PositionReply(Wire):
    """One side of a difference."""

    units: Annotated[list[Unit], Field(max_length=40)]
    value: str = Field(description="The exact words of a unit that differ, with their modifier.")


class ConflictReply(Wire):
    """A point on which articles differ."""

    topic: str = Field(description="The point in a few neutral words, without any value.")
    kind: Differing
    positions: Annotated[list[PositionReply], Field(max_length=20)]
    compatible: bool = Field(description="Whether all the values can be true together.")


class AlignmentReply(Wire):
    """What several articles share."""

    facts: Annotated[list[SharedFactReply], Field(max_length=200)]


class ConflictsReply(Wire):
    """Where several articles differ."""

    conflicts: Annotated[list[ConflictReply], Field(max_length=60)]


class DifferenceReply(Wire):
    """What an article says otherwise than a statement."""

    topic: str = Field(description="The point in a few neutral words, without any value.")
    kind: Differing
    stated: str = Field(description="The words of the statement that differ.")


class FindingReply(Wire):
    """A statement that an article has something on."""

    statement: int = Field(description="The statement's number.")
    sentences: Annotated[list[Sentence], Field(max_length=6)]
    words: str = Field(description="The exact words of these sentences that decide it.")
    verdict: Literal["reported", "partly", "contradicted"]
    # Not read: a model that has to name them says partly less lightly.
    missing: str | None = Field(
        description="For partly only: the words of the statement that the article lacks."
    )
    difference: DifferenceReply | None = Field(description="For contradicted only; else null.")


class FindingsReply(Wire):
    """The statements that an article has something on; those it says nothing of are left out."""

    findings: Annotated[list[FindingReply], Field(max_length=200)]


PROBLEMS_SHOWN = 5  # more objections to one reply tell a model nothing new


@dataclass(frozen=True)
class ReplyShape:
    """A reply's JSON Schema, and the check of a reply against it."""

    name: str
    model: type[Wire]

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema, as servers in strict mode take it."""
        return _without_titles(self.model.model_json_schema())

    def check(self, value: object) -> Wire:
        """Return a reply as its model.

        Raises:
            ValueError: It is of another shape; the message says where and what.
        """
        try:
            return self.model.model_validate(value)
        except ValidationError as error:
            problems = [
                f"{'.'.join(map(str, each['loc'])) or 'reply'}: {each['msg']}"
                for each in error.errors()[:PROBLEMS_SHOWN]
            ]
            raise ValueError("; ".join(problems)) from None


def _without_titles(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without titles: they tell a model nothing and cost tokens."""
    return {
        key: _without_titles(value) if isinstance(value, dict) else value
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }


REPLIES = {
    "reading": ReplyShape("reading", ReadingReply),
    "claims": ReplyShape("claims", ClaimsReply),
    "summary": ReplyShape("summary", SummaryReply),
    "alignment": ReplyShape("alignment", AlignmentReply),
    "conflicts": ReplyShape("conflicts", ConflictsReply),
    "findings": ReplyShape("findings", FindingsReply),
}
"""Every reply by the name that a prompt's front matter gives as its schema."""


class ShadeReply(Wire):
    """One colour."""

    colour: Literal["verdigris", "gamboge"]
    share: Annotated[int, Field(ge=0, le=100)]
    note: str | None


class ShadesReply(Wire):
    """Some colours."""

    shades: Annotated[list[ShadeReply], Field(max_length=9)]


PROBE = ReplyShape("probe", ShadesReply)
"""A reply that no model writes unless it is held to the schema, which has what the others have: a
definition, bounds, null, a list. Its colours are in no question, and are hardly anybody's first."""


def parse_lines(
    content: bytes, kind: type[Line], path: Path, hint: str
) -> Iterator[tuple[int, Line]]:
    """Yield the number of each line that has any text, from 1, and what its JSON stands for.

    Raises:
        InputError: A line is none of that kind; the message names it.
    """
    # Only a newline ends a line of JSON; other separators may stand inside its texts.
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield number, kind.model_validate_json(line)
            except ValidationError as problem:
                told = f"{path}, line {number}: {first_problem(problem)}."
                raise InputError(told, hint=hint) from None


def first_problem(error: ValidationError) -> str:
    """Return the first thing that pydantic complains of, with its place."""
    first = error.errors(include_url=False, include_input=False)[0]
    place, message = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


class RecordedLine(Wire):
    """One request and its answer."""

    subject: str
    stage: Text
    model: Text  # the one that was asked
    answered_by: str  # what the server called it
    sample: Count
    at: str
    tokens: dict[str, Count]  # as the server counted them
    # Another than complete where there is no answer: a replay then goes the way of the run, which
    # may have asked in smaller parts.
    outcome: Literal["complete", "refused", "truncated", "filtered", "invalid", "too_long"] = (
        "complete"
    )
    detail: str = ""
    answer: Any
    parts: dict[str, str]  # its ingredients, from which it is told why a request has no recording
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def parse_value(kind: type[Value], value: object) -> Value | None:
    """Return plain JSON values as the dataclass that they were; None where they are no such."""
    # The name of a file may hold half a character, which pydantic reads in no text.
    text = json.dumps(value or None, ensure_ascii=False).encode("utf-8", "replace")
    try:
        return TypeAdapter(kind).validate_json(text, strict=True)
    except ValueError:
        return None
