"""What a message asks for: its links and files, or a word on the report of its thread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import unescape
from pathlib import PurePosixPath
from typing import Any

from summarizer.slackbot.attachments import ATTACHMENTS
from summarizer.slackbot.jobs import Ask, Kind, SharedFile
from summarizer.sources.inputs import SUFFIXES

MOST_SOURCES = 20
"""Links and files of one request; a diff of more is no message that anybody reads."""

_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>|(https?://[^\s<>|]+)", re.IGNORECASE)
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_ONLY = re.compile(r"only(?:\s+in)?\s+(.+)", re.IGNORECASE | re.DOTALL)
_MORE = frozenset({"more", "show more", "show the rest", "the rest"})


def understood(text: str, files: Iterable[Mapping[str, Any]] = (), *, in_thread: bool) -> Ask:
    """Return what a message asks for.

    Args:
        text: The message as Slack sends it, links in angle brackets.
        files: The files shared with it.
        in_thread: Whether it is a reply: without links of its own it is about the thread's.
    """
    links, shared = links_in(text), files_in(files)
    if links or shared:
        return Ask(kind=Kind.COMPARE, links=links, files=shared)
    said = unescape(_MENTION.sub(" ", text)).strip()
    word = " ".join(said.split()).strip(" .!?").lower()
    if word in _MORE:
        return Ask(kind=Kind.MORE)
    if word.removeprefix("as ") in {each.name for each in ATTACHMENTS}:
        return Ask(kind=Kind.DOCUMENT, word=word.removeprefix("as "))
    if only := _ONLY.fullmatch(said):
        return Ask(kind=Kind.ONLY, word=only[1].strip()[:200])
    if in_thread and word in {"", "compare", "diff", "compare these", "compare the links"}:
        return Ask(kind=Kind.THREAD)
    return Ask(kind=Kind.HELP)


def links_in(text: str) -> tuple[str, ...]:
    """Return the web addresses in a message, each once."""
    found = [unescape(match[1] or match[2]) for match in _LINK.finditer(text)]
    return tuple(dict.fromkeys(found))[:MOST_SOURCES]


def files_in(files: Iterable[Mapping[str, Any]]) -> tuple[SharedFile, ...]:
    """Return the files that can be read as articles."""
    kept = []
    for each in files:
        name = str(each.get("name") or "")
        if PurePosixPath(name).suffix.lower() in SUFFIXES:
            kept.append(
                SharedFile(
                    id=str(each.get("id") or ""),
                    name=name,
                    url=str(each.get("url_private_download") or each.get("url_private") or ""),
                    size=int(each.get("size") or 0),
                )
            )
    return tuple({each.id: each for each in kept}.values())[:MOST_SOURCES]
