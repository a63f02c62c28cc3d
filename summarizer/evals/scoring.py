"""A report laid beside the labels of its case: which article is which, what lies on what.

Labels and evidence are spans of the same texts, so that what a report says is compared by
where it stands and never by how it is worded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from summarizer.evals.types import Case, GoldFact, Ratio, Support
from summarizer.types import Article, Conflict, DiffReport, Fact, Mention, Span, Status

HALF = 0.5
"""The share of the shorter of two spans that must be common for them to be one passage, and
of a span that must lie on something for it to lie there: a clause and its sentence are one
passage, neighbours that share a word are not."""

UNIQUE, SHARED = 1, 2
"""Marks of a character: on the evidence of a fact that one outlet reports, that several do.
Where a passage says both, they add up, and the character tells nothing."""


@dataclass(frozen=True, slots=True)
class Told:
    """A mention of a report, and the label of the case's article that it is of."""

    label: str
    mention: Mention

    @property
    def spans(self) -> tuple[Span, ...]:
        """Its evidence."""
        return self.mention.evidence


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact of a report, with those of its mentions that are of articles of the case.

    ``rests`` has, for each of them, the places in ``Sides.supports`` of what it rests on.
    """

    fact: Fact
    told: tuple[Told, ...]
    outlets: frozenset[str]
    rests: tuple[frozenset[int], ...] = ()

    @property
    def is_unique(self) -> bool:
        """Whether the report says that one outlet reports it, however surely."""
        return len(self.outlets) == 1


class Sides:
    """The two sides of a comparison: a case and a report on its articles.

    Args:
        case: The labelled story.
        report: What was made of it. An article of it that is none of the case's counts for
            nothing; they are known by their source.
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

    def told(self, mentions: Iterable[Mention]) -> tuple[Told, ...]:
        """Return the mentions that are of articles of the case, with their labels."""
        labelled = ((self.label(mention.article), mention) for mention in mentions)
        return tuple(Told(label, mention) for label, mention in labelled if label is not None)

    @cached_property
    def facts(self) -> tuple[ToldFact, ...]:
        """The report's facts that have a mention in an article of the case."""
        found = ((fact, self.told(fact.mentions)) for fact in self.report.facts)
        return tuple(
            ToldFact(
                fact,
                told,
                frozenset(self.outlets[each.label] for each in told),
                tuple(map(self._rests, told)),
            )
            for fact, told in found
            if told
        )

    @cached_property
    def supports(self) -> tuple[Support, ...]:
        """The passages of each labelled fact, then those that may be linked without being one."""
        return (*(fact.support for fact in self.case.facts), *self.case.acceptable)

    def touching(self, gold: GoldFact) -> list[tuple[ToldFact, Told]]:
        """Return the mentions that rest on a labelled fact, with their facts."""
        return self._touching.get(gold.id, [])

    @cached_property
    def _touching(self) -> Mapping[str, list[tuple[ToldFact, Told]]]:
        found: dict[str, list[tuple[ToldFact, Told]]] = {}
        for fact in self.facts:
            for told, rests in zip(fact.told, fact.rests, strict=True):
                for i in rests:
                    if i < len(self.case.facts):
                        found.setdefault(self.case.facts[i].id, []).append((fact, told))
        return found

    @cached_property
    def _passages(self) -> Mapping[str, list[tuple[int, tuple[Span, ...]]]]:
        """By article, the passages of each support that has any there, with its place."""
        found: dict[str, list[tuple[int, tuple[Span, ...]]]] = {}
        for i, support in enumerate(self.supports):
            for label, spans in support.items():
                found.setdefault(label, []).append((i, spans))
        return found

    def _rests(self, told: Told) -> frozenset[int]:
        passages = self._passages.get(told.label, [])
        return frozenset(i for i, spans in passages if same_passage(spans, told.spans))

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

    def marked(self, fact: ToldFact) -> tuple[int, int]:
        """Return how many characters of a fact's evidence are of one outlet, and of several."""
        pieces = [self.marks[t.label][s.start : s.end] for t in fact.told for s in t.spans]
        return (
            sum(piece.count(UNIQUE) for piece in pieces),
            sum(piece.count(SHARED) for piece in pieces),
        )

    @cached_property
    def called_unique(self) -> Mapping[str, bytearray]:
        """By article, the characters that are evidence of a fact that the report calls unique."""
        covered = {label: bytearray(len(article.text)) for label, article in self.articles.items()}
        for fact in self.facts:
            for told in fact.told if fact.is_unique else ():
                for span in told.spans:
                    covered[told.label][span.start : span.end] = b"\x01" * len(span)
        return covered

    def evidence(self) -> Iterator[tuple[str, Article, Span]]:
        """Yield every piece of evidence of facts, conflicts and summaries.

        Each with the label of its article and that article as the report has it.
        """
        positions = [position for c in self.report.conflicts for position in c.positions]
        mentioned = [fact.mentions for fact in self.report.facts]
        for mentions in (*mentioned, *(position.mentions for position in positions)):
            for told in self.told(mentions):
                for span in told.spans:
                    yield told.label, told.mention.article, span
        for summary in self.report.articles:
            label = self.label(summary.article)
            for sentence in summary.sentences if label is not None else ():
                for span in sentence.evidence:
                    yield label or "", summary.article, span


def same_passage(labelled: Sequence[Span], found: Sequence[Span]) -> bool:
    """Return whether any two spans of the two sides share half of the shorter one."""
    return any(
        (common := a.overlap(b)) and common >= HALF * min(len(a), len(b))
        for a in labelled
        for b in found
    )


def says(support: Support, told: Told) -> bool:
    """Return whether a mention rests on one of the passages of a label."""
    return same_passage(support.get(told.label, ()), told.spans)


def positions_hit(sides: Sides, case_positions: Sequence[Sequence[GoldFact]], c: Conflict) -> int:
    """Return how many of a labelled conflict's positions a report's conflict rests on."""
    told = [each for position in c.positions for each in sides.told(position.mentions)]
    return sum(
        any(says(fact.support, each) for fact in facts for each in told) for facts in case_positions
    )


def share(hits: Iterable[bool]) -> Ratio:
    """Return how many are true, of how many."""
    found = list(hits)
    return Ratio(sum(found), len(found))
