"""What a reader is shown of a report, as values: whole sentences, short lists, no layout.

All text in them is on one line and harmless (``safe.one_line``), and all outlets are called
what ``outlets.Names`` calls them.
"""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.report.outlets import Source
from summarizer.report.quotes import Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One position of a conflict."""

    value: str
    outlets: tuple[str, ...]
    quote: Quote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A conflict: the point, neutrally named, and what is held."""

    topic: str
    kind: str
    sides: tuple[Side, ...]
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What one outlet alone adds to a fact that others report too."""

    outlet: str
    text: str
    remark: str = ""
    nearest: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact: who reports it, in whose words, who adds what, and what speaks against it."""

    text: str
    outlets: tuple[str, ...]
    id: str = ""
    """The id of the fact; a sentence of a summary has none."""
    quote: Quote | None = None
    remark: str = ""
    nearest: Quote | None = None
    additions: tuple[Addition, ...] = ()
    more_additions: int = 0
    """Additions that are not shown."""
    differences: tuple[Dispute, ...] = ()
    """Conflicts on a point of this fact; each stands in full among the conflicts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, its lines, and how many more there are."""

    title: str
    lines: tuple[Line, ...]
    hidden: int
    outlet: str = ""
    empty: str = ""
    note: str = ""
    """What a reader must know of the whole section."""
    unsure: bool = False
    """Whether its lines are neither surely shared nor surely one outlet's alone."""

    @property
    def total(self) -> int:
        """Lines shown and not shown."""
        return len(self.lines) + self.hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The summary of one article."""

    source: Source
    sentences: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LedeItem:
    """A sentence of the lede, and the id of the fact or conflict that it is made from."""

    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class LedePart:
    """What the sentences that follow have in common ("All 3 report"), and the sentences."""

    lead: str
    items: tuple[LedeItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Values in rows; the first cell of a row is its name, the others are under ``head``."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole report, in the order it is read."""

    headline: str
    subtitle: str
    outlets: tuple[str, ...]
    sources: tuple[Source, ...]
    warnings: tuple[str, ...]
    lede: tuple[LedePart, ...]
    summaries: tuple[Summary, ...]
    conflicts: tuple[Dispute, ...]
    hidden_conflicts: int
    unique: tuple[Section, ...]
    consensus: Section
    shared: Section | None
    unsure: Section | None
    tables: tuple[Table, ...]
    notes: tuple[str, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The facts in the order they are read: only in one, in all, in several, unsure."""
        several = [section for section in (self.shared, self.unsure) if section]
        return (*self.unique, self.consensus, *several)
