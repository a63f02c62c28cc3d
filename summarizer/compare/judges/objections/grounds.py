"""An objection, and the ground it stands on: where the document says the rest of a claim.

A detail is right when the passage that says the rest of the claim has it too. That it stands
somewhere in the document proves little: nearly every wrong name of a summary does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from summarizer.compare.judges.document import NGRAM, Document, kin_of
from summarizer.compare.judges.features import Piece
from summarizer.text.words import Word, fold

NEAR = 4.0
"""Content words away from a detail at which a word tells half as much of where it belongs."""

NEXT_CLAUSE = 3
"""How many words further away everything beyond the end of a clause counts as."""

LEADING = 0.9
"""Share of the best cover from which another sentence says the rest of a claim as well."""

_CLAUSE_END = re.compile(r"[,;:]|\b(?:and|but|while|because|as)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One reason why a document does not support a claim, however alike the words are.

    ``check`` names who objects: figure, date, name, denial, quotation or outlet. ``sentence``
    is the number of the sentence that the claim is held against, None where the document has
    none to show.
    """

    check: str
    reason: str
    sentence: int | None = None


class Grounds:
    """The sentences of a document, by how much of the rest of a claim each of them says.

    Args:
        part: One sentence of the claim.
        document: What it is put to.
        start: Where the detail begins in the text of ``part``.
        end: Where it ends; without what lies between, the claim is its rest.
        apart: Stems that say nothing of where the detail belongs.
    """

    def __init__(
        self,
        part: Piece,
        document: Document,
        start: int,
        end: int,
        apart: frozenset[str] = frozenset(),
    ) -> None:
        self._document = document
        weights = _around(part, start, end, apart)
        self._total = sum(weights.values())
        self._weights = [(weight, kin_of(stem)) for stem, weight in weights.items()]

    @cached_property
    def covers(self) -> tuple[float, ...]:
        """For each sentence the weighted share of the rest of the claim that it has."""
        return tuple(self.cover((number,)) for number in range(len(self._document.sentences)))

    def cover(self, numbers: Iterable[int]) -> float:
        """Return the share of the rest of the claim that some sentences have together."""
        there = [self._document.kin[number] for number in numbers]
        found = (w for w, kin in self._weights if any(k in each for k in kin for each in there))
        return sum(found) / self._total if self._total else 0.0

    @property
    def best(self) -> float:
        """The cover of the sentence that has most."""
        return max(self.covers, default=0.0)

    @property
    def leading(self) -> list[int]:
        """The sentences that have about as much as the best, the best first."""
        least = LEADING * self.best
        found = [n for n, cover in enumerate(self.covers) if cover and cover >= least]
        return sorted(found, key=lambda n: -self.covers[n])

    def most(self, numbers: Iterable[int]) -> float:
        """Return the greatest cover of some sentences; 0 without any."""
        return max((self.covers[number] for number in numbers), default=0.0)


def is_copied(part: Piece, document: Document, start: int, end: int) -> bool:
    """Return whether a detail stands in the document word for word with what is beside it.

    A run of four words with a content word besides the detail is no chance.
    """
    words = part.reading.words
    for first in range(len(words) - NGRAM + 1):
        run = words[first : first + NGRAM]
        whole = run[0].start <= start and end <= run[-1].end
        beside = any(not word.stop for word in run if not start <= word.start < end)
        if whole and beside and tuple(fold(w.text) for w in run) in document.ngrams:
            return True
    return False


def _around(part: Piece, start: int, end: int, apart: frozenset[str]) -> dict[str, float]:
    """Return the stems of a claim outside a detail, with weights that fall with distance."""
    text, content = part.reading.text, part.reading.content
    found: dict[str, float] = {}
    for words, edge in (
        ([w for w in reversed(content) if w.end <= start], start),
        ([w for w in content if w.start >= end], end),
    ):
        for distance, word in enumerate(words):
            away = distance + NEXT_CLAUSE * _clauses_between(text, edge, word)
            weight = part.weights.get(word.stem, 0.0) / (1 + away / NEAR)
            if weight and word.stem not in apart:
                found[word.stem] = max(found.get(word.stem, 0.0), weight)
    return found


def _clauses_between(text: str, edge: int, word: Word) -> int:
    first, last = (word.end, edge) if word.end <= edge else (edge, word.start)
    return len(_CLAUSE_END.findall(text, first, last))
