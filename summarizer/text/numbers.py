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

from summarizer.text.data import alternatives, fill_in, load

CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Scripts whose letters stand next to digits without being one word with them."""

_DATA = load("numbers")
_DOT_GROUPS = frozenset(_DATA["digits"]["dot_groups"].split())
_FRACTIONS = {
    form: 1 / parts for word, parts in _DATA["fractions"].items() for form in (word, f"{word}s")
}
_SHORT: dict[str, float] = _DATA["scales"]["short"]
_SCALE_SIGNS: dict[str, float] = _DATA["scales"]["unspaced"]
_KANJI_DIGITS = {
    sign: value for value, signs in enumerate(_DATA["digits"]["kanji"].split()) for sign in signs
}
_KANJI_SCALES = {"十": 10.0, "百": 100.0} | _SCALE_SIGNS
# "Dozens" is said of two dozen and of eight: the range that a plural scale word can cover.
_VAGUE_FACTORS = (2.0, 9.9)

_GROUPED_BY_DOTS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?")
_DECIMAL_COMMA = re.compile(r"\d{1,3},\d{1,2}|\d.*\s.*,\d{1,2}")


class Amount(NamedTuple):
    """A number where it stands: its value as a range, and the currency sign before it.

    ``fraction``: it is "a third"; ``scaled``: a scale stands behind its ``digits``, if it has any.
    """

    start: int
    end: int
    low: float
    high: float
    currency: str
    fraction: bool
    scaled: bool
    digits: str


@lru_cache(maxsize=16)
def number_words(language: str) -> dict[str, float]:
    """Return the values of a language's words for 0 to 19, and for the tens."""
    known = language if language in _DATA["words"] else "en"
    ones = enumerate(_DATA["words"][known].split())
    tens = enumerate(_DATA["tens"][known].split(), start=2)
    return {word: float(value) for value, word in ones if word != "-"} | {
        word: 10.0 * value for value, word in tens
    }


def amounts(text: str, language: str = "en") -> Iterator[Amount]:
    """Yield every number of ``text``, in digits or in words, in order."""
    start_pattern, amount_pattern = _number_patterns(language)
    end = 0
    for start in start_pattern.finditer(text):
        match = amount_pattern.match(text, start.start()) if start.start() >= end else None
        if match is None or match.end() == match.start():
            continue
        low, high = _value_range(match, language)
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


@lru_cache(maxsize=16)
def _scale_words(language: str) -> dict[str, float]:
    return {**_DATA["scales"]["en"], **_DATA["scales"].get(language, {})}


@lru_cache(maxsize=16)
def _number_patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds where numbers may begin (in linear time), and what reads one of them."""
    named = _DATA["patterns"] | {
        "numeral": alternatives(number_words(language)),
        "scale": alternatives(_scale_words(language)),
        "fraction": alternatives(_FRACTIONS),
        "short": alternatives(_SHORT),
        "cjk": CJK,
        "signs": "".join(_SCALE_SIGNS),
        "kanji": f"[{''.join((*_KANJI_DIGITS, *_KANJI_SCALES))}]",
    }
    flags = re.VERBOSE | re.IGNORECASE
    start, amount = (re.compile(fill_in(f"<{name}>", named), flags) for name in ("start", "amount"))
    return start, amount


def _value_range(match: re.Match[str], language: str) -> tuple[float, float]:
    """Return the least and the highest value of a number; both are -1 where it is none."""
    if match["fraction"]:
        return _fraction_range(match["fraction"].lower())
    if match["vague"]:
        return _vague_range(match["vague"].lower())
    if match["digits"]:
        value = _parse_digits(match["digits"], dot_groups=language in _DOT_GROUPS)
        value *= _SHORT[match["short"].lower()] if match["short"] else 1.0
        for scale in (match["scale"] or "").lower().split():
            value *= _scale_words(language)[scale]
    elif match["unspaced"] or match["kanji"]:
        value = _parse_unspaced(match["unspaced"] or match["kanji"])
    else:
        value = _parse_spelled(match["spelled"].lower().strip(), language)
    return value, value


def _fraction_range(phrase: str) -> tuple[float, float]:
    """Return a fraction as a range of whole hundredths: two thirds are 66 or 67 percent."""
    count, _, part = re.sub(r"\s", "-", phrase).rpartition("-")
    hundredths = round(number_words("en").get(count, 1.0) * _FRACTIONS[part] * 100, 6)
    return math.floor(hundredths) / 100, math.ceil(hundredths) / 100


def _vague_range(phrase: str) -> tuple[float, float]:
    words = phrase.replace(" of ", " ").split()
    scales = {**_scale_words("en"), "ten": 10.0}
    unit = math.prod(scales[word.removesuffix("s")] for word in words)
    return unit * _VAGUE_FACTORS[0], unit * _VAGUE_FACTORS[1]


def _parse_digits(text: str, *, dot_groups: bool) -> float:
    by_dots = _GROUPED_BY_DOTS.fullmatch(text) or (
        dot_groups and re.fullmatch(r"\d{1,3}\.\d{3}", text)
    )
    if by_dots:
        text = text.replace(".", "")
    if by_dots or _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return float(re.sub(r"[,\s]", "", text))


def _parse_unspaced(text: str) -> float:
    """Return the value of a number with East Asian signs: "3億5000万", "十八億"."""
    total = section = current = 0.0
    for part in re.findall(r"\d+(?:[,.]\d+)?|\D", text):
        scale = _KANJI_SCALES.get(part, 0.0)
        if part[0].isdigit():
            current = _parse_digits(part, dot_groups=False)
        elif not scale:
            current = current * 10 + _KANJI_DIGITS[part]
        elif scale < 1e4:
            section, current = section + (current or 1.0) * scale, 0.0
        else:
            total, section, current = total + (section + current or 1.0) * scale, 0.0, 0.0
    return total + section + current


def _parse_spelled(phrase: str, language: str) -> float:
    """Return the value of a spelled number, -1 where the phrase is none."""
    small, scales = number_words(language), _scale_words(language)
    total, current = 0.0, 0.0
    parts = [phrase] if phrase in small else re.split(r"[\s-]+", phrase)
    for word in parts:
        if word in small:
            current += small[word]
        elif word == "couple":
            current = 2.0
        elif word in scales:
            current = (current or 1.0) * scales[word]
            if scales[word] >= 1e3:
                total, current = total + current, 0.0
        elif word not in ("a", "an", "and", "half"):
            return -1.0
    if set(parts) <= {"a", "an", "and", "half", ""}:
        return -1.0
    return (total + current) / (2.0 if "half" in parts else 1.0)
