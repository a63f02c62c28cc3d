# ruff: noqa: SIM905  (a word list reads best as words)
"""Whether the word that opens a sentence is a name, of which its capital tells nothing."""

from __future__ import annotations

import re

from summarizer.text.names import Name
from summarizer.text.words import STOP_WORDS

_NEXT_WORD = re.compile(r"\s(\w+)")
_SINGULAR = frozenset("is was has does says wants plans expects calls chairs".split())
"""Verbs that follow one person or thing only."""
_PAST = frozenset(
    """said told called spoke asked added warned promised denied had did wrote put gave took made
    went came met sent won lost read led ran held saw found kept chose swore drew""".split()
)
"""Verbs that follow one or several."""
_MATTER_ENDS = re.compile(
    r"(?:ment|tion|sion|ness|ing|ity|ance|ence|age|ism|ure|ics|th|ship|ery|hood|work|fic|ly)$"
)
_MATTERS = frozenset(
    """police staff parliament congress travel rain snow water wind fire power help food fuel gas
    oil demand news business industry life court money time trade crime access everyone everybody
    someone somebody anyone anybody everything something half nobody none nothing neither both all
    several much most one another however meanwhile instead today tomorrow yesterday later
    elsewhere afterwards nevertheless therefore overall besides often sometimes thus hence first
    second last next soon perhaps""".split()
)
"""Words, and endings of words, that open a sentence without an article and are no names."""


def opens_like_a_name(name: Name, text: str) -> bool:
    """Return whether the word that opens a sentence can only be a name, as its verb tells.

    A single thing has an article before it, and several things have no "has" behind them.
    Words that name no thing but a matter have neither: those are known by their endings.
    """
    word = name.text.lower()
    if word in STOP_WORDS["en"] or word in _MATTERS or _MATTER_ENDS.search(word):
        return False
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    after = _NEXT_WORD.match(text, name.end)
    if after is None:
        return text[name.end : name.end + 1] == "," and not plural
    return after[1] in _SINGULAR or (after[1] in _PAST and not plural)
