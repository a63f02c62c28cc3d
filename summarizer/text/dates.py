"""Mentions of dates, resolved against the day of publication where that is possible."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from summarizer.text.numbers import number_words

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_WEEKDAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_NUMBERS = number_words("en") | {"a": 1.0, "an": 1.0}
_SMALL = "an?|one|two|three|four|five|six|seven|eight|nine|ten"

_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_CAPITAL_MONTH = _MONTH.replace("|".join(_MONTHS), "|".join(calendar.month_name[1:]))
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)"
_WHICH = r"(?P<which>last|past|this|next|coming)"
# Tried in this order at each place: the more a form says, the earlier it stands.
_FORMS = tuple(
    re.compile(rf"\b{form}(?!\w)")
    for form in (
        rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?:T[\d:]+)?",
        rf"(?i:{_MONTH}\s{_DAY}(?:\s?[-–]\s?\d{{1,2}}(?!\d))?(?:,?\s{_YEAR})?)",
        rf"(?i:{_DAY}\s(?:of\s)?(?!may\s[a-z]){_MONTH}(?:,?\s{_YEAR})?)",
        rf"(?i:{_MONTH}(?:,?\s|\sof\s){_YEAR})",
        rf"(?:{_WHICH}\s)?(?P<weekday>{'|'.join(calendar.day_name)})"
        r"(?:\s(?:morning|afternoon|evening|night))?",
        rf"(?i:(?P<count>\d{{1,3}}|{_SMALL})\s(?P<unit>day|week|month|year)s?\s(?:ago|earlier))",
        rf"(?i:{_WHICH}\s(?P<unit>week|month|year))",
        r"(?i:(?P<near>today|tonight|yesterday|tomorrow|last\snight"
        r"|this\s(?:morning|afternoon|evening)))",
        r"(?:in|since|until|late|early|by|mid|of)[\s-](?:last\s)?"
        rf"{_CAPITAL_MONTH}(?!,?\s\d)",
        r"(?P<decade>(?:1[5-9]|20)\d0)['’]?s",
        _YEAR,
    )
)
# One cheap scan finds the places where a form may begin.
_START = re.compile(
    rf"\b(?:\d|[JFMASONDTW][a-z]{{2}}|(?:last|past|this|next|coming|{_SMALL}"
    r"|today|tonight|yesterday|tomorrow|in|since|until|late|early|by|mid|of"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
    rf"|{'|'.join(month for month in _MONTHS if month not in ('may', 'march'))})\b)",
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
    mentions: list[DateMention] = []
    for start in _START.finditer(text):
        if mentions and start.start() < mentions[-1].end:
            continue
        match = next(filter(None, (form.match(text, start.start()) for form in _FORMS)), None)
        if match and (match.re is not _FORMS[-1] or _is_year(match)):
            mentions.append(_resolve_mention(match, published))
    return tuple(mentions)


def same_date(a: DateMention, b: DateMention) -> bool | None:
    """Return whether two mentions can be one date; None where that cannot be known."""
    if a.first and a.last and b.first and b.last:
        return a.first <= b.last and b.first <= a.last
    if a.month and b.month and a.day and b.day:
        return (a.month, a.day) == (b.month, b.day)
    if a.weekday is not None and b.weekday is not None:
        return a.weekday == b.weekday
    return None


def _is_year(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 12) : match.start()]
    after = match.string[match.end() : match.end() + 24]
    if _NOT_A_YEAR.search(before) or re.match(r"(?:[,.]\d|\s?%|[-–]\d)", after):
        return False
    return bool(_BEFORE_YEAR.search(before)) or not _COUNTED.match(after)


def _resolve_mention(match: re.Match[str], published: date | None) -> DateMention:
    """Return what a form says, with the days it covers where they can be known."""
    parts = {name: part.lower() for name, part in match.groupdict().items() if part}
    weekday, month, day = parts.get("weekday"), parts.get("month"), parts.get("day")
    mention = DateMention(
        text=match[0],
        start=match.start(),
        end=match.end(),
        weekday=_WEEKDAYS[weekday] if weekday else None,
        month=_month_number(month) if month else None,
        day=int(day) if day else None,
    )
    try:
        days = _days_covered(mention, parts, match, published)
    except (OverflowError, ValueError):  # beyond the ends of the calendar
        days = None
    if days is None:
        return mention
    first, last = days
    mention = replace(mention, first=first, last=last)
    if first < last:
        return mention
    return replace(mention, weekday=first.weekday(), month=first.month, day=first.day)


def _month_number(name: str) -> int:
    if name.isdigit():
        return int(name)
    return next(number for full, number in _MONTHS.items() if full.startswith(name[:3]))


def _days_covered(
    mention: DateMention, parts: dict[str, str], match: re.Match[str], published: date | None
) -> tuple[date, date] | None:
    """Return the first and the last day of a mention; None where they cannot be known."""
    year = int(parts["year"]) if "year" in parts else None
    if mention.month and mention.day:
        day = _nearest_day(mention.month, mention.day, year, published)
        return (day, day) if day else None
    if year:
        return _month_range(year, mention.month) if mention.month else _year_range(year, year)
    if "decade" in parts:
        return _year_range(int(parts["decade"]), int(parts["decade"]) + 9)
    if not published:
        return None
    if mention.month:
        # A month alone is the latest one that has begun, as news looks back.
        return _month_range(published.year - (mention.month > published.month), mention.month)
    if mention.weekday is not None:
        before = match.string[max(0, match.start() - _FUTURE_REACH) : match.start()]
        day = _day_of_week(mention.weekday, parts.get("which"), before, published)
        return day, day
    if "near" in parts:
        step = {"yesterday": -1, "tomorrow": 1, "last night": -1}.get(parts["near"], 0)
        return (published + timedelta(days=step),) * 2
    if "count" in parts:
        count, unit = parts["count"], _UNIT_DAYS[parts["unit"]]
        middle = published - timedelta(days=int(_NUMBERS.get(count) or count) * unit)
        # "Two years ago" is said of anything within about half a unit of it.
        slack = timedelta(days=0 if unit == 1 else unit * 2 // 3)
        return middle - slack, middle + slack
    return _relative_span(parts["which"], parts["unit"], published)


def _nearest_day(month: int, day: int, year: int | None, published: date | None) -> date | None:
    """Return a day of a month; without a year, the one nearest to the day of publication."""
    near = published or date(year or 1, 1, 1)
    years = [year] if year else [near.year - 1, near.year, near.year + 1] if published else []
    days = [date(y, month, day) for y in years if day <= calendar.monthrange(y, month)[1]]
    return min(days, key=lambda each: abs(each - near), default=None)


def _month_range(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _year_range(first: int, last: int) -> tuple[date, date]:
    return date(first, 1, 1), date(last, 12, 31)


def _day_of_week(weekday: int, which: str | None, before: str, published: date) -> date:
    """Return the day that "Tuesday" or "last Tuesday" means, behind the words ``before`` it."""
    back = (published.weekday() - weekday) % 7
    if which in ("next", "coming") or (which is None and back and _FUTURE.search(before)):
        back -= 7
    elif which in ("last", "past") and back == 0:
        back = 7
    return published - timedelta(days=back)


def _relative_span(which: str, unit: str, published: date) -> tuple[date, date]:
    """Return the week, month or year that is the last, this or the next one."""
    step = {"last": -1, "past": -1, "this": 0}.get(which, 1)
    if unit == "week":
        # "Last week" may mean the calendar week or the seven days: cover both.
        first = published - timedelta(days=published.weekday()) + timedelta(weeks=step)
        last = first + timedelta(days=6)
        return first, max(last, published) if step < 0 else last
    if unit == "month":
        year, month = divmod(published.year * 12 + published.month - 1 + step, 12)
        return _month_range(year, month + 1)
    return _year_range(published.year + step, published.year + step)
