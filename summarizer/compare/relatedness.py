"""Which articles are about another event than the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from summarizer.compare.story import Story

SHARED_LEAST = 2
"""Two articles are about one event when they share so many facts, or all that one has."""


def strangers(
    story: Story, shared_by: Iterable[Iterable[int]], unread: frozenset[int]
) -> frozenset[int]:
    """Return the positions of articles that share too little with the rest of a story.

    Articles that share facts, or differ on a point, are linked; the largest linked group is
    the event. Where no two articles are linked, none is on the event of another. Of an
    article that was not read nothing is known.

    Args:
        story: The story.
        shared_by: For each fact or conflict, the positions of the articles that have it.
        unread: Positions of articles that were not read.
    """
    shared: Counter[tuple[int, int]] = Counter()
    for positions in shared_by:
        shared.update(_pairs(set(positions)))
    place = story.positions
    claims = Counter(place[claim.article.id] for claim in story.claims)
    linked = [
        (one, other)
        for (one, other), count in shared.items()
        if count >= min(SHARED_LEAST, claims[one], claims[other])
    ]
    return outside_largest(len(story.documents), linked) - unread


def outside_largest(count: int, linked: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return what is not in the largest connected group of ``count`` positions."""
    group = list(range(count))
    members = {position: [position] for position in group}
    for one, other in linked:
        kept, moved = group[one], group[other]
        if kept == moved:
            continue
        if len(members[kept]) < len(members[moved]):
            kept, moved = moved, kept
        for position in members[moved]:
            group[position] = kept
        members[kept] += members.pop(moved)
    largest = max(members.values(), key=lambda each: (len(each), -min(each)), default=[])
    return frozenset(range(count)) - frozenset(largest if len(largest) > 1 else ())


def _pairs(positions: Iterable[int]) -> Iterable[tuple[int, int]]:
    return combinations(sorted(positions), 2)
