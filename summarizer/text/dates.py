"""Mentions of dates, resolved against the day of publication where that is possible."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from summarizer.text.numbers import number_words

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_WEEKDAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}

_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)"
_WEEKDAY = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_WHICH = r"(?P<which>last|past|this|next|coming)"
_COUNT = r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
_PART = r"(?:\s(?:morning|afternoon|evening|night))?"

# Tried in this order at each place: the more a form says, the earlier it stands.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"\b{form}(?!\w)", re.IGNORECASE if ignore_case else 0))
    for name, form, ignore_case in (
        ("iso", rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?:T[\d:]+)?",
         False),
        ("day", rf"{_MONTH}\s{_DAY}(?:\s?[-–]\s?\d{{1,2}}(?!\d))?(?:,?\s{_YEAR})?", True),
        ("day", rf"{_DAY}\s(?:of\s)?(?!may\s[a-z]){_MONTH}(?:,?\s{_YEAR})?", True),
        ("month", rf"{_MONTH}(?:,?\s|\sof\s){_YEAR}", True),
        ("weekday", rf"(?:{_WHICH}\s)?{_WEEKDAY}{_PART}", False),
        ("ago", rf"{_COUNT}\s(?P<unit>day|week|month|year)s?\s(?:ago|earlier)", True),
        ("span", rf"{_WHICH}\s(?P<unit>week|month|year)", True),
        ("near", r"(?P<near>today|tonight|yesterday|tomorrow|last\snight|this\s(?:morning"
                 r"|afternoon|evening))", True),
        ("month", r"(?:in|since|until|late|early|by|mid|of)[\s-](?:last\s)?"
                  rf"{_MONTH}(?!,?\s\d)", False),
        ("decade", r"(?:1[5-9]|20)\d0['’]?s", False),
        ("year", _YEAR, False),
    )
)  # fmt: skip
# One cheap scan finds the places where a form may begin.
_START = re.compile(
    r"\b(?:\d|[JFMASONDTW][a-z]{2}|(?:last|past|this|next|coming|an?|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|today|tonight|yesterday|tomorrow|in|since|until|late|early|by|mid|of"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b)",
)
_LOWER_MONTH = re.compile(
    r"\b(?:" + "|".join(m for m in _MONTHS if m not in ("may", "march")) + r")\b"
)
_FUTURE = re.compile(
    r"\b(?:will|would|shall|due|scheduled|expected|upcoming|plans?|set (?:to|for))\b[^.;:!?]*$"
    r"|\b(?:until|by|before|next) $"
)
_FUTURE_REACH = 60
# A bare four-digit number followed by such a noun counts it and is no year.
_COUNTED = re.compile(
    r"\s(?:[a-z]+\s)?(?:people|troops|soldiers|men|women|children|jobs|[a-z]{4,}s)\b"
)
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|of|by|from|until|the|for|to|and|late|early|mid)[\s-]|\()\s?$", re.I
)
_NOT_A_YEAR = re.compile(
    r"(?:[$£€¥#.,]|\d[-–]?|\b(?:than|about|nearly|almost|around|some|No\.|number)\s)$", re.I
)
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_SMALL = {word: int(value) for word, value in number_words("en").items()} | {"a": 1, "an": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date as a text gives it.

    ``first`` and ``last`` are the days it covers where they can be known; where they
    cannot, ``weekday`` (Monday is 0), ``month`` and ``day`` keep what the text does say.
    """

    text: str
    start: int
    end: int
    first: date | None = None
    last: date | None = None
    weekday: int | None = None
    month: int | None = None
    day: int | None = None


def dates(text: str, published: date | None = None) -> tuple[DateMention, ...]:
    """Return the dates that ``text`` mentions, in order."""
    found: list[DateMention] = []
    end = 0
    for start in _starts(text):
        if start < end:
            continue
        mention = _mention_at(text, start, published)
        if mention is not None:
            found.append(mention)
            end = mention.end
    return tuple(found)


def same_date(a: DateMention, b: DateMention) -> bool | None:
    """Return whether two mentions can be one date; None where that cannot be known."""
    if a.first and a.last and b.first and b.last:
        return a.first <= b.last and b.first <= a.last
    if a.month and b.month and a.day and b.day:
        return (a.month, a.day) == (b.month, b.day)
    if a.weekday is not None and b.weekday is not None:
        return a.weekday == b.weekday
    return None


def _starts(text: str) -> Iterator[int]:
    starts = {match.start() for match in _START.finditer(text)}
    starts |= {match.start() for match in _LOWER_MONTH.finditer(text)}
    return iter(sorted(starts))


def _mention_at(text: str, start: int, published: date | None) -> DateMention | None:
    for name, form in _FORMS:
        match = form.match(text, start)
        if match and (name != "year" or _is_year(text, match)):
            mention = DateMention(text=match[0], start=match.start(), end=match.end())
            return _RESOLVERS[name](mention, match, published)
    return None


def _is_year(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 12) : match.start()]
    after = text[match.end() : match.end() + 24]
    if _NOT_A_YEAR.search(before) or re.match(r"(?:[,.]\d|\s?%|[-–]\d)", after):
        return False
    return bool(_BEFORE_YEAR.search(before)) or not _COUNTED.match(after)


