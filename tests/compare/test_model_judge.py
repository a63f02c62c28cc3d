"""What the judge that asks a model makes of answers, given by a chat that was told them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from summarizer.compare.judges.model import LlmJudge
from summarizer.llm.request import Outcome, PromptRunner, Reply, Request
from summarizer.prompts import load_prompts
from summarizer.types import Claim, ConflictKind, Difference, Judgement, Verdict
from tests.support.articles import article
from tests.support.stories import story

SOURCE = article(
    "Gazette",
    "The grain store burned down, injuring 14 workers.",
    "Nobody was hurt in the harbour.",
    title="Grain store lost",
)
OTHER = article("Courier", "The grain store burned down on Tuesday.", "The mayor resigned.")
CLAIMS = (
    Claim(article=OTHER, text="The grain store burned down.", evidence=(OTHER.body[0],)),
    Claim(article=OTHER, text="The mayor resigned.", evidence=(OTHER.body[1],)),
)


@dataclass
class Scripted:
    """A chat that gives its answers one after the other."""

    answers: list[list[dict[str, Any]]]
    asked: list[Request] = field(default_factory=list)

    def ask(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(outcome=Outcome.COMPLETE, value={"findings": self.answers.pop(0)})


def finding(
    statement: int,
    verdict: str,
    sentences: tuple[int, ...] = (1,),
    words: str = "injuring 14 workers",
    difference: dict[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "statement": statement,
        "sentences": list(sentences),
        "words": words,
        "verdict": verdict,
        "missing": None,
        "difference": difference,
    }


def judged(*findings: dict[str, Any]) -> tuple[Judgement | None, ...]:
    judge = LlmJudge(
        PromptRunner(Scripted([list(findings)]), "m", load_prompts("")), chunk_tokens=1500
    )
    return judge.judge(CLAIMS, SOURCE).judgements


def verdicts(*findings: dict[str, Any]) -> list[Verdict | None]:
    return [judgement.verdict if judgement else None for judgement in judged(*findings)]


def test_only_findings_are_listed_and_the_rest_is_absent() -> None:
    assert verdicts(finding(1, "reported")) == [Verdict.REPORTED, Verdict.ABSENT]
    assert verdicts() == [Verdict.ABSENT, Verdict.ABSENT]


def test_within_a_story_statements_name_the_sentences_that_share_their_words() -> None:
    chat = Scripted([[], []])
    judge = LlmJudge(PromptRunner(chat, "m", load_prompts("")), chunk_tokens=1500)
    judge.judge(CLAIMS, SOURCE)
    judge.within(story(articles=(SOURCE, OTHER))).judge(CLAIMS, SOURCE)
    plain, hinted = (request.messages[-1].content.splitlines() for request in chat.asked)
    assert "1: The grain store burned down." in plain
    assert "1: The grain store burned down. [1]" in hinted
    assert "2: The mayor resigned." in hinted


def test_a_finding_rests_on_the_sentences_it_names() -> None:
    first, _ = judged(finding(1, "reported", (1, 2)))
    assert first is not None
    assert first.nearest is not None
    assert first.nearest.of(SOURCE.text).startswith("The grain store burned down")
    assert first.nearest.of(SOURCE.text).endswith("hurt in the harbour.")


def test_a_finding_may_rest_on_the_title() -> None:
    first, _ = judged(finding(1, "reported", (0,), "Grain store lost"))
    assert first is not None
    assert first.nearest is not None
    assert first.nearest.of(SOURCE.text) == "Grain store lost"


@pytest.mark.parametrize("sentences", [(), (9,), (-1,)])
def test_a_finding_that_names_no_sentence_is_none(sentences: tuple[int, ...]) -> None:
    found = verdicts(finding(1, "reported", sentences), finding(2, "reported"))
    assert found == [Verdict.ABSENT, Verdict.REPORTED]


@pytest.mark.parametrize("only", [finding(1, "reported", (9,)), finding(7, "reported")])
def test_findings_none_of_which_exists_are_no_answer(only: dict[str, Any]) -> None:
    assert verdicts(only) == [None, None]


def test_findings_that_disagree_on_one_statement_are_no_answer() -> None:
    assert verdicts(finding(1, "reported"), finding(1, "contradicted")) == [None, Verdict.ABSENT]


def test_a_contradiction_says_what_it_is_about_in_the_words_of_the_article() -> None:
    told = {"topic": "number of injured", "kind": "number", "stated": "nobody"}
    _, second = judged(finding(2, "contradicted", difference=told))
    assert second is not None
    assert second.difference == Difference(
        kind=ConflictKind.NUMBER,
        topic="number of injured",
        value="injuring 14 workers",
        claimed="nobody",
    )


def test_a_contradiction_that_does_not_say_of_what_is_a_partial_match() -> None:
    assert verdicts(finding(2, "contradicted")) == [Verdict.ABSENT, Verdict.PARTLY]


def test_a_statement_that_does_not_exist_is_passed_over() -> None:
    found = verdicts(finding(7, "reported"), finding(2, "reported"))
    assert found == [Verdict.ABSENT, Verdict.REPORTED]
