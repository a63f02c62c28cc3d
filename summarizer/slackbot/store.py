"""What has to outlive a restart: deliveries seen, jobs, spending, reports. The owner of SQLite.

One process has the store at a time; a lock that ends with the process sees to that.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import UsageError
from summarizer.slackbot.jobs import Accepted, Job, Kind, Lane, State, dump, load_ask, load_place

SEEN_SECONDS = 24 * 3600.0
"""How long a delivery is remembered. Slack tries again after seconds, one minute and five; the
rest is for a bot that was off in between."""

SPENDING_DAYS = 3
"""How long spending is remembered; only that of a day is asked for."""

DIRECT = "D"
"""How the ids of direct messages begin."""

PRIVATE, OWNER_ONLY = 0o700, 0o600
"""Rights of the folder and of the file: what people ask is nobody else's business."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True)
class Spent:
    """What a day has taken so far: of all requests, and of those of one channel."""

    runs: int
    cost: float
    channel_runs: int
    channel_cost: float


class Store:
    """The state of one bot, in one folder, which is made and which only its owner may read.

    Raises:
        UsageError: The folder cannot be used, or another process uses it.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._clock = clock
        self._guard = threading.Lock()
        try:
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            self._lock = _acquire_lock(folder / "running.lock")
            path = folder / "state.db"
            path.touch()
            path.chmod(OWNER_ONLY)  # the files that SQLite puts beside it take its rights
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 5000;"
                + _TABLES
            )
        except (OSError, sqlite3.Error) as error:
            raise UsageError(
                f"The folder {folder} cannot be used for the bot's state: {error}.",
                "Set folder, in the table [slack], to one that you may write to.",
            ) from error

    def close(self) -> None:
        """Let another process have the store."""
        with self._guard:
            self._db.close()
            self._lock.close()

    def accept(self, keys: Sequence[str], job: Job, capacity: int) -> Accepted:
        """Take a job on, unless it was before; durable when this returns.

        ``keys`` are all by which the delivery may be known, ``capacity`` is how many slow jobs
        may be open at once.
        """
        with self._transaction() as db:
            marks = ",".join("?" * len(keys))
            if db.execute(f"SELECT 1 FROM seen WHERE key IN ({marks})", keys).fetchone():
                return Accepted.SEEN
            now = self._clock()
            db.executemany("INSERT INTO seen VALUES (?, ?)", [(key, now) for key in keys])
            (open_jobs,) = db.execute(
                "SELECT count(*) FROM jobs WHERE lane = ? AND state IN (?, ?)",
                (Lane.SLOW, State.WAITING, State.RUNNING),
            ).fetchone()
            busy = job.lane is Lane.SLOW and open_jobs >= capacity
            kept = job.turned(Kind.BUSY) if busy else job
            db.execute(
                "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, 0)",
                (kept.id, kept.lane, State.WAITING, dump(kept.ask), dump(kept.place), kept.at),
            )
            return Accepted.BUSY if busy else Accepted.NEW

    def claim(self, lane: Lane) -> Job | None:
        """Return the job that has waited longest, now running; None where none waits."""
        with self._transaction() as db:
            row = db.execute(
                "UPDATE jobs SET state = ?, attempts = attempts + 1 WHERE id = (SELECT id FROM "
                "jobs WHERE state = ? AND lane = ? ORDER BY at, rowid LIMIT 1) "
                "RETURNING id, ask, place, at, attempts",
                (State.RUNNING, State.WAITING, lane),
            ).fetchall()
        return _job_from_row(row[0]) if row else None

    def finish(self, job: Job) -> None:
        """Note that a job was answered, and forget what it was about."""
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET state = ?, ask = '', place = '' WHERE id = ?",
                (State.DONE, job.id),
            )

    def put_back(self, job: Job) -> None:
        """Let a job, perhaps as another one than it was, wait again."""
        with self._transaction() as db:
            db.execute(
                "UPDATE jobs SET state = ?, lane = ?, ask = ?, place = ? WHERE id = ?",
                (State.WAITING, job.lane, dump(job.ask), dump(job.place), job.id),
            )

    def jobs(self, state: State) -> tuple[Job, ...]:
        """Return the jobs that are in a state, the oldest first."""
        with self._guard:
            rows = self._db.execute(
                "SELECT id, ask, place, at, attempts FROM jobs WHERE state = ? ORDER BY at",
                (state,),
            ).fetchall()
        return tuple(_job_from_row(row) for row in rows)

    def move(self, job: Job) -> None:
        """Note the thread that a job's answer goes to."""
        with self._transaction() as db:
            db.execute("UPDATE jobs SET place = ? WHERE id = ?", (dump(job.place), job.id))

    def spend(self, job: Job, day: str, cost: Callable[[Spent], float]) -> float:
        """Book what a job may cost on a day; it counts until it is settled.

        ``cost`` returns the dollars to book, or raises where there is no room. A job that was
        interrupted is booked once.
        """
        channel = f"{job.place.team}:{job.place.channel}"
        with self._transaction() as db:
            row = db.execute(
                "SELECT count(*), total(cost), total(channel = ?), total((channel = ?) * cost) "
                "FROM spending WHERE day = ? AND job != ?",
                (channel, channel, day, job.id),
            ).fetchone()
            booked = cost(Spent(row[0], row[1], int(row[2]), row[3]))
            db.execute(
                "INSERT INTO spending VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (job) DO UPDATE SET cost = max(cost, excluded.cost)",
                (job.id, day, channel, booked, self._clock()),
            )
        return booked

    def settle(self, job: Job, cost: float) -> None:
        """Replace what was booked for a job by what it cost."""
        with self._transaction() as db:
            db.execute("UPDATE spending SET cost = ? WHERE job = ?", (cost, job.id))

    def keep(self, job: Job, report: StoredReport, hours: float) -> None:
        """Store a report for some hours."""
        now = self._clock()
        about = (report.id, _thread_key(job), now, now + hours * 3600)
        row = (*about, report.kind, report.view, report.documents)
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, 0)", row)

    def report(self, job: Job) -> StoredReport | None:
        """Return the report a job is about: the one it names, or the last one of its thread.

        In direct messages people write below the thread as well, so there it is the last one
        of all where the thread has none.
        """
        team = f"{job.place.team}:"
        if job.ask.report:
            return self._find_report("id = ? AND place LIKE ?", job.ask.report, f"{team}%")
        report = self._find_report("place = ?", _thread_key(job))
        if report is None and job.place.channel.startswith(DIRECT):
            report = self._find_report("place LIKE ?", f"{team}{job.place.channel}:%")
        return report

    def _find_report(self, where: str, *values: str) -> StoredReport | None:
        with self._guard:
            row = self._db.execute(
                f"SELECT id, kind, view, documents, pages FROM reports WHERE {where} "
                "AND expires > ? ORDER BY at DESC LIMIT 1",
                (*values, self._clock()),
            ).fetchone()
        names = ("id", "kind", "view", "documents", "pages")
        return StoredReport(**dict(zip(names, row, strict=True))) if row else None

    def turn_page(self, report: StoredReport) -> None:
        """Note that one more page of a report was posted."""
        with self._transaction() as db:
            db.execute("UPDATE reports SET pages = ? WHERE id = ?", (report.pages + 1, report.id))

    def secret(self, name: str) -> bytes:
        """Return random bytes of the bot's own, the same ones each time."""
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO secrets VALUES (?, ?)", (name, os.urandom(32)))
            query = "SELECT value FROM secrets WHERE name = ?"
            value: bytes = db.execute(query, (name,)).fetchone()[0]
        return value

    def purge(self) -> None:
        """Forget what need not be known any longer."""
        now = self._clock()
        with self._transaction() as db:
            db.execute("DELETE FROM seen WHERE at < ?", (now - SEEN_SECONDS,))
            db.execute(
                "DELETE FROM jobs WHERE state = ? AND at < ?", (State.DONE, now - SEEN_SECONDS)
            )
            db.execute("DELETE FROM spending WHERE at < ?", (now - SPENDING_DAYS * 86_400,))
            db.execute("DELETE FROM reports WHERE expires < ?", (now,))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Make all changes of a ``with``, or none of them."""
        with self._guard:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            finally:
                # A full disk may have ended the change already, or have kept it from being kept.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")


def _acquire_lock(path: Path) -> sqlite3.Connection:
    """Hold a lock that the system lets go of when the process ends, on every system."""
    lock = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        lock.close()
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        raise UsageError(
            f"Another process is running the bot with the folder {path.parent}.",
            "Stop it first, or give this one a folder of its own (folder, in the table [slack]).",
        ) from error
    return lock


def _job_from_row(row: tuple[str, str, str, float, int]) -> Job:
    return Job(
        id=row[0], ask=load_ask(row[1]), place=load_place(row[2]), at=row[3], attempts=row[4]
    )


def _thread_key(job: Job) -> str:
    return f"{job.place.team}:{job.place.channel}:{job.place.thread}"
