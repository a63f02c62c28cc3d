"""Judgements on the claims of a story, kept only where there is something to judge."""

from __future__ import annotations

from collections.abc import Mapping

from summarizer.types import Judgement, Verdict

NOWHERE = 0.01
"""The probability of support given where an article has no passage worth looking at: on the
annotated stories about one in a hundred such claims is reported after all."""

Coverage = Mapping[tuple[int, int], Judgement]
"""Judgements by positions of claim and article; a pair that is missing is ``ABSENT``. A
story of hundreds of articles would else hold a judgement for the square of them."""

ABSENT = Judgement(verdict=Verdict.NOT_FOUND, probability=NOWHERE, nearest=None)
"""The judgement on an article in which nothing resembles the claim."""
