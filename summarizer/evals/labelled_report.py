"""A report laid beside the labels of its case: the only module that knows a report's shape.

Labels and evidence are spans of the same texts, so that what a report says is compared by where
it stands and never by how it is worded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from summarizer.evals.labels import ConflictLabel
from summarizer.evals.types import Case, GoldFact, Ratio, Support
from summarizer.types import Article, Conflict, DiffReport, Fact, Mention, Span, Status

HALF = 0.5
"""The share of the shorter of two spans that must be common for them to be one passage, and
of a span that must lie on something for it to lie there: a clause and its sentence are one
passage, neighbours that share a word are not."""

UNIQUE, SHARED = 1, 2
"""Marks of a character: on the evidence of a fact that one outlet reports, that several do.
Where a passage says both, they add up, and the character tells nothing."""

ABOUT_A_SUMMARY = "the summary sentence"
"""How the detail of a rejection begins that is of a summary sentence and not of a claim."""


Counted = tuple[str, bool]
"""One thing that a metric counts: what to say of it if it is not right, and whether it is."""


@dataclass(frozen=True, slots=True)
class LabelledMention:
    """A mention of a report, and the label of the case's article that it is of.

    ``rests`` has the places in ``LabelledReport.supports`` of what its evidence lies on.
    """

    label: str
    mention: Mention
    rests: frozenset[int] = frozenset()

    @property
    def spans(self) -> tuple[Span, ...]:
        """Its evidence."""
        return self.mention.evidence


class Detail(NamedTuple):
    """What one outlet adds to a shared fact: its text, its article's label, its evidence."""

    text: str
    label: str
    spans: tuple[Span, ...]


