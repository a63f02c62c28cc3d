"""Whether a wording holds another: a speaker, a hedge, a sentence that must not be said."""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.text.fold import fold
from summarizer.text.words import words

STATED_FROM = 0.8
"""The share of a text's content words that another must hold to state it: with one word in
five left out or put in other words it is still told."""

_UNSPACED_FROM = "\u0e00"
"""The first letter of the scripts that put no spaces between words."""


def holds(text: str, wanted: str, language: str = "en") -> bool:
    """Return whether ``text`` has the words of ``wanted``, whatever their case and accents.

    As one phrase, or all its content words in any order and form ("the board" in "said
    members of the Board"); a phrase of grammar only ("may", "up to") must stand as it is.
    """
    if _phrase(wanted).search(_plain(text)):
        return True
    content = _content(wanted, language)
    return bool(content) and content <= _content(text, language)


def states(text: str, statement: str, language: str = "en") -> bool:
    """Return whether ``text`` says a statement: it has most of its content words."""
    content = _content(statement, language)
    if not content:
        return bool(_phrase(statement).search(_plain(text)))
    return len(content & _content(text, language)) >= STATED_FROM * len(content)


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


@lru_cache(maxsize=4096)
def _phrase(wanted: str) -> re.Pattern[str]:
    """Return what finds a phrase at the borders of words, where its script has any."""
    plain = _plain(wanted)
    before = r"(?<!\w)" if plain[:1] < _UNSPACED_FROM else ""
    after = r"(?!\w)" if plain[-1:] < _UNSPACED_FROM else ""
    return re.compile(before + re.escape(plain) + after)


@lru_cache(maxsize=65536)
def _content(text: str, language: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text, language) if not word.stop)
