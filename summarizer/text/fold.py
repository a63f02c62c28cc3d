"""Fold away what two spellings of one word differ in: case, accents, apostrophes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'"})
# Letters that Unicode does not decompose, as English-language news writes them.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "\u0131": "i"})


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents or invisible characters.

    The result may differ in length, so it is for comparing and never for offsets.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    plain = "".join(
        char
        for char in decomposed
        if not unicodedata.combining(char) and unicodedata.category(char) != "Cf"
    )
    return plain.translate(_LETTERS)


BLANK = "\x1a"
"""Stands for each quoted character; in no word and no punctuation."""

LONGEST_QUOTE = 1500
"""Code points of a quotation at most; a mark without a partner in reach is a stray one."""

LONGEST_SINGLE = 300
"""The same between single marks, which are apostrophes more often."""

_QUOTED = re.compile(
    rf"“[^“”\n]{{0,{LONGEST_QUOTE}}}”"
    rf"|“[^“”\"\n]{{0,{LONGEST_QUOTE}}}(?<=\S)\"(?!\w)"
    rf"|“[^“”\n]{{0,{LONGEST_QUOTE}}}\Z"
    rf"|„[^“”„\n]{{0,{LONGEST_QUOTE}}}(?:[“”]|\Z)"
    rf"|«[^«»\n]{{0,{LONGEST_QUOTE}}}(?:»|\Z)|»[^«»\n]{{0,{LONGEST_QUOTE}}}«"
    rf"|``[^`\n]{{1,{LONGEST_QUOTE}}}(?:''|\Z)"
    rf"|「[^「」]{{0,{LONGEST_QUOTE}}}」"
    rf"|(?<!\w)\"(?=\S)(?:[^\"“”\n]|(?<=\s)\"(?=\w)[^\"“”\n]{{1,{LONGEST_SINGLE}}}+(?<=\S)\")"
    rf"{{1,{LONGEST_QUOTE}}}+(?:(?<=\S)[\"”](?!\w)|\Z)"
    rf"|(?<!\w)\"[^\"\n]{{1,{LONGEST_QUOTE}}}(?:\"|\Z)"
    rf"|(?<!\w)['‘](?!\s)[^\n]{{0,{LONGEST_SINGLE}}}?['’](?!\w)"
)


_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?![ \t\r]*\n)(?<![.!?…”\"]\n))+")
_NEWLINES = str.maketrans("\n\r", "  ")


def unquoted(text: str) -> str:
    """Return ``text``, of the same length, with every quotation blanked out.

    A curly mark and a straight one may be a pair: what pages print is typed by several hands.
    A quotation that is opened and not closed runs to the end of its paragraph: the next one
    goes on with it, as is the custom of newspapers. A line that was wrapped ends none.
    """
    return _PARAGRAPH.sub(_blanked, text)


def _blanked(paragraph: re.Match[str]) -> str:
    line = paragraph[0].translate(_NEWLINES)
    return _QUOTED.sub(lambda match: BLANK * len(match[0]), line)
