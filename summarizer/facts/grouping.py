"""Which claims make up one fact.

What several outlets report is found between sentences, what one alone reports between
clauses: a sentence shared in its half is evidence for a shared fact *and* for a unique one.

1. A claim is *alone* when no article of another outlet supports it.
2. Sentences of several outlets that report one thing make a shared fact; it rests on what
   of those sentences is not alone.
3. Claims alone make unique facts; neighbours in one sentence are one fact.
4. A claim that is neither alone nor in a shared fact is paired with the claim that matches
   it best. Where none matches well it is left out: it can be called neither shared nor
   unique, and shows among the article's uncited passages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from summarizer.facts.cliques import cover
from summarizer.matching.judged import Coverage
from summarizer.matching.story import Story
from summarizer.types import Verdict

LINKED_FROM = 0.5
"""Two sentences report one thing from this probability; one half, since it is calibrated."""

CLAIMS_LINKED_FROM = 0.5
"""The same for two claims whose sentences are not linked."""

SURE_FROM = 0.7
"""From this probability a linked sentence has something that the other reports too, even if
all of its claims seem to be alone: the one that comes closest is then not. A sentence less
surely linked whose claims all seem to be alone is no part of the link. Of .6 to .9 this did
best on annotated stories left out of the fit."""

CLIQUE_FROM = 0.25
"""A sentence joins a fact when it is linked to one of its sentences and its probability with
each other one is at least this: a chain of likenesses must not tie unlike ends together."""

LEAST_STEMS = 3
"""A sentence of fewer content words ("Cars are not.") agrees with others by chance."""

SENTENCES_EACH = 2
"""At most this many sentences of one article in a fact: more is a topic and not a fact."""


@dataclass(frozen=True, slots=True)
class Group:
    """The claims of one fact, by position in the story, in reading order."""

    claims: tuple[int, ...]
    alone: bool


class Grouping:
    """Sorts the claims of a story into groups."""

    def __init__(self, story: Story, coverage: Coverage) -> None:
        self._story = story
        self._outlets = [article.outlet for article in story.articles]
        self._of_sentence: dict[int, list[int]] = defaultdict(list)
        for i, claim in enumerate(story.claims):
            self._of_sentence[claim.sentence].append(i)
        self._alone = [self._is_alone(i, coverage) for i in range(len(story.claims))]
        self._linked = self._sentence_pairs()
        self._settle(coverage)

    def groups(self) -> Iterator[Group]:
        """Yield every group once: shared ones, pairs of claims, then unique ones."""
        settled: set[int] = set()
        for group in [*self._shared(), *self._paired()]:
            if not settled.issuperset(group.claims) or len(group.claims) > 2:
                settled.update(group.claims)
                yield group
        yield from self._unique()

    def _is_alone(self, claim: int, coverage: Coverage) -> bool:
        own = self._outlets[self._story.claims[claim].article]
        return all(
            coverage.of(claim, article).verdict is Verdict.ABSENT
            for article, outlet in enumerate(self._outlets)
            if outlet != own
        )

    def _sentence_pairs(self) -> dict[tuple[int, int], float]:
        """Return the probability of every matched pair of sentences of different outlets."""
        story = self._story
        return {
            (i, match.other): match.probability
            for i, matches in enumerate(story.sentence_matches)
            for match in matches
            if i < match.other
            and self._says_enough(i)
            and self._says_enough(match.other)
            and self._differ(story.sentences[i].article, story.sentences[match.other].article)
        }

    def _says_enough(self, sentence: int) -> bool:
        """Return whether a sentence makes a claim and has words enough to be linked by."""
        stems = self._story.sentences[sentence].reading.stems
        return bool(self._of_sentence[sentence]) and len(stems) >= LEAST_STEMS

    def _settle(self, coverage: Coverage) -> None:
        """Let a surely linked sentence have a claim that others report: the closest one."""
        sure = {s for pair, p in self._linked.items() if p >= SURE_FROM for s in pair}

        def support(claim: int) -> float:
            articles = range(len(self._outlets))
            return max(coverage.of(claim, a).probability for a in articles)

        for sentence in sorted(sure):
            claims = self._of_sentence[sentence]
            if all(self._alone[claim] for claim in claims):
                self._alone[max(claims, key=support)] = False

    def _differ(self, article: int, other: int) -> bool:
        return self._outlets[article] != self._outlets[other]

    def _shared(self) -> Iterator[Group]:
        links = {pair: p for pair, p in self._linked.items() if p >= LINKED_FROM}
        for sentences in cover(links, self._fits):
            claims = [claim for s in sorted(sentences) for claim in self._shared_claims(s)]
            # Where the others' claims are all alone, what is left is one outlet's word.
            if len({self._outlets[self._story.claims[c].article] for c in claims}) > 1:
                yield Group(tuple(claims), alone=False)

    def _fits(self, sentence: int, group: frozenset[int]) -> bool:
        article = self._story.sentences[sentence].article
        same = [s for s in group if self._story.sentences[s].article == article]
        if len(same) >= SENTENCES_EACH:
            return False
        return all(
            self._linked.get((min(s, sentence), max(s, sentence)), 0.0) >= CLIQUE_FROM
            for s in group
            if self._differ(self._story.sentences[s].article, article)
        )

    def _shared_claims(self, sentence: int) -> list[int]:
        """Return a linked sentence's claims that others report."""
        return [claim for claim in self._of_sentence[sentence] if not self._alone[claim]]

    def _paired(self) -> Iterator[Group]:
        """Yield, for claims that are not alone, the pair with the best matching claim."""
        story = self._story
        for i, matches in enumerate(story.claim_matches):
            for match in matches[:1]:
                differ = self._differ(story.claims[i].article, story.claims[match.other].article)
                reported = not self._alone[i] and not self._alone[match.other]
                if reported and match.probability >= CLAIMS_LINKED_FROM and differ:
                    yield Group(tuple(sorted((i, match.other))), alone=False)

    def _unique(self) -> Iterator[Group]:
        for claims in self._of_sentence.values():
            run: list[int] = []
            for claim in [*claims, -1]:
                if claim >= 0 and self._alone[claim]:
                    run.append(claim)
                elif run:
                    yield Group(tuple(run), alone=True)
                    run = []
