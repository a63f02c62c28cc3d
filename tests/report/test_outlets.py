from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.report.outlets import Names, marks
from summarizer.report.view import view
from summarizer.types import DiffReport, OutletFrom
from tests.support.reports import article, report


def unnamed(*sources: str) -> DiffReport:
    """Return a report on articles of these files, which no page names an outlet of."""
    summaries = [
        replace(
            report().articles[0],
            article=replace(
                article(number, "Gazette", "The mill burned."),
                outlet=f"Source {number}",
                outlet_from=OutletFrom.FILENAME,
                source=source,
            ),
        )
        for number, source in enumerate(sources, start=1)
    ]
    return replace(report(), articles=tuple(summaries))


def test_an_outlet_without_a_name_is_called_by_its_file() -> None:
    names = Names(unnamed("news/003.txt"))
    assert (names.of("Source 1"), names.all, names.of("Tern")) == ("003", ("003",), "Tern")
    assert names.by_file == ("003",)
    assert Names(report()).by_file == ()


def test_the_digest_in_a_files_name_is_left_out_where_the_names_stay_different() -> None:
    names = Names(unnamed("a/003_64ce14edc3ca31c8.txt", "a/fire-9674c7f58afab144.html"))
    assert names.all == ("003", "fire")
    names = Names(unnamed("a/page-64ce14edc3ca31c8.txt", "a/page-9674c7f58afab144.txt"))
    assert names.all == ("page", "page-9674c7f58afab144")
    assert Names(unnamed("deadbeef.txt", "a_facade.txt")).all == ("deadbeef", "a_facade")


def test_a_report_says_which_outlets_have_no_name() -> None:
    notes = view(unnamed("003.txt", "004.txt")).notes
    assert "No name was found for the outlets 003, 004. Give names as in Gazette=FILE." in notes
    assert not any("No name" in note for note in view(report()).notes)


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
