"""What aligning a story gives: its claims sorted into facts, details and positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from summarizer.compare.story import Story
from summarizer.errors import SummarizerError
from summarizer.types import ClaimKind, ConflictKind, Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedDetail:
    """What one article seems to add to a shared fact; ``mention`` holds the new element."""

    text: str
    mention: Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedFact:
    """Mentions of one or several articles that report the same news.

    ``text`` is the most specific wording that all mentions support. Mentions are in story
    order, and one article may have several.
    """

    text: str
    kind: ClaimKind
    mentions: tuple[Mention, ...]
    details: tuple[AlignedDetail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedPosition:
    """One side of a conflict: the articles' own words for it, and where they stand."""

    value: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedConflict:
    """Positions of different outlets on one point; ``topic`` names it without any value."""

    topic: str
    kind: ConflictKind
    positions: tuple[AlignedPosition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A story laid side by side.

    A claim that is neither surely shared nor surely alone may be in no fact; its passage then
    shows as uncited. ``strangers`` are positions of articles that seem to be about another
    event than the rest; None where that is to be told from the facts they share. ``failures``
    are requests that came to nothing.
    """

    facts: tuple[AlignedFact, ...]
    conflicts: tuple[AlignedConflict, ...] = ()
    strangers: frozenset[int] | None = None
    warnings: tuple[str, ...] = ()
    failures: tuple[SummarizerError, ...] = ()


class Aligner(Protocol):
    """Lays the claims of all articles side by side and sorts them into facts."""

    @property
    def name(self) -> str:
        """The aligner's name in reports: "lexical", "llm"."""

    @property
    def prompts(self) -> Sequence[str]:
        """The names of the prompts that it uses."""

    def align(self, story: Story) -> Alignment:
        """Return the alignment of a story.

        Raises:
            SummarizerError: A model was asked, and gave no answer that can be used.
        """
