"""Different figures for one quantity.

Outlets that differ in a figure often differ in all the words around it, so figures are
compared across the whole story and not only where sentences match. How likely two of them
measure one thing is told by a small logistic model, fitted on annotated stories.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

from summarizer.conflicts.side import Difference, Side
from summarizer.conflicts.weights import FIGURE_PAIRS
from summarizer.matching.story import Story
from summarizer.text.logistic import LogisticModel
from summarizer.text.passage import Reading
from summarizer.text.quantities import Figure, FigureKind, compatible, same_noun, same_value
from summarizer.text.thesaurus import groups_of
from summarizer.types import ConflictKind

CONFLICTING_FROM = 0.5
"""Two figures are shown as a conflict from this probability, one half as it is calibrated."""

FIGURE_FEATURES = ("match", "shared", "ratio", "money", "only", "around")
"""In the order of the weights: the probability that the sentences match; the weight of the
words that the clauses around the figures share; how far apart the values are, as a logarithm
of their ratio; whether they are sums of money; whether each is the only figure of its kind
in its article; the words near the figures that are the same."""

MOST_SHARED, MOST_RATIO, MOST_AROUND = 4.0, 3.0, 5
"""Where those features stop growing."""

VISIBLE_DIFFERENCE = 0.03
"""Two round figures this far apart, as a share, differ to a reader: 38,000 and 40,000 do."""

VAGUE_RATIO = 2.0
"""A range whose end is so many times its beginning names no value."""

CLOCK_SLACK = 30 * 60.0
"""Two times of day within so many seconds are one time told roughly."""

ALL_COMPARED = 12
"""In a story of more articles than this only figures in sentences that match are compared."""

_MEASURES = frozenset(FigureKind) - {FigureKind.ORDINAL}
_MODIFIER = re.compile(
    r"(?:(?:more|less|fewer) than|at least|up to|nearly|about|around|some|over|almost|"
    r"as many as|an estimated|roughly|approximately) $",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"[ -][^\W\d_]+")


@dataclass(frozen=True, slots=True)
class FigureAt:
    """A figure in its sentence, by position, with the clause it stands in."""

    sentence: int
    article: int
    figure: Figure
    clause: Reading


@dataclass(frozen=True, slots=True)
class FigurePair:
    """Two figures of different outlets that may measure one thing and do not agree."""

    a: FigureAt
    b: FigureAt
    features: tuple[float, ...]


def number_differences(story: Story, model: LogisticModel = FIGURE_PAIRS) -> Iterator[Difference]:
    """Yield the figures that each other's articles give differently, each with its likeliest."""
    rated = [(model.probability(pair.features), pair) for pair in figure_pairs(story)]
    best: dict[tuple[int, int, int], float] = defaultdict(float)
    for probability, pair in rated:
        for key in _keys(pair):
            best[key] = max(best[key], probability)
    for probability, pair in rated:
        if probability >= CONFLICTING_FROM and all(best[k] == probability for k in _keys(pair)):
            yield Difference(
                kind=_kind(pair.a.figure),
                a=Side(pair.a.sentence, _worded(story, pair.a)),
                b=Side(pair.b.sentence, _worded(story, pair.b)),
                strength=probability,
            )


def figure_pairs(story: Story) -> Iterator[FigurePair]:
    """Yield the pairs of figures that are worth comparing, with their features."""
    placed = _placed(story)
    of_article: dict[int, list[FigureAt]] = defaultdict(list)
    for at in placed:
        of_article[at.article].append(at)
    probability = {
        (i, match.other): match.probability
        for i, matches in enumerate(story.sentence_matches)
        for match in matches
    }
    # What is asked of one figure and one article does not depend on the pair.
    given = cache(lambda i, article: _given(placed[i].figure, of_article[article]))
    only = cache(lambda i: _is_only(placed[i], of_article))
    for i, j in _comparable(story, placed, probability):
        a, b = placed[i], placed[j]
        if not given(i, b.article) and not given(j, a.article):
            features = _features(story, a, b, probability.get((a.sentence, b.sentence), 0.0))
            yield FigurePair(a, b, (*features[:4], float(only(i) and only(j)), features[4]))


def _placed(story: Story) -> list[FigureAt]:
    """Return the story's figures, each with the claim it stands in, or else its sentence."""
    claims: dict[int, list[Reading]] = defaultdict(list)
    for claim in story.claims:
        claims[claim.sentence].append(claim.reading)
    return [
        FigureAt(i, sentence.article, figure, _clause(sentence.reading, figure, claims[i]))
        for i, sentence in enumerate(story.sentences)
        for figure in sentence.reading.figures
        if figure.kind in _MEASURES
    ]


