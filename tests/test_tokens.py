from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.tokens import TokenCounter, estimate_tokens, load_encoding
from tests.support.folders import SHARED

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


def absent(_model: str | None) -> None:
    """Stand for a vocabulary that cannot be had."""


def test_tokens_are_counted_with_the_vocabulary_of_the_model(vocabulary: None) -> None:
    count = TokenCounter("gpt-4o")
    assert count.exact
    assert count("The ferry ran aground.") == 6
    assert count("") == 0
    assert TokenCounter("nobody-knows-this-model")(PROSE) == count(PROSE)


def test_special_tokens_are_text_like_any_other(vocabulary: None) -> None:
    assert TokenCounter()("<|endoftext|>") > 1


@pytest.mark.parametrize("unit", ["a", "天", " ", "x. ", "\n", "^"])
def test_very_long_words_are_counted_in_pieces(vocabulary: None, unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    assert 0 < TokenCounter()(text) <= len(text.encode())


def test_the_estimate_is_rather_too_high(vocabulary: None) -> None:
    counted = TokenCounter()(PROSE)
    assert counted <= estimate_tokens(PROSE) <= 1.6 * counted


def test_without_a_vocabulary_tokens_are_estimated() -> None:
    count = TokenCounter(load=absent)
    assert not count.exact
    assert count(PROSE) == estimate_tokens(PROSE) > 30


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
    assert not TokenCounter("any").exact
    load_encoding.cache_clear()


def test_tiktoken_is_loaded_on_the_first_count_only() -> None:
    code = "import sys, summarizer.tokens as t; t.TokenCounter(); print('tiktoken' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@settings(deadline=None)
@given(st.text())
def test_an_estimate_never_exceeds_the_bytes(text: str) -> None:
    assert 0 <= estimate_tokens(text) <= len(text.encode())
    assert (estimate_tokens(text) == 0) == (text == "")


def test_lone_surrogates_are_estimated() -> None:
    assert estimate_tokens("a\ud800b") > 0
