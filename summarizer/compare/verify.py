"""Verifying: what still looks unique is looked for in the full text of the other articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from summarizer.compare.alignment import Alignment
from summarizer.compare.judges.protocol import Judge, Judged
from summarizer.compare.story import Story
from summarizer.errors import AnswerIncomplete, SummarizerError
from summarizer.types import Article, Claim, Judgement, Mention


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """Does the article at a position report a fact, or the detail of one? All by position.

    ``detail`` is -1 where the fact itself is asked about.
    """

    article: int
    fact: int
    detail: int = -1


@dataclass(frozen=True, slots=True)
class Verification:
    """The judgement on each question; None where no answer came."""

    judgements: Mapping[Question, Judgement | None]

    def of(self, fact: int, detail: int = -1) -> dict[int, Judgement | None]:
        """Return the judgements on a fact or a detail, by the article's position."""
        return {
            question.article: judgement
            for question, judgement in self.judgements.items()
            if (question.fact, question.detail) == (fact, detail)
        }

    def by_statement(self) -> dict[tuple[int, int], dict[int, Judgement | None]]:
        """Return the judgements by fact and detail, then by the article's position."""
        grouped: dict[tuple[int, int], dict[int, Judgement | None]] = defaultdict(dict)
        for question, judgement in self.judgements.items():
            grouped[question.fact, question.detail][question.article] = judgement
        return grouped


Attempt = Callable[[Article, Callable[[], Judged]], Judged | None]
"""Takes a step that may ask a model, on an article; None where it failed, which is noted."""

Note = Callable[[Article, SummarizerError], None]
"""Remembers that a part of a step failed."""


def questions(story: Story, alignment: Alignment, unread: frozenset[int]) -> tuple[Question, ...]:
    """Return what has to be asked: of every article, all that only others seem to report.

    Args:
        story: The story.
        alignment: Its claims laid side by side.
        unread: Positions of articles that gave no claims: nothing is said of what they lack.
    """
    outlets = [article.outlet for article in story.articles]
    asked = []
    for number, fact in enumerate(alignment.facts):
        having = {mention.article.outlet for mention in fact.mentions}
        asked += [
            Question(i, number)
            for i, outlet in enumerate(outlets)
            if outlet not in having and i not in unread
        ]
        for place, detail in enumerate(fact.details):
            own = detail.mention.article.outlet
            asked += [
                Question(i, number, place)
                for i, outlet in enumerate(outlets)
                if outlet != own and i not in unread
            ]
    return tuple(sorted(asked))


def statement(alignment: Alignment, question: Question) -> Claim:
    """Return what a question asks about as a claim of the article that makes it."""
    fact = alignment.facts[question.fact]
    if question.detail >= 0:
        detail = fact.details[question.detail]
        return _claim(detail.text, detail.mention)
    return _claim(fact.text, fact.mentions[0])


def verify(
    story: Story,
    alignment: Alignment,
    judge: Judge,
    unread: frozenset[int],
    run: Callable[[Sequence[Callable[[], None]]], None],
    attempt: Attempt,
    note: Note,
) -> Verification:
    """Ask each article, in one request where it fits, for the statements that it seems to lack.

    Args:
        story: The story.
        alignment: Its claims laid side by side.
        judge: Who answers.
        unread: Positions of articles that are not asked.
        run: Takes the steps, several at once where they wait for a server.
        attempt: Takes one step that may fail.
        note: Told of a failure beside an answer.
    """
    judge = judge.within(story)
    by_article: dict[int, list[Question]] = defaultdict(list)
    for question in questions(story, alignment, unread):
        by_article[question.article].append(question)
    judgements: dict[Question, Judgement | None] = {}

    def ask(position: int) -> None:
        asked, article = by_article[position], story.articles[position]
        claims = [statement(alignment, question) for question in asked]
        answer = attempt(article, lambda: judge.judge(claims, article))
        given = answer.judgements if answer else (None,) * len(asked)
        for failure in _failures(answer) if answer else ():
            note(article, failure)
        judgements.update(zip(asked, given, strict=True))

    run([partial(ask, position) for position in sorted(by_article)])
    return Verification(judgements)


def _failures(answer: Judged) -> Sequence[SummarizerError]:
    missing = sum(judgement is None for judgement in answer.judgements)
    if answer.failures or not missing:
        return answer.failures
    asked = len(answer.judgements)
    return (AnswerIncomplete(f"there is no verdict on {missing} of {asked} statements."),)


def _claim(text: str, mention: Mention) -> Claim:
    return Claim(
        article=mention.article,
        text=text,
        evidence=mention.evidence,
        speaker=mention.speaker,
        hedge=mention.hedge,
    )
