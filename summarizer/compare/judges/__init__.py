"""Judges: who answers which of some claims a text reports; verification is built on that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from summarizer.compare.story import Story
from summarizer.errors import SummarizerError
from summarizer.types import Article, Claim, Judgement


class Judged(NamedTuple):
    """Judgements in the order of the claims; None where the judge gave no answer.

    ``failures`` are the requests that came to nothing, if a model was asked.
    """

    judgements: tuple[Judgement | None, ...]
    failures: tuple[SummarizerError, ...] = ()


class Judge(Protocol):
    """Answers, for each claim, whether an article reports, contradicts or lacks it.

    A judgement's ``probability`` is always that the article *reports* the claim, 0 to 1, and
    its ``nearest`` is a span of the article's text. Safe to be used by several threads at once.

    ``name`` stands in reports: "lexical", "llm", "decisions"; ``prompts`` are the names of those
    it uses. Where it ``is_free``, a question costs nothing and none has to be spared. An article
    that reports a claim with a probability ``absent_below`` surely lacks it.
    """

    name: str
    prompts: tuple[str, ...]
    is_free: bool
    absent_below: float

    def judge(self, claims: Sequence[Claim], article: Article) -> Judged:
        """Judge claims, of this article or of any other, against one article."""

    def within(self, story: Story) -> Judge:
        """Return the judge for claims and articles of one story.

        Two articles on one event share most of their words whether they report the same fact
        or not, so a judge that goes by words weighs them within the story.
        """
