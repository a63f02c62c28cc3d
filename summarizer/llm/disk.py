"""Rows on disk: the only code that knows diskcache, and that keeps it from running code.

diskcache unpickles what it finds, so that whoever can write to its database can run code
(CVE-2025-69872). Here keys are texts, values are bytes, and a row of any other kind is damage.
It would also read and delete whatever file a row names; no row of ours names one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from diskcache import Cache, Disk, Timeout  # type: ignore[import-untyped] # it has no type hints
from diskcache.core import (  # type: ignore[import-untyped] # it has no type hints
    DBNAME,
    DEFAULT_SETTINGS,
    METADATA,
    MODE_RAW,
    UNKNOWN,
)

from summarizer.llm.shelf import Row

P = ParamSpec("P")
T = TypeVar("T")

SIZE_LIMIT = 10**9
"""Bytes of one database; from there the rows stored first are evicted. About 200,000 answers."""

PATIENCE = 60.0
"""Seconds to wait for another process that writes; a write takes it milliseconds."""

SETTINGS = {
    **DEFAULT_SETTINGS,
    "eviction_policy": "least-recently-stored",
    # A mapped file that somebody cuts short would kill the process.
    "sqlite_mmap_size": 0,
}
KNOWN = {**SETTINGS, **METADATA}
"""Every row of diskcache's table of settings. It obeys them: as pragmas, as its attributes."""

COLUMNS = "key, raw, store_time, expire_time, access_time, access_count, tag, size, mode, filename"
"""Of diskcache's table; where one is missing, the database is another's or damaged."""

SOUND = f"""typeof(key) = 'text' AND raw = 1 AND mode = {MODE_RAW} AND filename IS NULL
 AND typeof(value) = 'blob' AND store_time BETWEEN 0 AND 4102444800"""
"""SQL: a row as we write it. A time after the year 2100 is not ours."""

ERRORS = (sqlite3.Error, Timeout, OSError, ValueError, TypeError, AttributeError, AssertionError)
"""What diskcache raises where its database or its folder is not as it should be."""


class DamagedRow(ValueError):
    """A row that was not written by this program."""


class ClosedShelf(OSError):
    """The database was closed, by another thread that set it aside."""


class SafeDisk(Disk):  # type: ignore[misc] # it has no type hints
    """Texts as keys, bytes as values, all inside the database; nothing is ever unpickled."""

    def put(self, key: object) -> tuple[str, bool]:
        """Return a key as it is stored.

        Raises:
            TypeError: It is not a text.
        """
        if type(key) is not str:
            raise TypeError(f"a key must be a text, not {type(key).__name__}")
        return key, True

    def get(self, key: object, raw: object) -> str:
        """Return a stored key.

        Raises:
            DamagedRow: It is not a text stored as it is.
        """
        if not raw or type(key) is not str:
            raise DamagedRow("a key that is not a text")
        return key

    def store(
        self, value: object, read: bool, key: object = UNKNOWN
    ) -> tuple[int, int, None, bytes]:
        """Return a value as it is stored: size outside the database, mode, file name, bytes.

        Raises:
            TypeError: It is not bytes.
        """
        if read or type(value) is not bytes:
            raise TypeError(f"a value must be bytes, not {type(value).__name__}")
        return 0, MODE_RAW, None, value

    def fetch(self, mode: object, filename: object, value: object, read: bool) -> bytes:
        """Return a stored value.

        Raises:
            DamagedRow: It is not bytes stored as they are.
        """
        if read or mode != MODE_RAW or filename is not None or type(value) is not bytes:
            raise DamagedRow("a value that is not plain bytes")
        return value

    def remove(self, file_path: object) -> None:
        """Remove nothing: a row that names a file was not written by this program."""


class Trouble(StrEnum):
    """What is wrong with a database that raised an error."""

    DAMAGED = "damaged"
    """What is in it cannot be read, now or later."""
    MOVED = "moved"
    """Somebody else set it aside."""
    BUSY = "busy"
    """Another process held it for too long."""
    UNUSABLE = "unusable"
    """The folder or the disk under it: full, read-only, gone."""


_BY_CODE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNUSABLE,
    sqlite3.SQLITE_FULL: Trouble.UNUSABLE,
    sqlite3.SQLITE_IOERR: Trouble.UNUSABLE,
    sqlite3.SQLITE_NOMEM: Trouble.UNUSABLE,
    sqlite3.SQLITE_PERM: Trouble.UNUSABLE,
    sqlite3.SQLITE_READONLY: Trouble.UNUSABLE,
}
_PRIMARY = 0xFF
"""The bits of an extended error code that name its kind."""


