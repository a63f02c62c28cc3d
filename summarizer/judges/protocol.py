"""The one question that everything else is built on: does this text support this claim?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from summarizer.types import Article, Claim, Judgement


class Judge(Protocol):
    """Answers, for each claim, whether an article supports, contradicts or lacks it.

    Judgements come in the order of the claims. Their ``probability`` is always that the
    article *supports* the claim, and ``nearest`` is a span of the article's text.
    """

    @property
    def name(self) -> str:
        """The judge's name in reports: "lexical", "llm", "decisions"."""

    def judge(self, claims: Sequence[Claim], article: Article) -> tuple[Judgement, ...]:
        """Judge claims, of this article or of any other, against one article."""
