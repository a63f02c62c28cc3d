"""Facts, conflicts and sources as lines of ``rich_text``, within the bounds of a shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer.render.blocks.elements import (
    Block,
    Element,
    line,
    linked,
    quoted,
    rich,
    titled_list,
    words,
)
from summarizer.report.parts import Dispute, LedePart, Line, Section, Side
from summarizer.report.punctuation import in_marks
from summarizer.report.safe import shortened
from summarizer.report.sources import Source, plural, remarks

Marks = Mapping[str, str]
"""The short mark of each outlet, see ``render.outlets``."""

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
