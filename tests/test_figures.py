from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.figures import (
    Figure,
    FigureKind,
    Modifier,
    compatible,
    figures,
    same_quantity,
    same_value,
)


def only(text: str) -> Figure:
    (figure,) = figures(text)
    return figure


@given(st.text(alphabet="0123456789,.-–$£% amkbn tohundreyf\n"))
def test_every_figure_is_a_slice_of_its_text(text: str) -> None:
    for figure in figures(text):
        assert text[figure.start : figure.end] == figure.text


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("130,000 troops", 130_000, 130_000),
        ("130 thousand troops", 130_000, 130_000),
        ("1.2m people", 1_200_000, 1_200_000),
        ("two dozen arrests", 24, 24),
        ("half a dozen arrests", 6, 6),
        ("two hundred and fifty ferries", 250, 250),
        ("twenty-five ferries", 25, 25),
        ("10-12 people", 10, 12),
        ("between 5 and 7 people", 5, 7),
        ("hundreds of people", 200, 990),
        ("a third of voters", 100 / 3, 100 / 3),
        ("two-year inquiry", 730.5, 730.5),
        ("$1-2 million", 1e6, 2e6),
        ("$250,000 to $300,000", 250_000, 300_000),
        ("£10million", 1e7, 1e7),
    ],
)
def test_values(text: str, low: float, high: float) -> None:
    figure = only(text)
    assert (figure.low, figure.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        ("£1.2m", FigureKind.MONEY, "GBP"),
        ("19 million dollars", FigureKind.MONEY, "USD"),
        ("45%", FigureKind.PERCENT, ""),
        ("45 per cent", FigureKind.PERCENT, ""),
        ("a quarter of it", FigureKind.PERCENT, ""),
        ("the 22-year-old", FigureKind.AGE, ""),
        ("the 22 - year - old", FigureKind.AGE, ""),
        ("Ilsa Brandt, 33, said", FigureKind.AGE, ""),
        ("for six weeks", FigureKind.DURATION, "day"),
        ("12 km away", FigureKind.MEASURE, "metre"),
        ("at 7:19 p.m.", FigureKind.TIME, ""),
        ("won 2-0", FigureKind.SCORE, ""),
        ("the 21st", FigureKind.ORDINAL, ""),
    ],
)
def test_kinds(text: str, kind: FigureKind, unit: str) -> None:
    figure = only(text)
    assert (figure.kind, figure.unit) == (kind, unit)


@pytest.mark.parametrize(
    "text",
    ["a Boeing 737", "the G7", "a B-52", "on Feb. 1, 2022", "in 2014", "one of them", "No. 10"],
)
def test_names_and_dates_are_no_figures(text: str) -> None:
    assert figures(text) == ()


def test_the_counted_noun_and_its_modifier() -> None:
    figure = only("nearly 130,000 Russian troops massed")
    assert (figure.noun, figure.modifier) == ("troop", Modifier.NEARLY)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("130,000 troops", "130 thousand soldiers"),
        ("£1.2m", "1.2 million pounds"),
        ("a two-year inquiry", "24 months"),
        ("50%", "half of voters"),
    ],
)
def test_one_value_in_two_wordings(a: str, b: str) -> None:
    assert same_value(only(a), only(b))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("nearly 130,000 troops", "129,800 troops", True),
        ("about 100 people", "96 people", True),
        ("10-12 people", "11 people", True),
        ("more than 100,000 troops", "130,000 troops", False),
        ("more than 100,000 troops", "102,000 troops", True),
        ("12 people", "14 people", False),
        ("£3m", "€3m", False),
        ("12 ferries", "12 bridges", False),
    ],
)
def test_what_one_true_value_can_lie_behind(a: str, b: str, expected: bool) -> None:
    assert compatible(only(a), only(b)) is expected
    assert compatible(only(b), only(a)) is expected


def test_one_quantity_told_differently() -> None:
    here = only("Arvania has massed about 130,000 troops near the border with Tarn.")
    there = only("Arvania amassed more than 100,000 soldiers along the Tarn border.")
    assert same_quantity(here, there)
    assert not compatible(here, there)


@pytest.mark.parametrize(
    "other",
    [
        "The alliance put 8,500 troops on alert.",
        "Arvania has massed 1,200 tanks near the border with Tarn.",
        "The army of Arvania costs $130,000 an hour near the border with Tarn.",
    ],
)
def test_two_quantities_are_not_one(other: str) -> None:
    here = only("Arvania has massed about 130,000 troops near the border with Tarn.")
    assert not any(same_quantity(here, there) for there in figures(other))


def test_a_long_line_takes_time_in_proportion() -> None:
    assert len(figures("12 men, " * 5_000)) == 5_000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Die Gewerkschaft verlangt 6,5 Prozent mehr Lohn.", 6.5),
        ("La inflación fue del 3,25 por ciento.", 3.25),
        ("Wages rose by 1,200 percent.", 1200),
    ],
)
def test_a_comma_before_one_or_two_digits_is_that_of_a_decimal(text: str, value: float) -> None:
    (found,) = figures(text)
    assert (found.low, found.kind) == (value, FigureKind.PERCENT)
