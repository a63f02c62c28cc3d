"""Does this passage state this? One number for each way in which it may, weighed together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer.compare.details import lacking, objections
from summarizer.compare.passages import Passage, Passages, Statement
from summarizer.compare.story import LEAST_WEIGHT, Story
from summarizer.compare.texts import Objection, denials_in
from summarizer.document import Document, Reading, Sentence
from summarizer.text.data import load, sigmoid
from summarizer.text.dates import same_date
from summarizer.text.words import Word, groups_of
from summarizer.types import Span

NEAR_LEAST = 0.6
"""So much of a line's neighbours, as a share, must be near each other in the passage too: "A has
praised B" is not stated where A, praise and B stand in different corners of a sentence. Lines of
which a passage has every content word, near each other, are right 99 times in a hundred on
nineteen annotated stories. Where a word was missing, strict editors found 12 of 29 lines of other
stories to say more than the outlet: "a bombastic call", "within minutes"."""

NARROWED = 8
"""A part of a sentence is looked for in so many articles at most, those closest to all of it:
which of the others report the line as well is for the verification to say."""

HOPELESS = 0.05
"""Where a sentence is reported with less probability, no part of it is looked for."""

MOST_MISSING, MOST_COVERED = 4.0, 6.0
"""Weights of missing and of shared words beyond which more makes no difference."""


@dataclass(frozen=True, slots=True)
class Support:
    """The passage of an article that comes closest to stating something.

    ``reports`` is the probability that the article reports most of it; ``lacking`` are details
    that speak against it, ``missing`` the content words that it has in no form. ``asked`` counts
    the content words that are no names, figures or dates; ``near`` is the share of neighbours
    that are near each other in the passage; ``denies`` whether the statement denies something.
    """

    passage: Passage
    reports: float
    lacking: tuple[Objection, ...]
    missing: tuple[Word, ...]
    asked: int
    near: float
    denies: bool

    @property
    def unwanted(self) -> tuple[Span, ...]:
        """Where in the statement stands what the passage lacks."""
        spans = [Span(word.start, word.end) for word in self.missing]
        spans += [lack.span for lack in self.lacking if lack.span is not None]
        return tuple(sorted(set(spans)))

    @property
    def is_sure(self) -> bool:
        """Whether the passage surely states all of it, in an editor's eyes.

        A denial must stand in one sentence: what is denied in two may be something else.
        """
        if self.missing or self.lacking or (self.denies and len(self.passage.sentences) > 1):
            return False
        return self.asked > 0 and self.near >= NEAR_LEAST


class Supporter:
    """Looks in all other articles of a story for what states a statement."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._passages = Passages(story)
        self._groups = [groups_of(document.stems) for document in story.documents]
        self._indexes = story.indexes
        self._known: dict[tuple[int, str], dict[int, Support]] = {}

    def supports(self, text: str, article: int) -> dict[int, Support]:
        """Return by article what comes closest to stating a text of the article at a position."""
        key = (article, text)
        if key not in self._known:
            statement = self._statement_of(text, article)
            outlet = self._story.articles[article].outlet
            near = self._passages.near(statement.reading, outlet)
            self._known[key] = {
                other: self._best_support(statement, article, passages)
                for other, passages in near.items()
            }
        return self._known[key]

    def promising(self, closest: dict[int, Support]) -> dict[int, Support]:
        """Return those of a sentence's passages that may state a part of it, the best first."""
        ranked = sorted(closest, key=lambda other: (-closest[other].reports, other))
        return {o: closest[o] for o in ranked[:NARROWED] if closest[o].reports >= HOPELESS}

    def narrowed(self, text: str, article: int, closest: dict[int, Support]) -> dict[int, Support]:
        """Return the same for a part of a sentence, looked for only where all of it was closest."""
        statement = self._statement_of(text, article)
        return {
            other: self._best_support(statement, article, self._passages.parts(support.passage))
            for other, support in self.promising(closest).items()
        }

    def features(self, text: str, article: int, support: Support) -> dict[str, float]:
        """Return what a support of a text of an article was weighed by."""
        statement = self._statement_of(text, article)
        return self._weighed_features(
            statement, article, support.passage, objected=bool(support.lacking)
        )

    def _statement_of(self, text: str, article: int) -> Statement:
        reading = self._story.documents[article].analyse(text)
        return Statement(self._story, reading, self._indexes[article].sentence_of(text))

    def _best_support(
        self, statement: Statement, article: int, passages: Sequence[Passage]
    ) -> Support:
        # Of equals the first counts.
        passage = max(passages, key=statement.score)
        document = self._story.documents[passage.article]
        before = [sentence.reading for sentence in passage.before]
        lacking = (
            *objections(statement.reading, passage.readings, document=document, before=before),
            *_unknown_dates(statement.reading, document),
        )
        features = self._weighed_features(statement, article, passage, objected=bool(lacking))
        return Support(
            passage=passage,
            reports=probability("reports", features),
            lacking=lacking,
            missing=tuple(statement.missing(passage)),
            asked=len(statement.plain),
            near=statement.near(passage),
            denies=any(denials_in(statement.reading.text, document.language)),
        )

    def _weighed_features(
        self, statement: Statement, article: int, passage: Passage, *, objected: bool
    ) -> dict[str, float]:
        """Return the features by name: shares 0 to 1, and weights as shares of their limit.

        "reverse" is the share of the passage that the statement has, "two" whether it is of two
        sentences, "article" what its whole article has of the statement.
        """
        document, reading = self._story.documents[passage.article], statement.reading
        vocabulary, total = self._story.vocabulary, statement.weight
        covered = statement.covered(passage)
        everywhere = statement.covered_by(
            document.stems, self._groups[passage.article], frozenset()
        )
        both = reading.stems & passage.stems
        own = statement.context.reading.stems if statement.context else reading.stems
        weight = max(vocabulary.total(passage.stems), LEAST_WEIGHT)
        # How much more of the passage another sentence of the statement's article has.
        rival = self._indexes[article].most(passage.stems) - vocabulary.total(own & passage.stems)
        figures = {(f.low, f.high) for f in reading.figures}
        theirs = {(f.low, f.high) for r in passage.readings for f in r.figures}
        new_names = sum(
            name.sure
            and not document.names.words.issuperset(name.key)
            and not document.names.has(name.key)
            for name in reading.names
        )
        new_figures = sum(not document.figures.has(figure) for figure in reading.figures)
        return {
            "cover": covered / total,
            "missing": min(total - covered, MOST_MISSING) / MOST_MISSING,
            "covered": min(covered, MOST_COVERED) / MOST_COVERED,
            "grams": statement.gram_share(passage),
            "order": statement.order(passage),
            "run": statement.run(passage),
            "verbs": statement.verbs(passage),
            "reverse": vocabulary.total(both) / weight,
            "two": float(len(passage.sentences) > 1),
            "article": everywhere / total,
            "article_missing": min(total - everywhere, MOST_MISSING) / MOST_MISSING,
            "rarest": max(map(vocabulary.weight, both), default=0.0),
            "objected": float(objected),
            "figures": float(bool(figures & theirs)),
            "new_names": min(new_names, 2) / 2,
            "new_figures": min(new_figures, 2) / 2,
            "length": min(total, MOST_COVERED) / MOST_COVERED,
            "rival": max(0.0, rival) / weight,
            "neighbour": self._neighbour_share(statement, article, passage),
            "quoted": float(bool(reading.quotations)),
        }

    def _neighbour_share(self, statement: Statement, article: int, passage: Passage) -> float:
        """Return how much the sentences beside the statement share with those beside a passage."""
        context = statement.context
        if context is None:
            return 0.0
        total = self._story.vocabulary.total
        mine = _stems_beside(self._story.documents[article], context, context)
        document = self._story.documents[passage.article]
        theirs = _stems_beside(document, passage.sentences[0], passage.sentences[-1])
        return max(
            (
                total(ours & other) / max(min(total(ours), total(other)), LEAST_WEIGHT)
                for ours in mine
                for other in theirs
            ),
            default=0.0,
        )