def _on(mention: DateMention, first: date, last: date | None = None) -> DateMention:
    last = last or first
    single = first == last
    return replace(
        mention,
        first=first,
        last=last,
        weekday=first.weekday() if single else mention.weekday,
        month=first.month if single else mention.month,
        day=first.day if single else mention.day,
    )


def _group(match: re.Match[str], name: str) -> str | None:
    """Return a group in lower case, or None where the form has no such group."""
    value = match[name] if name in match.re.groupindex else None
    return value.lower().strip(" .") if value else None


def _month_number(name: str) -> int:
    if name.isdigit():
        return int(name)
    return next(number for full, number in _MONTHS.items() if full.startswith(name[:3]))


def _resolve_day(mention: DateMention, match: re.Match[str], published: date | None) -> DateMention:
    month, day = _month_number(_group(match, "month") or ""), int(match["day"])
    mention = replace(mention, month=month, day=day)
    year = _group(match, "year")
    years = [int(year)] if year else []
    if not year and published:
        years = [published.year - 1, published.year, published.year + 1]
    days = [date(y, month, day) for y in years if day <= calendar.monthrange(y, month)[1]]
    if not days:
        return mention
    # Without a year a date is the one nearest to the day of publication.
    return _on(mention, min(days, key=lambda d: abs(d - published) if published else d - d))


def _resolve_month(
    mention: DateMention, match: re.Match[str], published: date | None
) -> DateMention:
    month = _month_number(_group(match, "month") or "")
    mention = replace(mention, month=month)
    year = _group(match, "year")
    if not year and not published:
        return mention
    number = int(year) if year else 0
    if published and not year:
        # A month alone is the latest one that has begun, as news looks back.
        number = published.year if month <= published.month else published.year - 1
    return _on(mention, *_month_range(number, month))


def _month_range(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _resolve_weekday(
    mention: DateMention, match: re.Match[str], published: date | None
) -> DateMention:
    weekday = _WEEKDAYS[_group(match, "weekday") or ""]
    if not published:
        return replace(mention, weekday=weekday)
    which = _group(match, "which")
    back = (published.weekday() - weekday) % 7
    before = match.string[max(0, match.start() - _FUTURE_REACH) : match.start()]
    if which in ("next", "coming") or (which is None and back and _FUTURE.search(before)):
        return _on(mention, published + timedelta(days=7 - back))
    if which in ("last", "past") and back == 0:
        back = 7
    return _on(mention, published - timedelta(days=back))


def _resolve_ago(mention: DateMention, match: re.Match[str], published: date | None) -> DateMention:
    if not published:
        return mention
    count, unit = _group(match, "count") or "", _group(match, "unit") or ""
    number = _SMALL[count] if count in _SMALL else int(count)
    middle = published - timedelta(days=number * _UNIT_DAYS[unit])
    # "Two years ago" is said of anything within about half a unit of it.
    slack = timedelta(days=0 if unit == "day" else _UNIT_DAYS[unit] * 2 // 3)
    return _on(mention, middle - slack, middle + slack)


def _resolve_span(
    mention: DateMention, match: re.Match[str], published: date | None
) -> DateMention:
    if not published:
        return mention
    step = {"last": -1, "past": -1, "this": 0, "next": 1, "coming": 1}[_group(match, "which") or ""]
    unit = _group(match, "unit")
    if unit == "week":
        # "Last week" may mean the calendar week or the seven days: cover both.
        monday = published - timedelta(days=published.weekday())
        first = monday + timedelta(weeks=step)
        last = first + timedelta(days=6)
        return _on(mention, first, max(last, published) if step < 0 else last)
    if unit == "month":
        year, month = divmod(published.year * 12 + published.month - 1 + step, 12)
        return _on(mention, *_month_range(year, month + 1))
    year = published.year + step
    return _on(mention, date(year, 1, 1), date(year, 12, 31))


def _resolve_near(
    mention: DateMention, match: re.Match[str], published: date | None
) -> DateMention:
    near = _group(match, "near") or ""
    step = {"yesterday": -1, "tomorrow": 1}.get(near, -1 if near.endswith("t night") else 0)
    return _on(mention, published + timedelta(days=step)) if published else mention


def _resolve_year(
    mention: DateMention, match: re.Match[str], _published: date | None
) -> DateMention:
    year = int(match["year"])
    return _on(mention, date(year, 1, 1), date(year, 12, 31))


def _resolve_decade(
    mention: DateMention, match: re.Match[str], _published: date | None
) -> DateMention:
    year = int(match[0][:4])
    return _on(mention, date(year, 1, 1), date(year + 9, 12, 31))


_Resolver = Callable[[DateMention, "re.Match[str]", "date | None"], DateMention]
_RESOLVERS: dict[str, _Resolver] = {
    "iso": _resolve_day,
    "day": _resolve_day,
    "month": _resolve_month,
    "weekday": _resolve_weekday,
    "ago": _resolve_ago,
    "span": _resolve_span,
    "near": _resolve_near,
    "decade": _resolve_decade,
    "year": _resolve_year,
}
