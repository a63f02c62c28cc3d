# ruff: noqa: SIM905  (a word list reads best as words)
"""Amounts: how English prose writes a number, and the value it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from summarizer.text.units import SCALES

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {word: float(value) for value, word in enumerate(_UNITS)} | {
    word: 10.0 * value for value, word in enumerate(_TENS, start=2)
}
_FRACTIONS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}
_PARTS = _FRACTIONS | {f"{word}s": value for word, value in _FRACTIONS.items()}
# "Dozens" is said of two dozen and of eight: the range that a plural scale word can cover.
_VAGUE_FACTORS = (2.0, 9.9)

_NUMERAL = "|".join(sorted(_SMALL, key=len, reverse=True))
_SCALE = "hundred|thousand|million|billion|trillion|dozen"
_SHORT_SCALE = r"(?:bn|mn|mln|tn|[kmb])(?![a-z])"
_CURRENCY = r"(?:(?:US|us|HK|[AC])?\$|[£€¥₹₽₩]|Rs\.?(?=\s?\d))"
# "6,5 Prozent": no thousands have so few digits, and a list has spaces or goes on.
_DECIMAL_COMMA = r"(?<![\w.,])\d{1,3},\d{1,2}(?!\d|[.,]\d)"
_AMOUNT = re.compile(
    rf"""(?:(?P<currency>{_CURRENCY})\s?)?
    (?:
        (?P<digits>(?<![\w.])\d{{1,3}}(?:,\s?\d{{3}}(?!\d))+(?:\.\d+)?|{_DECIMAL_COMMA}|(?<![\w.])\d{{1,15}}(?:\.\d{{1,9}})?)
        (?:\s?(?P<short>{_SHORT_SCALE})|(?:[\s-]|\ -\ )?(?P<scale>{_SCALE})\b)?
      | \b(?P<fraction>(?:an?|one|two|three|four)[\s-](?:{"|".join(_PARTS)})
          |half(?!\ an?\ (?:{_SCALE})))\b
      | \b(?P<vague>(?:tens\ of\ |hundreds\ of\ )?(?:hundreds|thousands|millions|billions)|dozens)\b
      | \b(?P<spelled>(?:(?:half\ )?an?\ (?=(?:{_SCALE}|couple)\b)|(?:{_NUMERAL})\b)?
          (?:(?<=[a-z])[\s-](?:{_NUMERAL})\b)?
          (?:[\s-]?\b(?:{_SCALE}|couple)\b){{0,3}}
          (?:(?<=hundred)(?:\ and)?\ (?:{_NUMERAL})\b(?:-(?:{_NUMERAL})\b)?(?:\ (?:{_SCALE})\b)?)?)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# Where an amount may begin: scanning for this first keeps the search linear.
_START = re.compile(
    rf"[$£€¥₹₽₩]|(?:US|HK|[AC])\$|\bRs\b|(?<![\w.])\d"
    rf"|\b(?:{_NUMERAL}|an?(?=[\s-](?:{_SCALE}|couple|{'|'.join(_PARTS)})\b)|half"
    rf"|tens|hundreds|thousands|millions|billions|dozens|{_SCALE})\b",
    re.IGNORECASE,
)


class Amount(NamedTuple):
    """A number where it stands: its value as a range, and the currency sign before it."""

    start: int
    end: int
    low: float
    high: float
    currency: str
    fraction: bool
    scaled: bool
    digits: str


def amounts(text: str) -> Iterator[Amount]:
    """Yield every number of ``text``, in digits or in words, in order."""
    end = 0
    for start in _START.finditer(text):
        if start.start() < end:
            continue
        match = _AMOUNT.match(text, start.start())
        if match is None or match.end() == match.start():
            continue
        amount = _amount(match)
        if amount is not None:
            end = amount.end
            yield amount


def _amount(match: re.Match[str]) -> Amount | None:
    low, high = _value(match)
    if high < 0:
        return None
    return Amount(
        start=match.start(),
        end=match.end(),
        low=low,
        high=high,
        currency=(match["currency"] or "").lower().strip(". "),
        fraction=match["fraction"] is not None,
        scaled=bool(match["short"] or match["scale"]),
        digits=match["digits"] or "",
    )


def _value(match: re.Match[str]) -> tuple[float, float]:
    if match["digits"]:
        value = _digits(match["digits"])
        scale = SCALES[(match["short"] or match["scale"] or "").lower()] if _scaled(match) else 1.0
        return value * scale, value * scale
    if match["fraction"]:
        value = _fraction(match["fraction"].lower())
        return value, value
    if match["vague"]:
        return _vague(match["vague"].lower())
    value = _spelled(match["spelled"].lower())
    return value, value


def _digits(text: str) -> float:
    if re.fullmatch(_DECIMAL_COMMA, text):
        return float(text.replace(",", "."))
    return float(re.sub(r"[,\s]", "", text))


def _scaled(match: re.Match[str]) -> bool:
    return bool(match["short"] or match["scale"])


def _fraction(phrase: str) -> float:
    parts = re.split(r"[\s-]", phrase)
    count = _SMALL.get(parts[0], 1.0) if len(parts) > 1 else 1.0
    return count * _PARTS[parts[-1]]


def _vague(phrase: str) -> tuple[float, float]:
    unit = 1.0
    for word in phrase.replace(" of ", " ").split():
        unit *= 10.0 if word == "tens" else SCALES[word.removesuffix("s")]
    return unit * _VAGUE_FACTORS[0], unit * _VAGUE_FACTORS[1]


def _spelled(phrase: str) -> float:
    """Return the value of a spelled number, -1 where the phrase is none."""
    total, current, seen, half = 0.0, 0.0, False, False
    for word in re.split(r"[\s-]+", phrase.strip()):
        if word == "half":
            half = True
        elif word in _SMALL:
            current += _SMALL[word]
        elif word == "couple":
            current = 2.0
        elif word in SCALES:
            current = (current or 1.0) * SCALES[word]
            if SCALES[word] >= 1e3:
                total, current = total + current, 0.0
        elif word not in ("a", "an", "and"):
            return -1.0
        seen = seen or word not in ("a", "an", "and", "half", "")
    value = (total + current) / (2.0 if half else 1.0)
    return value if seen else -1.0
