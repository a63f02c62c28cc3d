from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.clauses import claim_spans
from summarizer.types import Span
from tests.support.growth import assert_linear


def split(sentence: str) -> list[str]:
    return [span.of(sentence) for span in claim_spans(sentence, Span(0, len(sentence)))]


def test_who_reported_something_goes_with_it_and_not_with_what_was_before() -> None:
    assert split(
        "Thorn led the count by 12 votes, after counting staff found that two figures had been "
        "swapped, an official told the Beacon."
    ) == [
        "Thorn led the count by 12 votes,",
        "after counting staff found that two figures had been swapped, an official told the "
        "Beacon.",
    ]


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "The mayor opened the bridge on Monday, but the ferry company said it would sue.",
            ["The mayor opened the bridge on Monday,", "but the ferry company said it would sue."],
        ),
        (
            "Police arrested three men while firefighters searched the burning warehouse.",
            ["Police arrested three men", "while firefighters searched the burning warehouse."],
        ),
        (
            "Anna Berg, a former judge who led the inquiry, resigned from the board on Friday.",
            [
                "Anna Berg,",
                "a former judge who led the inquiry,",
                "resigned from the board on Friday.",
            ],
        ),
    ],
)
def test_a_sentence_is_cut_where_one_outlet_could_stop(sentence: str, parts: list[str]) -> None:
    joined = split(sentence)
    assert "".join(joined).replace(" ", "") == sentence.replace(" ", "")
    assert joined[-1] == parts[-1]
    assert len(joined) > 1


@pytest.mark.parametrize(
    "sentence",
    [
        "In a statement on Friday, the ministry denied it.",
        "“The harbour will open again in May,” the port director said.",
        "They visited Oslo, Bergen, Turku and Riga.",
        "Amery was elected chair, and in a narrow vote, 98 to 96, Holm of the Pilots beat him.",
        "Dock workers and their union have asserted that the crane was never inspected.",
        "The port authority announced on Monday that the crane was never inspected.",
    ],
)
def test_what_is_no_statement_of_its_own_is_not_cut_off(sentence: str) -> None:
    assert split(sentence) == [sentence]


@given(st.text(alphabet='ab ,;:—–."”‘’()\n、，andbutwhile', max_size=200))
def test_claim_spans_cover_the_sentence_in_order(text: str) -> None:
    spans = claim_spans(text, Span(0, len(text)))
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {i for span in spans for i in range(span.start, span.end)}
    assert {i for i, c in enumerate(text) if not c.isspace()} <= covered


@pytest.mark.parametrize("unit", ["a, and b ", " – ", "the mayor said: ", "  ", "aaa bbb, "])
def test_a_long_sentence_costs_in_proportion(unit: str) -> None:
    def run(size: int) -> None:
        claim_spans(unit * (size // len(unit)), Span(0, size // len(unit) * len(unit)))

    assert_linear(run, 100_000)


def test_offsets_count_from_the_start_of_the_text() -> None:
    text = "Before. The mayor opened the bridge, but the ferry company said it would sue."
    spans = claim_spans(text, Span(8, len(text)))
    assert spans[0].of(text) == "The mayor opened the bridge,"
