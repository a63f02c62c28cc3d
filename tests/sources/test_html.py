"""The article in HTML pages; every page is invented."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.sources.html import read_html
from summarizer.types import OutletFrom

pytestmark = pytest.mark.slow

TITLE = "Lorvale council votes to close the old harbour bridge"
BODY = [
    "The Lorvale council voted on Tuesday to close the old harbour bridge to lorries after "
    "engineers found cracks in two of its eleven piers.",
    "Mayor Ana Weller said the closure would last at least nine months and would cost the "
    "town about 1.2 million crowns.",
    "Lorries will be sent over the northern bridge, which the council widened in 2019. Buses "
    "and cars may use the harbour bridge until the work begins in March.",
    "Shopkeepers on the harbour road fear for their trade. The council said it would speak "
    "with them next week and that no shop would lose its deliveries.",
]


def markup(body: list[str], head: str = "") -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in body)
    return (
        f"<html lang='en'><head><title>{TITLE} | Lorvale Gazette</title>{head}</head><body>"
        "<nav><a href='/'>Home</a><a href='/s'>Sport</a></nav>"
        f"<article><h1>{TITLE}</h1>{paragraphs}</article>"
        "<div class='comments'><p>First! What a silly bridge that was, said my uncle.</p></div>"
        "<footer>© 2022 The Lorvale Gazette</footer></body></html>"
    )


HEAD = (
    '<meta property="og:title" content="Lorvale council votes to close the old harbour bridge">'
    '<meta property="og:site_name" content="The Lorvale Gazette">'
    '<meta property="article:published_time" content="2022-02-01T10:00:00Z">'
)


def test_body_and_metadata_are_found() -> None:
    linked = {"@type": "NewsArticle", "author": [{"name": "Petra Holm"}]}
    script = f'<script type="application/ld+json">{json.dumps(linked)}</script>'
    reading = read_html(markup(BODY, HEAD + script))
    assert [span.of(reading.text) for span in reading.body] == BODY
    assert reading.title == TITLE
    assert reading.byline == "Petra Holm"
    assert reading.published == date(2022, 2, 1)
    assert reading.outlet == "The Lorvale Gazette"
    assert reading.outlet_from is OutletFrom.METADATA
    assert reading.language == "en"


def test_credit_lines_are_read_and_are_not_body() -> None:
    credit = "The Associated Press contributed to this report."
    reading = read_html(markup([*BODY, credit], HEAD))
    assert reading.credits == ("AP",)
    assert credit not in [span.of(reading.text) for span in reading.body]


def json_ld(article: str) -> str:
    linked = {"@type": "NewsArticle", "articleBody": article}
    return f'<script type="application/ld+json">{json.dumps(linked)}</script>'


def body_of(html: str) -> list[str]:
    reading = read_html(html)
    return [span.of(reading.text) for span in reading.body]


@pytest.mark.parametrize("between", ["\n", "", "</p><p>", "<br/>"])
def test_article_in_json_ld_has_paragraphs_where_the_page_shows_none(between: str) -> None:
    page = re.sub("<div class='comments'>.*?</div>", "", markup([], HEAD))
    assert body_of(page.replace("<body>", f"<body>{json_ld(between.join(BODY))}")) == BODY


def test_longer_article_in_json_ld_is_no_evidence_beside_a_shorter_one_that_is_seen() -> None:
    reading = read_html(markup(BODY[:2], HEAD + json_ld("\n".join(BODY))))
    assert [span.of(reading.text) for span in reading.body] == BODY[:2]
    assert any("more of an article than it shows" in warning for warning in reading.warnings)


def test_promos_and_notes_inside_html_are_not_body() -> None:
    promos = [
        '<a href="/x"><b>RIVALS BLAME THE MAYOR FOR THE STATE OF THE BRIDGE</b></a>',
        "Click here to get the Lorvale app.",
        "Get a weekly roundup in your inbox instead.",
        "Follow the latest harbour updates on our live blog.",
        "You are receiving this email because you signed up for it.",
        "This article is for subscribers only.",
    ]
    mixed = [part for pair in zip(BODY, promos, strict=False) for part in pair]
    assert body_of(markup([*mixed, *promos[4:]], HEAD)) == BODY


def test_short_article_is_not_replaced_by_the_headlines_below_it() -> None:
    feed = "".join(f"<p><a href='/{i}'>{line}</a></p>" for i, line in enumerate(BODY[1:]))
    page = re.sub("<div class='comments'>.*?</div>", "", markup(BODY[:1], HEAD))
    page = page.replace("</body>", f"<section>{feed}</section></body>")
    assert body_of(page) == BODY[:1]


def test_rows_of_a_table_are_read_without_its_lines() -> None:
    rows = [["Ilse Varden", "Civic Union", "48,210"], ["Tomas Breck", "Labour", "39,876"]]
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    head = "<tr><th>Candidate</th><th>Party</th><th>Votes</th></tr>"
    page = markup(BODY, HEAD).replace("</article>", f"<table>{head}{cells}</table></article>")
    assert body_of(page)[-2:] == [", ".join(row) for row in rows]


def test_page_that_its_scripts_fill_says_so() -> None:
    page = f"<html><body><div id='__next'><h1>{TITLE}</h1><p>Loading…</p></div></body></html>"
    reading = read_html(page)
    assert reading.body == ()
    assert "JavaScript" in reading.warnings[0]


@pytest.mark.parametrize(
    "html",
    [
        "",
        " ",
        "plain words",
        "<html>",
        "<p>" * 5_000,
        "<div>" * 3_000 + "x" + "</div>",
        "<html><script type='application/ld+json'>" + "[" * 50_000 + "</script></html>",
        "\x00\x01\ufffe<html>\x00</html>",
        "<?xml version='1.0' encoding='utf-8'?><html><body><p>x</p></body></html>",
        "<!DOCTYPE x [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]><html>&c;</html>",
    ],
)
def test_hostile_markup_never_raises(html: str) -> None:
    reading = read_html(html)
    assert all(span.end <= len(reading.text) for span in reading.body)


@settings(max_examples=40)
@given(st.lists(st.one_of(st.text(max_size=40), st.sampled_from(["<p>", "</div>", "<", "&#0;"]))))
def test_spans_are_in_order_disjoint_and_inside_the_text(parts: list[str]) -> None:
    reading = read_html(markup(BODY, "").replace(BODY[1], "".join(parts)))
    end = 0
    for span in reading.body:
        assert end <= span.start < span.end <= len(reading.text)
        end = span.end


def test_blocks_that_an_extraction_runs_together_are_paragraphs_again() -> None:
    parts = [
        "A ferry rammed the quay of Lorvale on Tuesday, the port said.",
        "Nine people were hurt and taken to hospital. The quay is shut until May.",
    ]
    html = (
        '<!doctype html><html lang="en"><head><title>Ferry rams quay</title></head><body><article>'
        '<h1>Ferry rams quay in Lorvale</h1><p class="byline">Published 1 February 2022, updated '
        f"3 March 2022</p><p>{parts[0]}</p><p>{parts[1]}</p></article></body></html>"
    )
    reading = read_html(html)
    assert [span.of(reading.text) for span in reading.body] == parts
