"""The process that compares, held by one thread of the bot: orders in, a result out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from summarizer.slackbot.worker_main import error_from

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how many of its steps are done, and how many there are."""

ORDERS = 25
"""Orders that one process works on before a new one takes over: whatever it did not free is
freed then. A start costs about a second."""


class WorkerFailed(Exception):
    """The process ended, was ended, or met an error that is none of a user's."""


class TookTooLong(WorkerFailed):
    """The process was ended because its time was over."""


class Stopped(Exception):
    """The bot is stopping: the order is for the next process."""


class WorkerProcess:
    """Owns one process at a time; started when there is something to do."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._served = 0
        self._guard = threading.Lock()
        self._ended = False

    def run(self, order: dict[str, Any], progress: Progress, seconds: float) -> dict[str, Any]:
        """Have an order, as ``worker_main.run_order`` takes it, worked on for so many seconds.

        Raises:
            SummarizerError: There is no report, and why.
            WorkerFailed: It did not end as it should.
            Stopped: The bot is stopping.
        """
        child = self._ready_process()
        over = threading.Event()

        def end() -> None:
            over.set()
            child.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            return _exchange_lines(child, order, progress)
        except WorkerFailed as error:
            self._drop_process()
            if self._ended:
                raise Stopped from error
            if over.is_set():
                raise TookTooLong(str(error)) from error
            raise
        finally:
            timer.cancel()

    def end(self) -> None:
        """End the process, whatever it is at."""
        with self._guard:
            self._ended = True
        self._drop_process()

    def _ready_process(self) -> subprocess.Popen[str]:
        if self._child is not None and self._served >= ORDERS:
            self._drop_process()
        with self._guard:
            if self._ended:
                raise Stopped
            if self._child is None:
                self._child, self._served = _start_process(), 0
            self._served += 1
            return self._child

    def _drop_process(self) -> None:
        with self._guard:
            child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with suppress(OSError):  # what was still to be written has nobody to read it
                    stream.close()


def _start_process() -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    return subprocess.Popen(
        [sys.executable, "-m", "summarizer.slackbot.worker_main"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=kept,
        encoding="utf-8",
        # Ctrl-C at a terminal is for the bot, which lets its children finish.
        start_new_session=True,
    )


def _exchange_lines(
    child: subprocess.Popen[str], order: dict[str, Any], progress: Progress
) -> dict[str, Any]:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(json.dumps(order) + "\n")
        child.stdin.flush()
        for line in child.stdout:
            message = json.loads(line)
            if "stage" in message:
                progress(message["stage"], message["done"], message["total"])
            elif "result" in message:
                result: dict[str, Any] = message["result"]
                return result
            else:
                error = error_from(message["error"], message["message"])
                raise error or WorkerFailed(message["message"])
    except (OSError, ValueError) as error:
        raise WorkerFailed(type(error).__name__) from error
    raise WorkerFailed("ended without a result")
