"""Intervals that meet another one, and what spans of a text cover together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.intervals import Intervals, Stretches
from summarizer.types import Span

BOUNDS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda ends: tuple(sorted(ends)))


@given(st.lists(BOUNDS, max_size=12), BOUNDS)
def test_what_meets_an_interval_shares_a_point_with_it(
    bounds: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    low, high = asked
    found = list(Intervals(bounds).meeting(low, high))
    assert sorted(found) == [i for i, (a, b) in enumerate(bounds) if a <= high and b >= low]


PAIRS = st.tuples(st.integers(0, 40), st.integers(0, 12))
SPANS = st.lists(PAIRS.map(lambda pair: Span(pair[0], sum(pair))))


@given(SPANS, SPANS)
def test_stretches_cover_what_their_spans_cover(spans: list[Span], asked: list[Span]) -> None:
    stretches = Stretches(spans)
    points = {point for span in spans for point in range(span.start, span.end)}
    for span in asked:
        assert stretches.covered(span) == len(points & set(range(span.start, span.end)))
