"""Which facts rest on the same words of an article, without a look at all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from summarizer.compare.alignment import AlignedFact
from summarizer.text.intervals import Intervals
from summarizer.types import Span


class Resting:
    """The words of each article that facts rest on, looked up by place."""

    def __init__(self, facts: Sequence[AlignedFact]) -> None:
        self._facts = facts
        self._spans: dict[str, list[tuple[Span, int]]] = defaultdict(list)
        for number, fact in enumerate(facts):
            for mention in fact.mentions:
                self._spans[mention.article.id] += [(span, number) for span in mention.evidence]
        self._intervals = {
            article: Intervals((span.start, span.end) for span, _ in spans)
            for article, spans in self._spans.items()
        }

    def beside(self, fact: AlignedFact) -> list[AlignedFact]:
        """Return the facts that rest on words on which a fact rests too, in their order."""
        found = {
            number
            for mention in fact.mentions
            for span in mention.evidence
            for other, number in self._near(mention.article.id, span)
            if span.overlap(other)
        }
        return [self._facts[number] for number in sorted(found)]

    def meeting(self, article: str, span: Span) -> list[Span]:
        """Return the spans of an article that facts rest on and a span touches."""
        return [other for other, _ in self._near(article, span)]

    def _near(self, article: str, span: Span) -> Iterator[tuple[Span, int]]:
        if article in self._intervals:
            for place in self._intervals[article].meeting(span.start, span.end):
                yield self._spans[article][place]
