from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.denials import denials, denied
from summarizer.text.words import words
from tests.support.growth import assert_linear


def found(text: str, language: str = "en") -> list[tuple[str, str | None]]:
    """Return each cue with the word that it is about."""
    told = denials(text, words(text, language), language)
    return [(d.text, d.head.text if d.head else None) for d in told]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The gate was not closed.", [("not", "closed")]),
        ("The gate wasn't closed.", [("wasn't", "closed")]),
        ("No trains ran on Tuesday.", [("No", "ran")]),
        ("There were no injuries.", [("no", "injuries")]),
        ("Nobody was hurt.", [("Nobody", "hurt")]),
        ("She never signed it.", [("never", "signed")]),
        ("They left without paying.", [("without", "paying")]),
        ("The firm failed to pay.", [("failed", "pay")]),
        ("The firm declined to comment.", [("declined to", "comment")]),
        ("Brandt denied taking money.", [("denied", "taking")]),
        ("The driver was unharmed.", [("unharmed", "harmed")]),
        ("The union met on Monday.", []),
        ("They are understood to be underground.", []),
        ("The only unique part is universal.", []),
        ("The drone was unidentified.", [("unidentified", "identified")]),
        ('It was not "in the best of health".', [("not", "best")]),
        ("It is not only heavy, it is old.", []),
        ("No more than 40 people came.", []),
        ("Prices declined by 4 percent.", []),
    ],
)
def test_what_is_denied(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Die Brücke wurde nicht gesperrt.", "de", [("nicht", "gesperrt")]),
        ("Die Polizei fand keine Spuren.", "de", [("keine", "Spuren")]),
        ("Nicht nur die Brücke ist alt.", "de", []),
        ("La empresa no pagó las multas.", "es", [("no", "pagó")]),
        ("列車は運行しなかった。", "ja", [("なかった", "行し")]),
    ],
)
def test_other_languages(text: str, language: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, language) == expected


def test_a_denial_ends_with_its_clause() -> None:
    text = "The gate was not closed, and the road was open."
    (denial,) = denials(text, words(text))
    assert [word.text for word in denial.scope] == ["closed"]


def test_two_denials_affirm() -> None:
    text = "Vane did not rule out talks."
    told = denials(text, words(text))
    assert [text[start:].split()[0] for start in sorted(denied(told))] == ["rule"]


def test_until_affirms_the_rest() -> None:
    text = "The cows were not found until Wednesday."
    assert [denial.until for denial in denials(text, words(text))] == [True]


PIECES = st.sampled_from(
    ["not ", "no", "nicht ", "un", "from ", "kept ", "ない", "、", ". ", "“", "rule out ", "é"]
)


@given(
    st.lists(PIECES, max_size=12).map("".join),
    st.sampled_from(["en", "de", "es", "fr", "ja", "xx"]),
)
def test_denials_are_slices_of_any_text(text: str, language: str) -> None:
    for denial in denials(text, words(text, language), language):
        assert text[denial.start : denial.end] == denial.text
        assert len(denial.scope) <= 5


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Fog kept the crew from landing.", "en", [("from", "landing")]),
        ("The crew kept away from the landing strip.", "en", []),
        ("Der Rat stimmte dem Plan nicht zu.", "de", [("nicht", "stimmte")]),
    ],
)
def test_what_stands_before_a_denial(
    text: str, language: str, expected: list[tuple[str, str]]
) -> None:
    assert found(text, language) == expected


@pytest.mark.parametrize(
    ("piece", "language"), [("not ", "en"), ("nicht ", "de"), ("行かない", "ja")]
)
def test_the_cost_of_a_run_of_denials_is_linear(piece: str, language: str) -> None:
    def run(size: int) -> None:
        text = piece * size
        denials(text, words(text, language), language)

    assert_linear(run, 400)
