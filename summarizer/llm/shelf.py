"""Rows of a store, and a shelf for those that live only as long as the process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass


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


class MemoryShelf:
    """Bytes by key, in memory. Safe for threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: dict[str, tuple[Row, bytes]] = {}

    def get(self, key: str) -> bytes | None:
        """Return a value, or None."""
        with self._guard:
            held = self._held.get(key)
        return held[1] if held else None

    def put(self, key: str, value: bytes, stage: str) -> None:
        """Keep a value."""
        row = Row(key=key, stage=stage, stored=time.time(), size=len(value))
        with self._guard:
            self._held.pop(key, None)
            self._held[key] = (row, value)

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the values of ``keys``, those that there are."""
        with self._guard:
            for key in keys:
                self._held.pop(key, None)

    def rows(self) -> list[Row]:
        """Return all rows, those kept first before the others."""
        with self._guard:
            return [row for row, _ in self._held.values()]

    def clear(self) -> None:
        """Remove everything."""
        with self._guard:
            self._held.clear()
