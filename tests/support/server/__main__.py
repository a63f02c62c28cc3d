"""``python -m tests.support.server``: a model server to try things on, until it is stopped."""

from __future__ import annotations

import argparse
import signal
import threading

from tests.support.server.faults import Fault
from tests.support.server.http import ModelServer

SHARE = 0.2
"""Of the answers that go wrong where a seed is given."""


def main() -> None:
    """Print the address of a server, and serve until killed."""
    options = argparse.ArgumentParser(prog="python -m tests.support.server", description=__doc__)
    options.add_argument("--port", type=int, default=0, help="any free one unless told")
    options.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    options.add_argument("--seed", type=int, help=f"let {SHARE:.0%}% of the answers go wrong")
    chosen = options.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with ModelServer(delay=chosen.delay, port=chosen.port) as server:
        if chosen.seed is not None:
            server.order_at_random(tuple(Fault), SHARE, chosen.seed)
        print(server.url, flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()
