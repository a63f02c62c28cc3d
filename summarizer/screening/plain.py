"""A sentence as it reads without the tricks that hide its words from a screen.

Letters of other scripts that look the same, strokes laid over letters, figures in the place
of letters, letters set apart, and codes. The result is for comparing and never for offsets.
"""

from __future__ import annotations

import re
import unicodedata

from summarizer.screening.invisible import visible
from summarizer.text.fold import fold
from summarizer.text.quoting import BLANK

LONGEST = 1500
"""Code points of a sentence that are looked at; a longer one is no order."""

SPACED_LETTERS = 8
"""Single letters in a row from which a text is spelt out to hide its words."""

LEAST_CODE = 24
"""Letters and figures of a word from which it may be a code, such as base64 or hexadecimal."""

MOSTLY = 0.6
"""The share of a sentence's characters that are codes from which all of it is in code."""

_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝьуһցοανιυκρτεχγηωɑɡıƖοѵℓ", "abekmhopctyxijsdqwbyhgoavivkptexynwagilovl"
)
_QUOTED = re.compile(f"{BLANK}+")
_LATIN = re.compile(r"[a-z]")
_OTHER = re.compile(r"[^\W\d_a-z]")
_WORD = re.compile(r"[^\W\d_]+")
_LEET = str.maketrans("013457@$!", "oieastasi")
_LEET_WORD = re.compile(r"(?<![\w.,])(?=\S*[^\W\d_])(?=\S*[013457@$])[\w@$!]{3,}(?!\w)")
_LEET_LEAST = 3
_SINGLE = re.compile(r"(?<!\S)\w(?= )")
_SPACED = re.compile(r"(?<!\S)(\w) (?=\w(?:\W|\Z))")
_CODE = re.compile(rf"[A-Za-z0-9+/_-]{{{LEAST_CODE},}}={{0,2}}")


def plain(sentence: str) -> str:
    """Return a sentence folded, with single spaces and without disguises."""
    text = unicodedata.normalize("NFKC", visible(sentence[:LONGEST]))
    if len(_SINGLE.findall(text)) >= SPACED_LETTERS:
        text = _SPACED.sub(r"\1", text)
    text = fold(" ".join(_QUOTED.sub(BLANK, text).split()))
    if not text.isascii():
        text = _in_latin(text)
    if len(_LEET_WORD.findall(text)) >= _LEET_LEAST:
        text = _LEET_WORD.sub(lambda match: match[0].translate(_LEET), text)
    return text


def _in_latin(text: str) -> str:
    """Return the words of a Latin sentence with their lookalikes of other scripts in Latin."""
    if len(_LATIN.findall(text)) < len(_OTHER.findall(text)):
        return text
    return _WORD.sub(lambda match: match[0].translate(_LOOKALIKES), text)


def is_code(sentence: str) -> bool:
    """Return whether most of a sentence is words of a code: long, with figures among letters."""
    if "://" in sentence or "www." in sentence:
        return False
    codes = [
        code[0]
        for code in _CODE.finditer(sentence)
        if any(char.isalpha() for char in code[0])
        and (any(char.isdigit() for char in code[0]) or code[0].endswith("="))
    ]
    return bool(codes) and sum(map(len, codes)) >= MOSTLY * len(sentence)
