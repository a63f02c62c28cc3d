"""What the judge that asks a model makes of answers, given by a chat that was told them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from summarizer.chat.asker import Asker
from summarizer.chat.reask import ReaskingChat
from summarizer.chat.reply import Outcome, Reply
from summarizer.chat.request import Request
from summarizer.compare.judges.llm import LlmJudge
from summarizer.errors import AnswerUnusable
from summarizer.prompts import load_prompts
from summarizer.types import Claim, Verdict
from tests.articles import article

SOURCE = article("Gazette", "The grain store burned down.", "Nobody was hurt in the fire.")
OTHER = article("Courier", "The grain store burned down on Tuesday.", "The mayor resigned.")
CLAIMS = (
    Claim(article=OTHER, text="The grain store burned down.", evidence=(OTHER.body[0],)),
    Claim(article=OTHER, text="The mayor resigned.", evidence=(OTHER.body[0],)),
)


@dataclass
class Told:
    """A chat that gives its answers one after the other."""

    answers: list[list[dict[str, Any]]]
    asked: list[Request] = field(default_factory=list)

    def ask(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(outcome=Outcome.COMPLETE, value={"verdicts": self.answers.pop(0)})


def verdict(claim: int, said: str, sentences: tuple[int, ...] = (1,)) -> dict[str, Any]:
    return {
        "claim": claim,
        "reason": "so it says",
        "sentences": list(sentences),
        "verdict": said,
        "confidence": 90,
    }


def judge(told: Told) -> LlmJudge:
    return LlmJudge(Asker(ReaskingChat(told), "m", load_prompts("")), chunk_tokens=1500)


NO = verdict(2, "not_found", ())
YES = verdict(1, "supported")


def test_verdicts_are_taken_by_their_numbers() -> None:
    told = Told([[NO, YES]])
    found = judge(told).judge(CLAIMS, SOURCE)
    assert [j and j.verdict for j in found.judgements] == [Verdict.REPORTED, Verdict.ABSENT]
    assert (len(told.asked), found.failures) == (1, ())


def test_a_verdict_given_twice_alike_counts_once() -> None:
    told = Told([[YES, YES, NO]])
    assert None not in judge(told).judge(CLAIMS, SOURCE).judgements
    assert len(told.asked) == 1


def test_verdicts_that_differ_on_one_claim_are_asked_for_once_more() -> None:
    """Else the first would count, and a claim that is reported might be called unique."""
    told = Told([[YES, NO, verdict(2, "supported")], [YES, verdict(2, "supported")]])
    found = judge(told).judge(CLAIMS, SOURCE)
    assert [j and j.verdict for j in found.judgements] == [Verdict.REPORTED, Verdict.REPORTED]
    assert "no single verdict on claims 2." in told.asked[1].messages[-1].content


@pytest.mark.parametrize("again", [[YES, NO, verdict(2, "contradicted")], [YES]])
def test_where_they_differ_again_there_is_no_verdict(again: list[dict[str, Any]]) -> None:
    told = Told([[YES, NO, verdict(2, "supported")], again])
    found = judge(told).judge(CLAIMS, SOURCE)
    assert [j and j.verdict for j in found.judgements] == [Verdict.REPORTED, None]
    assert [type(failure) for failure in found.failures] == [AnswerUnusable]
