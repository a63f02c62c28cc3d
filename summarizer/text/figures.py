"""Find the figures of a text and tell from the words around each what it measures."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from summarizer.text.data import load
from summarizer.text.dates import DateMention, dates
from summarizer.text.intervals import Intervals
from summarizer.text.numbers import CJK, Amount, amounts
from summarizer.text.words import Word, groups_of, words
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


_DATA = load("numbers")
_CURRENCIES: dict[str, str] = _DATA["currencies"]
_COUNTERS: dict[str, str] = _DATA["counters"]
_PLURALS = frozenset(_DATA["nouns"]["plurals"].split())
_MEASURES = {
    word: (unit, float(factor))
    for unit, row in _DATA["measures"].items()
    for word, factor in zip(row.split()[::2], row.split()[1::2], strict=True)
}


def _phrases(name: str) -> tuple[tuple[str, Modifier], ...]:
    """Return the phrases of modifiers, the longest first: "no more than" before "more than"."""
    found = [
        (phrase.strip(), Modifier[kind.upper()])
        for kind, row in _DATA[name].items()
        for phrase in row.split(",")
    ]
    return tuple(sorted(found, key=lambda each: -len(each[0])))


_BEFORE = _phrases("modifiers")
_BEHIND = _phrases("modifiers_behind")
_LOOK_BACK = 32
_RANGE = re.compile(r"\s?(?:-|–|—|\bto\b)\s?$")
_BETWEEN = re.compile(r"\bbetween\s$", re.IGNORECASE)
_PERCENT = re.compile(
    r"(?:\s?[%\uff05]|[\s-](?:percent|per cent|per-cent|pct|percentage points?|prozent|por ciento"
    r"|pour cent|per cento)\b)",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"\s?(?:[°º]\s?|-?degrees?\b\s?|grad\b\s?)(?:(?P<c>C\b|Celsius|centigrade)|(?P<f>F\b|Fahrenheit))?",
    re.IGNORECASE,
)
_SIGN_BEHIND = re.compile(r"\s?([$£€¥₹₽₩])")
# "2021年", "3月", "第15回": a date or a number in a row.
_IN_A_ROW = re.compile(r"[年月日時时点點号號回章](?![間间])")
_CJK_SIGN = re.compile(rf"\s?(?=[{CJK}])")
# Tokenised text has spaces around its hyphens: "24 - year - old".
_AGE = re.compile(r"(?:\s?-\s?|\s)?years?(?:\s?-\s?|\s)olds?\b", re.IGNORECASE)
_AGED = re.compile(r"\b(?:aged|age of|age)\s$", re.IGNORECASE)
_APPOSITION = re.compile(r"[a-z]\s?[,(]\s?$")
_CLOCK = re.compile(
    r"(?P<h>[01]?\d|2[0-3])(?:[:.](?P<m>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?!\d)",
    re.IGNORECASE,
)
_SCORE = re.compile(r"(?<![\w.$£€-])(\d{1,2})\s?[-–]\s?(\d{1,2})(?![\w%-]|[.,]\d)(?!\s[a-z]*s\b)")
_ORDINAL = re.compile(r"\b(?:\d{0,3}(?:1st|2nd|3rd)|\d{1,4}th)\b")
# A number after a capitalised word or joined to letters names a thing: "Boeing 737", "B-52".
_NAMED = re.compile(
    r"(?:[A-Za-z]-|\b[A-Z]+\s-\s|\b[A-Z][A-Za-z]+\s|#|@"
    r"|\b(?:No\.?|number|page|chapter|article|section|phase|level)\s)$"
)
_SENTENCE_STARTERS = re.compile(
    r"\b(?:The|In|At|On|For|With|About|Some|Nearly|Over|Of|And|But|After|From|By|All|Around|Only"
    r"|Another|Last|These|Those|More|Between|To|Almost|An?|Die|Der|Den|Das|Insgesamt|Zwischen|Nach"
    r"|Les|Le|Los|Las|Gli|Entre|Tra)\s$"
)
_PHRASE = re.compile(
    r"[\s-](?:of\s(?:(?:the|its|his|her|their|those|these)\s)?)?((?:[^\W\d_][^\s,;:!?()“”\"]*[\s-]?){1,4})"
)
_SENTENCE_END = re.compile(r"[.!?](?=\s+[\"“A-Z])|\n\n")
# Content words on either side of a figure that tell what it is about, in characters.
_CONTEXT_REACH = 120


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
    taken = _Taken((m.start, m.end) for m in (dates(text) if mentions is None else mentions))
    special = [f for f in _specials(text) if not taken.overlaps(f.start, f.end)]
    taken = _Taken([*taken.spans, *((f.start, f.end) for f in special)])
    plain = [a for a in amounts(text, language) if not taken.overlaps(a.start, a.end)]
    found = sorted([*special, *_figures(text, plain, language)], key=lambda f: f.start)
    if not found:
        return ()
    around = _Surroundings(text, words(text, language) if tokens is None else tokens)
    return tuple(replace(f, context=around.stems(f.start, f.end)) for f in found)


class _Taken:
    """Spans that are spoken for; asked in logarithmic time, as one line may hold thousands."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.spans = sorted(spans)
        self._starts = [start for start, _ in self.spans]

    def overlaps(self, start: int, end: int) -> bool:
        i = bisect_left(self._starts, end)
        return i > 0 and self.spans[i - 1][1] > start


