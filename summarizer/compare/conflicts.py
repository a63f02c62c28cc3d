"""Figures of two outlets for one thing that cannot both be true."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from summarizer.compare.alignment import AlignedConflict, AlignedPosition, passage_mention
from summarizer.compare.story import LEAST_WEIGHT, Story
from summarizer.compare.texts import content_beside
from summarizer.document import Reading, Sentence
from summarizer.text.clauses import claim_spans
from summarizer.text.dates import same_date
from summarizer.text.figures import (
    Figure,
    FigureIndex,
    FigureKind,
    Modifier,
    rounding_unit,
    same_noun,
)
from summarizer.text.names import same_key
from summarizer.text.words import Word, group_of, groups_of, stem_of
from summarizer.types import ConflictKind, Span

SAME_LEAST, SAME_SHARE = 1.1, 0.5
"""The weight of the words that the clauses around two figures share, and their share of the
shorter clause, for both to measure one thing."""

MUCH_SHARED, MUCH_SHARE = 1.8, 0.4
"""Where so much weight is shared, less of the shorter clause need be."""

AROUND = 2
"""Sentences before and behind a figure's own in which a name may stand."""

TOPIC_WORDS = 4
"""Shared words that tell what a figure is about, at most."""

LABELS = {
    FigureKind.COUNT: "Number",
    FigureKind.MONEY: "Amount of money",
    FigureKind.PERCENT: "Percentage",
    FigureKind.MEASURE: "Measure",
    FigureKind.DURATION: "Length of time",
}
"""The kinds of figures that are compared, as topics call them."""

ROUNDED, NEARLY = 0.07, 0.15
"""How far a figure that is said to be rough, or nearly reached, may be from the true one, as a
share of it."""

FARTHEST_RATIO = 4.0
"""Two figures farther apart than this are hardly one thing told differently."""

MOST_FIGURES = 400
"""Figures of a story that are compared, those of the first sentences of each article first."""

LIST_LENGTH = 120
"""Code points behind a figure in which those counted may be named."""

