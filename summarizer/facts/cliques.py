"""Grouping what is linked in pairs: every member of a group must go with every other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

Links = Mapping[tuple[int, int], float]


def cover(links: Links, fits: Callable[[int, frozenset[int]], bool]) -> Iterator[frozenset[int]]:
    """Yield groups that together cover every linked node, the strongest link first.

    Greedy clique cover: a node may stand in several groups, as a sentence may report several
    facts, but a link between two nodes that both stand in groups already makes no other.

    Args:
        links: Linked nodes, the smaller first, with the strength of the link.
        fits: Whether a node may join a group.
    """
    neighbours: dict[int, dict[int, float]] = defaultdict(dict)
    for (a, b), strength in links.items():
        neighbours[a][b] = neighbours[b][a] = strength
    grouped: set[int] = set()
    for a, b in sorted(links, key=lambda pair: (-links[pair], pair)):
        if a in grouped and b in grouped:
            continue
        group = _grown(frozenset((a, b)), neighbours, fits)
        grouped |= group
        yield group


def _grown(
    group: frozenset[int],
    neighbours: Mapping[int, Mapping[int, float]],
    fits: Callable[[int, frozenset[int]], bool],
) -> frozenset[int]:
    """Return the group with every neighbour that fits, the most strongly linked first."""
    waiting: dict[int, float] = {}
    for node in group:
        for other, strength in neighbours[node].items():
            waiting[other] = max(waiting.get(other, 0.0), strength)
    for node, _ in sorted(waiting.items(), key=lambda item: (-item[1], item[0])):
        if node not in group and fits(node, group):
            group |= {node}
    return group
