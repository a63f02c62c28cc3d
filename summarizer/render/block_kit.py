"""What Slack's Block Kit takes: text objects, lines, lists and headings, as plain JSON in limits.

No word of an article or a model can act there: it stands only where Slack shows characters as
they are (``plain_text`` and the ``text`` of ``rich_text``), never where Slack reads markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.report.wording import one_line, shortened

# Slack's limits: blocks in a message, characters in the text of a section (a block of ``rich_text``
# is held to it as well) and in a header, and options of a menu.
BLOCKS, TEXT, HEADER, OPTIONS = 50, 3_000, 150, 100
# The most weight of a message, see ``weight``. Origin: what Slack was seen to refuse.
MESSAGE = 12_000
# Characters of the longest address that is made a link (a longer one would cost the room of five
# facts), and of a list in one block; the rest is for its heading.
ADDRESS_CHARACTERS, LIST_CHARACTERS = 500, TEXT - 2 * HEADER

Block = dict[str, Any]
Element = dict[str, Any]  # a part of a line in ``rich_text``

_ADDRESS = re.compile(r"\b(?:[a-z][a-z0-9+.-]*://|www\.)\S*", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s|<>]+")


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: blocks, and the text that notifications and screen readers have.

    ``text`` is read by Slack as markup, so it is escaped already.
    """

    text: str
    blocks: tuple[Block, ...]


def weight(blocks: Sequence[Block]) -> int:
    """Return how much blocks count towards ``MESSAGE``: their JSON, in UTF-16 code units."""
    sent = json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))
    return len(sent.encode("utf-16-le", "surrogatepass")) // 2


def fits(blocks: Sequence[Block]) -> bool:
    """Return whether Slack takes the blocks as one message."""
    return len(blocks) <= BLOCKS and weight(blocks) <= MESSAGE


def escaped(text: str) -> str:
    """Return ``text`` for a field that Slack reads as markup, where it is to be mere characters.

    Slack turns addresses into links by itself, and names behind an @ into mentions where it is
    told to, so addresses are left out and the sign is one that looks like it.
    """
    text = _ADDRESS.sub("(address)", one_line(text)).replace("@", "\uff20")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str) -> Block:
    """Return a text object in which nothing is markup, nor the name of an emoji."""
    return {"type": "plain_text", "text": text, "emoji": False}


def header(text: str) -> Block:
    """Return a heading of the whole message."""
    return {"type": "header", "text": plain(shortened(text, HEADER) or "News diff")}


def context(text: str) -> Block:
    """Return a line in small print."""
    return {"type": "context", "elements": [plain(shortened(text, TEXT) or "—")]}


def rich(*elements: Element) -> Block:
    """Return a block of ``rich_text``."""
    return {"type": "rich_text", "elements": list(elements)}


def line(*elements: Element) -> Element:
    """Return a line of ``rich_text``; elements without characters are left out."""
    kept = [each for each in elements if each["text"]]
    return {"type": "rich_text_section", "elements": kept or [words("—")]}


def words(text: str, *, bold: bool = False, italic: bool = False) -> Element:
    """Return characters of a line, shown as they are."""
    style = {"bold": True} if bold else {"italic": True} if italic else None
    return {"type": "text", "text": text} | ({"style": style} if style else {})


def linked(text: str, address: str) -> Element:
    """Return ``text`` as a link to a web page; as mere characters where it is no such address."""
    if len(address) > ADDRESS_CHARACTERS or not _WEB.fullmatch(address):
        return words(text)
    return {"type": "link", "url": address, "text": text}


def titled_list(title: Sequence[Element], items: Iterable[Element]) -> list[Block]:
    """Return a heading and a list, in as many blocks as their text needs."""
    parts, room = list[list[Element]](), 0
    for item in items:
        size = _text_length(item)
        if not parts or size > room:
            parts.append([])
            room = LIST_CHARACTERS
        parts[-1].append(item)
        room -= size
    blocks = [rich({"type": "rich_text_list", "style": "bullet", "elements": p}) for p in parts]
    if not blocks:
        return [rich(line(*title))]
    blocks[0]["elements"].insert(0, line(*title))
    return blocks


def _text_length(element: Any) -> int:
    """Return how many characters of text a part of ``rich_text`` has."""
    if isinstance(element, list):
        return sum(map(_text_length, element))
    return len(element.get("text", "")) + _text_length(element.get("elements", []))
