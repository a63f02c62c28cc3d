"""Where answers are kept: JSON objects by key, on disk, for many threads and processes.

A store never fails: what is damaged is set aside, what cannot be written is kept in memory
for this run, and in both cases the user is told.

diskcache unpickles what it finds, so that whoever can write to its database can run code
(CVE-2025-69872), and reads and deletes whatever file a row names. Here keys are texts and
values are bytes inside the database; a row of any other kind is damage.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from diskcache import Cache, Disk, Timeout
from diskcache.core import DBNAME, DEFAULT_SETTINGS, MODE_RAW
from filelock import FileLock
from filelock import Timeout as LockTimeout
from platformdirs import user_cache_dir

T = TypeVar("T")
Warn = Callable[[str], None]

SIZE_LIMIT = 10**9  # bytes of a database, about 200,000 answers; then the first stored are evicted
PATIENCE = 60.0  # seconds to wait for another process that writes, which takes it milliseconds
ASKING_PATIENCE = 900.0  # … that asks the same question: longer than the slowest tier takes
PRIVATE = 0o700  # rights of a folder: what an article says is nobody's business but its reader's

# The database, a lock for each question under way, that for opening, databases set aside.
ANSWERS, LOCKS, OPENING, ASIDE = "answers", "locks", "opening.lock", "answers-damaged-"

# All of diskcache's, so that it obeys none that somebody wrote into its database. A mapped file
# that somebody cuts short would kill the process.
SETTINGS = {**DEFAULT_SETTINGS, "eviction_policy": "least-recently-stored", "sqlite_mmap_size": 0}

# The rows as we write them. A time after the year 2100 is not ours.
ROWS = f"""SELECT key, tag, store_time, length(value) FROM Cache
 WHERE typeof(key) = 'text' AND raw = 1 AND mode = {MODE_RAW} AND filename IS NULL
 AND typeof(value) = 'blob' AND store_time BETWEEN 0 AND 4102444800 AND typeof(tag) = 'text'
 ORDER BY store_time, rowid"""

# What diskcache raises where its database or its folder is not as it should be.
ERRORS = (sqlite3.Error, Timeout, OSError, ValueError, TypeError, AttributeError, AssertionError)
# SQLite's names of errors that say nothing against what is in a database.
PASSING = re.compile("SQLITE_(BUSY|LOCKED|CANTOPEN|FULL|IOERR|NOMEM|PERM|READONLY)(?!_DBMOVED)")


@dataclass(frozen=True, slots=True)
class Row:
    """A stored row without its value."""

    key: str
    stage: str  # what it was stored for
    stored: float  # when, in seconds since 1970
    size: int  # bytes of its value

    @property
    def is_reply(self) -> bool:
        """Whether it is a model's answer; the keys of everything else contain a "/"."""
        return "/" not in self.key


def chosen_folder(cache_dir: str) -> Path:
    """Return the folder that the setting ``cache_dir`` names, or the user's own one."""
    chosen = os.path.expanduser(cache_dir)  # noqa: PTH111 - Path.expanduser raises for an unknown user
    return Path(chosen or user_cache_dir("summarizer", appauthor=False))


