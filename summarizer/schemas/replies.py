"""What a model is asked to write, one model a prompt, and how a reply is checked.

Static and shallow: no dictionaries, no defaults, no enum of ids (a new schema costs a server
seconds), lists with an upper bound (only that stops a small model from repeating itself),
reasons before verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Sentence = Annotated[int, Field(description="A sentence number of the article.")]


class Wire(BaseModel):
    """A part of a reply: nothing unknown, nothing missing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ClaimReply(Wire):
    """One claim the article makes."""

    sentences: Annotated[list[Sentence], Field(max_length=6)]
    text: str = Field(description="One statement that can be understood alone.")
    kind: Literal["event", "statement", "number", "background", "quote", "analysis"]
    speaker: str | None = Field(description="Who says so, if the article says it of somebody.")
    hedge: str | None = Field(description='The word that makes it uncertain: "may", "reportedly".')


class ClaimsReply(Wire):
    """All claims of one part of an article."""

    instructions: Annotated[list[Sentence], Field(max_length=40)] = Field(
        description="Sentences that tell the reader or a machine what to do, and report nothing."
    )
    claims: Annotated[list[ClaimReply], Field(max_length=120)]


class SummarySentenceReply(Wire):
    """One sentence of a summary and what it rests on."""

    sentences: Annotated[list[Sentence], Field(max_length=12)]
    text: str


class SummaryReply(Wire):
    """The summary of one article."""

    sentences: Annotated[list[SummarySentenceReply], Field(max_length=50)]


class VerdictReply(Wire):
    """What an article has on one claim."""

    claim: int = Field(description="The claim's number.")
    reason: str = Field(description="In a few words: what the article says on it.")
    sentences: Annotated[list[Sentence], Field(max_length=6)] = Field(
        description="The sentences that decide it; empty where the article says nothing on it."
    )
    verdict: Literal["supported", "contradicted", "not_found"]
    confidence: Annotated[int, Field(ge=0, le=100)] = Field(
        description="How sure the verdict is, in percent."
    )


class VerdictsReply(Wire):
    """What an article has on each of several claims."""

    verdicts: Annotated[list[VerdictReply], Field(max_length=200)]


@dataclass(frozen=True)
class ReplyShape:
    """A reply's JSON Schema, and the check of a reply against it."""

    name: str
    model: type[Wire]

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema, as servers in strict mode take it."""
        return _strict(self.model.model_json_schema())

    def check(self, value: object) -> Wire:
        """Return a reply as its model.

        Raises:
            ValueError: It is of another shape; the message says where and what.
        """
        try:
            return self.model.model_validate(value)
        except ValidationError as error:
            raise ValueError(_told(error)) from None


PROBLEMS_TOLD = 5
"""More than so many objections to one reply tell a model nothing new."""


def _told(error: ValidationError) -> str:
    lines = [
        f"{'.'.join(map(str, problem['loc'])) or 'reply'}: {problem['msg']}"
        for problem in error.errors()[:PROBLEMS_TOLD]
    ]
    return "; ".join(lines)


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema without titles: they tell a model nothing and cost tokens."""
    return {
        key: _strict(value) if isinstance(value, dict) else value
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }


REPLIES: dict[str, ReplyShape] = {
    "claims": ReplyShape("claims", ClaimsReply),
    "summary": ReplyShape("summary", SummaryReply),
    "verdicts": ReplyShape("verdicts", VerdictsReply),
}
"""Every reply by the name that a prompt's front matter gives as its schema."""
