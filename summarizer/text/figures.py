"""Figures of a text: what each measures, how exactly, and when two are about one thing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import isclose
from typing import NamedTuple

from summarizer.text.data import alternatives, load
from summarizer.text.dates import DateMention, dates
from summarizer.text.intervals import Intervals
from summarizer.text.numbers import CJK, Amount, amounts
from summarizer.text.words import Word, words


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
    """

    text: str
    start: int
    end: int
    low: float
    high: float
    kind: FigureKind
    unit: str = ""
    noun: str = ""
    nouns: tuple[str, ...] = ()
    modifier: Modifier = Modifier.EXACT
    context: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def bounds(self) -> tuple[float, float]:
        """The values that the wording allows, rounding included."""
        below, above = _SLACK[self.modifier]
        rounding = max(_rounding_step(self.low), _rounding_step(self.high))
        return self.low * (1 - below) - rounding, self.high * (1 + above) + rounding


class _MeasuredUnit(NamedTuple):
    """What a number measures: its base unit and how a value is turned into it."""

    kind: FigureKind
    unit: str = ""
    factor: float = 1.0
    offset: float = 0.0
    slack: float = 0.0


_DATA = load("numbers")
_COUNTERS = {
    sign: _MeasuredUnit(FigureKind(kind), *unit[:1], *map(float, unit[1:]))
    for sign, (kind, *unit) in ((sign, row.split()) for sign, row in _DATA["counters"].items())
}
_MEASURES = {
    word: _MeasuredUnit(FigureKind.MEASURE, unit, float(factor))
    for unit, row in _DATA["measures"].items()
    for word, factor in zip(row.split()[::2], row.split()[1::2], strict=True)
}
_CURRENCIES: dict[str, str] = _DATA["currencies"]
_PLURALS = frozenset(_DATA["nouns"]["plurals"].split())
_NOUN_GROUPS = {
    stem: row.split()[0] for row in _DATA["nouns"]["groups"].split("\n") for stem in row.split()
}
_BEFORE, _BEHIND = (
    {
        phrase.strip(): Modifier[kind.upper()]
        for kind, row in _DATA[place].items()
        for phrase in row.split(",")
    }
    for place in ("modifiers", "modifiers_behind")
)
_SLACK = {Modifier[kind.upper()]: slack for kind, slack in _DATA["slack"].items()}
# Within this share two amounts in different wordings ("24 months", "two-year") are one; and a
# number with k trailing zeros may be rounded: half of that step, and at most this share.
_EQUAL, _ROUNDED_SHARE = 0.004, 0.005
# Nearly half of the last decimal that is given: 1.2 and 1.3 differ, 35.7 and 35.72 do not.
_HALF = 0.49
# Code points that are read before a number, and on either side of it for its context.
_LOOK_BACK, _CONTEXT_REACH = 32, 120

