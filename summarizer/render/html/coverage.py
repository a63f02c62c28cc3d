"""The coverage as a picture: how much of what each outlet reports the others have, too."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from summarizer.render.html.outlets import Outlet
from summarizer.report.outlets import Names
from summarizer.report.parts import Table
from summarizer.types import DiffReport, Status, Uniqueness


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One outlet's facts, counted by who else reports them; ``read`` says whether it has any."""

    outlet: Outlet
    consensus: int
    shared: int
    unique: int
    total: int
    """All facts of the outlet, also those of which it is not sure who else reports them."""
    read: bool


def bars(report: DiffReport, outlets: tuple[Outlet, ...], names: Names) -> tuple[Bar, ...]:
    """Return a bar for each outlet, in the order of the report."""
    counts = Counter(
        (names.of(outlet), fact.status)
        for fact in report.facts
        for outlet in fact.outlets
        if fact.uniqueness is not Uniqueness.DISPUTED
    )
    totals = Counter(names.of(outlet) for fact in report.facts for outlet in fact.outlets)
    return tuple(
        Bar(
            outlet=outlet,
            consensus=counts[outlet.name, Status.CONSENSUS],
            shared=counts[outlet.name, Status.SHARED],
            unique=counts[outlet.name, Status.UNIQUE],
            total=totals[outlet.name],
            read=outlet.name in names.read,
        )
        for outlet in outlets
    )


def sharing(report: DiffReport, outlets: tuple[Outlet, ...], names: Names) -> Table | None:
    """Return how many facts each two outlets both report; None where there are only two."""
    if len(outlets) < 3:
        return None
    pairs: Counter[tuple[str, str]] = Counter()
    for fact in report.facts:
        mine = names.several(dict.fromkeys(fact.outlets))
        pairs.update((a, b) for a in mine for b in mine if a != b)
    rows = tuple(
        (
            row.name,
            *("" if row is other else str(pairs[row.name, other.name]) for other in outlets),
        )
        for row in outlets
    )
    title = "How many facts each two outlets both report"
    return Table(title=title, head=tuple(outlet.mark for outlet in outlets), rows=rows)