@dataclass(slots=True, eq=False, repr=False)
class Store(AbstractContextManager["Store"]):
    """JSON objects by key. Safe for threads and for several processes at once.

    They are in a folder that only its user may read, or in memory where none is given.
    """

    folder: Path | None = None
    _: KW_ONLY
    make: bool = True  # the folder if it is not there
    warn: Warn = lambda _: None  # told what went wrong, in a sentence for the user
    size_limit: int = SIZE_LIMIT
    _has_warned: bool = field(default=False, init=False)
    # One thread does all that is done with the database: SQLite's connections belong to a
    # thread, and one that nobody closes would keep the database from being set aside.
    _worker: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1), init=False)
    _cache: Any = field(default=None, init=False)
    _inode: int = field(default=0, init=False)
    _memory: dict[str, bytes] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        if self.folder and (self.make or self.folder.exists()):
            self._in_thread(partial(self._open_database, self.folder))

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the object of a key; what is no JSON object is removed and missing."""
        data = self._memory.get(key) or self._try_database(lambda cache: cache.get(key), None)
        if data is None:
            return None
        with suppress(ValueError, RecursionError):
            value = json.loads(data.decode("utf-8", "surrogatepass"))
            if isinstance(value, dict):
                return value
        self.delete(key)
        return None

    def put(self, key: str, value: dict[str, Any], *, stage: str = "") -> None:
        """Store an object; when this returns, it survives the end of this process."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        data = text.encode("utf-8", "surrogatepass")
        if self._try_database(lambda cache: cache.set(key, data, tag=stage), False):
            self._memory.pop(key, None)
        else:
            self._memory[key] = data

    def delete(self, *keys: str) -> None:
        """Remove the objects of keys, those that there are."""

        def remove(cache: Any) -> None:
            with cache.transact():
                for key in keys:
                    cache.delete(key)

        for key in keys:
            self._memory.pop(key, None)
        self._try_database(remove, None)

    def rows(self) -> list[Row]:
        """Return all that is in the database, also what is no reply, the oldest first."""

        def read(cache: Any) -> list[Row]:
            connection = sqlite3.connect(Path(cache.directory, DBNAME), timeout=PATIENCE)
            with closing(connection), connection:
                connection.text_factory = lambda data: data.decode("utf-8", "replace")
                return [Row(*columns) for columns in connection.execute(ROWS)]

        return self._try_database(read, [])

    def entries(self) -> list[Row]:
        """Return the replies in the database, the oldest first."""
        return [row for row in self.rows() if row.is_reply]

    def info(self) -> dict[str, Any]:
        """Return where it is, how much is stored, of which stages and since when, as plain JSON."""
        rows = self.entries()
        stages = {stage: {"entries": 0, "bytes": 0} for stage in sorted({r.stage for r in rows})}
        for row in rows:
            stages[row.stage]["entries"] += 1
            stages[row.stage]["bytes"] += row.size
        times = [datetime.fromtimestamp(row.stored, UTC).isoformat("T", "seconds") for row in rows]
        return {
            "folder": str(self.folder),
            "entries": len(rows),
            "bytes": sum(row.size for row in rows),
            "stages": stages,
            "oldest": times[0] if times else None,
            "newest": times[-1] if times else None,
            "set_aside": [str(folder) for folder in self._set_aside()],
        }

    def prune(self, *, before: float | None = None, max_bytes: int | None = None) -> int:
        """Remove what is old or too much, and return how many replies that were.

        Everything goes that was stored before ``before``, in seconds since 1970; then replies,
        those stored first before the others, until the rest takes no more than ``max_bytes``.
        """
        rows, doomed = self.rows(), []
        size = sum(row.size for row in rows if row.is_reply)
        for row in rows:
            is_old = before is not None and row.stored < before
            is_too_much = max_bytes is not None and size > max_bytes and row.is_reply
            if is_old or is_too_much:
                doomed.append(row)
                size -= row.size * row.is_reply
        self.delete(*(row.key for row in doomed))
        return sum(row.is_reply for row in doomed)

    def clear(self) -> int:
        """Remove everything, also what was set aside; return how many replies it was."""
        number = len(self.entries())
        self._memory.clear()
        self._try_database(lambda cache: cache.clear(), None)
        if self.folder:
            # A lock that is held is removed from under its holder: one question may be asked
            # twice, and nothing is lost.
            for folder in (*self._set_aside(), self.folder / LOCKS):
                shutil.rmtree(folder, ignore_errors=True)
        return number

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """Wait until no other living process is at this key; in memory everybody has a turn."""
        if self.folder is None or self._cache is None:
            yield
            return
        path = self.folder / LOCKS / f"{key}.lock"
        lock = FileLock(path, timeout=ASKING_PATIENCE)
        # Asked twice is better than not at all.
        with suppress(OSError, LockTimeout, NotImplementedError):
            path.parent.mkdir(mode=PRIVATE, exist_ok=True)
            lock.acquire()
        try:
            yield
        finally:
            # Removed while it is held, but for Windows, which removes no file that is open. Who
            # waited for the removed file looks into the store again before it asks, so that two
            # who hold a lock each do no harm.
            for step in (path.unlink, lock.release, path.unlink) if lock.is_locked else ():
                with suppress(OSError):
                    step()

    def close(self) -> None:
        """Close the database. A later use finds only what is in memory."""
        cache, self._cache = self._cache, None
        if cache is not None:
            # What was stored is stored; a database in trouble need not be left in order.
            with suppress(*ERRORS):
                self._in_thread(cache.close)

    def __exit__(self, *_: object) -> None:
        self.close()

    def _set_aside(self) -> list[Path]:
        aside = self.folder.glob(f"{ASIDE}*") if self.folder else ()
        return sorted(path for path in aside if path.is_dir())

    def _in_thread(self, work: Callable[[], T]) -> T:
        try:
            future = self._worker.submit(work)
        except RuntimeError:  # the program is ending, and no thread takes anything on any more
            return work()
        return future.result()

    def _try_database(self, work: Callable[[Any], T], otherwise: T) -> T:
        """Do something with the database, once more with a new one where it is damaged."""

        def try_twice() -> T:
            for _ in range(2):
                if self.folder is None or self._cache is None:
                    break
                try:
                    return work(self._cache)
                except ERRORS as error:
                    # A commit that failed leaves its transaction open; a new connection has none.
                    with suppress(*ERRORS):
                        self._cache.close()
                    # diskcache calls each failed beginning a time-out.
                    cause = error.__context__ or error if isinstance(error, Timeout) else error
                    if not _is_damage(cause):
                        self._warn_once(cause)
                        break
                self._open_database(self.folder)
            return otherwise

        return self._in_thread(try_twice)

    def _open_database(self, folder: Path) -> None:
        """Open the database, a new one if it is damaged; warn where that fails."""
        self._cache = None
        try:
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            # diskcache sets a new database up in many steps, in which only one may be at work.
            with FileLock(folder / OPENING, timeout=PATIENCE):
                self._cache = self._open_sound(folder / ANSWERS)
                self._inode = _identity_of(folder / ANSWERS)
        except (*ERRORS, LockTimeout, NotImplementedError) as failure:
            self._warn_once(failure)

    def _open_sound(self, answers: Path) -> Any:
        """Open the database of a folder; set it aside first if it is damaged."""

        def open_cache() -> Any:
            settings = {**SETTINGS, "size_limit": self.size_limit}
            return Cache(str(answers), timeout=PATIENCE, disk=SafeDisk, **settings)

        answers.mkdir(mode=PRIVATE, exist_ok=True)
        try:
            # One that proved damaged in use, and that no other process has seen to.
            if not self._inode or self._inode != _identity_of(answers):
                return open_cache()
        except ERRORS as error:
            if not _is_damage(error):
                raise
        aside = answers.with_name(f"{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")
        answers.rename(aside)
        answers.mkdir(mode=PRIVATE)
        self.warn(
            f"The cache was damaged: it is set aside as {aside}, and a new one is begun. "
            "`summarize cache clear` removes both."
        )
        return open_cache()

    def _warn_once(self, error: BaseException) -> None:
        if not self._has_warned:
            self._has_warned = True
            why = (error.strerror if isinstance(error, OSError) else "") or str(error) or "busy"
            self.warn(
                f"The cache {self.folder} cannot be used ({why}): "
                "what is answered now is kept for this run only."
            )


