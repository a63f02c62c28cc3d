"""Which facts a conflict is about: those that rest on a passage it rests on, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from summarizer.types import Conflict, DiffReport, Fact, Span


def touched(report: DiffReport) -> Mapping[str, tuple[str, ...]]:
    """Return the conflicts that each fact is in: those it shares a passage with, by its id."""
    by_article: dict[str, list[tuple[Span, str]]] = defaultdict(list)
    for conflict in report.conflicts:
        for article, span in _passages(conflict):
            by_article[article].append((span, conflict.id))
    found = {fact.id: tuple(dict.fromkeys(_within(fact, by_article))) for fact in report.facts}
    return {fact: conflicts for fact, conflicts in found.items() if conflicts}


def _within(fact: Fact, by_article: Mapping[str, list[tuple[Span, str]]]) -> Iterator[str]:
    for mention in fact.mentions:
        for theirs, conflict in by_article.get(mention.article.id, ()):
            if any(ours.overlap(theirs) for ours in mention.evidence):
                yield conflict


def _passages(conflict: Conflict) -> Iterator[tuple[str, Span]]:
    for position in conflict.positions:
        for mention in position.mentions:
            for span in mention.evidence:
                yield mention.article.id, span
