"""Where answers are kept: JSON objects by key, on disk, for many threads and processes.

A store never fails: what is damaged is set aside, what cannot be written is kept in memory
for this run, and in both cases the user is told through a callback.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock
from filelock import Timeout as LockTimeout
from platformdirs import user_cache_dir

from summarizer.llm import cache_database
from summarizer.llm.cache_database import (
    ASIDE,
    ERRORS,
    LOCKS,
    PRIVATE,
    SIZE_LIMIT,
    Identity,
    Row,
    Warn,
)

T = TypeVar("T")

ASKING_PATIENCE = 900.0
"""Seconds to wait while another process asks the same question, before it is asked twice:
longer than an answer of the slowest service tier may take."""


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


def chosen_folder(cache_dir: str) -> Path:
    """Return the folder that ``Settings.cache_dir`` names; the user's own one if it is empty."""
    if cache_dir:
        return Path(os.path.expanduser(cache_dir))  # noqa: PTH111 - Path.expanduser raises for an unknown user
    return Path(user_cache_dir("summarizer", appauthor=False))


def open_store(folder: Path, *, warn: Warn = lambda _: None, size_limit: int = SIZE_LIMIT) -> Store:
    """Open the store in a folder that only its user may read; it is made if it is not there.

    ``warn`` is told what went wrong, in a sentence for the user. From ``size_limit`` bytes on the
    answers stored first are evicted.
    """
    store = Store(folder, warn=warn, size_limit=size_limit)
    store.open()
    return store