def cause(error: BaseException) -> BaseException:
    """Return what really went wrong: diskcache calls each failed beginning a time-out."""
    hidden = error.__context__
    return hidden if isinstance(error, Timeout) and isinstance(hidden, sqlite3.Error) else error


def trouble(error: BaseException) -> Trouble:
    """Return what an error among ``ERRORS`` says of the database."""
    error = cause(error)
    if isinstance(error, Timeout):
        return Trouble.BUSY
    if isinstance(error, OSError):
        return Trouble.UNUSABLE
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return Trouble.MOVED
    return _BY_CODE.get(code & _PRIMARY, Trouble.DAMAGED)


class DiskShelf:
    """Bytes by key in one folder. Raises ``ERRORS`` where the database gives trouble.

    One thread of its own does all the work: SQLite's connections belong to a thread, and one
    that nobody closes would keep the database from being set aside.
    """

    def __init__(self, folder: Path, size_limit: int = SIZE_LIMIT) -> None:
        self._file = folder / DBNAME
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="cache")
        self._cache: Any = None
        try:
            self._cache = self._run(_opened, folder, size_limit)
            self.identity = identity(folder)
        except BaseException:
            self._worker.shutdown()
            raise

    def get(self, key: str) -> bytes | None:
        """Return a value; a damaged row is removed and counts as missing."""
        return self._run(self._get, key)

    def put(self, key: str, value: bytes, stage: str) -> None:
        """Store a value."""
        self._run(self._cache.set, key, value, tag=stage)

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the values of ``keys``, those that there are."""
        self._run(self._delete, tuple(keys))

    def rows(self) -> list[Row]:
        """Return all sound rows, those stored first before the others."""
        return self._run(self._rows)

    def sweep(self) -> int:
        """Remove what this program did not write, and return how many rows it was."""
        return self._run(self._sweep)

    def clear(self) -> None:
        """Remove every row."""
        self._run(self._cache.clear)

    def close(self) -> None:
        """Close the database. Another use would raise."""
        try:
            self._run(self._cache.close)
        except ERRORS:
            pass  # What was stored is stored; a database in trouble need not be left in order.
        finally:
            self._worker.shutdown()

    def _run(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        try:
            done = self._worker.submit(self._done, partial(work, *args, **named))
        except RuntimeError:
            raise ClosedShelf("it is closed") from None
        return done.result()

    def _done(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except ERRORS:
            # A commit that failed leaves its transaction open; a new connection has none.
            if self._cache is not None:
                self._cache.close()
            raise

    def _get(self, key: str) -> bytes | None:
        try:
            found: bytes | None = self._cache.get(key)
        except DamagedRow:
            self._cache.delete(key)
            return None
        return found

    def _delete(self, keys: tuple[str, ...]) -> None:
        with self._cache.transact():
            for key in keys:
                self._cache.delete(key)

    def _rows(self) -> list[Row]:
        query = f"SELECT key, tag, store_time, length(value) FROM Cache WHERE {SOUND}"
        with closing(_connected(self._file)) as connection:
            found = connection.execute(f"{query} ORDER BY store_time, rowid").fetchall()
        return [
            Row(key=key, stage=tag if type(tag) is str else "", stored=stored, size=size)
            for key, tag, stored, size in found
        ]

    def _sweep(self) -> int:
        with closing(_connected(self._file)) as connection, connection:
            return connection.execute(f"DELETE FROM Cache WHERE ({SOUND}) IS NOT TRUE").rowcount


def identity(folder: Path) -> tuple[int, int]:
    """Return what tells the database in a folder from one that later takes its place."""
    found = (folder / DBNAME).stat()
    return found.st_dev, found.st_ino


def _connected(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=PATIENCE)
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return connection


def _opened(folder: Path, size_limit: int) -> Any:
    _examine(folder / DBNAME)
    return Cache(
        str(folder), timeout=PATIENCE, disk=SafeDisk, **{**SETTINGS, "size_limit": size_limit}
    )


def _examine(file: Path) -> None:
    """Look at a database before diskcache obeys the settings in it.

    Raises:
        ValueError: Its settings are not those it was opened with.
    """
    if not file.exists():
        return
    with closing(_connected(file)) as connection:
        settings = dict(connection.execute("SELECT key, value FROM Settings").fetchall())
        connection.execute(f"SELECT {COLUMNS}, value FROM Cache LIMIT 1").fetchall()
    if not KNOWN.keys() <= settings.keys():
        raise ValueError("settings of the database are missing")
    for key, value in settings.items():
        if key not in KNOWN or type(value) is not type(KNOWN[key]):
            raise ValueError(f"the setting {key!r} of the database cannot be")
        if key.startswith("sqlite_") and value != KNOWN[key]:
            raise ValueError(f"the setting {key!r} of the database is not ours")
