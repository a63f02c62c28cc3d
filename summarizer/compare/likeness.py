"""How much of a statement stands in one sentence of a document, by its words."""

from __future__ import annotations

from collections import defaultdict

from summarizer.compare.vocabulary import SYNONYM_CREDIT, Vocabulary
from summarizer.document import Document
from summarizer.text.words import group_of

LEAST_WEIGHT = 0.5
"""Shares are of at least this weight, so that a statement of common words is not like all."""


class SentenceIndex:
    """Looks words up in the sentences of one document, so that no sentence is gone through.

    Args:
        document: The document.
        vocabulary: The weights of the story's words.
    """

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._stems: dict[str, set[int]] = defaultdict(set)
        self._groups: dict[str, set[int]] = defaultdict(set)
        for place, sentence in enumerate(document.sentences):
            for stem in sentence.reading.stems:
                self._stems[stem].add(place)
                self._groups[group_of(stem)].add(place)

    def likeness(self, stems: frozenset[str]) -> float:
        """Return the greatest share, 0 to 1, of the stems' weight that one sentence has."""
        covered: dict[int, float] = defaultdict(float)
        for stem in sorted(stems):
            weight = self._vocabulary.weight(stem)
            having = self._stems.get(stem, set())
            for place in having:
                covered[place] += weight
            for place in self._groups.get(group_of(stem), set()) - having:
                covered[place] += SYNONYM_CREDIT * weight
        total = max(self._vocabulary.total(stems), LEAST_WEIGHT)
        return max(covered.values(), default=0.0) / total
