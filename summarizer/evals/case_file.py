"""A case file: the labels of one story, as a person writes them in ``case.yaml``.

Every scalar of the file arrives as a text and is turned into what the field wants, so that
``language: no`` and ``value: 14`` mean what they look like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

Text = Annotated[str, Field(min_length=1)]
Salience = Annotated[int, Field(ge=1, le=3)]
Place = tuple[str | int, ...]
"""The keys and positions that lead from the top of the file to one part of it."""


class Part(BaseModel):
    """A part of a case file: nothing unknown, nothing empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class QuoteLabel(Part):
    """Words as they stand in an article; ``nth`` (from 1) where they stand there more than once."""

    quote: Text
    nth: Annotated[int, Field(ge=1)] | None = None


def _spelled_out(value: Any) -> Any:
    return {"quote": value} if isinstance(value, str) else value


Quote = Annotated[QuoteLabel, BeforeValidator(_spelled_out)]
Quotes = dict[Text, Annotated[list[Quote], Field(min_length=1)]]
"""By the id of an article: its words."""


class ArticleLabel(Part):
    """One article of the story and what it is."""

    id: Text
    file: Text
    outlet: Text
    language: Text
    furniture: list[Quote] = []
    same_as: Text | None = None
    other_event: bool = False
    stub: bool = False


class FactLabel(Part):
    """A fact, and every article that reports it."""

    id: Text
    text: Text
    salience: Salience
    support: Annotated[Quotes, Field(min_length=1)]
    speaker: Text | None = None
    hedge: Text | None = None


class PositionLabel(Part):
    """One side of a conflict."""

    value: Text
    facts: Annotated[list[Text], Field(min_length=1)]


class ConflictLabel(Part):
    """A thing on which articles differ."""

    id: Text
    kind: Literal["number", "date", "attribution", "list", "outcome", "wording"]
    salience: Salience
    topic: Text
    positions: Annotated[list[PositionLabel], Field(min_length=2)]


class ForbiddenLabel(Part):
    """What no report may say."""

    text: Text
    why: Text


class CaseFile(Part):
    """All labels of a story."""

    name: Text
    about: Text
    covers: list[Text] = []
    articles: Annotated[list[ArticleLabel], Field(min_length=1)]
    facts: Annotated[list[FactLabel], Field(min_length=1)]
    acceptable: list[Annotated[Quotes, Field(min_length=2)]] = []
    conflicts: list[ConflictLabel] = []
    forbidden: list[ForbiddenLabel] = []


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a case file, and where."""

    place: Place
    message: str


def check_case(data: object) -> tuple[CaseFile | None, tuple[Complaint, ...]]:
    """Return the labels, or None and everything that keeps ``data`` from being labels."""
    try:
        return CaseFile.model_validate(data), ()
    except ValidationError as error:
        return None, tuple(
            Complaint(tuple(problem["loc"]), _told(problem["type"], problem["msg"]))
            for problem in error.errors()
        )


_TOLD = {
    "extra_forbidden": "is no key of this part",
    "missing": "is missing",
    "model_type": "should be a mapping (key: value)",
    "dict_type": "should be a mapping (key: value)",
    "list_type": "should be a list",
    "string_type": "should be a text",
    "string_too_short": "is empty",
}
"""What pydantic calls it -> what it means to who wrote the file."""


def _told(kind: str, message: str) -> str:
    return _TOLD.get(kind, message[:1].lower() + message[1:])
