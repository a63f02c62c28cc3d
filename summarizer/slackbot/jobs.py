"""Jobs: what was asked, where, and how far it is; what words ask for; and the store of all that.

What is in the store outlives a restart: deliveries seen, jobs, spending, reports.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import unescape
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import TypeAdapter

from summarizer.database import Database
from summarizer.errors import UsageError
from summarizer.sources.inputs import SUFFIXES

DOCUMENTS = ("html", "json")  # that go with an answer: what they are asked for, and the suffix
MOST_SOURCES = 20  # links and files of one request; a diff of more is no message that anybody reads
_NO_TEXT = ("image/", "video/", "audio/")  # what nobody takes for an article

_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>|(https?://[^\s<>|]+)", re.IGNORECASE)
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>")
_ONLY = re.compile(r"only(?:\s+in)?\s+(.+)", re.IGNORECASE | re.DOTALL)
_MORE = frozenset({"more", "show more", "show the rest", "the rest"})
_COMPARE_THREAD = frozenset({"", "compare", "diff", "compare these", "compare the links"})

SEEN_SECONDS = 24 * 3600.0
"""How long a delivery is remembered. Slack tries again after seconds, one minute and five; the
rest is for a bot that was off in between."""

SPENDING_SECONDS = 3 * 24 * 3600.0  # how long spending is remembered; that of a day is asked for
PRIVATE, OWNER_ONLY = 0o700, 0o600  # rights of folder and file: it is nobody else's business
HINT = "Set folder, in the table [slack], to one that you may write to and that no other bot uses."

_TABLES = """
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, lane TEXT NOT NULL, state TEXT NOT NULL, ask TEXT NOT NULL,
    place TEXT NOT NULL, at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS jobs_open ON jobs (state, lane, at);
