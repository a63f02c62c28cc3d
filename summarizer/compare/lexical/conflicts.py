"""Figures of two outlets for one thing that cannot both be true."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from summarizer.compare.alignment import AlignedConflict, AlignedPosition
from summarizer.compare.story import Story
from summarizer.document import Reading, Sentence
from summarizer.text.clauses import claim_spans
from summarizer.text.dates import same_date
from summarizer.text.figures import Figure, FigureIndex, FigureKind, Modifier, same_noun
from summarizer.text.names import same_key
from summarizer.text.words import group_of, groups_of, stem_of
from summarizer.types import ConflictKind, Mention, Span

SAME_LEAST, SAME_SHARE = 1.1, 0.5
"""The weight of the words that the clauses around two figures share, and their share of the
shorter clause, for both to measure one thing."""

MUCH_SHARED, MUCH_SHARE = 1.8, 0.4
"""Where so much weight is shared, less of the shorter clause need be."""

LEAST_CLAUSE = 0.5
"""Shares are of at least this weight, so that two bare words make no clause."""

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

ROUNDED = 0.07
"""How far a figure that is said to be rough may be from the true one, as a share of it."""

FARTHEST_RATIO = 4.0
"""Two figures farther apart than this are hardly one thing told differently."""

MOST_FIGURES = 400
"""Figures of a story that are compared, those of the first sentences of each article first."""

COMPARED = frozenset(LABELS)
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
    def content(self) -> frozenset[str]:
        """What the clause says besides its figures and dates, near-synonyms as one."""
        gone = [(f.start, f.end) for f in self.clause.figures]
        gone += [(d.start, d.end) for d in self.clause.dates]
        return groups_of(
            word.stem
            for word in self.clause.content
            if not any(start <= word.start < end for start, end in gone)
        )


def find_conflicts(story: Story) -> tuple[AlignedConflict, ...]:
    """Return the figures of a story that cannot both be true, the surest first."""
    figures = _figures(story)
    pairs = [pair for pair in _pairs(story, figures) if _is_one_thing(story, *pair)]
    rated = sorted(pairs, key=lambda pair: -math.prod(_likeness(story, *pair)))
    taken: set[tuple[int, int, int]] = set()
    conflicts = []
    for one, other in rated:
        keys = {_key(one, other.article), _key(other, one.article)}
        if taken.isdisjoint(keys):
            conflicts.append(_conflict(story, one, other))
        taken |= keys
    return tuple(conflicts)


def _key(measured: Measured, other: int) -> tuple[int, int, int]:
    return measured.article, measured.sentence.span.start + measured.figure.start, other


def _pairs(story: Story, figures: Sequence[Measured]) -> Iterator[tuple[Measured, Measured]]:
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
                and exclude(one.figure, other.figure)
            ):
                yield one, other


def _is_one_thing(story: Story, one: Measured, other: Measured) -> bool:
    """Return whether two figures surely measure one thing at one time."""
    weight, share = _likeness(story, one, other)
    if share < SAME_SHARE and not (weight >= MUCH_SHARED and share >= MUCH_SHARE):
        return False
    if weight < SAME_LEAST:
        return False
    for measured in (one, other):
        alike = [f for f in measured.clause.figures if _is_alike(f, measured.figure)]
        if len(alike) > 1 or _PART.search(measured.clause.text):
            return False
        if _SHARE.match(measured.sentence.reading.text, measured.figure.end):
            return False
    return not _names_differ(story, one, other) and not _times_differ(one, other)


def _is_alike(one: Figure, other: Figure) -> bool:
    """Return whether two figures of one clause may be taken for each other."""
    if one.kind is not other.kind:
        return False
    return one.kind is not FigureKind.COUNT or same_noun(one, other)


def _names_differ(story: Story, one: Measured, other: Measured) -> bool:
    """Return whether either clause names somebody whom the other one's surroundings do not."""
    for mine, theirs in ((one, other), (other, one)):
        document = story.documents[theirs.article]
        number = theirs.sentence.number
        around = [
            s for n in range(number - AROUND, number + AROUND + 1) if (s := document.sentence(n))
        ]
        known = {name.key for s in around for name in s.reading.names}
        words = {word.stem for s in around for word in s.reading.words}
        for name in mine.clause.names:
            named = any(same_key(name.key, key) for key in known)
            if name.sure and not named and not {stem_of(w)[0] for w in name.key} <= words:
                return True
    return False


def _times_differ(one: Measured, other: Measured) -> bool:
    """Return whether the two are dated, and not alike: the rate of a year and that of ten."""
    mine, theirs = one.sentence.reading.dates, other.sentence.reading.dates
    exact = [[d for d in dates if any(map(str.isdigit, d.text))] for dates in (mine, theirs)]
    if bool(exact[0]) != bool(exact[1]):
        return True
    return any(
        all(same_date(a, b) is False for b in theirs_)
        for mine_, theirs_ in (exact, exact[::-1])
        for a in mine_
    )


