from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from summarizer.facts.repeats import Told

from summarizer.types import Fact, Span
from tests.reports import AGROUND, PILOT

spans = st.tuples(st.integers(0, 80), st.integers(1, 20)).map(lambda p: Span(p[0], p[0] + p[1]))


def resting_on(evidence: list[Span]) -> Fact:
    return replace(AGROUND, mentions=(replace(AGROUND.mentions[0], evidence=tuple(evidence)),))


def test_nothing_is_told_at_first_and_a_fact_is_wholly_told_after_itself() -> None:
    told = Told()
    assert told.share(AGROUND) == 0
    told.add(AGROUND)
    assert told.share(AGROUND) == 1
    assert told.share(PILOT) < 1


@given(st.lists(spans, min_size=1, max_size=4), st.lists(spans, min_size=1, max_size=4))
def test_a_share_is_one_and_grows_with_what_is_told(first: list[Span], second: list[Span]) -> None:
    told = Told()
    told.add(resting_on(first))
    before = told.share(resting_on(second))
    assert 0 <= before <= 1
    told.add(resting_on(second))
    assert told.share(resting_on(second)) == 1 >= before


def test_half_of_a_passage_is_half_told() -> None:
    told = Told()
    told.add(resting_on([Span(0, 10)]))
    assert told.share(resting_on([Span(5, 15)])) == 0.5
    assert told.share(resting_on([Span(5, 15), Span(0, 10)])) == 0.75