def _specials(text: str) -> Iterator[Figure]:
    """Yield clock times, sports scores and ordinals, which are no amounts."""
    for match in _CLOCK.finditer(text):
        if text[match.start() - 1 : match.start()].isalnum():
            continue
        hour = int(match["h"] or match["h24"])
        if match["half"]:
            hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
        minute = hour * 60.0 + int(match["m"] or match["m24"] or 0)
        yield _special(match, minute, minute, FigureKind.TIME)
    for match in _SCORE.finditer(text):
        if int(match[1]) >= int(match[2]):
            yield _special(match, float(match[1]), float(match[2]), FigureKind.SCORE)
    for match in _ORDINAL.finditer(text):
        value = float(match[0][:-2])
        yield _special(match, value, value, FigureKind.ORDINAL)


def _special(match: re.Match[str], low: float, high: float, kind: FigureKind) -> Figure:
    start, end = match.span()
    span = Span(start, end)
    return Figure(
        text=match[0], start=start, end=end, low=low, high=high, kind=kind, value_span=span
    )


def _figures(text: str, found: list[Amount], language: str) -> Iterator[Figure]:
    rest = iter(zip(found, [*found[1:], None], strict=False))
    for amount, following in rest:
        other = following if following and _is_range(text, amount, following) else None
        if figure := _figure(text, amount, other, language):
            yield figure
        if other:
            next(rest, None)


def _is_range(text: str, low: Amount, high: Amount) -> bool:
    between = text[low.end : high.start]
    if len(between) > 5 or (low.currency and high.currency and low.currency != high.currency):
        return False
    if between == " and ":
        return bool(_BETWEEN.search(text[max(0, low.start - 9) : low.start]))
    return bool(_RANGE.fullmatch(between)) and low.low <= high.high


def _figure(text: str, amount: Amount, other: Amount | None, language: str) -> Figure | None:
    end = other.end if other else amount.end
    before = text[max(0, amount.start - _LOOK_BACK) : amount.start]
    sort = _sort(text, amount, end, before, language)
    modifier, span = _modified(text, before, amount.start, sort.end)
    if _names_a_thing(text, amount, before, is_modified=span.start < amount.start):
        return None
    low, high = _range(amount, other) if other else (amount.low, amount.high)
    nouns = _nouns(text, span.end, language) if sort.kind is FigureKind.COUNT else ()
    return Figure(
        text=text[amount.start : sort.end],
        start=amount.start,
        end=sort.end,
        low=low * sort.factor + sort.offset - sort.slack,
        high=high * sort.factor + sort.offset + sort.slack,
        kind=sort.kind,
        unit=sort.unit,
        noun=sort.noun or _head(nouns),
        nouns=(sort.noun,) if sort.noun else tuple(stem for _, stem in nouns),
        modifier=modifier,
        value_span=span,
    )


