"""Reading a prompt as a model does: what stands between the marks, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLOCK = re.compile(r"^<<<(\S+) ([^\n]+)\n(.*?)^\2 \1>>>$", re.MULTILINE | re.DOTALL)
_ARTICLE = re.compile(r"article ([A-Z]+)")
_PART = re.compile(r"\[([a-z]): ([^\[\]]*)\]")
_UNIT = re.compile(r"^([A-Z]+\d+): (.*)$", re.MULTILINE)
_LINE = re.compile(r"^(\d+): (.*?)(?: \[\d+(?:, \d+)*\])?$", re.MULTILINE)
_AT_MOST = re.compile(r"at most (\d+) sentences?")

_RULE = re.compile(r"^- (\w+):", re.MULTILINE)
_OPINION = re.compile(r"(?<!no )(?<!without )\bopinions?\b", re.IGNORECASE)

FEW = 3
"""Sentences of a summary where the prompt does not say how many."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or a claim with its number."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence of one of several articles, or a marked part of one, by its name: "A4b"."""

    article: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a prompt shows: the sentences of an article, claims, the length of a summary.

    ``claims`` are claims or statements; ``units`` the sentences of several articles, or their
    parts; ``omissions`` the numbers of sentences that were left out. ``asks_speaker`` is false
    where it has rules for parts of the answer, and none for that; ``asks_opinion`` is true
    where it wants opinions.
    """

    sentences: tuple[Line, ...]
    claims: tuple[Line, ...]
    at_most: int
    units: tuple[Unit, ...] = ()
    omissions: tuple[Line, ...] = ()
    asks_speaker: bool = True
    asks_opinion: bool = False

    @property
    def body(self) -> tuple[Line, ...]:
        """The sentences without the title, which is number 0."""
        return tuple(line for line in self.sentences if line.number)


def read_prompt(text: str) -> Prompt:
    """Return what a prompt shows."""
    blocks = {match[2]: match[3] for match in _BLOCK.finditer(text)}
    limit = _AT_MOST.search(text)
    told = _BLOCK.sub("", text)
    rules = _RULE.findall(told)
    return Prompt(
        sentences=_lines(blocks.get("article", "")),
        claims=_lines(blocks.get("claims", "") or blocks.get("statements", "")),
        at_most=int(limit[1]) if limit else FEW,
        units=tuple(unit for name, block in blocks.items() for unit in _units(name, block)),
        omissions=_lines(blocks.get("omissions", "")),
        asks_speaker=not rules or "speaker" in rules,
        asks_opinion=bool(_OPINION.search(told)),
    )


def _lines(block: str) -> tuple[Line, ...]:
    return tuple(Line(int(number), text) for number, text in _LINE.findall(block))


def _units(name: str, block: str) -> tuple[Unit, ...]:
    """Return the parts of each sentence of an article, or the sentence that has none."""
    article = _ARTICLE.fullmatch(name)
    if article is None:
        return ()
    units = []
    for sentence, text in _UNIT.findall(block):
        parts = _PART.findall(text)
        units += [Unit(article[1], f"{sentence}{letter}", part) for letter, part in parts]
        if not parts:
            units.append(Unit(article[1], sentence, text))
    return tuple(units)
