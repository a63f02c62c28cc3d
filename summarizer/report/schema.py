"""The published form of a report as pydantic models; ``docs/schema`` holds its JSON Schema.

A part is made of the domain value it publishes, or of JSON that was read:
``Report.model_validate`` takes either. What the contract calls or keeps in another way than
``summarizer.types`` is in ``_renamed_fields`` and nowhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from summarizer import types, usage

SCHEMA_VERSION = 2
"""Raised by any change that breaks a reader; a new field breaks none."""

DECIMALS = 4
"""Places kept of a probability or a salience; more would claim what no judge knows."""

Offset = Annotated[int, Field(ge=0, description="Unicode code points into the article's text.")]
Range = Annotated[
    tuple[Offset, Offset], Field(description="[start, end) in code points of the article's text.")
]
Probability = Annotated[float, Field(ge=0, le=1)]
ArticleId = Annotated[str, Field(description="The id of an entry in articles.")]
Count = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    """A part of the contract. Readers accept fields they do not know: a version may add some."""

    model_config = ConfigDict(extra="allow", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def from_value(cls, value: object) -> object:
        """Return the fields that are published of a domain value; anything else as it is."""
        if not is_dataclass(value):
            return value
        known = _renamed_fields(value)
        return {
            name: _plain_value(known[name] if name in known else getattr(value, name))
            for name in cls.model_fields
        }


def _renamed_fields(value: object) -> dict[str, Any]:
    """Return what the contract has of a domain value under another name or in another way."""
    match value:
        case types.ArticleSummary(article=article):
            sentences = [
                {
                    "text": each.text,
                    "evidence": _cited_passages(article, each.evidence),
                    "probability": _plain_value(each.probability),
                }
                for each in value.sentences
            ]
            known = {field.name: getattr(article, field.name) for field in fields(article)}
            text = None if _is_in_file(article) else article.text
            return {**known, "text": text, "summary": sentences}
        case types.Check(article=article, judgement=judged):
            span = judged.nearest
            nearest = None if span is None else types.Passage(article=article, span=span)
            return {
                "verdict": judged.verdict,
                "probability": judged.probability,
                "nearest": nearest,
            }
        case types.Mention() | types.Detail():
            return {"evidence": _cited_passages(value.article, value.evidence)}
        case types.Passage(span=span):
            return {"start": span.start, "end": span.end}
        case types.Generated():
            return {"prompts": dict(value.prompts)}
        case usage.Usage():
            return {"seconds": round(value.seconds, 3)}
        case types.DiffReport():
            return {"schema_version": SCHEMA_VERSION}
    return {}


def _plain_value(value: Any) -> Any:
    """Return a field's value as JSON has it; a part of the contract is one by its own model."""
    match value:
        case types.Article():
            return value.id
        case types.Span():
            return value.start, value.end
        case tuple():
            return [_plain_value(each) for each in value]
        case float():
            return round(value, DECIMALS)
    return value


def _cited_passages(article: types.Article, spans: Sequence[types.Span]) -> list[types.Passage]:
    return [types.Passage(article=article, span=span) for span in spans]


def _is_in_file(article: types.Article) -> bool:
    """Return whether the article's source is a file, in UTF-8, that holds this very text."""
    if article.source in ("-", "text") or article.source.startswith(("http://", "https://")):
        return False
    bytes_of_text = article.text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(bytes_of_text).hexdigest() == article.sha256


class Evidence(Part):
    """A span of an article's text and the very characters that stand there."""

    start: Offset
    end: Offset
    quote: str = Field(description="text[start:end] of the article.")


class Passage(Evidence):
    """Evidence that names its article."""

    article: ArticleId


class Generated(Part):
    """How the report came to be."""

    at: str = Field(description="ISO 8601, UTC.")
    version: str
    engine: str = Field(description="Who proposed the claims: extractive or openai.")
    model: str | None
    judge: str = Field(description="Who checked them: lexical, llm or decisions.")
    prompts: dict[str, str] = Field(description="SHA-256 of each prompt that was used.")


class SummarySentence(Part):
    """One sentence of an article's summary and what it rests on."""

    text: str
    evidence: list[Evidence]
    probability: Probability = Field(description="That the article supports the sentence.")


