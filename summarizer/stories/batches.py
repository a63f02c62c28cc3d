"""Stories compared through the Batch API, in waves.

A story runs over what is stored; what nobody has answered yet it queues, and it stays unfinished.
The queues go out as batch files, their answers come into a store of the folder, and the stories
run again, until none waits. What is under way stands in ``batches.jsonl`` before it is sent, so
that a run may be killed at any moment: the next one takes up its batches and sends nothing twice.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import ServiceError, SummarizerError, UsageError
from summarizer.settings import Settings
from summarizer.stories.store import write_whole
from summarizer.stories.tasks import Outcome, Progress, Summary, Task, compare, run_tasks

if TYPE_CHECKING:
    from summarizer.llm.batch import BatchServer
    from summarizer.llm.store import Store
    from summarizer.pipeline import Desk
    from summarizer.types import Article, DiffReport

ORDER = {"summarize_claims": 1, "align_claims": 2, "verify_statements": 3}
"""Stages that build on answers of earlier ones; the others build on nothing but the article."""

NO_LIMIT = 1 << 50
"""Bytes of the store of answers: what is paid for is never evicted."""

FIRST_PAUSE, LONGER, LONGEST_PAUSE = 1.0, 1.5, 300.0
"""Seconds before a batch is asked after again, by how much that grows, and up to what."""

PATIENCE = 20
"""Times in a row that the server may not say how its batches are; the pauses make it an hour."""

AGAIN = "Run the same command again: it takes up the batches under way and sends nothing twice."

Say = Callable[[str], None]


@dataclass(slots=True)
class Part:
    """A batch file: how many requests it has and what they cost at most; ``batch`` when sent."""

    name: str
    url: str
    requests: int
    cost: float
    batch: str = ""


class Record:
    """``batches.jsonl`` and the folder ``batches``: what is under way, and what came of the rest.

    Args:
        target: The output folder.
    """

    def __init__(self, target: Path) -> None:
        self._path = target / "batches.jsonl"
        self.folder = target / "batches"
        self.parts: dict[str, Part] = {}
        self.run, self.mark = "", ""
        files = self.folder / "requests"
        files.mkdir(parents=True, exist_ok=True)
        for event in self._events():
            self._apply(event)
        if not self.run:
            self.note(run=secrets.token_hex(8), mark=secrets.token_hex(4))
        for path in files.iterdir():
            if path.stem not in self.parts:  # Killed before it was noted: it was never sent.
                path.unlink()

    def file(self, part: Part) -> Path:
        """Return where a part's requests stand."""
        return self.folder / "requests" / f"{part.name}.jsonl"

    def ids(self, part: Part) -> set[str]:
        """Return the ids of a part's requests."""
        with self.file(part).open("rb") as lines:
            return {json.loads(line)["custom_id"] for line in lines}

    def add(self, lines: Iterable[tuple[str, bytes, float]]) -> int:
        """Write requests (their endpoint, line and cost) to as few parts as may be."""
        from summarizer.llm.batch import MOST_BYTES, MOST_REQUESTS

        part, size, number = None, 0, 0
        for url, line, cost in lines:
            full = part is not None and (
                part.requests == MOST_REQUESTS or size + len(line) > MOST_BYTES or part.url != url
            )
            if part is None or full:
                self._note_part(part)
                part, size = Part(secrets.token_hex(8), url, 0, 0.0), 0
            with self.file(part).open("ab") as stream:
                stream.write(line)
            part.requests, part.cost, size = part.requests + 1, part.cost + cost, size + len(line)
            number += 1
        self._note_part(part)
        return number

    def divide(self, part: Part, pieces: int) -> None:
        """Make new parts of one, to be sent."""
        with self.file(part).open("rb") as stream:
            lines = stream.readlines()
        for piece in range(pieces):
            own, each = lines[piece::pieces], part.cost / len(lines)
            self.add((part.url, line, each) for line in own)
        self.drop(part, status="divided")

    def drop(self, part: Part, **event: object) -> None:
        """Note that a part has ended, and how."""
        self.note(part=part.name, batch=part.batch, ended=True, **event)
        self.file(part).unlink(missing_ok=True)

    def note(self, **event: object) -> None:
        """Append an event, on the disk before anything follows from it."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._path.open("ab") as stream:
            stream.write(json.dumps({"at": at, **event}).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        self._apply(event)

    def _note_part(self, part: Part | None) -> None:
        if part is not None:
            self.note(part=part.name, url=part.url, requests=part.requests, cost=part.cost)

    def _events(self) -> Iterator[dict[str, Any]]:
        """Yield the events; a line that was cut off by a kill is dropped."""
        if not self._path.exists():
            return
        data = self._path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if whole != data:
            write_whole(self._path, whole)
        yield from map(json.loads, whole.splitlines())

    def _apply(self, event: dict[str, Any]) -> None:
        name = event.get("part", "")
        if "run" in event:
            self.run, self.mark = event["run"], event["mark"]
        elif event.get("ended"):
            self.parts.pop(name, None)
        elif "url" in event:
            self.parts[name] = Part(name, event["url"], event["requests"], event["cost"])
        elif name in self.parts:
            self.parts[name].batch = event["batch"]


def run_in_batches(
    tasks: Sequence[Task],
    target: Path,
    settings: Settings,
    *,
    workers: int,
    cluster: str = "",
    wait: float | None = None,
    progress: Progress = lambda stage, done, total: None,
    say: Say = lambda message: None,
) -> Summary:
    """Do the tasks whose reports are not there yet, and ask the model through batches.

    Args:
        tasks: All of them.
        target: The output folder.
        settings: The model, and the cap on what the batches of this run may cost.
        workers: Processes on this machine.
        cluster: The address of a Dask scheduler whose workers do them instead.
        wait: Seconds to wait for answers, in all; None to wait for all of them.
        progress: Told how far the run is.
        say: Told what happens to each batch.

    Raises:
        UsageError: No model is asked, its price is not known, or another run works here.
        ServiceError: The server does not take a batch, or says nothing of those it has.
    """
    record = Record(target)
    with _lock(record.folder), _answers(record.folder) as answers:
        from summarizer.llm.batch import forget_errors

        forget_errors(answers)
        with (
            _open(settings, answers, record.mark) as desk,
            closing(_Post(record, answers, desk, settings.max_cost, say, progress)) as post,
        ):
            summary = _waves(tasks, post, workers, cluster, wait, progress)
    if not summary.left and not record.parts:
        shutil.rmtree(record.folder, ignore_errors=True)  # The cache has what is of use.
    return summary


def _waves(
    tasks: Sequence[Task],
    post: _Post,
    workers: int,
    cluster: str,
    wait: float | None,
    progress: Progress,
) -> Summary:
    end = None if wait is None else time.monotonic() + wait
    total = Summary(0, (), 0.0, 0)
    ready, parked = [task for task in tasks if not task.is_done], list[Task]()
    post.take_up()
    while True:
        post.server.settle()
        work = partial(compare_or_queue, str(post.record.folder), post.record.mark)
        wave = run_tasks(ready, workers=workers, cluster=cluster, progress=progress, work=work)
        waiting = [task for task in ready if task.story in wave.queued]
        lost = [task for task in ready if not task.is_done]
        total = replace(
            total,
            made=total.made + wave.made,
            failed=(*total.failed, *wave.failed),
            partial=(*total.partial, *wave.partial),
            left=total.left + len(lost) - len(waiting) - len(wave.failed),
        )
        ready, parked = post.send([*waiting, *parked])
        if not post.record.parts or not post.wait(end):
            left = len(ready) + len(parked)
            return replace(total, cost=post.spent, left=total.left + left, is_capped=bool(parked))


def compare_or_queue(folder: str, mark: str, task: Task) -> Outcome:
    """Compare a story from what is stored, or write down what must be asked for it first."""
    from summarizer.llm.batch import Line, Queued, Unfounded
    from summarizer.pipeline import diff

    queue: dict[str, Line] = {}
    begun = False

    def make(articles: Sequence[Article], settings: Settings) -> DiffReport:
        nonlocal begun
        with _answers(Path(folder)) as answers, _open(settings, answers, mark) as desk:
            server = _server(desk)
            report = None
            try:
                report = diff(articles, settings, desk=desk)
            except (Unfounded, SummarizerError):
                if not server.queue:
                    raise
            queue.update(server.queue)
            usage = desk.usage(0)
            begun = usage.calls + usage.cached_calls > 0
        if report is None or queue:
            raise Queued("The story waits for a batch.")
        return report

    outcome = compare(task, make)
    path = _queue_file(Path(folder), task)
    if not queue:
        path.unlink(missing_ok=True)
        return outcome
    rows: list[dict[str, object]] = [{"begun": begun}]
    for line in queue.values():
        rows.append({"id": line.id, "url": line.url, "cost": line.cost, "body": line.body})
    write_whole(path, "".join(f"{json.dumps(row)}\n" for row in rows).encode())
    return Outcome(task.story, queued=len(queue))


class _Post:
    """Sends what the stories have queued, and collects what batches bring.

    ``spent`` is what the answers collected by this run cost, in US dollars.
    """

    def __init__(
        self,
        record: Record,
        answers: Store,
        desk: Desk,
        cap: float | None,
        say: Say,
        progress: Progress,
    ) -> None:
        assert desk.session is not None
        self.record = record
        self.server = _server(desk)
        self.spent = 0.0
        self._session = desk.session
        self._batches = self.server.batches()
        self._answers, self._cap, self._say, self._progress = answers, cap, say, progress
        self._one_by_one = False

    def close(self) -> None:
        """Close the connections."""
        self._batches.close()

    def take_up(self) -> None:
        """Go on with what an earlier run has sent, also if it could not note that.

        Raises:
            ServiceError: The server does not say what has become of it.
        """
        for part in [part for part in self.record.parts.values() if not part.batch]:
            there = self._batches.find(self._metadata(part))
            if there is None:
                self.record.drop(part, status="never sent")
            else:
                self.record.note(part=part.name, batch=there)
        if self.record.parts:
            self._say(f"{_count(self.record.parts)} of an earlier run under way.")
            self._poll()

    def send(self, tasks: Sequence[Task]) -> tuple[list[Task], list[Task]]:
        """Put what tasks have queued into parts; those begun come first.

        Returns:
            The tasks whose requests are under way, and those that the cap on cost does not allow.
        """
        ready: list[Task] = []
        parked: list[Task] = []
        queues = [(_queue_file(self.record.folder, task), task) for task in tasks]
        queues.sort(key=lambda pair: not next(_rows(pair[0]))["begun"])
        self.record.add(self._allowed(queues, ready, parked))
        if parked and not self.record.parts:
            self._say(
                f"The requests of {len(parked):,} stories are not sent: each would pass the cap."
            )
        return ready, parked

    def _allowed(
        self, queues: Sequence[tuple[Path, Task]], ready: list[Task], parked: list[Task]
    ) -> Iterator[tuple[str, bytes, float]]:
        from summarizer.llm.batch import Line

        parts = self.record.parts.values()
        under_way = {each for part in parts for each in self.record.ids(part)}
        room = math.inf
        if self._cap is not None:
            room = self._cap - self.spent - sum(part.cost for part in parts)
        for path, task in queues:
            rows = list(_rows(path))[1:]
            lines = [Line(**row) for row in rows if row["id"] not in under_way]
            most = sum(line.cost for line in lines)
            if lines and most > room:
                parked.append(task)
                continue
            ready.append(task)
            room -= most
            under_way |= {line.id for line in lines}
            yield from ((line.url, line.written(), line.cost) for line in lines)

    def wait(self, end: float | None) -> bool:
        """Wait until all parts have ended; False where the time is over before.

        Raises:
            ServiceError: The server takes or tells nothing.
        """
        from summarizer.llm.batch import is_passing

        pause, failures = FIRST_PAUSE, 0
        try:
            while True:
                moved = False
                try:
                    self._submit()
                    moved = self._poll()
                    failures = 0
                except ServiceError as error:
                    failures += 1
                    if failures > PATIENCE or not is_passing(error):
                        raise
                if not self.record.parts:
                    return True
                left = math.inf if end is None else end - time.monotonic()
                if left <= 0:
                    self._say(f"{_count(self.record.parts)} under way. {AGAIN}")
                    return False
                time.sleep(min(pause, left))
                pause = FIRST_PAUSE if moved else min(pause * LONGER, LONGEST_PAUSE)
        except (KeyboardInterrupt, ServiceError):
            self._say(f"{_count(self.record.parts)} under way. {AGAIN}")
            raise

    def _submit(self) -> None:
        """Send the parts that are not sent; one after the other where the server wants that."""
        for part in [part for part in self.record.parts.values() if not part.batch]:
            if self._one_by_one and any(each.batch for each in self.record.parts.values()):
                return
            file, metadata = self.record.file(part), self._metadata(part)
            batch = self._batches.create(file, part.url, metadata)
            self.record.note(part=part.name, batch=batch)
            most = f", at most ${part.cost:.2f}" if part.cost else ""
            self._say(f"Batch {batch}: {part.requests:,} requests{most}; it may take 24 hours.")

    def _poll(self) -> bool:
        """Ask after all batches and collect from those that have ended; whether any has."""
        from summarizer.llm.batch import ENDED

        moved, done, total = False, 0, 0
        for part in [part for part in self.record.parts.values() if part.batch]:
            state = self._batches.state(part.batch)
            if state.get("status") in ENDED:
                self._end(part, state)
                moved = True
            else:
                total += part.requests
                done += (state.get("request_counts") or {}).get("completed") or 0
        if total:
            self._progress("waiting for batches", done, total)
        return moved

    def _end(self, part: Part, state: dict[str, Any]) -> None:
        """Collect from a batch that has ended.

        Raises:
            ServiceError: It failed as a whole, or somebody cancelled it.
        """
        from summarizer.llm.batch import is_over_limit

        status = state["status"]
        if status != "failed":
            self._collect(part, state)
        elif is_over_limit(state) and (part.requests > 1 or len(self.record.parts) > 1):
            self._one_by_one = True
            others = any(each.batch for each in self.record.parts.values() if each is not part)
            self._say(f"Batch {part.batch} waits: too many tokens are queued at the server.")
            self.record.divide(part, 1 if others else 2)
        else:
            self.record.drop(part, status=status)
            raise self._batches.failure(state)
        if status == "cancelled":
            raise ServiceError(f"Batch {part.batch} was cancelled.", AGAIN)

    def _collect(self, part: Part, state: dict[str, Any]) -> None:
        from summarizer.llm.batch import Result, keep_result
        from summarizer.llm.prices import BATCH_TIER

        missing, answered, dollars = self.record.ids(part), 0, 0.0
        requests = len(missing)
        for result in self._batches.results(state, self.record.folder / "answers.jsonl"):
            if result.id in missing:
                missing.remove(result.id)
                keep_result(self._answers, result, part.batch)
                answered += result.status == 200
                dollars += result.dollars(self._session.tariff, self._session.model, BATCH_TIER)
        for line_id in missing:
            keep_result(self._answers, Result.unanswered(line_id, None), part.batch)
        self.spent += dollars
        told = {"status": state["status"], "answered": answered, "dollars": round(dollars, 6)}
        self.record.drop(part, **told)
        cost = f", ${dollars:.2f}" if dollars else ""
        self._say(
            f"Batch {part.batch} {state['status']}: {answered:,} of {requests:,} answered{cost}."
        )

    def _metadata(self, part: Part) -> dict[str, str]:
        return {"summarizer_run": self.record.run, "part": part.name}


def _server(desk: Desk) -> BatchServer:
    from summarizer.llm.batch import BatchServer

    assert desk.session is not None
    assert isinstance(desk.session.server, BatchServer)
    return desk.session.server


@contextmanager
def _open(settings: Settings, answers: Store, mark: str) -> Iterator[Desk]:
    """Open a desk that asks through batches.

    Raises:
        UsageError: The settings do not go with batches.
    """
    from summarizer.llm.batch import BatchServer
    from summarizer.llm.prices import BATCH_TIER
    from summarizer.pipeline import open_desk

    if settings.cache != "on":
        raise UsageError(
            "Batches work over the cache.", "Leave out --no-cache, --refresh and --offline."
        )
    connect = partial(BatchServer, answers=answers, mark=mark, order=ORDER)
    single = replace(settings, jobs=1, service_tier=BATCH_TIER)
    with open_desk(single, connect=connect) as desk:
        if desk.session is None or desk.judge.name == "decisions":
            raise UsageError(
                "There is nothing that could be sent in batches.",
                "Name a model (--engine openai), and no decisions judge; or leave --batch out.",
            )
        yield desk


def _answers(folder: Path) -> Store:
    from summarizer.llm.store import open_store

    return open_store(folder / "answers", size_limit=NO_LIMIT)


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Let one run at a time send the batches of a folder.

    Raises:
        UsageError: Another one is at it.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / "lock", timeout=0):
            yield
    except Timeout:
        raise UsageError(
            f"Another run works with the batches of {folder.parent}.", "Wait until it has ended."
        ) from None


def _queue_file(folder: Path, task: Task) -> Path:
    name = Path(task.target).name.removesuffix(".json.gz")
    return folder / "queue" / task.story[:2] / f"{name}.jsonl"


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as lines:
        yield from map(json.loads, lines)


def _count(parts: Sequence[object] | dict[str, Part]) -> str:
    return "1 batch is" if len(parts) == 1 else f"{len(parts):,} batches are"
