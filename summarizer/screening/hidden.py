"""What hides in a text: invisible characters, the markup of chats, and letters in disguise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from summarizer.text.data import load
from summarizer.text.sentences import BLANK
from summarizer.text.words import fold
from summarizer.types import Span

# Invisible characters in a row from which they carry a message: an emoji of a family has three
# joiners apart from one another, and no script needs two in a row.
LEAST_RUN = 8
# Code points from the first mark of a block to its last, at most; farther apart they are no pair.
LONGEST_BLOCK = 4000
# Code points of a sentence that are looked at; a longer one is no order.
LONGEST = 1500
# Single letters in a row from which a text is spelt out to hide its words, and words with figures
# for letters from which these are meant.
SPACED_LETTERS, LEET_WORDS = 8, 3
# Letters and figures of a word from which it may be a code, such as base64 or hexadecimal, and the
# share of a sentence's characters that are codes from which all of it is in code.
LEAST_CODE, MOSTLY = 24, 0.6

_TAGS = "\U000e0000-\U000e007f"
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0100-\U000e01ef"
)
# Some scripts spell with the two joiners, and the selectors choose an emoji's form.
_JOINERS = "\u200c\u200d\ufe00-\ufe0f"
_OTHERS = _UNSEEN + _JOINERS
# The flags of England, Scotland, Wales ... are a black flag with tags.
_FLAG = rf"(?<!\U0001f3f4)(?<!\U0001f3f4[{_TAGS}])"
_MESSAGE = re.compile(
    rf"[{_OTHERS}]*{_FLAG}[{_TAGS}][{_TAGS}{_OTHERS}]*|[{_OTHERS}]{{{LEAST_RUN},}}"
)
_FLAGS = re.compile(rf"\U0001f3f4[{_TAGS}]{{1,8}}")
_NEVER_SHOWN = re.compile(rf"[{_TAGS}{_UNSEEN}]|[{_JOINERS}]{{2,}}")

_DATA = load("markup", __package__)
_CLOSING: dict[str, str] = _DATA["closing"]
_OPENING = re.compile("|".join(map(re.escape, _CLOSING)), re.IGNORECASE)

MARKUP = re.compile("|".join(_DATA["patterns"]), re.IGNORECASE)
"""Marks of chat formats, of prompts and of comments: in no article's prose."""


def find_messages(text: str) -> Iterator[Span]:
    """Yield where a text has a message in characters that no reader sees, in order."""
    if text.isascii():
        return
    flags = [match.span() for match in _FLAGS.finditer(text)]
    for match in _MESSAGE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in flags):
            yield Span(*match.span())


def decode_message(message: str) -> str:
    """Return what a hidden message says; for characters that say nothing, how many there are."""
    letters = "".join(
        chr(ord(char) - 0xE0000) for char in message if 0xE0020 <= ord(char) <= 0xE007E
    )
    return letters.strip() or f"({len(message)} characters that no reader sees)"


def visible(text: str) -> str:
    """Return ``text`` as a reader sees it: what has no shape is left out."""
    return text if text.isascii() else _NEVER_SHOWN.sub("", text)


def marked_blocks(text: str) -> list[Span]:
    """Return the marked stretches of ``text``, marks included, in order and disjoint."""
    blocks, end = list[Span](), 0
    for opened in _OPENING.finditer(text):
        if opened.start() < end:
            continue
        closing = re.compile(re.escape(_CLOSING[opened[0].lower()]), re.IGNORECASE)
        if closed := closing.search(text, opened.end(), opened.end() + LONGEST_BLOCK):
            end = closed.end()
            blocks.append(Span(opened.start(), end))
    return blocks


_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝьуһցοανιυκρτεχγηωɑɡıƖοѵℓ", "abekmhopctyxijsdqwbyhgoavivkptexynwagilovl"
)
_BLANKS = re.compile(f"{BLANK}+")
_LATIN, _OTHER_SCRIPT = re.compile(r"[a-z]"), re.compile(r"[^\W\d_a-z]")
_WORD = re.compile(r"[^\W\d_]+")
_LEET = str.maketrans("013457@$!", "oieastasi")
_LEET_WORD = re.compile(r"(?<![\w.,])(?=\S*[^\W\d_])(?=\S*[013457@$])[\w@$!]{3,}(?!\w)")
_SINGLE = re.compile(r"(?<!\S)\w(?= )")
_SPACED = re.compile(r"(?<!\S)(\w) (?=\w(?:\W|\Z))")
_CODE = re.compile(rf"[A-Za-z0-9+/_-]{{{LEAST_CODE},}}={{0,2}}")


def plain(sentence: str) -> str:
    """Return a sentence folded, with single spaces and without disguises."""
    text = unicodedata.normalize("NFKC", visible(sentence[:LONGEST]))
    if len(_SINGLE.findall(text)) >= SPACED_LETTERS:
        text = _SPACED.sub(r"\1", text)
    text = fold(" ".join(_BLANKS.sub(BLANK, text).split()))
    if not text.isascii() and len(_LATIN.findall(text)) >= len(_OTHER_SCRIPT.findall(text)):
        text = _WORD.sub(lambda match: match[0].translate(_LOOKALIKES), text)
    if len(_LEET_WORD.findall(text)) >= LEET_WORDS:
        text = _LEET_WORD.sub(lambda match: match[0].translate(_LEET), text)
    return text


def is_code(sentence: str) -> bool:
    """Return whether most of a sentence is words of a code: long, with figures among letters."""
    if "://" in sentence or "www." in sentence:
        return False
    codes = [
        len(code)
        for code in _CODE.findall(sentence)
        if any(map(str.isalpha, code)) and (any(map(str.isdigit, code)) or code.endswith("="))
    ]
    return bool(codes) and sum(codes) >= MOSTLY * len(sentence)
