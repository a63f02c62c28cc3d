"""An SQLite file that one process has for itself: its transactions and rows."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from summarizer.errors import UsageError

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
