"""What readers say of an answer: its buttons, the file of labels, and what is wrong by them."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import UsageError
from summarizer.render.blocks import Block
from summarizer.render.blocks.elements import OPTIONS, plain
from summarizer.report.parts import View
from summarizer.report.safe import shortened
from summarizer.report.view import load_view
from summarizer.slackbot.jobs import DOCUMENTS
from summarizer.slackbot.store import Store, StoredReport

if TYPE_CHECKING:
    from summarizer.schemas.files import FeedbackRow

RIGHT = "right"
"""The label of an answer that nobody need look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that readers say is wrong with one line, or with a whole report.

    ``report`` and ``fact`` are ids, the fact's None for the whole report; ``sources`` what was
    compared, as it was given; ``label`` what is wrong, said by so many ``readers``; ``nearest``
    the passage of another outlet that comes closest, if one was shown.
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
    from summarizer.schemas.files import parse_feedback

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
            rows += [parse_feedback(line)] if line.strip() else []
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
    found = [
        Complaint(
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
        for same in together.values()
        for first in same[:1]
    ]
    return tuple(sorted(found, key=lambda each: -each.readers))


MORE, DOCUMENT, MISTAKE, VOTE = "more", "document_", "mistake", "vote"
"""The names of the buttons' actions; that of a document's ends with its name."""

FORM = "mistake_form"
FACT, WRONG, NOTE = "fact", "wrong", "note"
"""The fields of the form."""

OPTION_CHARACTERS = 75
NOTE_CHARACTERS = 1_000

WRONGS = {
    "others_report_it": "Another outlet reports it too",
    "not_in_article": "The article does not say so",
    "not_same": "These are different things, not one",
    "not_a_fact": "That is no fact of the story",
    "other": "Something else",
}
"""What may be wrong with a line, by the name it has in the label file."""

LABELS = "labels.jsonl"
"""The file's name in the bot's folder."""


def answer_buttons(report: str, kind: str) -> list[Block]:
    """Return the buttons at the end of an answer on a report, a "diff" or a "summary"."""
    buttons = [_button_element(DOCUMENT + name, name.upper(), report) for name in DOCUMENTS]
    if kind == "diff":
        buttons.insert(0, _button_element(MORE, "Show the rest", report))
        buttons.append(_button_element(MISTAKE, "Report a mistake", json.dumps([report, ""])))
    vote = {
        "type": "feedback_buttons",
        "action_id": VOTE,
        "positive_button": {"text": plain("Right"), "value": f"right:{report}"},
        "negative_button": {"text": plain("Wrong"), "value": f"wrong:{report}"},
    }
    return [
        {"type": "actions", "elements": buttons},
        {"type": "context_actions", "elements": [vote]},
    ]


def outlet_button(report: str, outlet: str) -> Block:
    """Return the button below the facts of one outlet."""
    value = json.dumps([report, shortened(outlet, 200)])
    return {
        "type": "actions",
        "elements": [_button_element(MISTAKE, "Others report one of these", value)],
    }


def mistake_form(view: View, report: str, outlet: str) -> dict[str, Any]:
    """Return the form on a report, for the lines of one outlet, or of all where it is empty."""
    lines = dict(_form_choices(view, outlet)) or dict(_form_choices(view, ""))
    facts = [_select_option(text, name) for name, text in lines.items()][:OPTIONS]
    wrongs = [_select_option(text, name) for name, text in WRONGS.items()]
    note = {"type": "plain_text_input", "max_length": NOTE_CHARACTERS}
    blocks = [
        _input_block(FACT, "Which line?", {"type": "static_select", "options": facts}),
        _input_block(WRONG, "What is wrong?", {"type": "radio_buttons", "options": wrongs}),
        {**_input_block(NOTE, "Anything to add?", note), "optional": True},
    ]
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": report,
        "title": plain("Report a mistake"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": blocks if facts else [{"type": "section", "text": plain("There are no lines.")}],
    }


def _form_choices(view: View, outlet: str) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each line; those of unique facts first."""
    lines = [
        line
        for section in view.unique
        if not outlet or section.outlet.startswith(outlet)
        for line in section.lines
    ]
    if not outlet:
        others = view.sections[len(view.unique) :]
        lines += [line for section in others for line in section.lines]
    yield from ((line.id, line.text) for line in lines if line.id)
    if not outlet:
        yield from ((each.id, f"Conflict: {each.topic}") for each in view.conflicts if each.id)


def _select_option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(shortened(text, OPTION_CHARACTERS) or "—"), "value": value}


def _input_block(name: str, label: str, element: dict[str, Any]) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {**element, "action_id": name},
    }


def _button_element(action: str, text: str, value: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": plain(text), "value": value}


@dataclass(frozen=True, slots=True)
class Feedback:
    """Appends labels to a file; the store has the secret that users' ids are hashed with."""

    store: Store
    path: Path
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def vote(self, kept: StoredReport, *, right: bool, by: str) -> None:
        """Note what somebody thinks of a whole answer."""
        self._append_label(kept, {"label": "right" if right else "wrong"}, by)

    def mistake(self, kept: StoredReport, *, fact: str, wrong: str, note: str, by: str) -> None:
        """Note what somebody says is wrong with one line: a key of ``WRONGS``, and a note.

        ``fact`` is the id of a fact or a conflict. Of the reader, ``by``, only a hash is written.
        """
        about = _describe_line(load_view(kept.view), fact)
        self._append_label(kept, {"label": wrong, "note": note[:NOTE_CHARACTERS], **about}, by)

    def _append_label(self, kept: StoredReport, row: dict[str, Any], by: str) -> None:
        view, secret = load_view(kept.view), self.store.secret("labels")
        whole = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "report": kept.id,
            "by": hmac.new(secret, by.encode(), hashlib.sha256).hexdigest()[:16],
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


def _describe_line(view: View, fact: str) -> dict[str, Any]:
    """Return what a line says, so that it can be looked at when the report is gone."""
    for line in (line for section in view.sections for line in section.lines):
        if line.id == fact:
            return {
                "fact": fact,
                "text": line.text,
                "outlets": list(line.outlets),
                "quote": line.quote.text if line.quote else None,
                "nearest": line.nearest.text if line.nearest else None,
            }
    for conflict in view.conflicts:
        if conflict.id == fact:
            sides = "; ".join(f"{s.value} ({', '.join(s.outlets)})" for s in conflict.sides)
            return {"fact": fact, "text": f"{conflict.topic}: {sides}"}
    return {"fact": fact}
