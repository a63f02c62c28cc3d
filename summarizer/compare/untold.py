"""Claims that the shared facts do not tell in full: they stand for themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from summarizer.compare.alignment import AlignedFact
from summarizer.compare.story import Story
from summarizer.compare.vocabulary import LEAST_WEIGHT, Vocabulary
from summarizer.document import Reading
from summarizer.text.figures import compatible
from summarizer.text.words import groups_of
from summarizer.types import Claim, Mention

TOLD_FROM = 0.6
"""A claim is told where the facts its article stands under have this share of its words'
weight, and all of its figures and quotations."""

LEAST_QUOTED = 3
"""A quotation of fewer words is a figure of speech, and may be told without its marks."""


def untold_claims(story: Story, facts: Sequence[AlignedFact]) -> tuple[AlignedFact, ...]:
    """Return the claims that say more than the facts under which their article stands.

    A claim may report what others report too and something besides. Whether anybody else
    has that is for the verification to say.
    """
    told: dict[str, list[Reading]] = defaultdict(list)
    documents = {document.article.id: document for document in story.documents}
    for fact in facts:
        for article in {mention.article.id for mention in fact.mentions}:
            told[article].append(documents[article].analyse(fact.text))
        for detail in fact.details:
            own = detail.mention.article.id
            told[own].append(documents[own].analyse(detail.text))
    return tuple(
        AlignedFact(text=claim.text, kind=claim.kind, mentions=(_mention(claim),))
        for claim in story.claims
        if not _is_told(
            documents[claim.article.id].analyse(claim.text),
            told[claim.article.id],
            story.vocabulary,
        )
    )


def _is_told(claim: Reading, told: Sequence[Reading], vocabulary: Vocabulary) -> bool:
    """Return whether one or two of some texts together have what a claim says."""
    close = sorted(told, key=lambda text: -len(claim.stems & text.stems))[:3]
    stems = frozenset[str]().union(*(text.stems for text in close))
    weight = max(vocabulary.total(claim.stems), LEAST_WEIGHT)
    if vocabulary.covered(claim.stems, stems, groups_of(stems)) < TOLD_FROM * weight:
        return False
    figures = [figure for text in close for figure in text.figures]
    if not all(any(compatible(f, other) for other in figures) for f in claim.figures):
        return False
    words = {word.text.lower() for text in close for word in text.words}
    return all(
        sum(word.text.lower() in words for word in quoted) >= TOLD_FROM * len(quoted)
        for span in claim.quotations
        if len(quoted := [w for w in claim.words if span.start <= w.start < span.end])
        >= LEAST_QUOTED
    )


def _mention(claim: Claim) -> Mention:
    return Mention(
        article=claim.article,
        wording=claim.text,
        evidence=claim.evidence,
        speaker=claim.speaker,
        hedge=claim.hedge,
    )
