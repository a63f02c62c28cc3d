"""Everything the bot says besides reports, in plain words."""

from __future__ import annotations

from summarizer.errors import (
    BudgetReached,
    FetchFailed,
    FetchRefused,
    InputError,
    ServiceError,
    SummarizerError,
)
from summarizer.render.blocks import Message
from summarizer.render.blocks.elements import escaped, line, rich, words
from summarizer.report.safe import one_line, shortened

MESSAGE_CHARACTERS = 1_500
"""The longest thing said that is not a report."""

HELP = (
    "Give me links to articles on one event, or .txt, .md or .html files, and I say what all "
    "outlets report, what only one reports, and where they differ. One link is summarized. "
    "Afterwards, in the thread: “only Gazette”, “more”, “html”, “json”."
)
BUSY = "I am busy with other requests and have no room for one more. Please ask again in a while."
GIVEN_UP = (
    "I was interrupted while I worked on this, and have stopped trying. Nothing was lost on your "
    "side: please send it again."
)
NO_REPORT = (
    "I have no report in this thread, or no longer: reports are kept only for a while. "
    "Send the links again."
)
NO_LINKS = "I found no links and no .txt, .md or .html files in this thread."
NO_THREAD = (
    "I cannot read this thread ({cause}). Mention me with the links themselves, or "
    "share the articles as files."
)
NO_MORE = "That was all of it."
TAKEN = "On it. The answer comes as a thread in this channel."
NOT_HERE = "I cannot write here. Invite me to the channel (/invite) and ask again."
UNEXPECTED = (
    "Something went wrong that should not have. The log of the bot has the details; "
    "asking again may help."
)
TOO_LONG = "That took longer than {minutes:g} minutes, so I stopped. Try fewer or shorter articles."

_NEXT = {
    FetchRefused: "Give the public address of the article, or share it as a file.",
    FetchFailed: "Check the address, or save the page and share the file.",
    InputError: "Share the text of the article as a .txt file.",
    ServiceError: "Whoever runs the bot can find out more with `summarize slack check`.",
    BudgetReached: "Whoever runs the bot can raise the limit; tomorrow it starts anew.",
}
"""What to do next, in Slack: the hints of errors speak of the command line."""


def plain_message(text: str) -> Message:
    """Return a text as a message in which nothing is markup."""
    text = shortened(text, MESSAGE_CHARACTERS)
    return Message(escaped(text), (rich(line(words(text))),))


def explain(error: SummarizerError) -> str:
    """Return what went wrong, and what to do next in Slack."""
    message = one_line(error.message)
    for kind, hint in _NEXT.items():
        if isinstance(error, kind):
            return f"{message} {hint}"
    return message


def not_an_outlet(asked: str, outlets: tuple[str, ...]) -> str:
    """Return which outlets there are."""
    shown = ", ".join(shortened(each, 60) for each in outlets[:15])
    return f"None of the outlets is called “{shortened(one_line(asked), 60)}”. There are: {shown}."
