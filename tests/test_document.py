"""What spans of a text cover together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from summarizer.document import Stretches
from summarizer.types import Span

PAIRS = st.tuples(st.integers(0, 40), st.integers(0, 12))
SPANS = st.lists(PAIRS.map(lambda pair: Span(pair[0], sum(pair))))


@given(SPANS, SPANS)
def test_stretches_cover_what_their_spans_cover(spans: list[Span], asked: list[Span]) -> None:
    stretches = Stretches(spans)
    points = {point for span in spans for point in range(span.start, span.end)}
    for span in asked:
        assert stretches.covered(span) == len(points & set(range(span.start, span.end)))
