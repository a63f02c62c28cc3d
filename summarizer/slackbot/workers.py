"""The threads that take jobs, and the processes that compare for them."""

from __future__ import annotations

import json
import logging
import multiprocessing
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from summarizer.slackbot.compare import error_from, serve_orders
from summarizer.slackbot.jobs import Job, Kind, Lane
from summarizer.slackbot.store import Store

QUICK_WORKERS = 4  # threads for what needs no comparison; each mostly waits for Slack

ATTEMPTS = 3
"""Times that a job is begun, before it is given up: what ends the bot may be the job itself."""

TOO_OLD = 3600.0  # seconds after which nobody waits for an answer any more that did not come
GLANCE = 1.0  # seconds between looks for work that nobody announced
PURGE_SECONDS = 600.0  # seconds between two times that what is old is forgotten

ORDERS = 25
"""Orders that one process works on before a new one takes over: whatever it did not free is
freed then. A start costs about a second."""

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how many of its steps are done, and how many there are."""

log = logging.getLogger(__name__)


class WorkerFailed(Exception):
    """The process ended, was ended, or met an error that is none of a user's."""


class TookTooLong(WorkerFailed):
    """The process was ended because its time was over."""


class Stopped(Exception):
    """The bot is stopping: the order is for the next process."""


class WorkerProcess:
    """Owns one process at a time, for one thread; started when there is something to do."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._orders = 0
        self._guard = threading.Lock()
        self._ended = False

    def run(self, order: dict[str, Any], progress: Progress, seconds: float) -> dict[str, Any]:
        """Have an order, as ``compare.run_order`` takes it, worked on for so many seconds.

        Raises:
            SummarizerError: There is no report, and why.
            WorkerFailed: It did not end as it should.
            Stopped: The bot is stopping.
        """
        connection, end = self._ready_connection(), time.monotonic() + seconds
        try:
            connection.send_bytes(json.dumps(order).encode())
            while connection.poll(max(0.0, end - time.monotonic())):
                message = json.loads(connection.recv_bytes())
                if "stage" in message:
                    progress(message["stage"], message["done"], message["total"])
                elif "result" in message:
                    result: dict[str, Any] = message["result"]
                    return result
                else:
                    error = error_from(message["error"], message["message"])
                    raise error or WorkerFailed(message["message"])
            raise TookTooLong
        except (WorkerFailed, OSError, EOFError) as error:
            self._drop_process()
            if self._ended:
                raise Stopped from error
            if isinstance(error, WorkerFailed):
                raise
            raise WorkerFailed("ended without a result") from error

    def end(self) -> None:
        """End the process, whatever it is at."""
        with self._guard:
            self._ended = True
            if self._process is not None:
                self._process.kill()

    def _ready_connection(self) -> Connection:
        if self._orders >= ORDERS:
            self._drop_process()
        with self._guard:
            if self._ended:
                raise Stopped
            if self._connection is None:
                # A fresh interpreter: what is forked from a bot of many threads may hang.
                spawn = multiprocessing.get_context("spawn")
                self._connection, theirs = spawn.Pipe()
                self._process = spawn.Process(target=serve_orders, args=(theirs,), daemon=True)
                self._process.start()
                theirs.close()
            self._orders += 1
            return self._connection

    def _drop_process(self) -> None:
        with self._guard:
            process, self._process = self._process, None
            connection, self._connection = self._connection, None
            self._orders = 0
        if process is not None and connection is not None:
            process.kill()
            process.join()
            connection.close()


class WorkerPool:
    """Takes jobs from the store until told to stop; ``slow`` comparisons are under way at once."""

    def __init__(
        self,
        store: Store,
        run: Callable[[Job, WorkerProcess], None],
        slow: int,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._run, self._clock = store, run, clock
        self._stopping = threading.Event()
        self._announced = {lane: threading.Semaphore(0) for lane in Lane}
        self._workers = [WorkerProcess() for _ in range(slow)]
        # Quick jobs start no process.
        lanes = [(Lane.SLOW, worker) for worker in self._workers]
        lanes += [(Lane.QUICK, WorkerProcess())] * QUICK_WORKERS
        self._threads = [
            threading.Thread(target=self._take_jobs, args=lane, name=f"{lane[0]}-jobs", daemon=True)
            for lane in lanes
        ]
        self._threads.append(
            threading.Thread(target=self._purge_regularly, name="purge", daemon=True)
        )

    def start(self) -> None:
        """Take up what a process before left, and begin."""
        for job in (*self._store.jobs("running"), *self._store.jobs("waiting")):
            hopeless = job.attempts >= ATTEMPTS or self._clock() - job.at > TOO_OLD
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
        done = not any(thread.is_alive() for thread in self._threads)
        for worker in self._workers:
            worker.end()
        return done

    def _take_jobs(self, lane: Lane, worker: WorkerProcess) -> None:
        while not self._stopping.is_set():
            try:
                job = self._store.claim(lane)
                if job is None:
                    self._announced[lane].acquire(timeout=GLANCE)
                else:
                    self._run_one(job, worker)
            except Exception as error:
                self._wait_for_state(error)

    def _run_one(self, job: Job, worker: WorkerProcess) -> None:
        began = time.monotonic()
        try:
            self._run(job, worker)
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

    def _purge_regularly(self) -> None:
        while not self._stopping.is_set():
            try:
                self._store.purge()
                self._stopping.wait(PURGE_SECONDS)
            except Exception as error:
                self._wait_for_state(error)

    def _wait_for_state(self, error: Exception) -> None:
        """Wait a moment: the disk is full, say. Who gave up now would not work when it is not."""
        origin = _error_origin(error)
        log.error("the bot's state cannot be used: %s at %s", type(error).__name__, origin)
        self._stopping.wait(GLANCE)


def _error_origin(error: Exception) -> str:
    """Return where an error was raised."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"