_LIST = re.compile(r"[,:(—–]|--")
_MODIFIER = re.compile(
    r"(?:\b(?:(?:no|not) )?(?:more|less|fewer|later|earlier|higher|lower) than|\bat (?:least|most)|"
    r"\bup to|\bas (?:many|much|few|high) as|\b(?:just |only )?(?:nearly|almost|about|around|some|"
    r"over|under|roughly|approximately|above|below|exactly)|\b(?:an )?estimated) $",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[^\W\d_]+$")
_COUNTED = re.compile(r"\s((?:[^\W\d_]+\s){0,1}?[^\W\d_]+s|[^\W\d_]+)\b")
_PART = re.compile(
    r"\b(?:including|another|other|additional|each|per|further|half|among|only)\b", re.IGNORECASE
)
_SHARE = re.compile(r"\W*(?:\w+\s)?of (?:them|these|those|whom|which|the|its|their|his|her)\b")
"""A figure of a part: "214 of the 260 coins"."""


@dataclass(frozen=True)
class Measured:
    """A figure with the clause and the sentence that it stands in, and its article's position."""

    article: int
    sentence: Sentence
    figure: Figure
    clause: Reading
    span: Span

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The content words of the clause outside its figures and dates."""
        return tuple(content_beside(self.clause, (*self.clause.figures, *self.clause.dates)))

    @cached_property
    def groups(self) -> frozenset[str]:
        """What these words say, near-synonyms as one."""
        return groups_of(word.stem for word in self.words)

    @property
    def value(self) -> str:
        """The figure in the article's words, with what modifies it."""
        text = self.sentence.reading.text
        modifier = _MODIFIER.search(text[: self.figure.start])
        start = modifier.start() if modifier else self.figure.start
        return " ".join(text[start : self.figure.end].split())

    @property
    def is_of_one_thing(self) -> bool:
        """Whether the clause has no figure that may be taken for it, and it is not of a part."""
        figure = self.figure
        alike = [
            other
            for other in self.clause.figures
            if other.kind is figure.kind
            and (figure.kind is not FigureKind.COUNT or same_noun(other, figure))
        ]
        return (
            len(alike) <= 1
            and not _PART.search(self.clause.text)
            and not _SHARE.match(self.sentence.reading.text, figure.end)
        )


def find_conflicts(story: Story) -> tuple[AlignedConflict, ...]:
    """Return the figures of a story that cannot both be true, the surest first."""
    pairs = [
        pair
        for pair in _excluding_pairs(story, _measured_figures(story))
        if _is_one_thing(story, *pair)
    ]
    taken: set[tuple[int, int, int]] = set()
    conflicts = []
    for one, other in sorted(pairs, key=lambda pair: -math.prod(_clause_likeness(story, *pair))):
        # A figure is in one conflict with each other article.
        keys = {
            (mine.article, mine.sentence.span.start + mine.figure.start, theirs.article)
            for mine, theirs in ((one, other), (other, one))
        }
        if taken.isdisjoint(keys):
            conflicts.append(
                _number_conflict(story, *sorted((one, other), key=lambda m: m.article))
            )
        taken |= keys
    return tuple(conflicts)


def _measured_figures(story: Story) -> list[Measured]:
    measured = []
    for article, document in enumerate(story.documents):
        text = document.article.text
        for sentence in document.sentences:
            figures = [f for f in sentence.reading.figures if f.kind in LABELS]
            clauses = claim_spans(text, sentence.span) if figures else ()
            for figure in figures:
                at = sentence.span.start + figure.start
                span = next((c for c in clauses if c.start <= at < c.end), sentence.span)
                clause = document.analyse(span.of(text))
                measured.append(Measured(article, sentence, figure, clause, span))
    measured.sort(key=lambda m: (m.sentence.number, m.article, m.figure.start))
    return measured[:MOST_FIGURES]


def _excluding_pairs(
    story: Story, figures: Sequence[Measured]
) -> Iterator[tuple[Measured, Measured]]:
    """Yield figures of two outlets that exclude each other, neither given by the other article."""
    outlets = [article.outlet for article in story.articles]
    by_kind: dict[tuple[FigureKind, str], list[Measured]] = defaultdict(list)
    for measured in figures:
        by_kind[measured.figure.kind, measured.figure.unit].append(measured)
    for alike in by_kind.values():
        # Figures that may be one value of one thing are not in dispute.
        index = FigureIndex(each.figure for each in alike)
        giving = [
            {alike[place].article for place in index.compatible(each.figure)} for each in alike
        ]
        for (i, one), (j, other) in combinations(enumerate(alike), 2):
            if (
                outlets[one.article] != outlets[other.article]
                and other.article not in giving[i]
                and one.article not in giving[j]
                and _exclude_each_other(one.figure, other.figure)
            ):
                yield one, other


def _is_one_thing(story: Story, one: Measured, other: Measured) -> bool:
    """Return whether two figures surely measure one thing at one time."""
    weight, share = _clause_likeness(story, one, other)
    if share < SAME_SHARE and not (weight >= MUCH_SHARED and share >= MUCH_SHARE):
        return False
    return (
        weight >= SAME_LEAST
        and one.is_of_one_thing
        and other.is_of_one_thing
        and not _names_differ(story, one, other)
        and not _names_differ(story, other, one)
        and not _times_differ(one, other)
        and not _lists_differ(one, other)
    )


def _clause_likeness(story: Story, one: Measured, other: Measured) -> tuple[float, float]:
    """Return the weight of the words that two clauses share, and its share of the shorter one."""
    shared = story.vocabulary.total(one.groups & other.groups)
    least = min(story.vocabulary.total(each.groups) for each in (one, other))
    return shared, shared / max(least, LEAST_WEIGHT)


def _names_differ(story: Story, one: Measured, other: Measured) -> bool:
    """Return whether a clause names somebody whom the other one's surroundings do not."""
    document, number = story.documents[other.article], other.sentence.number
    around = [s for n in range(number - AROUND, number + AROUND + 1) if (s := document.sentence(n))]
    known = {name.key for s in around for name in s.reading.names}
    words = {word.stem for s in around for word in s.reading.words}
    return any(
        name.sure
        and not any(same_key(name.key, key) for key in known)
        and not {stem_of(word)[0] for word in name.key} <= words
        for name in one.clause.names
    )


def _lists_differ(one: Measured, other: Measured) -> bool:
    """Return whether those counted are named behind both figures, and nobody is in both lists."""
    mine, theirs = _listed_names(one), _listed_names(other)
    return bool(mine and theirs) and not any(same_key(a, b) for a in mine for b in theirs)


def _listed_names(measured: Measured) -> list[tuple[str, ...]]:
    """Return the full names behind a figure if there are as many: "two pilots, A and B"."""
    reading, end = measured.sentence.reading, measured.figure.end
    begins = _LIST.search(reading.text, end)
    if begins is None:
        return []
    listed = [
        name.key
        for name in reading.names
        if len(name.key) > 1 and begins.end() <= name.start < end + LIST_LENGTH
    ]
    return listed if len(listed) >= max(measured.figure.low, 1) else []


def _times_differ(one: Measured, other: Measured) -> bool:
    """Return whether the two are dated, and not alike: the rate of a year and that of ten."""
    mine, theirs = (
        [d for d in each.sentence.reading.dates if any(map(str.isdigit, d.text))]
        for each in (one, other)
    )
    if bool(mine) != bool(theirs):
        return True
    return any(
        all(same_date(date, known) is False for known in others)
        for dates, others in ((mine, theirs), (theirs, mine))
        for date in dates
    )


def _exclude_each_other(one: Figure, other: Figure) -> bool:
    """Return whether two figures of one thing cannot both be true."""
    if one.kind is FigureKind.COUNT and not (one.noun and other.noun and same_noun(one, other)):
        return False
    small, large = sorted((max(one.high, 1e-9), max(other.high, 1e-9)))
    if large > FARTHEST_RATIO * small:
        return False
    (a_low, a_high), (b_low, b_high) = _possible_range(one), _possible_range(other)
    return a_high < b_low or b_high < a_low


def _possible_range(figure: Figure) -> tuple[float, float]:
    """Return the least and the greatest value that a wording allows: 1,200 may be 1,150."""
    half = rounding_unit(figure.low) / 2
    ranges = {
        Modifier.OVER: (figure.low, math.inf),
        Modifier.UNDER: (0.0, figure.high),
        Modifier.NEARLY: (figure.low * (1 - NEARLY), figure.high),
        Modifier.ABOUT: (figure.low * (1 - ROUNDED), figure.high * (1 + ROUNDED)),
    }
    return ranges.get(figure.modifier, (figure.low - half, figure.high + half))


def _number_conflict(story: Story, *sides: Measured) -> AlignedConflict:
    return AlignedConflict(
        topic=_conflict_topic(*sides),
        kind=ConflictKind.NUMBER,
        positions=tuple(
            AlignedPosition(
                value=side.value,
                mentions=(passage_mention(story.articles[side.article], side.span),),
            )
            for side in sides
        ),
    )


def _conflict_topic(one: Measured, other: Measured) -> str:
    """Return what is measured: its kind, and the words that both clauses have."""
    shared = groups_of(one.clause.stems) & groups_of(other.clause.stems)
    words = [word.text for word in one.words if group_of(word.stem) in shared]
    label, figure = LABELS[one.figure.kind], one.figure
    counted = _COUNTED.match(one.sentence.reading.text, figure.end)
    if figure.kind is FigureKind.COUNT and counted:
        label = f"Number of {counted[1]}"
        words = [word for word in words if word.lower() not in counted[1].lower().split()]
    if figure.kind is FigureKind.MEASURE and (unit := _UNIT.search(figure.text)):
        label = f"Number of {unit[0]}"
    words = list(dict.fromkeys(words))[:TOPIC_WORDS]
    return f"{label} ({', '.join(words)})" if words else label
