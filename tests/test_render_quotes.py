from __future__ import annotations

import pytest

from summarizer.report.quotes import around, as_sentence, in_marks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("he said no", "“he said no”"),
        ("“No one knows”", "“No one knows”"),
        ("“No one knows, and…", "“No one knows, and…”"),
        ('"No," he said', '"No," he said'),
        ("“No,” he said. “Never.”", "“No,” he said. “Never.”"),
        ('It was "fine"', '“It was "fine"”'),
        ("“", "“”"),
        ('all of it went," she said', '"all of it went," she said'),
        ('all of it went,"', "“all of it went,”"),
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
        ("that it was over—", "…that it was over…"),
        ('Surely not," she said.', '"Surely not," she said.'),
        ("Surely not,” she said.", "“Surely not,” she said."),
        ('"Suppose the ice melts.', '"Suppose the ice melts."'),
        ("She said: “Suppose the ice melts.", "She said: “Suppose the ice melts.”"),
        ('He called it "fine" and left.', 'He called it "fine" and left.'),
        ('A pipe of 5" burst.', 'A pipe of 5" burst.'),
        ("Sie sagte: „Niemals.“", "Sie sagte: „Niemals.“"),
        ("", ""),
        ('"It was a vendetta.', '"It was a vendetta."'),
        ('It will be unsealed soon."', '"It will be unsealed soon."'),
        ("“He will be cleared.", "“He will be cleared.”"),
        ("He will be cleared”.", "“He will be cleared”."),
        ("„Er wird entlastet.", "„Er wird entlastet.“"),
        ("„Nein“, sagte er.", "„Nein“, sagte er."),
        ('A 12" board broke.', 'A 12" board broke.'),
        ('"No," he said.', '"No," he said.'),
    ],
)
def test_a_part_of_a_sentence_is_seen_to_be_one(text: str, shown: str) -> None:
    assert as_sentence(text) == shown


def test_a_sentence_that_goes_on_is_seen_to_do_so() -> None:
    assert as_sentence("The board has asserted", goes_on=True) == "The board has asserted…"
    assert as_sentence("The board agreed.", goes_on=True) == "The board agreed."


def test_a_quote_is_cut_around_its_value() -> None:
    text = "word " * 60 + "some 4,100 homes " + "tail " * 60
    shown = around(text.strip(), "4,100 homes")
    assert "4,100 homes" in shown
    assert shown.startswith("…word")
    assert shown.endswith("tail…")
    assert len(shown) <= 150
    assert around("short", "gone") == "short"
