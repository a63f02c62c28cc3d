"""A story as it is compared: documents on one event, their claims, and what each word tells."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from summarizer.document import Document, Sentence
from summarizer.text.words import group_of, groups_of
from summarizer.types import Article, Claim

if TYPE_CHECKING:
    from summarizer.compare.support import Supporter

SYNONYM_CREDIT = 0.8
"""What a near-synonym counts of an equal word; a round figure, its exact size hardly matters."""

LEAST_SENTENCES = 8
"""An article is taken to have at least so many sentences: in a brief one every word is rare."""

LEAST_WEIGHT = 0.5
"""Shares are of at least this weight, so that a statement of common words is not like all."""


class Vocabulary:
    """How much a word tells in this story: the rarer among its sentences, the more.

    A word that stands in one sentence of each article, or in fewer, weighs 1, one that stands
    in all of them 0 (inverse document frequency, Sparck Jones 1972, with the sentence as the
    document). The number of articles changes no weight. ``sentences`` are content stems.
    """

    def __init__(self, sentences: Iterable[frozenset[str]], articles: int) -> None:
        each = list(sentences)
        counts = Counter(chain.from_iterable(each))
        total = max(len(each), articles * LEAST_SENTENCES)
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
        # Exactly rounded, so that the order of a set, which differs by run, tells nothing.
        return math.fsum(map(self.weight, stems))

    def covered(self, stems: frozenset[str], others: frozenset[str]) -> float:
        """Return the weight of ``stems`` that are in ``others``, near-synonyms at a discount."""
        groups = groups_of(others)
        return math.fsum(
            self.weight(stem) * (1.0 if stem in others else SYNONYM_CREDIT)
            for stem in stems
            if stem in others or group_of(stem) in groups
        )


class SentenceIndex:
    """Looks words and texts up in the sentences of one document, without a look at each of them."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        self._sentences = document.sentences
        self._vocabulary = vocabulary
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, sentence in enumerate(document.sentences):
            for stem in sentence.reading.stems:
                self._places[stem].append(place)

    @cached_property
    def _group_places(self) -> Mapping[str, frozenset[int]]:
        """Where the words of each group of near-synonyms stand."""
        places: dict[str, frozenset[int]] = defaultdict(frozenset)
        for stem, having in self._places.items():
            places[group_of(stem)] |= frozenset(having)
        return places

    @cached_property
    def _joined_texts(self) -> tuple[str, list[int]]:
        """The sentences' texts, a line for each, and where each begins."""
        texts = [" ".join(s.reading.text.split()) for s in self._sentences]
        starts = accumulate((len(text) + 1 for text in texts[:-1]), initial=0)
        return "\n".join(texts), list(starts)

    def sentence_of(self, text: str) -> Sentence | None:
        """Return the first sentence that has a text, None where none has."""
        joined, starts = self._joined_texts
        at = joined.find(" ".join(text.split()))
        return self._sentences[bisect_right(starts, at) - 1] if at >= 0 else None

    def most(self, stems: Iterable[str]) -> float:
        """Return the greatest weight of some stems that one sentence has."""
        weights: dict[int, list[float]] = defaultdict(list)
        for stem in stems:
            for place in self._places.get(stem, ()):
                weights[place].append(self._vocabulary.weight(stem))
        return max(map(math.fsum, weights.values()), default=0.0)

    def likeness(self, stems: frozenset[str]) -> float:
        """Return the greatest share, 0 to 1, of the stems' weight that one sentence has.

        Near-synonyms count, at a discount.
        """
        return max(self._shares(stems).values(), default=0.0)

    def closest(self, stems: frozenset[str], most: int, least: float) -> list[Sentence]:
        """Return the sentences that have ``least`` or a greater share of the stems' weight.

        They are the ``most`` with the greatest shares, in reading order.
        """
        shares = self._shares(stems)
        like = [place for place, share in shares.items() if share >= least]
        best = sorted(like, key=lambda place: (-shares[place], place))[:most]
        return [self._sentences[place] for place in sorted(best)]

    def _shares(self, stems: frozenset[str]) -> dict[int, float]:
        """Return the share of the stems' weight that each sentence has, by its place."""
        weights: dict[int, list[float]] = defaultdict(list)
        for stem in stems:
            weight = self._vocabulary.weight(stem)
            having = frozenset(self._places.get(stem, ()))
            for place in having | self._group_places.get(group_of(stem), frozenset()):
                weights[place].append(weight * (1.0 if place in having else SYNONYM_CREDIT))
        total = max(self._vocabulary.total(stems), LEAST_WEIGHT)
        return {place: math.fsum(each) / total for place, each in weights.items()}


@dataclass(frozen=True, kw_only=True)
class Story:
    """Documents, copies of one article folded away, and their grounded claims.

    Articles and claims are addressed by position. Claims are in the order of the articles,
    those of one article in reading order. ``vocabulary`` weighs words by how rare they are
    among the story's sentences.
    """

    documents: tuple[Document, ...]
    claims: tuple[Claim, ...]
    vocabulary: Vocabulary

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        """The articles, in the order of the documents."""
        return tuple(document.article for document in self.documents)

    @cached_property
    def outlets(self) -> tuple[str, ...]:
        """The outlets in the order of their articles, each once."""
        return tuple(dict.fromkeys(article.outlet for article in self.articles))

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """The position of each article by its id."""
        return {article.id: i for i, article in enumerate(self.articles)}

    @cached_property
    def supporter(self) -> Supporter:
        """Looks by words for what states a statement; the offline aligner and judge share it."""
        from summarizer.compare.support import Supporter

        return Supporter(self)

    @cached_property
    def indexes(self) -> tuple[SentenceIndex, ...]:
        """The words of the documents' sentences, looked up by aligner, verification and judge."""
        return tuple(SentenceIndex(document, self.vocabulary) for document in self.documents)

    def document_of(self, article: Article) -> Document:
        """Return the document of one of the story's articles."""
        return self.documents[self.positions[article.id]]


def make_story(documents: Sequence[Document], claims: Iterable[Claim]) -> Story:
    """Put documents and their claims together, the claims in story order."""
    place = {document.article.id: i for i, document in enumerate(documents)}
    ordered = sorted(claims, key=lambda claim: (place[claim.article.id], claim.evidence[0]))
    return Story(
        documents=tuple(documents),
        claims=tuple(ordered),
        vocabulary=Vocabulary(
            (s.reading.stems for d in documents for s in d.sentences), len(documents)
        ),
    )
