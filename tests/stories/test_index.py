"""The index of a day in a real browser, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from summarizer.render.html import day_to_html
from summarizer.stories.output import Day, Line, StoryRow
from tests.support.browser import Browser, chromium

pytestmark = pytest.mark.slow

LABEL = "Fire in the old port closes the fish market for weeks"
TEXT = "The warehouse was insured for 4.2 million crowns, says a document that the newspaper saw."
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3


def day() -> Day:
    row = StoryRow(
        "s", LABEL, ("Gazette", "Courier"), 3, "2031-05-04", "2031-05-05", 2, 1, "r.html"
    )
    lines = [Line(TEXT, LABEL, "r.html"), Line(f"<b>{LONG}", LABEL, "r.html", sure=False)]
    return Day(
        "What each outlet reported",
        "3 articles",
        [row] * 25,
        {outlet: lines for outlet in ("Gazette", "Courier", "Herald", "Echo")},
        [Line("Injured: 14 (Gazette); 11 (Courier)", LABEL, "r.html")],
        7,
    )


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = tmp_path_factory.mktemp("day") / "index.html"
    path.write_text(day_to_html(day()), encoding="utf-8")
    with chromium() as started:
        started.open(path)
        yield started


@pytest.mark.parametrize("width", [375, 1280])
def test_the_index_fits_and_can_be_read_by_all(browser: Browser, width: int) -> None:
    browser.command(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=900,
        deviceScaleFactor=1,
        mobile=width < 500,
    )
    browser.script("for (const each of document.querySelectorAll('details')) each.open = true")
    wide = browser.script("return document.documentElement.scrollWidth")
    assert int(str(wide)) <= width
    assert browser.violations() == []
    assert browser.complaints() == []


def test_confirmed_exclusives_stand_before_the_others_and_stories_are_folded(
    browser: Browser,
) -> None:
    text = str(browser.script("return document.querySelector('details').innerText"))
    assert "1 confirmed, 1 perhaps" in text
    unsure = text.index("Other outlets may report it too")
    assert text.index(TEXT) < unsure < text.index("<b>Pneumono")
    assert "5 more stories" in str(browser.script("return document.body.innerText"))
