"""Pairs of stretches of two articles, and how likely they report one thing.

Two stretches match when they are likely to report one thing. How likely is told by a small
logistic model over overlap features, fitted on annotated stories. Stretches are clauses
(claims) or whole sentences; both go through the same code with weights of their own.

Candidates come from an inverted index over stems, so that the cost grows with the number
of stretches that share rare words, and not with the square of the story.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer.compare.vocabulary import Vocabulary
from summarizer.text.logistic import LogisticModel
from summarizer.text.passage import Reading
from summarizer.text.thesaurus import group_of, groups_of

SHARED_FLOOR = 0.7
"""The least weight of shared words, in units of a word that stands once in the story, for a
pair to be looked at: below it nothing but a stray common word is shared."""

CANDIDATES = 60
"""At most this many candidates for one stretch, the strongest first: it bounds the cost in
stories of hundreds of articles, where all that matters is that a match exists."""

LOOKED_UP = 2000
"""At most about so many places of a stretch's words are looked up, those of rare words
first: in a story of hundreds of articles a word that stands nearly everywhere leads nowhere."""

GRAM = 4
"""Length of character n-grams in code points; 4 did best of 3 to 5 on the annotated stories."""

PAIR_FEATURES = (
    "covered_less",
    "covered_more",
    "covered_both",
    "context",
    "grams",
    "shared",
    "rarest",
    "names",
    "figures",
    "lead_less",
    "lead_more",
    "neighbour",
)
"""The features of a pair, in the order of the models' weights; see ``_pair_features``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of one article as the matcher sees it.

    ``article`` is the article's position in the story; ``reading`` the analysis of the
    stretch itself, ``context`` that of the sentence it stands in.
    """

    article: int
    reading: Reading
    context: Reading


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """Another article's stretch, by its position, and the probability that it matches."""

    probability: float
    other: int


@dataclass(frozen=True, slots=True)
class _Profile:
    stems: frozenset[str]
    groups: frozenset[str]
    context_stems: frozenset[str]
    weight: float
    context_weight: float
    grams: frozenset[str]
    names: frozenset[str]
    figures: frozenset[tuple[float, float]]


class Matcher:
    """Finds, for every stretch of a story, its matches in the other articles.

    Args:
        stretches: All stretches of the story; those of one article are consecutive and in
            reading order.
        vocabulary: The weights of the story's words.
        model: The weights for stretches of this kind, over ``PAIR_FEATURES``; None while
            they are being fitted, when only ``pairs`` is of use.
    """

    def __init__(
        self,
        stretches: Sequence[Stretch],
        vocabulary: Vocabulary,
        model: LogisticModel | None,
    ) -> None:
        self._stretches = stretches
        self._vocabulary = vocabulary
        self._model = model
        profiles: dict[tuple[int, int], _Profile] = {}
        for stretch in stretches:
            if _key(stretch) not in profiles:
                profiles[_key(stretch)] = self._profile(stretch)
        # Equal words have one profile, so that what a pair of them shares is found once.
        self._profiles = [profiles[_key(stretch)] for stretch in stretches]

    def matches(self) -> tuple[tuple[Match, ...], ...]:
        """Return the matches of each stretch, the most probable first."""
        if self._model is None:
            raise ValueError("a matcher without weights has no matches")
        found: list[list[Match]] = [[] for _ in self._stretches]
        for here, there, features in self.pairs():
            probability = self._model.probability(features)
            found[here].append(Match(probability, there))
            found[there].append(Match(probability, here))
        return tuple(tuple(sorted(matches, reverse=True)) for matches in found)

    def pairs(self) -> Iterator[tuple[int, int, tuple[float, ...]]]:
        """Yield each candidate pair once, the earlier stretch first, with its features."""
        overlaps = self._overlaps()
        scores = {pair: _score(overlap) for pair, overlap in overlaps.items()}
        leads = _Leads(scores, self._stretches)
        for (here, there), overlap in overlaps.items():
            yield here, there, (*overlap, *leads.features(here, there))

    def _profile(self, stretch: Stretch) -> _Profile:
        stems, context = stretch.reading.stems, stretch.context.stems
        return _Profile(
            stems=stems,
            groups=groups_of(stems),
            context_stems=context,
            weight=self._vocabulary.total(stems),
            context_weight=self._vocabulary.total(context),
            grams=grams(stretch.reading),
            names=frozenset(word for name in stretch.reading.names for word in name.key),
            figures=frozenset((figure.low, figure.high) for figure in stretch.reading.figures),
        )

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Yield pairs across articles that share enough, each once, in order."""
        postings: dict[str, list[int]] = defaultdict(list)
        for i, profile in enumerate(self._profiles):
            for group in profile.groups:
                postings[group].append(i)
        kept: set[tuple[int, int]] = set()
        for i in range(len(self._profiles)):
            kept.update((min(i, j), max(i, j)) for j in self._strongest(i, postings))
        yield from sorted(kept)

    def _strongest(self, stretch: int, postings: Mapping[str, Sequence[int]]) -> list[int]:
        """Return the other articles' stretches that share most with one, best first."""
        shared: dict[int, float] = defaultdict(float)
        words = sorted(
            (len(postings[group_of(stem)]), stem) for stem in self._profiles[stretch].stems
        )
        visited = 0
        for count, stem in words:
            visited += count
            if visited > LOOKED_UP and shared:
                break
            weight = self._vocabulary.weight(stem)
            for other in postings[group_of(stem)]:
                shared[other] += weight
        article = self._stretches[stretch].article
        strong = [
            (-weight, other)
            for other, weight in shared.items()
            if weight >= SHARED_FLOOR and self._stretches[other].article != article
        ]
        return [other for _, other in heapq.nsmallest(CANDIDATES, strong)]

    def _overlaps(self) -> dict[tuple[int, int], tuple[float, ...]]:
        """Return, for each candidate pair, the features that need only the pair itself."""
        known: dict[tuple[int, int], tuple[float, ...]] = {}
        overlaps = {}
        for here, there in self._candidates():
            a, b = self._profiles[here], self._profiles[there]
            key = (id(a), id(b))
            if key not in known:
                known[key] = self._overlap(a, b)
            overlaps[here, there] = known[key]
        return overlaps

    def _overlap(self, a: _Profile, b: _Profile) -> tuple[float, ...]:
        vocabulary = self._vocabulary
        covered_a = vocabulary.covered(a.stems, b.stems, b.groups)
        covered_b = vocabulary.covered(b.stems, a.stems, a.groups)
        share_a = covered_a / max(a.weight, LEAST_WEIGHT)
        share_b = covered_b / max(b.weight, LEAST_WEIGHT)
        common = vocabulary.total(a.context_stems & b.context_stems)
        context = common / max(min(a.context_weight, b.context_weight), LEAST_WEIGHT)
        both = a.stems & b.stems
        return (
            min(share_a, share_b),
            max(share_a, share_b),
            math.sqrt(share_a * share_b),
            context,
            len(a.grams & b.grams) / math.sqrt(max(1, len(a.grams) * len(b.grams))),
            min(covered_a, _MOST_SHARED) / _MOST_SHARED,
            max((vocabulary.weight(stem) for stem in both), default=0.0),
            _jaccard(a.names, b.names),
            float(bool(a.figures & b.figures)),
        )


