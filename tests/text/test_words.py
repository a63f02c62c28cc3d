from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.data import load_text
from summarizer.text.words import fold, group_of, stem_of, words


def stems(text: str, language: str = "en") -> list[str]:
    return [word.stem for word in words(text, language)]


@given(st.text())
def test_every_word_is_a_slice_of_its_text(text: str) -> None:
    for word in words(text):
        assert text[word.start : word.end] == word.text
        assert word.start < word.end
        assert word.stem


@given(st.text(alphabet="aA.'’ -1,%é中文\n"))
def test_words_stand_in_order(text: str) -> None:
    starts = [word.start for word in words(text)]
    assert starts == sorted(starts)


def test_forms_of_a_word_share_a_stem() -> None:
    assert len(set(stems("organise organised organizing organizes"))) == 1
    assert len(set(stems("rose risen rises"))) == 1
    assert len(set(stems("colour colors"))) == 1
    assert len(set(stems("Brandt's Brandt’s Brandt"))) == 1


def test_abbreviations_lose_their_stops() -> None:
    assert stems("F.B.I.") == stems("FBI")
    assert stems("the U.S. army")[1] == stems("the US army")[1] == "america"


def test_the_country_is_not_the_pronoun() -> None:
    assert stem_of("us") == ("us", True)
    assert stem_of("US") == ("america", False)


def test_tokenised_abbreviations_are_one_word() -> None:
    assert stems("U . S . Bank")[0] == "america"


def test_a_people_stands_for_its_country() -> None:
    assert stems("Russian Ukrainians") == stems("Russia Ukraine")


def test_a_contracted_denial_is_kept() -> None:
    assert "n't" in stems("They won't go")
    assert "n't" in stems("They ca n't go")


def test_grammar_carries_no_content() -> None:
    assert all(word.stop for word in words("It is of the and that they said"))


def test_unspaced_scripts_are_bigrams() -> None:
    assert [word.text for word in words("大桥关闭")] == ["大桥", "桥关", "关闭"]
    assert [word.text for word in words("大")] == ["大"]


def test_composed_and_decomposed_letters_are_one() -> None:
    decomposed = unicodedata.normalize("NFD", "Malmö café")
    assert stems(decomposed) == stems("Malmö café")
    assert all(decomposed[w.start : w.end] == w.text for w in words(decomposed))


def test_other_languages_have_their_own_stems_and_stop_words() -> None:
    assert len(set(stems("Brücken Brücke", "de"))) == 1
    assert words("und die Brücke", "de")[0].stop
    assert words("is ym pont", "cy")[0].stop


def test_folding_evens_out_case_accents_and_apostrophes() -> None:
    assert fold("Ça n’était") == "ca n'etait"
    assert fold("Łódź") == "lodz"


def test_a_very_long_word_is_left_alone() -> None:
    assert stems("x" * 100_000) == ["x" * 100_000]


@pytest.mark.parametrize(
    "text", ["विभाग", "বন্দর", "मुंबई", "مُحَمَّد", "می\u200cخواهم", "extra\u00adordinary"]
)
def test_marks_and_invisible_joiners_do_not_tear_a_word(text: str) -> None:
    assert [word.text for word in words(text, "hi")] == [text]


def test_a_soft_hyphen_makes_no_other_word() -> None:
    assert words("extra\u00adordinary")[0].stem == words("extraordinary")[0].stem


def test_a_word_stands_in_one_group_and_no_group_has_one_word() -> None:
    rows = [row.split() for row in load_text("thesaurus.txt").strip().split("\n")]
    counts = Counter(word for row in rows for word in row)
    assert [word for word, count in counts.items() if count > 1] == []
    assert all(len(row) > 1 for row in rows)


def test_near_synonyms_share_a_group() -> None:
    assert group_of(stem_of("lawyer")[0]) == group_of(stem_of("attorneys")[0])
    assert group_of(stem_of("praised")[0]) == group_of(stem_of("applauded")[0])


def test_a_word_without_synonyms_stands_for_itself() -> None:
    assert group_of("velden") == "velden"
