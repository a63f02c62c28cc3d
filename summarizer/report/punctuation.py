"""Quotation marks and ellipses around words that were cut out of an article."""

from __future__ import annotations

import re

_OPENING, _CLOSING = '“„«"', '”“»"'
_MARK = re.compile('[“”„«»"]')
_PAIRS = (("„", "“"), ("«", "»"))
_OTHER_MARK = re.compile(r"""[„«»]|\d"|'$|\'\'""")
_UNFINISHED = (",", ";", ":", "—", "–")


def in_marks(text: str) -> str:
    """Return ``text`` in quotation marks, without doubling those it begins and ends with."""
    text = balanced(text)
    if not text or text[0] not in _OPENING:
        return f"“{text}”"
    if _MARK.search(text[1:].removesuffix("…")[:-1]):
        # Marks of its own, further ones inside: it is seen to be a quotation as it stands.
        return text
    return f"“{text[1:-1] if text[-1] in _CLOSING else text[1:]}”"


def as_sentence(text: str, *, goes_on: bool = False) -> str:
    """Return a fact's text so that a part of a sentence is seen to be one.

    Args:
        text: The fact, on one line.
        goes_on: Whether the sentence it was taken from goes on after it.
    """
    text = balanced(text)
    if text[:1].islower():
        text = f"…{text}"
    if text.endswith(_UNFINISHED) or (goes_on and text[-1:].isalnum()):
        return text.rstrip("".join(_UNFINISHED)) + "…"
    return text


def balanced(text: str) -> str:
    """Return ``text`` with the one quotation mark that was left outside when it was cut out."""
    for opening, closing in _PAIRS:
        if text.count(opening) == 1 and closing not in text:
            return text + closing
    found = [at for at, letter in enumerate(text) if letter in '"“”']
    # Marks of other kinds follow other rules, and a mark after a figure may be inches.
    if len(found) % 2 == 0 or _OTHER_MARK.search(text):
        return text
    first, last = found[0], found[-1]
    if text[first] == "”" or (text[first] == '"' and _closes(text, first)):
        return ("“" if text[first] == "”" else '"') + text
    if text[last] == "“" or (text[last] == '"' and not _closes(text, last)):
        return text + ("”" if text[last] == "“" else '"')
    return text


def _closes(text: str, at: int) -> bool:
    return at > 0 and not text[at - 1].isspace() and text[at - 1] not in "(—–-["
