"""What has to outlive a restart: deliveries seen, jobs, spending, reports."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from summarizer.database import Database
from summarizer.errors import UsageError
from summarizer.slackbot.jobs import Ask, Job, Kind, Lane, Place

SEEN_SECONDS = 24 * 3600.0
"""How long a delivery is remembered. Slack tries again after seconds, one minute and five; the
rest is for a bot that was off in between."""

SPENDING_SECONDS = 3 * 24 * 3600.0
"""How long spending is remembered; only that of a day is asked for."""

PRIVATE, OWNER_ONLY = 0o700, 0o600
"""Rights of the folder and of the file: what people ask is nobody else's business."""

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

    A job is "waiting", "running" or "done".

    Raises:
        UsageError: The folder cannot be used, or another bot uses it.
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
        """Take a job on, durable when this returns; None where it was taken on before.

        Where ``capacity`` slow jobs are open, one more becomes one that tells so. ``keys`` are all
        by which the delivery may be known.
        """
        with self.transaction() as db:
            marks = ",".join("?" * len(keys))
            if self.rows(f"SELECT 1 FROM seen WHERE key IN ({marks})", *keys):
                return None
            db.executemany("INSERT INTO seen VALUES (?, ?)", [(k, self._clock()) for k in keys])
            query = "SELECT 1 FROM jobs WHERE lane = ? AND state IN ('waiting', 'running')"
            if job.lane is Lane.SLOW and len(self.rows(query, Lane.SLOW)) >= capacity:
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
        channel = _channel_key(job)
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
            *(job.id, day, _channel_key(job), cost, self._clock()),
        )

    def settle(self, job: Job, cost: float) -> None:
        """Replace what was booked for a job by what it cost."""
        self.change("UPDATE spending SET cost = ? WHERE job = ?", cost, job.id)

    def keep(self, job: Job, report: StoredReport, hours: float) -> None:
        """Store a report for some hours."""
        now = self._clock()
        self.change(
            "INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
            *(report.id, _thread_key(job), now, now + hours * 3600),
            *(report.kind, report.view, report.documents),
        )

    def report(self, job: Job) -> StoredReport | None:
        """Return the report a job is about: the one it names, or the last one of its thread.

        In direct messages people write below the thread as well, so there it is the last one
        of all where the thread has none.
        """
        if job.ask.report:
            where = "id = ? AND place LIKE ?"
            return self._find_report(where, job.ask.report, f"{job.place.team}:%")
        report = self._find_report("place = ?", _thread_key(job))
        if report is None and job.place.channel.startswith("D"):  # a direct message
            report = self._find_report("place LIKE ?", f"{_channel_key(job)}:%")
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
        with self.transaction() as db:
            old = (now - SEEN_SECONDS,)
            db.execute("DELETE FROM seen WHERE at < ?", old)
            db.execute("DELETE FROM jobs WHERE state = 'done' AND at < ?", old)
            db.execute("DELETE FROM spending WHERE at < ?", (now - SPENDING_SECONDS,))
            db.execute("DELETE FROM reports WHERE expires < ?", (now,))


def _values_of(job: Job) -> tuple[str, str, str]:
    ask, place = _ASKS.dump_json(job.ask), _PLACES.dump_json(job.place)
    return job.lane, ask.decode(), place.decode()


def _job_from_row(id: str, ask: str, place: str, at: float, attempts: int) -> Job:
    asked, where = _ASKS.validate_json(ask), _PLACES.validate_json(place)
    return Job(id=id, ask=asked, place=where, at=at, attempts=attempts)


def _channel_key(job: Job) -> str:
    return f"{job.place.team}:{job.place.channel}"


def _thread_key(job: Job) -> str:
    return f"{_channel_key(job)}:{job.place.thread}"
