"""Intervals kept in order: which of them meet another one, and what spans cover together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from summarizer.types import Span


class Intervals:
    """Closed intervals, by their places; those that meet another one are found without a search."""

    def __init__(self, bounds: Iterable[tuple[float, float]]) -> None:
        rows = sorted((low, high, place) for place, (low, high) in enumerate(bounds))
        self._highs = [high for _, high, _ in rows]
        self._lows = [low for low, _, _ in rows]
        self._places = [place for _, _, place in rows]
        self._reached = list(accumulate(self._highs, max))

    def meeting(self, low: float, high: float) -> Iterator[int]:
        """Yield the places of the intervals that share a point with this one, by their low ends."""
        first = bisect_left(self._reached, low)
        for at in range(first, bisect_right(self._lows, high)):
            if self._highs[at] >= low:
                yield self._places[at]


class Stretches:
    """What some spans of a text cover together, kept in order so that looking costs little."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self._spans: list[Span] = []
        self.add(spans)

    def add(self, spans: Iterable[Span]) -> None:
        """Cover more; what touches is one stretch."""
        for span in spans:
            first, last = self._places_touching(span)
            if first < last:
                end = max(span.end, self._spans[last - 1].end)
                span = Span(min(span.start, self._spans[first].start), end)
            self._spans[first:last] = [span]

    def covered(self, span: Span) -> int:
        """Return how many code points of a span are covered."""
        first, last = self._places_touching(span)
        return sum(span.overlap(each) for each in self._spans[first:last])

    def _places_touching(self, span: Span) -> tuple[int, int]:
        first = bisect_left(self._spans, span.start, key=lambda each: each.end)
        return first, bisect_right(self._spans, span.end, lo=first, key=lambda each: each.start)
