from __future__ import annotations

from dataclasses import replace

from summarizer.report.outlets import Names
from summarizer.report.parts import Table
from summarizer.report.tables import changes, tables
from summarizer.types import DiffReport, Fact, Span, Status
from tests.support.reports import ABOARD, WEEKS, article, fact, gazette, mention, northwind, report

COURIER = article(
    8,
    "Courier",
    "The mill burned on 3 March 2031. Police sealed the yard on Monday. "
    "It will be pulled down on Friday. The owner spoke on 4 March 2031. "
    "A second fire broke out yesterday. The inquiry has run since 2 March 2031. "
    "“It was arson,” said Ana Delore. Nobody, said Piet Aldous, was inside. Police said no more.",
)


def made(*facts: Fact, conflicts: bool = False) -> dict[str, Table]:
    """Return the tables of a report of these facts, by title."""
    shown: DiffReport = replace(
        report(), facts=facts, conflicts=report().conflicts if conflicts else ()
    )
    return {table.title: table for table in tables(shown, Names(shown))}


def told(number: int, quote: str, **more: str) -> Fact:
    return fact(number, quote, Status.UNIQUE, mention(COURIER, quote, **more))


def test_figures_that_differ_stand_by_outlet() -> None:
    assert made(conflicts=True)["Figures that differ"] == Table(
        title="Figures that differ",
        head=("Harbor Gazette", "The Daily Tern", "Northwind"),
        rows=(
            ("people aboard", "212 people", "180 passengers and 32 crew", "198 people"),
            ("how long repairs take", "about six weeks", "", "up to three months"),
        ),
    )


def test_one_conflict_is_no_table() -> None:
    for conflict in (ABOARD, WEEKS):
        shown = replace(report(), conflicts=(conflict,), facts=())
        assert tables(shown, Names(shown)) == ()


def test_a_timeline_has_the_days_of_what_happened_in_order() -> None:
    table = made(
        told(1, "The owner spoke on 4 March 2031."),
        told(2, "A second fire broke out yesterday."),
        told(3, "Police sealed the yard on Monday."),
        told(4, "The mill burned on 3 March 2031."),
        told(5, "It will be pulled down on Friday."),
        told(6, "The inquiry has run since 2 March 2031."),
    )
    assert "Timeline" not in table
    days = made(
        told(1, "The owner spoke on 4 March 2031."),
        told(2, "A second fire broke out yesterday."),
        told(3, "It will be pulled down on Friday."),
        fact(
            4,
            "The ferry sailed on 1 March 2031.",
            Status.SHARED,
            mention(gazette, "Repairs will take about six weeks."),
            mention(northwind, "repairs would take up to three months"),
        ),
    )["Timeline"]
    assert days.rows == (
        ("2031-03-01", "The ferry sailed on 1 March 2031.", "Harbor Gazette, Northwind"),
        ("2031-03-03", "A second fire broke out yesterday.", "Courier"),
        ("2031-03-04", "The owner spoke on 4 March 2031.", "Courier"),
    )


def test_only_speakers_whom_the_passage_names_have_said_something() -> None:
    delore = "“It was arson,” said Ana Delore."
    again = article(9, "Tern", f"Rain fell. {delore}")
    shared = fact(
        1,
        delore,
        Status.SHARED,
        mention(COURIER, delore, speaker="Ana Delore"),
        mention(again, delore, speaker="Ana Delore"),
    )
    alone = told(2, "Nobody, said Piet Aldous, was inside.", speaker="Piet Aldous")
    unsure = told(3, "A second fire broke out yesterday.", speaker="Ana Delore")
    unnamed = told(4, "Police said no more.", speaker="Police")
    assert "Who said what" not in made(shared, unsure, unnamed)
    assert "Who said what" not in made(alone, replace(alone, id="f9"))
    assert made(alone, shared, unsure, unnamed)["Who said what"].rows == (
        ("Ana Delore", delore, "Courier, Tern"),
        ("Piet Aldous", "Nobody, said Piet Aldous, was inside.", "Courier"),
    )


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
