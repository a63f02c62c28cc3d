"""The threads that take jobs, and what happens to jobs when they start and stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from summarizer.slackbot.jobs import Job, Kind, Lane, State
from summarizer.slackbot.store import Store
from summarizer.slackbot.worker_process import WorkerProcess

QUICK_WORKERS = 4
"""Threads for what needs no comparison; each mostly waits for Slack."""

ATTEMPTS = 3
"""Times that a job is begun, before it is given up: what ends the bot may be the job itself."""

TOO_OLD = 3600.0
"""Seconds after which nobody waits for an answer any more that did not come."""

GLANCE = 1.0
"""Seconds between looks for work that nobody announced."""

PURGE_SECONDS = 600.0
"""Seconds between two times that what is old is forgotten."""

Run = Callable[[Job, WorkerProcess], None]

log = logging.getLogger(__name__)


class WorkerPool:
    """Takes jobs from the store until told to stop; ``slow`` comparisons are under way at once."""

    def __init__(
        self, store: Store, run: Run, slow: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._run = run
        self._clock = clock
        self._stopping = threading.Event()
        self._work = {lane: threading.Condition() for lane in Lane}
        self._workers = [WorkerProcess() for _ in range(slow)]
        # Quick jobs start no process.
        lanes = [(Lane.SLOW, worker) for worker in self._workers]
        lanes += [(Lane.QUICK, WorkerProcess())] * QUICK_WORKERS
        self._threads = [
            threading.Thread(
                target=self._take_jobs, args=lane, name=f"{lane[0]}-{number}", daemon=True
            )
            for number, lane in enumerate(lanes)
        ]
        purge = threading.Thread(target=self._purge_regularly, name="purge", daemon=True)
        self._threads.append(purge)

    def start(self) -> None:
        """Take up what a process before left, and begin."""
        self._recover_jobs()
        for thread in self._threads:
            thread.start()

    def announce(self, lane: Lane) -> None:
        """Say that there is a job."""
        with self._work[lane]:
            self._work[lane].notify()

    def stop(self, seconds: float) -> bool:
        """Take no more jobs, and wait for those under way; return whether all were done.

        What was not done stays in the store, and is taken up by the next process.
        """
        self._stopping.set()
        for condition in self._work.values():
            with condition:
                condition.notify_all()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        done = not any(thread.is_alive() for thread in self._threads)
        for worker in self._workers:
            worker.end()
        return done

    def _recover_jobs(self) -> None:
        for job in self._store.jobs(State.RUNNING):
            hopeless = job.attempts >= ATTEMPTS or self._clock() - job.at > TOO_OLD
            log.info("job %s: %s", job.id, "given up" if hopeless else "taken up again")
            self._store.put_back(job.turned(Kind.GIVEN_UP) if hopeless else job)
        for job in self._store.jobs(State.WAITING):
            if job.lane is Lane.SLOW and self._clock() - job.at > TOO_OLD:
                self._store.put_back(job.turned(Kind.GIVEN_UP))

    def _take_jobs(self, lane: Lane, worker: WorkerProcess) -> None:
        while not self._stopping.is_set():
            try:
                job = self._store.claim(lane)
                if job is None:
                    with self._work[lane]:
                        if not self._stopping.is_set():
                            self._work[lane].wait(GLANCE)
                    continue
                self._run_one(job, worker)
            except Exception as error:
                self._wait_for_state(error)

    def _wait_for_state(self, error: Exception) -> None:
        """Wait a moment: the disk is full, say. Who gave up now would not work when it is not."""
        log.error(
            "the bot's state cannot be used: %s at %s", type(error).__name__, _error_origin(error)
        )
        self._stopping.wait(GLANCE)

    def _run_one(self, job: Job, worker: WorkerProcess) -> None:
        began = time.monotonic()
        try:
            self._run(job, worker)
        except Exception as error:
            if self._stopping.is_set():
                return  # left for the next process
            # The text of an error may quote an article.
            log.error("job %s: %s at %s", job.id, type(error).__name__, _error_origin(error))
            self._give_up(job)
        else:
            log.info("job %s: %s in %.1f s", job.id, job.ask.kind, time.monotonic() - began)

    def _give_up(self, job: Job) -> None:
        if job.ask.kind is Kind.GIVEN_UP:
            self._store.finish(job)  # not even that can be told
            return
        self._store.put_back(job.turned(Kind.GIVEN_UP))
        self.announce(Lane.QUICK)

    def _purge_regularly(self) -> None:
        while True:
            try:
                self._store.purge()
            except Exception as error:
                self._wait_for_state(error)
            if self._stopping.wait(PURGE_SECONDS):
                return


def _error_origin(error: Exception) -> str:
    """Return where an error was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
