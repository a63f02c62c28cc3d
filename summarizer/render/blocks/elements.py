"""Facts, conflicts and sources as Slack blocks, and what Slack takes: plain JSON within limits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.report.outlets import Source, remarks
from summarizer.report.parts import Dispute, LedePart, Line, Section, Side
from summarizer.report.quotes import Quote, in_marks
from summarizer.report.safe import one_line, shortened
from summarizer.report.wording import plural

BLOCKS = 50
"""Blocks in a message."""

TEXT = 3_000
"""Characters in the text of a section; a block of ``rich_text`` is held to it as well."""

HEADER = 150
"""Characters in a header."""

MESSAGE = 12_000
"""The weight of a message, see ``weight``."""

BUTTON = 75
"""Characters on a button, in an option's text, and in a placeholder."""

OPTIONS = 100
"""Options of a menu."""

Block = dict[str, Any]

Element = dict[str, Any]
"""A part of a line in ``rich_text``."""

_ADDRESS = re.compile(r"\b(?:[a-z][a-z0-9+.-]*://|www\.)\S*", re.IGNORECASE)

_ROOM = TEXT - 2 * HEADER  # characters of a list in one block; the rest is for its heading

_WEB = re.compile(r"https?://[^\s|<>]+")

ADDRESS_CHARACTERS = 500
"""The longest address that is made a link; a longer one would cost the room of five facts."""

Marks = Mapping[str, str]
"""The short mark of each outlet, see ``report.outlets``."""

NAME_CHARACTERS = 80
"""The longest name of an outlet that is shown whole."""

VALUE_CHARACTERS = 120
"""The same of one side's value in a conflict: with five sides a conflict is one block."""

LEDE_CHARACTERS = 250
"""The same of one sentence of the lede."""

FURTHER_CHARACTERS = 200
"""The same of an addition or a topic under a fact."""

MARK_CHARACTERS = 12
"""The same of its mark."""


def weight(blocks: Sequence[dict[str, Any]]) -> int:
    """Return how much blocks count towards ``MESSAGE``: their JSON, in UTF-16 code units."""
    sent = json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))
    return len(sent.encode("utf-16-le", "surrogatepass")) // 2


