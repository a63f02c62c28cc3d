"""What was asked, where, and how far it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

DOCUMENTS = ("html", "json")
"""The documents that go with an answer, by what they are asked for and the ending of the file."""


class Kind(StrEnum):
    """What a request wants."""

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


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class Accepted(StrEnum):
    """What became of a delivery."""

    NEW = "new"
    BUSY = "busy"
    SEEN = "seen"


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

    ``word`` is the outlet of "only", the name of a document, or why nothing can be done;
    ``report`` the report that a button stands under, ``left_out`` why some of what was asked for
    is not among the links and files.
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

    def turned(self, kind: Kind, word: str = "") -> Job:
        """Return the job as one that only tells why nothing is done."""
        return replace(self, ask=Ask(kind=kind, word=word))


def dump(value: Ask | Place) -> str:
    """Return what was asked, or where, as JSON."""
    return json.dumps(asdict(value), ensure_ascii=False)


def load_ask(text: str) -> Ask:
    """Return what ``dump`` wrote."""
    ask: dict[str, Any] = json.loads(text)
    files = tuple(SharedFile(**each) for each in ask["files"])
    lists = {name: tuple(ask.get(name, ())) for name in ("links", "left_out")}
    return Ask(**{**ask, **lists, "kind": Kind(ask["kind"]), "files": files})


def load_place(text: str) -> Place:
    """Return what ``dump`` wrote."""
    return Place(**json.loads(text))
