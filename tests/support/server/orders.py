"""Which answers go wrong, and how: as ordered, or by lot."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tests.support.server.faults import SECONDS, Fault, applies

_MARK = re.compile(r"^<<<(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Trouble:
    """The fault of one answer; ``seconds`` is what it is unless told where it is None."""

    fault: Fault
    seconds: float | None = None

    @property
    def lasting(self) -> float | None:
        """The seconds, if the fault takes any."""
        return SECONDS.get(self.fault) if self.seconds is None else self.seconds


@dataclass(slots=True)
class Order:
    """A fault for some answers; see ``ModelServer.order``."""

    trouble: Trouble
    times: int | None
    stage: str | None
    path: str | None
    after: int

    def takes(self, path: str, stage: str) -> bool:
        """Return whether this answer is one to go wrong; counts it."""
        if self.times == 0 or not applies(self.trouble.fault, stage):
            return False
        if self.path is None and path.endswith("/models"):
            return False
        if not (path.endswith(self.path or "") and self.stage in {None, stage}):
            return False
        if self.after:
            self.after -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass(frozen=True, slots=True)
class _Lot:
    faults: Sequence[Fault]
    share: float
    seed: int
    stages: Collection[str] | None


class Orders:
    """What was ordered. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Order] = []
        self._lot: _Lot | None = None
        self._asked: Counter[str] = Counter()

    def add(self, order: Order) -> None:
        """Order a fault."""
        with self._lock:
            self._orders.append(order)

    def draw(
        self, faults: Sequence[Fault], share: float, seed: int, stages: Collection[str] | None
    ) -> None:
        """Let a share of the answers go wrong from now on."""
        with self._lock:
            self._lot = _Lot(faults, share, seed, stages)

    def clear(self) -> None:
        """Let all go well."""
        with self._lock:
            self._orders.clear()
            self._lot = None
            self._asked.clear()

    def next(self, path: str, stage: str, text: str) -> Trouble | None:
        """Return what goes wrong with the answer to a prompt, if anything does."""
        with self._lock:
            for order in self._orders:
                if order.takes(path, stage):
                    return order.trouble
            return self._by_lot(path, stage, text) if self._lot else None

    def _by_lot(self, path: str, stage: str, text: str) -> Trouble | None:
        """Decide by the prompt and how often it came, so that a run of many threads repeats.

        The mark of the fence is another in each run, and is not looked at.
        """
        lot = self._lot
        if lot is None or not text or (lot.stages is not None and stage not in lot.stages):
            return None
        for mark in set(_MARK.findall(text)):
            text = text.replace(mark, "")
        question = hashlib.sha256(f"{path}\n{stage}\n{text}".encode("utf-8", "replace")).hexdigest()
        self._asked[question] += 1
        drawn = hashlib.sha256(f"{lot.seed} {question} {self._asked[question]}".encode()).digest()
        if int.from_bytes(drawn[:8], "big") / 2**64 >= lot.share:
            return None
        fitting = [fault for fault in lot.faults if applies(fault, stage)]
        if not fitting:
            return None
        fault = fitting[int.from_bytes(drawn[8:16], "big") % len(fitting)]
        return Trouble(fault)
