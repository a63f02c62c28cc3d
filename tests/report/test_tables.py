from __future__ import annotations

from dataclasses import replace

from summarizer.report.outlets import Names
from summarizer.report.parts import Table
from summarizer.report.tables import changes, figures
from summarizer.types import Span
from tests.support.reports import ABOARD, WEEKS, gazette, report


def test_figures_that_differ_stand_by_outlet() -> None:
    assert figures(report(), Names(report())) == (
        Table(
            title="Figures that differ",
            head=("Harbor Gazette", "The Daily Tern", "Northwind"),
            rows=(
                ("people aboard", "212 people", "180 passengers and 32 crew", "198 people"),
                ("how long repairs take", "about six weeks", "", "up to three months"),
            ),
        ),
    )


def test_one_conflict_is_no_table() -> None:
    for conflict in (ABOARD, WEEKS):
        shown = replace(report(), conflicts=(conflict,), facts=())
        assert figures(shown, Names(shown)) == ()


def test_two_snapshots_of_one_article_show_what_changed() -> None:
    older = replace(gazette, id="a9", source="early.txt")
    text = older.text.replace("212", "214").replace("Repairs will take about six weeks.\n", "")
    older = replace(older, text=text, body=(Span(0, len(text.rstrip())),))
    entry = replace(report().articles[3], article=older)
    shown = replace(report(), articles=(*report().articles[:3], entry))
    first = gazette.text.partition("\n")[0]
    assert changes(shown, Names(shown)) == (
        Table(
            title="What changed in Harbor Gazette",
            head=("in early.txt", "in gazette.txt"),
            rows=(
                ("changed", first.replace("212", "214"), first),
                ("added", "", "Repairs will take about six weeks."),
            ),
        ),
    )
    assert changes(report(), Names(report())) == ()
