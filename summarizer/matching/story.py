"""A story as the judge and the merger see it: its claims, its sentences, their matches."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from summarizer.compare.vocabulary import Vocabulary
from summarizer.matching.pairs import Match, Matcher, Stretch
from summarizer.matching.weights import CLAIM_PAIRS, SENTENCE_PAIRS
from summarizer.text.logistic import LogisticModel
from summarizer.text.passage import Reading, read
from summarizer.text.sentences import sentences
from summarizer.text.thesaurus import groups_of
from summarizer.types import Article, Claim, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of one of the story's articles; ``article`` is that article's position."""

    article: int
    span: Span
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryClaim:
    """A claim with the positions of its article and of the sentence it stands in."""

    article: int
    sentence: int
    claim: Claim
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Everything that was matched; all lists are addressed by position.

    ``claim_matches[i]`` are other articles' claims that may report what claim i does, the
    likeliest first; ``sentence_matches`` the same for whole sentences. ``sentence_groups``
    are the near-synonym groups of each sentence's stems.
    """

    articles: tuple[Article, ...]
    sentences: tuple[Sentence, ...]
    sentence_groups: tuple[frozenset[str], ...]
    claims: tuple[StoryClaim, ...]
    vocabulary: Vocabulary
    claim_matches: tuple[tuple[Match, ...], ...]
    sentence_matches: tuple[tuple[Match, ...], ...]


class Weights(NamedTuple):
    """The models for pairs of claims and of sentences; None leaves those unmatched."""

    claims: LogisticModel | None = CLAIM_PAIRS
    sentences: LogisticModel | None = SENTENCE_PAIRS


def match_story(
    articles: Sequence[Article], claims: Sequence[Claim], weights: Weights | None = None
) -> Story:
    """Match every claim and sentence of a story against those of the other articles.

    Args:
        articles: The articles, copies folded away.
        claims: Their grounded claims, in any order.
        weights: The matcher's models; the fitted ones unless another fit is under way.
    """
    weights = weights or Weights()
    found = [s for i, article in enumerate(articles) for s in _sentences(i, article)]
    vocabulary = Vocabulary(sentence.reading.stems for sentence in found)
    placed = _placed(articles, claims, found)
    return Story(
        articles=tuple(articles),
        sentences=tuple(found),
        sentence_groups=tuple(groups_of(s.reading.stems) for s in found),
        claims=tuple(placed),
        vocabulary=vocabulary,
        claim_matches=_matches(claim_stretches(placed, found), vocabulary, weights.claims),
        sentence_matches=_matches(sentence_stretches(found), vocabulary, weights.sentences),
    )


def claim_stretches(claims: Sequence[StoryClaim], found: Sequence[Sentence]) -> list[Stretch]:
    """Return the claims as the matcher takes them, each in the context of its sentence."""
    return [
        Stretch(article=c.article, reading=c.reading, context=found[c.sentence].reading)
        for c in claims
    ]


def sentence_stretches(found: Sequence[Sentence]) -> list[Stretch]:
    """Return the sentences as the matcher takes them; they are their own context."""
    return [Stretch(article=s.article, reading=s.reading, context=s.reading) for s in found]


def _matches(
    stretches: Sequence[Stretch], vocabulary: Vocabulary, model: LogisticModel | None
) -> tuple[tuple[Match, ...], ...]:
    if model is None:
        return tuple(() for _ in stretches)
    return Matcher(stretches, vocabulary, model).matches()


def _sentences(position: int, article: Article) -> list[Sentence]:
    """Return the body's sentences, and the headline first where it stands outside the body.

    The headline is no claim, but what it says the outlet has reported.
    """
    spans = [span for body in article.body for span in sentences(article.text, body)]
    if article.title:
        start = article.text.find(article.title)
        title = Span(start, start + len(article.title)) if start >= 0 else None
        if title and not any(title.overlap(span) for span in spans):
            spans.append(title)
    return [
        Sentence(article=position, span=span, reading=_read(article, span))
        for span in sorted(spans)
    ]


def _placed(
    articles: Sequence[Article], claims: Sequence[Claim], story_sentences: Sequence[Sentence]
) -> list[StoryClaim]:
    """Return the claims in reading order with the sentence that each begins in."""
    position = {article.id: i for i, article in enumerate(articles)}
    starts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for k, sentence in enumerate(story_sentences):
        starts[sentence.article].append((sentence.span.start, k))
    placed = []
    for claim in claims:
        article = position[claim.article.id]
        first = claim.evidence[0]
        at = bisect_right(starts[article], (first.start, len(story_sentences))) - 1
        placed.append(
            StoryClaim(
                article=article,
                sentence=starts[article][max(at, 0)][1],
                claim=claim,
                reading=read(claim.text, claim.article.published, claim.article.language or "en"),
            )
        )
    return sorted(placed, key=lambda c: (c.article, c.claim.evidence[0]))


def _read(article: Article, span: Span) -> Reading:
    return read(span.of(article.text), article.published, article.language or "en")
