"""Judging: what the judge is asked about a story, and what follows from its answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from summarizer.engines import SummaryDraft
from summarizer.errors import AnswerIncomplete, SummarizerError
from summarizer.compare.judges import Judged, LexicalJudge
from summarizer.compare.judges.coverage import coverage
from summarizer.compare.judges.questions import Answers, Questions
from summarizer.compare.judges.wording import shares_words
from summarizer.matching.judged import Coverage
from summarizer.matching.story import Story, match_story
from summarizer.pipeline import pool
from summarizer.pipeline.desk import Desk
from summarizer.pipeline.progress import Progress
from summarizer.text.passage import read
from summarizer.types import (
    Article,
    Claim,
    Judgement,
    Rejected,
    RejectReason,
    Span,
    SummarySentence,
    Verdict,
)

Drafts = Mapping[str, Sequence[SummaryDraft]]
"""Drafts of summaries by the ids of their articles."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A story after judging.

    ``story`` has only claims that their own articles support; ``summaries`` are by article,
    as are the drafts; ``rejected`` is what did not pass.
    """

    story: Story
    coverage: Coverage
    summaries: Mapping[str, tuple[SummarySentence, ...]]
    rejected: tuple[Rejected, ...]

    @property
    def claims(self) -> list[Claim]:
        """The claims that stand."""
        return [found.claim for found in self.story.claims]


def hear(
    desk: Desk,
    story: Story,
    drafts: Drafts,
    progress: Progress,
    *,
    shown: Mapping[str, Article] | None = None,
    compare: bool = True,
) -> Heard:
    """Judge the claims of a story against their own articles and against the others.

    Args:
        desk: Who judges.
        story: The matched story.
        drafts: Summaries to be checked.
        progress: Told how far it is.
        shown: By their ids, articles as the judge is to see them, where that is not whole.
        compare: Whether the articles are held against each other at all.

    Raises:
        SummarizerError: The judge is the only one who asks a model, and had not one answer.
    """
    compare = compare and desk.judge.asks
    words = coverage(story)
    summaries = _as_claims(story.articles, drafts)
    questions = Questions(story, words, summaries, others=compare)
    answers = ask(desk, story, questions, progress, shown or {})
    claims = [found.claim for found in story.claims]
    own = _Own(story.articles, questions, answers)
    kept, rejected = own.claims(claims)
    supported, unsupported = own.summaries(summaries)
    if kept != claims:
        story = match_story(story.articles, kept)
        words = coverage(story)
    if compare:
        words = Questions(story, words).coverage(answers)
    return Heard(story, words, supported, (*rejected, *unsupported))


def ask(
    desk: Desk,
    story: Story,
    questions: Questions,
    progress: Progress,
    shown: Mapping[str, Article],
) -> Answers:
    """Put the questions on every article to the judge, several articles at once.

    Raises:
        SummarizerError: The judge is the only one who asks a model, and had not one answer.
    """
    answers: dict[tuple[int, str], Judgement | None] = {}

    def put(position: int) -> None:
        claims, article = questions.of(position), story.articles[position]
        seen = shown.get(article.id, article)
        found = desk.attempt("judging", article, lambda: desk.judge.judge(claims, seen))
        if found is not None:
            answers.update(questions.answers(position, found.judgements))
            for failure in found.failures or _missing(found, article):
                desk.note("judging", article, failure)

    asked = [i for i in range(len(story.articles)) if questions.of(i)]
    progress("judging", 0, len(asked))
    tasks = [partial(put, i) for i in asked]
    pool.run(tasks, desk.jobs, lambda done: progress("judging", done, len(asked)))
    in_vain = desk.errors and not any(answers.values())
    if in_vain and desk.engine.model is None:
        raise desk.errors[0]
    return answers


def _missing(found: Judged, article: Article) -> Sequence[SummarizerError]:
    """Return what must be said where an answer came and does not hold all that was asked."""
    missing = sum(judgement is None for judgement in found.judgements)
    if not missing:
        return ()
    asked = len(found.judgements)
    return (AnswerIncomplete(f"there is no verdict on {missing} of {asked} claims put to it."),)


class _Own:
    """What articles say to the claims made of them: those it does not support are rejected."""

    def __init__(self, articles: Sequence[Article], questions: Questions, answers: Answers) -> None:
        self._articles = articles
        self._position = {article.id: i for i, article in enumerate(articles)}
        self._questions = questions
        self._answers = answers

    def claims(self, claims: Sequence[Claim]) -> tuple[list[Claim], list[Rejected]]:
        """Return the claims that stand, with the passages that support them, and the others."""
        kept, rejected = [], []
        for claim in claims:
            judgement = self._judgement(claim)
            if judgement.verdict is Verdict.REPORTED:
                kept.append(_resting_on(claim, judgement.nearest))
            else:
                rejected.append(_unsupported(claim, judgement))
        strange = _strange(kept)
        rejected += [_worded_otherwise(claim) for claim in strange]
        return [claim for claim in kept if claim not in strange], rejected

    def summaries(
        self, sentences: Sequence[Claim]
    ) -> tuple[dict[str, tuple[SummarySentence, ...]], list[Rejected]]:
        """Return, by article, the summary sentences that it supports, and the others."""
        kept: dict[str, tuple[SummarySentence, ...]] = {}
        rejected = []
        for sentence in sentences:
            judgement = self._judgement(sentence)
            if not sentence.evidence:
                rejected.append(_groundless(sentence))
            elif judgement.verdict is not Verdict.REPORTED:
                rejected.append(_unsupported(sentence, judgement, "the summary sentence: "))
            else:
                told = SummarySentence(
                    text=sentence.text,
                    evidence=sentence.evidence,
                    probability=judgement.probability,
                )
                kept[sentence.article.id] = (*kept.get(sentence.article.id, ()), told)
        return kept, rejected

    def _judgement(self, claim: Claim) -> Judgement:
        """Return the judge's answer on a claim, or, where there is none, what the words say."""
        position = self._position[claim.article.id]
        found = self._questions.own(claim, position, self._answers)
        if found is not None:
            return found
        return LexicalJudge().judge_claim(claim, self._articles[position])


