"""One article in the forms that people paste it in; every text is invented."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from summarizer.sources.formats import unquoted
from summarizer.sources.page import read_page
from tests.support.articles import BRIDGE_BODY as BODY
from tests.support.articles import BRIDGE_TITLE as TITLE

pytestmark = pytest.mark.slow


def body_of(text: str) -> list[str]:
    return [" ".join(span.of(text).split()) for span in read_page(text).body]


@pytest.mark.parametrize("width", [24, 32, 40, 44, 46, 60, 72, 90, 120, 150])
def test_text_wrapped_at_any_width_is_whole(width: int) -> None:
    text = "\n\n".join("\n".join(textwrap.wrap(part, width)) for part in [TITLE, *BODY])
    assert body_of(text) == BODY


def test_wrapped_text_whose_paragraphs_are_told_by_an_indent_is_whole() -> None:
    blocks = [textwrap.fill(part, 56, initial_indent="    ") for part in BODY]
    assert body_of("\n".join([TITLE, "", *blocks])) == BODY


def test_double_spaced_text_is_whole() -> None:
    lines = [line for part in [TITLE, *BODY] for line in textwrap.wrap(part, 72)]
    assert " ".join(body_of("\n\n".join(lines))) == " ".join(BODY)


@pytest.mark.parametrize("width", [None, 70])
@pytest.mark.parametrize("mark", ["> ", ">", ">> "])
def test_text_quoted_in_a_mail_is_whole(width: int | None, mark: str) -> None:
    blocks = [textwrap.fill(part, width) if width else part for part in [TITLE, *BODY]]
    text = "\n".join(f"{mark}{line}" for line in "\n\n".join(blocks).split("\n"))
    assert body_of(unquoted(text)) == BODY


def test_wrapped_chinese_is_whole() -> None:
    part = (
        "市议会周二投票决定关闭旧港大桥，此前工程师在两座桥墩上发现了裂缝，大桥将关闭至少九个月。"
    )
    parts = [f"{part}第{i}次会议将于下周举行，市长表示费用约为一百二十万。" for i in range(4)]
    wrapped = ["\n".join(p[k : k + 20] for k in range(0, len(p), 20)) for p in parts]
    text = "\n\n".join(["旧港大桥将关闭", *wrapped])
    assert ["".join(span.of(text).split()) for span in read_page(text).body] == parts


def test_list_of_headlines_is_not_taken_for_wrapped_text() -> None:
    heads = [f"Council decides on matter number {i} of the long evening" for i in range(8)]
    text = "\n".join([TITLE, *BODY, "Most popular", *heads])
    assert body_of(text) == BODY


BOXES = [
    ["Read More", "Canals fill up as rain returns to the valley", "Keep out of the ferry war"],
    ["Sign up for our Morning Wire newsletter", "Your e-mail address", "Sign Up"],
    ["Article content", "Advertisement 1", "Story continues below", "Article content"],
    ["This advertisement has not loaded yet, but your article continues below."],
    ["Mehr zum Thema", "Fähre nach Estrava: Die Preise steigen", "Wo die Krisen lauern"],
    ["Related Stories", "Painting of the lighthouse returns", "2 hours ago", "Share"],
    ["Lire aussi", "Le marché aux poissons rouvre", "Abonnez-vous"],
]


@pytest.mark.parametrize("box", BOXES, ids=lambda box: box[0])
@pytest.mark.parametrize("place", [2, 4])
def test_article_goes_on_below_a_box(box: list[str], place: int) -> None:
    head = [TITLE, "By Petra Holm", "Published Feb 1, 2022 • 3 minute read", ""]
    tail = ["Topics", "Lorvale", "© 2022 The Lorvale Gazette Inc. All rights reserved."]
    rows = [*head, *BODY[:place], "", *box, "", *BODY[place:], *tail]
    assert body_of("\n".join(rows)) == BODY


HOURS: dict[str, Callable[[int], list[str]]] = {
    "hour": lambda i: [f"{19 - i}.{10 + i}"],
    "hour and head": lambda i: [f"{19 - i}:{10 + i} Uhr", f"Stage {i} of the day"],
    "day and hour": lambda i: [f"1 Feb 2022 {19 - i}.{10 + i} GMT", f"Stage {i} of the day"],
    "ago": lambda i: [f"{i + 2}h ago", f"Stage {i} of the day"],
    "by whom": lambda i: [f"{i + 1} hr {i + 9} min ago", f"From our reporter Bo Lund{i}"],
}


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_entries_of_a_live_blog_are_all_read(hour: str, gap: str) -> None:
    rows = [TITLE, "Tue 1 Feb 2022 19.02 GMT"]
    for i, part in enumerate(BODY):
        rows += [*HOURS[hour](i), part, "Share"] + ["Updated at 18.44 GMT"] * (i % 2)
    read = body_of(gap.join([*rows, "Topics", "Lorvale"]))
    assert [part for part in BODY if part not in read] == []
    assert not {"Share", "Updated at 18.44 GMT", *HOURS[hour](1)[:1]} & set(read)


def test_feed_with_hours_below_an_article_is_no_live_blog() -> None:
    feed = [
        row
        for i in range(5)
        for row in (f"{19 - i}:1{i}", f"The {i}th ferry of the winter left Tessa with forty cows.")
    ]
    assert body_of("\n".join([TITLE, *BODY, "Most read", *feed])) == BODY


def test_list_of_goods_that_is_left_out_is_told() -> None:
    goods = [
        row
        for i in range(12)
        for row in (
            f"Harbour lantern, model {i} (brass)",
            "Bright enough for a small quay",
            "Runs on two cells for a week",
            f"${20 + i}.00",
            "Buy Now",
        )
    ]
    text = "\n".join([TITLE, *BODY[:1], *goods])
    reading = read_page(text)
    assert goods[0] in body_of(text) or any("left out" in each for each in reading.warnings)


def test_questions_and_answers_are_all_read() -> None:
    rows = [row for part in BODY for row in ("Q: And what did the council say?", f"A: {part}")]
    read = body_of("\n\n".join([TITLE, *rows]))
    assert [row for row in rows if row not in read] == []


def test_transcript_is_read_whole() -> None:
    rows = [f"{('WELLER', 'HOST')[i % 2]}: {part}" for i, part in enumerate(BODY)]
    assert body_of("\n".join([TITLE, *rows])) == rows


def table(*parts: str) -> str:
    return "\n".join([TITLE, "By Petra Holm", *parts])


@pytest.mark.parametrize("at_end", [True, False])
def test_rows_of_results_are_read(at_end: bool) -> None:
    names = ["Ilse Varden", "Tomas Breck", "Corin Ashby", "Jo Lind", "Max Orr"]
    rows = [f"{name} Civic Union {4000 + 317 * i} 1{i}.3" for i, name in enumerate(names)]
    parts = [*BODY[:3], *rows] if at_end else [*BODY[:2], *rows, *BODY[2:]]
    read = body_of(table(*parts))
    assert [part for part in parts if part not in read] == []


def test_much_prose_that_is_left_out_is_told() -> None:
    other = [
        "A quake of magnitude 5.1 shook the island of Tessa on Thursday night, its seismic office "
        "wrote. Nobody was hurt, and the ferries kept to their timetable.",
        "On the same evening a fire destroyed a barn in Morrow, where forty cows died although "
        "neighbours had tried for an hour to lead them out.",
    ]
    text = "\n".join([TITLE, *BODY[:2], "31 comments", *other, *other])
    reading = read_page(text, source="a.txt")
    kept = body_of(text)
    assert all(part in kept for part in BODY[:2])
    assert other[0] in kept or any("left out" in warning for warning in reading.warnings)


Read = Callable[[str], list[str]]


def test_table_and_boxes_cost_in_proportion() -> None:
    from tests.support.growth import assert_linear

    rows = [
        "Share",
        "8.19",
        "A line of the page, which is long enough to end a sentence.",
        "Row 1 2",
    ]
    assert_linear(lambda size: read_page("\n".join([TITLE, *BODY, *rows * size])), 30)


def test_list_that_is_left_out_below_the_article_is_told() -> None:
    rounds = [f"{n}. Runde in {town}" for n, town in enumerate(TOWNS, 1)]
    text = "\n".join(["Kalender der Ruderliga steht fest", *rounds])
    reading = read_page(text)
    read = sum(span.of(text).startswith(tuple("123456789")) for span in reading.body)
    assert read > len(rounds) / 2 or reading.warnings


TOWNS = ("Selwick", "Tarrow", "Lorvale", "Vardo", "Estrava", "Halm", "Lindo", "Tessa", "Morrow")
