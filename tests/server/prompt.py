"""Reading a prompt as a model does: what stands between the marks, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ARTICLE = re.compile(r"^<<<(\S+)\n(.*?)^\1>>>$", re.MULTILINE | re.DOTALL)
_CLAIMS = re.compile(r"^<<<(\S+) claims\n(.*?)^claims \1>>>$", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^(\d+): (.*)$", re.MULTILINE)
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
class Prompt:
    """What a prompt shows: the sentences of an article, claims, the length of a summary.

    ``asks_speaker`` is false where it has rules for parts of the answer, and none for that;
    ``asks_opinion`` is true where it wants opinions.
    """

    sentences: tuple[Line, ...]
    claims: tuple[Line, ...]
    at_most: int
    asks_speaker: bool = True
    asks_opinion: bool = False


def read_prompt(text: str) -> Prompt:
    """Return what a prompt shows; of several articles, the first."""
    limit = _AT_MOST.search(text)
    told = _CLAIMS.sub("", _ARTICLE.sub("", text))
    rules = _RULE.findall(told)
    return Prompt(
        sentences=_lines(_ARTICLE.search(text)),
        claims=_lines(_CLAIMS.search(text)),
        at_most=int(limit[1]) if limit else FEW,
        asks_speaker=not rules or "speaker" in rules,
        asks_opinion=bool(_OPINION.search(told)),
    )


def _lines(block: re.Match[str] | None) -> tuple[Line, ...]:
    found = _LINE.findall(block[2]) if block else ()
    return tuple(Line(int(number), text) for number, text in found)
