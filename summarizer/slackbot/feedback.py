"""What readers say of an answer: the file of labels, written and read."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from summarizer.errors import UsageError
from summarizer.report.parts import View
from summarizer.report.view import load_view
from summarizer.slackbot.replies import NOTE_CHARACTERS
from summarizer.slackbot.store import Store, StoredReport

LABELS = "labels.jsonl"  # the file's name in the bot's folder


@dataclass(frozen=True, slots=True)
class Feedback:
    """Appends labels to a file; the store has the secret that users' ids are hashed with."""

    store: Store
    path: Path
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def vote(self, kept: StoredReport, *, right: bool, by: str) -> None:
        """Note what somebody thinks of a whole answer."""
        self._append_label(kept, by, label="right" if right else "wrong")

    def mistake(self, kept: StoredReport, *, fact: str, wrong: str, note: str, by: str) -> None:
        """Note what somebody says is wrong with one line: a key of ``wrongs``, and a note.

        ``fact`` is the id of a fact or a conflict. Of the reader, ``by``, only a hash is written.
        """
        about = _describe_line(load_view(kept.view), fact)
        self._append_label(kept, by, label=wrong, note=note[:NOTE_CHARACTERS], fact=fact, **about)

    def _append_label(self, kept: StoredReport, by: str, **label: Any) -> None:
        view, secret = load_view(kept.view), self.store.secret("labels")
        row = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "report": kept.id,
            "by": hmac.new(secret, by.encode(), hashlib.sha256).hexdigest()[:16],
            "headline": view.headline,
            "sources": [source.source for source in view.sources],
            **label,
        }
        with self._guard:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8", newline="\n") as file:
                file.write(json.dumps(row) + "\n")


def load_labels(folder: Path) -> list[dict[str, Any]]:
    """Return the labels in a bot's folder, the oldest first; none where nobody has said anything.

    Raises:
        UsageError: The folder is not there, or its file of labels cannot be read.
    """
    path = folder / LABELS
    if not folder.is_dir():
        raise UsageError(
            f"There is no folder {folder}, so no bot has run with it.",
            "Run `summarize slack run`, or set folder, in the table [slack], to the bot's folder.",
        )
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", "Ask whoever runs the bot.") from error
    labels = []
    for number, row in enumerate(text.split("\n"), start=1):
        try:
            label = json.loads(row) if row.strip() else None
        except ValueError as error:
            hint = "Remove the line; a full disk can cut one off."
            raise UsageError(f"{path}, line {number}, is not JSON.", hint) from error
        labels += [label] if isinstance(label, dict) else []
    return labels


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
