"""The offline judge: words, figures, dates, names and denials, weighed by a small model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from summarizer.compare import support
from summarizer.compare.judges import Judge, Judged
from summarizer.compare.judges.objections import objection_to, without_credit
from summarizer.compare.story import Story
from summarizer.compare.support import Supporter
from summarizer.compare.texts import (
    Piece,
    Text,
    best_cover,
    has_subject,
    ngrams,
    pieces,
    text_of,
)
from summarizer.text.figures import Figure, compatible
from summarizer.text.words import fold
from summarizer.types import Article, Claim, Judgement, Span, Verdict

ABSENT_BELOW = 0.3
"""Of the lines of nineteen annotated stories that no other article was found to report with so
much probability, 97 % of 260 are told by nobody else; of those from .3 to .4, 75 %."""

SUPPORTED_FROM = 0.45
"""From this probability a claim counts as supported. Balanced accuracy, the mean of the six
labelled files, is level from .45 to .55 (.650 to .652): two in five of their claims are
supported, far fewer than of what is put to the judge in use, so the lowest of these is taken."""

CONTRADICTED_AT_MOST = 0.1
"""The probability left to a claim that a passage contradicts: of 11 such pairs of the labelled
data none is supported, so by the rule of succession about one in thirteen may be."""

OBJECTED_AT_MOST = 0.44
"""The probability left to a claim that a check of its details objects to. The model weighs the
objection already; this much is for the verdict, which an objection decides: a claim with one
wrong name in eight right words is likely by its words and wrong all the same."""

NEAR, FAR = 4, 8
"""Content words between two that belong together, at most, and from which on they hardly do."""

LONGEST_FRAGMENT = 9
"""Words of a clause taken out of a sentence, at most: in lower case because it is a part."""

HALF_FOUND = 0.3
"""How much of a figure counts as missing when only its rounding or its digits are there."""


class LexicalJudge:
    """Judges without a model or a network: always there, quick, and only as deep as words.

    Args:
        story: Where it is given, lines of the story are weighed within it against its articles.
            An article in another language than a line's gets no judgement: words cannot tell.
    """

    name = "lexical"
    prompts: tuple[str, ...] = ()
    is_free = True
    absent_below = ABSENT_BELOW

    def __init__(self, story: Story | None = None) -> None:
        # Its supporter is made here, before several threads ask for it.
        self._within = None if story is None else (story, story.supporter)

    def within(self, story: Story) -> Judge:
        """Return the judge that weighs words within a story."""
        return LexicalJudge(story)

    def judge(self, claims: Sequence[Claim], article: Article) -> Judged:
        """Judge claims, of this article or of any other, against one article's body."""
        if self._within is None:
            return Judged(tuple(self.judge_claim(claim, article) for claim in claims))
        return Judged(tuple(_judged_within(*self._within, c, article) for c in claims))

    def judge_claim(self, claim: Claim, article: Article) -> Judgement:
        """Judge one claim outside any story; words always have an answer."""
        return _judge_text(claim.text, text_of(article), claim.article.published)


def speaks_of(claim: Claim, article: Article) -> bool:
    """Return whether an article has a sentence on the subject of a claim, as words tell."""
    text = text_of(article)
    parts = pieces(claim.text, text, claim.article.published)
    return any(has_subject(part, text) for part in parts)


def _judged_within(
    story: Story, supporter: Supporter, claim: Claim, article: Article
) -> Judgement | None:
    """Return whether an article of a story reports a line of another one."""
    if story.document_of(claim.article).language != story.document_of(article).language:
        return None
    supports = supporter.supports(claim.text, story.positions[claim.article.id])
    support = supports.get(story.positions[article.id])
    if support is None:
        return Judgement(verdict=Verdict.ABSENT, probability=0.0)
    spans = support.passage.spans  # a title may stand behind the sentence that follows it
    return Judgement(
        verdict=Verdict.REPORTED if support.is_sure else Verdict.ABSENT,
        probability=support.reports,
        nearest=Span(min(span.start for span in spans), max(span.end for span in spans)),
        reason=support.lacking[0].reason if support.lacking else "",
    )


