"""What of a new report is news, in which words."""

from __future__ import annotations

import pytest

from summarizer import Article, diff
from summarizer.watch.notices import JOINED, find_news
from tests.support.articles import COURIER, GAZETTE

STORE = "The store was built in 1931 by the Halm brothers, whose statue stands beside it."
"""What the Gazette has alone."""

OWN = {
    "Herald": "Insurers from Varden sent two assessors, and the first of them arrived on Thursday.",
    "Echo": "A choir of forty pupils sang for the fire crews, and the mayor thanked them.",
}


@pytest.mark.parametrize(
    ("outlets", "words"),
    [
        (("Herald",), "Herald now reports, too, what only Gazette had: "),
        (("Herald", "Echo"), "Herald and Echo now report, too, what only Gazette had: "),
    ],
)
def test_what_others_report_now_is_told_of_one_and_of_two(
    outlets: tuple[str, ...], words: str
) -> None:
    _, known = find_news(1, diff([GAZETTE, COURIER]), {})
    fire = COURIER.body[0].of(COURIER.text)
    later = [
        Article.from_text(f"{OWN[name]}\n\n{STORE}\n\n{fire}", outlet=name) for name in outlets
    ]
    notice, _ = find_news(1, diff([GAZETTE, COURIER, *later]), known)
    assert notice is not None
    assert [line.text for line in notice.lines if line.kind == JOINED] == [words + STORE]
