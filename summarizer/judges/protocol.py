"""The one question that everything else is built on: does this text support this claim?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from summarizer.errors import SummarizerError
from summarizer.types import Article, Claim, Judgement


class Judged(NamedTuple):
    """Judgements in the order of the claims; None where the judge gave no answer.

    ``failures`` are the requests that came to nothing, if a model was asked.
    """

    judgements: tuple[Judgement | None, ...]
    failures: tuple[SummarizerError, ...] = ()


class Judge(Protocol):
    """Answers, for each claim, whether an article supports, contradicts or lacks it.

    A judgement's ``probability`` is always that the article *supports* the claim, and its
    ``nearest`` is a span of the article's text. Safe to be used by several threads at once.
    """

    @property
    def name(self) -> str:
        """The judge's name in reports: "lexical", "llm", "decisions"."""

    @property
    def prompts(self) -> tuple[str, ...]:
        """The names of the prompts that it uses."""

    @property
    def asks(self) -> bool:
        """Whether a model is asked, so that each claim costs and is understood by itself.

        A judge that does not ask goes by the words, and within one story the words of all
        the articles tell it more than one article does (``judges.coverage``).
        """

    def judge(self, claims: Sequence[Claim], article: Article) -> Judged:
        """Judge claims, of this article or of any other, against one article."""