def _clause(sentence: Reading, figure: Figure, claims: Sequence[Reading]) -> Reading:
    for claim in claims:
        start = sentence.text.find(claim.text)
        if start >= 0 and start <= figure.start < start + len(claim.text):
            return claim
    return sentence


def _comparable(
    story: Story, placed: Sequence[FigureAt], probability: Mapping[tuple[int, int], float]
) -> Iterator[tuple[int, int]]:
    """Yield pairs of one unit and noun in articles of different outlets, by position, each once."""
    outlet = [article.outlet for article in story.articles]
    for i, j in _candidates(story, placed, probability):
        a, b = placed[i], placed[j]
        if outlet[a.article] != outlet[b.article] and _one_kind(a.figure, b.figure):
            yield i, j


def _candidates(
    story: Story, placed: Sequence[FigureAt], probability: Mapping[tuple[int, int], float]
) -> Iterator[tuple[int, int]]:
    """Yield every pair of figures, or in a large story those whose sentences match."""
    if len(story.articles) <= ALL_COMPARED:
        yield from combinations(range(len(placed)), 2)
        return
    of_sentence: dict[int, list[int]] = defaultdict(list)
    for i, at in enumerate(placed):
        of_sentence[at.sentence].append(i)
    for here, there in probability:
        if here < there and here in of_sentence and there in of_sentence:
            yield from product(of_sentence[here], of_sentence[there])


def _one_kind(a: Figure, b: Figure) -> bool:
    if a.kind is not b.kind or a.unit != b.unit or (a.low, a.high) == (b.low, b.high):
        return False
    return a.kind is not FigureKind.COUNT or (bool(a.noun and b.noun) and same_noun(a, b))


def _given(figure: Figure, others: Sequence[FigureAt]) -> bool:
    """Return whether an article gives the figure too: then it is not in dispute."""
    return any(_agree(figure, other.figure) for other in others)


def _agree(a: Figure, b: Figure) -> bool:
    if a.kind is FigureKind.TIME and b.kind is FigureKind.TIME:
        return abs(a.low - b.low) <= CLOCK_SLACK
    if same_value(a, b) or (compatible(a, b) and (_is_vague(a) or _is_vague(b))):
        return True
    return compatible(a, b) and abs(a.high - b.high) < VISIBLE_DIFFERENCE * max(a.high, b.high)


def _is_vague(figure: Figure) -> bool:
    """Return whether a figure leaves its value open: "tens of thousands"."""
    return figure.high >= VAGUE_RATIO * max(figure.low, 1e-6)


def _features(story: Story, a: FigureAt, b: FigureAt, match: float) -> tuple[float, ...]:
    """Return the features of a pair but for ``only``."""
    common = _groups(a.clause.stems) & _groups(b.clause.stems)
    ratio = abs(math.log(max(a.figure.high, 1e-6) / max(b.figure.high, 1e-6)))
    return (
        match,
        min(story.vocabulary.total(common), MOST_SHARED) / MOST_SHARED,
        min(ratio, MOST_RATIO) / MOST_RATIO,
        float(a.figure.kind is FigureKind.MONEY),
        min(len(a.figure.context & b.figure.context), MOST_AROUND) / MOST_AROUND,
    )


def _groups(stems: frozenset[str]) -> frozenset[str]:
    return groups_of(stem for stem in stems if not stem.isdigit())


def _is_only(at: FigureAt, of_article: dict[int, list[FigureAt]]) -> bool:
    alike = [
        other
        for other in of_article[at.article]
        if other.figure.kind is at.figure.kind
        and other.figure.unit == at.figure.unit
        and (at.figure.kind is not FigureKind.COUNT or same_noun(other.figure, at.figure))
    ]
    return len(alike) == 1


def _keys(pair: FigurePair) -> list[tuple[int, int, int]]:
    """Return what tells the best pair of a figure in an article, from either side."""
    return [
        (pair.a.sentence, pair.a.figure.start, pair.b.article),
        (pair.b.sentence, pair.b.figure.start, pair.a.article),
    ]


def _kind(figure: Figure) -> ConflictKind:
    return ConflictKind.DATE if figure.kind is FigureKind.TIME else ConflictKind.NUMBER


def _worded(story: Story, at: FigureAt) -> str:
    """Return the figure with what modifies it and what it counts, as it stands."""
    text, figure = story.sentences[at.sentence].reading.text, at.figure
    modifier = _MODIFIER.search(text[: figure.start])
    start = modifier.start() if modifier else figure.start
    counted = _COUNTED.match(text, figure.end) if figure.noun else None
    return text[start : counted.end() if counted else figure.end]