_MODIFIER_BEFORE = re.compile(
    rf"(?:(?<![^\W_])|(?=[{CJK}]))({alternatives(_BEFORE)})[ \-\u00a0\n]*$", re.IGNORECASE
)
_MODIFIER_BEHIND = re.compile(rf"\s?({alternatives(_BEHIND)})", re.IGNORECASE)
# A time of day, a score, an ordinal.
_SPECIAL = re.compile(
    r"(?<![^\W_])(?i:(?P<h>[01]?\d|2[0-3])(?:[:.](?P<m>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?)"
    r"|(?<![^\W_])(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?!\d)"
    r"|(?<![\w.$£€-])(?P<won>\d{1,2})\s?[-–]\s?(?P<lost>\d{1,2})(?![\w%-]|[.,]\d)(?!\s[a-z]*s\b)"
    r"|\b(?:(?P<ordinal>\d{1,4})(?:(?<=1)st|(?<=2)nd|(?<=3)rd|th))\b"
)
_RANGE = re.compile(r"\s?(?:-|–|—|\bto\b)\s?")
_DEGREE = r"\s?(?:[°º]|-?degrees?\b|grad\b)"
# What follows a number and says what it measures. Tokenised text has spaces around its hyphens:
# "24 - year - old".
_MARK = re.compile(
    rf"(?P<percent>(?:\s?[%\uff05]|[\s-](?:{alternatives(_DATA['marks']['percent'])}"
    r"|percentage points?)\b))"
    r"|(?P<age>(?:\s?-\s?|\s)?years?(?:\s?-\s?|\s)olds?\b)"
    rf"|(?P<fahrenheit>{_DEGREE}\s?(?:F\b|Fahrenheit))"
    rf"|(?P<celsius>{_DEGREE}\s?(?:C\b|Celsius|centigrade))|(?P<degree>{_DEGREE})"
    r"|(?P<sign>\s?[$£€¥₹₽₩])",
    re.IGNORECASE,
)
_MARKED = {
    "percent": _MeasuredUnit(FigureKind.PERCENT),
    "age": _MeasuredUnit(FigureKind.AGE),
    # 100 degrees of one are 38 of the other, near enough.
    "fahrenheit": _MeasuredUnit(FigureKind.MEASURE, "celsius", 5 / 9, -160 / 9, 0.6),
    "celsius": _MeasuredUnit(FigureKind.MEASURE, "celsius"),
    "degree": _MeasuredUnit(FigureKind.MEASURE, "degree"),
}
_COUNTER = re.compile(rf"\s?(?=[{CJK}])(?P<sign>{alternatives(_COUNTERS)}|.)")
# "3 millions d'euros", "3 millones de euros"
_UNIT = re.compile(r"(?:\s?-\s?|\s)?(?:(?<=\s)(?:d['’]|d[ei]\s))?([^\W\d_]+)(?!\w)")
_AGED = re.compile(r"\b(?:aged|age of|age)\s$", re.IGNORECASE)
_APPOSITION = re.compile(r"[a-z]\s?[,(]\s?$")
# A number after a capitalised word or joined to letters names a thing: "Boeing 737", "B-52".
_NAMED = re.compile(
    r"(?:[A-Za-z]-|\b[A-Z]+\s-\s|\b[A-Z][A-Za-z]+\s|#|@"
    r"|\b(?:No\.?|number|page|chapter|article|section|phase|level)\s)$"
)
# So does one in a row: "2021年", "3月", "第15回".
_NAMED_BEHIND = re.compile(r"-?[A-Z]|[年月日時时点点号號回章](?![间間])")
_SENTENCE_STARTERS = re.compile(rf"\b(?:{alternatives(_DATA['marks']['sentence_starters'])})\s$")
_PHRASE = re.compile(
    r"[\s-](?:of\s(?:(?:the|its|his|her|their|those|these)\s)?)?((?:[^\W\d_][^\s,;:!?()“”\"]*[\s-]?){1,4})"
)
_SENTENCE_END = re.compile(r"[.!?](?=\s+[\"“A-Z])|\n\n")


def figures(
    text: str,
    mentions: tuple[DateMention, ...] | None = None,
    tokens: tuple[Word, ...] | None = None,
    language: str = "en",
) -> tuple[Figure, ...]:
    """Return the figures of ``text`` in order; dates and parts of names are not figures.

    ``mentions`` and ``tokens`` are the text's dates and words, where they are known already;
    ``language`` says which words are numbers and what a dot in a number means.
    """
    taken = bytearray(len(text))
    for mention in dates(text) if mentions is None else mentions:
        taken[mention.start : mention.end] = b"d" * (mention.end - mention.start)
    found = [f for f in _special_figures(text) if not any(taken[f.start : f.end])]
    for figure in found:
        taken[figure.start : figure.end] = b"s" * (figure.end - figure.start)
    plain = [a for a in amounts(text, language) if not any(taken[a.start : a.end])]
    found += _amount_figures(text, plain, language)
    if not found:
        return ()
    tokens = words(text, language) if tokens is None else tokens
    content = [word for word in tokens if not word.stop and not word.text[0].isdigit()]
    starts = [word.start for word in content]
    found.sort(key=lambda figure: figure.start)
    return tuple(replace(f, context=_stems_around(text, content, starts, f)) for f in found)


def _stems_around(
    text: str, content: Sequence[Word], starts: Sequence[int], figure: Figure
) -> frozenset[str]:
    left = max(0, figure.start - _CONTEXT_REACH)
    for match in _SENTENCE_END.finditer(text, left, figure.start):
        left = match.end()
    stop = _SENTENCE_END.search(text, figure.end, figure.end + _CONTEXT_REACH)
    right = stop.start() if stop else figure.end + _CONTEXT_REACH
    around = content[bisect_left(starts, left) : bisect_left(starts, right)]
    return frozenset(w.stem for w in around if not figure.start <= w.start < figure.end)


