"""A text with what it quotes blanked out: what is left is said by the writer."""

from __future__ import annotations

import re

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
