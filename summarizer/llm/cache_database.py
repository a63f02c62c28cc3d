"""The cache's database: the only module that knows diskcache, and keeps it from running code.

diskcache unpickles what it finds, so that whoever can write to its database can run code
(CVE-2025-69872), and reads and deletes whatever file a row names. Here keys are texts and
values are bytes inside the database; a row of any other kind is damage.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from diskcache import Cache, Disk, Timeout  # type: ignore[import-untyped] # it has no type hints
from diskcache.core import (  # type: ignore[import-untyped] # it has no type hints
    DBNAME,
    DEFAULT_SETTINGS,
    METADATA,
    MODE_RAW,
    UNKNOWN,
)
from filelock import FileLock
from filelock import Timeout as LockTimeout

Warn = Callable[[str], None]
Identity = tuple[int, int]
"""What tells a database from one that later takes its place."""

SIZE_LIMIT = 10**9
"""Bytes of one database; from there the rows stored first are evicted. About 200,000 answers."""

PATIENCE = 60.0
"""Seconds to wait for another process that writes; a write takes it milliseconds."""

PRIVATE = 0o700
"""Rights of the folder: what an article says is nobody's business but its reader's."""

ANSWERS, LOCKS, OPENING, ASIDE = "answers", "locks", "opening.lock", "answers-damaged-"
"""What is in the folder: the database, a lock for each question under way, the lock for
opening, and databases that were set aside."""

# A mapped file that somebody cuts short would kill the process.
SETTINGS = {**DEFAULT_SETTINGS, "eviction_policy": "least-recently-stored", "sqlite_mmap_size": 0}
KNOWN = {**SETTINGS, **METADATA}
"""Every row of diskcache's table of settings. It obeys them: as pragmas, as its attributes."""

COLUMNS = "key, raw, store_time, expire_time, access_time, access_count, tag, size, mode, filename"
"""Of diskcache's table; where one is missing, the database is another's or damaged."""

SOUND = f"""typeof(key) = 'text' AND raw = 1 AND mode = {MODE_RAW} AND filename IS NULL
 AND typeof(value) = 'blob' AND store_time BETWEEN 0 AND 4102444800"""
"""SQL: a row as we write it. A time after the year 2100 is not ours."""

ERRORS = (sqlite3.Error, Timeout, OSError, ValueError, TypeError, AttributeError, AssertionError)
"""What diskcache raises where its database or its folder is not as it should be."""

FAILURES = (*ERRORS, LockTimeout, NotImplementedError)
"""What is raised where the folder cannot be used. filelock knows systems without locks."""

NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL})
"""How a file system says that it has no locks; SQLite and filelock would wait for one."""

PASSING = re.compile("SQLITE_(BUSY|LOCKED|CANTOPEN|FULL|IOERR|NOMEM|PERM|READONLY)(?!_DBMOVED)")
"""SQLite's names of errors that say nothing against what is in a database."""


class DamagedRow(OSError):
    """A row that was not written by this program; diskcache counts it as missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A stored row without its value.

    ``stored`` is when, in seconds since 1970; ``size`` is the bytes of its value; ``stage``
    is what it was stored for.
    """

    key: str
    stage: str
    stored: float
    size: int

    @property
    def is_reply(self) -> bool:
        """Whether it is a model's answer; the keys of everything else contain a "/"."""
        return "/" not in self.key


class SafeDisk(Disk):  # type: ignore[misc] # it has no type hints
    """Bytes as values, all inside the database; nothing is ever unpickled."""

    def get(self, key: object, raw: object) -> str:
        """Return a stored key."""
        if not raw or type(key) is not str:
            raise DamagedRow("a key that is not a text")
        return key

    def store(self, value: bytes, read: bool, key: object = UNKNOWN) -> tuple[Any, ...]:
        """Return a value as it is stored: size outside the database, mode, file name, bytes."""
        return 0, MODE_RAW, None, value

    def fetch(self, mode: object, filename: object, value: object, read: bool) -> bytes:
        """Return a stored value."""
        if read or mode != MODE_RAW or filename is not None or type(value) is not bytes:
            raise DamagedRow("a value that is not plain bytes")
        return value

    def remove(self, file_path: object) -> None:
        """Remove nothing: a row that names a file was not written by this program."""


def remove(cache: Any, keys: Iterable[str]) -> None:
    """Remove the values of ``keys``, those that there are, or none of them."""
    with cache.transact():
        for key in keys:
            cache.delete(key)