def _special_figures(text: str) -> Iterator[Figure]:
    """Yield clock times in minutes, sports scores and ordinals, which are no amounts."""
    for match in _SPECIAL.finditer(text):
        hour, kind = int(match["h"] or match["h24"] or 0), FigureKind.TIME
        if match["half"]:
            hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
        low = high = hour * 60.0 + int(match["m"] or match["m24"] or 0)
        if match["won"]:
            low, high, kind = float(match["won"]), float(match["lost"]), FigureKind.SCORE
        elif match["ordinal"]:
            low = high = float(match["ordinal"])
            kind = FigureKind.ORDINAL
        start, end = match.span()
        if kind is not FigureKind.SCORE or low >= high:
            yield Figure(text=match[0], start=start, end=end, low=low, high=high, kind=kind)


def _amount_figures(text: str, found: Sequence[Amount], language: str) -> Iterator[Figure]:
    at = 0
    while at < len(found):
        pair = found[at : at + 2]
        parts = pair if len(pair) == 2 and _is_range(text, *pair) else pair[:1]
        if figure := _amount_figure(text, parts[0], parts[-1], language):
            yield figure
        at += len(parts)


def _is_range(text: str, low: Amount, high: Amount) -> bool:
    between = text[low.end : high.start]
    if len(between) > 5 or (low.currency and high.currency and low.currency != high.currency):
        return False
    if between == " and ":
        return text[max(0, low.start - 8) : low.start].lower() == "between "
    return bool(_RANGE.fullmatch(between)) and low.low <= high.high


def _amount_figure(text: str, first: Amount, last: Amount, language: str) -> Figure | None:
    before = text[max(0, first.start - _LOOK_BACK) : first.start]
    measure, noun, end = _measure_at(text, first, last.end, before, language)
    modified = _MODIFIER_BEFORE.search(before)
    bounded = _MODIFIER_BEHIND.match(text, end)
    if _names_a_thing(text, first, before, is_modified=modified is not None):
        return None
    modifier = _BEFORE[modified[1].lower()] if modified else Modifier.EXACT
    modifier = _BEHIND[bounded[1].lower()] if bounded else modifier
    nouns: tuple[str, ...] = (noun,) if noun else ()
    if not noun and measure.kind is FigureKind.COUNT:
        noun, nouns = _counted_nouns(text, bounded.end() if bounded else end, language)
    low, high = first.low, last.high
    if last.scaled and not first.scaled and low < 1e3:
        # In "$1-2 million" the scale belongs to both.
        low *= high / max(float(last.digits.replace(",", "")), 1.0)
    return Figure(
        text=text[first.start : end],
        start=first.start,
        end=end,
        low=low * measure.factor + measure.offset - measure.slack,
        high=high * measure.factor + measure.offset + measure.slack,
        kind=measure.kind,
        unit=measure.unit,
        noun=noun,
        nouns=nouns,
        modifier=modifier,
    )


def _names_a_thing(text: str, amount: Amount, before: str, *, is_modified: bool) -> bool:
    if not amount.digits:  # "one" without a noun is a pronoun far more often than a figure
        return text[amount.start : amount.end].lower() == "one"
    if amount.currency or amount.scaled or "," in amount.digits:
        return False
    if _NAMED_BEHIND.match(text, amount.end) or before[-1:] == "第":
        return True
    return not (is_modified or _SENTENCE_STARTERS.search(before)) and bool(_NAMED.search(before))


def _measure_at(
    text: str, amount: Amount, end: int, before: str, language: str
) -> tuple[_MeasuredUnit, str, int]:
    """Return what a number measures, the noun in a sign behind it, and where all of it ends."""
    mark = _MARK.match(text, end)
    sort = mark.lastgroup if mark else None
    if amount.currency:
        return _money(amount.currency), "", end
    if amount.fraction and sort != "percent":
        return _MeasuredUnit(FigureKind.PERCENT, factor=100.0), "", end
    if sort not in ("percent", "age") and _is_age(text, amount, end, before):
        return _MARKED["age"], "", end
    if mark and sort:
        return _MARKED.get(sort) or _money(mark[0].strip()), "", mark.end()
    if counter := _COUNTER.match(text, end):
        measure = _COUNTERS.get(counter["sign"], _MeasuredUnit(FigureKind.COUNT))
        noun = counter["sign"] if measure.kind is FigureKind.COUNT else ""
        return measure, noun, counter.end()
    word = _UNIT.match(text, end)
    by_word = _unit_of_word(word[1].lower(), language, scaled=amount.scaled) if word else None
    if word and by_word:
        return by_word, "", word.end()
    return _MeasuredUnit(FigureKind.COUNT), "", end


def _money(sign: str) -> _MeasuredUnit:
    return _MeasuredUnit(FigureKind.MONEY, _CURRENCIES.get(sign, sign))


