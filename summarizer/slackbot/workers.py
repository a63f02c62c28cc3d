"""The threads that take jobs, and the processes that compare for them."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from summarizer import errors
from summarizer.errors import SummarizerError
from summarizer.slackbot.jobs import Job, Kind, Lane, Store

QUICK_WORKERS = 4  # threads for what needs no comparison; each mostly waits for Slack
ATTEMPTS = 3  # times that a job is begun: what ends the bot may be the job itself
TOO_OLD = 3600.0  # seconds after which nobody waits for an answer any more that did not come
GLANCE = 1.0  # seconds between looks for work that nobody announced
PURGE_SECONDS = 600.0  # seconds between two times that what is old is forgotten

log = logging.getLogger(__name__)


class WorkerFailed(Exception):
    """The process ended, was ended, or met an error that is none of a user's."""


class TookTooLong(WorkerFailed):
    """The process was ended because its time was over."""


class Stopped(Exception):
    """The bot is stopping: the order is for the next process."""


class ComparisonProcesses:
    """Compares, each time in a process of its own: its memory is freed when it ends."""

    def __init__(self) -> None:
        # Processes are forked from one that has loaded all it takes, which takes a second; not
        # from the bot, whose other threads a fork may leave hanging. macOS knows no safe fork.
        method = "forkserver" if sys.platform == "linux" else "spawn"
        self._context: Any = get_context(method)
        self._context.set_forkserver_preload(["summarizer.slackbot.preload"])
        self._running: set[BaseProcess] = set()
        self._guard = threading.Lock()
        self._ended = False

    def run(
        self, order: dict[str, Any], progress: Callable[[str, int, int], None], seconds: float
    ) -> dict[str, Any]:
        """Have an order, as ``compare.run_order`` takes it, worked on for so many seconds.

        A SummarizerError says why there is no report; WorkerFailed, that the process did not end
        as it should; Stopped, that the bot is stopping.
        """
        connection, theirs = self._context.Pipe()
        end = time.monotonic() + seconds
        with self._guard:
            if self._ended:
                raise Stopped
            process = self._context.Process(
                target=_serve_in_process, args=(order, theirs), daemon=True
            )
            process.start()
            self._running.add(process)
        theirs.close()
        try:
            while connection.poll(max(0.0, end - time.monotonic())):
                message = json.loads(connection.recv_bytes())
                if "stage" in message:
                    progress(message["stage"], message["done"], message["total"])
                elif "result" in message:
                    result: dict[str, Any] = message["result"]
                    return result
                else:
                    raise _error_from(message["error"], message["message"])
            raise TookTooLong
        except (OSError, EOFError) as error:
            raise (Stopped if self._ended else WorkerFailed)("ended without a result") from error
        finally:
            process.kill()
            process.join()
            connection.close()
            self._running.discard(process)

    def end(self) -> None:
        """End the processes, whatever they are at."""
        with self._guard:
            self._ended = True
            for process in tuple(self._running):
                process.kill()


def _serve_in_process(order: dict[str, Any], connection: Connection) -> None:
    from summarizer.slackbot.compare import serve_order  # loads all it takes, here only

    serve_order(order, connection)


def _error_from(name: str, message: str) -> Exception:
    kind = getattr(errors, name, None) if name else None
    if isinstance(kind, type) and issubclass(kind, SummarizerError):
        return kind(message)
    return WorkerFailed(message)


class WorkerPool:
    """Takes jobs from the store until told to stop; ``slow`` comparisons are under way at once."""

    def __init__(self, store: Store, run: Callable[[Job], None], slow: int) -> None:
        self._store, self._run = store, run
        self._stopping = threading.Event()
        self._announced = {lane: threading.Semaphore(0) for lane in Lane}
        steps: list[tuple[str, Callable[[], None]]] = [("purge", self._purge)]
        for lane in [Lane.SLOW] * slow + [Lane.QUICK] * QUICK_WORKERS:
            steps.append((lane, partial(self._take_job, lane)))
        self._threads = [
            threading.Thread(target=self._repeat, args=(step,), name=name, daemon=True)
            for name, step in steps
        ]

    def start(self) -> None:
        """Take up what a process before left, and begin."""
        for job in (*self._store.jobs("running"), *self._store.jobs("waiting")):
            hopeless = job.attempts >= ATTEMPTS or time.time() - job.at > TOO_OLD
            log.info("job %s: %s", job.id, "given up" if hopeless else "taken up again")
            self._store.save(job.turned(Kind.GIVEN_UP) if hopeless else job, "waiting")
        for thread in self._threads:
            thread.start()

    def announce(self, lane: Lane) -> None:
        """Say that there is a job."""
        self._announced[lane].release()

    def stop(self, seconds: float) -> bool:
        """Take no more jobs, and wait for those under way; return whether all were done.

        What was not done stays in the store, and is taken up by the next process.
        """
        self._stopping.set()
        for lane in Lane:
            self._announced[lane].release(len(self._threads))
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _repeat(self, step: Callable[[], None]) -> None:
        """Do something until told to stop; after a failure, as of the disk, begin again."""
        while not self._stopping.is_set():
            try:
                step()
            except Exception as error:
                name, origin = type(error).__name__, _error_origin(error)
                log.error("the bot's state cannot be used: %s at %s", name, origin)
                self._stopping.wait(GLANCE)

    def _take_job(self, lane: Lane) -> None:
        job = self._store.claim(lane)
        if job is None:
            self._announced[lane].acquire(timeout=GLANCE)
        else:
            self._run_one(job)

    def _run_one(self, job: Job) -> None:
        began = time.monotonic()
        try:
            self._run(job)
        except Exception as error:
            if self._stopping.is_set():
                return  # left for the next process
            # The text of an error may quote an article.
            log.error("job %s: %s at %s", job.id, type(error).__name__, _error_origin(error))
            if job.ask.kind is Kind.GIVEN_UP:
                self._store.finish(job)  # not even that can be told
            else:
                self._store.save(job.turned(Kind.GIVEN_UP), "waiting")
                self.announce(Lane.QUICK)
        else:
            log.info("job %s: %s in %.1f s", job.id, job.ask.kind, time.monotonic() - began)

    def _purge(self) -> None:
        self._store.purge()
        self._stopping.wait(PURGE_SECONDS)


def _error_origin(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"
