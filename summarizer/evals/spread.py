"""Work that needs no model, spread over the processors of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

WORTH_A_POOL = 3
"""Jobs from which starting processes, half a second each, is won back."""


def spread(work: Callable[[T], R], jobs: Sequence[T]) -> Iterator[R]:
    """Yield the result of each job in order, worked on by several processes if they are many."""
    processors = os.cpu_count() or 1
    if len(jobs) < WORTH_A_POOL or processors == 1:
        yield from map(work, jobs)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Started afresh and not forked: a fork takes locks along that other threads hold.
    context = get_context("spawn")
    with ProcessPoolExecutor(min(len(jobs), processors), mp_context=context) as pool:
        yield from pool.map(work, jobs)
