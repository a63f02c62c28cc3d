"""Words with offsets, and the stem that two forms of one word share."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer  # type: ignore[import-untyped]

from summarizer.text.data import load, load_text
from summarizer.text.numbers import number_words

_DATA = load("lexicon")
_FORMS = _DATA["forms"]

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _DATA["stop_words"].items()
}
"""Words that carry grammar and no content, by language."""

IRREGULAR: dict[str, str] = {
    form: base
    for base, *forms in map(str.split, re.split(r"[|\n]", _FORMS["irregular"].strip()))
    for form in forms
}
"""The base form of each irregular one."""

DEMONYMS: dict[str, str] = dict(pair.split("=") for pair in _FORMS["demonyms"].split())
"""The country that each adjective of a nation or a people stands for."""

NEGATIONS = frozenset(_FORMS["negations"].split())
"""Stems of words that show that a sentence denies something."""

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'"})
# Letters that Unicode does not decompose, as English-language news writes them.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "\u0131": "i"})
# Scripts written without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
# Marks belong to the letter before them: accents in NFD, the vowels of Hindi and Arabic; and so
# do soft hyphens and the joiners that some scripts spell with.
_MARKS = "".join(chr(c) for c in range(0x300, 0x10000) if unicodedata.category(chr(c))[0] == "M")
_LETTER = rf"(?:[^\W\d_{_UNSPACED}][{_MARKS}\u00ad\u200b-\u200d\u2060]*)"
_TOKEN = re.compile(
    rf"(?P<dotted>(?<!\w)(?:(?:[^\W\d_]\.){{2,9}}|(?:[A-Z]\ \.\ ){{1,8}}[A-Z]\ \.))"
    rf"|(?P<unspaced>[{_UNSPACED}]+)"
    rf"|(?P<word>{_LETTER}+(?:['’ʼ]{_LETTER}+)*)"
    rf"|(?P<number>\d+(?:[.,]\d+)*{_LETTER}*)"
)
_POSSESSIVE = re.compile(r"'(?:s|S)$")
_CONTRACTION = re.compile(r"'(?:s|re|ve|ll|d|m)$")
# A longer run of letters is no word of any language; stemming it would only cost time.
_LONGEST_WORD = 40
# Countries whose letters are also a pronoun or which news abbreviates: "US" is not "us".
_ACRONYMS = {"us": "america", "usa": "america", "uk": "britain"}
_NUMBERS = {word: str(int(value)) for word, value in number_words("en").items()}
# "-ise/-ize", "-our/-or" and "-tre/-ter" are one spelling.
_BRITISH = (
    (re.compile(r"([iy])s(e|ed|es|er|ers|ing|ation|ations)$"), r"\1z\2"),
    (re.compile(r"^(\w{3,})our(s|ed|ing|ite|ites|able)?$"), r"\1or\2"),
    (re.compile(r"tre(s|d)?$"), r"ter\1"),
)
_FOLDED_WORD = re.compile(r"\w+")
_STEMMERS = {name: snowballstemmer.stemmer(which) for name, which in _DATA["stemmers"].items()}
# A stemmer keeps the word it works on in itself, so two threads must take turns.
_STEMMING = threading.Lock()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents or invisible characters.

    The result may differ in length, so it is for comparing and never for offsets.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    plain = (c for c in decomposed if not unicodedata.combining(c))
    return "".join(c for c in plain if unicodedata.category(c) != "Cf").translate(_LETTERS)


def folded_words(text: str) -> list[str]:
    """Return the words of a text, folded, function words and figures too."""
    return _FOLDED_WORD.findall(fold(text))


class Word(NamedTuple):
    """One word of a text; a tuple, since a long document has very many of them.

    ``stem`` is what forms of one word share; ``stop``: it carries grammar and no content.
    """

    text: str
    start: int
    end: int
    stem: str
    stop: bool


def words(text: str, language: str = "en") -> tuple[Word, ...]:
    """Return the words of ``text`` in order; unspaced scripts as overlapping bigrams."""
    tokens: list[Word] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match.lastgroup != "unspaced":
            stem, stop = stem_of(match[0], language)
            tokens.append(Word(match[0], start, end, stem, stop))
            continue
        for at in range(start, max(end - 1, start + 1)):
            pair = text[at : min(at + 2, end)]
            tokens.append(Word(pair, at, at + len(pair), pair, False))
    return tuple(tokens)


@lru_cache(maxsize=65536)
def stem_of(token: str, language: str = "en") -> tuple[str, bool]:
    """Return the stem of one written word, and whether it is a stop word."""
    key = fold(token)
    if "." in token and not token[0].isdigit():
        key = re.sub("[. ]", "", key)
        return _ACRONYMS.get(key, key), False
    if token.isupper() and key in _ACRONYMS:
        return _ACRONYMS[key], False
    key = _POSSESSIVE.sub("", key)
    if language == "en":
        if key.endswith("n't"):
            return "n't", True
        key = _CONTRACTION.sub("", key)
    stops = STOP_WORDS.get(language)
    # Without a list the shortest words are the likeliest to be grammar.
    stop = key in stops if stops else len(key) <= 2 and not key.isdigit()
    if stop or language not in _STEMMERS or not key or len(key) > _LONGEST_WORD:
        return key, stop
    if language == "en":
        if key[0].isdigit() or key in _NUMBERS:
            return _NUMBERS.get(key, key), False
        key = _base_form(key)
    with _STEMMING:
        stem = str(_STEMMERS[language].stemWord(key))
    return (stem.replace("'", "") or key if language == "en" else stem), False


def _base_form(key: str) -> str:
    key = DEMONYMS.get(key) or DEMONYMS.get(key.removesuffix("s")) or key
    key = IRREGULAR.get(key, key)
    for pattern, replacement in _BRITISH:
        key = pattern.sub(replacement, key)
    return key


@lru_cache(maxsize=1)
def _thesaurus_groups() -> dict[str, str]:
    """Return the group of each stem: the stem of its row's first word."""
    groups: dict[str, str] = {}
    for row in load_text("thesaurus.txt").strip().split("\n"):
        stems = [stem_of(word)[0] for word in row.split()]
        for stem in stems:
            groups.setdefault(stem, stems[0])
    return groups


def group_of(stem: str) -> str:
    """Return what near-synonyms of a stem share; the stem itself where it has none."""
    return _thesaurus_groups().get(stem, stem)


def groups_of(stems: Iterable[str]) -> frozenset[str]:
    """Return the groups of several stems."""
    return frozenset(map(group_of, stems))
