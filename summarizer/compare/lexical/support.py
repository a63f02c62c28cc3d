"""Does this passage state this? One number for each way in which it may, weighed together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.compare.backing import Lack, objections
from summarizer.compare.lexical.passages import Passage, Passages
from summarizer.compare.lexical.statement import Statement, is_verb
from summarizer.compare.lexical.telling import Telling
from summarizer.compare.lexical.weights import REPORTS, STATES
from summarizer.compare.story import Story
from summarizer.compare.vocabulary import LEAST_WEIGHT
from summarizer.document import Document, Reading, Sentence
from summarizer.text.dates import same_date
from summarizer.text.words import Word, groups_of
from summarizer.types import Span

SUPPORT_FEATURES = (
    "cover",
    "missing",
    "covered",
    "grams",
    "order",
    "run",
    "verbs",
    "reverse",
    "two",
    "article",
    "article_missing",
    "rarest",
    "objected",
    "figures",
    "new_names",
    "new_figures",
    "length",
    "rival",
    "neighbour",
    "quoted",
)
"""In the order of the weights: the share of the statement's words, by weight, that the passage
has; the weight of those that it lacks, and of those that it has; the share of its character
n-grams; of its neighbouring words that are neighbours there; of its words that stand there in
one run; of its verbs; the share of the passage's words that the statement has; whether the
passage is two sentences; the share of the words that the whole article has, and the weight of
those it lacks; the weight of the rarest shared word; whether the comparator of figures, names,
quotations and denials objects; whether they share a figure."""

STATED_FROM = ((0.25, 0.5), (1 / 3, 0.65), (0.5, 0.8))
"""From which probability on a line is stated where at most such a share of its content words
is missing from the passage; with more it never is. On nineteen annotated stories these lines are
right 98 times in a hundred."""

MOST_WORDS_MISSING = 3
"""Words that may be missing at most. Of 58 lines with missing words from stories without labels,
all five with more told something that the other outlet does not."""

VERB_MISSING = 0.05
"""What the probability must be above that where a verb is missing."""

LEAST_ASKED = 1
"""A line has at least so many content words that are no names, figures or dates."""

SHORT_STATED_FROM = ((4, 0.9), (6, 0.7))
"""Of a line with fewer of them than the first figure one may be missing, from the probability
beside it on. Of the same 58 lines those of three words were wrong five times in six below it,
once in six above."""

NEAR_LEAST = 0.6
"""So much of a line's neighbours, as a share, must be near each other in the passage too: "A has
praised B" is not stated where A, praise and B stand in different corners of a sentence."""

NARROWED = 8
"""A part of a sentence is looked for in so many articles at most, those closest to all of it:
which of the others report the line as well is for the verification to say."""

HOPELESS = 0.05
"""Where a sentence is stated with less probability, no part of it is looked for."""

MOST_MISSING, MOST_COVERED = 4.0, 6.0
"""Weights of missing and of shared words beyond which more makes no difference."""


@dataclass(frozen=True, slots=True)
class Support:
    """The passage of an article that comes closest to stating something.

    ``states`` is the probability that it states all of it, ``reports`` that the article
    reports most of it; ``lacking`` are details that speak against it, ``missing`` the content
    words that it has in no form.
    """

    passage: Passage
    states: float
    reports: float
    lacking: tuple[Lack, ...]
    missing: tuple[Word, ...]
    loose: int
    asked: int
    near: float

    @property
    def unwanted(self) -> tuple[Span, ...]:
        """Where in the statement stands what the passage lacks."""
        spans = [Span(word.start, word.end) for word in self.missing]
        spans += [lack.span for lack in self.lacking if lack.span is not None]
        return tuple(sorted(set(spans)))

    @property
    def is_sure(self) -> bool:
        """Return whether the passage surely states all of it, in an editor's eyes."""
        missing = len(self.missing)
        if self.lacking or self.asked < LEAST_ASKED or self.near < NEAR_LEAST:
            return False
        # Two sentences have many words that are not said of each other.
        joined = len(self.passage.sentences) > 1
        short = next((least for words, least in SHORT_STATED_FROM if self.asked < words), None)
        if short is not None and 2 * self.loose > self.asked:
            return False
        if short is not None and missing:
            return missing == 1 and self.states >= short and not joined
        if missing > MOST_WORDS_MISSING:
            return False
        share = missing / self.asked
        if joined and share > STATED_FROM[0][0]:
            return False
        least = next((p for most, p in STATED_FROM if share <= most), 1.0)
        verbs = any(is_verb(word.text) for word in self.missing)
        return self.states >= least + VERB_MISSING * verbs


