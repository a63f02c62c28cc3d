"""What the detectors work on and what they find."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.matching.story import Sentence
from summarizer.types import ConflictKind


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences of different outlets that may report one thing.

    ``here`` and ``there`` are their positions in the story, ``speaker_here`` and
    ``speaker_there`` who they are attributed to, ``probability`` how likely they match.
    """

    here: int
    there: int
    a: Sentence
    b: Sentence
    probability: float
    speaker_here: str | None = None
    speaker_there: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a difference: a value as it is worded, in a sentence by position.

    Sides with one ``stand`` take one position, however they word it.
    """

    sentence: int
    value: str
    stand: str = ""

    @property
    def position(self) -> str:
        """What sides that take one position have in common."""
        return self.stand or " ".join(self.value.lower().split())


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sides of one thing that differ, found in one pair of sentences."""

    kind: ConflictKind
    a: Side
    b: Side
    strength: float
