"""Find the figures of a text and tell from the words around each what it measures."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from summarizer.text.amounts import Amount, amounts
from summarizer.text.dates import DateMention, dates
from summarizer.text.quantities import (
    Figure,
    FigureKind,
    Modifier,
    compatible,
    same_quantity,
    same_value,
)
from summarizer.text.units import CURRENCIES, DURATIONS, MEASURES, PLURALS
from summarizer.text.words import Word, stem_of, words

__all__ = [
    "Figure",
    "FigureKind",
    "Modifier",
    "compatible",
    "figures",
    "same_quantity",
    "same_value",
]

_MODIFIERS: tuple[tuple[re.Pattern[str], Modifier], ...] = tuple(
    (re.compile(rf"\b(?:{words_})[\s-]$", re.IGNORECASE), modifier)
    for words_, modifier in (
        ("nearly|almost|just under|approaching|close to|not quite", Modifier.NEARLY),
        ("(?:no|not) (?:more|later) than|up to|as many as|as much as|at most|under|below|as high as"
         "|(?:less|fewer|lower) than|maximum of", Modifier.UNDER),
        ("more than|over|at least|above|exceeding|upwards? of|in excess of|greater than"
         "|no less than"
         "|as few as|(?:no|not) fewer than|minimum of|higher than", Modifier.OVER),
        ("about|around|some|roughly|approximately|an? estimated|estimated|circa|only about|perhaps"
         "|or so", Modifier.ABOUT),
    )
)  # fmt: skip
_AFTER_OVER = re.compile(r"\+|\s(?:or|and) (?:more|over)\b")
_LOOK_BACK = 24
_RANGE = re.compile(r"\s?(?:-|–|—|\bto\b)\s?$")
_BETWEEN = re.compile(r"\bbetween\s$", re.IGNORECASE)
_PERCENT = re.compile(
    r"(?:\s?%|[\s-](?:percent|per cent|per-cent|pct|percentage points?|prozent|por ciento)\b)", re.I
)
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
    r"|Another|Last|These|Those|More|Between|To|Almost|An?)\s$"
)
_PHRASE = re.compile(
    r"[\s-](?:of\s(?:(?:the|its|his|her|their|those|these)\s)?)?((?:[^\W\d_][\w'’.]*[\s-]?){1,4})"
)
_SENTENCE_END = re.compile(r"[.!?](?=\s+[\"“A-Z])|\n\n")
# Content words on either side of a figure that tell what it is about, in characters.
_CONTEXT_REACH = 120


def figures(
    text: str,
    mentions: tuple[DateMention, ...] | None = None,
    tokens: tuple[Word, ...] | None = None,
) -> tuple[Figure, ...]:
    """Return the figures of ``text`` in order; dates and parts of names are not figures.

    ``mentions`` and ``tokens`` are the text's dates and words, where they are known already.
    """
    taken = _Taken((m.start, m.end) for m in (dates(text) if mentions is None else mentions))
    special = [f for f in _specials(text) if not taken.overlaps(f.start, f.end)]
    taken = _Taken([*taken.spans, *((f.start, f.end) for f in special)])
    plain = [a for a in amounts(text) if not taken.overlaps(a.start, a.end)]
    found = sorted([*special, *_figures(text, plain)], key=lambda f: f.start)
    if not found:
        return ()
    around = _Surroundings(text, words(text) if tokens is None else tokens)
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
    return Figure(text=match[0], start=start, end=end, low=low, high=high, kind=kind)


def _figures(text: str, found: list[Amount]) -> Iterator[Figure]:
    rest = iter(zip(found, [*found[1:], None], strict=False))
    for amount, following in rest:
        other = following if following and _is_range(text, amount, following) else None
        if figure := _figure(text, amount, other):
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


def _figure(text: str, amount: Amount, other: Amount | None) -> Figure | None:
    end = other.end if other else amount.end
    before = text[max(0, amount.start - _LOOK_BACK) : amount.start]
    if _names_a_thing(text, amount, before):
        return None
    low, high = _range(amount, other) if other else (amount.low, amount.high)
    sort = _sort(text, amount, end, before)
    nouns = _nouns(text, sort.end) if sort.kind is FigureKind.COUNT else ()
    return Figure(
        text=text[amount.start : sort.end],
        start=amount.start,
        end=sort.end,
        low=low * sort.factor,
        high=high * sort.factor,
        kind=sort.kind,
        unit=sort.unit,
        noun=_head(nouns),
        nouns=tuple(stem for _, stem in nouns),
        modifier=_modifier(before, text[sort.end : sort.end + 10]),
    )


def _range(low: Amount, high: Amount) -> tuple[float, float]:
    """Return both ends of a range; in "$1-2 million" the scale belongs to both."""
    if high.scaled and not low.scaled and low.low < 1e3:
        return low.low * high.high / max(float(high.digits.replace(",", "")), 1.0), high.high
    return low.low, high.high


def _names_a_thing(text: str, amount: Amount, before: str) -> bool:
    if not amount.digits or amount.currency or amount.scaled or "," in amount.digits:
        # "Half" and "one" without a noun are pronouns far more often than figures.
        return not amount.digits and text[amount.start : amount.end].lower() == "one"
    if re.match(r"-[A-Z]|[A-Z]", text[amount.end : amount.end + 2]):
        return True
    return bool(_NAMED.search(before)) and not _SENTENCE_STARTERS.search(before)


@dataclass(frozen=True, slots=True)
class _Sort:
    kind: FigureKind
    end: int
    unit: str = ""
    factor: float = 1.0


def _sort(text: str, amount: Amount, end: int, before: str) -> _Sort:
    """Return what the number measures, from the signs and words right around it."""
    if amount.currency:
        return _Sort(FigureKind.MONEY, end, CURRENCIES.get(amount.currency, amount.currency))
    if percent := _PERCENT.match(text, end):
        return _Sort(FigureKind.PERCENT, percent.end())
    if amount.fraction:
        return _Sort(FigureKind.PERCENT, end, factor=100.0)
    if age := _AGE.match(text, end):
        return _Sort(FigureKind.AGE, age.end())
    if _is_age(text, amount, end, before):
        return _Sort(FigureKind.AGE, end)
    return _unit(text, end, amount) or _Sort(FigureKind.COUNT, end)


def _is_age(text: str, amount: Amount, end: int, before: str) -> bool:
    if _AGED.search(before):
        return True
    closed = text[end : end + 2].startswith((",", ")", " ,"))
    return bool(amount.digits) and amount.high < 120 and closed and bool(_APPOSITION.search(before))


_UNIT = re.compile(r"(?:\s?-\s?|\s)?([a-z]+)\b", re.IGNORECASE)


def _unit(text: str, end: int, amount: Amount) -> _Sort | None:
    match = _UNIT.match(text, end)
    if match is None:
        return None
    word = match[1].lower()
    singular = word if word in MEASURES else word.removesuffix("s")
    if singular in DURATIONS:
        return _Sort(FigureKind.DURATION, match.end(), "day", DURATIONS[singular])
    if singular == "pound" and amount.scaled:
        return _Sort(FigureKind.MONEY, match.end(), "GBP")
    if singular in MEASURES:
        unit, factor = MEASURES[singular]
        return _Sort(FigureKind.MEASURE, match.end(), unit, factor)
    if singular in CURRENCIES and len(singular) > 1:
        return _Sort(FigureKind.MONEY, match.end(), CURRENCIES[singular])
    return None


def _modifier(before: str, after: str) -> Modifier:
    if _AFTER_OVER.match(after):
        return Modifier.OVER
    return next((m for pattern, m in _MODIFIERS if pattern.search(before)), Modifier.EXACT)


def _nouns(text: str, end: int) -> list[tuple[str, str]]:
    """Return the words of the noun phrase after a number, as written and as stems."""
    match = _PHRASE.match(text, end)
    found: list[tuple[str, str]] = []
    for word in words(match[1]) if match else ():
        stem, stop = stem_of(word.text)
        if stop:
            break
        found.append((word.text.lower(), stem))
        if _is_plural(word.text.lower()):
            break
    return found


def _head(nouns: Sequence[tuple[str, str]]) -> str:
    plural = next((stem for word, stem in nouns if _is_plural(word)), None)
    return plural or (nouns[0][1] if nouns else "")


def _is_plural(word: str) -> bool:
    return word in PLURALS or (word.endswith("s") and not word.endswith(("ss", "us", "is")))


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
