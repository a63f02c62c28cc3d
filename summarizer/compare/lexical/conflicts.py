"""Figures that cannot both be true."""

from __future__ import annotations

from summarizer.compare.alignment import AlignedConflict
from summarizer.compare.lexical.support import Supporter
from summarizer.compare.story import Story


def find_conflicts(story: Story, supporter: Supporter) -> tuple[AlignedConflict, ...]:
    """Return the figures of a story that cannot both be true."""
    return ()
