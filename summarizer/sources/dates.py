"""Calendar dates as pages write them, in a dozen languages."""
# ruff: noqa: RUF001 (letters of other scripts are meant)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTH_STEMS = (
    ("jan", "ene", "gen", "янв", "січ", "sty", "oca"),
    ("feb", "fév", "fev", "фев", "лют", "lut", "şub"),
    ("mar", "mär", "mrt", "мар", "бер"),
    ("apr", "abr", "avr", "апр", "кві", "kwi", "nis"),
    ("may", "mai", "maj", "mei", "mag", "мая", "май", "тра"),
    ("jun", "juin", "giu", "июн", "чер", "cze", "haz"),
    ("jul", "juil", "lug", "июл", "лип", "tem"),
    ("aug", "ago", "aoû", "авг", "сер", "sie", "ağu"),
    ("sep", "set", "сен", "вер", "wrz", "eyl"),
    ("oct", "okt", "out", "ott", "окт", "жов", "paź", "eki"),
    ("nov", "ноя", "kas", "lis"),
    ("dec", "dez", "dic", "déc", "дек", "гру", "gru", "ara"),
)
_MONTHS = {stem: number for number, stems in enumerate(_MONTH_STEMS, 1) for stem in stems}
_BY_LENGTH = sorted(_MONTHS, key=len, reverse=True)
_MONTH = rf"(?P<month>(?:{'|'.join(_BY_LENGTH)})[^\W\d_]{{0,8}})"
# Glued to the word before it, a capital month still counts: "Jane DoeFebruary 1, 2022".
_START = r"(?:(?<![^\W_])|(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ]))"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d{2})"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_START}{_MONTH}\.?\s{{0,3}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s{{0,3}}{_YEAR}",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º|er)?[\s-]{{0,3}}(?:de\s|of\s)?{_MONTH}"
        rf"\.?,?[\s-]{{0,3}}(?:de\s)?{_YEAR}",
        rf"(?<!\d){_YEAR}\s?[-/.年년]\s?(?P<month>\d{{1,2}})\s?[-/.月월]\s?(?P<day>\d{{1,2}})(?!\d)",
    )
)
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d|\d\d)(?![\d/.-])")


@dataclass(frozen=True, slots=True)
class Found:
    """A date and where in its line it stands."""

    day: date
    start: int
    end: int


def find_dates(line: str, *, month_first: bool | None = None) -> list[Found]:
    """Return the full dates in ``line``, in order.

    Args:
        line: One line, already cut to a sensible length.
        month_first: How to read 3/4/2022; with None such a date is passed over, since a
            wrong date is worse than none.
    """
    found = sorted({*_written(line), *_numeric(line, month_first)}, key=lambda f: f.start)
    return [f for i, f in enumerate(found) if i == 0 or f.start >= found[i - 1].end]


def _written(line: str) -> Iterator[Found]:
    # (?i:) would make the capital in _START meaningless, so it is checked here.
    for pattern in _PATTERNS:
        for match in pattern.finditer(line):
            start = match.start()
            if start and line[start - 1].isalpha() and not line[start].isupper():
                continue
            month = match["month"]
            number = int(month) if month.isdigit() else _month(month)
            yield from _made(int(match["year"]), number, int(match["day"]), match)


def _numeric(line: str, month_first: bool | None) -> Iterator[Found]:
    for match in _NUMERIC.finditer(line):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year += 2000 if year < 100 else 0
        if first > 12 or (match[2] == "." and second <= 12) or month_first is False:
            first, second = second, first
        elif second <= 12 and first != second and month_first is None:
            continue
        yield from _made(year, first, second, match)


def _made(year: int, month: int, day: int, match: re.Match[str]) -> Iterator[Found]:
    try:
        yield Found(date(year, month, day), match.start(), match.end())
    except ValueError:
        return


def _month(word: str) -> int:
    word = word.casefold()
    return next(_MONTHS[stem] for stem in _BY_LENGTH if word.startswith(stem))
