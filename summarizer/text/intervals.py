"""Intervals kept in order, so that those which meet another one are found without a look at all."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate


class Intervals:
    """Closed intervals, addressed by the places in which they were given."""

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
