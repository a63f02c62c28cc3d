"""What a sentence denies: the words that deny, and how far each of them reaches.

After NegEx (Chapman et al. 2001): a cue denies the words that follow it up to the end of
its clause, at most a few of them. Two denials of one word affirm it: "did not rule out".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.text.data import load
from summarizer.text.words import Word, fold, stem_of

# Content words that a cue denies (NegEx has five words, function words included), and words on
# either side of it that are looked at, at most; no clause has so many small ones.
_REACH, _FARTHEST = 5, 40
# Words of a cue or an idiom, and between "kept" and its "from", the verb included, at most.
_LONGEST_PHRASE, _LONGEST_OBJECT = 4, 7
_DATA = load("denials")
_CUES, _IDIOMS = (
    {
        language: {tuple(fold(phrase).split()) for phrase in row.split("|")} - {()}
        for language, row in _DATA[name].items()
    }
    for name in ("phrases", "idioms")
)
for _language, _row in _DATA["words"].items():
    _CUES.setdefault(_language, set()).update((fold(word),) for word in _row.split())
_DETERMINERS = {name: frozenset(row.split()) for name, row in _DATA["determiners"].items()}
_ENDS_CLAUSE, _RELATIVE, _PARTICLES_DE = (
    frozenset(row.split()) for row in _DATA["clauses"].values()
)
# Verbs that deny with "from" what follows it; the object stands between the two.
_PREVENTS = re.compile(
    r"\b(?:ke(?:eps?|pt|eping)|prevent\w*|stop(?:s|ped|ping)?|barr(?:ed|ing)|bann(?:ed|ing)"
    r"|block(?:s|ed|ing)?|prohibit\w*)\b[^,;:.!?]*$",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\W*(?:until|till|before|since|bis|seit|hasta|desde)\b")
_BOUNDARY = re.compile(r"[,;:.!?()\"“”«»„]|\s[-–—]\s|\s--\s")
# A quotation that begins right behind a cue is what is denied: not “in the best of health”.
_OPENS_QUOTATION = re.compile(r"\s[\"“«„]")
# Words that begin with "un" or "non" and deny nothing: understood, Unternehmen, unique, union.
_PREFIX = re.compile(
    r"(?!under|unter|uni(?![dmn])|nonet|nonch)(?:un|non-?)(?=.{4})(?P<positive>.*)", re.IGNORECASE
)
# These deny what a whole clause says: "rejects the idea that".
_DENIES_CLAUSE = re.compile("den|reject|disput|rechaz|bestr|dement")
# Japanese denies at the end of a clause, behind what it denies.
_JAPANESE = re.compile(r"(?:なかった|ない(?!し|ぶ|か)|ません|ず(?:に|、|。)|ぬ(?:、|。))")
_CLAUSE_MARK_JA = re.compile(r"[、。「」]")


@dataclass(frozen=True, slots=True)
class Denial:
    """A word or phrase that denies, ``[start, end)`` in its text, and the words it denies.

    ``head`` is the word that the denial is about: of "no trains ran", that they ran. ``until``:
    it only denies for a time ("not until Friday"), and affirms it of the rest.
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
        return tuple(_japanese_denials(text, words))
    spoken = language if language in _CUES else "en"
    folded = ["n't" if word.stem == "n't" else fold(word.text) for word in words]
    found: list[Denial] = []
    at = 0
    while at < len(words):
        idiom = _phrase_length(folded, at, _IDIOMS[spoken])
        length = 0 if idiom else _phrase_length(folded, at, _CUES[spoken])
        if not (idiom or length) and spoken == "en" and _is_prevented(text, words, at):
            length = 1
        if length:
            found.append(_denial_by_cue(text, words, folded, range(at, at + length), spoken))
        elif not idiom and (positive := _without_prefix(words[at], language)):
            word = words[at]
            found.append(Denial(word.text, word.start, word.end, (positive,), positive))
        at += idiom or length or 1
    return tuple(found)


def denied(found: Sequence[Denial]) -> frozenset[int]:
    """Return where the words begin that are denied once, or three times, but not twice."""
    odd: set[int] = set()
    for denial in found:
        odd ^= {word.start for word in denial.scope}
    return frozenset(odd)


