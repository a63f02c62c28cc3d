"""Intervals that meet one are those that a look at each of them finds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.intervals import Intervals

BOUNDS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda ends: tuple(sorted(ends)))


@given(st.lists(BOUNDS, max_size=12), BOUNDS)
def test_what_meets_an_interval_shares_a_point_with_it(
    bounds: list[tuple[int, int]], asked: tuple[int, int]
) -> None:
    low, high = asked
    found = list(Intervals(bounds).meeting(low, high))
    assert sorted(found) == [i for i, (a, b) in enumerate(bounds) if a <= high and b >= low]
