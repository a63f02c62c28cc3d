"""Wordings of a sentence that can be read alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.lines import leans_on_context, lines


def texts(sentence: str) -> list[str]:
    """Return the wordings of a sentence."""
    return [line.text for line in lines(sentence)]


def test_the_whole_sentence_comes_first() -> None:
    sentence = "The mayor, who is 44, resigned on Friday, saying she was tired."
    assert texts(sentence)[0] == sentence


@pytest.mark.parametrize(
    ("sentence", "wording"),
    [
        ("The mayor, a former pilot, has resigned from the council.",
         "The mayor has resigned from the council."),
        ("The mayor has resigned from the council, saying she was tired.",
         "The mayor has resigned from the council."),
        ("But the mayor has resigned from the council.",
         "The mayor has resigned from the council."),
        ("The mayor resigned on Friday after a long dispute with the guild.",
         "The mayor resigned after a long dispute with the guild."),
    ],
)  # fmt: skip
def test_what_a_reader_can_do_without_may_go(sentence: str, wording: str) -> None:
    assert wording in texts(sentence)


@pytest.mark.parametrize(
    ("sentence", "fragment"),
    [
        ("Her release comes about one month after her rival released his returns.",
         "Her release comes about one month."),
        ("The report found that lifting the cap, without raising benefits, would help the fund.",
         "The report found that lifting the cap."),
        ("The mayor did not resign because she was tired.", "The mayor did not resign."),
        ("The mayor will resign if the guild votes against her.", "The mayor will resign."),
    ],
)  # fmt: skip
def test_no_wording_is_a_fragment_or_says_something_else(sentence: str, fragment: str) -> None:
    assert fragment not in texts(sentence)


def test_marks_of_quotations_are_closed() -> None:
    assert texts("“We heard a groan.") == ["“We heard a groan.”"]


def test_lines_that_begin_with_a_word_for_something_before_lean_on_it() -> None:
    assert leans_on_context("That means higher fees.")
    assert not leans_on_context("The port means higher fees.")


@given(st.text(alphabet="abcdeTHE ,.;:“”\"—-'()12", max_size=120))
def test_spans_lie_in_the_sentence_in_order(sentence: str) -> None:
    for line in lines(sentence):
        ends = [0]
        for span in line.spans:
            assert ends[-1] <= span.start <= span.end <= len(sentence)
            ends.append(span.end)
