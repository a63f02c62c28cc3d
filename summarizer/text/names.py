"""Names of people, places and bodies, and when two of them name one thing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from summarizer.text.data import load
from summarizer.text.words import DEMONYMS, STOP_WORDS, fold

_DATA = load("names")
TITLES, _POLITE, _OFFICES, _PARTICLES, _DAYS_AND_MONTHS, _PLACE_FIRST = (
    frozenset(_DATA[name].split())
    for name in ("titles", "polite", "offices", "particles", "days_and_months", "place_first")
)
HEADS = frozenset(_DATA["heads"].split())
"""Titles of those whom every reader of news knows by the surname."""
_ALIAS: dict[str, str] = {
    form: row.split("|")[0] for row in _DATA["aliases"].split("\n") for form in row.split("|")
}
_TRANSLITERATION = tuple(
    (re.compile(pattern), replacement) for pattern, replacement in _DATA["transliteration"]
)
_INNER = "|".join(sorted(_PARTICLES - {"the", "for"}))
_CAPITALISED = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯΑ-Ω][\w\u0300-\u036f]*(?:['’-][A-Za-zÀ-ž][\w\u0300-\u036f]*)*"
# A stop after a title belongs to the name; each look-behind is of fixed width.
_TITLE_STOP = "|".join(rf"(?<={title})\." for title in _DATA["titles_with_stop"].split())
_PART = rf"(?:(?:[A-Z]\.){{1,6}}(?!\w)|(?:al-|el-)?{_CAPITALISED}(?:{_TITLE_STOP})?)"
_RUN = re.compile(
    rf"(?<![\w.-]){_PART}(?:[ \u00a0-]{{1,2}}(?:(?:{_INNER})\s){{0,2}}{_PART}){{0,7}}"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;•|\n\"“”'‘(]|--|[-–—])\s*[\"“'‘(\[]*$")
_WORD = re.compile(r"[^\s\u00a0-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as it stands; ``key`` are its folded words without titles.

    ``sure`` is False for a single capitalised word that only opens a sentence.
    """

    text: str
    start: int
    end: int
    key: tuple[str, ...]
    sure: bool = True


def names(text: str) -> tuple[Name, ...]:
    """Return the names of ``text`` in order."""
    found = [name for match in _RUN.finditer(text) if (name := _name_in_run(text, *match.span()))]
    known = {word for name in found if name.sure for word in name.key}
    return tuple(
        name if name.sure or name.key[-1] not in known else replace(name, sure=True)
        for name in found
    )


def name_key(text: str) -> tuple[str, ...]:
    """Return the key of a name written as ``text``."""
    return _key_of_parts(_WORD.findall(text))


def bears_title(name: str, titles: Set[str] = frozenset(TITLES - _POLITE)) -> bool:
    """Return whether a name as written begins with a title or an office: "Gov. Ida Holm"."""
    first = _WORD.search(name)
    return first is not None and _fold_word(first[0]) in titles


def _name_in_run(text: str, start: int, end: int) -> Name | None:
    opens = start == 0 or _SENTENCE_START.search(text[max(0, start - 6) : start]) is not None
    parts = list(_WORD.finditer(text, start, end))
    # The word that opens a sentence has its capital from there.
    grammar = list(takewhile(lambda part: _is_grammar(part[0]), parts)) if opens else []
    parts, opens = parts[len(grammar) :], opens and not grammar
    while parts and (_is_grammar(parts[-1][0]) or _fold_word(parts[-1][0]) in _DAYS_AND_MONTHS):
        del parts[-1]
    while parts and _fold_word(parts[0][0]) in _DAYS_AND_MONTHS:
        del parts[0]
    key = _key_of_parts([part[0] for part in parts])
    if not key:
        return None
    surface = re.sub(r"['’]s?$", "", text[parts[0].start() : parts[-1].end()])
    sure = not opens or len(parts) > 1 or any(letter.isupper() for letter in surface[1:])
    start = parts[0].start()
    return Name(text=surface, start=start, end=start + len(surface), key=key, sure=sure)