def _as_claims(articles: Sequence[Article], drafts: Drafts) -> list[Claim]:
    return [
        Claim(article=article, text=draft.text, evidence=draft.evidence)
        for article in articles
        for draft in drafts.get(article.id, ())
    ]


def _strange(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims that share no words with the passages they rest on.

    Where most claims of an article do not, the model writes in another language than the
    article, and words tell nothing.
    """
    by_article: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_article[claim.article.id].append(claim)
    strange: list[Claim] = []
    for own in by_article.values():
        found = [claim for claim in own if not _shares_words(claim)]
        strange += found if 2 * len(found) < len(own) else []
    return strange


def _shares_words(claim: Claim) -> bool:
    published, language = claim.article.published, claim.article.language or "en"
    passage = read(claim.quote, published, language)
    return shares_words(passage, read(claim.text, published, language))


def _worded_otherwise(claim: Claim) -> Rejected:
    return Rejected(
        article=claim.article,
        text=claim.text,
        reason=RejectReason.UNGROUNDED,
        detail="it has hardly a word of the passage that it is said to rest on",
    )


def _resting_on(claim: Claim, passage: Span | None) -> Claim:
    """Return a claim with the passage that decides it, if that is none of its evidence.

    An engine that names the wrong sentence is put right by the judge that found the right one.
    """
    if passage is None or any(passage.overlap(span) for span in claim.evidence):
        return claim
    return replace(claim, evidence=(passage,))


def _unsupported(claim: Claim, judgement: Judgement, about: str = "") -> Rejected:
    says = "contradicts it" if judgement.verdict is Verdict.CONTRADICTED else "does not say it"
    why = f": {judgement.reason}" if judgement.reason else ""
    return Rejected(
        article=claim.article,
        text=claim.text,
        reason=RejectReason.UNSUPPORTED,
        detail=f"{about}its own article {says}{why} (probability {judgement.probability:.2f})",
    )


def _groundless(sentence: Claim) -> Rejected:
    return Rejected(
        article=sentence.article,
        text=sentence.text,
        reason=RejectReason.UNGROUNDED,
        detail="the summary sentence cites no sentence of the article",
    )
