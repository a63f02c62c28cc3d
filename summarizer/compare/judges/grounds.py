"""An objection, and the ground it stands on: where a text says the rest of a claim.

A detail is right when the passage that says the rest of the claim has it too. That it stands
somewhere in the text proves little: nearly every wrong name of a summary does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from summarizer.compare.judges.claims import NGRAM, Piece, PreparedText, kin_of
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
    """One reason why a text does not support a claim, however alike the words are.

    ``check`` names who objects: figure, date, name, denial, quotation or outlet. ``sentence``
    is the number of the sentence that the claim is held against, None where the text has
    none to show; it ``contradicts`` the claim where both cannot be true.
    """

    check: str
    reason: str
    sentence: int | None = None
    contradicts: bool = False


class Grounds:
    """The sentences of a text, by how much of the rest of a claim each of them says.

    ``covers`` has for each sentence the share of the rest that it has, weighted by how near the
    detail each word stands; ``best`` is the greatest, and ``leading`` are the sentences that have
    about as much, the best first.

    Args:
        part: One sentence of the claim.
        text: What it is put to.
        start: Where the detail begins in the text of ``part``.
        end: Where it ends; without what lies between, the claim is its rest.
    """

    def __init__(self, part: Piece, text: PreparedText, start: int, end: int) -> None:
        weights = _weights_around(part, start, end)
        rest = [(weight, kin_of(stem)) for stem, weight in weights.items()]
        total = sum(weights.values()) or 1.0
        self.covers = tuple(
            sum(weight for weight, kin in rest if not there.isdisjoint(kin)) / total
            for there in text.kin
        )
        self.best = self.most(range(len(self.covers)))
        least = LEADING * self.best
        leading = [n for n, cover in enumerate(self.covers) if cover and cover >= least]
        self.leading = sorted(leading, key=lambda n: -self.covers[n])

    def most(self, numbers: Iterable[int]) -> float:
        """Return the greatest cover of some sentences; 0 without any."""
        return max((self.covers[number] for number in numbers), default=0.0)


def is_copied(part: Piece, text: PreparedText, start: int, end: int) -> bool:
    """Return whether a detail stands in a text word for word with what is beside it.

    A run of four words with a content word besides the detail is no chance.
    """
    words = part.reading.words
    for first in range(len(words) - NGRAM + 1):
        run = words[first : first + NGRAM]
        whole = run[0].start <= start and end <= run[-1].end
        beside = any(not word.stop for word in run if not start <= word.start < end)
        if whole and beside and tuple(fold(w.text) for w in run) in text.ngrams:
            return True
    return False


def _weights_around(part: Piece, start: int, end: int) -> dict[str, float]:
    """Return the stems of a claim outside a detail, with weights that fall with distance."""
    content = part.reading.content
    weights: dict[str, float] = {}
    for words, edge in (
        ([w for w in reversed(content) if w.end <= start], start),
        ([w for w in content if w.start >= end], end),
    ):
        for distance, word in enumerate(words):
            away = distance + NEXT_CLAUSE * _clauses_between(part.reading.text, edge, word)
            weight = part.weights.get(word.stem, 0.0) / (1 + away / NEAR)
            if weight:
                weights[word.stem] = max(weights.get(word.stem, 0.0), weight)
    return weights


def _clauses_between(text: str, edge: int, word: Word) -> int:
    first, last = (word.end, edge) if word.end <= edge else (edge, word.start)
    return len(_CLAUSE_END.findall(text, first, last))