def _phrase_length(folded: Sequence[str], at: int, phrases: set[tuple[str, ...]]) -> int:
    lengths = range(min(_LONGEST_PHRASE, len(folded) - at), 0, -1)
    return next((n for n in lengths if tuple(folded[at : at + n]) in phrases), 0)


def _is_prevented(text: str, words: Sequence[Word], at: int) -> bool:
    """Return whether a word is the "from" of "kept the crew from landing"."""
    next_word = words[at + 1].text if at + 1 < len(words) else ""
    if words[at].text.lower() != "from" or not next_word.endswith("ing"):
        return False
    before = text[words[max(0, at - _LONGEST_OBJECT)].start : words[at].start]
    return _PREVENTS.search(before) is not None


def _denial_by_cue(
    text: str, words: Sequence[Word], folded: Sequence[str], cue: range, language: str
) -> Denial:
    start, end = words[cue[0]].start, words[cue[-1]].end
    scope = _scope_behind(text, words, folded, cue.stop)
    if language == "de" and folded[cue[0]] == "nicht" and _ends_german_clause(text, scope):
        scope = [*_scope_before(text, words, cue[0]), *scope]
    until = _UNTIL.match(text, scope[-1].end if scope else end) is not None
    heads = [word for word in scope if not word.text.lower().endswith("ly")] or scope
    # What a noun behind "no" does is denied, and not the noun: "no trains ran".
    before_noun = len(cue) == 1 and folded[cue[0]] in _DETERMINERS[language] and len(heads) > 1
    head = heads[int(before_noun)] if heads else None
    return Denial(text[start:end], start, end, tuple(scope), head, until)


def _scope_behind(
    text: str, words: Sequence[Word], folded: Sequence[str], first: int
) -> list[Word]:
    """Return the content words from ``first`` to the end of the clause, at most ``_REACH``."""
    scope: list[Word] = []
    relative = frozenset() if _DENIES_CLAUSE.match(folded[first - 1]) else _RELATIVE
    for i in range(first, min(first + _FARTHEST, len(words))):
        gap = words[i - 1].end, words[i].start
        opens = i == first and _OPENS_QUOTATION.fullmatch(text, *gap)
        if not opens and _BOUNDARY.search(text, *gap):
            break
        if (i > first and folded[i] in _ENDS_CLAUSE) or (scope and folded[i] in relative):
            break
        scope += [words[i]] if not words[i].stop else []
    return scope[:_REACH]


def _ends_german_clause(text: str, scope: Sequence[Word]) -> bool:
    """Return whether at most the rest of its verb follows "nicht", which denies what is before."""
    if len(scope) != 1 or scope[0].text not in _PARTICLES_DE:
        return not scope
    return scope[0].end == len(text) or _BOUNDARY.match(text, scope[0].end) is not None


def _scope_before(text: str, words: Sequence[Word], end: int) -> list[Word]:
    """Return the content words of the clause before a cue, the verb first, at most ``_REACH``."""
    first, farthest = end, max(0, end - _FARTHEST)
    while first > farthest and not _BOUNDARY.search(text, words[first - 1].end, words[first].start):
        first -= 1
    content = [word for word in words[first:end] if not word.stop]
    return sorted(content, key=lambda word: not word.text[0].islower())[:_REACH]


def _without_prefix(word: Word, language: str) -> Word | None:
    """Return the word that "un-" or "non-" before it denies, in its place; None without one."""
    match = _PREFIX.fullmatch(word.text) if language in ("en", "de") else None
    if match is None:
        return None
    stem, stop = stem_of(match["positive"], language)
    return None if stop else Word(match["positive"], word.start, word.end, stem, stop=False)


def _japanese_denials(text: str, words: Sequence[Word]) -> Iterator[Denial]:
    for match in _JAPANESE.finditer(text):
        start, end = match.span()
        last = bisect_left(words, start, key=lambda word: word.start)
        scope = [
            word
            for word in words[max(0, last - _FARTHEST) : last]
            if word.end <= start and not _CLAUSE_MARK_JA.search(text, word.start, start)
        ]
        yield Denial(match[0], start, end, tuple(scope[-_REACH:]), scope[-1] if scope else None)
