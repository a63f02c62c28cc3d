from __future__ import annotations

from collections import Counter

from summarizer.text.data import load_text
from summarizer.text.words import group_of, stem_of


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
