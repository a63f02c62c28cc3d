from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.report.outlets import Names, marks
from summarizer.types import OutletFrom
from tests.support.reports import article, report


def test_an_outlet_without_a_name_is_called_by_its_file() -> None:
    unnamed = replace(
        article(1, "Gazette", "The mill burned."),
        outlet="Source 3",
        outlet_from=OutletFrom.FILENAME,
        source="news/003.txt",
    )
    summary = replace(report().articles[0], article=unnamed)
    names = Names(replace(report(), articles=(summary,)))
    assert (names.of("Source 3"), names.all, names.of("Tern")) == ("003", ("003",), "Tern")


@pytest.mark.parametrize(
    ("outlets", "expected"),
    [
        (["Harbor Gazette", "The Daily Tern"], ["HG", "DT"]),
        (["Northwind", "North Post"], ["No", "NP"]),
        (["Harbor Gazette", "Hill Gazette"], ["HG", "Hi"]),
        (["AFP", "dpa", "AP"], ["AFP", "dpa", "AP"]),
        (["日刊潮", "日刊波"], ["日刊潮", "日刊波"]),
        (["The", "?", "!"], ["The", "?", "?2"]),
        (["A", "a"], ["A", "A2"]),
    ],
)
def test_marks(outlets: list[str], expected: list[str]) -> None:
    assert list(marks(outlets).values()) == expected


@given(st.lists(st.text(min_size=1), unique=True))
def test_marks_are_all_different_and_short(outlets: list[str]) -> None:
    given_marks = list(marks(outlets).values())
    assert len({mark.casefold() for mark in given_marks}) == len(outlets)
