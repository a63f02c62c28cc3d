"""What people say of answers, appended to a label file: cases for ``summarize eval`` to look at."""

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

from summarizer.report.parts import Dispute, Line, View
from summarizer.report.view import load_view
from summarizer.slackbot.store import Store, StoredReport

LABELS = "labels.jsonl"
"""The file's name in the bot's folder."""

_TEXT = 1_000  # characters of one field


@dataclass(frozen=True, slots=True)
class Feedback:
    """Appends labels to a file.

    Args:
        store: Has the secret that users' ids are hashed with.
        path: The file.
    """

    store: Store
    path: Path
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def vote(self, kept: StoredReport, *, right: bool, team: str, user: str) -> None:
        """Note what somebody thinks of a whole answer."""
        self._append(kept, {"label": "right" if right else "wrong"}, team, user)

    def mistake(
        self, kept: StoredReport, *, fact: str, wrong: str, note: str, team: str, user: str
    ) -> None:
        """Note what somebody says is wrong with one line.

        Args:
            kept: The report.
            fact: The id of the fact or conflict.
            wrong: A key of ``controls.WRONGS``.
            note: What they add.
            team: Their workspace.
            user: Who they are; only a hash of it is written.
        """
        about = _about(load_view(kept.view), fact)
        self._append(kept, {"label": wrong, "note": note[:_TEXT], **about}, team, user)

    def _append(self, kept: StoredReport, row: dict[str, Any], team: str, user: str) -> None:
        view = load_view(kept.view)
        whole = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "report": kept.id,
            "by": self._hashed(f"{team}:{user}"),
            "headline": view.headline,
            "sources": [source.source for source in view.sources],
            "fact": None,
            "text": None,
            "outlets": [],
            "quote": None,
            "nearest": None,
            "note": "",
            **row,
        }
        line = json.dumps(whole, ensure_ascii=False) + "\n"
        with self._guard:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8", newline="\n") as file:
                file.write(line)

    def _hashed(self, user: str) -> str:
        secret = self.store.secret("labels")
        return hmac.new(secret, user.encode(), hashlib.sha256).hexdigest()[:16]


def _about(view: View, fact: str) -> dict[str, Any]:
    """Return what a line says, so that it can be looked at when the report is gone."""
    found = next((each for each in _all(view) if each.id == fact), None)
    if isinstance(found, Line):
        return {
            "fact": fact,
            "text": found.text,
            "outlets": list(found.outlets),
            "quote": found.quote.text if found.quote else None,
            "nearest": found.nearest.text if found.nearest else None,
        }
    if isinstance(found, Dispute):
        sides = "; ".join(f"{side.value} ({', '.join(side.outlets)})" for side in found.sides)
        return {"fact": fact, "text": f"{found.topic}: {sides}"}
    return {"fact": fact}


def _all(view: View) -> list[Line | Dispute]:
    sections = [view.consensus, *([view.shared] if view.shared else []), *view.unique]
    return [*(line for section in sections for line in section.lines), *view.conflicts]
