from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.figures import (
    Figure,
    FigureIndex,
    FigureKind,
    Modifier,
    compatible,
    figures,
    same_value,
)


def only(text: str) -> Figure:
    (figure,) = figures(text)
    return figure


AMOUNTS = [
    "12 workers", "about 1,200 boats", "more than 1,150 boats", "at most 30 days", "a month",
    "5 per cent", "4.9 percent", "£3m", "$3 million", "nearly $3.1m", "1,200", "12 men",
    "the third", "no more than five dollars", "10-12 people", "a dozen", "at 14:30",
    "20 minutes past two",
]  # fmt: skip
MEASURED = st.lists(st.sampled_from(AMOUNTS), max_size=8).map(
    lambda texts: [figure for text in texts for figure in figures(text)]
)


@given(MEASURED, MEASURED)
def test_an_index_of_figures_finds_all_that_are_compatible(
    known: list[Figure], asked: list[Figure]
) -> None:
    index = FigureIndex(known)
    for figure in asked:
        compared = [place for place, other in enumerate(known) if compatible(figure, other)]
        assert sorted(index.compatible(figure)) == compared
        assert index.has(figure) == bool(compared)


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
        ("a third of voters", 33, 34),
        ("12 500 crowns", 12_500, 12_500),
        ("₹2.5 lakh crore", 2.5e12, 2.5e12),
        ("₹1,25,000", 125_000, 125_000),
        ("火災で12人がけがをした。", 12, 12),
        ("約3億5000万円の損害", 3.5e8, 3.5e8),
        ("十八億円", 1.8e9, 1.8e9),
        ("3만 명이", 30_000, 30_000),
        ("约1.2万人撤离", 12_000, 12_000),
        ("100 degrees Fahrenheit", 37.2, 38.4),
        ("two-year inquiry", 730.5, 730.5),
        ("$1-2 million", 1e6, 2e6),
        ("$250,000 to $300,000", 250_000, 300_000),
        ("£10million", 1e7, 1e7),
    ],
)
def test_values(text: str, low: float, high: float) -> None:
    figure = only(text)
    assert (figure.low, figure.high) == pytest.approx((low, high), rel=0.001)


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("de", "Rund 1.500 Menschen kamen.", 1500),
        ("de", "zwölf Tote", 12),
        ("de", "3,5 Millionen Euro", 3.5e6),
        ("fr", "plus de 1 500 personnes", 1500),
        ("fr", "3,5 millions d'euros", 3.5e6),
        ("es", "más de 1.500 personas", 1500),
        ("it", "circa 2 miliardi di euro", 2e9),
        ("en", "a rate of 1.500", 1.5),
        ("hi", "5 लाख रुपये", 500_000),
    ],
)
def test_what_a_dot_and_a_word_mean_depends_on_the_language(
    language: str, text: str, value: float
) -> None:
    (figure,) = figures(text, language=language)
    assert figure.low == value


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
        ("₹2.5 lakh crore", "₹2,50,000 crore"),
        ("1.2億人", "1億2000万人"),
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
        ("12人", "15人", False),
        ("66 percent of voters", "two thirds of voters", True),
        ("38 degrees Celsius", "100 degrees Fahrenheit", True),
        ("38 degrees Celsius", "90 degrees Fahrenheit", False),
        ("not fewer than 12 stations", "15 stations", True),
        ("12 or more stations", "15 stations", True),
        ("no more than 5 stations", "6 stations", False),
        ("35.7 percent", "35.72 percent", True),
        ("1.2 percent", "1.3 percent", False),
    ],
)
def test_what_one_true_value_can_lie_behind(a: str, b: str, expected: bool) -> None:
    assert compatible(only(a), only(b)) is expected
    assert compatible(only(b), only(a)) is expected


def test_a_long_line_takes_time_in_proportion() -> None:
    assert len(figures("12 men, " * 2_000)) == 2_000


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
