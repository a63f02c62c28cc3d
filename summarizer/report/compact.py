"""A report in a few kilobytes, for chat programs and notices: its most salient lines.

It says how much it leaves out; whoever keeps the full one finds it (``summarizer.mcp`` by its id).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, TypeVar

from pydantic import AfterValidator

from summarizer.report.schema import SCHEMA_VERSION, Count, Part, Probability
from summarizer.report.view import view
from summarizer.types import (
    Conflict,
    ConflictKind,
    DiffReport,
    Fact,
    Mention,
    ReadShare,
    Status,
    Uniqueness,
)

MOST_FACTS, MOST_CONFLICTS = 40, 12
"""Facts and conflicts of a compact report: about ten kilobytes on five articles."""

LONGEST_QUOTE, LONGEST_LINE = 240, 500
"""Code points of a quotation, and of a line of any other kind; an ellipsis ends longer ones."""

MOST_CHARACTERS = 40_000
"""Of a compact report, or a page of its rest, as JSON: assistants cut results of 50,000."""

MOST_WARNINGS = 20
"""Warnings of a compact report."""

Ranked = TypeVar("Ranked", Fact, Conflict)
Shown = TypeVar("Shown", bound=Part)


def cut(text: str, most: int = LONGEST_LINE) -> str:
    """Return a text of so many code points at most; an ellipsis ends one that was longer.

    Half a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


Line = Annotated[str, AfterValidator(cut)]


class CompactQuote(Part):
    """What an outlet says for a line, word for word; cut passages end in an ellipsis."""

    outlet: Line
    quote: Line


class CompactFact(Part):
    """What one or several outlets report."""

    id: str
    text: Line
    status: Status
    outlets: list[Line]
    uniqueness: Uniqueness | None
    salience: Probability
    quotes: list[CompactQuote]
    only: list[CompactQuote]


class CompactPosition(Part):
    """A value and the outlets that report it."""

    value: Line
    outlets: list[Line]


class CompactConflict(Part):
    """A point on which outlets differ."""

    id: str
    topic: Line
    kind: ConflictKind
    compatible: bool
    positions: list[CompactPosition]


class CompactArticle(Part):
    """An article that was read, and how far."""

    outlet: Line
    title: Line | None
    published: date | None
    source: Line
    read: ReadShare


class Hidden(Part):
    """How much of the full report is left out."""

    facts: Count
    conflicts: Count


class CompactReport(Part):
    """The most salient part of a report."""

    schema_version: int
    headline: Line
    lede: list[Line]
    articles: list[CompactArticle]
    conflicts: list[CompactConflict]
    facts: list[CompactFact]
    hidden: Hidden
    warnings: list[Line]


def compact(report: DiffReport, *, facts: int = MOST_FACTS) -> CompactReport:
    """Return at most so many facts of a report, of about ``MOST_CHARACTERS`` in all."""
    half = MOST_CHARACTERS // 2
    salient = by_salience(report.conflicts)[:MOST_CONFLICTS]
    disputed = fitting(map(CompactConflict.model_validate, salient), half // 2)
    shown = fitting(map(compact_fact, by_salience(report.facts)[:facts]), half)
    return CompactReport(
        schema_version=SCHEMA_VERSION,
        headline=report.headline,
        lede=[f"{part.lead} {item.text}" for part in view(report).lede for item in part.items],
        articles=[CompactArticle.model_validate(summary) for summary in report.articles],
        conflicts=disputed,
        facts=shown,
        hidden=Hidden(
            facts=len(report.facts) - len(shown), conflicts=len(report.conflicts) - len(disputed)
        ),
        warnings=list(report.warnings[:MOST_WARNINGS]),
    )


def by_salience(parts: Iterable[Ranked]) -> list[Ranked]:
    """Return facts or conflicts, the most salient first."""
    return sorted(parts, key=lambda part: -part.salience)


def fitting(parts: Iterable[Shown], most: int = MOST_CHARACTERS) -> list[Shown]:
    """Return the first of some parts that are not longer together; one at least."""
    kept: list[Shown] = []
    for part in parts:
        most -= len(part.model_dump_json())
        if most < 0 and kept:
            break
        kept.append(part)
    return kept


def compact_fact(fact: Fact) -> CompactFact:
    """Return a fact with one quotation for each outlet."""
    first: dict[str, Mention] = {}
    for mention in fact.mentions:
        first.setdefault(mention.article.outlet, mention)
    return CompactFact(
        id=fact.id,
        text=fact.text,
        status=fact.status,
        outlets=list(fact.outlets),
        uniqueness=fact.uniqueness,
        salience=round(fact.salience, 2),
        quotes=[
            CompactQuote(outlet=name, quote=_quoted_words(mentioned))
            for name, mentioned in first.items()
        ],
        only=[CompactQuote(outlet=d.article.outlet, quote=cut(d.text)) for d in fact.details],
    )


def _quoted_words(mention: Mention) -> str:
    text = mention.article.text
    passages = (" ".join(span.of(text).split()) for span in mention.evidence)
    return cut(" … ".join(passages), LONGEST_QUOTE)
