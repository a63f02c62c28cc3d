from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.report.wording import harmless, one_line, shortened


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain — “text” ß 日本 عربي", "plain — “text” ß 日本 عربي"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jgone", "gone"),
        ("\x1bc reset", " reset"),
        ("bell\x07 back\x08", "bell\ufffd back\ufffd"),
        ("\u202eevil\u202c \u2066iso\u2069", "evil iso"),
        ("zero\u200bwidth\ufeff\u00ad", "zerowidth"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("👨‍👩‍👧 می‌خواهم", "👨‍👩‍👧 می‌خواهم"),
    ],
)
def test_harmless(text: str, shown: str) -> None:
    assert harmless(text) == shown


@given(st.text())
def test_one_line_is_one_printable_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in line)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(line)
    line.encode("utf-8")


@given(st.text(), st.integers(min_value=2, max_value=50))
def test_shortened_is_a_beginning_and_fits(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text or text.startswith(short.removesuffix("…"))


def test_shortened_cuts_after_a_word() -> None:
    assert shortened("The ferry ran aground, off Port Marrow", 24) == "The ferry ran aground…"
    assert shortened("a" * 30, 10) == "a" * 9 + "…"