class SafeDisk(Disk):  # type: ignore[misc] # it has no type hints
    """Bytes as values, never unpickled; what else there is, an ``OSError``, counts as missing."""

    def get(self, key: object, raw: object) -> str:
        """Return a stored key."""
        if not raw or type(key) is not str:
            raise OSError("a key that is not a text")
        return key

    def store(self, value: bytes, read: bool, key: object = None) -> tuple[Any, ...]:
        """Return a value as it is stored: size outside the database, mode, file name, bytes."""
        return 0, MODE_RAW, None, value

    def fetch(self, mode: object, filename: object, value: object, read: bool) -> bytes:
        """Return a stored value."""
        if read or mode != MODE_RAW or filename is not None or type(value) is not bytes:
            raise OSError("a value that is not plain bytes")
        return value

    def remove(self, file_path: object) -> None:
        """Remove nothing: a row that names a file was not written by this program."""


def _identity_of(folder: Path) -> int:
    """Return what tells a database from one that later takes its place; 0 where there is none."""
    try:
        return Path(folder, DBNAME).stat().st_ino
    except FileNotFoundError:
        return 0


def _is_damage(error: BaseException) -> bool:
    """Return whether what is in a database cannot be read, now or later, or was set aside."""
    is_passing = PASSING.match(getattr(error, "sqlite_errorname", ""))
    return not is_passing and not isinstance(error, Timeout | OSError)
