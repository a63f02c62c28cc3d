"""Figures as values, and when two of them are about one thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from summarizer.text.data import load
from summarizer.text.intervals import Intervals
from summarizer.text.words import groups_of
from summarizer.types import Span


class FigureKind(StrEnum):
    """What sort of thing a figure measures."""

    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"
    AGE = "age"
    DURATION = "duration"
    MEASURE = "measure"
    SCORE = "score"
    TIME = "time"
    ORDINAL = "ordinal"


class Modifier(StrEnum):
    """How exactly a figure is meant."""

    EXACT = "exact"
    ABOUT = "about"
    NEARLY = "nearly"
    OVER = "over"
    UNDER = "under"
    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. ``low`` and ``high`` are in base units: 1 for counts, days, metres ...

    ``unit`` is the currency or base unit; ``noun`` the stem of what is counted and
    ``nouns`` all stems of that noun phrase; ``context`` the content stems around it.
    ``value_span`` is where the number stands with the words of its modifier: "no more than
    five dollars", "12 or more".
    """

    text: str
    start: int
    end: int
    low: float
    high: float
    kind: FigureKind
    value_span: Span
    unit: str = ""
    noun: str = ""
    nouns: tuple[str, ...] = ()
    modifier: Modifier = Modifier.EXACT
    context: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def bounds(self) -> tuple[float, float]:
        """The values that the wording allows, rounding included."""
        below, above = _SLACK[self.modifier]
        rounding = max(_rounding(self.low), _rounding(self.high))
        return self.low * (1 - below) - rounding, self.high * (1 + above) + rounding


# How far the true value may lie below and above the number named, as a share of it.
# "More than 100,000" is not said of 130,000: a reader would call that another figure. Who says
# "no more than five" names a bound, and leaves more room.
_SLACK: dict[Modifier, tuple[float, float]] = {
    Modifier.EXACT: (0.0, 0.0),
    Modifier.ABOUT: (0.07, 0.07),
    Modifier.NEARLY: (0.08, 0.0),
    Modifier.OVER: (0.0, 0.15),
    Modifier.UNDER: (0.15, 0.0),
    Modifier.AT_LEAST: (0.0, 0.3),
    Modifier.AT_MOST: (0.3, 0.0),
}
_NOUN_GROUPS = {
    stem: row.split()[0]
    for row in load("numbers")["nouns"]["groups"].split("\n")
    for stem in row.split()
}
# Within this share two amounts in different wordings ("24 months", "two-year") are one.
_EQUAL = 0.004
# A number with k trailing zeros may be rounded; half of that step, and at most this share.
_ROUNDED_SHARE = 0.005
# Two quantities more than this apart, as a ratio, are hardly one thing told differently.
_FARTHEST_RATIO = 10.0
# From this many shared words on, fewer of the rest need agree.
_MANY = 3
# Stems of the modifiers themselves, which say nothing of the subject.
_VAGUE = frozenset({"near", "nearli", "almost", "rough", "approxim", "estim", "least"})


def same_value(a: Figure, b: Figure) -> bool:
    """Return whether two figures name one value of one unit: '130,000', '130 thousand'."""
    return _commensurable(a, b) and _near(a.low, b.low) and _near(a.high, b.high)


def compatible(a: Figure, b: Figure) -> bool:
    """Return whether one true value could be behind both wordings."""
    if not _commensurable(a, b):
        return False
    (a_low, a_high), (b_low, b_high) = a.bounds, b.bounds
    return a_low <= b_high and b_low <= a_high


class FigureIndex:
    """Figures among which those compatible with another one are found without a look at all.

    Each is addressed by the place in which it was given.
    """

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = tuple(figures)
        places: dict[tuple[FigureKind, str], list[int]] = defaultdict(list)
        for place, figure in enumerate(self._figures):
            places[_measure(figure)].append(place)
        self._by_measure = {
            measure: (at, Intervals(self._figures[place].bounds for place in at))
            for measure, at in places.items()
        }

    def compatible(self, figure: Figure) -> Iterator[int]:
        """Yield the places of the figures that are compatible with one."""
        if _measure(figure) not in self._by_measure:
            return
        places, intervals = self._by_measure[_measure(figure)]
        for at in intervals.meeting(*figure.bounds):
            if _commensurable(figure, self._figures[places[at]]):
                yield places[at]

    def has(self, figure: Figure) -> bool:
        """Return whether one of them is compatible with a figure."""
        return next(self.compatible(figure), None) is not None


def _measure(figure: Figure) -> tuple[FigureKind, str]:
    return figure.kind, "" if figure.kind is FigureKind.COUNT else figure.unit


def same_quantity(a: Figure, b: Figure, context: float = 0.5) -> bool:
    """Return whether two figures measure one thing, whatever their values.

    They must share unit and counted noun, be of one order, and stand among the same words:
    two of them, and ``context`` of the fewer content stems around one of them. For counts
    of one noun three and more will do at two thirds of that: long sentences say much else.
    """
    if not _commensurable(a, b) or not _one_order(a, b):
        return False
    counted = a.kind in (FigureKind.COUNT, FigureKind.ORDINAL)
    if counted and not same_noun(a, b):
        return False
    around_a, around_b = _around(a), _around(b)
    shared = len(around_a & around_b)
    least = context * 2 / 3 if counted and shared >= _MANY else context
    return shared >= 2 and shared >= least * min(len(around_a), len(around_b))


def _around(figure: Figure) -> frozenset[str]:
    """Return what stands around a figure, synonyms as one; its noun has been compared already."""
    return groups_of(figure.context - set(figure.nouns) - _VAGUE)


def _commensurable(a: Figure, b: Figure) -> bool:
    if a.kind is FigureKind.COUNT and b.kind is FigureKind.COUNT:
        return not (a.noun and b.noun) or same_noun(a, b)
    return a.kind is b.kind and a.unit == b.unit


def same_noun(a: Figure, b: Figure) -> bool:
    """Return whether two counts count one thing, near-synonyms included."""
    nouns_a, nouns_b = _groups(a.nouns), _groups(b.nouns)
    if a.noun and b.noun:
        return bool(_groups((a.noun,)) & _groups((b.noun,))) or nouns_a == nouns_b
    # "45 dead" and "the death toll rose to 45": the noun stands before one of them.
    around = _groups(tuple(b.context)) if a.noun else _groups(tuple(a.context))
    return bool((nouns_a or nouns_b) & around)


def _groups(nouns: Iterable[str]) -> frozenset[str]:
    return frozenset(_NOUN_GROUPS.get(noun, noun) for noun in nouns)


def _one_order(a: Figure, b: Figure) -> bool:
    small, large = sorted((max(a.high, 1e-9), max(b.high, 1e-9)))
    return large <= small * _FARTHEST_RATIO


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= _EQUAL * max(abs(a), abs(b))


def _rounding(value: float) -> float:
    whole, step = int(value), 1
    if whole == 0 or value != whole:
        return 0.0
    while whole % (step * 10) == 0:
        step *= 10
    return min(step / 2, value * _ROUNDED_SHARE) if step > 1 else 0.0