class Supporter:
    """Looks in all other articles of a story for what states a statement."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._passages = Passages(story)
        self._groups = [groups_of(document.stems) for document in story.documents]
        self._telling = [Telling(document, story.vocabulary) for document in story.documents]
        self._known: dict[tuple[int, str], dict[int, Support]] = {}

    def supports(self, text: str, article: int) -> dict[int, Support]:
        """Return by article what comes closest to stating a text of the article at a position."""
        key = (article, text)
        if key not in self._known:
            reading = self._story.documents[article].analyse(text)
            outlet = self._story.articles[article].outlet
            near = self._passages.near(reading, outlet)
            statement = self._statement(reading, article)
            self._known[key] = {
                other: self._best(statement, article, passages) for other, passages in near.items()
            }
        return self._known[key]

    def promising(self, closest: dict[int, Support]) -> dict[int, Support]:
        """Return those of a sentence's passages that may state a part of it, the best first."""
        ranked = sorted(closest, key=lambda other: (-closest[other].states, other))
        return {o: closest[o] for o in ranked[:NARROWED] if closest[o].states >= HOPELESS}

    def narrowed(self, text: str, article: int, closest: dict[int, Support]) -> dict[int, Support]:
        """Return the same for a part of a sentence, looked for only where all of it was closest."""
        statement = self._statement(self._story.documents[article].analyse(text), article)
        return {
            other: self._best(statement, article, self._passages.parts(support.passage))
            for other, support in self.promising(closest).items()
        }

    def _statement(self, reading: Reading, article: int) -> Statement:
        return Statement(self._story, reading, self._telling[article].sentence_of(reading.text))

    def _best(self, statement: Statement, article: int, passages: Sequence[Passage]) -> Support:
        rated = [(statement.score(passage), -i, passage) for i, passage in enumerate(passages)]
        return self._support(statement, article, max(rated)[2])

    def features(self, text: str, article: int, support: Support) -> tuple[float, ...]:
        """Return what a support of a text of an article was weighed by: ``SUPPORT_FEATURES``."""
        statement = self._statement(self._story.documents[article].analyse(text), article)
        return self._features(statement, article, support.passage, objected=bool(support.lacking))

    def _support(self, statement: Statement, article: int, passage: Passage) -> Support:
        document = self._story.documents[passage.article]
        lacking = (
            *objections(
                statement.reading,
                passage.readings,
                document=document,
                before=[sentence.reading for sentence in passage.before],
            ),
            *_undated(statement.reading, document),
        )
        missing = statement.missing(passage)
        features = self._features(statement, article, passage, objected=bool(lacking))
        return Support(
            passage=passage,
            states=STATES.probability(features),
            reports=REPORTS.probability(features),
            lacking=lacking,
            missing=tuple(missing),
            loose=sum(word.stem not in passage.stems for word in statement.plain),
            asked=len(statement.plain),
            near=statement.near(passage),
        )

    def _features(
        self, statement: Statement, article: int, passage: Passage, *, objected: bool
    ) -> tuple[float, ...]:
        covered = statement.covered(passage)
        everywhere = statement.covered_by(
            self._story.documents[passage.article].stems,
            self._groups[passage.article],
            frozenset(),
        )
        total = statement.weight
        vocabulary = self._story.vocabulary
        both = statement.reading.stems & passage.stems
        figures = {(f.low, f.high) for f in statement.reading.figures}
        theirs = {(f.low, f.high) for r in passage.readings for f in r.figures}
        return (
            covered / total,
            min(total - covered, MOST_MISSING) / MOST_MISSING,
            min(covered, MOST_COVERED) / MOST_COVERED,
            statement.gram_share(passage),
            statement.order(passage),
            statement.run(passage),
            statement.verbs(passage),
            vocabulary.total(both) / max(vocabulary.total(passage.stems), LEAST_WEIGHT),
            float(len(passage.sentences) > 1),
            everywhere / total,
            min(total - everywhere, MOST_MISSING) / MOST_MISSING,
            max((vocabulary.weight(stem) for stem in both), default=0.0),
            float(objected),
            float(bool(figures & theirs)),
            min(self._new_names(statement.reading, passage.article), 2) / 2,
            min(self._new_figures(statement.reading, passage.article), 2) / 2,
            min(total, MOST_COVERED) / MOST_COVERED,
            self._rival(statement, article, passage),
            self._neighbour(statement, article, passage),
            float(bool(statement.reading.quotations)),
        )

    def _new_names(self, reading: Reading, article: int) -> int:
        known = self._story.documents[article].names
        return sum(
            name.sure and not known.words.issuperset(name.key) and not known.has(name.key)
            for name in reading.names
        )

    def _new_figures(self, reading: Reading, article: int) -> int:
        known = self._story.documents[article].figures
        return sum(not known.has(figure) for figure in reading.figures)

    def _rival(self, statement: Statement, article: int, passage: Passage) -> float:
        """Return how much more of a passage another sentence of the statement's article covers."""
        total = self._story.vocabulary.total
        weight = max(total(passage.stems), LEAST_WEIGHT)
        own = statement.context.reading if statement.context else statement.reading
        mine = total(own.stems & passage.stems)
        return max(0.0, self._telling[article].most(passage.stems) - mine) / weight

    def _neighbour(self, statement: Statement, article: int, passage: Passage) -> float:
        """Return how much the sentences beside the statement share with those beside a passage."""
        if statement.context is None:
            return 0.0
        total = self._story.vocabulary.total
        mine = _beside(self._story.documents[article], statement.context, statement.context)
        theirs = _beside(
            self._story.documents[passage.article], passage.sentences[0], passage.sentences[-1]
        )
        best = 0.0
        for ours in mine:
            for other in theirs:
                common = total(ours.reading.stems & other.reading.stems)
                least = min(total(ours.reading.stems), total(other.reading.stems))
                best = max(best, common / max(least, LEAST_WEIGHT))
        return best


class Handover:
    """Hands the supporter of a story on, so that who comes second need not look again."""

    def __init__(self) -> None:
        self._kept: tuple[Story, Supporter] | None = None

    def make(self, story: Story) -> Supporter:
        """Return a story's supporter, and keep it for who comes second."""
        supporter = Supporter(story)
        self._kept = (story, supporter)
        return supporter

    def take(self, story: Story) -> Supporter:
        """Return the supporter that is kept, if it is this story's, else a new one; keep none."""
        kept, self._kept = self._kept, None
        return kept[1] if kept and kept[0] is story else Supporter(story)


def _undated(reading: Reading, document: Document) -> Iterator[Lack]:
    """Yield the days of a statement that a document names nowhere."""
    known = document.dates
    for mention in reading.dates:
        if not any(
            same_date(mention, other)
            or (mention.weekday is not None and mention.weekday == other.weekday)
            for other in known
        ) and mention.text.lower() not in (other.text.lower() for other in known):
            yield Lack(f"the date {mention.text}", Span(mention.start, mention.end))


def _beside(document: Document, first: Sentence, last: Sentence) -> list[Sentence]:
    around = (document.sentence(first.number - 1), document.sentence(last.number + 1))
    return [sentence for sentence in around if sentence is not None]
