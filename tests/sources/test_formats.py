"""Mail, Markdown, feeds and data; every text is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import UnusableText
from summarizer.sources.formats import read_mail, read_markdown, unquoted
from summarizer.sources.reading import read_article
from tests.support.articles import BRIDGE_BODY as BODY
from tests.support.articles import BRIDGE_TITLE as TITLE


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def body_of(name: str, text: str) -> list[str]:
    Path(name).write_text(text, encoding="utf-8")
    article = read_article(name)
    return [span.of(article.text) for span in article.body]


MARKDOWN = f"""# {TITLE}

[lorvalegazette.example](https://lorvalegazette.example) · Petra Holm · 4 minutes

![The bridge](https://img.example/a.jpg "Photo: Bo Lund")

{BODY[0].replace("Lorvale council", "[Lorvale council](https://lorvalegazette.example/c)")}

> {BODY[1].replace("Ana Weller", "*Ana Weller*").replace("1.2 million", "**1.2 million**")}

* * *

{BODY[3]}[^1]

## What comes next

{BODY[4]}

[^1]: The county pays for that.
"""


@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.txt"])
def test_markdown_is_read_without_its_marks(name: str) -> None:
    body = body_of(name, MARKDOWN)
    assert [part for part in body if part != "What comes next"] == [*BODY[:2], *BODY[3:5]]
    assert read_article(name).title == TITLE


def test_front_matter_stands_before_markdown() -> None:
    text = f"---\noutlet: Kestrel Radio\n---\n{MARKDOWN}"
    assert BODY[3] in body_of("a.md", text)
    assert read_article("a.md").outlet == "Kestrel Radio"


def test_lists_and_tables_of_markdown_are_read() -> None:
    text = "A list:\n\n- one [link](https://x.example)\n- two\n\n| a | b |\n|---|---|\n| c | 1 |\n"
    assert read_markdown(text)[0] == "A list:\n\n- one link\n\n- two\n\na, b\n\nc, 1"


@settings(max_examples=60)
@given(st.lists(st.sampled_from([*MARKDOWN.splitlines(), "- a", "1. b", "|a|", "```"])))
def test_any_markdown_is_read(lines: list[str]) -> None:
    assert "](" not in read_markdown("\n".join(lines))[0] or "```" in lines


MAIL = "\r\n".join(
    [
        "From: Lorvale Gazette <news@lorvalegazette.example>",
        "To: reader@example.org",
        "Subject: =?utf-8?Q?Morning_Briefing=3A_Bridge_to_close?=",
        "Date: Tue, 01 Feb 2022 23:30:00 -0600",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: 8bit",
        "",
        *"\n\n".join([*BODY, "You are receiving this email because you signed up."]).split("\n"),
    ]
)


@pytest.mark.parametrize("name", ["a.eml", "a.txt"])
def test_mail_is_read(name: str) -> None:
    Path(name).write_bytes(MAIL.encode())
    article = read_article(name)
    assert [span.of(article.text) for span in article.body] == BODY
    assert article.outlet == "Lorvale Gazette"
    assert article.published == date(2022, 2, 1)
    assert article.title == "Morning Briefing: Bridge to close"


def test_html_part_of_a_mail_is_read_where_the_plain_one_says_nothing() -> None:
    paragraphs = "".join(f"<p>{part}</p>" for part in BODY)
    parts = [
        "--x\nContent-Type: text/plain\n\nView this email in your browser.\n",
        f"--x\nContent-Type: text/html; charset=utf-8\n\n<html><body>{paragraphs}</body></html>\n",
    ]
    header = "From: a@b.example\nSubject: News\nContent-Type: multipart/alternative; boundary=x\n"
    assert body_of("a.eml", f"{header}\n{''.join(parts)}--x--\n") == BODY


@pytest.mark.parametrize("text", ["", "To: be or not to be.", "Q: Who?\nA: He.\nQ: Why?\n\nSo."])
def test_text_that_only_looks_like_a_mail_is_none(text: str) -> None:
    assert read_mail(text.encode()) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('<?xml version="1.0"?>\n<rss version="2.0"><channel></channel></rss>', "a news feed"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>', "a news feed"),
        ('{"article": {"title": "x"}}', "JSON data"),
    ],
)
def test_feeds_and_data_are_refused_by_name(text: str, kind: str) -> None:
    Path("a.xml").write_text(text, encoding="utf-8")
    with pytest.raises(UnusableText, match=kind) as error:
        read_article("a.xml")
    assert error.value.hint


def test_page_of_headlines_is_refused_by_name() -> None:
    items = ["Ferry fares rise again", "Court orders repayment", "Museum buys painting"]
    texts = [
        "Passengers to Estrava pay a tenth more from Monday.",
        "The former harbour master must return half of his bonus.",
        "A view of the old lighthouse comes home after a century.",
    ]
    cards = "".join(f"<div><h2>{h}</h2><p>{t}</p></div>" for h, t in zip(items, texts, strict=True))
    more = "<div><h2>Farmers ask for help</h2><p>This dry spring has cost much barley.</p></div>"
    head = '<meta property="og:type" content="website"><title>Harbour | Gazette</title>'
    page = f"<html><head>{head}</head><body><main>{cards}{more}</main></body></html>"
    Path("a.html").write_text(page, encoding="utf-8")
    with pytest.raises(UnusableText, match="a page of headlines"):
        read_article("a.html")


def test_a_quotation_inside_a_text_stays_quoted() -> None:
    text = "One line.\n> A quoted line.\nA third line.\nA fourth line."
    assert unquoted(text) == text