def list_rows(cache: Any) -> list[Row]:
    """Return all sound rows of a cache."""
    query = f"SELECT key, tag, store_time, length(value) FROM Cache WHERE {SOUND}"
    return [
        Row(key=key, stage=tag if type(tag) is str else "", stored=stored, size=size)
        for key, tag, stored, size in _execute(Path(cache.directory), query)
    ]


def sweep(cache: Any) -> None:
    """Remove what this program did not write."""
    _execute(Path(cache.directory), f"DELETE FROM Cache WHERE ({SOUND}) IS NOT TRUE")


def open_database(
    path: Path, size_limit: int, lost: Identity | None, warn: Warn
) -> tuple[Any, Identity]:
    """Open the database in the folder of the cache with diskcache, a new one if it is damaged.

    ``size_limit`` is in bytes; ``lost`` is the database that proved damaged in use, which is
    closed; ``warn`` is told of one that is set aside.

    Raises:
        FAILURES: The folder cannot be used.
    """
    path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    # A folder that also has other things in it is the user's, with the rights they want.
    if all(item.name.startswith((ANSWERS, LOCKS, OPENING)) for item in path.iterdir()):
        _make_private(path)
    _require_locks(path / OPENING)
    answers = path / ANSWERS
    # diskcache sets a new database up in many steps, in which only one may be at work.
    with FileLock(path / OPENING, timeout=PATIENCE):
        answers.mkdir(mode=PRIVATE, exist_ok=True)
        _make_private(answers)
        if lost and _identity(answers) == lost:  # else another process has seen to it
            _put_aside(answers, warn)
        try:
            cache = _open_cache(answers, size_limit)
        except ERRORS as error:
            if not is_damage(error):
                raise
            cache = None
        if cache is None:
            _put_aside(answers, warn)
            cache = _open_cache(answers, size_limit)
        return cache, _identity(answers)


def _require_locks(file: Path) -> None:
    """Raise OSError at once where the file system has no locks, rather than wait for one."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    with file.open("a+") as opened:
        for lock in (fcntl.flock, fcntl.lockf):
            try:
                lock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno in NO_LOCKS:
                    raise OSError(error.errno, "the file system has no locks") from None


def _put_aside(answers: Path, warn: Warn) -> None:
    aside = answers.with_name(f"{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")
    answers.rename(aside)
    answers.mkdir(mode=PRIVATE)
    warn(
        f"The cache was damaged: it is set aside as {aside}, and a new one is begun. "
        "`summarize cache clear` removes both."
    )


def _open_cache(folder: Path, size_limit: int) -> Any:
    """Open the database with diskcache, but look at its settings before they are obeyed."""
    if (folder / DBNAME).exists():
        settings = dict(_execute(folder, "SELECT key, value FROM Settings"))
        _execute(folder, f"SELECT {COLUMNS}, value FROM Cache LIMIT 1")
        pragmas = {item for item in KNOWN.items() if item[0].startswith("sqlite_")}
        if _kinds(settings) != _kinds(KNOWN) or not pragmas <= settings.items():
            raise ValueError("the settings of the database are not ours")
    settings = {**SETTINGS, "size_limit": size_limit}
    return Cache(str(folder), timeout=PATIENCE, disk=SafeDisk, **settings)


def _kinds(settings: Mapping[str, object]) -> dict[str, type]:
    return {name: type(value) for name, value in settings.items()}


def _execute(folder: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(folder / DBNAME, timeout=PATIENCE)
    with closing(connection), connection:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        return connection.execute(query).fetchall()


def _identity(folder: Path) -> Identity:
    try:
        status = (folder / DBNAME).stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_dev, status.st_ino


def cause_of(error: BaseException) -> BaseException:
    """Return what really went wrong: diskcache calls each failed beginning a time-out."""
    hidden = error.__context__
    return hidden if isinstance(error, Timeout) and isinstance(hidden, sqlite3.Error) else error


def is_damage(error: BaseException) -> bool:
    """Return whether what is in a database cannot be read, now or later, or was set aside."""
    error = cause_of(error)
    is_passing = PASSING.match(getattr(error, "sqlite_errorname", ""))
    return not is_passing and not isinstance(error, Timeout | OSError)


def _make_private(folder: Path) -> None:
    """Take the rights of others away, where the folder is ours and the system knows rights."""
    if hasattr(os, "geteuid"):
        status = folder.stat()
        if status.st_uid == os.geteuid() and status.st_mode & 0o777 != PRIVATE:
            folder.chmod(PRIVATE)
