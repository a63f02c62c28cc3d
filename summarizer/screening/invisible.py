"""Characters that no reader sees, and the messages that are written in them.

Unicode's tag characters repeat ASCII without a shape, and runs of zero-width characters can
stand for bits: a model reads both. A few such characters are typography (a soft hyphen, the
joiner of an emoji or of a Persian word) and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.types import Span

LEAST_RUN = 8
"""Invisible characters in a row from which they carry a message: an emoji of a family has three
joiners apart from one another, and no script needs two in a row."""

_TAGS = "\U000e0000-\U000e007f"
_OTHERS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0100-\U000e01ef"
)
# The flags of England, Scotland, Wales ... are a black flag with tags.
_FLAG = rf"(?<!\U0001f3f4)(?<!\U0001f3f4[{_TAGS}])"
_MESSAGE = re.compile(
    rf"[{_OTHERS}]*{_FLAG}[{_TAGS}][{_TAGS}{_OTHERS}]*|[{_OTHERS}]{{{LEAST_RUN},}}"
)
_FLAGS = re.compile(rf"\U0001f3f4[{_TAGS}]{{1,8}}")
# What a model is not shown: all of them but the two joiners, which some scripts spell with, and
# the selectors of an emoji's form.
_NEVER_SHOWN = re.compile(
    rf"[{_TAGS}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b"
    "\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0100-\U000e01ef]|[\u200c\u200d\ufe00-\ufe0f]{2,}"
)


def messages(text: str) -> Iterator[Span]:
    """Yield where a text has a message in characters that no reader sees, in order."""
    if text.isascii():
        return
    flags = [match.span() for match in _FLAGS.finditer(text)]
    for match in _MESSAGE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in flags):
            yield Span(*match.span())


def decoded(message: str) -> str:
    """Return what a hidden message says; for characters that say nothing, how many there are."""
    letters = "".join(
        chr(ord(char) - 0xE0000) for char in message if 0xE0020 <= ord(char) <= 0xE007E
    )
    return letters.strip() or f"({len(message)} characters that no reader sees)"


def visible(text: str) -> str:
    """Return ``text`` as a reader sees it: what has no shape is left out."""
    return text if text.isascii() else _NEVER_SHOWN.sub("", text)
