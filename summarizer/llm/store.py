"""Where answers are kept: JSON objects by key, on disk, for many threads and processes.

A store never fails: what is damaged is set aside, what cannot be written is kept in memory
for this run, and in both cases the user is told through a callback.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from summarizer.llm.disk import ERRORS, SIZE_LIMIT, DiskShelf, Trouble, cause, trouble
from summarizer.llm.folder import FAILURES, CacheFolder, Warn, chosen_folder, silent
from summarizer.llm.shelf import MemoryShelf, Row

__all__ = ["Info", "Row", "Store", "chosen_folder", "open_store"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What a store holds. ``stages`` has for each stage its replies and their bytes."""

    folder: Path | None
    entries: int
    bytes: int
    stages: tuple[tuple[str, int, int], ...]
    oldest: datetime | None
    newest: datetime | None
    set_aside: tuple[Path, ...]


def open_store(folder: Path, *, warn: Warn = silent, size_limit: int = SIZE_LIMIT) -> Store:
    """Open the store in a folder, and make the folder if it is not there.

    Args:
        folder: Where; only its user may read it.
        warn: Told what went wrong, in a sentence for the user.
        size_limit: Bytes, from which the answers stored first are evicted.
    """
    return Store(folder, warn=warn, size_limit=size_limit)


