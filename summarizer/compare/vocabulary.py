"""How much each word of a story tells, and how much of a stretch another one covers."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from summarizer.document import Document
from summarizer.text.words import group_of

SYNONYM_CREDIT = 0.8
"""What a near-synonym counts of an equal word; a round figure, its exact size hardly matters."""

LEAST_SENTENCES = 8
"""An article is taken to have at least so many sentences: in a brief one every word is rare."""


class Vocabulary:
    """How much a word tells in this story: the rarer among its sentences, the more.

    A word that stands in one sentence of each article, or in fewer, weighs 1, one that stands
    in all of them 0 (inverse document frequency, Sparck Jones 1972, with the sentence as the
    document). The number of articles changes no weight.

    Args:
        sentences: The content stems of each sentence of the story.
        articles: How many articles the sentences are from.
    """

    def __init__(self, sentences: Iterable[frozenset[str]], articles: int) -> None:
        counts: Counter[str] = Counter()
        total = 0
        for stems in sentences:
            counts.update(stems)
            total += 1
        total = max(total, articles * LEAST_SENTENCES)
        scale = math.log(total / max(articles, 1)) if total else 1.0
        self._weights = {
            stem: min(1.0, max(0.0, math.log(total / count)) / scale)
            for stem, count in counts.items()
        }

    def weight(self, stem: str) -> float:
        """Return the weight of a stem, 0 to 1; an unseen one weighs 1."""
        return self._weights.get(stem, 1.0)

    def total(self, stems: Iterable[str]) -> float:
        """Return the summed weight of stems."""
        weights = self._weights
        # Exactly rounded, so that the order of a set, which differs by run, tells nothing.
        return math.fsum(weights.get(stem, 1.0) for stem in stems)

    def covered(
        self, stems: frozenset[str], others: frozenset[str], groups: frozenset[str]
    ) -> float:
        """Return the weight of ``stems`` found in ``others``, near-synonyms at a discount."""
        found: list[float] = []
        for stem in stems:
            if stem in others:
                found.append(self.weight(stem))
            elif group_of(stem) in groups:
                found.append(SYNONYM_CREDIT * self.weight(stem))
        return math.fsum(found)


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
