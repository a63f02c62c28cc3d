from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from summarizer.facts.cliques import cover

LINKS = st.dictionaries(
    st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda p: p[0] < p[1]),
    st.floats(0.5, 1.0),
    max_size=30,
)


@given(LINKS)
def test_every_linked_node_is_in_a_group_whose_members_fit(
    links: dict[tuple[int, int], float],
) -> None:
    def fits(node: int, group: frozenset[int]) -> bool:
        return all((min(node, o), max(node, o)) in links for o in group)

    groups = list(cover(links, fits))
    assert {n for g in groups for n in g} == {n for pair in links for n in pair}
    assert all((a, b) in links for g in groups for a in g for b in g if a < b)
    assert len(set(groups)) == len(groups)


def test_a_chain_of_likenesses_does_not_tie_unlike_ends() -> None:
    links = {(0, 1): 0.9, (1, 2): 0.8}
    groups = list(cover(links, lambda n, g: {n, *g} != {0, 1, 2}))
    assert groups == [frozenset({0, 1}), frozenset({1, 2})]
