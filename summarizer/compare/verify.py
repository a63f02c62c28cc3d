"""Verifying: what still looks unique is looked for in the full text of the other articles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from summarizer.compare.alignment import Alignment
from summarizer.compare.judges.protocol import Judge, Judged
from summarizer.compare.story import Story
from summarizer.compare.vocabulary import SentenceIndex
from summarizer.errors import SummarizerError
from summarizer.text.words import fold
from summarizer.types import Article, Claim, Judgement, Mention, Verdict

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
    """The judgement on each question; None where no answer came.

    ``absent_below`` is the judge's own: an article that reports a statement with less
    probability surely lacks it.
    """

    judgements: Mapping[Question, Judgement | None]
    absent_below: float

    @property
    def answered(self) -> bool:
        """Whether a judge gave an answer at all."""
        return any(
            judgement is not None and judgement is not NOTHING_LIKE_IT
            for judgement in self.judgements.values()
        )

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
    """Return what a question asks about as a claim of the article that makes it.

    The text of a fact of several articles, and that of a detail, say themselves who says it.
    """
    fact = alignment.facts[question.fact]
    if question.detail >= 0:
        detail = fact.details[question.detail]
        return _claim(detail.text, detail.mention, about=fact.text)
    mention = fact.mentions[0]
    return _claim(fact.text, mention, mention.speaker if len(fact.mentions) == 1 else None)


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

    A judge that costs requests is spared the statements that an article has nothing like.

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
        article = story.articles[position]
        asked = by_article[position]
        if not judge.is_free:
            asked = _worth_asking(story, alignment, position, asked)
        judgements.update(dict.fromkeys(by_article[position], NOTHING_LIKE_IT))
        if not asked:
            return
        by_text: dict[str, list[Question]] = defaultdict(list)
        for question in asked:
            by_text[fold(statement(alignment, question).text).strip(" .")].append(question)
        # The same statement of two articles is put once, and what adds to a fact behind the rest.
        groups = sorted(by_text.values(), key=lambda same: same[0].detail >= 0)
        claims = [statement(alignment, same[0]) for same in groups]
        answer = attempt(article, lambda: judge.judge(claims, article))
        for failure in answer.failures if answer else ():
            note(article, failure)
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
    index = SentenceIndex(document, story.vocabulary)
    languages = {d.article.id: d.language for d in story.documents}
    rated = []
    for question in asked:
        claim = statement(alignment, question)
        foreign = languages[claim.article.id] != document.language
        likeness = 1.0 if foreign else index.likeness(document.analyse(claim.text).stems)
        if likeness >= LEAST_LIKENESS:
            rated.append((-likeness, question))
    return sorted(question for _, question in sorted(rated)[:MOST_STATEMENTS])


def _claim(text: str, mention: Mention, speaker: str | None = None, about: str = "") -> Claim:
    return Claim(
        article=mention.article,
        text=text,
        evidence=mention.evidence,
        speaker=speaker,
        hedge=mention.hedge,
        about=about,
    )
