"""Which figures of two outlets cannot both be true, and how they are told."""

from __future__ import annotations

import pytest

from summarizer.compare.conflicts import find_conflicts
from tests.support.stories import offline_story


def values(one: str, other: str) -> list[str]:
    """Return the values of the conflicts of two articles."""
    found = find_conflicts(offline_story(one, other))
    return [position.value for conflict in found for position in conflict.positions]


def test_two_figures_for_one_thing_are_a_conflict_in_the_articles_words() -> None:
    assert values(
        "Officially, 212 patients were waiting for an operation at the end of the year.",
        "According to the ministry, 218 patients were waiting for an operation at the end of "
        "the year.",
    ) == ["212", "218"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("More than 200 patients were waiting for an operation.",
         "Some 214 patients were waiting for an operation."),
        ("About 1,200 patients were waiting for an operation.",
         "A total of 1,215 patients were waiting for an operation."),
        ("The Ordways' effective tax rate was 35.7 percent.",
         "Adam Brask said his average tax rate was 36 percent."),
        ("A ticket will cost no more than five dollars on the line.",
         "A ticket will cost less than four dollars on the line."),
        ("The state's two Harbour Party senators, Jon Flack and Ida Amery, called on Vane to veto "
         "it, and ferry firms wrote to the governor.",
         "Their calls were echoed by three Harbour Party state senators — Eva Brandt, Maud Kerr "
         "and Tom Ghent, all members of the wing for a toll — who had helped pass the act."),
        ("In 2014 the fund of the port paid 30 million crowns in fees.",
         "In 2016 the fund of the port paid 40 million crowns in fees."),
    ],
)  # fmt: skip
def test_figures_that_may_both_be_true_are_no_conflict(one: str, other: str) -> None:
    assert values(one, other) == []


def test_a_value_keeps_the_words_that_limit_it() -> None:
    found = values(
        "The guild said that no more than 30 boats lay in the harbour of Tarrow that night.",
        "The guild said that at least 45 boats lay in the harbour of Tarrow that night.",
    )
    assert found == ["no more than 30", "at least 45"]


def test_a_topic_names_what_is_measured_and_no_value() -> None:
    (conflict,) = find_conflicts(
        offline_story(
            "Officially, 212 patients were waiting for an operation in Tarrow.",
            "Officially, 218 patients were waiting for an operation in Tarrow.",
        )
    )
    assert conflict.topic.startswith("Number of patients")
    assert "212" not in conflict.topic
