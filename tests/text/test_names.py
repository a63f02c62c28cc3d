from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.names import NameIndex, name_key, names, same_key


@given(st.text(alphabet="AaBb .'’-éÉ\nMrof"))
def test_every_name_is_a_slice_of_its_text(text: str) -> None:
    for name in names(text):
        assert text[name.start : name.end] == name.text
        assert name.key


NAMED = [
    "Zelensky", "Volodymyr Zelenskyy", "F.B.I.", "Federal Bureau of Investigation", "U.S.", "US",
    "American", "Brandt", "Ilsa Brandt", "Ilsa M. Brandt", "I. Brandt", "Department of Justice",
    "Justice Department", "Bank of Velden", "BV", "York", "New York", "Apple Inc.", "Apple", "Kiev",
    "Goldman", "Goldman Sachs", "Otto van der Halm", "Halm", "Ute Halm", "the de la Cruz", "Cruz",
]  # fmt: skip


@given(st.lists(st.sampled_from(NAMED)), st.sampled_from(NAMED))
def test_an_index_of_names_knows_what_one_of_them_names(known: list[str], asked: str) -> None:
    keys = [name_key(text) for text in known]
    key = name_key(asked)
    assert NameIndex(keys).has(key) == any(same_key(key, other) for other in keys)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Zelensky", "Volodymyr Zelenskyy"),
        ("Zelenskiy", "Zelenskyy"),
        ("F.B.I.", "Federal Bureau of Investigation"),
        ("U.S.", "United States"),
        ("US", "American"),
        ("Brandt", "Rep. Ilsa Brandt"),
        ("Ilsa Brandt", "Ilsa M. Brandt"),
        ("Department of Justice", "Justice Department"),
        ("Kiev", "Kyiv"),
        ("EU", "European Union"),
        ("Mayor Brandt", "Ms. Brandt"),
    ],
)
def test_one_name_in_two_forms(a: str, b: str) -> None:
    assert same_key(name_key(a), name_key(b))
    assert same_key(name_key(b), name_key(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ilsa Brandt", "Otto Brandt"),
        ("York", "New York"),
        ("North Korea", "South Korea"),
        ("Russia", "Ukraine"),
        ("Ilsa Brandt", "Ilsa Orrin"),
    ],
)
def test_two_names(a: str, b: str) -> None:
    assert not same_key(name_key(a), name_key(b))


def test_names_in_a_text() -> None:
    found = names(
        "On Friday Mayor Ilsa Brandt met Mr. Orrin of Tarn Bank. Police said Orrin's car left."
    )
    assert [name.text for name in found] == [
        "Mayor Ilsa Brandt", "Mr. Orrin of Tarn Bank", "Police", "Orrin",
    ]  # fmt: skip
    assert found[0].key == ("ilsa", "brandt")
    assert [name.sure for name in found] == [True, True, False, True]


def test_a_word_that_opens_a_sentence_is_sure_once_it_is_a_name_elsewhere() -> None:
    first, second = names("Brandt spoke. They heard Brandt.")
    assert first.sure
    assert same_key(first.key, second.key)
