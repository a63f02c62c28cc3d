"""Everything the bot says, in plain words, and what readers say of its answers.

The file of labels has a line of JSON for each vote and each form.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from summarizer.errors import SummarizerError, UsageError
from summarizer.render.block_kit import OPTIONS, Block, Message, escaped, line, plain, rich, words
from summarizer.render.blocks import answer, more, only, summary
from summarizer.report.parts import View
from summarizer.report.view import load_view
from summarizer.report.wording import one_line, shortened
from summarizer.slackbot.jobs import DOCUMENTS, Ask, Kind, Store, StoredReport
from summarizer.text.data import load

MESSAGE_CHARACTERS = 1_500  # the longest thing said that is not a report
OPTION_CHARACTERS = 75
NOTE_CHARACTERS = 1_000
LABELS = "labels.jsonl"  # the file of labels, in the bot's folder

WORDS = load("words", __package__)

MORE, DOCUMENT, MISTAKE, VOTE = "more", "document_", "mistake", "vote"
"""The names of the buttons' actions; that of a document's ends with its name."""

FORM = "mistake_form"
FACT, WRONG, NOTE = "fact", "wrong", "note"  # the fields of the form


def plain_message(text: str) -> Message:
    """Return a text as a message in which nothing is markup."""
    text = shortened(text, MESSAGE_CHARACTERS)
    return Message(escaped(text), (rich(line(words(text))),))


def explain(error: SummarizerError) -> str:
    """Return what went wrong, and what to do next in Slack."""
    hints = (WORDS["next"].get(kind.__name__) for kind in type(error).__mro__)
    return f"{one_line(error.message)} {next(filter(None, hints), '')}".strip()


def reply_message(ask: Ask, kept: StoredReport | None) -> Message:
    """Return the answer to what needs no comparison; ``kept`` is the report it is about."""
    if ask.kind in (Kind.BUSY, Kind.GIVEN_UP, Kind.HELP) or kept is None:
        return plain_message(WORDS.get(ask.kind, WORDS["no_report"]))
    if ask.kind is Kind.DOCUMENT:
        return plain_message(f"The report as {ask.word.upper()}:")
    view = load_view(kept.view)
    if ask.kind is Kind.ONLY:
        asked = shortened(one_line(ask.word), 60)
        outlets = ", ".join(shortened(each, 60) for each in view.outlets[:15])
        unknown = f"None of the outlets is called “{asked}”. There are: {outlets}."
        return only(view, ask.word) or plain_message(unknown)
    pages = more(view, ending=_answer_buttons(kept)) if kept.kind == "diff" else ()
    return pages[kept.pages] if kept.pages < len(pages) else plain_message(WORDS["no_more"])


def report_message(kept: StoredReport, view: View) -> Message:
    """Return the answer that a report is given with."""
    return (summary if kept.kind == "summary" else answer)(view, ending=_answer_buttons(kept))


def _answer_buttons(kept: StoredReport) -> list[Block]:
    shown = {DOCUMENT + name: name.upper() for name in DOCUMENTS}
    if kept.kind == "diff":
        shown = {MORE: "Show the rest", **shown, MISTAKE: "Report a mistake"}
    buttons = [
        {"type": "button", "action_id": action, "text": plain(text), "value": kept.id}
        for action, text in shown.items()
    ]
    vote = {
        "type": "feedback_buttons",
        "action_id": VOTE,
        "positive_button": {"text": plain("Right"), "value": f"right:{kept.id}"},
        "negative_button": {"text": plain("Wrong"), "value": f"wrong:{kept.id}"},
    }
    return [
        {"type": "actions", "elements": buttons},
        {"type": "context_actions", "elements": [vote]},
    ]


def mistake_form(view: View, report: str) -> dict[str, Any]:
    """Return the form on a report."""
    facts, wrongs = (
        [
            {"text": plain(shortened(text, OPTION_CHARACTERS) or "—"), "value": name}
            for name, text in options.items()
        ]
        for options in (dict(_form_choices(view)), WORDS["wrongs"])
    )
    note = {"type": "plain_text_input", "max_length": NOTE_CHARACTERS}
    blocks = [
        _input_block(FACT, "Which line?", {"type": "static_select", "options": facts[:OPTIONS]}),
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


def _form_choices(view: View) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each line; those of unique facts first."""
    lines = (each for section in view.sections for each in section.lines)
    yield from ((each.id, each.text) for each in lines if each.id)
    yield from ((each.id, f"Conflict: {each.topic}") for each in view.conflicts if each.id)


def _input_block(name: str, label: str, element: dict[str, Any]) -> Block:
    element = {**element, "action_id": name}
    return {"type": "input", "block_id": name, "label": plain(label), "element": element}


@dataclass(frozen=True, slots=True)
class Feedback:
    """Appends labels to a file. Of the reader, ``by``, only a hash is written.

    The store has the secret that it takes.
    """

    store: Store
    path: Path

    def vote(self, kept: StoredReport, *, right: bool, by: str) -> None:
        """Note what somebody thinks of a whole answer."""
        self._append_label(kept, by, label="right" if right else "wrong")

    def mistake(self, kept: StoredReport, *, fact: str, wrong: str, note: str, by: str) -> None:
        """Note what is wrong with the line of a fact or conflict: a key of ``wrongs``, a note."""
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
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab", buffering=0) as file:  # one write, so that no row is torn
            file.write(f"{json.dumps(row)}\n".encode())


def load_labels(folder: Path) -> list[dict[str, Any]]:
    """Return the labels in a bot's folder, the oldest first, or raise a UsageError.

    There are none where nobody has said anything.
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
    for each in (each for section in view.sections for each in section.lines):
        if each.id == fact:
            return {
                "text": each.text,
                "outlets": list(each.outlets),
                "quote": each.quote.text if each.quote else None,
                "nearest": each.nearest.text if each.nearest else None,
            }
    for conflict in view.conflicts:
        if conflict.id == fact:
            sides = "; ".join(f"{s.value} ({', '.join(s.outlets)})" for s in conflict.sides)
            return {"text": f"{conflict.topic}: {sides}"}
    return {}
