"""How much of what a fact rests on, other facts rest on too."""

from __future__ import annotations

from collections import defaultdict

from summarizer.types import Fact, Span


class Told:
    """The passages of the facts that were told so far."""

    def __init__(self) -> None:
        self._spans: dict[str, list[Span]] = defaultdict(list)

    def add(self, fact: Fact) -> None:
        """Count a fact as told."""
        for mention in fact.mentions:
            self._spans[mention.article.id].extend(mention.evidence)

    def share(self, fact: Fact) -> float:
        """Return the share, 0 to 1, of the characters of a fact's evidence that were told."""
        spans = [(m.article.id, span) for m in fact.mentions for span in m.evidence]
        told = sum(self._told(article, span) for article, span in spans)
        return told / sum(len(span) for _, span in spans)

    def _told(self, article: str, span: Span) -> int:
        return max((span.overlap(other) for other in self._spans[article]), default=0)
