from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from summarizer.render import markdown
from tests.support.expected_output import assert_expected
from tests.support.reports import PILOT, report


def test_diff_exactly() -> None:
    assert_expected("diff.md", markdown.to_markdown(report()))


def test_articles_exactly() -> None:
    assert_expected("articles.md", markdown.articles(report()))


@pytest.mark.parametrize(
    "text",
    [
        "*bold* _it_ `code` ~~gone~~ **b**",
        "[link](http://x.example) ![i](y) <b>html</b> <script>",
        "a | b | c",
        "# heading",
        "- item",
        "+ item",
        "12. item",
        "3) item",
        "> quoted",
        "&amp; &#64; AT&T",
        "back\\slash $x$ $$y$$",
        "=== rule",
    ],
)
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown.escape(text))
    plain = html.strip().removeprefix("<p>").removesuffix("</p>")
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        plain = plain.replace(entity, sign)
    assert plain.replace("<!-- -->", "") == text


@pytest.mark.parametrize(
    "text", ["ask @someone", "see #12", "dock/quay#5", "GH-12", "https://x.example", "www.x"]
)
def test_nobody_is_notified_and_nothing_is_linked(text: str) -> None:
    assert "<!-- -->" in markdown.escape(text)


def test_an_address_within_a_word_is_let_be() -> None:
    assert markdown.escape("mo@example.org") == "mo@example.org"


def test_a_fact_cannot_leave_its_line() -> None:
    told = replace(PILOT, text="One\n\n# Two\n| a |\n\x1b[31m")
    shown = markdown.to_markdown(replace(report(), facts=(told,)))
    assert "- One # Two \\| a \\|\n" in shown
    assert "\x1b" not in shown
