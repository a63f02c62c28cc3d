"""What a message asks for: its links and files, or a word on the report of its thread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import unescape
from pathlib import PurePosixPath
from typing import Any

from summarizer.slackbot.jobs import DOCUMENTS, Ask, Kind, SharedFile
from summarizer.sources.inputs import SUFFIXES

MOST_SOURCES = 20
"""Links and files of one request; a diff of more is no message that anybody reads."""

_NO_TEXT = ("image/", "video/", "audio/")
"""Kinds of files that nobody takes for an article, so nobody has to be told that they are none."""

_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>|(https?://[^\s<>|]+)", re.IGNORECASE)
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_ONLY = re.compile(r"only(?:\s+in)?\s+(.+)", re.IGNORECASE | re.DOTALL)
_MORE = frozenset({"more", "show more", "show the rest", "the rest"})


def parse_request(text: str, files: Iterable[Mapping[str, Any]] = (), *, in_thread: bool) -> Ask:
    """Return what a message asks for; Slack sends its links in angle brackets.

    ``in_thread`` is whether it is a reply: without links of its own it is about the thread's.
    """
    ask = comparison(links_in(text), tuple(files))
    if ask.links or ask.files:
        return ask
    words = unescape(_MENTION.sub(" ", text)).strip()
    word = " ".join(words.split()).strip(" .!?").lower()
    if word in _MORE:
        return Ask(kind=Kind.MORE)
    if word.removeprefix("as ") in DOCUMENTS:
        return Ask(kind=Kind.DOCUMENT, word=word.removeprefix("as "))
    if only := _ONLY.fullmatch(words):
        return Ask(kind=Kind.ONLY, word=only[1].strip()[:200])
    if in_thread and word in {"", "compare", "diff", "compare these", "compare the links"}:
        return Ask(kind=Kind.THREAD)
    return Ask(kind=Kind.HELP)


def comparison(links: Sequence[str], files: Sequence[Mapping[str, Any]]) -> Ask:
    """Return the request to compare links and files, and what of them is left out.

    What is left out has to be told: "only X reports this" holds for what was compared.
    """
    shared = files_in(files)
    kept_links = tuple(links)[:MOST_SOURCES]
    kept_files = shared[: MOST_SOURCES - len(kept_links)]
    count = len(links) + len(shared)
    over = count - len(kept_links) - len(kept_files)
    problems = [
        *(_why_unreadable(each) for each in files if _is_unreadable(each)),
        *([f"{over} of {count} articles; I compare at most {MOST_SOURCES}."] if over else []),
    ]
    return Ask(
        kind=Kind.COMPARE,
        links=kept_links,
        files=kept_files,
        left_out=tuple(dict.fromkeys(problems)),
    )


def links_in(text: str) -> tuple[str, ...]:
    """Return the web addresses in a message, each once."""
    links = (unescape(match[1] or _without_stop(match[2])) for match in _LINK.finditer(text))
    return tuple(dict.fromkeys(links))


def _without_stop(address: str) -> str:
    """Return an address as a slash command has it, bare, without what the sentence put behind."""
    kept = address.rstrip(".,;:!?\"'”’")
    if kept.endswith(")") and "(" not in kept:
        return _without_stop(kept[:-1])
    return kept


def files_in(files: Iterable[Mapping[str, Any]]) -> tuple[SharedFile, ...]:
    """Return the files that can be read as articles."""
    kept = [
        SharedFile(
            id=str(each.get("id") or ""),
            name=_file_name(each),
            url=str(each.get("url_private_download") or each.get("url_private") or ""),
            size=int(each.get("size") or 0),
        )
        for each in files
        if _is_readable(each)
    ]
    return tuple({each.id: each for each in kept}.values())


def _file_name(file: Mapping[str, Any]) -> str:
    return str(file.get("name") or "")


def _why_unreadable(file: Mapping[str, Any]) -> str:
    """Return why a file is not read; of some that other companies share Slack tells no name."""
    if name := _file_name(file):
        return f"{name} is no .txt, .md or .html file."
    return "A file of which Slack tells me nothing; share it yourself."


def _is_readable(file: Mapping[str, Any]) -> bool:
    return PurePosixPath(_file_name(file)).suffix.lower() in SUFFIXES


def _is_unreadable(file: Mapping[str, Any]) -> bool:
    return not _is_readable(file) and not str(file.get("mimetype") or "").startswith(_NO_TEXT)
