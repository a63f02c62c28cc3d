"""Files that are there whole or not at all, and SQLite files of one process."""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from summarizer.errors import UsageError

_NO_RENAME = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY})
"""Errors of a folder in which no file can be made or replaced, though its files may be written:
the folder belongs to somebody else, or the file alone is mounted into a container."""


def replace_file(target: Path, data: bytes, *, synced: bool = True) -> None:
    """Put ``data`` in the place of ``target`` when all of it is written.

    With ``synced`` it waits for the disk, which only a loss of power asks for, and no killed
    process; thousands of files are written without.

    Raises:
        OSError: There is no room for it, or it may not be written; an old file is left whole.
    """
    beside = target.with_name(f".{target.name[:50]}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            if target.exists():  # before anything is in it that others may not read
                beside.chmod(target.stat().st_mode & 0o777)
            file.write(data)
            if synced:
                file.flush()
                os.fsync(file.fileno())
        beside.replace(target)
    except OSError as problem:
        if problem.errno not in _NO_RENAME or not target.exists():
            raise
        target.write_bytes(data)
    finally:
        with suppress(OSError):  # where nothing may be written, nothing may be removed
            beside.unlink()


DatabaseError = sqlite3.Error
"""What a change raises that cannot be made, as on a full disk."""


class DatabaseInUse(UsageError):
    """Another process has the file."""


class Database:
    """One file, which several threads may use. What is committed outlives a killed process.

    The file and its tables are made where they are not there; ``user`` and ``hint`` are what uses
    it, and what to do where it cannot be used, for messages.

    Raises:
        UsageError: It cannot be used.
        DatabaseInUse: Another process uses it.
    """

    def __init__(self, path: Path, tables: str, *, user: str, hint: str) -> None:
        self._guard = threading.RLock()
        try:
            self.connection = sqlite3.connect(
                path, isolation_level=None, timeout=1.0, check_same_thread=False
            )
            self.connection.executescript(
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; "
                "PRAGMA secure_delete = ON;"
            )
            with self.transaction() as db:
                for statement in tables.split(";"):
                    db.execute(statement)
        except sqlite3.Error as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise DatabaseInUse(f"{path} is in use by another {user}.", hint) from error
            raise UsageError(f"{path} cannot be used: {error}.", hint) from error

    def close(self) -> None:
        """Let another process have the file."""
        with self._guard:
            self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Make all changes of a ``with``, or none of them; within another one, with that one."""
        with self._guard:
            within_another = self.connection.in_transaction
            if within_another:
                yield self.connection
                return
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            finally:
                # A full disk may have ended the change already, or have kept it from being kept.
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    def change(self, statement: str, *values: object) -> None:
        """Make one change."""
        with self.transaction() as db:
            db.execute(statement, values)

    def rows(self, query: str, *values: object) -> list[Any]:
        """Return the rows that a query finds."""
        with self._guard:
            return self.connection.execute(query, values).fetchall()
