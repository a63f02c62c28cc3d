"""Text of strangers, made harmless for a screen, and how numbers are worded.

An article may hold terminal escapes, overrides of the direction of writing, or characters that
nobody can see. Every renderer passes every text of an article through here; only the JSON keeps
the text as it is, escaped.
"""

from __future__ import annotations

import json
import re

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, erase
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC and kin
    r"|\x1b[ -/]*[0-~]?"  # the short ones
)
_INVISIBLE = re.compile(
    "["
    "\u00ad\u200b\u2060-\u2064\ufeff"  # soft hyphen, zero width
    "\u202a-\u202e\u2066-\u2069"  # direction embeddings, overrides, isolates
    "\U000e0000-\U000e007f"  # tags: text that no screen shows
    "]"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ACTING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
    "\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
_SPACE = re.compile(r"[\s\u2028\u2029]+")
_WORD = re.compile(r"\w+")
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def harmless(text: str) -> str:
    """Return ``text`` without anything that acts on a terminal; lines stay lines.

    A control character or half a surrogate pair becomes U+FFFD, so that its place is seen.
    """
    text = _INVISIBLE.sub("", _ESCAPES.sub("", text))
    return _CONTROLS.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def in_place(text: str) -> str:
    """Return ``text`` harmless and just as long: U+FFFD for each character that would act.

    For a whole article, in which offsets must go on counting the same characters.
    """
    return _ACTING.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Return ``text`` harmless and on one line, runs of white space made one space."""
    return _SPACE.sub(" ", harmless(text)).strip()


def shortened(text: str, limit: int) -> str:
    """Return at most ``limit`` characters of ``text``, cut after a word, and an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    # Half of the room at least: text without spaces is cut where it must be.
    at = cut.rfind(" ", limit // 2)
    return (cut[:at] if at > 0 else cut).rstrip(" ,;:-\u2013\u2014") + "…"


def plain_words(text: str) -> str:
    """Return the words of a text alone, for comparing: outlets set quotation marks differently."""
    return " ".join(_WORD.findall(text.casefold()))


def dumps(value: object, *, indent: int | None = None) -> str:
    """Return JSON that keeps letters readable and holds nothing a terminal obeys."""
    document = json.dumps(value, ensure_ascii=False, indent=indent)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", document)


def plural(count: int, noun: str, many: str = "") -> str:
    """Return ``1 outlet``, ``1,200 outlets``; ``many`` where more are not called by an s."""
    return f"{count:,} {noun if count == 1 else many or f'{noun}s'}"
