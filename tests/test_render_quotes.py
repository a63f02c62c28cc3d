from __future__ import annotations

import pytest

from summarizer.render.quotes import around, as_sentence, in_marks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("he said no", "“he said no”"),
        ("“No one knows”", "“No one knows”"),
        ("“No one knows, and…", "“No one knows, and…”"),
        ('"No," he said', '“"No," he said”'),
        ("“No,” he said. “Never.”", "““No,” he said. “Never.””"),
        ('It was "fine"', '“It was "fine"”'),
        ("“", "“”"),
        ("", "“”"),
    ],
)
def test_marks_are_not_doubled(text: str, shown: str) -> None:
    assert in_marks(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A whole sentence.", "A whole sentence."),
        ("A headline", "A headline"),
        ("citing two people,", "…citing two people…"),
        ("7 people died", "7 people died"),
        ("", ""),
    ],
)
def test_a_part_of_a_sentence_is_seen_to_be_one(text: str, shown: str) -> None:
    assert as_sentence(text) == shown


def test_a_quote_is_cut_around_its_value() -> None:
    text = "word " * 60 + "some 4,100 homes " + "tail " * 60
    shown = around(text.strip(), "4,100 homes")
    assert "4,100 homes" in shown
    assert shown.startswith("…word")
    assert shown.endswith("tail…")
    assert len(shown) <= 150
    assert around("short", "gone") == "short"
