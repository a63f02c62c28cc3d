"""Tables that were copied one cell or row a line; every text is invented."""

from __future__ import annotations

from summarizer.sources.page import read_page
from tests.support.articles import BRIDGE_BODY as BODY
from tests.support.articles import BRIDGE_TITLE as TITLE

MENU = ["Home", "News", "Sport", "Weather", "Log in"]
CELLS = [
    "Pier",
    "Built",
    "Cracks",
    "North",
    "1931",
    "12",
    "Middle",
    "1932",
    "48",
    "South",
    "1931",
    "7",
]
ROWS = [f"Lane {lane}: {lane * 400} cars an hour before the cracks" for lane in range(1, 7)]


def body_of(parts: list[str]) -> list[str]:
    text = "\n\n".join(parts)
    return [span.of(text) for span in read_page(text).body]


def test_table_is_part_of_the_article_that_it_stands_in() -> None:
    article = [*BODY[:2], *CELLS, *BODY[2:]]
    assert body_of([*MENU, TITLE, *article, "Share", "Print"]) == article


def test_rows_below_an_article_are_part_of_it() -> None:
    assert body_of([*MENU, TITLE, *BODY, *ROWS, "Share", "Print"]) == [*BODY, *ROWS]


def test_table_in_a_menu_is_no_part_of_the_article() -> None:
    assert body_of([*MENU, *CELLS, "Log in", TITLE, *BODY]) == BODY


def test_headlines_with_figures_below_a_head_of_their_own_are_none() -> None:
    heads = [f"Council decides on matter {number} of the evening" for number in range(1, 9)]
    assert body_of([*MENU, TITLE, *BODY, "Most popular", *heads]) == BODY


def test_line_of_invisible_characters_is_none() -> None:
    spaced = [line for part in BODY for line in (part, "\u200b", "\u200b\ufeff")]
    assert body_of([*MENU, TITLE, *spaced]) == BODY
