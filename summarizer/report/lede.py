"""The lede: a report in a paragraph, made from its facts and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.report.parts import Dispute, LedeItem, LedePart, Line, Section
from summarizer.report.safe import shortened

AGREED = 2
"""Facts told of what all, or most, report."""
DIFFERENCES = 3
"""Conflicts told."""
OUTLETS = 6
"""Outlets of which it is told what only they have."""
POSITIONS = 4
"""Positions told of one conflict."""
CHARACTERS = 220
"""The longest fact told; longer ones are not, for a lede has no room and must not cut them."""

_POINTS_BACK = re.compile(
    r"\W*(?:(?:and|but|so|with|for|to|from|in|at|of)\s)?"
    r"(?:he|she|it|they|her|him|them|his|hers|its|their|theirs|this|that|these|those|here)\b",
    re.IGNORECASE,
)
"""Words at the beginning of a line that mean something said before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An article that could not be read, and why."""

    outlet: str
    reason: str


def lede(
    *,
    shared: Sequence[Section],
    conflicts: Sequence[Dispute],
    unique: Sequence[Section],
    unsure: Section | None,
    unread: Sequence[Unread],
) -> tuple[LedePart, ...]:
    """Return what a reader in a hurry must know.

    Args:
        shared: What all report, and after it what several report.
        conflicts: The conflicts, the most salient first.
        unique: What only one outlet reports, a section for each.
        unsure: What perhaps only one reports.
        unread: Articles that gave nothing.
    """
    parts = (*_agreed(shared), *_differences(conflicts), *_only(unique, unsure), *_unread(unread))
    return tuple(part for part in parts if part.items)


def _agreed(shared: Sequence[Section]) -> Iterator[LedePart]:
    """Yield what the most outlets report: all of them, if there is such a fact."""
    for section in shared:
        lines = [line for line in section.lines if _stands_alone(line)]
        if lines:
            items = tuple(_item(line) for line in lines[:AGREED])
            yield LedePart(f"{section.title}:", items)
            return


def _differences(conflicts: Sequence[Dispute]) -> Iterator[LedePart]:
    items = tuple(LedeItem(_difference(each), each.id) for each in conflicts[:DIFFERENCES])
    yield LedePart("They differ:", items)


def _difference(dispute: Dispute) -> str:
    values = [
        f"{shortened(side.value, CHARACTERS // 2)} ({_named(side.outlets)})"
        for side in dispute.sides[:POSITIONS]
    ]
    more = len(dispute.sides) - len(values)
    rest = f"; {more} more" if more > 0 else ""
    topic = shortened(dispute.topic, CHARACTERS).rstrip(".:")
    return f"{topic[:1].upper()}{topic[1:]}: {'; '.join(values)}{rest}."


def _named(outlets: Sequence[str]) -> str:
    more = len(outlets) - POSITIONS
    rest = f" and {more} more" if more > 0 else ""
    return f"{', '.join(outlets[:POSITIONS])}{rest}"


def _only(unique: Sequence[Section], unsure: Section | None) -> Iterator[LedePart]:
    """Yield the best that each outlet alone reports: surely, else perhaps."""
    for section in unique[:OUTLETS]:
        doubted = (
            [line for line in unsure.lines if section.outlet in line.outlets] if unsure else []
        )
        for lead, lines in (("Only", section.lines), ("Perhaps only", doubted)):
            best = next(filter(_stands_alone, lines), None)
            if best is not None:
                yield LedePart(f"{lead} {section.outlet} reports:", (_item(best),))
                break


def _stands_alone(line: Line) -> bool:
    """Return whether a line is short and whole, and means the same without what it follows."""
    cut = line.text.startswith("…") or line.text.endswith("…")
    return not cut and len(line.text) <= CHARACTERS and not _POINTS_BACK.match(line.text)


def _item(line: Line) -> LedeItem:
    text = line.text
    return LedeItem(text if text[-1:] in ".!?\"”'»" else f"{text}.", line.id)


def _unread(unread: Sequence[Unread]) -> Iterator[LedePart]:
    """Say what could not be read, so that nobody takes its silence for news."""
    items = tuple(
        LedeItem(f"{each.outlet} ({each.reason})." if each.reason else f"{each.outlet}.")
        for each in unread
    )
    if items:
        said = LedeItem("Nothing is said here of what it does not report.")
        many = LedeItem("Nothing is said here of what they do not report.")
        yield LedePart("Could not be read:", (*items, said if len(items) == 1 else many))
