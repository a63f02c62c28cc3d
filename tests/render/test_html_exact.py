"""What is marked in the page is just what the report says, whatever the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings

from summarizer.render.html import to_html
from summarizer.render.html_articles import differing
from summarizer.report.wording import in_place
from summarizer.types import Detail, DiffReport, Mention, Span
from tests.support.generated_reports import reports
from tests.support.html_page import Page
from tests.support.reports import ABOARD, northwind, report

pytestmark = pytest.mark.slow

GENERATED = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def covered(spans: Iterable[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def evidence(shown: DiffReport) -> dict[tuple[str, str], set[int]]:
    """Return which characters of which article rest on which fact or conflict."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)

    def add(name: str, mentions: Iterable[Mention | Detail], value: str = "") -> None:
        for mention in mentions:
            found[mention.article.id, name] |= covered(differing(mention, value))

    for fact in shown.facts:
        add(fact.id, (*fact.mentions, *fact.details))
    for conflict in shown.conflicts:
        for position in conflict.positions:
            add(conflict.id, position.mentions, position.value)
    return dict(found)


def on_the_page(shown: DiffReport, page: Page) -> dict[tuple[str, str], set[int]]:
    """Return the evidence of what the page shows: no line in the same words as another."""
    return {key: places for key, places in evidence(shown).items() if key[1] in page.ids}


@GENERATED
@given(reports())
def test_every_article_is_there_whole_and_each_highlight_is_exact(shown: DiffReport) -> None:
    page = Page(to_html(shown))
    expected = on_the_page(shown, page)
    marked: dict[tuple[str, str], set[int]] = {}
    for summary in shown.articles:
        article, read = summary.article, page.articles[summary.article.id]
        assert read.text == in_place(article.text)
        for name, stretches in read.rests.items():
            marked[article.id, name] = covered(Span(*stretch) for stretch in stretches)
        plain = covered(summary.uncited) - covered(
            span
            for (where, _), characters in expected.items()
            if where == article.id
            for span in (Span(at, at + 1) for at in characters)
        )
        assert covered(Span(*stretch) for stretch in read.uncited) == plain
    assert marked == expected
    assert_links_lead_somewhere(page)


def assert_links_lead_somewhere(page: Page) -> None:
    """Fail if a link inside the page leads anywhere but to where its passage begins."""
    assert len(page.ids) == len(set(page.ids))
    hrefs = {str(known["href"]) for _, known in page.elements if known.get("href")}
    inside = {href.removeprefix("#") for href in hrefs if href.startswith("#")}
    assert inside <= set(page.ids)
    assert {href for href in hrefs if not href.startswith("#")} <= {
        "https://a.example/b",
        "data:,",
    }
    for name, read in page.articles.items():
        for target, at in read.targets.items():
            assert target == f"{name}-{at}"


def test_a_differing_figure_is_marked_and_not_the_whole_passage() -> None:
    told = ABOARD.positions[2]
    (marked,) = differing(told.mentions[0], told.value)
    assert marked.of(northwind.text) == "198 people"
    assert differing(told.mentions[0], "two hundred") == told.mentions[0].evidence
    page = Page(to_html(report())).articles["a3"]
    assert [page.text[a:b] for a, b in page.rests["c1"]] == ["198 people"]


def test_text_that_does_nothing_is_not_changed_at_all() -> None:
    page = Page(to_html(report()))
    for summary in report().articles:
        assert page.articles[summary.article.id].text == summary.article.text


def test_in_place_keeps_length_and_every_letter_that_does_nothing() -> None:
    text = "naïve \u200f\u00ad🚢 \r\n\t\x1b[31m\u202e\x9b\ud800\U000e0041"
    assert in_place(text) == "naïve \u200f\u00ad🚢 \r\n\t�[31m����"
