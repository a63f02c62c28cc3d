"""Articles on another event than the rest, or in another language, and what must be said of it."""

from __future__ import annotations

from summarizer.compare.lexical.support import Supporter
from summarizer.compare.story import Story

RELATED_FROM = 0.5


def find_strangers(story: Story, supporter: Supporter) -> frozenset[int]:
    """Return the positions of articles that seem to be about another event than the rest."""
    return frozenset()


def warnings(story: Story, strangers: frozenset[int]) -> tuple[str, ...]:
    """Return what must be said of a story's languages and strangers."""
    return ()
