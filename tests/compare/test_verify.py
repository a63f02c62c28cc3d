"""What is asked of each article, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from summarizer.compare.alignment import Alignment
from summarizer.compare.judges import Judge, Judged
from summarizer.compare.story import Story
from summarizer.compare.verify import (
    NOTHING_LIKE_IT,
    Question,
    Verification,
    questions,
    verify,
)
from summarizer.types import Article, Claim, Judgement, Verdict
from tests.support.articles import COURIER, GAZETTE, HERALD
from tests.support.stories import detail, fact, mention, story

ALIGNED = Alignment(
    facts=(
        fact(
            "The store will stay closed for at least six weeks.",
            mention(GAZETTE, "Olin said the store would stay closed for at least six weeks."),
            mention(COURIER, "the store would stay closed for at least six weeks."),
            details=[detail("Fire chief Olin said so.", mention(GAZETTE, "Olin said the store"))],
        ),
        fact(
            "Insurers put the damage at 20 million crowns.",
            mention(HERALD, "Insurers put the damage at 20 million crowns"),
        ),
        fact(
            "The blaze began in a conveyor belt.",
            mention(GAZETTE, "The blaze began in a conveyor belt"),
        ),
    )
)


@dataclass
class Recorder:
    """A judge that finds nothing and remembers what it was asked."""

    name: str = "recorder"
    prompts: tuple[str, ...] = ()
    is_free: bool = False
    absent_below: float = 0.2
    asked: dict[str, list[str]] = field(default_factory=dict)

    def within(self, story: Story) -> Judge:
        return self

    def judge(self, claims: Sequence[Claim], article: Article) -> Judged:
        self.asked[article.outlet] = [claim.text for claim in claims]
        absent = Judgement(verdict=Verdict.ABSENT, probability=0.03)
        return Judged((absent,) * len(claims))


def run(tasks: Sequence[Callable[[], None]]) -> None:
    for task in tasks:
        task()


def run_last_first(tasks: Sequence[Callable[[], None]]) -> None:
    for task in reversed(tasks):
        task()


def ask(judge: Judge, run: Callable[[Sequence[Callable[[], None]]], None] = run) -> Verification:
    """Verify the story with a judge whose every step succeeds."""
    return verify(
        story(),
        ALIGNED,
        judge,
        frozenset(),
        run,
        attempt=lambda article, step: step(),
    )


def test_an_article_is_asked_for_lone_claims_details_and_facts_it_seems_to_lack() -> None:
    assert questions(story(), ALIGNED, frozenset()) == (
        Question(0, 1),
        Question(1, 0, 0),
        Question(1, 1),
        Question(1, 2),
        Question(2, 0),
        Question(2, 0, 0),
        Question(2, 2),
    )


def test_an_unread_article_is_asked_nothing() -> None:
    assert all(question.article != 2 for question in questions(story(), ALIGNED, frozenset({2})))


def test_a_statement_that_an_article_has_nothing_like_is_not_put_to_it() -> None:
    judge = Recorder()
    verification = ask(judge)
    assert "The blaze began in a conveyor belt." in judge.asked["Herald"]
    assert "Insurers put the damage at 20 million crowns." not in judge.asked.get("Gazette", [])
    assert verification.judgements[Question(0, 1)] == NOTHING_LIKE_IT


def test_a_judge_that_costs_nothing_is_spared_no_statement() -> None:
    judge = Recorder(is_free=True)
    ask(judge)
    assert "Insurers put the damage at 20 million crowns." in judge.asked["Gazette"]


def test_answers_keep_the_order_of_the_questions_whichever_came_first() -> None:
    first, last = ask(Recorder()), ask(Recorder(), run_last_first)
    assert list(first.judgements) == list(last.judgements) == sorted(last.judgements)


def test_an_article_whose_request_failed_has_no_answer() -> None:
    verification = verify(
        story(),
        ALIGNED,
        Recorder(),
        frozenset(),
        run,
        attempt=lambda article, step: None,
    )
    assert verification.judgements[Question(2, 2)] is None
