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
from summarizer.render.blocks.lines import Shape, conflicts, notes, section, sources
from summarizer.report.outlets import marks
from summarizer.report.safe import shortened
from summarizer.report.sources import plural
from summarizer.report.view import Section, View

SHAPES = (
    Shape(
        section=8,
        outlet=5,
        outlets=16,
        conflicts=8,
        sides=5,
        sources=16,
        named=12,
        notes=5,
        characters=400,
        quotes=True,
        proofs=True,
    ),
    Shape(
        section=6,
        outlet=5,
        outlets=16,
        conflicts=6,
        sides=4,
        sources=16,
        named=12,
        notes=5,
        characters=300,
        quotes=True,
        proofs=True,
    ),
    Shape(
        section=5,
        outlet=4,
        outlets=14,
        conflicts=5,
        sides=4,
        sources=14,
        named=12,
        notes=4,
        characters=250,
        quotes=True,
        proofs=True,
    ),
    Shape(
        section=5,
        outlet=4,
        outlets=14,
        conflicts=5,
        sides=4,
        sources=12,
        named=12,
        notes=4,
        characters=250,
        quotes=False,
        proofs=True,
    ),
    Shape(
        section=4,
        outlet=4,
        outlets=14,
        conflicts=4,
        sides=4,
        sources=12,
        named=10,
        notes=4,
        characters=220,
        quotes=False,
        proofs=True,
    ),
    Shape(
        section=4,
        outlet=3,
        outlets=12,
        conflicts=4,
        sides=3,
        sources=12,
        named=10,
        notes=3,
        characters=200,
        quotes=False,
        proofs=True,
    ),
    Shape(
        section=3,
        outlet=2,
        outlets=10,
        conflicts=3,
        sides=3,
        sources=8,
        named=8,
        notes=3,
        characters=160,
        quotes=False,
        proofs=False,
    ),
    Shape(
        section=2,
        outlet=1,
        outlets=8,
        conflicts=2,
        sides=2,
        sources=6,
        named=6,
        notes=2,
        characters=120,
        quotes=False,
        proofs=False,
    ),
    Shape(
        section=1,
        outlet=1,
        outlets=2,
        conflicts=1,
        sides=2,
        sources=2,
        named=4,
        notes=2,
        characters=80,
        quotes=False,
        proofs=False,
    ),
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
    if view.warnings:
        told = [line(words(each)) for each in notes(view.warnings, shape)]
        yield from titled_list([words("Before you read", bold=True)], told)
    yield from sources(view.sources, known, shape)
    for each in (view.consensus, view.shared):
        if each is not None:
            yield from section(each, known, shape, shape.section, "")
    for each in view.unique[: shape.outlets]:
        yield from section(each, known, shape, shape.outlet, "")
        under = below(each.outlet) if each.total else None
        if under is not None:
            yield under
    yield from _counted(view.unique[shape.outlets :])
    yield from conflicts(view.conflicts, view.hidden_conflicts, known, shape, "")
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
        unique=tuple(chain(unique, view.unique[shape.outlets :])),
        conflicts=view.conflicts[shape.conflicts :],
    )
