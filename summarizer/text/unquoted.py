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


def unquoted(paragraph: str) -> str:
    """Return ``paragraph``, of the same length, with every quotation blanked out.

    A curly mark and a straight one may be a pair: what pages print is typed by several hands.
    A quotation that is opened and not closed runs to the end: the next paragraph goes on
    with it, as is the custom of newspapers.
    """
    return _QUOTED.sub(lambda match: BLANK * len(match[0]), paragraph)
