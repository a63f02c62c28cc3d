"""The judge that asks a model for a verdict on each claim, with the sentences that decide it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from typing import cast

from summarizer.judges.parts import Sentences, in_parts
from summarizer.judges.protocol import Judged
from summarizer.llm.prompt_runner import PromptRunner
from summarizer.prompts.material import article_block, claims_block
from summarizer.schemas.replies import VerdictReply, VerdictsReply
from summarizer.types import Article, Claim, Judgement, Span, Verdict

STAGE = "judge_claims"

CONTRADICTED_AT_MOST = 0.1
"""The probability of support left where the model finds a contradiction, however unsure."""


class LlmJudge:
    """One request for an article and all the claims put to it, more only where they do not fit.

    Args:
        asker: Who is asked, and with which prompts.
        chunk_tokens: The tokens of a chunk, to which requests are in proportion.
    """

    name = "llm"
    prompts = ("reader", STAGE)
    asks = True

    def __init__(self, asker: PromptRunner, chunk_tokens: int) -> None:
        self._asker = asker
        self._chunk_tokens = chunk_tokens

    def judge(self, claims: Sequence[Claim], article: Article) -> Judged:
        """Judge claims against an article; a claim whose verdict is missing has None."""
        return in_parts(claims, article, self._chunk_tokens, self._ask)

    def _ask(
        self, claims: Sequence[Claim], article: Article, sentences: Sentences
    ) -> list[Judgement | None]:
        values = {"article": article_block(article, sentences), "claims": claims_block(claims)}
        lacking = partial(_lacking, asked=len(claims))
        request = self._asker.request(STAGE, article.source, values, lacking=lacking)
        reply = cast(VerdictsReply, self._asker.ask(request))
        return _in_order(reply, len(claims), sentences)


def _lacking(reply: VerdictsReply, asked: int) -> str:
    """Return which claims an answer has no one verdict on, in words; "" if it has all."""
    missing = sorted(set(range(1, asked + 1)) - _by_number(reply).keys())
    return f"it has no single verdict on claims {', '.join(map(str, missing))}." if missing else ""


def _by_number(reply: VerdictsReply) -> dict[int, VerdictReply]:
    """Return the verdicts by their claims' numbers, without those that contradict each other."""
    found: dict[int, list[VerdictReply]] = defaultdict(list)
    for verdict in reply.verdicts:
        found[verdict.claim].append(verdict)
    return {
        claim: given[0]
        for claim, given in found.items()
        if len({verdict.verdict for verdict in given}) == 1
    }


def _in_order(reply: VerdictsReply, claims: int, sentences: Sentences) -> list[Judgement | None]:
    """Return the verdicts in the order of their claims."""
    by_number = _by_number(reply)
    found = (by_number.get(number) for number in range(1, claims + 1))
    return [None if verdict is None else _judgement(verdict, sentences) for verdict in found]


def _judgement(reply: VerdictReply, sentences: Sentences) -> Judgement:
    verdict = Verdict(reply.verdict)
    sure = reply.confidence / 100
    probability = sure if verdict is Verdict.SUPPORTED else 1 - sure
    if verdict is Verdict.CONTRADICTED:
        probability = min(probability, CONTRADICTED_AT_MOST)
    return Judgement(
        verdict=verdict, probability=probability, nearest=_passage(reply.sentences, sentences)
    )


def _passage(numbers: Sequence[int], sentences: Sentences) -> Span | None:
    """Return the first run of neighbouring sentences that were named, as one span."""
    valid = sorted({n for n in numbers if 1 <= n <= len(sentences)})
    if not valid:
        return None
    last = valid[0]
    while last + 1 in valid:
        last += 1
    return Span(sentences[valid[0] - 1].start, sentences[last - 1].end)
