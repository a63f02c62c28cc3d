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

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'"})
# Letters that Unicode does not decompose, as English-language news writes them.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "\u0131": "i"})


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents or invisible characters.

    The result may differ in length, so it is for comparing and never for offsets.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    plain = "".join(
        char
        for char in decomposed
        if not unicodedata.combining(char) and unicodedata.category(char) != "Cf"
    )
    return plain.translate(_LETTERS)


_DATA = load("lexicon")

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _DATA["stop_words"].items()
}
"""Words that carry grammar and no content, by language."""

IRREGULAR: dict[str, str] = {
    form: line.split()[0]
    for row in _DATA["forms"]["irregular"].split("\n")
    for line in row.split("|")
    for form in line.split()[1:]
}
"""The base form of each irregular one."""

DEMONYMS: dict[str, str] = dict(pair.split("=") for pair in _DATA["forms"]["demonyms"].split())
"""The country that each adjective of a nation or a people stands for."""

NEGATIONS = frozenset(_DATA["forms"]["negations"].split())
"""Stems of words that show that a sentence denies something."""


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
# A stemmer keeps the word it works on in itself, so two threads must take turns.
_STEMMING = threading.Lock()
_STEMMERS = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


class Word(NamedTuple):
    """One word of a text; a tuple, since a long document has very many of them.

    ``text == document[start:end]``. ``stem`` is what forms of one word share; ``stop``
    says that the word carries grammar and no content.
    """

    text: str
    start: int
    end: int
    stem: str
    stop: bool


def words(text: str, language: str = "en") -> tuple[Word, ...]:
    """Return the words of ``text`` in order; unspaced scripts as overlapping bigrams."""
    found: list[Word] = []
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "unspaced":
            found.extend(_bigrams(match[0], match.start()))
        else:
            token = match[0]
            stem, stop = stem_of(token, language)
            found.append(Word(token, match.start(), match.end(), stem, stop))
    return tuple(found)


@lru_cache(maxsize=65536)
def stem_of(token: str, language: str = "en") -> tuple[str, bool]:
    """Return the stem of one written word, and whether it is a stop word."""
    if "." in token and not token[0].isdigit():
        key = fold(token.replace(".", "").replace(" ", ""))
        return _ACRONYMS.get(key, key), False
    if token.isupper() and fold(token) in _ACRONYMS:
        return _ACRONYMS[fold(token)], False
    key = _POSSESSIVE.sub("", fold(token))
    if language != "en":
        return _foreign_stem(key, language)
    if key.endswith("n't"):
        return "n't", True
    key = _CONTRACTION.sub("", key)
    stop = key in STOP_WORDS["en"]
    return (key if stop else _english_stem(key)), stop


def _english_stem(key: str) -> str:
    if not key or len(key) > _LONGEST_WORD or key[0].isdigit():
        return key
    if key in _NUMBERS:
        return _NUMBERS[key]
    singular = key[:-1] if key.endswith("s") else key
    if country := DEMONYMS.get(key) or DEMONYMS.get(singular):
        key = country
    key = IRREGULAR.get(key, key)
    for pattern, replacement in _BRITISH:
        key = pattern.sub(replacement, key)
    return _stemmed(key, "en").replace("'", "") or key


def _foreign_stem(key: str, language: str) -> tuple[str, bool]:
    stops = STOP_WORDS.get(language)
    # Without a list the shortest words are the likeliest to be grammar.
    stop = key in stops if stops else len(key) <= 2 and not key.isdigit()
    if stop or language not in _STEMMERS or len(key) > _LONGEST_WORD:
        return key, stop
    return _stemmed(key, language), stop


def _stemmed(key: str, language: str) -> str:
    with _STEMMING:
        return str(_stemmer(language).stemWord(key))


@lru_cache(maxsize=len(_STEMMERS))
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(_STEMMERS[language])


def _bigrams(run: str, start: int) -> list[Word]:
    if len(run) == 1:
        return [Word(run, start, start + 1, run, False)]
    return [
        Word(run[i : i + 2], start + i, start + i + 2, run[i : i + 2], False)
        for i in range(len(run) - 1)
    ]


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    """Return the group of each stem: the stem of its row's first word."""
    groups: dict[str, str] = {}
    for row in load_text("thesaurus.txt").strip().split("\n"):
        stems = [stem_of(word)[0] for word in row.split()]
        for stem in stems:
            groups.setdefault(stem, stems[0])
    return groups


def group_of(stem: str) -> str:
    """Return what near-synonyms of a stem share; the stem itself where it has none."""
    return _groups().get(stem, stem)


def groups_of(stems: Iterable[str]) -> frozenset[str]:
    """Return the groups of several stems."""
    return frozenset(map(group_of, stems))
