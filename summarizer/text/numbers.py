"""Numbers in digits and in words, as the prose of many languages writes them, and their values.

Thousands are grouped by commas, dots, spaces or in Indian twos; scales are words ("million",
"lakh crore"), letters ("2.4m") or signs ("3億5000万"). Which words are numbers, and whether a dot
groups or divides, depends on the language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from summarizer.text.data import load

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Scripts whose letters stand next to digits without being one word with them."""

DOT_GROUPS = frozenset(
    ("da", "de", "el", "es", "hr", "id", "it", "nl", "pt", "ro", "sl", "tr", "vi")
)
"""Languages in which "1.500" is fifteen hundred; elsewhere it is one and a half."""

CURRENCY = r"(?:(?:US|us|HK|[AC])?\$|[£€¥₹₽₩]|Rs\.?(?=\s?\d))"
"""The signs of currencies that stand before a number."""

_DATA = load("numbers")
_FRACTIONS = {word: 1 / parts for word, parts in _DATA["fractions"].items()}
_PARTS = _FRACTIONS | {f"{word}s": value for word, value in _FRACTIONS.items()}
# "Dozens" is said of two dozen and of eight: the range that a plural scale word can cover.
_VAGUE_FACTORS = (2.0, 9.9)
_UNSPACED: dict[str, float] = _DATA["scales"]["unspaced"]
_SHORT: dict[str, float] = _DATA["scales"]["short"]
_SIGNS = "".join(_UNSPACED)
_KANJI = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "兩": 2,
}
_KANJI_TENS = {"十": 10.0, "百": 100.0} | _UNSPACED
_COUNTED_KANJI = rf"[{''.join(_KANJI)}十百{_SIGNS}]"

# "6,5 Prozent": no thousands have so few digits, and a list has spaces or goes on.
_DECIMAL_COMMA = r"\d{1,3},\d{1,2}(?!\d|[.,]\d)"
_DIGITS = rf"""(?<![^\W{CJK}])(?<!\d\.)(?<!\.)(?:
    \d{{1,3}}(?:,\s?\d{{3}}(?!\d)){{1,6}}(?:\.\d{{1,9}})? # 1,234,567
  | \d{{1,2}}(?:,\d\d){{1,6}},\d{{3}}(?!\d)(?:\.\d+)?    # 12,34,567
  | \d{{1,3}}(?:[\ \u00a0\u2009\u202f]\d{{3}}){{1,6}}(?![\d,.]\d|\w)(?:,\d{{1,2}}(?!\d))?   # 12 500
  | \d{{1,3}}(?:\.\d{{3}}){{2,6}}(?!\d)(?:,\d+)?    # 1.234.567
  | {_DECIMAL_COMMA}
  | \d{{1,15}}(?:\.\d{{1,9}})?)"""


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


class _Words(NamedTuple):
    """The number words of one language, and the patterns that find and read its numbers."""

    small: dict[str, float]
    scales: dict[str, float]
    start: re.Pattern[str]
    amount: re.Pattern[str]


def number_words(language: str) -> dict[str, float]:
    """Return the values of a language's words for 0 to 19, and for the tens."""
    known = language if language in _DATA["words"] else "en"
    ones = enumerate(_DATA["words"][known].split())
    tens = enumerate(_DATA["tens"][known].split(), start=2)
    return {word: float(value) for value, word in ones if word != "-"} | {
        word: 10.0 * value for value, word in tens
    }


@lru_cache(maxsize=16)
def _words(language: str) -> _Words:
    small, scales = (
        number_words(language),
        _DATA["scales"]["en"] | _DATA["scales"].get(language, {}),
    )
    numeral = "|".join(sorted(map(re.escape, small), key=len, reverse=True))
    scale = "|".join(sorted(map(re.escape, scales), key=len, reverse=True))
    parts, short = "|".join(_PARTS), "|".join(sorted(_SHORT, key=len, reverse=True))
    amount = rf"""(?:(?P<currency>{CURRENCY})\s?)?
    (?:
        (?P<unspaced>(?<![^\W{CJK}])(?:\d{{1,4}}(?:[,.]\d{{1,3}})?[{_SIGNS}]+){{1,4}}(?:\d{{1,4}}(?!\d))?)
      | (?P<digits>{_DIGITS})
        (?:\s?(?P<short>(?:{short}))(?![^\W\d_{CJK}])
          |(?:[\s-]|\ -\ )?(?P<scale>(?:{scale})(?:\s(?:{scale}))?)(?!\w))?
      | \b(?P<fraction>(?:an?|one|two|three|four)[\s-](?:{parts})|half(?!\ an?\ (?:{scale})))\b
      | \b(?P<vague>(?:tens\ of\ |hundreds\ of\ )?(?:hundreds|thousands|millions|billions)|dozens)\b
      | (?P<kanji>(?!一人|十分)(?:{_COUNTED_KANJI}){{1,12}}(?=[人名円元件棟戸軒歳]))
      | \b(?P<spelled>(?:(?:half\ )?an?\ (?=(?:{scale}|couple)\b)|(?:{numeral})\b)?
          (?:(?<=[a-z])[\s-](?:{numeral})\b)?
          (?:[\s-]?\b(?:{scale}|couple)\b){{0,3}}
          (?:(?<=hundred)(?:\ and)?\ (?:{numeral})\b(?:-(?:{numeral})\b)?(?:\ (?:{scale})\b)?)?)
    )"""
    # Where an amount may begin: scanning for this first keeps the search linear.
    start = rf"""[$£€¥₹₽₩]|(?:US|HK|[AC])\$|\bRs\b|(?<![^\W{CJK}])(?<!\.)\d
    |\b(?:{numeral}|an?(?=[\s-](?:{scale}|couple|{parts})\b)|half
    |tens|hundreds|thousands|millions|billions|dozens|{scale})\b|(?<!{_COUNTED_KANJI}){_COUNTED_KANJI}"""
    flags = re.VERBOSE | re.IGNORECASE
    return _Words(small, scales, re.compile(start, flags), re.compile(amount, flags))