LEAST_WEIGHT = 0.5
"""Shares are of at least this weight, so that a stretch of common words is not covered by one."""

_MOST_SHARED = 6.0
"""Weight of shared words beyond which more makes a match no likelier."""


class _Leads:
    """How far a pair's score leads over the alternatives, and how well its neighbours match.

    Articles tell one event in a similar order, and a sentence has one best counterpart:
    both are what aligners of parallel text live on (Gale and Church 1993).
    """

    def __init__(
        self, scores: Mapping[tuple[int, int], float], stretches: Sequence[Stretch]
    ) -> None:
        self._scores = scores
        self._articles = [stretch.article for stretch in stretches]
        self._around = _around(self._articles)
        self._best: dict[tuple[int, int], list[float]] = defaultdict(list)
        for (here, there), score in scores.items():
            self._note(here, self._articles[there], score)
            self._note(there, self._articles[here], score)

    def _note(self, stretch: int, article: int, score: float) -> None:
        best = self._best[stretch, article]
        best.append(score)
        best.sort(reverse=True)
        del best[2:]

    def features(self, here: int, there: int) -> tuple[float, float, float]:
        """Return the lead on either side, the smaller first, and the best neighbour's score."""
        score = self._scores[here, there]
        less, more = sorted(
            (
                score - self._rival(here, self._articles[there], score),
                score - self._rival(there, self._articles[here], score),
            )
        )
        return less, more, self._neighbour(here, there)

    def _rival(self, stretch: int, article: int, score: float) -> float:
        best = self._best[stretch, article]
        if score < best[0]:
            return best[0]
        return best[1] if len(best) > 1 else 0.0

    def _neighbour(self, here: int, there: int) -> float:
        """Return the best score of a pair of stretches beside these two."""
        get = self._scores.get
        best = 0.0
        for i in self._around[here]:
            for j in self._around[there]:
                score = get((i, j), 0.0)
                if score > best and (i, j) != (here, there):
                    best = score
        return best


def _around(articles: Sequence[int]) -> list[tuple[int, ...]]:
    """Return, for each stretch, itself and those before and after it in its article."""
    last = len(articles) - 1
    return [
        tuple(k for k in (i - 1, i, i + 1) if 0 <= k <= last and articles[k] == article)
        for i, article in enumerate(articles)
    ]


def _key(stretch: Stretch) -> tuple[int, int]:
    """Return what tells stretches of different words apart: equal words share a reading."""
    return id(stretch.reading), id(stretch.context)


def _score(overlap: tuple[float, ...]) -> float:
    """Return one rough figure for a pair, by which alternatives are ranked."""
    _, _, both, context, grams, *_ = overlap
    return both + 0.5 * grams + 0.3 * context


def grams(reading: Reading) -> frozenset[str]:
    """Return the character n-grams of a stretch, its words folded and joined by spaces."""
    text = f" {' '.join(word.text.lower() for word in reading.words)} "
    return frozenset(text[i : i + GRAM] for i in range(len(text) - GRAM + 1))


def _jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0
