"""Articles on another event than the rest, or in another language, and what must be said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from summarizer.compare.alignment import AlignedFact
from summarizer.compare.lexical.support import Supporter
from summarizer.compare.relatedness import outside_largest
from summarizer.compare.story import Story

LIKELY_FROM = 0.3
"""A claim that another article reports with this probability links the two."""

LINKS_LEAST = 2
"""Two articles are about one event when they share a line, or so many claims are likely
reported by the other, or a third of those of the shorter one."""

LINKS_SHARE = 0.34

BRIEF, BRIEF_SHARED = 6, 3
"""An article of so many sentences is about another event only where it shares fewer content
words with the others: it has hardly room for two statements that others make as well."""


def strangers(story: Story, supporter: Supporter, shared: Sequence[AlignedFact]) -> frozenset[int]:
    """Return the positions of articles that seem to be about another event than the rest.

    Words cannot tell it of an article in a language that no other one is in.
    """
    place = story.positions
    linked = {
        pair
        for fact in shared
        for pair in pairwise(sorted({place[m.article.id] for m in fact.mentions}))
    }
    if not outside_largest(len(story.documents), sorted(linked)):
        return frozenset()
    claims = Counter(place[claim.article.id] for claim in story.claims)
    likely = Counter(_likely(story, supporter))
    for (one, other), count in likely.items():
        shorter = min(claims[one], claims[other])
        if count >= min(LINKS_LEAST, round(LINKS_SHARE * shorter)):
            linked.add((one, other))
    linked |= set(_brief(story))
    outside = outside_largest(len(story.documents), sorted(linked))
    languages = Counter(document.language for document in story.documents)
    return frozenset(i for i in outside if languages[story.documents[i].language] > 1)


def _brief(story: Story) -> Iterator[tuple[int, int]]:
    """Yield articles that share names or rare words, one of which is too short to be judged."""
    stems = [
        frozenset[str]().union(*(s.reading.stems for s in document.sentences))
        for document in story.documents
    ]
    for one, other in combinations(range(len(story.documents)), 2):
        shortest = min(len(story.documents[i].body) for i in (one, other))
        if shortest <= BRIEF and len(stems[one] & stems[other]) >= BRIEF_SHARED:
            yield one, other


def _likely(story: Story, supporter: Supporter) -> Iterator[tuple[int, int]]:
    """Yield the articles of a claim and of what may report it, the smaller position first."""
    place = story.positions
    for claim in story.claims:
        article = place[claim.article.id]
        for other, support in supporter.supports(claim.text, article).items():
            if support.states >= LIKELY_FROM and not support.lacking:
                yield min(article, other), max(article, other)


def language_warnings(story: Story) -> tuple[str, ...]:
    """Return what must be said where the articles are in several languages."""
    languages = sorted({document.language for document in story.documents})
    if len(languages) < 2:
        return ()
    return (
        f"The articles are in different languages ({', '.join(languages)}), which the offline "
        "engine cannot compare: facts across them are not matched.",
    )
