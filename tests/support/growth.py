"""Whether a function's cost grows with its input, or faster."""

from __future__ import annotations

import time
from collections.abc import Callable

FOLD = 4
"""How much larger the larger input is."""

ALLOWED = 2.5 * FOLD
"""Linear growth gives ``FOLD``, quadratic its square; in between, what a busy machine adds."""

TOO_QUICK = 0.02
"""Seconds of processor time below which a ratio would measure noise."""


def assert_linear(run: Callable[[int], object], size: int) -> None:
    """Assert that ``run`` does not take much more than ``FOLD`` times for as much input.

    Processor time of this process, the best of three: what else the machine does counts little.
    """
    small = max(_best(run, size), TOO_QUICK)
    large = _best(run, FOLD * size)
    assert large <= ALLOWED * small, f"{large / small:.1f} times the time for {FOLD} times as much"


def _best(run: Callable[[int], object], size: int) -> float:
    return min(_seconds(run, size) for _ in range(3))


def _seconds(run: Callable[[int], object], size: int) -> float:
    start = time.process_time()
    run(size)
    return time.process_time() - start
