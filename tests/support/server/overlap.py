"""Verdicts by overlap: which words and figures of a claim stand in a sentence or two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.support.server.prompt import Line
from tests.support.server.sentences import word_set, words

SUPPORTED = 0.75
"""Share of a claim's content words from which a passage supports it, if no figure is missing."""

CONTRADICTED = 0.6
"""Share from which a passage with another figure for the same thing contradicts a claim."""

STEM = 5
"""Letters of a word that count."""

_UNTELLING = word_set(
    """a an the of in on at to for from by with as and or but that this these those it its he she
    they them his her their there is are was were be been being has have had do does did will
    would can could may might shall should said says say who which what when where than then so
    if into out up about over after before also according reportedly allegedly told"""
)
_NUMBERS = dict(
    two="2",
    three="3",
    four="4",
    five="5",
    six="6",
    seven="7",
    eight="8",
    nine="9",
    ten="10",
    eleven="11",
    twelve="12",
)
_SCALES = frozenset({"hundred", "thousand", "million", "billion"})
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "%": "percent"}
_SIGNED = re.compile(r"[$€£]\s?(?=\d)|%")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a text is about: stems of its words, and figures, each with what it counts."""

    stems: frozenset[str]
    figures: frozenset[tuple[str, str]]

    @property
    def values(self) -> frozenset[str]:
        """The figures alone."""
        return frozenset(value for value, _ in self.figures)


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence, or two neighbours."""

    numbers: tuple[int, ...]
    contents: Contents


@dataclass(frozen=True, slots=True)
class Finding:
    """What a text has on a claim. ``overlap`` is of the passage that decides it, 0 to 1."""

    verdict: str
    sentences: tuple[int, ...]
    overlap: float


def contents(text: str) -> Contents:
    """Return what a text is about."""
    signed = _SIGNED.sub(lambda sign: f" {_SIGNS[sign[0].strip()]} ", text)
    spoken = [word.lower().removesuffix("'s").removesuffix("’s") for word in words(signed)]
    stems, figures = set(), set()
    for at, word in enumerate(spoken):
        if word[0].isdigit() or word in _NUMBERS:
            figures.add((_value(spoken, at), _unit(spoken, at)))
        elif word not in _UNTELLING and word not in _SCALES:
            stems.add(word[:STEM])
    return Contents(frozenset(stems), frozenset(figures))


def passages(sentences: Sequence[Line]) -> list[Passage]:
    """Return each sentence, then each pair of neighbours."""
    single = [Passage((line.number,), contents(line.text)) for line in sentences]
    return single + [_both(first, second) for first, second in pairwise(single)]


def find(claim: Contents, where: Sequence[Passage]) -> Finding:
    """Return what passages have on a claim."""
    best = against = Finding("not_found", (), 0.0)
    most = 0.0
    for passage in where:
        overlap = _overlap(claim, passage.contents)
        most = max(most, overlap)
        # A pair must have more than its better half has.
        if overlap >= SUPPORTED and claim.values <= passage.contents.values:
            if overlap > best.overlap:
                best = Finding("supported", passage.numbers, overlap)
        elif (
            overlap >= CONTRADICTED
            and overlap > against.overlap
            and _differs(claim, passage.contents)
        ):
            against = Finding("contradicted", passage.numbers, overlap)
    if best.sentences:
        return best
    return against if against.sentences else Finding("not_found", (), most)


def _both(first: Passage, second: Passage) -> Passage:
    a, b = first.contents, second.contents
    together = Contents(a.stems | b.stems, a.figures | b.figures)
    return Passage(first.numbers + second.numbers, together)


def _overlap(claim: Contents, passage: Contents) -> float:
    if not claim.stems:
        return float(bool(claim.values) and claim.values <= passage.values)
    return len(claim.stems & passage.stems) / len(claim.stems)


def _differs(claim: Contents, passage: Contents) -> bool:
    """Return whether a passage counts the same thing as a claim, and otherwise."""
    there = passage.values
    counted = {unit for value, unit in claim.figures if value not in there and unit}
    return any(unit in counted for _, unit in passage.figures)


def _value(spoken: Sequence[str], at: int) -> str:
    value = _NUMBERS.get(spoken[at], spoken[at].replace(",", ""))
    scale = spoken[at + 1] if at + 1 < len(spoken) else ""
    return f"{value} {scale}" if scale in _SCALES else value


def _unit(spoken: Sequence[str], at: int) -> str:
    """Return the stem of what a figure counts: the sign before it, or the word after it."""
    if at and spoken[at - 1] in _SIGNS.values():
        return spoken[at - 1][:STEM]
    for word in spoken[at + 1 : at + 3]:
        if word not in _SCALES:
            return "" if word in _UNTELLING or word[0].isdigit() else word[:STEM]
    return ""
