"""What readers said of answers, put together into cases worth looking at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.schemas.feedback import FeedbackRow

RIGHT = "right"
"""The label of an answer that nobody need look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that readers say is wrong with one line, or with a whole report.

    Args:
        report: The report's id.
        headline: The report's headline.
        sources: What was compared, as it was given.
        label: What is wrong.
        fact: The line's id; None for the whole report.
        text: What the line says.
        outlets: Who reports it.
        nearest: The passage of another outlet that comes closest, if one was shown.
        readers: How many say so.
        notes: What they add.
    """

    report: str
    headline: str
    sources: tuple[str, ...]
    label: str
    fact: str | None
    text: str
    outlets: tuple[str, ...]
    nearest: str | None
    readers: int
    notes: tuple[str, ...]


def load_feedback(path: Path) -> tuple[FeedbackRow, ...]:
    """Return the rows of a label file, in their order.

    Raises:
        UsageError: It cannot be read, or a row is none; the message has the line.
    """
    return tuple(_rows(path))


def complaints(rows: Iterable[FeedbackRow]) -> tuple[Complaint, ...]:
    """Return what is said to be wrong, most readers first.

    What a reader says later of the same line takes the place of what they said before.
    """
    last = {(row.report, row.fact, row.by): row for row in rows}
    together: dict[tuple[str, str | None, str], list[FeedbackRow]] = {}
    for row in last.values():
        if row.label != RIGHT:
            together.setdefault((row.report, row.fact, row.label), []).append(row)
    found = [_complaint(same) for same in together.values()]
    return tuple(sorted(found, key=lambda each: -each.readers))


def _complaint(same: list[FeedbackRow]) -> Complaint:
    first = same[0]
    return Complaint(
        report=first.report,
        headline=first.headline,
        sources=tuple(first.sources),
        label=first.label,
        fact=first.fact,
        text=first.text or "",
        outlets=tuple(first.outlets),
        nearest=first.nearest,
        readers=len(same),
        notes=tuple(row.note for row in same if row.note),
    )


def _rows(path: Path) -> Iterator[FeedbackRow]:
    from summarizer.schemas.feedback import parse_feedback

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read.", "Give the file labels.jsonl of the Slack app's folder."
        ) from error
    # Not splitlines: a note may hold U+2028, which JSON leaves as it is.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield parse_feedback(line)
        except ValueError as error:
            raise UsageError(f"{path}:{number}: {error}") from error
