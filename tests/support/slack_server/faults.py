"""What may go wrong at Slack, to order or by lot."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure of one request.

    Args:
        status: The status of HTTP.
        done: Whether what was asked is done all the same.
        error: Slack's word for it, where the status is 200.
        retry_after: Seconds to wait, with a 429.
    """

    status: int = 500
    done: bool = False
    error: str = ""
    retry_after: int = 0


class Faults:
    """Says of each request whether it fails."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._ordered: dict[str, list[Fault]] = {}
        self._random: Random | None = None
        self._share = 0.0
        self._spared: frozenset[str] = frozenset()

    def order(self, method: str, *faults: Fault) -> None:
        """Let the next requests to a method fail, in this order."""
        with self._guard:
            self._ordered.setdefault(method, []).extend(faults)

    def draw(self, share: float, seed: int, *, spared: Collection[str] = ()) -> None:
        """Let a share of all requests fail: 429, 500 before it is done, 500 after it is done."""
        with self._guard:
            self._random, self._share, self._spared = Random(seed), share, frozenset(spared)

    def next(self, method: str) -> Fault | None:
        """Return the fault of a request, if it is to fail."""
        with self._guard:
            if waiting := self._ordered.get(method):
                return waiting.pop(0)
            if self._random is None or method in self._spared:
                return None
            if self._random.random() >= self._share:
                return None
            return self._random.choice((Fault(429), Fault(500), Fault(500, done=True)))