def _range(low: Amount, high: Amount) -> tuple[float, float]:
    """Return both ends of a range; in "$1-2 million" the scale belongs to both."""
    if high.scaled and not low.scaled and low.low < 1e3:
        return low.low * high.high / max(float(high.digits.replace(",", "")), 1.0), high.high
    return low.low, high.high


def _names_a_thing(text: str, amount: Amount, before: str, *, is_modified: bool) -> bool:
    if not amount.digits or amount.currency or amount.scaled or "," in amount.digits:
        # "Half" and "one" without a noun are pronouns far more often than figures.
        return not amount.digits and text[amount.start : amount.end].lower() == "one"
    after = text[amount.end : amount.end + 2]
    if re.match(r"-[A-Z]|[A-Z]", after) or before[-1:] == "第" or _IN_A_ROW.match(after):
        return True
    if is_modified or _SENTENCE_STARTERS.search(before):
        return False
    return bool(_NAMED.search(before))


@dataclass(frozen=True, slots=True)
class _Sort:
    """What a number measures: its base unit and how a value is turned into it."""

    kind: FigureKind
    end: int
    unit: str = ""
    factor: float = 1.0
    offset: float = 0.0
    slack: float = 0.0
    noun: str = ""


def _sort(text: str, amount: Amount, end: int, before: str, language: str) -> _Sort:
    """Return what the number measures, from the signs and words right around it."""
    if amount.currency:
        return _Sort(FigureKind.MONEY, end, _CURRENCIES.get(amount.currency, amount.currency))
    if percent := _PERCENT.match(text, end):
        return _Sort(FigureKind.PERCENT, percent.end())
    if amount.fraction:
        return _Sort(FigureKind.PERCENT, end, factor=100.0)
    if age := _AGE.match(text, end):
        return _Sort(FigureKind.AGE, age.end())
    if _is_age(text, amount, end, before):
        return _Sort(FigureKind.AGE, end)
    if degree := _DEGREE.match(text, end):
        return _degrees(degree)
    if sign := _SIGN_BEHIND.match(text, end):
        return _Sort(FigureKind.MONEY, sign.end(), _CURRENCIES[sign[1]])
    if sign := _CJK_SIGN.match(text, end):
        return _counted(text, sign.end())
    return _unit(text, end, amount, language) or _Sort(FigureKind.COUNT, end)


def _degrees(match: re.Match[str]) -> _Sort:
    """Return degrees, of Fahrenheit in Celsius: 100 of one are 38 of the other, near enough."""
    if match["f"]:
        rounding = 0.6
        return _Sort(FigureKind.MEASURE, match.end(), "celsius", 5 / 9, -160 / 9, rounding)
    unit = "celsius" if match["c"] else "degree"
    return _Sort(FigureKind.MEASURE, len(match.string[: match.end()].rstrip()), unit)


def _counted(text: str, end: int) -> _Sort:
    """Return what a counter behind a number says; another sign is what is counted."""
    longest = max(map(len, _COUNTERS))
    for length in range(longest, 0, -1):
        sign = text[end : end + length]
        if sign in _COUNTERS:
            kind, *unit = _COUNTERS[sign].split()
            factor = float(unit[1]) if len(unit) > 1 else 1.0
            noun = sign if kind == "count" else ""
            base = unit[0] if unit else ""
            return _Sort(FigureKind(kind), end + len(sign), base, factor, noun=noun)
    return _Sort(FigureKind.COUNT, end + 1, noun=text[end])


