"""The one place with threads: tasks that wait for a server, several at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread

Task = Callable[[], None]


def run(tasks: Sequence[Task], jobs: int, done: Callable[[int], None] = lambda count: None) -> None:
    """Run tasks, at most ``jobs`` at once, and return when all have ended.

    The threads are daemons: a run that is interrupted ends at once, whatever a server is
    still being waited for.

    Args:
        tasks: What is to be done; one that needs another's result starts it by itself.
        jobs: How many may be under way; with one, no thread is started.
        done: Told, on the caller's thread, how many have ended.

    Raises:
        BaseException: The first that a task raised; tasks not yet begun are then dropped.
    """
    if jobs == 1 or len(tasks) < 2:
        for number, task in enumerate(tasks, start=1):
            task()
            done(number)
        return
    waiting = deque(tasks)
    ended: SimpleQueue[BaseException | None] = SimpleQueue()

    def work() -> None:
        while True:
            try:
                task = waiting.popleft()
            except IndexError:
                return
            problem: BaseException | None = None
            try:
                task()
            except BaseException as error:
                problem = error
            ended.put(problem)

    for number in range(min(jobs, len(tasks))):
        Thread(target=work, name=f"job-{number}", daemon=True).start()
    for number in range(1, len(tasks) + 1):
        problem = ended.get()
        if problem is not None:
            waiting.clear()
            raise problem
        done(number)
