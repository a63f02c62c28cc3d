"""Which articles are about another event than the rest."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from summarizer.compare.alignment import AlignedConflict, AlignedFact
from summarizer.compare.story import Story

SHARED_LEAST = 2
"""Two articles are about one event when they share so many facts, or all that one has."""


def strangers(
    story: Story, facts: Iterable[AlignedFact], conflicts: Iterable[AlignedConflict] = ()
) -> frozenset[int]:
    """Return the positions of articles that share too little with the rest of a story.

    Articles that share facts, or differ on a point, are linked; the largest linked group is
    the event. Where no two articles are linked, none is on the event of another.
    """
    place = story.positions()
    shared: Counter[tuple[int, int]] = Counter()
    for fact in facts:
        shared.update(_pairs({place[m.article.id] for m in fact.mentions}))
    for conflict in conflicts:
        named = {place[m.article.id] for p in conflict.positions for m in p.mentions}
        shared.update(_pairs(named))
    claims = Counter(place[claim.article.id] for claim in story.claims)
    linked = [
        (one, other)
        for (one, other), count in shared.items()
        if count >= min(SHARED_LEAST, claims[one], claims[other])
    ]
    return outside_largest(len(story.documents), linked)


def outside_largest(count: int, linked: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return what is not in the largest connected group of ``count`` positions."""
    group = list(range(count))
    for one, other in linked:
        group = [group[one] if member == group[other] else member for member in group]
    members: dict[int, list[int]] = defaultdict(list)
    for position, number in enumerate(group):
        members[number].append(position)
    largest = max(members.values(), key=len, default=[])
    return frozenset(range(count)) - frozenset(largest if len(largest) > 1 else ())


def _pairs(positions: Iterable[int]) -> Iterable[tuple[int, int]]:
    return combinations(sorted(positions), 2)
