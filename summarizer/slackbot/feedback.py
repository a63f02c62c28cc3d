"""What readers say of an answer: the file of labels, and what is wrong by them."""

from __future__ import annotations

import hashlib
import hmac
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from summarizer.errors import UsageError
from summarizer.report.parts import View
from summarizer.report.view import load_view
from summarizer.schemas import FeedbackRow
from summarizer.slackbot.replies import NOTE_CHARACTERS
from summarizer.slackbot.store import Store, StoredReport

LABELS = "labels.jsonl"  # the file's name in the bot's folder
RIGHT = "right"  # the label of an answer that nobody need look at


@dataclass(frozen=True, slots=True)
class Feedback:
    """Appends labels to a file; the store has the secret that users' ids are hashed with."""

    store: Store
    path: Path
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def vote(self, kept: StoredReport, *, right: bool, by: str) -> None:
        """Note what somebody thinks of a whole answer."""
        self._append_label(kept, by, label=RIGHT if right else "wrong")

    def mistake(self, kept: StoredReport, *, fact: str, wrong: str, note: str, by: str) -> None:
        """Note what somebody says is wrong with one line: a key of ``WRONGS``, and a note.

        ``fact`` is the id of a fact or a conflict. Of the reader, ``by``, only a hash is written.
        """
        about = _describe_line(load_view(kept.view), fact)
        self._append_label(kept, by, label=wrong, note=note[:NOTE_CHARACTERS], fact=fact, **about)

    def _append_label(self, kept: StoredReport, by: str, **label: Any) -> None:
        view, secret = load_view(kept.view), self.store.secret("labels")
        about = dict.fromkeys(("fact", "text", "quote", "nearest")) | {"outlets": [], "note": ""}
        row = FeedbackRow(
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            report=kept.id,
            by=hmac.new(secret, by.encode(), hashlib.sha256).hexdigest()[:16],
            headline=view.headline,
            sources=[source.source for source in view.sources],
            **{**about, **label},
        )
        with self._guard:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8", newline="\n") as file:
                file.write(row.model_dump_json() + "\n")


def _describe_line(view: View, fact: str) -> dict[str, Any]:
    """Return what a line says, so that it can be looked at when the report is gone."""
    for line in (line for section in view.sections for line in section.lines):
        if line.id == fact:
            return {
                "text": line.text,
                "outlets": list(line.outlets),
                "quote": line.quote.text if line.quote else None,
                "nearest": line.nearest.text if line.nearest else None,
            }
    for conflict in view.conflicts:
        if conflict.id == fact:
            sides = "; ".join(f"{s.value} ({', '.join(s.outlets)})" for s in conflict.sides)
            return {"text": f"{conflict.topic}: {sides}"}
    return {}


class Complaint(NamedTuple):
    """What some readers say is wrong with one line, or with a whole report, as one of them put it.

    ``notes`` are those of all.
    """

    row: FeedbackRow
    readers: int
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as values for JSON, without what only says who wrote when."""
        about = self.row.model_dump(exclude={"at", "by", "quote", "note"})
        return {**about, "text": self.row.text or "", "readers": self.readers, "notes": self.notes}


def load_feedback(path: Path) -> tuple[FeedbackRow, ...]:
    """Return the rows of a label file, in their order.

    Raises:
        UsageError: It cannot be read, or a row is none; the message has the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read.", "Give the file labels.jsonl of the Slack app's folder."
        ) from error
    rows = []
    # Not splitlines: a note may hold U+2028, which JSON leaves as it is.
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            rows += [FeedbackRow.parse(line)] if line.strip() else []
        except ValueError as error:
            raise UsageError(f"{path}:{number}: {error}") from error
    return tuple(rows)


def complaints(rows: Iterable[FeedbackRow]) -> tuple[Complaint, ...]:
    """Return what is said to be wrong, most readers first.

    What a reader says later of the same line takes the place of what they said before.
    """
    last = {(row.report, row.fact, row.by): row for row in rows}
    together: dict[tuple[str, str | None, str], list[FeedbackRow]] = {}
    for row in last.values():
        if row.label != RIGHT:
            together.setdefault((row.report, row.fact, row.label), []).append(row)
    cases = [
        Complaint(same[0], len(same), tuple(row.note for row in same if row.note))
        for same in together.values()
    ]
    return tuple(sorted(cases, key=lambda each: -each.readers))
