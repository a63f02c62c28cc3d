"""The answer to a request: as much of a diff as one message holds, the rest of it counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from summarizer.render.blocks.elements import (
    Block,
    Message,
    context,
    escaped,
    header,
    line,
    rich,
    titled_list,
    words,
)
from summarizer.render.blocks.limits import fits
from summarizer.render.blocks.lines import Shape, conflicts, lede, notes, section, sources
from summarizer.report.outlets import marks
from summarizer.report.parts import Section, View
from summarizer.report.safe import shortened
from summarizer.report.sources import plural

SHAPES = tuple(
    Shape(*numbers)
    for numbers in (
        # section, outlet, outlets, conflicts, sides, sources, named, notes, characters,
        # quotes, proofs
        (8, 5, 16, 8, 5, 16, 12, 5, 400, True, True),
        (6, 5, 16, 6, 4, 16, 12, 5, 300, True, True),
        (5, 4, 14, 5, 4, 14, 12, 4, 250, True, True),
        (5, 4, 14, 5, 4, 12, 12, 4, 250, False, True),
        (4, 4, 14, 4, 4, 12, 10, 4, 220, False, True),
        (4, 3, 12, 4, 3, 12, 10, 3, 200, False, True),
        (3, 2, 10, 3, 3, 8, 8, 3, 160, False, False),
        (2, 1, 8, 2, 2, 6, 6, 2, 120, False, False),
        (1, 1, 2, 1, 2, 2, 4, 2, 80, False, False),
    )
)
"""How much is shown, the first that fits. The first one shows what a terminal shows
(``view.SALIENT``). Quotes of facts are given up first, those of conflicts late: a conflict is
nothing without them. The last shape fits whatever the report is."""

OUTLETS_COUNTED = 10
"""Outlets whose unique facts are counted in a line, where there is no room for the facts."""

Below = Callable[[str], Block | None]
"""Returns a block to stand below the facts of one outlet, if any."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A message, and the shape in which the report fitted into it."""

    message: Message
    shape: Shape


def answer(
    view: View, *, ending: Sequence[Block] = (), below: Below = lambda outlet: None
) -> Message:
    """Return a diff as one message.

    Args:
        view: The whole report (``view.EVERYTHING``).
        ending: Blocks that stand at the end, whatever else has room.
        below: Gives a block for below the facts that only one outlet has.
    """
    return choose(view, ending=ending, below=below).message


def choose(
    view: View, *, ending: Sequence[Block] = (), below: Below = lambda outlet: None
) -> Chosen:
    """Return the answer and its shape: the fullest one that Slack takes."""
    for shape in SHAPES:
        blocks = [*_blocks(view, shape, below), *ending]
        if fits(blocks):
            break
    return Chosen(Message(told(view), tuple(blocks)), shape)


def told(view: View) -> str:
    """Return the answer in one line, for a notification."""
    alone = sum(each.total for each in view.unique)
    shared = view.shared.total if view.shared else 0
    parts = [
        f"Reported by all: {view.consensus.total:,}",
        *([f"by several: {shared:,}"] if view.shared else []),
        f"by one outlet only: {alone:,}",
        f"conflicts: {len(view.conflicts) + view.hidden_conflicts:,}",
    ]
    headline = shortened(view.headline, 150).rstrip(".")
    return f"{escaped(headline)}. {', '.join(parts)}."


def _blocks(view: View, shape: Shape, below: Below) -> Iterator[Block]:
    known = marks(view.outlets)
    yield header(view.headline)
    yield context(view.subtitle)
    yield from lede(view.lede, shape)
    if view.warnings:
        told = [line(words(each)) for each in notes(view.warnings, shape)]
        yield from titled_list([words("Before you read", bold=True)], told)
    yield from sources(view.sources, known, shape)
    yield from conflicts(view.conflicts, view.hidden_conflicts, known, shape, "")
    for each in view.unique[: shape.outlets]:
        yield from section(each, known, shape, shape.outlet, "")
        under = below(each.outlet) if each.total else None
        if under is not None:
            yield under
    yield from _counted(view.unique[shape.outlets :])
    for shared in view.sections[len(view.unique) :]:
        yield from section(shared, known, shape, shape.section, "")
    if view.notes:
        yield context(" ".join(notes(view.notes, shape)))


def _counted(rest: Sequence[Section]) -> Iterator[Block]:
    """Say how much is only in the outlets that have no room of their own."""
    if not rest:
        return
    told = [f"{shortened(each.outlet, 60)}: {each.total:,}" for each in rest[:OUTLETS_COUNTED]]
    if more := len(rest) - len(told):
        told.append(f"and {plural(more, 'more outlet')}")
    yield rich(line(words("Only in others", bold=True), words(f"\n{'; '.join(told)}")))


def remaining(view: View, shape: Shape) -> View:
    """Return what of a view was not shown in an answer of this shape."""

    def rest(found: Section, shown: int) -> Section:
        return replace(found, lines=found.lines[shown:])

    unique = [rest(each, shape.outlet) for each in view.unique[: shape.outlets]]
    return replace(
        view,
        consensus=rest(view.consensus, shape.section),
        shared=rest(view.shared, shape.section) if view.shared else None,
        unsure=rest(view.unsure, shape.section) if view.unsure else None,
        unique=tuple(chain(unique, view.unique[shape.outlets :])),
        conflicts=view.conflicts[shape.conflicts :],
    )