def _unit_of_word(word: str, language: str, *, scaled: bool) -> _MeasuredUnit | None:
    """Return what a word behind a number measures; "pounds" of a ``scaled`` one are money."""
    days = _DATA["durations"]["en"] | _DATA["durations"].get(language, {})
    for form in (word, word.removesuffix("s")):
        if form in days:
            return _MeasuredUnit(FigureKind.DURATION, "day", days[form])
        if form in _MEASURES and not (form == "pound" and scaled):
            return _MEASURES[form]
        if form in _CURRENCIES:
            return _money(form)
    return None


def _is_age(text: str, amount: Amount, end: int, before: str) -> bool:
    """Return whether a number is an age by what stands before it: "Ilsa Brandt, 33, said"."""
    closed = text[end : end + 2].startswith((",", ")", " ,"))
    apposed = bool(amount.digits) and amount.high < 120 and closed and _APPOSITION.search(before)
    return bool(apposed or _AGED.search(before))


def _counted_nouns(text: str, end: int, language: str) -> tuple[str, tuple[str, ...]]:
    match = _PHRASE.match(text, end)
    stems: list[str] = []
    for word in words(match[1], language) if match else ():
        if word.stop:
            break
        stems.append(word.stem)
        written = word.text.lower()
        regular = written.endswith("s") and not written.endswith(("ss", "us", "is"))
        if regular or written in _PLURALS:
            return word.stem, tuple(stems)
    return stems[0] if stems else "", tuple(stems)


def same_value(a: Figure, b: Figure) -> bool:
    """Return whether two figures name one value of one unit: '130,000', '130 thousand'."""
    values = ((a.low, b.low), (a.high, b.high))
    return _have_one_unit(a, b) and all(isclose(*pair, rel_tol=_EQUAL) for pair in values)


def compatible(a: Figure, b: Figure) -> bool:
    """Return whether one true value could be behind both wordings."""
    if not _have_one_unit(a, b):
        return False
    (a_low, a_high), (b_low, b_high) = a.bounds, b.bounds
    return a_low <= b_high and b_low <= a_high


class FigureIndex:
    """Figures, by their places, of which those compatible with one are found without a search."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._figures = tuple(figures)
        places: dict[tuple[FigureKind, str], list[int]] = defaultdict(list)
        for place, figure in enumerate(self._figures):
            places[_dimension_of(figure)].append(place)
        self._by_dimension = {
            dimension: (at, Intervals(self._figures[place].bounds for place in at))
            for dimension, at in places.items()
        }

    def compatible(self, figure: Figure) -> Iterator[int]:
        """Yield the places of the figures that are compatible with one."""
        places, intervals = self._by_dimension.get(_dimension_of(figure), ([], Intervals(())))
        for at in intervals.meeting(*figure.bounds):
            if _have_one_unit(figure, self._figures[places[at]]):
                yield places[at]

    def has(self, figure: Figure) -> bool:
        """Return whether one of them is compatible with a figure."""
        return next(self.compatible(figure), None) is not None


def _dimension_of(figure: Figure) -> tuple[FigureKind, str]:
    return figure.kind, "" if figure.kind is FigureKind.COUNT else figure.unit


def _have_one_unit(a: Figure, b: Figure) -> bool:
    if _dimension_of(a) != _dimension_of(b):
        return False
    return a.kind is not FigureKind.COUNT or not (a.noun and b.noun) or same_noun(a, b)


def same_noun(a: Figure, b: Figure) -> bool:
    """Return whether two counts count one thing, near-synonyms included."""
    nouns_a, nouns_b = _noun_groups(a.nouns), _noun_groups(b.nouns)
    if a.noun and b.noun:
        return _noun_groups([a.noun]) == _noun_groups([b.noun]) or nouns_a == nouns_b
    # "45 dead" and "the death toll rose to 45": the noun stands before one of them.
    return bool((nouns_a or nouns_b) & _noun_groups(b.context if a.noun else a.context))


def _noun_groups(nouns: Iterable[str]) -> frozenset[str]:
    return frozenset(_NOUN_GROUPS.get(noun, noun) for noun in nouns)


def _rounding_step(value: float) -> float:
    unit = rounding_unit(value)
    return _HALF * unit if value != int(value) else min(unit / 2, value * _ROUNDED_SHARE)


def rounding_unit(value: float) -> float:
    """Return the unit that a number is rounded to: 0.1 for 1.2, 100 for 1,200, 0 for 1,201."""
    if value != int(value):
        return float(10.0 ** -len(f"{value:.10f}".rstrip("0").partition(".")[2]))
    step = 1
    while value and value % (step * 10) == 0:
        step *= 10
    return float(step) if step > 1 else 0.0
