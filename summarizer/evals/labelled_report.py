"""A report laid beside the labels of its case: the only module that knows a report's shape.

Labels and evidence are spans of the same texts, so that what a report says is compared by where
it stands and never by how it is worded.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any

from summarizer.evals.cases import Case, GoldFact, Support
from summarizer.evals.labels import ConflictLabel
from summarizer.text.words import fold, words
from summarizer.types import Article, Conflict, Detail, DiffReport, Fact, Mention, Span, Status

HALF = 0.5
"""The share of the shorter of two spans that must be common for them to be one passage: a clause
and its sentence are one, neighbours that share a word are not."""

UNIQUE, SHARED = 1, 2  # marks of a character that one outlet reports, or several; 3 tells nothing
ABOUT_A_SUMMARY = "the summary sentence"  # how the detail of a rejected one begins
STATED_FROM = 0.8  # the share of a text's content words that another must hold to state it
ROUNDING = 1e-9  # by how much the hits of a derived metric may pass what they are of
_UNSPACED_FROM = "\u0e00"  # the first letter of the scripts that put no spaces between words

Counted = tuple[str, bool]  # what to say of a thing if it is not right, and whether it is


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many. Of none is a state of its own: neither 1, nor 0, nor NaN."""

    hits: float
    of: float

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.of * (1 + ROUNDING) + ROUNDING < math.inf:
            raise ValueError(f"{self.hits} of {self.of} is no share")

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None where there was nothing to count."""
        return self.hits / self.of if self.of else None


def share(hits: Iterable[bool]) -> Ratio:
    """Return how many are true, of how many."""
    counted = list(hits)
    return Ratio(sum(counted), len(counted))


def counted(items: Iterable[Counted]) -> Ratio:
    """Return how many are right, of how many."""
    return share(right for _, right in items)


def ratio_values(ratios: Mapping[str, Ratio]) -> dict[str, Any]:
    """Return ratios by name as values that JSON can hold, each with its share."""
    return {name: asdict(ratio) | {"value": ratio.value} for name, ratio in ratios.items()}


@dataclass(frozen=True, slots=True)
class LabelledMention:
    """A mention of a report, and the label of the case's article that it is of.

    ``rests`` has the places in ``LabelledReport.supports`` of what its evidence lies on.
    """

    label: str
    mention: Mention
    rests: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class LabelledFact:
    """A fact of a report, with its mentions and details that are of articles of the case."""

    fact: Fact
    mentions: tuple[LabelledMention, ...]
    outlets: frozenset[str]
    details: tuple[tuple[str, Detail], ...] = ()

    @property
    def is_unique(self) -> bool:
        """Whether the report says that one outlet reports it, however surely."""
        return len(self.outlets) == 1

    @property
    def evidence(self) -> list[tuple[str, Span]]:
        """The spans of its mentions, with the labels of their articles."""
        return [(each.label, span) for each in self.mentions for span in each.mention.evidence]


class LabelledReport:
    """The two sides of a comparison: a case and a report on its articles.

    Articles are known by their source; one that is none of the case's counts for nothing.
    """

    def __init__(self, case: Case, report: DiffReport) -> None:
        self.case = case
        self.report = report
        self.articles: Mapping[str, Article] = {a.label: a.article for a in case.articles}
        self.outlets = {label: article.outlet for label, article in self.articles.items()}
        self._labels = {article.source: label for label, article in self.articles.items()}

    def label(self, article: Article) -> str | None:
        """Return the label of a report's article; None where it is none of the case's."""
        return self._labels.get(article.source)

    def mentions(self, mentions: Iterable[Mention]) -> tuple[LabelledMention, ...]:
        """Return the mentions that are of articles of the case, with their labels."""
        labelled = []
        for mention in mentions:
            label = self.label(mention.article)
            if label is not None:
                passages = [each.get(label, ()) for each in self.supports]
                rests = (i for i, p in enumerate(passages) if same_passage(p, mention.evidence))
                labelled.append(LabelledMention(label, mention, frozenset(rests)))
        return tuple(labelled)

    @cached_property
    def facts(self) -> tuple[LabelledFact, ...]:
        """The report's facts that have a mention in an article of the case."""
        labelled = []
        for fact in self.report.facts:
            if mentions := self.mentions(fact.mentions):
                outlets = frozenset(self.outlets[each.label] for each in mentions)
                named = ((self.label(each.article), each) for each in fact.details)
                details = tuple((label, each) for label, each in named if label is not None)
                labelled.append(LabelledFact(fact, mentions, outlets, details))
        return tuple(labelled)

    @cached_property
    def supports(self) -> tuple[Support, ...]:
        """The passages of each labelled fact, then those that may be linked without being one."""
        return (*(fact.support for fact in self.case.facts), *self.case.acceptable)

    def touching(self, gold: GoldFact) -> list[tuple[LabelledFact, LabelledMention]]:
        """Return the mentions that rest on a labelled fact, with their facts."""
        place = self.case.facts.index(gold)
        pairs = ((fact, mention) for fact in self.facts for mention in fact.mentions)
        return [(fact, mention) for fact, mention in pairs if place in mention.rests]

    def links(self, fact: LabelledFact) -> Iterator[tuple[tuple[str, str], bool]]:
        """Yield the two outlets of each pair of mentions, and whether a label links the two."""
        for a, b in combinations(fact.mentions, 2):
            first, second = sorted((self.outlets[a.label], self.outlets[b.label]))
            if first != second:
                yield (first, second), not a.rests.isdisjoint(b.rests)

    @cached_property
    def _character_marks(self) -> Mapping[str, bytearray]:
        """By article, for each character whether one outlet or several report what it says."""
        marks = {label: bytearray(len(article.text)) for label, article in self.articles.items()}
        for fact in self.case.facts:
            mark = UNIQUE if fact.status is Status.UNIQUE else SHARED
            for label, spans in fact.support.items():
                for i in (i for span in spans for i in range(span.start, span.end)):
                    marks[label][i] |= mark
        return marks

    def is_shared(self, evidence: Iterable[tuple[str, Span]]) -> bool | None:
        """Return whether evidence called unique lies more on labels of several outlets than of one.

        None where it lies on no label that tells.
        """
        pieces = [self._character_marks[label][span.start : span.end] for label, span in evidence]
        unique = sum(piece.count(UNIQUE) for piece in pieces)
        shared = sum(piece.count(SHARED) for piece in pieces)
        return None if unique + shared == 0 else unique < shared

    @cached_property
    def _called_unique(self) -> Mapping[str, bytearray]:
        """By article, the characters that a report calls unique: facts of one outlet, details."""
        marks = {label: bytearray(len(article.text)) for label, article in self.articles.items()}
        for fact in self.facts:
            unique = fact.evidence if fact.is_unique else []
            details = [(label, span) for label, each in fact.details for span in each.evidence]
            for label, span in (*unique, *details):
                marks[label][span.start : span.end] = b"\x01" * len(span)
        return marks

    def is_called_unique(self, gold: GoldFact) -> bool:
        """Return whether half of a passage of a labelled fact is called unique."""
        passages = ((label, span) for label, spans in gold.support.items() for span in spans)
        return any(
            len(span) and sum(self._called_unique[label][span.start : span.end]) >= HALF * len(span)
            for label, span in passages
        )

    def is_same(self, conflict: ConflictLabel, reported: Conflict) -> bool:
        """Return whether a report's conflict rests on two positions of a labelled one."""
        mentions = [m for position in reported.positions for m in self.mentions(position.mentions)]
        places = {fact.id: place for place, fact in enumerate(self.case.facts)}
        rests = frozenset[int]().union(*(mention.rests for mention in mentions))
        hit = [[places.get(name) in rests for name in each.facts] for each in conflict.positions]
        return sum(map(any, hit)) > 1

    def evidence(self) -> Iterator[tuple[str, Article, Span]]:
        """Yield every piece of evidence, with its article as reported and the label of that."""
        positions = [position for c in self.report.conflicts for position in c.positions]
        mentions = [mention for fact in self.report.facts for mention in fact.mentions]
        mentions += [mention for position in positions for mention in position.mentions]
        details = [detail for fact in self.facts for detail in fact.fact.details]
        pieces = [(mention.article, mention.evidence) for mention in mentions]
        pieces += [(detail.article, detail.evidence) for detail in details]
        pieces += [(article, evidence) for article, _, evidence in self.summaries()]
        for article, spans in pieces:
            label = self.label(article)
            if label is not None:
                yield from ((label, article, span) for span in spans)

    def summaries(self) -> Iterator[tuple[Article, str, tuple[Span, ...]]]:
        """Yield the summary sentences that were kept, with their articles and their evidence."""
        for summary in self.report.articles:
            for sentence in summary.sentences:
                yield summary.article, sentence.text, sentence.evidence

    def dropped_summaries(self) -> Iterator[tuple[Article, str]]:
        """Yield the summary sentences that the run's own judge turned away."""
        for dropped in self.report.rejected:
            if dropped.detail.startswith(ABOUT_A_SUMMARY):
                yield dropped.article, dropped.text

    def says_of(self, gold: GoldFact, wanted: str) -> bool:
        """Return whether the report has some words where it reports a labelled fact."""
        for fact, each in self.touching(gold):
            mention = each.mention
            texts = (mention.speaker, mention.hedge, mention.wording, fact.fact.text)
            if any(t and holds(t, wanted, mention.article.language or "en") for t in texts):
                return True
        return False

    def statements(self) -> Iterator[tuple[str, str]]:
        """Yield every statement of a report that a reader takes for news, and its language."""
        languages = [summary.article.language for summary in self.report.articles]
        yield (self.report.headline, next(iter(languages), None) or "en")
        for fact in self.report.facts:
            for mention in fact.mentions:
                yield (fact.text, mention.article.language or "en")
                yield (mention.wording, mention.article.language or "en")
            for detail in fact.details:
                yield (detail.text, detail.article.language or "en")
        for article, text, _ in self.summaries():
            yield (text, article.language or "en")


