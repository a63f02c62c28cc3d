"""The offline judge: words, figures, dates, names and denials, weighed by a small model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import fsum

from summarizer.compare.judges.checks import contradicting_sentence, same_subject
from summarizer.compare.judges.document import Document, prepare
from summarizer.compare.judges.features import Piece, features, pieces
from summarizer.compare.judges.lexical_weights import (
    CONTRADICTED_AT_MOST,
    OBJECTED_AT_MOST,
    SUPPORTED_FROM,
    WEIGHTS,
)
from summarizer.compare.judges.objections import objection_to
from summarizer.compare.judges.objections.sayings import without_credit
from summarizer.compare.judges.protocol import Judge, Judged
from summarizer.compare.judges.story import ABSENT_BELOW, StoryJudge
from summarizer.compare.lexical.support import Handover
from summarizer.compare.story import Story
from summarizer.types import Article, Claim, Judgement, Span, Verdict


class LexicalJudge:
    """Judges without a model or a network: always there, quick, and only as deep as words."""

    name = "lexical"
    prompts = ()
    is_free = True
    absent_below = ABSENT_BELOW

    def __init__(self, handover: Handover | None = None) -> None:
        self._handover = handover or Handover()

    def within(self, story: Story) -> Judge:
        """Return the judge that weighs words within a story."""
        return StoryJudge(story, self._handover.take(story))

    def judge(self, claims: Sequence[Claim], article: Article) -> Judged:
        """Judge claims, of this article or of any other, against one article's body."""
        return Judged(tuple(self.judge_claim(claim, article) for claim in claims))

    def judge_claim(self, claim: Claim, article: Article) -> Judgement:
        """Judge one claim; words always have an answer."""
        return _judgement(claim.text, _document(article), claim.article.published)

    def judge_pair(
        self,
        claim: str,
        document: str,
        *,
        claim_published: date | None = None,
        document_published: date | None = None,
    ) -> Judgement:
        """Judge one claim against one plain text; a text is analysed once for all claims."""
        return _judgement(claim, prepare(document, None, document_published), claim_published)


def speaks_of(claim: Claim, article: Article) -> bool:
    """Return whether an article has a sentence on the subject of a claim, as words tell."""
    document = _document(article)
    parts = pieces(claim.text, document, claim.article.published)
    return any(same_subject(part, document) for part in parts)


def _document(article: Article) -> Document:
    language = (article.language or "en").split("-")[0]
    return prepare(article.text, article.body, article.published, language, article.outlet)


def _judgement(claim: str, document: Document, published: date | None) -> Judgement:
    claim = without_credit(claim, document.outlet)
    parts = pieces(claim, document, published)
    if not document.sentences or not any(part.stems for part in parts):
        return Judgement(verdict=Verdict.ABSENT, probability=0.0)
    # What a document has word for word it says, whatever a check makes of its details.
    doubtful = tuple(part for part in parts if not document.has(part.reading.text))
    objection = objection_to(doubtful, document)
    probability = WEIGHTS.probability(
        features(claim, parts, document, objected=objection is not None)
    )
    for part in doubtful:
        against = contradicting_sentence(part, document)
        if against is not None:
            return Judgement(
                verdict=Verdict.CONTRADICTED,
                probability=min(probability, CONTRADICTED_AT_MOST),
                nearest=document.sentences[against],
                reason="a figure, a date or a denial of the article excludes it",
            )
    nearest = _nearest(parts, document)
    if objection is not None:
        return Judgement(
            verdict=Verdict.ABSENT,
            probability=min(probability, OBJECTED_AT_MOST),
            nearest=nearest
            if objection.sentence is None
            else document.sentences[objection.sentence],
            reason=objection.reason,
        )
    supported = probability >= SUPPORTED_FROM
    return Judgement(
        verdict=Verdict.REPORTED if supported else Verdict.ABSENT,
        probability=probability,
        nearest=nearest,
    )


def _nearest(parts: tuple[Piece, ...], document: Document) -> Span | None:
    """Return the best sentence of the part of the claim that is told most fully."""
    closest = [
        (fsum(part.weights[stem] for stem in part.weights.keys() & document.stems[part.best]), part)
        for part in parts
        if part.best is not None
    ]
    if not closest:
        return None
    best = max(closest, key=lambda pair: pair[0])[1].best
    return None if best is None else document.sentences[best]
