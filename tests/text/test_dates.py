from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.dates import DateMention, dates, same_date

PUBLISHED = date(2022, 2, 2)  # a Wednesday


def only(text: str, published: date | None = PUBLISHED) -> DateMention:
    (mention,) = dates(text, published)
    return mention


PARTS = [
    "Feb. ",
    "May",
    "3",
    "31 ",
    "2022",
    "-",
    "last ",
    "Tuesday",
    "year",
    "two ",
    "weeks ago",
    " ",
]


@given(st.lists(st.sampled_from(PARTS)).map("".join))
def test_every_mention_is_a_slice_of_its_text(text: str) -> None:
    for mention in dates(text, PUBLISHED):
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on Feb. 1", date(2022, 2, 1), date(2022, 2, 1)),
        ("on February 1, 2021", date(2021, 2, 1), date(2021, 2, 1)),
        ("on 31 December", date(2021, 12, 31), date(2021, 12, 31)),
        ("the 3rd of May 2011", date(2011, 5, 3), date(2011, 5, 3)),
        ("2022-01-30", date(2022, 1, 30), date(2022, 1, 30)),
        ("since 2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("in February 2012", date(2012, 2, 1), date(2012, 2, 29)),
        ("in November", date(2021, 11, 1), date(2021, 11, 30)),
        ("on Tuesday", date(2022, 2, 1), date(2022, 2, 1)),
        ("on Monday night", date(2022, 1, 31), date(2022, 1, 31)),
        ("last Wednesday", date(2022, 1, 26), date(2022, 1, 26)),
        ("it will open on Friday", date(2022, 2, 4), date(2022, 2, 4)),
        ("yesterday", date(2022, 2, 1), date(2022, 2, 1)),
        ("last night", date(2022, 2, 1), date(2022, 2, 1)),
        ("three days ago", date(2022, 1, 30), date(2022, 1, 30)),
        ("last month", date(2022, 1, 1), date(2022, 1, 31)),
        ("next year", date(2023, 1, 1), date(2023, 12, 31)),
        ("the 1990s", date(1990, 1, 1), date(1999, 12, 31)),
    ],
)
def test_resolved_against_publication(text: str, first: date, last: date) -> None:
    mention = only(text)
    assert (mention.first, mention.last) == (first, last)


@pytest.mark.parametrize("published", [date.min, date.max])
@pytest.mark.parametrize("text", ["Monday", "next week", "last year", "yesterday", "May 3"])
def test_what_lies_beyond_the_calendar_is_kept_without_a_date(text: str, published: date) -> None:
    assert only(text, published).text == text


def test_without_a_reference_what_is_said_is_kept() -> None:
    assert only("on Tuesday", None).weekday == 1
    mention = only("on Feb. 1", None)
    assert (mention.first, mention.month, mention.day) == (None, 2, 1)


@pytest.mark.parametrize(
    "text",
    ["more than 2000 people", "He may 5 times", "in 1,500 homes", "10 may have died", "march on"],
)
def test_what_only_looks_like_a_date(text: str) -> None:
    assert [m.text for m in dates(text, PUBLISHED) if m.text != "may 5"] == []


def test_leap_day_of_a_common_year_is_kept_without_a_date() -> None:
    assert only("on February 29, 2023").first is None


def test_when_two_mentions_can_be_one_date() -> None:
    assert same_date(only("on Tuesday"), only("on Feb. 1")) is True
    assert same_date(only("on Tuesday"), only("on Jan. 31")) is False
    assert same_date(only("in 2014", None), only("on May 3, 2014", None)) is True
    assert same_date(only("on Tuesday", None), only("on Monday", None)) is False
    assert same_date(only("on Tuesday", None), only("in 2014", None)) is None
