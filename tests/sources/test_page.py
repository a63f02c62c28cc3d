"""The body, headline and metadata of pages that were copied whole; every text is invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.sources.page import PageReading, read_page
from summarizer.types import OutletFrom
from tests.support.growth import assert_linear

pytestmark = pytest.mark.slow

TITLE = "Lorvale council votes to close the old harbour bridge"
BODY = [
    "The Lorvale council voted on Tuesday to close the old harbour bridge to lorries after "
    "engineers found cracks in two of its eleven piers.",
    "Mayor Ana Weller said the closure would last at least nine months and would cost the "
    "town about 1.2 million crowns.",
    "“We had no choice,” she said. “Nobody wants to be the mayor who waited.”",
    "WHAT HAPPENS NEXT",
    "Lorries will be sent over the northern bridge, which the council widened in 2019. Buses "
    "and cars may use the harbour bridge until the work on the piers begins in March.",
    "Shopkeepers on the harbour road fear for their trade. The council said it would speak "
    "with them next week and that no shop would lose its deliveries.",
    "The engineers' report, which the council kept back for three weeks, will be published "
    "on Friday.",
]
HEAD = ["Skip to content", "Menu", "Home", "News", "Sport", "Sunday, December 4, 2022"]
BYLINE = "By Petra Holm February 1, 2022 11:46 PM"
BIO = (
    "Petra Holm is a reporter at the Lorvale Gazette covering transport and the town. She "
    "previously worked as a business reporter for the Morrow Post."
)
FEED = [
    "Most popular",
    "News Feed",
    "8:19 AM",
    "Quake shakes the island of Tessa.",
    "A quake of magnitude 5.1 shook the island of Tessa on Thursday night, the seismic office "
    "said. Nobody was hurt, and the ferries kept to their timetable.",
    "2:20 AM",
    "Chess champion retires at thirty.",
    "The world's third-ranked chess player said he would stop playing after the tournament in "
    "Vardo, where he lost to a girl of fourteen.",
    "MORE NEWS",
    "Subscribe",
    "Enter your email to subscribe",
    "© 2022 The Lorvale Gazette. All rights reserved.",
]


def page(*parts: str) -> str:
    return "\n\n".join(parts)


def body_of(text: str, reading: PageReading) -> list[str]:
    return [span.of(text) for span in reading.body]


def test_whole_page_gives_the_article_and_nothing_else() -> None:
    text = page(*HEAD, TITLE, BYLINE, *BODY, "Petra Holm", "Petra Holm", BIO, "Comments", *FEED)
    reading = read_page(text)
    assert body_of(text, reading) == BODY
    assert reading.title == TITLE
    assert reading.byline == "Petra Holm"
    assert reading.published == date(2022, 2, 1)
    assert reading.outlet == "The Lorvale Gazette"
    assert reading.outlet_from is OutletFrom.TEXT
    assert reading.language == "en"
    assert reading.warnings == ()


def test_no_item_of_a_feed_of_other_events_is_body() -> None:
    text = page(TITLE, BYLINE, *BODY, *FEED)
    assert not any("Tessa" in part or "chess" in part for part in body_of(text, read_page(text)))


def test_text_without_furniture_is_taken_whole() -> None:
    text = page(TITLE, *BODY)
    reading = read_page(text)
    assert body_of(text, reading) == BODY
    assert reading.title == TITLE


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\n\n", "\r\n\r\n"])
def test_newlines_do_not_shift_spans(newline: str) -> None:
    text = newline.join([TITLE, *BODY])
    assert body_of(text, read_page(text)) == BODY


def test_lines_of_wrapped_text_are_joined_to_paragraphs() -> None:
    import textwrap

    text = page(TITLE, *(textwrap.fill(part, 66) for part in BODY))
    parts = body_of(text, read_page(text))
    assert [" ".join(part.split()) for part in parts] == BODY


@pytest.mark.parametrize(
    ("line", "credits"),
    [
        ("The Associated Press contributed to this report.", ("AP",)),
        ("ab, cd/ef (AFP, dpa, Reuters)", ("AFP", "Reuters", "dpa")),
        ("(Reporting by Jo Lind; Editing by Max Orr)", ()),
        ("Source: Reuters", ("Reuters",)),
    ],
)
def test_credit_lines_are_read_and_are_not_body(line: str, credits: tuple[str, ...]) -> None:
    text = page(TITLE, *BODY, line)
    reading = read_page(text)
    assert line not in body_of(text, reading)
    assert reading.credits == credits


def test_caption_that_its_credit_is_glued_to_is_not_body() -> None:
    caption = "The harbour bridge, seen from the quay, in December.CreditJo Lind/Reuters"
    text = page(TITLE, caption, *BODY)
    assert body_of(text, read_page(text)) == BODY


def test_agency_in_the_dateline_is_a_credit_and_the_line_stays_body() -> None:
    first = "LORVALE (AP) — " + BODY[0]
    text = page(TITLE, first, *BODY[1:])
    reading = read_page(text)
    assert reading.credits == ("AP",)
    assert body_of(text, reading)[0] == first


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published : Feb 02, 2022 17:39 IST", date(2022, 2, 2)),
        ("Published February 01,2022", date(2022, 2, 1)),
        ("Updated 3 March 2022, published 1 March 2022", date(2022, 3, 1)),
        ("1. Februar 2022, 14:05 Uhr", date(2022, 2, 1)),
        ("terça-feira, 1 de março de 2022 às 20:13", date(2022, 3, 1)),
        ("2022-02-01 10:00", date(2022, 2, 1)),
        ("05/06/2022", None),
        ("February 31, 2022", None),
    ],
)
def test_dates_between_headline_and_body(line: str, published: date | None) -> None:
    assert read_page(page(TITLE, line, *BODY)).published == published


def test_clock_of_the_page_is_not_the_date_of_the_article() -> None:
    text = page("Sunday, December 4, 2022", TITLE, *BODY)
    assert read_page(text).published is None


def test_days_of_other_stories_around_the_headline_are_not_the_articles() -> None:
    items = ["Ferry fares rise again", "Jan 3, 2022", "A market for the old quay", "Jan 5, 2022"]
    above = page("Home", *items, "Town", TITLE, "Petra Holm", *BODY)
    assert read_page(above).published is None
    more = [*items, "Trams to run at night", "Dec 9, 2021"]
    between = page("Home", TITLE, "More stories", *more, *BODY)
    assert read_page(between).published is None


def test_day_above_the_headline_comes_before_that_of_a_source_in_the_article() -> None:
    text = page("Home", "Town", "February 1, 2022", TITLE, BODY[0], "Source: Report, May 3, 2021")
    assert read_page(page(text, *BODY[1:])).published == date(2022, 2, 1)


def test_former_employer_of_the_author_is_not_the_outlet() -> None:
    text = page(TITLE, *BODY, "Jo Lind was previously a business reporter for the Morrow Post.")
    assert read_page(text).outlet is None


@pytest.mark.parametrize("text", ["", " ", "\n\n\r\n", "\u3000\n"])
def test_empty_text_gives_an_empty_body_and_a_warning(text: str) -> None:
    reading = read_page(text, source="a.txt")
    assert reading.body == ()
    assert reading.warnings == ("a.txt is empty",)


def test_paywall_stub_is_said_to_be_one() -> None:
    text = page(*HEAD, TITLE, BYLINE, BODY[0], "To Read the Full Story", "Subscribe", "Sign In")
    assert any("paywall" in warning for warning in read_page(text).warnings)


def test_cookie_wall_is_said_to_be_one() -> None:
    text = page("We value your privacy", "We use cookies to improve your visit.", "Accept all")
    assert read_page(text).warnings


def test_other_scripts_are_found_too() -> None:
    body = [
        "市议会周二投票决定关闭旧港大桥，此前工程师在两座桥墩上发现了裂缝，大桥将关闭至少九个月。"
    ] * 4
    body = [
        f"{line}第{i}次会议将于下周举行，市长表示费用约为一百二十万。"
        for i, line in enumerate(body)
    ]
    text = page("旧港大桥将关闭", *body)
    reading = read_page(text)
    assert body_of(text, reading) == body
    assert reading.language == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "a" * 1_000_000,
        "(" * 300_000 + "\n" + ("AP, " * 20_000),
        "\n".join(["Share this", "8:19 AM", "A line of the page that ends a sentence."] * 300),
    ],
)
def test_huge_and_hostile_text_takes_linear_time(text: str) -> None:
    assert_linear(lambda parts: read_page(text[: parts * len(text) // 4]), 1)


LINES = st.sampled_from([*HEAD, TITLE, BYLINE, *BODY, BIO, *FEED, "", "  ", "\t“", "…", "(AP)"])


@settings(max_examples=60)
@given(st.one_of(st.text(), st.lists(st.one_of(LINES, st.text(max_size=60))).map("\n".join)))
def test_spans_are_in_order_disjoint_stripped_and_inside_the_text(text: str) -> None:
    reading = read_page(text)
    end = 0
    for span in reading.body:
        assert end <= span.start < span.end <= len(text)
        assert span.of(text) == span.of(text).strip()
        end = span.end
    assert reading.title is None or reading.title in text