def same_passage(labelled: Sequence[Span], evidence: Sequence[Span]) -> bool:
    """Return whether any two spans of the two sides share half of the shorter one."""
    return any(
        (common := a.overlap(b)) and common >= HALF * min(len(a), len(b))
        for a in labelled
        for b in evidence
    )


def holds(text: str, wanted: str, language: str = "en") -> bool:
    """Return whether ``text`` has the words of ``wanted``, whatever their case and accents.

    As one phrase, or all its content words in any order and form ("the board" in "said
    members of the Board"); a phrase of grammar only ("may", "up to") must stand as it is.
    """
    if _phrase_pattern(wanted).search(_folded_text(text)):
        return True
    content = _content_stems(wanted, language)
    return bool(content) and content <= _content_stems(text, language)


def states(text: str, statement: str, language: str = "en") -> bool:
    """Return whether ``text`` says a statement: it has most of its content words."""
    content = _content_stems(statement, language)
    if not content:
        return bool(_phrase_pattern(statement).search(_folded_text(text)))
    return len(content & _content_stems(text, language)) >= STATED_FROM * len(content)


def _folded_text(text: str) -> str:
    return " ".join(fold(text).split())


@lru_cache(maxsize=4096)
def _phrase_pattern(wanted: str) -> re.Pattern[str]:
    """Return what finds a phrase at the borders of words, where its script has any."""
    plain = _folded_text(wanted)
    before = r"(?<!\w)" if plain[:1] < _UNSPACED_FROM else ""
    after = r"(?!\w)" if plain[-1:] < _UNSPACED_FROM else ""
    return re.compile(before + re.escape(plain) + after)


@lru_cache(maxsize=65536)
def _content_stems(text: str, language: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text, language) if not word.stop)
