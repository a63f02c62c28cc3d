"""Judgements on the claims of a story, kept only where there is something to judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from summarizer.types import Judgement, Verdict

NOWHERE = 0.06
"""The probability of support given where an article has no passage worth looking at: on four
annotated stories of real coverage 2 of 32 such claims were reported after all. (On seven
stories written for the project, whose outlets share fewer words, it was 73 of 360.)"""

ABSENT = Judgement(verdict=Verdict.ABSENT, probability=NOWHERE, nearest=None)
"""The judgement on an article in which nothing resembles the claim."""

Pair = tuple[int, int]
"""The positions of a claim and of an article in a story."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which articles report which claims of a story.

    Args:
        judgements: By pair; one that is missing is ``ABSENT``. A story of hundreds of
            articles would else hold a judgement for the square of them.
        unanswered: Pairs on which the judge was asked and gave no answer.
        claimwise: Whether the judge understood each claim by itself, so that a verdict on a
            claim is worth more than the likeness of sentences.
    """

    judgements: Mapping[Pair, Judgement]
    unanswered: frozenset[Pair] = frozenset()
    claimwise: bool = False

    def of(self, claim: int, article: int) -> Judgement:
        """Return the judgement on a claim and an article."""
        return self.judgements.get((claim, article), ABSENT)

    def supported(self, claim: int, article: int) -> bool:
        """Return whether the article reports the claim."""
        return self.of(claim, article).verdict is Verdict.REPORTED
