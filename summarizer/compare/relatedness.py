"""Articles on another event than the rest, or in another language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from summarizer.compare.alignment import AlignedFact
from summarizer.compare.story import Story

SHARED_LEAST = 2
"""Two articles are about one event when they share so many facts, or all that one has."""

LIKELY_FROM, LINKS_LEAST, LINKS_SHARE = 0.3, 2, 0.34
"""By words two articles are about one event when they share a line, or so many claims are
reported by the other with the first as probability, or a third of those of the shorter one."""

BRIEF, BRIEF_SHARED = 6, 3
"""An article of so many sentences is about another event only where it shares fewer content
words with the others: it has hardly room for two statements that others make as well."""


def strangers_by_facts(
    story: Story, shared_by: Iterable[Iterable[int]], unread: frozenset[int]
) -> frozenset[int]:
    """Return the positions of articles that share too little with the rest of a story.

    Articles that share facts, or differ on a point, are linked; the largest linked group is
    the event. Where no two articles are linked, none is on the event of another. ``shared_by``
    has for each fact or conflict the positions of the articles that have it. Of an article
    that is ``unread`` nothing is known.
    """
    shared = Counter(pair for each in shared_by for pair in combinations(sorted(set(each)), 2))
    claims = _claim_counts(story)
    linked = [
        (one, other)
        for (one, other), count in shared.items()
        if count >= min(SHARED_LEAST, claims[one], claims[other])
    ]
    return _outside_largest(len(story.documents), linked) - unread


def strangers_by_words(story: Story, shared: Sequence[AlignedFact]) -> frozenset[int]:
    """Return the positions of articles that seem, by their words, to be about another event.

    Words cannot tell it of an article in a language that no other one is in.
    """
    place, count = story.positions, len(story.documents)
    linked = {
        pair
        for fact in shared
        for pair in pairwise(sorted({place[m.article.id] for m in fact.mentions}))
    }
    if not _outside_largest(count, sorted(linked)):
        return frozenset()
    claims = _claim_counts(story)
    for (one, other), likely in Counter(_likely_reports(story)).items():
        if likely >= min(LINKS_LEAST, round(LINKS_SHARE * min(claims[one], claims[other]))):
            linked.add((one, other))
    for one, other in combinations(range(count), 2):
        first, second = story.documents[one], story.documents[other]
        brief = min(len(first.body), len(second.body)) <= BRIEF
        if brief and len(first.stems & second.stems) >= BRIEF_SHARED:
            linked.add((one, other))
    languages = Counter(document.language for document in story.documents)
    outside = _outside_largest(count, sorted(linked))
    return frozenset(i for i in outside if languages[story.documents[i].language] > 1)


def language_warnings(story: Story) -> tuple[str, ...]:
    """Return what must be said where the articles are in several languages."""
    languages = sorted({document.language for document in story.documents})
    if len(languages) < 2:
        return ()
    return (
        f"The articles are in different languages ({', '.join(languages)}), which the offline "
        "engine cannot compare: facts across them are not matched.",
    )


def _claim_counts(story: Story) -> Counter[int]:
    return Counter(story.positions[claim.article.id] for claim in story.claims)


def _likely_reports(story: Story) -> Iterator[tuple[int, int]]:
    """Yield the articles of a claim and of what may report it, the smaller position first."""
    for claim in story.claims:
        article = story.positions[claim.article.id]
        for other, support in story.supporter.supports(claim.text, article).items():
            if support.reports >= LIKELY_FROM and not support.lacking:
                yield min(article, other), max(article, other)


def _outside_largest(count: int, linked: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return what is not in the largest connected group of ``count`` positions."""
    groups = [{position} for position in range(count)]
    for one, other in linked:
        if groups[one] is not groups[other]:
            joined = groups[one] | groups[other]
            for position in joined:
                groups[position] = joined
    largest = max(groups, key=lambda each: (len(each), -min(each)), default=set[int]())
    return frozenset(range(count)) - (largest if len(largest) > 1 else set())
