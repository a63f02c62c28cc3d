from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.text.sentences import sentences
from summarizer.tokens import Chunk, chunks, count_tokens, estimate_tokens, load_encoding
from summarizer.types import Article, OutletFrom, Span
from tests.support.folders import SHARED
from tests.support.growth import assert_linear

PROSE = (
    "The ferry Meridian ran aground off Port Marrow on Monday night with 212 people aboard, the "
    "coast guard said. “All of them were taken off by dawn,” its spokesman added.\n\n"
)
# sha1 of the address that tiktoken would download o200k_base from: how it names its copy.
O200K = "fb374d419588a4632f3f557e76b4b70aebbca790"


@pytest.fixture
def vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use a vocabulary that is on this machine; without one there is nothing to test."""
    folder = Path(os.environ.get("TIKTOKEN_CACHE_DIR") or SHARED / "tiktoken")
    if not (folder / O200K).exists():
        pytest.skip("needs o200k_base in TIKTOKEN_CACHE_DIR; tests download nothing")
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(folder))
    load_encoding.cache_clear()


def test_tokens_are_counted_with_the_vocabulary_of_the_model(vocabulary: None) -> None:
    assert load_encoding("gpt-4o") is not None
    assert count_tokens("The ferry ran aground.", "gpt-4o") == 6
    assert count_tokens("", "gpt-4o") == 0
    assert count_tokens(PROSE, "nobody-knows-this-model") == count_tokens(PROSE, "gpt-4o")


def test_special_tokens_are_text_like_any_other(vocabulary: None) -> None:
    assert count_tokens("<|endoftext|>") > 1


@pytest.mark.parametrize("unit", ["a", "天", " ", "x. ", "\n", "^"])
def test_very_long_words_are_counted_in_pieces(vocabulary: None, unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    assert 0 < count_tokens(text) <= len(text.encode())


def test_the_estimate_is_rather_too_high(vocabulary: None) -> None:
    counted = count_tokens(PROSE)
    assert counted <= estimate_tokens(PROSE) <= 1.6 * counted


def test_without_a_vocabulary_tokens_are_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.tokens.load_encoding", lambda _model: None)
    assert count_tokens(PROSE) == estimate_tokens(PROSE) > 30


def test_a_vocabulary_that_does_not_come_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("summarizer.tokens._model_encoding", lambda _model: time.sleep(5))
    load_encoding.cache_clear()
    assert load_encoding("slow", 0.05) is None
    load_encoding.cache_clear()


def test_a_vocabulary_that_cannot_be_had_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_model: str | None) -> None:
        raise ConnectionError("no network")

    monkeypatch.setattr("summarizer.tokens._model_encoding", fail)
    load_encoding.cache_clear()
    assert load_encoding("any") is None
    load_encoding.cache_clear()


def test_tiktoken_is_loaded_on_the_first_count_only() -> None:
    code = "import sys, summarizer.tokens; print('tiktoken' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@given(st.text())
def test_an_estimate_never_exceeds_the_bytes(text: str) -> None:
    assert 0 <= estimate_tokens(text) <= len(text.encode())
    assert (estimate_tokens(text) == 0) == (text == "")


def test_lone_surrogates_are_estimated() -> None:
    assert estimate_tokens("a\ud800b") > 0


def article(text: str, *body: Span) -> Article:
    return Article(
        id="a1",
        source="a.txt",
        sha256="",
        text=text,
        body=body or (Span(0, len(text)),),
        outlet="Harbour Gazette",
        outlet_from=OutletFrom.FLAG,
    )


def words(text: str) -> int:
    return len(text.split())


def never(_text: str) -> int:
    raise AssertionError("nothing was to be counted")


def shown(found: tuple[Chunk, ...]) -> list[list[str]]:
    return [[span.of(chunk.article.text) for span in chunk.sentences] for chunk in found]


def test_whole_sentences_up_to_the_budget() -> None:
    text = "One two three. Four five. Six seven eight nine. Ten."
    found = chunks(article(text), budget=5, count=words)
    assert shown(found) == [
        ["One two three.", "Four five."],
        ["Six seven eight nine.", "Ten."],
    ]
    assert [chunk.tokens for chunk in found] == [5, 5]
    assert found[0].text == "One two three. Four five."


def test_a_body_with_fewer_bytes_than_the_budget_is_one_chunk_and_nothing_is_counted() -> None:
    text = "One two three. Four five."
    (chunk,) = chunks(article(text), budget=len(text.encode()), count=never)
    assert chunk.text == text
    assert chunk.tokens == estimate_tokens(text)


def test_furniture_between_sentences_is_in_the_span_and_counted_but_no_sentence() -> None:
    text = "One two. Advertisement here now. Three four. Five."
    body = (Span(0, 8), Span(33, 50))
    (chunk,) = chunks(article(text, *body), budget=9, count=words)
    assert shown((chunk,)) == [["One two.", "Three four.", "Five."]]
    assert (chunk.text, chunk.tokens) == (text, 8)
    assert shown(chunks(article(text, *body), budget=7, count=words)) == [
        ["One two.", "Three four."],
        ["Five."],
    ]


def test_a_sentence_over_the_budget_is_cut_at_a_clause_or_a_space() -> None:
    text = "Short one. The ship, which came from Aldmere, struck the pier at dawn. The end came."
    found = chunks(article(text), budget=6, count=words)
    assert shown(found) == [
        ["Short one."],
        ["The ship, which came from Aldmere,"],
        ["struck the pier at dawn."],
        ["The end came."],
    ]
    assert " ".join(part for chunk in shown(found) for part in chunk) == text


def test_a_word_over_the_budget_is_cut_too() -> None:
    found = chunks(article("天" * 100), budget=7, count=len)
    assert "".join(chunk.text for chunk in found) == "天" * 100
    assert all(len(chunk.text) <= 7 for chunk in found)


def test_an_article_without_a_body_has_no_chunks() -> None:
    empty = article("Menu")
    assert chunks(article("  \n "), budget=5, count=never) == ()
    assert chunks(empty, budget=400, count=never)[0].text == "Menu"


def test_a_budget_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one token"):
        chunks(article("One."), budget=0, count=words)


COUNTS: list[Callable[[str], int]] = [words, len, lambda t: len(t) // 3, lambda t: len(t.encode())]
TEXTS = st.lists(
    st.sampled_from(["One ", "two", ". ", "! ", "天。", ", ", "\n\n", "é", "\U0001f600", " "]),
    max_size=80,
).map("".join)


@given(TEXTS, st.integers(1, 30), st.sampled_from(COUNTS), st.data())
def test_no_sentence_is_lost_or_doubled(
    text: str, budget: int, count: Callable[[str], int], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    body = (Span(cuts[0], cuts[1]), Span(cuts[2], cuts[3]))
    source = article(text, *body)
    found = chunks(source, budget=budget, count=count)
    spans = [span for chunk in found for span in chunk.sentences]
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert "".join("".join(s.of(text).split()) for s in spans) == "".join(
        "".join(part.of(text).split()) for part in body
    )
    whole = [span for part in body for span in sentences(text, part)]
    fitting = [span for span in whole if count(span.of(text)) <= budget]
    assert set(fitting) <= set(spans)
    for chunk in found:
        assert chunk.text == text[chunk.span.start : chunk.span.end]
        assert (chunk.span.start, chunk.span.end) == (
            chunk.sentences[0].start,
            chunk.sentences[-1].end,
        )
        assert count(chunk.text) <= budget or len(chunk.text) == 1


def test_a_line_of_a_megabyte_takes_time_in_proportion() -> None:
    assert_linear(lambda size: chunks(article("a" * size), budget=1000, count=len), 100_000)
