"""A report in a few kilobytes: its most salient lines, the rest by number and name.

Chat programs and notices have room for little. A compact report names what it leaves out, and
the full one is found by whoever keeps it (``summarizer.mcp`` under its id).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from summarizer.report.schema import SCHEMA_VERSION, Count, Part, Probability
from summarizer.report.view import view
from summarizer.types import (
    Article,
    ArticleSummary,
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

LONGEST_QUOTE = 240
"""Code points of a quotation; the end of a longer one is marked."""


class CompactQuote(Part):
    """What an outlet says for a line, word for word; cut passages end in an ellipsis."""

    outlet: str
    quote: str


class CompactFact(Part):
    """What one or several outlets report."""

    id: str
    text: str
    status: Status
    outlets: list[str]
    uniqueness: Uniqueness | None
    salience: Probability
    quotes: list[CompactQuote]
    only: list[CompactQuote]


class CompactPosition(Part):
    """A value and the outlets that report it."""

    value: str
    outlets: list[str]


class CompactConflict(Part):
    """A point on which outlets differ."""

    id: str
    topic: str
    kind: ConflictKind
    positions: list[CompactPosition]


class CompactArticle(Part):
    """An article that was read, and how far."""

    outlet: str
    title: str | None
    published: date | None
    source: str
    read: ReadShare


class Hidden(Part):
    """How much of the full report is left out."""

    facts: Count
    conflicts: Count


class CompactReport(Part):
    """The most salient part of a report."""

    schema_version: int
    headline: str
    lede: list[str]
    articles: list[CompactArticle]
    conflicts: list[CompactConflict]
    facts: list[CompactFact]
    hidden: Hidden
    warnings: list[str]


def compact(
    report: DiffReport,
    *,
    facts: int = MOST_FACTS,
    conflicts: int = MOST_CONFLICTS,
    chosen: Sequence[Fact] | None = None,
) -> CompactReport:
    """Return the most salient part of a report.

    Args:
        report: The report.
        facts: How many facts are shown at most.
        conflicts: How many conflicts are shown at most.
        chosen: The facts to show from, where not all are wanted.
    """
    offered = report.facts if chosen is None else chosen
    shown = sorted(offered, key=lambda fact: -fact.salience)[:facts]
    disputed = sorted(report.conflicts, key=lambda conflict: -conflict.salience)[:conflicts]
    return CompactReport(
        schema_version=SCHEMA_VERSION,
        headline=report.headline,
        lede=[f"{part.lead}: {item.text}" for part in view(report).lede for item in part.items],
        articles=[_article(summary) for summary in report.articles],
        conflicts=[_conflict(conflict) for conflict in disputed],
        facts=[compact_fact(fact) for fact in shown],
        hidden=Hidden(
            facts=len(offered) - len(shown), conflicts=len(report.conflicts) - len(disputed)
        ),
        warnings=list(report.warnings),
    )


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
            CompactQuote(outlet=outlet, quote=_quote(mention.article, mention))
            for outlet, mention in first.items()
        ],
        only=[CompactQuote(outlet=d.article.outlet, quote=d.text) for d in fact.details],
    )


def _quote(article: Article, mention: Mention) -> str:
    words = " … ".join(" ".join(span.of(article.text).split()) for span in mention.evidence)
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1].rstrip() + "…"


def _conflict(conflict: Conflict) -> CompactConflict:
    return CompactConflict(
        id=conflict.id,
        topic=conflict.topic,
        kind=conflict.kind,
        positions=[
            CompactPosition(value=position.value, outlets=list(position.outlets))
            for position in conflict.positions
        ],
    )


def _article(summary: ArticleSummary) -> CompactArticle:
    article = summary.article
    return CompactArticle(
        outlet=article.outlet,
        title=article.title,
        published=article.published,
        source=article.source,
        read=summary.read,
    )
