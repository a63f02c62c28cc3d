"""Is a claim of one article reported by another? The lexical answer, within one story.

The question is the judge's (does this text support this claim?), asked of two articles on
one event. That they share most of their words is then no evidence, so the answer rests on
what the matcher found, weighed with how much of the claim the other article has at all. Its
weights are fitted on annotated stories, those of ``judges.lexical`` on summaries.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from summarizer.compare.judges.coverage_weights import COVERAGE, SUPPORTED_FROM
from summarizer.matching.judged import Coverage, Pair
from summarizer.matching.pairs import LEAST_WEIGHT, Match, grams
from summarizer.matching.story import Sentence, Story
from summarizer.text.logistic import LogisticModel, logit
from summarizer.text.passage import Reading
from summarizer.text.thesaurus import groups_of
from summarizer.types import Judgement, Span, Verdict

COVERAGE_FEATURES = (
    "claim_match",
    "sentence_match",
    "sentence_cover",
    "seen",
    "unseen",
    "grams",
)
"""In the order of the weights: log-odds of the best matching claim and of the best match of
the claim's sentence; the claim's words found in one sentence, and anywhere, as shares; the
weight of its words found nowhere; its character n-grams found anywhere, as a share."""

NEAREST_CLAIM = 0.15
"""From this probability a matching claim is the nearest passage; below, the sentence that
covers most of the claim's words is."""

LEAST_MATCH = 0.02
"""An article none of whose passages match a claim with this probability does not report it:
no more is computed. It keeps the cost of a large story in proportion to what it shares."""

MOST_UNSEEN = 4.0
"""Weight of unseen words beyond which more makes support no less likely."""

ARTICLES_JUDGED = 30
"""A claim is judged against at most so many articles, those that match it best: where not one
of thirty reports it, the others, which resemble it less, do not either."""

LOOKED_AT = 6
"""How many of the best matching claims, and sentences, of an article are read for a claim."""


@dataclass(frozen=True, slots=True)
class _Document:
    """All that one article says, for looking words up in it."""

    stems: frozenset[str]
    groups: frozenset[str]
    grams: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the matcher found for one claim in one article, the best first."""

    claims: tuple[Match, ...]
    sentences: tuple[Match, ...]

    @property
    def best_claim(self) -> float:
        """The probability of the best matching claim; 0 without one."""
        return self.claims[0].probability if self.claims else 0.0

    @property
    def best_sentence(self) -> float:
        """The probability of the best match of the claim's sentence; 0 without one."""
        return self.sentences[0].probability if self.sentences else 0.0

    @property
    def best(self) -> float:
        """The greater of the two."""
        return max(self.best_claim, self.best_sentence)


class CoverageReader:
    """Reads off, for each claim of a story, which other articles report it.

    Args:
        story: The matched story.
        model: The weights; the fitted ones unless another fit is under way.
    """

    def __init__(self, story: Story, model: LogisticModel = COVERAGE) -> None:
        self._story = story
        self._model = model
        self._documents = _documents(story)
        self._known_claims: dict[int, tuple[float, frozenset[str]]] = {}
        self._known_covers: dict[tuple[int, int], float] = {}

    def judgements(self) -> dict[Pair, Judgement]:
        """Judge each claim against every article that has anything like it."""
        return {
            (claim, article): self._judgement(claim, candidates, article)
            for claim in range(len(self._story.claims))
            for article, candidates in self.candidates(claim).items()
        }

    def candidates(self, claim: int) -> dict[int, Candidates]:
        """Return what the matcher found for a claim, by article."""
        story = self._story
        claims: dict[int, list[Match]] = defaultdict(list)
        for match in story.claim_matches[claim]:
            claims[story.claims[match.other].article].append(match)
        sentences: dict[int, list[Match]] = defaultdict(list)
        for match in story.sentence_matches[story.claims[claim].sentence]:
            sentences[story.sentences[match.other].article].append(match)
        found = {
            article: Candidates(
                tuple(claims[article][:LOOKED_AT]), tuple(sentences[article][:LOOKED_AT])
            )
            for article in sorted(claims.keys() | sentences.keys())
        }
        best = sorted(found, key=lambda a: (-found[a].best, a))[:ARTICLES_JUDGED]
        return {article: found[article] for article in best if found[article].best >= LEAST_MATCH}

    def features(self, claim: int, candidates: Candidates, article: int) -> tuple[float, ...]:
        """Return the row of ``COVERAGE_FEATURES`` for a claim and an article."""
        reading = self._story.claims[claim].reading
        document = self._documents[article]
        weight, own = self._asked(reading)
        seen = self._story.vocabulary.covered(reading.stems, document.stems, document.groups)
        return (
            logit(candidates.best_claim),
            logit(candidates.best_sentence),
            max(self._covers(claim, candidates), default=(0.0, -1))[0] / weight,
            seen / weight,
            min(weight - seen, MOST_UNSEEN) / MOST_UNSEEN,
            len(own & document.grams) / max(1, len(own)),
        )

    def nearest(self, claim: int, candidates: Candidates) -> Span | None:
        """Return the passage closest to a claim: a claim that matches, else a sentence."""
        if candidates.best_claim >= NEAREST_CLAIM:
            return self._story.claims[candidates.claims[0].other].claim.evidence[0]
        best = max(self._covers(claim, candidates), default=None)
        return self._story.sentences[best[1]].span if best else None

    def _covers(self, claim: int, candidates: Candidates) -> list[tuple[float, int]]:
        """Return how much of a claim each candidate sentence covers, and its position."""
        story = self._story
        reading = story.claims[claim].reading
        positions = {story.claims[match.other].sentence for match in candidates.claims}
        positions |= {match.other for match in candidates.sentences}
        return [(self._cover(reading, k), k) for k in sorted(positions)]

    def _asked(self, reading: Reading) -> tuple[float, frozenset[str]]:
        """Return the weight and the n-grams of a claim, which every article is asked about."""
        if id(reading) not in self._known_claims:
            weight = max(self._story.vocabulary.total(reading.stems), LEAST_WEIGHT)
            self._known_claims[id(reading)] = (weight, grams(reading))
        return self._known_claims[id(reading)]

    def _cover(self, reading: Reading, sentence: int) -> float:
        """Return the weight of a claim's words in a sentence; equal ones are read once."""
        other = self._story.sentences[sentence].reading
        key = (id(reading), id(other))
        if key not in self._known_covers:
            self._known_covers[key] = self._story.vocabulary.covered(
                reading.stems, other.stems, self._story.sentence_groups[sentence]
            )
        return self._known_covers[key]

    def _judgement(self, claim: int, candidates: Candidates, article: int) -> Judgement:
        probability = self._model.probability(self.features(claim, candidates, article))
        return Judgement(
            verdict=Verdict.REPORTED if probability >= SUPPORTED_FROM else Verdict.ABSENT,
            probability=probability,
            nearest=self.nearest(claim, candidates),
        )


def coverage(story: Story) -> Coverage:
    """Judge each claim of a story against every article that has anything like it."""
    return Coverage(CoverageReader(story).judgements())


def _documents(story: Story) -> dict[int, _Document]:
    by_article: dict[int, list[Sentence]] = defaultdict(list)
    for sentence in story.sentences:
        by_article[sentence.article].append(sentence)
    documents = {}
    for article, found in by_article.items():
        stems = frozenset[str]().union(*(s.reading.stems for s in found))
        documents[article] = _Document(
            stems=stems,
            groups=groups_of(stems),
            grams=frozenset[str]().union(*(grams(s.reading) for s in found)),
        )
    return documents