def _unknown_dates(reading: Reading, document: Document) -> Iterator[Objection]:
    """Yield the days of a statement that a document names nowhere."""
    known = document.dates
    texts = {other.text.lower() for other in known}
    for mention in reading.dates:
        if mention.text.lower() not in texts and not any(
            same_date(mention, other)
            or (mention.weekday is not None and mention.weekday == other.weekday)
            for other in known
        ):
            yield lacking("date", mention.text, Span(mention.start, mention.end))


def _stems_beside(document: Document, first: Sentence, last: Sentence) -> list[frozenset[str]]:
    around = (document.sentence(first.number - 1), document.sentence(last.number + 1))
    return [sentence.reading.stems for sentence in around if sentence is not None]


def _weights_of(model: str) -> Mapping[str, float]:
    weights: Mapping[str, float] = load("weights", __package__)[model]
    return weights


def feature_names(model: str) -> tuple[str, ...]:
    """Return the features of a model, in order."""
    return tuple(name for name in _weights_of(model) if name != "bias")


def probability(model: str, features: Mapping[str, float]) -> float:
    """Return what a model, "reports" or "supported", makes of its features."""
    table = _weights_of(model)
    log_odds = table["bias"]
    for name, weight in table.items():
        if name != "bias":
            log_odds += weight * features[name]
    return sigmoid(log_odds)