def _is_grammar(word: str) -> bool:
    """Return whether a word is a stop word, and not an acronym such as "US"."""
    letters = word.replace(".", "")
    return _fold_word(word) in STOP_WORDS["en"] and not (len(letters) >= 2 and letters.isupper())


@lru_cache(maxsize=65536)
def _fold_word(word: str) -> str:
    return re.sub(r"'s?$", "", fold(word).replace(".", "")).removeprefix("al-").removeprefix("el-")


def _key_of_parts(parts: Sequence[str]) -> tuple[str, ...]:
    folded = [_fold_word(part) for part in parts]
    while len(folded) > 1 and folded[0] in TITLES and folded[1] not in _OFFICES:
        del folded[0]
    if all(len(word) < 2 for word in folded) or (len(folded) == 1 and folded[0] in TITLES):
        return ()
    return tuple(word for word in folded if word and word != "the")


class NameIndex:
    """Keys of names, their ``words`` and ``surnames``; those of one thing are found at once."""

    def __init__(self, keys: Iterable[tuple[str, ...]]) -> None:
        self._by_trace: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        known = sorted(set(keys))
        self.words = frozenset(word for key in known for word in key)
        self.surnames = frozenset(key[-1] for key in known)
        for key in known:
            for trace in _key_traces(key):
                self._by_trace[trace].append(key)

    def has(self, key: tuple[str, ...]) -> bool:
        """Return whether one of them can name the same thing as a key."""
        near = (other for trace in _key_traces(key) for other in self._by_trace.get(trace, ()))
        return any(same_key(key, other) for other in near)


def _key_traces(key: tuple[str, ...]) -> set[str]:
    """Return the words of a key and its initials: two keys of one thing have one in common."""
    words = _canonical_key(key)
    return {*words, *_initials_of(words)} if len(words) > 1 else set(words)


@lru_cache(maxsize=65536)
def same_key(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Return whether two keys of names can name one thing."""
    first, second = _canonical_key(a), _canonical_key(b)
    if first == second or set(first) - _PARTICLES == set(second) - _PARTICLES:
        return True
    short, long = sorted((first, second), key=len)
    acronym = len(short) == 1 < len(long) and len(short[0]) > 1
    return (acronym and short[0] in _initials_of(long)) or _is_short_form(short, long)


@lru_cache(maxsize=65536)
def _canonical_key(key: tuple[str, ...]) -> tuple[str, ...]:
    joined = " ".join(key)
    return tuple(skeleton(DEMONYMS.get(x, x)) for x in _ALIAS.get(joined, joined).split())


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """Return what the transliterations of a word share: Zelensky, Zelenskyy, Zelenskiy."""
    for pattern, replacement in _TRANSLITERATION:
        word = pattern.sub(replacement, word)
    return word


_PLACE_SKELETONS = frozenset(map(skeleton, _PLACE_FIRST))


def _initials_of(words: tuple[str, ...]) -> tuple[str, str]:
    """Return the first letters of a name's words, and what transliterations of them share."""
    initials = "".join(word[:1] for word in words if word not in _PARTICLES)
    return skeleton(initials), initials


def _is_short_form(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    if not short or len(short) == len(long):
        return len(short) > 1 and short[-1] == long[-1] and _same_first_name(short[0], long[0])
    if long[0] in _PLACE_SKELETONS or short[-1] != long[-1]:
        # "Apple" for "Apple Inc.", "Goldman" for "Goldman Sachs": the first word alone.
        return len(short) == 1 and short[0] == long[0] and len(short[0]) > 3
    return len(short) == 1 or short[0] in long or _same_first_name(short[0], long[0])


def _same_first_name(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return long.startswith(short) or (len(short) >= 3 and long[:3] == short[:3])