def _is_age(text: str, amount: Amount, end: int, before: str) -> bool:
    if _AGED.search(before):
        return True
    closed = text[end : end + 2].startswith((",", ")", " ,"))
    return bool(amount.digits) and amount.high < 120 and closed and bool(_APPOSITION.search(before))


# "3 millions d'euros", "3 millones de euros"
_UNIT = re.compile(r"(?:\s?-\s?|\s)?(?:(?<=\s)(?:d['’]|d[ei]\s))?([^\W\d_]+)(?!\w)")


def _unit(text: str, end: int, amount: Amount, language: str) -> _Sort | None:
    match = _UNIT.match(text, end)
    if match is None:
        return None
    word = match[1].lower()
    durations = _DATA["durations"]["en"] | _DATA["durations"].get(language, {})
    known = word in _MEASURES or word in durations
    singular = word if known else word.removesuffix("s")
    if singular in durations:
        return _Sort(FigureKind.DURATION, match.end(), "day", durations[singular])
    if singular == "pound" and amount.scaled:
        return _Sort(FigureKind.MONEY, match.end(), "GBP")
    if singular in _MEASURES:
        unit, factor = _MEASURES[singular]
        return _Sort(FigureKind.MEASURE, match.end(), unit, factor)
    if singular in _CURRENCIES and len(singular) > 1:
        return _Sort(FigureKind.MONEY, match.end(), _CURRENCIES[singular])
    return None


def _modified(text: str, before: str, start: int, end: int) -> tuple[Modifier, Span]:
    """Return how exactly a number is meant, and where it stands with the words that say so."""
    modifier, first, last = Modifier.EXACT, start, end
    words_before = before.rstrip(" -\u00a0\n").lower()
    for phrase, kind in _BEFORE:
        at = len(words_before) - len(phrase)
        touches = bool(words_before) and not words_before[at - 1 : at].isalnum()
        if words_before.endswith(phrase) and (touches or _CJK_SIGN.match(phrase)):
            modifier, first = kind, start - len(before) + at
            break
    for phrase, kind in _BEHIND:
        gap = len(text[end : end + 1]) - len(text[end : end + 1].strip())
        if text[end + gap : end + gap + len(phrase)].lower() == phrase:
            modifier, last = kind, end + gap + len(phrase)
            break
    return modifier, Span(first, last)


def _nouns(text: str, end: int, language: str) -> list[tuple[str, str]]:
    """Return the words of the noun phrase after a number, as written and as stems."""
    match = _PHRASE.match(text, end)
    found: list[tuple[str, str]] = []
    for word in words(match[1], language) if match else ():
        if word.stop:
            break
        found.append((word.text.lower(), word.stem))
        if _is_plural(word.text.lower()):
            break
    return found


def _head(nouns: Sequence[tuple[str, str]]) -> str:
    plural = next((stem for word, stem in nouns if _is_plural(word)), None)
    return plural or (nouns[0][1] if nouns else "")


def _is_plural(word: str) -> bool:
    return word in _PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is")))


class _Surroundings:
    """The content stems around a place, within its sentence."""

    def __init__(self, text: str, tokens: tuple[Word, ...]) -> None:
        self._tokens = [w for w in tokens if not w.stop and not w.text[0].isdigit()]
        self._starts = [w.start for w in self._tokens]
        self._text = text

    def stems(self, start: int, end: int) -> frozenset[str]:
        left_from = max(0, start - _CONTEXT_REACH)
        for match in _SENTENCE_END.finditer(self._text, left_from, start):
            left_from = match.end()
        stop = _SENTENCE_END.search(self._text, end, end + _CONTEXT_REACH)
        right_to = stop.start() if stop else end + _CONTEXT_REACH
        first, last = bisect_left(self._starts, left_from), bisect_left(self._starts, right_to)
        inside = range(first, last)
        return frozenset(self._tokens[i].stem for i in inside if not start <= self._starts[i] < end)
