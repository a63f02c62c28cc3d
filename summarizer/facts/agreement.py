"""Which claims make up one fact, where a judge understood each claim by itself.

1. Two claims of different articles are one fact when each article supports the other's
   claim, and the passage that supports it is the other claim's own, or the matcher takes
   the two for one. Support one way only means that one claim says more.
2. A claim that is linked to none is a fact by itself; an article that supports it joins
   with the passage that does. Clauses of one sentence that no other outlet has are one fact.

So every claim is in exactly one fact, and a fact is unique only when no other outlet's
article supports any claim of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from summarizer.facts.cliques import cover
from summarizer.facts.grouping import Group
from summarizer.matching.judged import Coverage
from summarizer.matching.story import Story, StoryClaim
from summarizer.text.quantities import compatible

POINTED_BOTH = 1.0
POINTED_ONCE = 0.8
"""How strongly two claims are linked that support each other, where both, or one, of the
passages that decide it are the other claim's own. Without a passage it is the probability
of the match, from ``MATCHED_FROM`` on. Only their order matters: the surer link comes first."""

MATCHED_FROM = 0.3
"""Two claims that support each other are one fact from this probability of a match: less
than one half, since the judge has said already that each article reports the other's claim."""

REPEATED_FROM = 0.8
"""Two claims of one article are one when they share so much of their content words (Jaccard)
and have the same figures: news tells in its body again what its first sentence told."""


LINKED_SHARE = 0.5
"""A claim joins a fact when it is linked to so much of it: a judge that misses one of four
pairs must not tear a fact in two, and a chain of likenesses must not tie unlike ends."""


class Agreement:
    """Sorts the claims of a story into groups by what the judge said of each."""

    def __init__(self, story: Story, coverage: Coverage) -> None:
        self._story = story
        self._coverage = coverage
        self._of_article: dict[int, list[int]] = defaultdict(list)
        for i, claim in enumerate(story.claims):
            self._of_article[claim.article].append(i)
        self._links = self._linked()

    def groups(self) -> Iterator[Group]:
        """Yield every group once; each claim is in exactly one."""
        settled: set[int] = set()
        for claims in cover(self._links, self._fits):
            left = sorted(claims - settled)
            settled.update(left)
            if left:
                yield self._group(left)
        yield from self._single([i for i in range(len(self._story.claims)) if i not in settled])

    def _single(self, claims: Sequence[int]) -> Iterator[Group]:
        """Yield claims linked to none; clauses of one sentence that nobody else has are one."""
        run: list[int] = []
        for i in claims:
            if run and not (self._continues(run[-1], i) and self._group([i]).alone):
                yield self._group(run)
                run = []
            run.append(i)
            if not self._group([i]).alone:
                yield self._group(run)
                run = []
        if run:
            yield self._group(run)

    def _continues(self, claim: int, other: int) -> bool:
        """Return whether two claims are clauses of one sentence, each with its own words."""
        a, b = self._story.claims[claim], self._story.claims[other]
        apart = all(x.overlap(y) == 0 for x in a.claim.evidence for y in b.claim.evidence)
        return a.sentence == b.sentence and other == claim + 1 and apart

    def _group(self, claims: Sequence[int]) -> Group:
        outlets = {self._outlet(i) for i in claims}
        elsewhere = any(
            self._coverage.supported(i, article)
            for i in claims
            for article, found in enumerate(self._story.articles)
            if found.outlet not in outlets
        )
        return Group(tuple(claims), alone=len(outlets) == 1 and not elsewhere)

    def _outlet(self, claim: int) -> str:
        return self._story.articles[self._story.claims[claim].article].outlet

    def _linked(self) -> dict[tuple[int, int], float]:
        links = dict(self._repeats())
        for i, claim in enumerate(self._story.claims):
            for article, others in self._of_article.items():
                if article <= claim.article or not self._coverage.supported(i, article):
                    continue
                for j in others:
                    strength = self._strength(i, j)
                    if strength:
                        links[i, j] = strength
        return links

    def _strength(self, i: int, j: int) -> float:
        """Return how strongly two claims of different articles are linked; 0: not at all."""
        a, b = self._story.claims[i], self._story.claims[j]
        if not (self._coverage.supported(i, b.article) and self._coverage.supported(j, a.article)):
            return 0.0
        matched = self._matched(i, j)
        pointed = self._points(i, b) + self._points(j, a)
        if not pointed:
            return matched if matched >= MATCHED_FROM else 0.0
        # Several claims may rest on the sentence pointed at: the match tells which is meant.
        return (POINTED_BOTH if pointed == 2 else POINTED_ONCE) + matched

    def _points(self, claim: int, other: StoryClaim) -> bool:
        """Return whether the passage that supports a claim is another claim's evidence."""
        passage = self._coverage.of(claim, other.article).nearest
        if passage is None or _unlike(self._story.claims[claim], other):
            return False
        return any(passage.overlap(span) for span in other.claim.evidence)

    def _matched(self, i: int, j: int) -> float:
        found = (m.probability for m in self._story.claim_matches[i] if m.other == j)
        return max(found, default=0.0)

    def _repeats(self) -> Iterator[tuple[tuple[int, int], float]]:
        """Yield claims of one article that say the same."""
        for claims in self._of_article.values():
            for n, i in enumerate(claims):
                for j in claims[n + 1 :]:
                    if _repeats(self._story.claims[i], self._story.claims[j]):
                        yield (i, j), 2 * POINTED_BOTH

    def _fits(self, claim: int, group: frozenset[int]) -> bool:
        """Return whether a claim is linked to enough of a group.

        Two claims of one article go together only where one repeats the other.
        """
        linked = [i for i in group if (min(i, claim), max(i, claim)) in self._links]
        own = self._story.claims[claim].article
        alike = all(i in linked for i in group if self._story.claims[i].article == own)
        return alike and len(linked) >= LINKED_SHARE * len(group)


def _unlike(a: StoryClaim, b: StoryClaim) -> bool:
    """Return whether two claims on one sentence are plainly two: other words, other figures."""
    ours, theirs = a.reading, b.reading
    if not ours.stems & theirs.stems:
        return True
    pairs = [(figure, other) for figure in ours.figures for other in theirs.figures]
    return bool(pairs) and not any(compatible(figure, other) for figure, other in pairs)


def _repeats(a: StoryClaim, b: StoryClaim) -> bool:
    ours, theirs = a.reading, b.reading
    union = ours.stems | theirs.stems
    if not union or len(ours.stems & theirs.stems) < REPEATED_FROM * len(union):
        return False
    return len(ours.figures) == len(theirs.figures) and all(
        any(compatible(figure, other) for other in theirs.figures) for figure in ours.figures
    )