def _judge_text(claim: str, text: Text, published: date | None) -> Judgement:
    claim = without_credit(claim, text.outlet)
    parts = pieces(claim, text, published)
    if not text.spans or not any(part.stems for part in parts):
        return Judgement(verdict=Verdict.ABSENT, probability=0.0)
    # What a text has word for word it says, whatever a check makes of its details.
    doubtful = [part for part in parts if not text.has(part.reading.text)]
    objection = objection_to(doubtful, text)
    row = features(claim, parts, text, objected=objection is not None)
    probability = support.probability("supported", row)
    best = max(parts, key=lambda part: best_cover(part, text)).best
    if objection is None:
        verdict = Verdict.REPORTED if probability >= SUPPORTED_FROM else Verdict.ABSENT
        nearest = None if best is None else text.spans[best]
        return Judgement(verdict=verdict, probability=probability, nearest=nearest)
    place = best if objection.sentence is None else objection.sentence
    most = CONTRADICTED_AT_MOST if objection.contradicts else OBJECTED_AT_MOST
    return Judgement(
        verdict=Verdict.CONTRADICTED if objection.contradicts else Verdict.ABSENT,
        probability=min(probability, most),
        nearest=None if place is None else text.spans[place],
        reason=objection.reason,
    )


def features(claim: str, parts: Sequence[Piece], text: Text, *, objected: bool) -> dict[str, float]:
    """Return one number for each way a claim can rest on a text, by name.

    A claim of several sentences is read sentence by sentence. A feature is the mean over its
    sentences, each weighing as many words as it has, or that of the worst sentence: a claim
    is only supported when all of it is.
    """
    rows = [_piece_features(part, text) for part in parts]
    lengths = [max(len(part.stems), 1) for part in parts]
    mean = {
        name: sum(row[name] * n for row, n in zip(rows, lengths, strict=True)) / sum(lengths)
        for name in rows[0]
    }
    worst = {name: min(row[name] for row in rows) for name in ("sentence", "near", "copied")}
    missing = {stem for part in parts for stem in part.weights if stem not in text.places}
    names = {
        word.stem
        for part in parts
        for word in part.reading.content
        if word.stem in text.name_stems or (word.start > 0 and word.text[0].isupper())
    }
    return mean | {
        "sentence": worst["sentence"] ** 2,
        "near": worst["near"],
        "far": math.sqrt(mean["far"]),
        "copied_worst": worst["copied"],
        "any_unseen": float(bool(missing)),
        "any_name": float(not all(map(text.has_spelling, names & missing))),
        "objected": float(objected),
        # No capital in more than a clause: raw output of a machine.
        "uncased": float(claim == claim.lower() and len(claim.split()) > LONGEST_FRAGMENT),
    }


def _piece_features(part: Piece, text: Text) -> dict[str, float]:
    """Return the features of one sentence of a claim.

    "sentence" is the share of its words, by weight, that its best sentence has; "near" and "far"
    are shares of its neighbouring words by how far apart they stand in the text, "copied" the
    share of its runs of words that the text has; "unseen" counts words in no form.
    """
    reading = part.reading
    runs = list(ngrams([fold(word.text) for word in reading.words]))
    pairs = max(len(part.stems) - 1, 1)
    distances = [
        _least_distance(text.places.get(a, ()), text.places.get(b, ()))
        for a, b in pairwise(part.stems)
    ]
    total = math.fsum(part.weights.values()) or 1.0
    missing = [stem for stem in part.weights if stem not in text.places]
    denied_there = part.best is not None and text.readings[part.best].negations
    return {
        "sentence": best_cover(part, text) / total,
        "near": sum(distance <= NEAR for distance in distances) / pairs,
        "far": sum(FAR < distance < math.inf for distance in distances) / pairs,
        "copied": sum(run in text.ngrams for run in runs) / max(len(runs), 1),
        "unseen": sum(not text.knows(stem) for stem in missing) / max(len(part.weights), 1),
        "unseen_weight": (math.fsum(part.weights[stem] for stem in missing) / total) ** 2,
        "figures": sum(_missing_share(figure, text) for figure in reading.figures),
        "figure_count": len(reading.figures),
        "dates": sum(map(text.lacks_date, reading.dates)),
        "denial": float(bool(reading.negations) and not denied_there),
        "repeated": 1 - len(part.weights) / max(len(part.stems), 1),
    }


def _least_distance(places: Sequence[int], others: Sequence[int]) -> float:
    """Return the least distance of two sorted runs of places, infinite where one is empty."""
    i = j = 0
    least = math.inf
    while i < len(places) and j < len(others):
        least = min(least, abs(places[i] - others[j]))
        if places[i] < others[j]:
            i += 1
        else:
            j += 1
    return least


def _missing_share(figure: Figure, text: Text) -> float:
    """Return how much of a figure is not in a text: 0, 1, or a part where it is rounded there."""
    same = any((figure.low, figure.high) == (other.low, other.high) for other in text.figures)
    if same or text.gives(figure):
        return 0.0
    half = any(compatible(figure, other) for other in text.figures)
    return HALF_FOUND if half or fold(figure.text) in text.folded else 1.0
