"""Outlets, headlines and days as pages give them; every page is invented."""

from __future__ import annotations

import json
from datetime import date

import pytest

from summarizer.sources.html import read_html
from summarizer.sources.metadata import outlet_of_url
from summarizer.sources.page import PageReading, read_page
from tests.support.articles import BRIDGE_BODY as BODY
from tests.support.articles import BRIDGE_TITLE as TITLE

pytestmark = pytest.mark.slow

LINK = '<link rel="canonical" href="https://www.lorvalegazette.example/a/1">'


def read(head: str, *, title: str = TITLE, above: str = "", below: str = "") -> PageReading:
    paragraphs = "".join(f"<p>{part}</p>" for part in BODY)
    return read_html(
        f"<html lang='en'><head><title>{title}</title>{head}</head><body><article><h1>{TITLE}</h1>"
        f"{above}{paragraphs}</article>{below}</body></html>"
    )


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def publisher(name: str) -> str:
    linked = {"@type": "NewsArticle", "publisher": {"name": name}}
    return f'<script type="application/ld+json">{json.dumps(linked)}</script>'


@pytest.mark.parametrize(
    ("head", "title"),
    [
        (meta("og:site_name", "Lorvale Gazette"), TITLE),
        (meta("og:site_name", f"{TITLE} - Lorvale Gazette"), TITLE),
        (meta("copyright", "Copyright © 2022 Lorvale Gazette Ltd. All Rights Reserved."), TITLE),
        (meta("twitter:site", "@gazette_lorvale") + LINK, TITLE),
        (publisher("Morrower Verlag GmbH &amp; Co. KG"), f"{TITLE} - Lorvale Gazette"),
        (meta("og:site_name", "{{site.name}}"), f"{TITLE} | Lorvale Gazette"),
        (meta("og:site_name", "%SITE_NAME%"), f"{TITLE} – Politics – Lorvale Gazette"),
        (LINK, f"{TITLE} | Politics"),
        (meta("publisher", "1999-2022 Lorvale Gazette, 4 Quay Street, Tel. +44 20 555"), TITLE),
        (meta("og:site_name", "Lorvale Gazette - Latest News, Sport and Weather | x.org"), TITLE),
        (meta("og:site_name", "01.02.2022"), f"{TITLE} | Lorvale Gazette | 01.02.2022"),
    ],
)
def test_name_of_the_outlet_is_nothing_else(head: str, title: str) -> None:
    reading = read(head, title=title)
    assert reading.outlet == "Lorvale Gazette"
    assert reading.title == TITLE


def test_outlet_in_a_copyright_line_of_a_dump_is_not_the_word_copyright() -> None:
    tail = "© Copyright 2022 The Lorvale Gazette Inc. All rights reserved."
    assert read_page("\n".join([TITLE, *BODY, tail])).outlet == "The Lorvale Gazette"


@pytest.mark.parametrize(
    ("furniture", "outlet"),
    [
        (["© 2022 Morrower Media LLC. All Rights Reserved."], None),
        (["© 2022 Hearst Communications, Inc.", "Hearst"], None),
        (["Copyright © 2002-2022 - Designed by Quay Digital Media"], None),
        (["© 2022 Harbourside Media Group", "Harbourside", "More from Harbourside"], "Harbourside"),
        (["© 2022 The Lorvale Times Company"], "The Lorvale Times"),
        (["© 2022 Morrower Media", "Follow Dunes Daily online:", "Dunes Daily"], "Dunes Daily"),
        (["Copyright © 2022 Pier TV. All rights reserved.", "© 2022 Al Morrow"], None),
        (["What's on | Eat | Move | Jobs", "MOVE", "By the Move desk", "More from Move"], None),
        (["Sportsnet", "More from Sportsnet"], "Sportsnet"),
        (
            ["Jo Lind is a reporter at the Quay Sentinel.", "© 2022 Pier TV.", "© 2022 Al Morrow."],
            "The Quay Sentinel",
        ),
        (["Daily Newsletter", "Daily Newsletter ", "Get our app"], None),
        (["Join Private Club", "Join Private Club "], None),
    ],
)
def test_the_owner_of_an_outlet_is_not_the_outlet(furniture: list[str], outlet: str | None) -> None:
    assert read_page("\n".join([TITLE, *BODY, *furniture])).outlet == outlet


def test_a_day_in_wide_digits_is_the_date_and_no_line_of_the_article() -> None:
    day = "２０２２年２月１日　朝刊　１面"
    page = "\n".join([TITLE, day, *BODY])
    reading = read_page(page)
    assert reading.published == date(2022, 2, 1)
    assert day not in [span.of(page) for span in reading.body]


def test_an_address_in_the_place_of_a_name_gives_one() -> None:
    head = meta("og:site_name", "https://www.lorvalegazette.example")
    assert read(head, title=f"{TITLE} | Motor News").outlet == "Lorvale Gazette"


@pytest.mark.parametrize(
    "suffix",
    [
        " | DW",
        " - LORVALE WELT",
        "：ロルベール新聞デジタル",
        " - Politics ㅣ 로르일보",
        " * The Pundit * by Jo Lind",
    ],
)
def test_headline_has_no_suffix_of_the_site(suffix: str) -> None:
    assert read("", title=TITLE + suffix).title == TITLE


@pytest.mark.parametrize(
    ("head", "above", "published"),
    [
        (meta("article:published_time", "2022-02-01T10:00:00Z"), "", date(2022, 2, 1)),
        (meta("article:published_time", "1970-01-01T00:00:00Z"), "", None),
        (
            meta("article:published_time", "2022-02-02T02:30:00+00:00"),
            "<p>February 1, 2022 at 9:30 p.m. CST</p>",
            date(2022, 2, 1),
        ),
        (
            meta("article:published_time", "2022-02-02T02:30:00"),
            "<p>February 1, 2022 at 9:30 p.m. CST</p>",
            date(2022, 2, 1),
        ),
        (meta("article:published_time", "2022-02-01T23:30:00-05:00"), "", date(2022, 2, 1)),
        (meta("date", "11/01/2022 12:43"), "", None),
        (meta("date", "11/01/2022") + meta("og:locale", "en_US"), "", date(2022, 11, 1)),
        (meta("article:modified_time", "2022-03-30T10:00:00Z"), "", None),
        (
            meta("article:modified_time", "2022-03-30T10:00:00Z"),
            "<p>Published 1 February 2022, updated 30 March 2022</p>",
            date(2022, 2, 1),
        ),
        (LINK.replace("/a/1", "/2022/02/01/bridge"), "", date(2022, 2, 1)),
        (meta("article:published_time", "2099-01-01"), "", None),
    ],
)
def test_day_of_publication_is_right_or_none(head: str, above: str, published: date | None) -> None:
    assert read(head, above=above).published == published


@pytest.mark.parametrize(
    "below",
    [
        "<footer>© 2019 Lorvale Gazette. All rights reserved.</footer>",
        "<aside><h3>More</h3><a href='/x'>Ferry fares rise</a> <time>5 Feb 2019</time></aside>",
        "<footer>© 1999-2022 Lorvale Gazette</footer>",
    ],
)
def test_years_and_days_below_an_article_are_not_its_own(below: str) -> None:
    assert read("", below=below).published is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.lorvalegazette.example/a", "Lorvale Gazette"),
        ("https://thelorvaletimes.example/a", "The Lorvale Times"),
        ("https://lorvale-post.example", "Lorvale Post"),
        ("https://post.example", "Post"),
    ],
)
def test_outlet_in_a_host(url: str, name: str) -> None:
    assert outlet_of_url(url) == name
