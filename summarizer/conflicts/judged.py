"""Conflicts that a judge found where the words alone show none.

A judge that understood a claim and says that a passage excludes it has found two positions
on one thing. What they differ in is read off the words: figures, dates, else the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.conflicts.side import Difference, Side
from summarizer.matching.judged import Coverage
from summarizer.matching.story import Sentence, Story
from summarizer.text.clauses import claim_spans
from summarizer.text.dates import same_date
from summarizer.text.passage import Reading, read
from summarizer.text.quantities import compatible
from summarizer.types import Article, ConflictKind, Span, Verdict

JUDGED_STRENGTH = 0.9
"""How sure such a conflict is next to those found by words, which have a probability: above
all but the plainest of them, since the judge read both passages."""

Values = tuple[ConflictKind, str, str]


def judged_differences(
    story: Story, coverage: Coverage, known: Sequence[Difference]
) -> list[Difference]:
    """Return the contradictions that a judge found, those found before left out.

    Args:
        story: The matched story.
        coverage: The judgements; only those of a judge that understood each claim count.
        known: Differences found by the words; one between the same sentences is the same.
    """
    if not coverage.claimwise:
        return []
    pairs = {frozenset((d.a.sentence, d.b.sentence)) for d in known}
    found = []
    for difference in _differences(story, coverage):
        pair = frozenset((difference.a.sentence, difference.b.sentence))
        if pair not in pairs:
            pairs.add(pair)
            found.append(difference)
    return found


def _differences(story: Story, coverage: Coverage) -> Iterator[Difference]:
    for (i, article), judgement in sorted(coverage.judgements.items(), key=lambda item: item[0]):
        if judgement.verdict is not Verdict.CONTRADICTED or judgement.nearest is None:
            continue
        claim = story.claims[i]
        if story.articles[claim.article].outlet == story.articles[article].outlet:
            continue
        there = _sentence(story, article, judgement.nearest)
        if there is None:
            continue
        a, b = story.sentences[claim.sentence], story.sentences[there]
        kind, here_value, there_value = _values(story, claim.reading, a, b)
        yield Difference(
            kind=kind,
            a=Side(claim.sentence, here_value),
            b=Side(there, there_value),
            strength=JUDGED_STRENGTH,
        )


def _sentence(story: Story, article: int, span: Span) -> int | None:
    """Return the sentence of an article that a passage overlaps most."""
    overlaps = [
        (sentence.span.overlap(span), -k)
        for k, sentence in enumerate(story.sentences)
        if sentence.article == article
    ]
    best, k = max(overlaps, default=(0, 0))
    return -k if best else None


def _values(story: Story, claim: Reading, a: Sentence, b: Sentence) -> Values:
    """Return what the claim's sentence ``a`` and the passage ``b`` differ in, as worded there."""
    for ours in claim.figures:
        for theirs in b.reading.figures:
            comparable = ours.kind is theirs.kind and not compatible(ours, theirs)
            if comparable and ours.text in a.reading.text:
                return ConflictKind.NUMBER, ours.text, theirs.text
    for mine in claim.dates:
        for other in b.reading.dates:
            if same_date(mine, other) is False and mine.text in a.reading.text:
                return ConflictKind.DATE, mine.text, other.text
    here = _clause(story.articles[a.article], a, claim)
    return ConflictKind.OUTCOME, here, _clause(story.articles[b.article], b, claim)


def _clause(article: Article, sentence: Sentence, claim: Reading) -> str:
    """Return the clause of a sentence that has most of a claim's words."""
    spans = list(claim_spans(article.text, sentence.span)) or [sentence.span]

    def shared(span: Span) -> tuple[int, int]:
        stems = read(span.of(article.text), article.published, article.language or "en").stems
        return len(stems & claim.stems), -len(span)

    return " ".join(max(spans, key=shared).of(article.text).split())