def fits(blocks: Sequence[dict[str, Any]]) -> bool:
    """Return whether Slack takes the blocks as one message."""
    return len(blocks) <= BLOCKS and weight(blocks) <= MESSAGE


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


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of a report is shown.

    Args:
        section: Facts that all or several report.
        outlet: Facts of one outlet only.
        outlets: Outlets whose facts are shown.
        conflicts: Conflicts.
        sides: Positions of one conflict.
        sources: Articles in the list of what is compared.
        named: Outlets named behind one fact.
        notes: Warnings, and as many notes.
        characters: The longest line that is shown whole.
        quotes: Whether the words of the articles are shown below facts.
        proofs: Whether they are shown with the sides of a conflict, and addresses linked.
    """

    section: int
    outlet: int
    outlets: int
    conflicts: int
    sides: int
    sources: int
    named: int
    notes: int
    characters: int
    quotes: bool
    proofs: bool


def lede(parts: Sequence[LedePart], shape: Shape) -> list[Block]:
    """Return the report in a few sentences."""
    room = min(shape.characters, LEDE_CHARACTERS)
    kept = [
        line(
            words(shortened(part.lead, NAME_CHARACTERS), bold=True),
            words(f" {' '.join(shortened(item.text, room) for item in part.items)}"),
        )
        for part in parts[: shape.outlet + 3]
    ]
    return [rich(each) for each in kept]


def sources(found: Sequence[Source], marks: Marks, shape: Shape) -> list[Block]:
    """Return who is compared."""
    items = [_source(each, marks, shape) for each in found[: shape.sources]]
    if more := len(found) - len(items):
        items.append(line(words(f"and {more:,} more", italic=True)))
    return titled_list([words("Compared", bold=True)], items)


def section(
    found: Section, marks: Marks, shape: Shape, shown: int, rest: str, *, start: int = 0
) -> list[Block]:
    """Return a heading and the first lines of a section, and how many more there are.

    Args:
        found: The section.
        marks: The outlets' marks.
        shape: How lines are cut.
        shown: How many lines, at most.
        rest: Where the others are.
        start: How many of the section's lines were shown before.
    """
    title = [words(shortened(found.title, 120), bold=True), words(f" · {found.total:,}")]
    if not found.total:
        return titled_list([*title, words(f"\n{found.empty or found.note}")], [])
    kept = found.lines[:shown]
    own = bool(found.outlet)
    items = [_fact(each, marks, shape, own=own) for each in kept]
    if more := found.total - start - len(kept):
        items.append(line(words(f"and {more:,} more{rest}", italic=True)))
    if found.note and not start:
        items.append(line(words(found.note, italic=True)))
    return titled_list(title, items)


def conflicts(
    found: Sequence[Dispute], hidden: int, marks: Marks, shape: Shape, rest: str
) -> list[Block]:
    """Return the conflicts, each with its positions."""
    total = len(found) + hidden
    title = [words("Conflicts", bold=True), words(f" · {total:,}")]
    if not total:
        return titled_list([*title, words("\nNone was found.")], [])
    kept = found[: shape.conflicts]
    items = [_conflict(each, marks, shape) for each in kept]
    if more := total - len(kept):
        items.append(line(words(f"and {more:,} more{rest}", italic=True)))
    return titled_list(title, items)


def notes(found: Sequence[str], shape: Shape) -> list[str]:
    """Return the first notes, cut, in the words of Slack."""
    # They were written for the command line, whose option names the same report.
    told = [note.replace("--format json", "the JSON report") for note in found[: shape.notes]]
    return [shortened(note, shape.characters) for note in told]


def named(outlets: Sequence[str], marks: Marks, shape: Shape) -> str:
    """Return the marks of outlets, in brackets."""
    shown = [mark_of(each, marks) for each in outlets[: shape.named]]
    more = len(outlets) - len(shown)
    return f"[{' '.join(shown)}{f' and {more:,} more' if more else ''}]"


def _source(source: Source, marks: Marks, shape: Shape) -> Element:
    name = shortened(source.outlet, NAME_CHARACTERS)
    if source.same_as:
        text = f"{source.source}: same as {source.same_as}"
        return line(words(shortened(text, shape.characters)))
    about = " · ".join([source.published, source.length, *remarks(source)])
    return line(
        words(mark_of(source.outlet, marks), bold=True),
        words("  "),
        linked(name, source.source if shape.proofs else ""),
        words(f" · {shortened(about, NAME_CHARACTERS)}"),
    )


def _fact(fact: Line, marks: Marks, shape: Shape, *, own: bool) -> Element:
    parts = [words(shortened(fact.text, shape.characters))]
    if not own:
        parts.append(words(f" {named(fact.outlets, marks, shape)}"))
    if fact.remark:
        parts.append(words(f" ({fact.remark})", italic=True))
    # What makes an "only" doubtful is shown however little room there is.
    for quote in (fact.quote if shape.quotes else None, fact.nearest):
        mark = mark_of(quote.outlet, marks) if quote else ""
        parts += quoted(quote, mark, shape.characters)
    parts += [words(f"\n{text}") for text in _further(fact, marks, shape)]
    return line(*parts)


def _further(fact: Line, marks: Marks, shape: Shape) -> Iterator[str]:
    """Yield where outlets differ on a fact and what single ones add: so much as a block holds."""
    room = min(shape.characters, FURTHER_CHARACTERS)
    for dispute in fact.differences[:1]:
        values = [
            f"{shortened(side.value, room // 2)} {named(side.outlets, marks, shape)}"
            for side in dispute.sides[: min(shape.sides, 3)]
        ]
        yield f"they differ on {shortened(dispute.topic, room)}: {'; '.join(values)}"
    for addition in fact.additions[: min(shape.outlet, 2)]:
        remark = f" ({addition.remark})" if addition.remark else ""
        mark = mark_of(addition.outlet, marks)
        yield f"only {mark} adds: {shortened(addition.text, room)}{remark}"


def _conflict(conflict: Dispute, marks: Marks, shape: Shape) -> Element:
    parts = [
        words(shortened(conflict.topic, shape.characters), bold=True),
        words(f"  ({conflict.kind})"),
    ]
    for side in conflict.sides[: shape.sides]:
        parts += _side(side, marks, shape)
    if (more := len(conflict.sides) - shape.sides) > 0:
        parts.append(words(f"\nand {plural(more, 'more position')}", italic=True))
    return line(*parts)


def _side(side: Side, marks: Marks, shape: Shape) -> list[Element]:
    value = shortened(side.value, min(shape.characters, VALUE_CHARACTERS))
    parts = [words(f"\n{value} "), words(named(side.outlets, marks, shape))]
    if shape.proofs and side.quote:
        parts += [
            words(" "),
            words(in_marks(shortened(side.quote.text, shape.characters)), italic=True),
        ]
    return parts


def mark_of(outlet: str, marks: Marks) -> str:
    """Return the mark of an outlet."""
    return shortened(marks.get(outlet, outlet), MARK_CHARACTERS)