def amounts(text: str, language: str = "en") -> Iterator[Amount]:
    """Yield every number of ``text``, in digits or in words, in order."""
    words = _words(language)
    end = 0
    for start in words.start.finditer(text):
        if start.start() < end:
            continue
        match = words.amount.match(text, start.start())
        if match is None or match.end() == match.start():
            continue
        low, high = _value(match, words, language)
        if high < 0:
            continue
        end = match.end()
        yield Amount(
            start=match.start(),
            end=end,
            low=low,
            high=high,
            currency=(match["currency"] or "").lower().strip(". "),
            fraction=match["fraction"] is not None,
            scaled=bool(match["short"] or match["scale"] or match["unspaced"]),
            digits=match["digits"] or match["unspaced"] or match["kanji"] or "",
        )


def _value(match: re.Match[str], words: _Words, language: str) -> tuple[float, float]:
    if match["fraction"]:
        return _fraction(match["fraction"].lower())
    if match["vague"]:
        return _vague(match["vague"].lower())
    if match["digits"]:
        value = _digits(match["digits"], dot_groups=language in DOT_GROUPS)
        value *= _SHORT[match["short"].lower()] if match["short"] else 1.0
        for scale in (match["scale"] or "").lower().split():
            value *= words.scales[scale]
    elif match["unspaced"] or match["kanji"]:
        value = _unspaced(match["unspaced"] or match["kanji"])
    else:
        value = _spelled(match["spelled"].lower(), words)
    return value, value


def _digits(text: str, *, dot_groups: bool) -> float:
    if re.fullmatch(_DECIMAL_COMMA, text):
        return float(text.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?", text) or (
        dot_groups and re.fullmatch(r"\d{1,3}\.\d{3}", text)
    ):
        return float(text.replace(".", "").replace(",", "."))
    if re.search(r"\s", text) and re.search(r",\d{1,2}\Z", text):
        text = text.replace(",", ".")
    return float(re.sub(r"[,\s]", "", text))


def _unspaced(text: str) -> float:
    """Return the value of a number with East Asian signs: "3億5000万", "十八億"."""
    total = section = current = 0.0
    for part in re.findall(r"\d+(?:[,.]\d+)?|\D", text):
        if part[0].isdigit():
            current = _digits(part, dot_groups=False)
        elif part in _KANJI:
            current = current * 10 + _KANJI[part]
        elif _KANJI_TENS[part] < 1e4:
            section, current = section + (current or 1.0) * _KANJI_TENS[part], 0.0
        else:
            total, section, current = (
                total + (section + current or 1.0) * _KANJI_TENS[part],
                0.0,
                0.0,
            )
    return total + section + current


def _fraction(phrase: str) -> tuple[float, float]:
    """Return a fraction as a range of whole hundredths: two thirds are 66 or 67 percent."""
    parts = re.split(r"[\s-]", phrase)
    count = number_words("en").get(parts[0], 1.0) if len(parts) > 1 else 1.0
    hundredths = round(count * _PARTS[parts[-1]] * 100, 6)
    return math.floor(hundredths) / 100, math.ceil(hundredths) / 100


def _vague(phrase: str) -> tuple[float, float]:
    unit = 1.0
    for word in phrase.replace(" of ", " ").split():
        unit *= 10.0 if word == "tens" else _DATA["scales"]["en"][word.removesuffix("s")]
    return unit * _VAGUE_FACTORS[0], unit * _VAGUE_FACTORS[1]


def _spelled(phrase: str, words: _Words) -> float:
    """Return the value of a spelled number, -1 where the phrase is none."""
    total, current, seen, half = 0.0, 0.0, False, False
    whole = phrase.strip()
    for word in [whole] if whole in words.small else re.split(r"[\s-]+", whole):
        if word == "half":
            half = True
        elif word in words.small:
            current += words.small[word]
        elif word == "couple":
            current = 2.0
        elif word in words.scales:
            current = (current or 1.0) * words.scales[word]
            if words.scales[word] >= 1e3:
                total, current = total + current, 0.0
        elif word not in ("a", "an", "and"):
            return -1.0
        seen = seen or word not in ("a", "an", "and", "half", "")
    value = (total + current) / (2.0 if half else 1.0)
    return value if seen else -1.0