CREATE TABLE IF NOT EXISTS spending (
    job TEXT PRIMARY KEY, day TEXT NOT NULL, channel TEXT NOT NULL, cost REAL NOT NULL,
    at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS reports (
    id TEXT PRIMARY KEY, place TEXT NOT NULL, at REAL NOT NULL, expires REAL NOT NULL,
    kind TEXT NOT NULL, view TEXT NOT NULL, documents TEXT NOT NULL,
    pages INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS reports_place ON reports (place, at);
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""


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

    @property
    def channel_key(self) -> str:
        """What the channel is known by among those of all workspaces."""
        return f"{self.team}:{self.channel}"


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
        return Lane.SLOW if self.ask.kind in (Kind.COMPARE, Kind.THREAD) else Lane.QUICK

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
    if count > MOST_SOURCES:
        over = f"{count - MOST_SOURCES} of {count} articles; I compare at most {MOST_SOURCES}."
        problems.append(over)
    return Ask(
        kind=Kind.COMPARE,
        links=tuple(links[:MOST_SOURCES]),
        files=tuple(shared.values())[: max(0, MOST_SOURCES - len(links))],
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


_ASKS = TypeAdapter(Ask)
_PLACES = TypeAdapter(Place)


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report as it is kept, under the id of its job; ``kind`` is "diff" or "summary".

    ``view`` and ``documents``, name to content, are JSON; ``pages`` is how many pages of what the
    answer left out were posted.
    """

    id: str
    kind: str
    view: str
    documents: str
    pages: int = 0


class Store(Database):
    """The state of one bot, in one folder, which is made and which only its owner may read.

    A job is "waiting", "running" or "done". The errors are those of ``Database``.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder, self._clock = folder, clock
        path = folder / "state.db"
        try:
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            path.touch()
            path.chmod(OWNER_ONLY)  # the files that SQLite puts beside it take its rights
        except OSError as error:
            raise UsageError(f"The folder {folder} cannot be used: {error}.", HINT) from error
        super().__init__(path, _TABLES, user="bot", hint=HINT)

    def accept(self, keys: Sequence[str], job: Job, capacity: int) -> Job | None:
        """Take a job on, durable when this returns; None where one of its ``keys`` is known.

        Where ``capacity`` slow jobs are open, one more becomes one that tells so.
        """
        with self.transaction() as db:
            if any(self.rows("SELECT 1 FROM seen WHERE key = ?", key) for key in keys):
                return None
            db.executemany("INSERT INTO seen VALUES (?, ?)", [(k, self._clock()) for k in keys])
            query = "SELECT 1 FROM jobs WHERE lane = 'slow' AND state IN ('waiting', 'running')"
            if job.lane is Lane.SLOW and len(self.rows(query)) >= capacity:
                job = job.turned(Kind.BUSY)
            db.execute(
                "INSERT INTO jobs (lane, ask, place, id, state, at) VALUES (?, ?, ?, ?, ?, ?)",
                (*_values_of(job), job.id, "waiting", job.at),
            )
            return job

    def claim(self, lane: Lane) -> Job | None:
        """Return the job that has waited longest, now running; None where none waits."""
        with self.transaction():
            rows = self.rows(
                "UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE id = (SELECT id "
                "FROM jobs WHERE state = 'waiting' AND lane = ? ORDER BY at, rowid LIMIT 1) "
                "RETURNING id, ask, place, at, attempts",
                lane,
            )
        return _job_from_row(*rows[0]) if rows else None

    def finish(self, job: Job) -> None:
        """Note that a job was answered, and forget what it was about."""
        self.change("UPDATE jobs SET state = 'done', ask = '', place = '' WHERE id = ?", job.id)

    def save(self, job: Job, state: str) -> None:
        """Note what a job is now, perhaps another one than it was, and its state."""
        self.change(
            "UPDATE jobs SET lane = ?, ask = ?, place = ?, state = ? WHERE id = ?",
            *(*_values_of(job), state, job.id),
        )

    def jobs(self, state: str) -> list[Job]:
        """Return the jobs that are in a state, the oldest first."""
        query = "SELECT id, ask, place, at, attempts FROM jobs WHERE state = ? ORDER BY at"
        return [_job_from_row(*row) for row in self.rows(query, state)]

    def spent(self, job: Job, day: str) -> tuple[tuple[int, float], tuple[int, float]]:
        """Return the number of a day's other jobs and their dollars; then those of the channel.

        Booked costs count until they are settled.
        """
        channel = job.place.channel_key
        ((runs, cost, channel_runs, channel_cost),) = self.rows(
            "SELECT count(*), total(cost), total(channel = ?), total((channel = ?) * cost) "
            "FROM spending WHERE day = ? AND job != ?",
            *(channel, channel, day, job.id),
        )
        return (runs, cost), (int(channel_runs), channel_cost)

    def book(self, job: Job, day: str, cost: float) -> None:
        """Book what a job may cost, in dollars; one that was interrupted is booked once."""
        self.change(
            "INSERT INTO spending VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (job) DO UPDATE SET cost = max(cost, excluded.cost)",
            *(job.id, day, job.place.channel_key, cost, self._clock()),
        )

    def settle(self, job: Job, cost: float) -> None:
        """Replace what was booked for a job by what it cost."""
        self.change("UPDATE spending SET cost = ? WHERE job = ?", cost, job.id)

    def keep(self, job: Job, report: StoredReport, hours: float) -> None:
        """Store a report for some hours."""
        now = self._clock()
        self.change(
            "INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            *(report.id, f"{job.place.channel_key}:{job.place.thread}", now, now + hours * 3600),
            *(report.kind, report.view, report.documents),
        )

    def report(self, place: Place, name: str) -> StoredReport | None:
        """Return the report of that id, or, where it is "", the last one of a place's thread.

        In direct messages people write below the thread as well, so there it is the last one
        of all where the thread has none.
        """
        if name:
            return self._find_report("id = ? AND place LIKE ?", name, f"{place.team}:%")
        report = self._find_report("place = ?", f"{place.channel_key}:{place.thread}")
        if report is None and place.channel.startswith("D"):  # a direct message
            report = self._find_report("place LIKE ?", f"{place.channel_key}:%")
        return report

    def _find_report(self, where: str, *values: str) -> StoredReport | None:
        rows = self.rows(
            f"SELECT id, kind, view, documents, pages FROM reports WHERE {where} "
            "AND expires > ? ORDER BY at DESC LIMIT 1",
            *(*values, self._clock()),
        )
        return StoredReport(*rows[0]) if rows else None

    def turn_page(self, report: StoredReport) -> None:
        """Note that one more page of a report was posted."""
        self.change("UPDATE reports SET pages = ? WHERE id = ?", report.pages + 1, report.id)

    def secret(self, name: str) -> bytes:
        """Return random bytes of the bot's own, the same ones each time."""
        self.change("INSERT OR IGNORE INTO secrets VALUES (?, ?)", name, os.urandom(32))
        ((value,),) = self.rows("SELECT value FROM secrets WHERE name = ?", name)
        return bytes(value)

    def purge(self) -> None:
        """Forget what need not be known any longer."""
        now = self._clock()
        self.change("DELETE FROM seen WHERE at < ?", now - SEEN_SECONDS)
        self.change("DELETE FROM jobs WHERE state = 'done' AND at < ?", now - SEEN_SECONDS)
        self.change("DELETE FROM spending WHERE at < ?", now - SPENDING_SECONDS)
        self.change("DELETE FROM reports WHERE expires < ?", now)


def _values_of(job: Job) -> tuple[str, str, str]:
    ask, place = _ASKS.dump_json(job.ask), _PLACES.dump_json(job.place)
    return job.lane, ask.decode(), place.decode()


def _job_from_row(id: str, ask: str, place: str, at: float, attempts: int) -> Job:
    asked, where = _ASKS.validate_json(ask), _PLACES.validate_json(place)
    return Job(id=id, ask=asked, place=where, at=at, attempts=attempts)