class Statement(NamedTuple):
    """A text that a reader takes for news, its language, and its article's label, if any."""

    text: str
    language: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class LabelledFact:
    """A fact of a report, with those of its mentions that are of articles of the case."""

    fact: Fact
    mentions: tuple[LabelledMention, ...]
    outlets: frozenset[str]
    details: tuple[Detail, ...] = ()

    @property
    def is_unique(self) -> bool:
        """Whether the report says that one outlet reports it, however surely."""
        return len(self.outlets) == 1


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
        return tuple(
            LabelledMention(label, mention, self._supports_under(label, mention.evidence))
            for mention in mentions
            if (label := self.label(mention.article)) is not None
        )

    @cached_property
    def facts(self) -> tuple[LabelledFact, ...]:
        """The report's facts that have a mention in an article of the case."""
        return tuple(
            LabelledFact(
                fact,
                mentions,
                frozenset(self.outlets[each.label] for each in mentions),
                tuple(
                    Detail(detail.text, label, tuple(detail.evidence))
                    for detail in fact.details
                    if (label := self.label(detail.article)) is not None
                ),
            )
            for fact in self.report.facts
            if (mentions := self.mentions(fact.mentions))
        )

    @cached_property
    def supports(self) -> tuple[Support, ...]:
        """The passages of each labelled fact, then those that may be linked without being one."""
        return (*(fact.support for fact in self.case.facts), *self.case.acceptable)

    def touching(self, gold: GoldFact) -> list[tuple[LabelledFact, LabelledMention]]:
        """Return the mentions that rest on a labelled fact, with their facts."""
        return self._mentions_by_support.get(self.case.facts.index(gold), [])

    @cached_property
    def _mentions_by_support(self) -> Mapping[int, list[tuple[LabelledFact, LabelledMention]]]:
        touching: dict[int, list[tuple[LabelledFact, LabelledMention]]] = {}
        for fact in self.facts:
            for mention in fact.mentions:
                for i in mention.rests:
                    touching.setdefault(i, []).append((fact, mention))
        return touching

    def _supports_under(self, label: str, evidence: Sequence[Span]) -> frozenset[int]:
        passages = ((i, each.get(label, ())) for i, each in enumerate(self.supports))
        return frozenset(i for i, spans in passages if same_passage(spans, evidence))

    def links(self, fact: LabelledFact) -> Iterator[tuple[tuple[str, str], bool]]:
        """Yield the two outlets of each pair of mentions, and whether a label links the two."""
        for a, b in combinations(fact.mentions, 2):
            first, second = sorted((self.outlets[a.label], self.outlets[b.label]))
            if first != second:
                yield (first, second), not a.rests.isdisjoint(b.rests)

    @cached_property
    def marks(self) -> Mapping[str, bytearray]:
        """By article, for each character whether one outlet or several report what it says."""
        marks = {label: bytearray(len(article.text)) for label, article in self.articles.items()}
        for fact in self.case.facts:
            mark = UNIQUE if fact.status is Status.UNIQUE else SHARED
            for label, spans in fact.support.items():
                for span in spans:
                    for i in range(span.start, span.end):
                        marks[label][i] |= mark
        return marks

    def is_shared(self, evidence: Iterable[tuple[str, Span]]) -> bool | None:
        """Return whether evidence called unique is what several outlets report.

        True where more of its characters lie on labels of several outlets than of one; None
        where it lies on no label that tells.
        """
        pieces = [self.marks[label][span.start : span.end] for label, span in evidence]
        unique = sum(piece.count(UNIQUE) for piece in pieces)
        shared = sum(piece.count(SHARED) for piece in pieces)
        return None if unique + shared == 0 else unique < shared

    @cached_property
    def called_unique(self) -> Mapping[str, bytearray]:
        """By article, the characters that a report calls unique: facts of one outlet, details."""
        covered = {label: bytearray(len(article.text)) for label, article in self.articles.items()}
        for fact in self.facts:
            own = fact.mentions if fact.is_unique else ()
            unique: list[LabelledMention | Detail] = [*own, *fact.details]
            for label, span in ((each.label, span) for each in unique for span in each.spans):
                covered[label][span.start : span.end] = b"\x01" * len(span)
        return covered

    def positions_hit(self, conflict: ConflictLabel, reported: Conflict) -> int:
        """Return how many of a labelled conflict's positions a report's conflict rests on."""
        mentions = [m for position in reported.positions for m in self.mentions(position.mentions)]
        support = {fact.id: fact.support for fact in self.case.facts}

        def is_hit(name: str) -> bool:
            passages = support.get(name, {})
            return any(same_passage(passages.get(m.label, ()), m.spans) for m in mentions)

        return sum(any(map(is_hit, position.facts)) for position in conflict.positions)

    def evidence(self) -> Iterator[tuple[str, Article, Span]]:
        """Yield every piece of evidence of facts, details, conflicts and summaries.

        Each with the label of its article and that article as the report has it.
        """
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

    def wordings(self, gold: GoldFact) -> Iterator[Statement]:
        """Yield all that a report says of a labelled fact: its fields and its words."""
        for fact, each in self.touching(gold):
            mention = each.mention
            for text in (mention.speaker, mention.hedge, mention.wording, fact.fact.text):
                if text:
                    yield Statement(text, mention.article.language or "en", each.label)

    def statements(self) -> Iterator[Statement]:
        """Yield every statement of a report that a reader takes for news."""
        languages = [summary.article.language for summary in self.report.articles]
        yield Statement(self.report.headline, next(iter(languages), None) or "en")
        for fact in self.report.facts:
            for mention in fact.mentions:
                yield Statement(fact.text, mention.article.language or "en")
                yield Statement(mention.wording, mention.article.language or "en")
        for detail in (detail for fact in self.facts for detail in fact.details):
            yield Statement(detail.text, self.articles[detail.label].language or "en")
        for article, text, _ in self.summaries():
            yield Statement(text, article.language or "en")


def same_passage(labelled: Sequence[Span], evidence: Sequence[Span]) -> bool:
    """Return whether any two spans of the two sides share half of the shorter one."""
    return any(
        (common := a.overlap(b)) and common >= HALF * min(len(a), len(b))
        for a in labelled
        for b in evidence
    )


def share(hits: Iterable[bool]) -> Ratio:
    """Return how many are true, of how many."""
    counted = list(hits)
    return Ratio(sum(counted), len(counted))


def counted(items: Iterable[Counted]) -> Ratio:
    """Return how many are right, of how many."""
    return share(right for _, right in items)
