"""What a sentence denies: the words that deny, and how far each of them reaches.

After NegEx (Chapman et al. 2001): a cue denies the words that follow it up to the end of
its clause, at most a few of them. Two denials of one word affirm it: "did not rule out".
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.text.data import load
from summarizer.text.words import Word, fold, stem_of

REACH = 5
"""Content words that a cue denies, at most: NegEx has five words, function words included."""

FARTHEST = 40
"""Words on either side of a cue that are looked at, at most; no clause has so many small ones."""

LONGEST_PHRASE = 4
"""Words of a cue or an idiom, at most."""

LONGEST_OBJECT = 7
"""Words between "kept" and its "from", at most, the verb included."""

SHORTEST_POSITIVE = 4
"""Letters left of a word without its "un-", at least: "union" does not deny "ion"."""

_DATA = load("denials")

Phrases = frozenset[tuple[str, ...]]


def _phrases(rows: str) -> Phrases:
    return frozenset(tuple(fold(phrase).split()) for phrase in rows.split("|")) - {()}


_CUES: dict[str, Phrases] = {
    language: frozenset((fold(word),) for word in row.split())
    | _phrases(_DATA["phrases"].get(language, ""))
    for language, row in _DATA["words"].items()
}
_HARMLESS: dict[str, Phrases] = {name: _phrases(rows) for name, rows in _DATA["idioms"].items()}
_DETERMINERS = {name: frozenset(row.split()) for name, row in _DATA["determiners"].items()}
_PREVENTS = re.compile(
    r"\b(?:ke(?:eps?|pt|eping)|prevent\w*|stop(?:s|ped|ping)?|barr(?:ed|ing)|bann(?:ed|ing)"
    r"|block(?:s|ed|ing)?|prohibit\w*)\b[^,;:.!?]*$",
    re.IGNORECASE,
)
"""Verbs that deny with "from" what follows it; the object stands between the two."""
_UNTIL = re.compile(r"\W*(?:until|till|before|since|bis|seit|hasta|desde)\b")
_BOUNDARY = re.compile(r"[,;:.!?()\"“”«»„]|\s[-–—]\s|\s--\s")
_NO_PREFIX = re.compile(r"under|unter|uni(?![dmn])|nonet|nonch")
"""Words that begin with "un" or "non" and deny nothing: understood, Unternehmen, unique."""

_OPENS = re.compile(r"\s[\"“«„]")
"""A quotation that begins right behind a cue is what is denied: not “in the best of health”."""

_ENDS_CLAUSE = frozenset(_DATA["clauses"]["begin"].split())
_RELATIVE = frozenset(_DATA["clauses"]["relative"].split())
_PARTICLES_DE = frozenset(_DATA["clauses"]["particles_de"].split())
# Japanese denies at the end of a clause, behind what it denies.
_JAPANESE = re.compile(r"(?:なかった|ない(?!し|ぶ|か)|ません|ず(?:に|、|。)|ぬ(?:、|。))")
_CLAUSE_JA = re.compile(r"[、。「」]")


@dataclass(frozen=True, slots=True)
class Denial:
    """A word or phrase that denies, ``[start, end)`` in its text, and the words it denies.

    ``head`` is the word that the denial is about: of "no trains ran", that they ran.
    ``until``: whether it only denies for a time, "not until Friday", "not since Sunday", which
    affirms it of the rest.
    """

    text: str
    start: int
    end: int
    scope: tuple[Word, ...]
    head: Word | None = None
    until: bool = False


def denials(text: str, words: Sequence[Word], language: str = "en") -> tuple[Denial, ...]:
    """Return what a text denies, in order; ``words`` are its words."""
    if language == "ja":
        return tuple(_japanese(text, words))
    spoken = language if language in _CUES else "en"
    cues, idioms = _CUES[spoken], _HARMLESS[spoken]
    folded = [_folded(word) for word in words]
    found: list[Denial] = []
    at = 0
    while at < len(words):
        if skipped := _phrase_at(folded, at, idioms):
            at += skipped
        elif length := _phrase_at(folded, at, cues) or int(
            spoken == "en" and _is_prevented(text, words, at)
        ):
            last = words[at + length - 1]
            scope = tuple(_scope(text, words, at + length))
            if spoken == "de" and folded[at] == "nicht" and _is_bracket(scope, text):
                scope = tuple(_scope_before(text, words, at)) + scope
            start = words[at].start
            until = _UNTIL.match(text, scope[-1].end if scope else last.end) is not None
            head = _head(scope, before_noun=length == 1 and folded[at] in _DETERMINERS[spoken])
            found.append(Denial(text[start : last.end], start, last.end, scope, head, until))
            at += length
        else:
            if (positive := _without_prefix(words[at], language)) is not None:
                word = words[at]
                found.append(Denial(word.text, word.start, word.end, (positive,), positive))
            at += 1
    return tuple(found)


def denied(found: Sequence[Denial]) -> frozenset[int]:
    """Return where the words begin that are denied once, or three times, but not twice."""
    odd: set[int] = set()
    for denial in found:
        odd ^= {word.start for word in denial.scope}
    return frozenset(odd)


def _is_prevented(text: str, words: Sequence[Word], at: int) -> bool:
    """Return whether a word is the "from" of "kept the crew from landing"."""
    if fold(words[at].text) != "from" or at + 1 == len(words):
        return False
    before = text[words[max(0, at - LONGEST_OBJECT)].start : words[at].start]
    return words[at + 1].text.endswith("ing") and _PREVENTS.search(before) is not None


def _folded(word: Word) -> str:
    return "n't" if word.stem == "n't" else fold(word.text)


def _phrase_at(folded: Sequence[str], at: int, phrases: Phrases) -> int:
    """Return how many words long the longest phrase is that begins here; 0 without one."""
    lengths = range(min(LONGEST_PHRASE, len(folded) - at), 0, -1)
    return next((n for n in lengths if tuple(folded[at : at + n]) in phrases), 0)


def _scope(text: str, words: Sequence[Word], first: int) -> Iterator[Word]:
    """Yield the content words from ``first`` to the end of the clause, at most ``REACH``."""
    count = 0
    for i in range(first, min(first + FARTHEST, len(words))):
        word = words[i]
        begins = i > first and fold(word.text) in _ENDS_CLAUSE
        begins = begins or (
            count > 0 and not _of_clauses(words[first - 1]) and fold(word.text) in _RELATIVE
        )
        ends = _BOUNDARY.search(text, words[i - 1].end, word.start) is not None
        if begins or (
            ends and not (i == first and _OPENS.fullmatch(text, words[i - 1].end, word.start))
        ):
            return
        if not word.stop:
            yield word
            count += 1
        if count == REACH:
            return


def _is_bracket(scope: Sequence[Word], text: str) -> bool:
    """Return whether nothing but the rest of its verb stands behind a German "nicht".

    It denies what is before it then: "lehnt den Plan nicht ab", "antwortet nicht".
    """
    if not scope:
        return True
    last = scope[-1]
    ends = last.end == len(text) or _BOUNDARY.match(text, last.end) is not None
    return len(scope) == 1 and ends and last.text in _PARTICLES_DE


def _scope_before(text: str, words: Sequence[Word], end: int) -> Iterator[Word]:
    """Yield the content words of the clause before a cue, the verb first."""
    first, farthest = end, max(0, end - FARTHEST)
    while first > farthest and not _BOUNDARY.search(text, words[first - 1].end, words[first].start):
        first -= 1
    content = [word for word in words[first:end] if not word.stop]
    yield from sorted(content, key=lambda word: not word.text[0].islower())[:REACH]


def _head(scope: Sequence[Word], *, before_noun: bool) -> Word | None:
    told = [word for word in scope if not word.text.lower().endswith("ly")] or scope
    if before_noun and len(told) > 1:
        return told[1]
    return told[0] if told else None


def _of_clauses(cue: Word) -> bool:
    """Return whether a cue denies what a clause says: "rejects the idea that"."""
    return fold(cue.text).startswith(("den", "reject", "disput", "rechaz", "bestr", "dement"))


def _without_prefix(word: Word, language: str) -> Word | None:
    """Return the word that "un-" or "non-" before it denies, in its place; None without one."""
    text = word.text.lower()
    prefix = next((p for p in ("un", "non-", "non") if text.startswith(p)), "")
    rest = word.text[len(prefix) :]
    if language not in ("en", "de") or not prefix or len(rest) < SHORTEST_POSITIVE:
        return None
    if _NO_PREFIX.match(text):
        return None
    stem, stop = stem_of(rest, language)
    return None if stop else Word(rest, word.start, word.end, stem, stop=False)


def _japanese(text: str, words: Sequence[Word]) -> Iterator[Denial]:
    starts = [word.start for word in words]
    clauses = [0, *(mark.end() for mark in _CLAUSE_JA.finditer(text))]
    for match in _JAPANESE.finditer(text):
        start = clauses[bisect_right(clauses, match.start()) - 1]
        last = bisect_left(starts, match.start())
        first = max(bisect_left(starts, start), last - FARTHEST)
        scope = [word for word in words[first:last] if word.end <= match.start()]
        head = scope[-1] if scope else None
        yield Denial(match[0], match.start(), match.end(), tuple(scope[-REACH:]), head)
