"""Buttons below an answer, and the form in which a mistake is reported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from summarizer.render.blocks import Block
from summarizer.render.blocks.elements import plain
from summarizer.render.blocks.limits import OPTIONS
from summarizer.report.parts import Line, View
from summarizer.report.safe import shortened
from summarizer.slackbot.attachments import ATTACHMENTS

MORE, DOCUMENT, MISTAKE, VOTE = "more", "document_", "mistake", "vote"
"""The names of the buttons' actions; that of a document's ends with its name."""

FORM = "mistake_form"
FACT, WRONG, NOTE = "fact", "wrong", "note"
"""The fields of the form."""

OPTION_CHARACTERS = 75
TITLE_CHARACTERS = 24

WRONGS = {
    "others_report_it": "Another outlet reports it too",
    "not_in_article": "The article does not say so",
    "not_same": "These are different things, not one",
    "not_a_fact": "That is no fact of the story",
    "other": "Something else",
}
"""What may be wrong with a line, by the name it has in the label file."""


def ending(report: str, kind: str) -> list[Block]:
    """Return the buttons at the end of an answer.

    Args:
        report: The id of the report.
        kind: "diff" or "summary".
    """
    buttons = [_button(DOCUMENT + each.name, each.name.upper(), report) for each in ATTACHMENTS]
    if kind == "diff":
        buttons.insert(0, _button(MORE, "Show the rest", report))
        buttons.append(_button(MISTAKE, "Report a mistake", json.dumps([report, ""])))
    return [{"type": "actions", "elements": buttons}, _vote(report)]


def below(report: str, outlet: str) -> Block:
    """Return the button below the facts of one outlet."""
    value = json.dumps([report, shortened(outlet, 200)])
    return {
        "type": "actions",
        "elements": [_button(MISTAKE, "Others report one of these", value)],
    }


def form(view: View, report: str, outlet: str) -> dict[str, Any]:
    """Return the form, for the lines of one outlet or for all.

    Args:
        view: The report.
        report: Its id.
        outlet: The outlet whose button was pressed; empty for all.
    """
    lines = list(_lines(view, outlet))[:OPTIONS]
    if not lines:
        lines = list(_lines(view, ""))[:OPTIONS]
    blocks = [
        _input(FACT, "Which line?", {"type": "static_select", "options": _options(lines)}),
        _input(
            WRONG,
            "What is wrong?",
            {
                "type": "radio_buttons",
                "options": [_option(text, name) for name, text in WRONGS.items()],
            },
        ),
        {
            **_input(NOTE, "Anything to add?", {"type": "plain_text_input", "max_length": 1_000}),
            "optional": True,
        },
    ]
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": report,
        "title": plain("Report a mistake"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": blocks if lines else [{"type": "section", "text": plain("There are no lines.")}],
    }


def _lines(view: View, outlet: str) -> Iterator[tuple[str, str]]:
    """Yield the id and the text of each line; those of unique facts first."""
    named = [each for each in view.unique if not outlet or each.outlet.startswith(outlet)]
    sections = (
        named if outlet else [*named, view.consensus, *([view.shared] if view.shared else [])]
    )
    found: list[Line] = [line for section in sections for line in section.lines]
    seen = {line.id: line.text for line in found if line.id}
    yield from seen.items()
    if not outlet:
        yield from ((each.id, f"Conflict: {each.topic}") for each in view.conflicts if each.id)


def _options(lines: list[tuple[str, str]]) -> list[dict[str, Any]]:
    return [_option(text, name) for name, text in lines]


def _option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(shortened(text, OPTION_CHARACTERS) or "—"), "value": value}


def _input(name: str, label: str, element: dict[str, Any]) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {**element, "action_id": name},
    }


def _button(action: str, text: str, value: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": plain(text), "value": value}


def _vote(report: str) -> Block:
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": VOTE,
                "positive_button": {"text": plain("Right"), "value": f"right:{report}"},
                "negative_button": {"text": plain("Wrong"), "value": f"wrong:{report}"},
            }
        ],
    }
