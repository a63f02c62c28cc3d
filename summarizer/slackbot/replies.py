"""Everything the bot says, in plain words: texts, answers from a report, buttons and the form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from summarizer.errors import SummarizerError
from summarizer.render.block_kit import OPTIONS, Block, Message, escaped, line, plain, rich, words
from summarizer.render.blocks import answer, more, only, summary
from summarizer.report.parts import View
from summarizer.report.view import load_view
from summarizer.report.wording import one_line, shortened
from summarizer.slackbot.jobs import DOCUMENTS, Ask, Kind
from summarizer.slackbot.store import StoredReport
from summarizer.text.data import load

MESSAGE_CHARACTERS = 1_500  # the longest thing said that is not a report
OPTION_CHARACTERS = 75
NOTE_CHARACTERS = 1_000

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
    ending = _answer_buttons(kept)
    if kept.kind == "summary":
        return summary(view, ending=ending)
    return answer(view, ending=ending)


def _answer_buttons(kept: StoredReport) -> list[Block]:
    buttons = [_button_element(DOCUMENT + name, name.upper(), kept.id) for name in DOCUMENTS]
    if kept.kind == "diff":
        buttons.insert(0, _button_element(MORE, "Show the rest", kept.id))
        buttons.append(_button_element(MISTAKE, "Report a mistake", kept.id))
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


def _button_element(action: str, text: str, value: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": plain(text), "value": value}


def mistake_form(view: View, report: str) -> dict[str, Any]:
    """Return the form on a report."""
    lines = dict(_form_choices(view))
    facts, wrongs = (
        [
            {"text": plain(shortened(text, OPTION_CHARACTERS) or "—"), "value": name}
            for name, text in options.items()
        ]
        for options in (lines, WORDS["wrongs"])
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
