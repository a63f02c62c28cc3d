"""The coverage as a picture: a row for each outlet, a column for each fact, sorted in blocks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from summarizer.render.html.cards import Card, Group
from summarizer.render.html.outlets import Cell, Outlet, Outlets, cells
from summarizer.types import DiffReport, Fact, Status, Uniqueness, Verdict

FAINTEST = 0.1
"""Probability below which "not found" leaves its cell empty."""

LEVELS = 4
"""Shades of "not found", by how likely the outlet reports it after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripe:
    """One outlet's row: ``paths`` are SVG paths of unit cells by their class."""

    outlet: Outlet
    paths: tuple[tuple[str, str], ...]
    reported: int
    only: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Rows, the order of the columns (ids of facts), and the widths of the blocks."""

    stripes: tuple[Stripe, ...]
    columns: tuple[str, ...]
    blocks: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """How many facts two outlets both report; on the diagonal what is only in one."""

    outlets: tuple[Outlet, ...]
    rows: tuple[tuple[int, ...], ...]
    most: int


def matrix(report: DiffReport, groups: Sequence[Group], outlets: Outlets) -> Matrix:
    """Return the picture of the facts in ``groups``."""
    by_id = {fact.id: cells(fact, outlets) for fact in report.facts}
    status = {fact.id: _colour(fact) for fact in report.facts}
    ordered = [(group, sorted(group.cards, key=_block(group, status))) for group in groups]
    columns = tuple(card.id for _, cards in ordered for card in cards)
    reported = Counter(at for fact in report.facts for at in _reporting(by_id[fact.id]))
    only = Counter(
        outlet.index
        for fact in report.facts
        if fact.status is Status.UNIQUE
        for outlet in outlets.named(fact.outlets)
    )
    stripes = tuple(
        Stripe(
            outlet=outlet,
            paths=tuple(_paths(outlet.index, columns, by_id, status)),
            reported=reported[outlet.index],
            only=only[outlet.index],
        )
        for outlet in outlets.all
    )
    widths = [(group, len(cards)) for group, cards in ordered if cards]
    return Matrix(
        stripes=stripes,
        columns=columns,
        blocks=tuple((group.title, group.status, width) for group, width in widths),
    )


def sharing(report: DiffReport, outlets: Outlets) -> Sharing:
    """Return who shares how much with whom."""
    counts: Counter[tuple[int, int]] = Counter()
    for fact in report.facts:
        mine = sorted(outlet.index for outlet in outlets.named(fact.outlets))
        if len(mine) == 1:
            counts[mine[0], mine[0]] += 1
        for at, first in enumerate(mine):
            for second in mine[at + 1 :]:
                counts[second, first] += 1
    rows = tuple(
        tuple(counts[row, column] for column in range(row + 1)) for row in range(len(outlets))
    )
    shared = [count for (row, column), count in counts.items() if row != column]
    return Sharing(outlets=outlets.all, rows=rows, most=max(shared, default=0))


def _colour(fact: Fact) -> str:
    """Return the classes of a fact's status: that only one reports it is not always sure."""
    sure = fact.uniqueness in (None, Uniqueness.CONFIRMED)
    return fact.status.value if sure else f"{fact.status.value} unsure"


def _block(
    group: Group, status: Mapping[str, str]
) -> Callable[[Card], tuple[int, tuple[int, ...], str]]:
    """Return a key that puts facts of the same outlets beside each other, the largest set first.

    Of one outlet's own facts those that are sure come first.
    """
    sets = Counter(map(_reporting_set, group.cards))

    def key(card: Card) -> tuple[int, tuple[int, ...], str]:
        mine = _reporting_set(card)
        return -sets[mine], mine, status[card.id]

    return key


def _reporting_set(card: Card) -> tuple[int, ...]:
    return tuple(outlet.index for outlet, _ in card.outlets)


def _reporting(row: Mapping[int, Cell]) -> Iterator[int]:
    return (at for at, cell in row.items() if cell.mentioned)


def _paths(
    outlet: int,
    columns: Sequence[str],
    by_id: Mapping[str, Mapping[int, Cell]],
    status: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Yield a path for each class: runs of neighbouring columns that look alike are one box."""
    drawn: dict[str, list[str]] = defaultdict(list)
    looks = (_look(by_id[fact].get(outlet), status[fact]) for fact in columns)
    at = 0
    for look, run in groupby(looks):
        width = sum(1 for _ in run)
        if look:
            drawn[look].append(f"M{at} 0h{width}v1h-{width}z")
        at += width
    for look in sorted(drawn):
        yield look, "".join(drawn[look])


def _look(cell: Cell | None, status: str) -> str:
    if cell is None:
        return ""
    if cell.mentioned:
        return f"said {status}"
    if cell.verdict is Verdict.CONTRADICTED:
        return "against"
    if cell.verdict is Verdict.REPORTED:
        return "seems"
    if cell.probability < FAINTEST:
        return ""
    return f"near{min(int(cell.probability * 2 * LEVELS), LEVELS - 1)}"