class ArticleEntry(Part):
    """One source document."""

    id: str
    source: str = Field(description="The path or URL as it was given.")
    sha256: str = Field(description="SHA-256 of what was read.")
    outlet: str
    outlet_from: types.OutletFrom = Field(description="Where the outlet's name was found.")
    title: str | None
    byline: str | None
    published: date | None = Field(description="The article's own date, not the page's.")
    language: str | None
    url: str | None
    text: str | None = Field(
        description="What the offsets count in. Null where that is just what the file holds: "
        "UTF-8, newlines as they are, whose SHA-256 is sha256."
    )
    body: list[Range] = Field(description="The article itself; the rest is boilerplate.")
    same_as: ArticleId | None = Field(description="The article that this one is a copy of.")
    credits: list[str] = Field(description="Agencies the article credits.")
    warnings: list[str]
    summary: list[SummarySentence]
    uncited: list[Range] = Field(description="Body that no claim came from: our own omissions.")
    read: types.ReadShare = Field(
        description="How much of it was read. Of an article that was not, nothing is said."
    )


class Mention(Part):
    """One article's own wording of a fact."""

    article: ArticleId
    wording: str
    speaker: str | None
    hedge: str | None
    evidence: list[Evidence]


class Check(Part):
    """What an article that does not mention a fact was found to have on it."""

    article: ArticleId
    verdict: types.Verdict
    probability: Probability = Field(description="That the article reports the fact.")
    nearest: Evidence | None = Field(description="The passage closest to the fact.")


class Detail(Part):
    """What one outlet adds to a shared fact and nobody else has."""

    article: ArticleId
    text: str = Field(description="The addition, in words that can be read alone.")
    evidence: list[Evidence] = Field(description="The new element alone.")
    uniqueness: types.Uniqueness
    checks: list[Check]


class Fact(Part):
    """What one or several outlets report: claims that a reader would call the same news."""

    id: str
    text: str
    kind: types.ClaimKind
    status: types.Status = Field(
        description="Reported by all outlets, by two or more, by exactly one."
    )
    salience: Probability
    outlets: list[str]
    origins: Count = Field(description="Independent origins: two copies of one text are one.")
    uniqueness: types.Uniqueness | None = Field(description="For unique facts: how sure that is.")
    mentions: list[Mention]
    details: list[Detail] = Field(description="What single outlets add to it.")
    checks: list[Check]


class PositionMention(Part):
    """Where an article takes a position."""

    article: ArticleId
    evidence: list[Evidence]


class Position(Part):
    """One side of a conflict."""

    value: str
    outlets: list[str]
    mentions: list[PositionMention]


class Conflict(Part):
    """Two or more positions on one thing that differ."""

    id: str
    fact: str | None = Field(description="The id of the fact that the point belongs to.")
    topic: str = Field(description="The point on which they differ, without any value.")
    kind: types.ConflictKind
    salience: Probability
    compatible: bool = Field(
        default=False, description="All positions can be true together, as far as a model can tell."
    )
    positions: list[Position]


class Origin(Part):
    """Articles that share an origin."""

    articles: list[ArticleId] = Field(description="For same_article the first is the one kept.")
    kind: types.OriginKind
    passages: list[list[Passage]] = Field(
        description="For wire_copy: each group is one passage as the articles print it."
    )


class Rejected(Part):
    """A claim or summary sentence that did not pass."""

    article: ArticleId
    text: str
    reason: types.RejectReason
    detail: str


class Failure(Part):
    """A step of the run that came to nothing: why the report is not whole."""

    stage: str = Field(description="reading, summarizing, aligning or verifying.")
    article: ArticleId | None = Field(description="Null where the step is about all articles.")
    reason: str = Field(description="The name of the error.")
    message: str


class Usage(Part):
    """What the run took."""

    calls: Count
    cached_calls: Count
    input_tokens: Count
    cached_input_tokens: Count
    output_tokens: Count
    cost_usd: float | None = Field(description="Null: unknown.")
    seconds: Annotated[float, Field(ge=0)]


class Report(Part):
    """What all outlets share, what only one reports, and where they conflict."""

    schema_version: Literal[2]
    headline: str
    generated: Generated
    articles: list[ArticleEntry]
    facts: list[Fact]
    conflicts: list[Conflict]
    origins: list[Origin]
    rejected: list[Rejected]
    usage: Usage
    failures: list[Failure]
    warnings: list[str]


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of a report, as it is published."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Report.model_json_schema(mode="serialization"),
    }