class Store:
    """JSON objects by key. Safe for threads and for several processes at once.

    The key of a reply is a hash; the keys of everything else contain a "/".
    """

    def __init__(
        self, folder: Path | None = None, *, warn: Warn = silent, size_limit: int = SIZE_LIMIT
    ) -> None:
        """Open the store; without a folder it is in memory only. See ``open_store``."""
        self._folder = CacheFolder(folder, warn) if folder else None
        self._warn = warn
        self._size_limit = size_limit
        self._told: set[Trouble] = set()
        self._memory = MemoryShelf()
        self._guard = threading.RLock()
        self._disk: DiskShelf | None = None
        if self._folder:
            try:
                self._disk = self._folder.open(size_limit)
            except FAILURES as error:
                self._tell(error)

    @classmethod
    def empty(cls, folder: Path) -> Store:
        """Return the store of a folder that is not there, in memory: nothing is made."""
        store = cls()
        store._folder = CacheFolder(folder)
        return store

    @property
    def in_memory(self) -> bool:
        """Whether nothing that is stored now outlives this process."""
        return self._disk is None

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the object of a key; what is no JSON object is removed and missing."""
        key = _plain(key)
        data = self._memory.get(key)
        if data is None:
            data = self._tried(lambda disk: disk.get(key), None)
        if data is None:
            return None
        value = _object(data)
        if value is None:
            self.delete(key)
        return value

    def put(self, key: str, value: dict[str, Any], *, stage: str = "") -> None:
        """Store an object; when this returns, it survives the end of this process."""
        key, stage = _plain(key), _plain(stage)
        data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        encoded = data.encode("utf-8", "surrogatepass")
        before = self._disk
        written = self._written(key, encoded, stage)
        if not written and self._disk is not before:
            # A damaged database was set aside, and a new one is there.
            written = self._written(key, encoded, stage)
        if written:
            self._memory.delete((key,))
        else:
            self._memory.put(key, encoded, stage)

    def delete(self, *keys: str) -> None:
        """Remove the objects of keys, those that there are."""
        plain = tuple(map(_plain, keys))
        self._memory.delete(plain)
        self._tried(lambda disk: disk.delete(plain), None)

    def entries(self) -> list[Row]:
        """Return the stored replies, those stored first before the others."""
        return [row for row in self._rows() if _is_reply(row)]

    def info(self) -> Info:
        """Return how much is stored, of what and since when."""
        rows = self.entries()
        number = Counter(row.stage for row in rows)
        size: Counter[str] = Counter()
        for row in rows:
            size[row.stage] += row.size
        return Info(
            folder=self._folder.path if self._folder else None,
            entries=len(rows),
            bytes=sum(row.size for row in rows),
            stages=tuple((stage, number[stage], size[stage]) for stage in sorted(number)),
            oldest=_time(rows[0]) if rows else None,
            newest=_time(rows[-1]) if rows else None,
            set_aside=self._folder.set_aside() if self._folder else (),
        )

    def prune(self, *, before: float | None = None, max_bytes: int | None = None) -> int:
        """Remove what is old or too much, those stored first before the others.

        Args:
            before: Seconds since 1970: everything that was stored earlier goes.
            max_bytes: Replies go until the rest takes no more than this.

        Returns:
            How many replies were removed.
        """
        self._tried(DiskShelf.sweep, 0)
        rows = self._rows()
        old = [row for row in rows if before is not None and row.stored < before]
        left = [row for row in rows[len(old) :] if _is_reply(row)]
        doomed = [*old, *([] if max_bytes is None else _beyond(left, max_bytes))]
        self.delete(*(row.key for row in doomed))
        return sum(map(_is_reply, doomed))

    def clear(self) -> int:
        """Remove everything, also what was set aside; return how many replies it was."""
        number = len(self.entries())
        self._memory.clear()
        self._tried(DiskShelf.clear, None)
        if self._folder:
            self._folder.tidy()
        return number

    def turn(self, key: str) -> AbstractContextManager[None]:
        """Return, for a ``with``, the turn of this process at a key.

        The system ends the turn of a process that dies. In memory everybody has a turn.
        """
        if self._folder is None or self._disk is None:
            return nullcontext()
        return self._folder.turn(key)

    def close(self) -> None:
        """Close the database. A later use finds only what is in memory."""
        with self._guard:
            disk, self._disk = self._disk, None
        if disk:
            disk.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _rows(self) -> list[Row]:
        none: list[Row] = []
        rows = [*self._tried(DiskShelf.rows, none), *self._memory.rows()]
        return sorted(rows, key=lambda row: row.stored)

    def _written(self, key: str, data: bytes, stage: str) -> bool:
        def write(disk: DiskShelf) -> bool:
            disk.put(key, data, stage)
            return True

        return self._tried(write, False)

    def _tried(self, work: Callable[[DiskShelf], T], otherwise: T) -> T:
        """Do something with the database; if that fails, see to it and return ``otherwise``."""
        disk = self._disk
        if disk is None:
            return otherwise
        try:
            return work(disk)
        except ERRORS as error:
            self._recover(disk, error)
            return otherwise

    def _recover(self, disk: DiskShelf, error: Exception) -> None:
        with self._guard:
            if self._disk is not disk or self._folder is None:
                return  # Another thread has seen to it, or the store is closed.
            if trouble(error) not in (Trouble.DAMAGED, Trouble.MOVED):
                self._tell(error)
                return
            disk.close()
            try:
                self._disk = self._folder.reopen(self._size_limit, disk.identity)
            except FAILURES as failure:
                self._disk = None
                self._tell(failure)

    def _tell(self, error: Exception) -> None:
        """Say once for each kind of trouble why answers are not stored."""
        kind = trouble(error)
        if kind in self._told or self._folder is None:
            return
        self._told.add(kind)
        found = cause(error)
        why = (found.strerror if isinstance(found, OSError) else "") or str(found) or kind.value
        self._warn(
            f"The cache {self._folder.path} cannot be used ({why}): "
            "what is answered now is kept for this run only."
        )


def _is_reply(row: Row) -> bool:
    return "/" not in row.key


def _beyond(rows: Iterable[Row], max_bytes: int) -> list[Row]:
    """Return the rows, first to last, without which the rest takes no more than so much."""
    rows = list(rows)
    size = sum(row.size for row in rows)
    doomed = []
    for row in rows:
        if size <= max_bytes:
            break
        doomed.append(row)
        size -= row.size
    return doomed


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _plain(text: str) -> str:
    """Return a text that the database takes: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _time(row: Row) -> datetime:
    return datetime.fromtimestamp(row.stored, UTC)
