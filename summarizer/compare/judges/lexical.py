"""The offline judge: words, figures, dates, names and denials, weighed by a small model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from summarizer.compare import weights
from summarizer.compare.judges import Judge, Judged
from summarizer.compare.judges.checks import contradicting_sentence, same_subject
from summarizer.compare.judges.document import Document, prepare
from summarizer.compare.judges.features import Piece, best_cover, features, pieces
from summarizer.compare.judges.objections import objection_to
from summarizer.compare.judges.objections.sayings import without_credit
from summarizer.compare.story import Story
from summarizer.types import Article, Claim, Judgement, Span, Verdict

ABSENT_BELOW = 0.3
"""Of the lines of nineteen annotated stories that no other article was found to report with so
much probability, 97 % of 260 are told by nobody else; of those from .3 to .4, 75 %."""

SUPPORTED_FROM = 0.45
"""From this probability a claim counts as supported. Balanced accuracy, the mean of the six
labelled files, is level from .45 to .55 (.650 to .652): two in five of their claims are
supported, far fewer than of what is put to the judge in use, so the lowest of these is taken."""

CONTRADICTED_AT_MOST = 0.1
"""The probability left to a claim that a check contradicts: of 11 such pairs of the data none
was labelled supported, so by the rule of succession about one in thirteen may be."""

OBJECTED_AT_MOST = 0.44
"""The probability left to a claim that a check of its details objects to. The model weighs the
objection already; this much is for the verdict, which an objection decides: a claim with one
wrong name in eight right words is likely by its words and wrong all the same."""


class LexicalJudge:
    """Judges without a model or a network: always there, quick, and only as deep as words.

    Args:
        story: Where it is given, lines of the story are weighed within it against its articles.
            An article in another language than a line's gets no judgement: words cannot tell.
    """

    name = "lexical"
    prompts = ()
    is_free = True
    absent_below = ABSENT_BELOW

    def __init__(self, story: Story | None = None) -> None:
        self._story = story

    def within(self, story: Story) -> Judge:
        """Return the judge that weighs words within a story."""
        return LexicalJudge(story)

    def judge(self, claims: Sequence[Claim], article: Article) -> Judged:
        """Judge claims, of this article or of any other, against one article's body."""
        story = self._story
        if story is None:
            return Judged(tuple(self.judge_claim(claim, article) for claim in claims))
        return Judged(tuple(_judged_within(story, claim, article) for claim in claims))

    def judge_claim(self, claim: Claim, article: Article) -> Judgement:
        """Judge one claim outside any story; words always have an answer."""
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


def _judged_within(story: Story, claim: Claim, article: Article) -> Judgement | None:
    """Return whether an article of a story reports a line of another one."""
    if story.document_of(claim.article).language != story.document_of(article).language:
        return None
    supports = story.supporter.supports(claim.text, story.positions[claim.article.id])
    support = supports.get(story.positions[article.id])
    if support is None:
        return Judgement(verdict=Verdict.ABSENT, probability=0.0)
    spans = support.passage.spans  # a title may stand behind the sentence that follows it
    return Judgement(
        verdict=Verdict.REPORTED if support.is_sure else Verdict.ABSENT,
        probability=support.reports,
        nearest=Span(min(span.start for span in spans), max(span.end for span in spans)),
        reason=f"it lacks {support.lacking[0].what}" if support.lacking else "",
    )


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
    row = features(claim, parts, document, objected=objection is not None)
    probability = weights.probability("supported", row)
    against = [n for part in doubtful if (n := contradicting_sentence(part, document)) is not None]
    if against:
        return Judgement(
            verdict=Verdict.CONTRADICTED,
            probability=min(probability, CONTRADICTED_AT_MOST),
            nearest=document.sentences[against[0]],
            reason="a figure, a date or a denial of the article excludes it",
        )
    nearest = _nearest(parts, document)
    if objection is None:
        supported = probability >= SUPPORTED_FROM
        verdict = Verdict.REPORTED if supported else Verdict.ABSENT
        return Judgement(verdict=verdict, probability=probability, nearest=nearest)
    if objection.sentence is not None:
        nearest = document.sentences[objection.sentence]
    return Judgement(
        verdict=Verdict.ABSENT,
        probability=min(probability, OBJECTED_AT_MOST),
        nearest=nearest,
        reason=objection.reason,
    )


def _nearest(parts: Sequence[Piece], document: Document) -> Span | None:
    """Return the best sentence of the part of the claim that is told most fully."""
    told = [part for part in parts if part.best is not None]
    part = max(told, key=lambda part: best_cover(part, document), default=None)
    return document.sentences[part.best] if part and part.best is not None else None
