"""What the tools of the MCP server answer, each with a schema that the assistant is given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Generic

from pydantic import BaseModel, Field

from summarizer.errors import SummarizerError
from summarizer.report.compact import CompactReport, Shown, cut, fitting
from summarizer.types import Article, DiffReport, Judgement

LONGEST_PASSAGE = 2_000
"""Code points of a passage of an article; its end is marked where it goes on."""


class DiffAnswer(BaseModel):
    """The most salient part of a diff, and where the whole is."""

    report_id: str
    resources: list[str]
    report: CompactReport


class Page(BaseModel, Generic[Shown]):
    """Facts or conflicts of a stored report, the most salient first."""

    items: list[Shown]
    total: Annotated[int, Field(description="How many there are under these conditions.")]
    next: Annotated[int | None, Field(description="The start of the next page; null at the end.")]


class SummarySentence(BaseModel):
    """A sentence of a summary and the words of the article that it rests on."""

    text: str
    quote: str


class SummaryAnswer(BaseModel):
    """What one article says."""

    outlet: str
    title: str | None
    published: str | None
    sentences: list[SummarySentence]
    warnings: list[str]


class ClaimAnswer(BaseModel):
    """Whether a text reports a claim."""

    verdict: Annotated[str, Field(description="reported, partly, contradicted or absent.")]
    probability: Annotated[float, Field(description="That the text reports the claim, 0 to 1.")]
    passage: Annotated[str | None, Field(description="The passage that comes closest, verbatim.")]
    reason: str


def page_of(shown: Iterable[Shown], start: int, total: int) -> Page[Shown]:
    """Return as many items as an answer has room for, and where the next page starts.

    Args:
        shown: The items from the start on.
        start: The number of the first of them.
        total: How many there are in all.
    """
    items = fitting(shown)
    end = start + len(items)
    return Page(items=items, total=total, next=end if items and end < total else None)


def summary_answer(report: DiffReport) -> SummaryAnswer:
    """Return the summary of the one article of a report."""
    (summary,) = report.articles
    read = summary.article
    return SummaryAnswer(
        outlet=read.outlet,
        title=read.title,
        published=read.published.isoformat() if read.published else None,
        sentences=[
            SummarySentence(
                text=cut(sentence.text, LONGEST_PASSAGE),
                quote=cut(
                    " … ".join(span.of(read.text) for span in sentence.evidence), LONGEST_PASSAGE
                ),
            )
            for sentence in summary.sentences
        ],
        warnings=list(report.warnings),
    )


def claim_answer(judgement: Judgement, read: Article) -> ClaimAnswer:
    """Return what was found of a claim in an article."""
    nearest = judgement.nearest
    return ClaimAnswer(
        verdict=judgement.verdict.value,
        probability=round(judgement.probability, 3),
        passage=None if nearest is None else cut(nearest.of(read.text), LONGEST_PASSAGE),
        reason=judgement.reason,
    )


def in_words(error: SummarizerError) -> str:
    """Return what failed and what to do, as one text."""
    return f"{error.message} {error.hint}".strip()
