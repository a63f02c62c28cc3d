"""The few kinds of blocks that are used, each a function that returns plain JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.render.blocks.limits import HEADER, TEXT
from summarizer.report.punctuation import in_marks
from summarizer.report.quotes import Quote
from summarizer.report.safe import one_line, shortened

Block = dict[str, Any]
Element = dict[str, Any]
"""A part of a line in ``rich_text``."""

_ADDRESS = re.compile(r"\b(?:[a-z][a-z0-9+.-]*://|www\.)\S*", re.IGNORECASE)
_ROOM = TEXT - 2 * HEADER  # characters of a list in one block; the rest is for its heading
_WEB = re.compile(r"https?://[^\s|<>]+")

ADDRESS_CHARACTERS = 500
"""The longest address that is made a link; a longer one would cost the room of five facts."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: blocks, and the text that notifications and screen readers have.

    ``text`` is read by Slack as markup, so it is escaped already.
    """

    text: str
    blocks: tuple[Block, ...]


def escaped(text: str) -> str:
    """Return ``text`` for a field that Slack reads as markup, where it is to be mere characters.

    Slack turns addresses into links by itself, and names behind an @ into mentions where it is
    told to, so addresses are left out and the sign is one that looks like it.
    """
    text = _ADDRESS.sub("(address)", one_line(text)).replace("@", "\uff20")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> dict[str, Any]:
    """Return a text object in which nothing is markup, nor the name of an emoji."""
    return {"type": "plain_text", "text": text, "emoji": False}


def header(text: str) -> Block:
    """Return a heading of the whole message."""
    return {"type": "header", "text": plain(shortened(text, HEADER) or "News diff")}


def context(text: str) -> Block:
    """Return a line in small print."""
    return {"type": "context", "elements": [plain(shortened(text, TEXT) or "—")]}


def words(text: str, *, bold: bool = False, italic: bool = False) -> Element:
    """Return characters of a line, shown as they are."""
    style = {name: True for name, wanted in (("bold", bold), ("italic", italic)) if wanted}
    element: Element = {"type": "text", "text": text}
    return {**element, "style": style} if style else element


def linked(text: str, address: str) -> Element:
    """Return ``text`` as a link to a web page; as mere characters where it is no such address."""
    if len(address) > ADDRESS_CHARACTERS or not _WEB.fullmatch(address):
        return words(text)
    return {"type": "link", "url": address, "text": text}


def line(*elements: Element) -> Element:
    """Return a line of ``rich_text``; elements without characters are left out."""
    kept = [each for each in elements if each["text"]]
    return {"type": "rich_text_section", "elements": kept or [words("—")]}


def quoted(quote: Quote | None, mark: str, limit: int) -> list[Element]:
    """Return a quote of at most ``limit`` characters below its line, or nothing."""
    if quote is None:
        return []
    relation = f"{quote.relation} " if quote.relation else ""
    said = in_marks(shortened(quote.text, limit)) if quote.words else ""
    return [words(f"\n{relation}{mark} "), words(said, italic=True)]


def titled_list(title: Sequence[Element], items: Sequence[Element]) -> list[Block]:
    """Return a heading and a list, in as many blocks as their text needs."""
    blocks = []
    for number, part in enumerate(_parts(items)):
        listed: Element = {"type": "rich_text_list", "style": "bullet", "elements": part}
        blocks.append(rich(line(*title), listed) if number == 0 else rich(listed))
    return blocks or [rich(line(*title))]


def rich(*elements: Element) -> Block:
    """Return a block of ``rich_text``."""
    return {"type": "rich_text", "elements": list(elements)}


def characters(element: Any) -> int:
    """Return how many characters of text a part of ``rich_text`` has."""
    if isinstance(element, list):
        return sum(map(characters, element))
    return len(element.get("text", "")) + characters(element.get("elements", []))


def _parts(items: Sequence[Element]) -> Iterator[list[Element]]:
    """Cut a list where its text would be longer than a block's."""
    part, room = list[Element](), _ROOM
    for item in items:
        size = characters(item)
        if part and size > room:
            yield part
            part, room = [], _ROOM
        part.append(item)
        room -= size
    if part:
        yield part
