"""How much of a story hangs on a fact."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.matching.story import Story

OUTLETS_SHARE = 0.35
CENTRALITY_SHARE = 0.2
LEAD_SHARE = 0.2
SUBSTANCE_SHARE = 0.25
"""The parts of salience, which add up to 1: how many of the outlets report it; how much it
speaks of what the whole story speaks of; how early it stands, as news puts first what
matters; how much it says at all. Set by hand and checked by eye: there are no labels fine
enough to fit them on."""

SUBSTANTIAL = 12
"""A claim of so many content words, names and figures counted twice, says enough."""


class Salience:
    """Rates facts of one story from 0 to 1."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._first: dict[int, int] = {}
        self._count: dict[int, int] = {}
        for i, sentence in enumerate(story.sentences):
            self._first.setdefault(sentence.article, i)
            self._count[sentence.article] = self._count.get(sentence.article, 0) + 1
        self._topic = self._topic_weights()
        self._most = max((self._about(i) for i in range(len(story.claims))), default=1.0) or 1.0

    def of(self, claims: Sequence[int], outlets: float) -> float:
        """Return the salience of a fact resting on claims, reported by a share of outlets."""
        central = max(self._about(claim) for claim in claims) / self._most
        lead = max(1 - self._place(claim) for claim in claims)
        substance = max(self._substance(claim) for claim in claims)
        total = (
            OUTLETS_SHARE * outlets
            + CENTRALITY_SHARE * central
            + LEAD_SHARE * lead
            + SUBSTANCE_SHARE * substance
        )
        return round(min(1.0, total), 3)

    def _topic_weights(self) -> dict[str, int]:
        """Return in how many articles each stem stands: the words of the story itself."""
        articles: dict[str, set[int]] = {}
        for sentence in self._story.sentences:
            for stem in sentence.reading.stems:
                articles.setdefault(stem, set()).add(sentence.article)
        return {stem: len(found) for stem, found in articles.items()}

    def _about(self, claim: int) -> float:
        """Return how much a claim speaks of what several articles speak of."""
        stems = self._story.claims[claim].reading.stems
        weight = sum(self._topic[s] - 1 for s in stems if self._topic.get(s, 0) > 1)
        return float(weight / (len(stems) + 4)) if stems else 0.0

    def _substance(self, claim: int) -> float:
        reading = self._story.claims[claim].reading
        told = len(reading.stems) + len(reading.names) + len(reading.figures)
        return min(told, SUBSTANTIAL) / SUBSTANTIAL

    def _place(self, claim: int) -> float:
        found = self._story.claims[claim]
        return (found.sentence - self._first[found.article]) / self._count[found.article]