class Store:
    """JSON objects by key. Safe for threads and for several processes at once.

    Until it is opened nothing is read or made: it is in memory only. One thread of its own does
    all the work: SQLite's connections belong to a thread, and one that nobody closes would keep
    the database from being set aside.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        warn: Warn = lambda _: None,
        size_limit: int = SIZE_LIMIT,
    ) -> None:
        self._folder = folder
        self._warn = warn
        self._size_limit = size_limit
        self._has_warned = False
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="cache")
        # For that thread alone: diskcache's cache, its database, and what is not stored there.
        self._cache: Any = None
        self._identity: Identity | None = None
        self._memory: dict[str, tuple[Row, bytes]] = {}

    def open(self) -> None:
        """Open the database in the folder, a new one if it is damaged; warn where that fails."""
        self._run(self._reopen)

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the object of a key; what is no JSON object is removed and missing."""
        key = _encodable(key)
        data = self._run(self._read, key)
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
        key, stage = _encodable(key), _encodable(stage)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        data = text.encode("utf-8", "surrogatepass")
        self._run(self._write, Row(key=key, stage=stage, stored=time.time(), size=len(data)), data)

    def delete(self, *keys: str) -> None:
        """Remove the objects of keys, those that there are."""
        self._run(self._remove, tuple(map(_encodable, keys)))

    def entries(self) -> list[Row]:
        """Return the stored replies, those stored first before the others."""
        return [row for row in self._run(self._rows) if row.is_reply]

    def info(self) -> Info:
        """Return how much is stored, of what and since when."""
        rows = self.entries()
        number = Counter(row.stage for row in rows)
        size: Counter[str] = Counter()
        for row in rows:
            size[row.stage] += row.size
        times = [datetime.fromtimestamp(row.stored, UTC) for row in rows]
        return Info(
            folder=self._folder,
            entries=len(rows),
            bytes=size.total(),
            stages=tuple((stage, number[stage], size[stage]) for stage in sorted(number)),
            oldest=min(times, default=None),
            newest=max(times, default=None),
            set_aside=self._set_aside(),
        )

    def prune(self, *, before: float | None = None, max_bytes: int | None = None) -> int:
        """Remove what is old or too much, and return how many replies that were.

        Everything goes that was stored before ``before``, in seconds since 1970; then replies,
        those stored first before the others, until the rest takes no more than ``max_bytes``.
        """
        self._run(self._try, cache_database.sweep, None)
        rows = self._run(self._rows)
        doomed = [row for row in rows if before is not None and row.stored < before]
        left = [row for row in rows[len(doomed) :] if row.is_reply]
        size = sum(row.size for row in left)
        for row in left:
            if max_bytes is None or size <= max_bytes:
                break
            doomed.append(row)
            size -= row.size
        self.delete(*(row.key for row in doomed))
        return sum(row.is_reply for row in doomed)

    def clear(self) -> int:
        """Remove everything, also what was set aside; return how many replies it was."""
        number = len(self.entries())
        self._run(self._memory.clear)
        self._run(self._try, lambda cache: cache.clear(), None)
        if self._folder:
            # A lock that is held is removed from under its holder: one question may be asked
            # twice, and nothing is lost.
            for folder in (*self._set_aside(), self._folder / LOCKS):
                shutil.rmtree(folder, ignore_errors=True)
        return number

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        """Wait until no other process is at this key; in memory everybody has a turn.

        The system ends the turn of a process that dies.
        """
        if self._folder is None or self._cache is None:
            yield
            return
        path = self._folder / LOCKS / f"{key}.lock"
        lock = FileLock(path, timeout=ASKING_PATIENCE)
        # Asked twice is better than not at all.
        with suppress(OSError, LockTimeout, NotImplementedError):
            path.parent.mkdir(mode=PRIVATE, exist_ok=True)
            lock.acquire()
        try:
            yield
        finally:
            if lock.is_locked:
                # Removed while it is held. Who waited for the removed file looks into the store
                # again before it asks, so that two who hold a lock each do no harm.
                _unlink(path)
                lock.release()
                _unlink(path)  # Windows removes no file that is open.

    def close(self) -> None:
        """Close the database. A later use finds only what is in memory."""
        self._run(self._let_go)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, work: Callable[..., T], *given: Any) -> T:
        """Do something in the one thread; all that follows is done there."""
        try:
            future = self._worker.submit(work, *given)
        except RuntimeError:  # the program is ending, and no thread takes anything on any more
            return work(*given)
        return future.result()

    def _read(self, key: str) -> bytes | None:
        held = self._memory.get(key)
        return held[1] if held else self._try(lambda cache: cache.get(key), None)

    def _write(self, row: Row, data: bytes) -> None:
        is_written = self._try(lambda cache: cache.set(row.key, data, tag=row.stage), False)
        self._memory.pop(row.key, None)
        if not is_written:
            self._memory[row.key] = (row, data)

    def _remove(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self._memory.pop(key, None)
        self._try(lambda cache: cache_database.remove(cache, keys), None)

    def _rows(self) -> list[Row]:
        none: list[Row] = []
        in_memory = [row for row, _ in self._memory.values()]
        rows = [*self._try(cache_database.list_rows, none), *in_memory]
        return sorted(rows, key=lambda row: row.stored)

    def _set_aside(self) -> tuple[Path, ...]:
        try:
            folders = self._folder.glob(f"{ASIDE}*") if self._folder else ()
            return tuple(sorted(each for each in folders if each.is_dir()))
        except OSError:
            return ()

    def _try(self, work: Callable[[Any], T], otherwise: T) -> T:
        """Do something with the database, once more with a new one where it is damaged."""
        for _ in range(2):
            if self._cache is None:
                break
            try:
                return work(self._cache)
            except ERRORS as error:
                # A commit that failed leaves its transaction open; a new connection has none.
                with suppress(*ERRORS):
                    self._cache.close()
                if not cache_database.is_damage(error):
                    self._warn_once(error)
                    break
            self._reopen()
        return otherwise

    def _reopen(self) -> None:
        """Open the database; one that proved damaged in use is closed."""
        if self._folder is None:
            return
        try:
            self._cache, self._identity = cache_database.open_database(
                self._folder, self._size_limit, self._identity, self._warn
            )
        except cache_database.FAILURES as failure:
            self._cache = None
            self._warn_once(failure)

    def _let_go(self) -> None:
        if self._cache is not None:
            # What was stored is stored; a database in trouble need not be left in order.
            with suppress(*ERRORS):
                self._cache.close()
            self._cache = None

    def _warn_once(self, error: Exception) -> None:
        if not self._has_warned:
            self._has_warned = True
            cause = cache_database.cause_of(error)
            why = (cause.strerror if isinstance(cause, OSError) else "") or str(cause) or "busy"
            self._warn(
                f"The cache {self._folder} cannot be used ({why}): "
                "what is answered now is kept for this run only."
            )


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _encodable(text: str) -> str:
    """Return a text that the database takes: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")
