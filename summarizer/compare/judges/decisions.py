"""The judge that asks typed questions: calibrated probabilities, no words to read.

OpenAI's Decisions API takes up to 400 questions about one input. Two are asked of each
claim: does the article report it, does it say something that cannot be true with it? The
model is weak on numbers, dates and denials, so there the check by words overrules it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from summarizer.compare.judges.lexical import speaks_of
from summarizer.compare.judges.parts import ModelJudge, Sentences
from summarizer.llm.request import Question
from summarizer.prompts.material import article_block, said
from summarizer.types import Article, Claim, Judgement, Verdict

STAGE = "decide_claims"

REPORTS, CONTRADICTS = "reports", "contradicts"
"""How the names of the two questions begin; the claim's number follows."""

LIKELIER_THAN_NOT = 0.5
"""Probabilities are calibrated, so a claim is taken for supported or contradicted from here."""


class DecisionsJudge(ModelJudge):
    """One request for an article and up to 200 claims."""

    name = "decisions"
    prompts = ("reader", STAGE, "ask_reported", "ask_contradicted")

    def _ask(
        self, claims: Sequence[Claim], article: Article, sentences: Sentences
    ) -> list[Judgement | None]:
        questions = [q for n, claim in enumerate(claims, 1) for q in self._on(n, claim, article)]
        values = {"article": article_block(article, sentences)}
        request = self._asker.request(STAGE, article.source, values, questions)
        answers = cast("list[float | None]", self._asker.ask(request))
        by_name = {q.name: answer for q, answer in zip(questions, answers, strict=True)}
        return [
            _judgement(by_name[f"{REPORTS}_{n}"], by_name.get(f"{CONTRADICTS}_{n}"))
            for n in range(1, len(claims) + 1)
        ]

    def _on(self, number: int, claim: Claim, article: Article) -> Iterator[Question]:
        """Yield the questions on a claim.

        Whether it is contradicted is only asked where the article speaks of the same thing.
        """
        prompts, words = self._asker.prompts, said(claim)
        yield Question(f"{REPORTS}_{number}", prompts["ask_reported"].fill(claim=words))
        if speaks_of(claim, article):
            yield Question(f"{CONTRADICTS}_{number}", prompts["ask_contradicted"].fill(claim=words))


def _judgement(reported: float | None, contradicted: float | None) -> Judgement | None:
    """Return the judgement of two probabilities; a refusal of the first leaves none."""
    if reported is None:
        return None
    if contradicted is not None and contradicted >= LIKELIER_THAN_NOT and contradicted > reported:
        probability = min(reported, 1 - contradicted)
        return Judgement(verdict=Verdict.CONTRADICTED, probability=probability)
    reports = reported >= LIKELIER_THAN_NOT
    return Judgement(verdict=Verdict.REPORTED if reports else Verdict.ABSENT, probability=reported)
