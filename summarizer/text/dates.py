"""Mentions of dates, resolved against the day of publication where that is possible."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from summarizer.text.data import fill_in, load
from summarizer.text.numbers import number_words

_MONTHS = [name.lower() for name in calendar.month_name[1:]]
_MONTH_NUMBERS = {
    form: n for n, name in enumerate(_MONTHS, start=1) for form in (name[:3], f"{n:02}")
}
_WEEKDAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
_NUMBERS = number_words("en") | {"a": 1.0, "an": 1.0}

_DATA = load("dates")
_NAMED = _DATA["parts"] | {
    "months": "|".join(_MONTHS),
    "long_months": "|".join(month for month in _MONTHS if month not in ("may", "march")),
    "capital_months": "|".join(calendar.month_name[1:]),
    "weekdays": "|".join(calendar.day_name),
}
_FORMS = tuple(re.compile(rf"\b{fill_in(form, _NAMED)}(?!\w)") for form in _DATA["forms"])
_START, _FUTURE, _COUNTED, _BEFORE_YEAR, _NO_YEAR = (
    re.compile(fill_in(_DATA[name].replace("\n", ""), _NAMED))
    for name in ("start", "future", "counted", "before_year", "no_year")
)
# Code points before a weekday in which it is looked for that it is still to come.
_FUTURE_REACH = 60
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date as a text gives it.

    ``first`` and ``last`` are the days it covers where they can be known, ``weekday`` (Monday is
    0), ``month`` and ``day`` what the text says.
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
    if _NO_YEAR.search(before) or re.match(r"(?:[,.]\d|\s?%|[-–]\d)", after):
        return False
    return bool(_BEFORE_YEAR.search(before)) or not _COUNTED.match(after)


def _resolve_mention(match: re.Match[str], published: date | None) -> DateMention:
    parts = {name: part.lower() for name, part in match.groupdict().items() if part}
    weekday, month, day = parts.get("weekday"), parts.get("month"), parts.get("day")
    mention = DateMention(
        text=match[0],
        start=match.start(),
        end=match.end(),
        weekday=_WEEKDAYS[weekday] if weekday else None,
        month=_MONTH_NUMBERS[month[:3]] if month else None,
        day=int(day) if day else None,
    )
    days = None
    with suppress(OverflowError, ValueError):  # beyond the ends of the calendar
        days = _days_covered(mention, parts, match, published)
    if days is None:
        return mention
    first, last = days
    if first == last:
        mention = replace(mention, weekday=first.weekday(), month=first.month, day=first.day)
    return replace(mention, first=first, last=last)


def _days_covered(
    mention: DateMention, parts: dict[str, str], match: re.Match[str], published: date | None
) -> tuple[date, date] | None:
    year = int(parts["year"]) if "year" in parts else None
    if mention.month and mention.day:
        day = _nearest_day(mention.month, mention.day, year, published)
        return (day, day) if day else None
    if year:
        return _month_range(year, mention.month) if mention.month else _year_range(year)
    if "decade" in parts:
        return _year_range(int(parts["decade"]), 10)
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


def _year_range(first: int, count: int = 1) -> tuple[date, date]:
    return date(first, 1, 1), date(first + count - 1, 12, 31)


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
    return _year_range(published.year + step)