def exclude(one: Figure, other: Figure) -> bool:
    """Return whether two figures of one thing cannot both be true."""
    if one.kind is FigureKind.COUNT and not (one.noun and other.noun and same_noun(one, other)):
        return False
    small, large = sorted((max(one.high, 1e-9), max(other.high, 1e-9)))
    if large > FARTHEST_RATIO * small:
        return False
    (a_low, a_high), (b_low, b_high) = _possible(one), _possible(other)
    return a_high < b_low or b_high < a_low


def _possible(figure: Figure) -> tuple[float, float]:
    """Return the least and the greatest value that a wording allows."""
    step = _step(figure.low)
    low, high = figure.low - step / 2, figure.high + step / 2
    if figure.modifier is Modifier.OVER:
        return figure.low, math.inf
    if figure.modifier in (Modifier.UNDER, Modifier.NEARLY):
        return (0.0 if figure.modifier is Modifier.UNDER else figure.low * 0.85), figure.high
    if figure.modifier is Modifier.ABOUT:
        return figure.low * (1 - ROUNDED), figure.high * (1 + ROUNDED)
    return low, high


def _step(value: float) -> float:
    """Return the unit that a figure is rounded to: 1,200 may be 1,150 to 1,250."""
    if value <= 0 or value != int(value):
        text = f"{value:.10f}".rstrip("0")
        return 10.0 ** -len(text.partition(".")[2]) if value > 0 else 0.0
    step = 1
    while value % (step * 10) == 0:
        step *= 10
    return float(step) if step > 1 else 0.0


def _likeness(story: Story, one: Measured, other: Measured) -> tuple[float, float]:
    """Return the weight of the words that two clauses share, and its share of the shorter one."""
    shared = story.vocabulary.total(one.content & other.content)
    least = min(story.vocabulary.total(each.content) for each in (one, other))
    return shared, shared / max(least, LEAST_CLAUSE)


def _figures(story: Story) -> list[Measured]:
    found = []
    for article, document in enumerate(story.documents):
        text = document.article.text
        for sentence in document.sentences:
            figures = [f for f in sentence.reading.figures if f.kind in COMPARED]
            clauses = claim_spans(text, sentence.span) if figures else ()
            for figure in figures:
                at = sentence.span.start + figure.start
                span = next((c for c in clauses if c.start <= at < c.end), sentence.span)
                clause = document.analyse(span.of(text))
                found.append(Measured(article, sentence, figure, clause, span))
    found.sort(key=lambda m: (m.sentence.number, m.article, m.figure.start))
    return found[:MOST_FIGURES]


def _conflict(story: Story, one: Measured, other: Measured) -> AlignedConflict:
    first, second = sorted((one, other), key=lambda m: m.article)
    return AlignedConflict(
        topic=_topic(first, second),
        kind=ConflictKind.NUMBER,
        positions=(_position(story, first), _position(story, second)),
    )


def _topic(one: Measured, other: Measured) -> str:
    """Return what is measured: its kind, and the words that both clauses have."""
    shared = groups_of(one.clause.stems) & groups_of(other.clause.stems)
    gone = [(f.start, f.end) for f in one.clause.figures] + [
        (d.start, d.end) for d in one.clause.dates
    ]
    words = [
        word.text
        for word in one.clause.content
        if group_of(word.stem) in shared and not any(s <= word.start < e for s, e in gone)
    ]
    counted = _COUNTED.match(one.sentence.reading.text, one.figure.end)
    label = LABELS[one.figure.kind]
    if one.figure.kind is FigureKind.COUNT and counted:
        label = f"Number of {counted[1]}"
        words = [word for word in words if word.lower() not in counted[1].lower().split()]
    unit = _UNIT.search(one.figure.text) if one.figure.kind is FigureKind.MEASURE else None
    if unit:
        label = f"Number of {unit[0]}"
    words = list(dict.fromkeys(words))[:TOPIC_WORDS]
    return f"{label} ({', '.join(words)})" if words else label


def _position(story: Story, measured: Measured) -> AlignedPosition:
    article = story.articles[measured.article]
    return AlignedPosition(
        value=_value(measured),
        mentions=(
            Mention(
                article=article,
                wording=" ".join(measured.span.of(article.text).split()),
                evidence=(measured.span,),
            ),
        ),
    )


def _value(measured: Measured) -> str:
    """Return a figure in the article's words, with what modifies it and what it counts."""
    text, figure = measured.sentence.reading.text, measured.figure
    modifier = _MODIFIER.search(text[: figure.start])
    start = modifier.start() if modifier else figure.start
    return " ".join(text[start : figure.end].split())
