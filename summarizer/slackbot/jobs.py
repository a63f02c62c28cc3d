"""What was asked, where, and how far it is; and what the words of a message ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape
from pathlib import PurePosixPath
from typing import Any

from summarizer.sources.inputs import SUFFIXES

DOCUMENTS = ("html", "json")
"""The documents that go with an answer, by what they are asked for and the ending of the file."""

MOST_SOURCES = 20  # links and files of one request; a diff of more is no message that anybody reads

_NO_TEXT = ("image/", "video/", "audio/")
"""Kinds of files that nobody takes for an article, so nobody has to be told that they are none."""

_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>|(https?://[^\s<>|]+)", re.IGNORECASE)
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_ONLY = re.compile(r"only(?:\s+in)?\s+(.+)", re.IGNORECASE | re.DOTALL)
_MORE = frozenset({"more", "show more", "show the rest", "the rest"})
_COMPARE_THREAD = frozenset({"", "compare", "diff", "compare these", "compare the links"})


class Kind(StrEnum):
    """What a request wants, or why nothing is done."""

    COMPARE = "compare"
    THREAD = "thread"
    ONLY = "only"
    MORE = "more"
    DOCUMENT = "document"
    HELP = "help"
    BUSY = "busy"
    GIVEN_UP = "given_up"


class Lane(StrEnum):
    """Comparisons take minutes, everything else is told at once."""

    SLOW = "slow"
    QUICK = "quick"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFile:
    """A file in Slack, as an event tells of it."""

    id: str
    name: str
    url: str
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is wanted.

    ``word`` is the outlet of "only" or the name of a document, ``report`` the report that a button
    stands under, ``left_out`` why some of what was asked for is not among the links and files.
    """

    kind: Kind
    links: tuple[str, ...] = ()
    files: tuple[SharedFile, ...] = ()
    word: str = ""
    report: str = ""
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the answer goes; ``thread`` is empty where it has none yet (a slash command)."""

    team: str
    channel: str
    thread: str
    user: str
    enterprise: str = ""
    response_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A request that was taken on. ``at`` is when, in seconds since 1970."""

    id: str
    ask: Ask
    place: Place
    at: float
    attempts: int = 0

    @property
    def lane(self) -> Lane:
        """Who takes it."""
        slow = self.ask.kind in (Kind.COMPARE, Kind.THREAD)
        return Lane.SLOW if slow else Lane.QUICK

    def turned(self, kind: Kind) -> Job:
        """Return the job as one that only tells why nothing is done."""
        return replace(self, ask=Ask(kind=kind))


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
    return Ask(kind=Kind.THREAD if in_thread and word in _COMPARE_THREAD else Kind.HELP)


def comparison(links: Sequence[str], files: Sequence[Mapping[str, Any]]) -> Ask:
    """Return the request to compare links and files, and what of them is left out.

    What is left out has to be told: "only X reports this" holds for what was compared.
    """
    shared: dict[str, SharedFile] = {}
    problems: list[str] = []
    for file in files:
        name, key = str(file.get("name") or ""), str(file.get("id") or "")
        url = str(file.get("url_private_download") or file.get("url_private") or "")
        if PurePosixPath(name).suffix.lower() in SUFFIXES:
            shared[key] = SharedFile(id=key, name=name, url=url, size=int(file.get("size") or 0))
        elif not name:  # Slack tells none of some files that other companies share
            problems.append("A file of which Slack tells me nothing; share it yourself.")
        elif not str(file.get("mimetype") or "").startswith(_NO_TEXT):
            problems.append(f"{name} is no .txt, .md or .html file.")
    count = len(links) + len(shared)
    kept_links = tuple(links)[:MOST_SOURCES]
    if count > MOST_SOURCES:
        over = f"{count - MOST_SOURCES} of {count} articles; I compare at most {MOST_SOURCES}."
        problems.append(over)
    return Ask(
        kind=Kind.COMPARE,
        links=kept_links,
        files=tuple(shared.values())[: MOST_SOURCES - len(kept_links)],
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
