"""Sentences that hide their words from a reader of the article: in code, in another language.

An order need not be in the language of the article: a model reads them all, and many codes.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from summarizer.text import machine_talk as talk
from summarizer.text.lexicon import STOP_WORDS

LEAST_CODE = 24
"""Code points of a word from which it may be a code, such as base64 or hexadecimal."""

MOSTLY = 0.6
"""The share of a sentence's letters from which it is in a script or a code as a whole."""

SAMPLE = 200
"""Letters of each sentence that are looked at to find the script of an article."""

MOST_STRANGE = 2
"""An article with more sentences in another language than this is in several."""

LEAST_LETTERS = 5
"""Letters of a sentence under which nothing is said of its script: a name may be in its own."""

MORE_FOREIGN = 2
"""A sentence has so many more small words of other languages than of the article's own, if it
is in another one: a single one stands in several languages ("alle")."""

LEAST_WORDS = 4
"""Words of a sentence under which nothing is said of its language."""

_JAPANESE = frozenset({"HIRAGANA", "KATAKANA", "CJK"})
_CODE = re.compile(rf"[A-Za-z0-9+/_-]{{{LEAST_CODE},}}={{0,2}}")
_PLAIN = str.maketrans("013457@$!", "oieastasi")
_LEET = re.compile(r"[^\W\d_][013457@$!]+[^\W\d_]|\b[014][^\W\d_]{2}")
_WORD = re.compile(r"[^\W\d_]+")
_SMALL = {
    "it": "il lo gli una uno di del della dei sul sulla nel nella che per con non è sono questo",
    "pt": "os um uma do da dos das em na para por não que é seu sua este esta",
    "nl": "het een van voor met niet dat zijn over naar deze dit alle",
    "pl": "w z na nie się jest jak że dla o po wszystkie",
    "sv": "och att en ett på för med inte som av är den det",
    "tr": "bir ve bu için ile olarak bütün tüm değil",
}
_FOREIGN = frozenset(word for words in _SMALL.values() for word in words.split())


class Surroundings:
    """The script and the language that an article is in, as far as its sentences show them.

    Args:
        sentences: The article's sentences.
        language: The language it is said to be in.
    """

    def __init__(self, sentences: Sequence[str], language: str) -> None:
        scripts = Counter(_script(c) for s in sentences for c in s[:SAMPLE] if c.isalpha())
        self._script = scripts.most_common(1)[0][0] if scripts else ""
        self._small = STOP_WORDS.get(language, frozenset())
        self._foreign = _FOREIGN.union(*STOP_WORDS.values()) - self._small
        strange = [self._in_other_language(sentence) for sentence in sentences]
        own = sum(not self._small.isdisjoint(_words(sentence)) for sentence in sentences)
        self._is_sure = own >= MOSTLY * len(sentences) and sum(strange) <= MOST_STRANGE

    def hides(self, sentence: str) -> str | None:
        """Return how a sentence hides its words from who reads the article, or None."""
        if _is_code(sentence) or self._orders_in_code(sentence):
            return "it is in code"
        if self._in_other_script(sentence):
            return "it is in another script than the article"
        if self._is_sure and self._in_other_language(sentence):
            return "it is in another language than the article"
        return None

    def _orders_in_code(self, sentence: str) -> bool:
        if _LEET.search(sentence) and not _orders(sentence) and _orders(sentence.translate(_PLAIN)):
            return True
        if not self._small.isdisjoint(_words(sentence)):
            return False
        return _orders(sentence[::-1]) or _orders(codecs.decode(sentence, "rot13"))

    def _in_other_script(self, sentence: str) -> bool:
        own = [char for char in sentence if char.isalpha()]
        others = sum(_script(char) not in (self._script, "LATIN") for char in own)
        return bool(self._script) and len(own) >= LEAST_LETTERS and others >= MOSTLY * len(own)

    def _in_other_language(self, sentence: str) -> bool:
        """Return whether a sentence has small words of others, and is no list of names."""
        words = _WORD.findall(sentence)
        lower = [word for word in words if word.islower()]
        if not self._small or len(words) < LEAST_WORDS or 2 * len(lower) < len(words):
            return False
        own = sum(word.lower() in self._small for word in words)
        others = sum(word in self._foreign for word in lower)
        return others >= own + MORE_FOREIGN and own <= 1


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    """Return the script of a letter: the first word of its name.

    Japanese is written in three scripts, and a short sentence in any one of them.
    """
    script = unicodedata.name(char, "").partition(" ")[0].partition("-")[0]
    return "CJK" if script in _JAPANESE else script


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence.lower())


def _is_code(sentence: str) -> bool:
    """Return whether most of a sentence is words of a code: long, with figures among letters."""
    if "://" in sentence or "www." in sentence:
        return False
    codes = [
        code[0]
        for code in _CODE.finditer(sentence)
        if any(c.isalpha() for c in code[0])
        and (any(c.isdigit() for c in code[0]) or code[0].endswith("="))
    ]
    return bool(codes) and sum(map(len, codes)) >= MOSTLY * len(sentence)


def _orders(text: str) -> bool:
    return any(p.search(text) is not None for p in (talk.OVERRIDE, talk.ANSWER_TALK))
