"""Verifying: what still looks unique is looked for in the full text of the other articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from summarizer.compare.alignment import Alignment, outlets_of
from summarizer.compare.judges import Judge, Judged
from summarizer.compare.story import Story
from summarizer.text.words import fold
from summarizer.types import Article, Claim, Judgement, Verdict

LEAST_LIKENESS = 0.15
"""An article is not asked for a statement of which no sentence of it covers this share (weight
of words, near-synonyms counted). On seven annotated stories of real coverage that spares 27 %
of the questions whose answer is no, and loses 3 % of those whose answer is yes, most of which
the alignment has found already."""

MOST_STATEMENTS = 150
"""At most so many statements are put to one article, those most like it first. It bounds what
a story of dozens of articles asks; three articles have about forty."""

NOTHING_LIKE_IT = Judgement(verdict=Verdict.ABSENT, probability=0.05)
"""The judgement where an article has nothing like a statement: 31 of 653 were there after all."""

FACT = -1
"""In the place of a detail: the fact itself."""


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """Does the article at a position report a fact, or the detail of one? All by position."""

    article: int
    fact: int
    detail: int = FACT


@dataclass(frozen=True, slots=True)
class Verification:
    """The judgement on each question; None where no answer came.

    ``absent_below`` is the judge's own: an article that reports a statement with less
    probability surely lacks it.
    """

    judgements: Mapping[Question, Judgement | None]
    absent_below: float

    @property
    def answered(self) -> bool:
        """Whether a judge gave an answer at all."""
        return any(each not in (None, NOTHING_LIKE_IT) for each in self.judgements.values())

    def by_statement(self) -> dict[tuple[int, int], dict[int, Judgement | None]]:
        """Return the judgements by fact and detail, then by the article's position."""
        grouped: dict[tuple[int, int], dict[int, Judgement | None]] = defaultdict(dict)
        for question, judgement in self.judgements.items():
            grouped[question.fact, question.detail][question.article] = judgement
        return grouped


Attempt = Callable[[Article, Callable[[], Judged]], Judged | None]
"""Takes a step that may ask a model, on an article, and notes what fails; None without answer."""


def questions(story: Story, alignment: Alignment, unread: frozenset[int]) -> tuple[Question, ...]:
    """Return what has to be asked: of every article, all that only others seem to report.

    Nothing is asked of those ``unread`` (by position), which gave no claims.
    """
    stated = [
        (number, place, outlets_of(statement.mentions))
        for number, fact in enumerate(alignment.facts)
        for place, statement in enumerate((fact, *fact.details), start=FACT)
    ]
    return tuple(
        Question(position, number, place)
        for position, article in enumerate(story.articles)
        if position not in unread
        for number, place, outlets in stated
        if article.outlet not in outlets
    )


def statement(alignment: Alignment, question: Question) -> Claim:
    """Return what a question asks about as a claim of the article that makes it.

    The text of a fact of several articles, and that of a detail, say themselves who says it.
    """
    fact = alignment.facts[question.fact]
    is_fact = question.detail == FACT
    asked = fact if is_fact else fact.details[question.detail]
    mention = asked.mentions[0]
    return Claim(
        article=mention.article,
        text=asked.text,
        evidence=mention.evidence,
        speaker=mention.speaker if is_fact and len(fact.mentions) == 1 else None,
        hedge=mention.hedge,
        about="" if is_fact else fact.text,
    )


def verify(
    story: Story,
    alignment: Alignment,
    judge: Judge,
    unread: frozenset[int],
    run: Callable[[Sequence[Callable[[], None]]], None],
    attempt: Attempt,
) -> Verification:
    """Ask each article, in one request where it fits, for the statements that it seems to lack.

    A judge that costs requests is spared the statements that an article has nothing like. The
    steps are given to ``run``, which may take several at once, and each of them to ``attempt``.
    """
    judge = judge.within(story)
    by_article: dict[int, list[Question]] = defaultdict(list)
    for question in questions(story, alignment, unread):
        by_article[question.article].append(question)
    judgements: dict[Question, Judgement | None] = {}

    def ask(position: int) -> None:
        asked = by_article[position]
        judgements.update(dict.fromkeys(asked, NOTHING_LIKE_IT))
        if not judge.is_free:
            asked = _worth_asking(story, alignment, position, asked)
        if not asked:
            return
        by_text: dict[str, list[Question]] = defaultdict(list)
        for question in asked:
            by_text[fold(statement(alignment, question).text).strip(" .")].append(question)
        # The same statement of two articles is put once, and what adds to a fact behind the rest.
        groups = sorted(by_text.values(), key=lambda same: same[0].detail != FACT)
        claims = [statement(alignment, same[0]) for same in groups]
        article = story.articles[position]
        answer = attempt(article, lambda: judge.judge(claims, article))
        if answer is None or not any(answer.judgements):
            # Words alone confirm nothing where the judge that was to read has not.
            judgements.update(dict.fromkeys(by_article[position]))
            return
        for same, judgement in zip(groups, answer.judgements, strict=True):
            judgements.update(dict.fromkeys(same, judgement))

    run([partial(ask, position) for position in sorted(by_article)])
    # In the order of the questions, whichever article was answered first.
    return Verification({each: judgements[each] for each in sorted(judgements)}, judge.absent_below)


def _worth_asking(
    story: Story, alignment: Alignment, position: int, asked: Sequence[Question]
) -> list[Question]:
    """Return the questions on statements that the article has something like, in their order.

    Between languages words tell nothing, and every question is asked.
    """
    document = story.documents[position]
    index = story.indexes[position]
    rated = []
    for question in asked:
        claim = statement(alignment, question)
        foreign = story.document_of(claim.article).language != document.language
        likeness = 1.0 if foreign else index.likeness(document.analyse(claim.text).stems)
        if likeness >= LEAST_LIKENESS:
            rated.append((-likeness, question))
    return sorted(question for _, question in sorted(rated)[:MOST_STATEMENTS])
