"""Stories compared through the Batch API, in waves.

A story runs over what is stored; what nobody has answered yet it queues, and it stays unfinished.
The queues go out as batch files, their answers come into a store of the folder, and the stories
run again, until none waits. A batch file is noted before it is sent, and so is the batch it became
before anything waits for it: a run killed at any moment goes on and sends nothing twice.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.errors import ServiceError, SummarizerError, UsageError
from summarizer.llm import batch as wire
from summarizer.llm.client import endpoint_of
from summarizer.llm.costs import BATCH_TIER
from summarizer.llm.store import Store
from summarizer.report.wording import plural
from summarizer.settings import Settings
from summarizer.stories.store import Part, Record, write_whole
from summarizer.stories.tasks import Outcome, Progress, Summary, Task, compare

if TYPE_CHECKING:
    from summarizer.llm.session import Session
    from summarizer.pipeline import Desk
    from summarizer.types import Article, DiffReport

ORDER = {"summarize_claims": 1, "align_claims": 2, "find_conflicts": 2, "verify_statements": 3}
"""Stages that build on answers of earlier ones; the others build on nothing but the article."""

FIRST_PAUSE, LONGER, LONGEST_PAUSE = 1.0, 1.5, 300.0
"""Seconds before a batch is asked after again, by how much that grows, and up to what."""

PATIENCE = 20  # times in a row that the server may not say how its batches are: an hour
NO_LIMIT = 1 << 50  # bytes of the store of answers: what is paid for is never evicted
Say = Callable[[str], None]


def check_settings(settings: Settings) -> None:
    """Raise a UsageError, before anything is read, for no cache and for the models of a plug-in."""
    if settings.cache != "on":
        hint = "Leave out --no-cache, --refresh and --offline."
        raise UsageError("Batches work over the cache.", hint)
    if plugin := endpoint_of(settings, os.environ).plugin:
        raise UsageError(
            f"The models of {plugin} take no batches.",
            "Leave out --batch, or name a server that has the Batch API with --base-url.",
        )


def run_in_batches(
    tasks: Sequence[Task],
    target: Path,
    settings: Settings,
    run: Callable[..., Summary],
    *,
    wait: float | None = None,
    progress: Progress = lambda stage, done, total: None,
    say: Say = lambda message: None,
) -> Summary:
    """Do the tasks whose reports are not there yet, and ask the model through batches.

    ``run`` is ``run_tasks`` with its workers; ``wait`` is how many seconds to wait for answers in
    all, None to wait for all of them; ``say`` is told what happens to each batch. The settings'
    cap is on what the batches of this run may cost. Raises UsageError where no model is asked or
    another run works here, ServiceError where the server takes no batch or says nothing of one.
    """
    folder = target / "batches"
    with closing(Record(folder)) as record, _open_answers(folder) as answers:
        # What was no answer is asked for anew.
        answers.delete(*(row.key for row in answers.entries() if row.stage == wire.ERROR))
        with _open_batch_desk(settings, answers, record.mark) as (_, session, server):
            batches = server.batches()
            cap = math.inf if settings.max_cost is None else settings.max_cost
            waves = _BatchWaves(record, answers, session, server, batches, cap, say, progress)
            go = partial(run, work=partial(compare_or_queue, str(folder), record.mark))
            try:
                summary = waves.run([task for task in tasks if not task.is_done], go, wait)
            finally:
                if under_way := len(record.parts):
                    again = "Run the same command again: it takes them up and sends nothing twice."
                    say(f"Batches under way: {under_way}. {again}")
    if not (summary.left or under_way):
        shutil.rmtree(folder, ignore_errors=True)  # The cache has what is of use.
    return summary


def compare_or_queue(folder: str, mark: str, task: Task) -> Outcome:
    """Compare a story from what is stored, or write down what must be asked for it first."""
    from summarizer.pipeline import diff

    queue: dict[str, wire.Line] = {}
    begun = False

    def make(articles: Sequence[Article], settings: Settings) -> DiffReport:
        nonlocal begun
        report = None
        with (
            _open_answers(Path(folder)) as answers,
            _open_batch_desk(settings, answers, mark) as (desk, session, server),
        ):
            try:
                report = diff(articles, settings, desk=desk)
            except (wire.Unfounded, SummarizerError):
                if not server.queue:
                    raise
            queue.update(server.queue)
            begun = any(use.calls + use.cached_calls for use in session.meter.stages().values())
        if report is None or queue:
            raise wire.Queued("The story waits for a batch.")
        return report

    outcome = compare(task, make)
    path = _queue_file(Path(folder), task)
    if not queue:
        path.unlink(missing_ok=True)
        return outcome
    rows = [{"begun": begun}, *map(asdict, queue.values())]
    write_whole(path, "".join(f"{json.dumps(row)}\n" for row in rows).encode())
    return Outcome(task.story, queued=len(queue))


def _queue_file(folder: Path, task: Task) -> Path:
    """Return where a story writes what must be asked for it, after whether it has begun."""
    name = Path(task.target).name.removesuffix(".json.gz")
    return folder / "queue" / task.story[:2] / f"{name}.jsonl"


def _read_queue(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as lines:
        yield from map(json.loads, lines)


def _open_answers(folder: Path) -> Store:
    return Store(folder / "answers", size_limit=NO_LIMIT)


@contextmanager
def _open_batch_desk(
    settings: Settings, answers: Store, mark: str
) -> Iterator[tuple[Desk, Session, wire.BatchServer]]:
    """Open a desk that asks through batches; a UsageError where the settings do not allow that."""
    from summarizer.pipeline import open_desk

    check_settings(settings)
    connect = partial(wire.BatchServer, answers=answers, mark=mark, order=ORDER)
    single = replace(settings, jobs=1, service_tier=BATCH_TIER)
    with open_desk(single, connect=connect) as desk:
        if desk.session is None or desk.judge.name == "decisions":
            raise UsageError(
                "There is nothing that could be sent in batches.",
                "Name a model (--engine openai), and no decisions judge; or leave --batch out.",
            )
        server = desk.session.server
        assert isinstance(server, wire.BatchServer)
        yield desk, desk.session, server


@dataclass(slots=True)
class _BatchWaves:
    """Sends what the stories have queued, and collects what batches bring.

    ``spent`` is what the answers collected by this run cost, in US dollars.
    """

    record: Record
    answers: Store
    session: Session
    server: wire.BatchServer
    batches: wire.Batches
    cap: float
    say: Say
    progress: Progress
    spent: float = 0.0
    one_by_one: bool = False

    def run(
        self, ready: list[Task], go: Callable[[Sequence[Task]], Summary], wait: float | None
    ) -> Summary:
        """Run tasks and send what they queue, until none waits or the time is over."""
        end = math.inf if wait is None else time.monotonic() + wait
        outcomes: list[Outcome] = []
        left, parked = 0, list[Task]()
        self._take_up()
        while True:
            self.server.settle()
            wave = go(ready)
            queued = {each.story for each in wave.outcomes if each.queued}
            waiting = [task for task in ready if task.story in queued]
            outcomes += (each for each in wave.outcomes if not each.queued)
            left += wave.left - len(waiting)
            ready, parked = self._queue_parts([*waiting, *parked])
            if not self.record.parts or not self._wait_for_parts(end):
                left += len(ready) + len(parked)
                return Summary(tuple(outcomes), self.spent, left, is_capped=bool(parked))

    def _take_up(self) -> None:
        """Go on with what an earlier run has sent, also if it could not note that."""
        for part in self.record.parts:
            if part.batch:
                continue
            if batch := self.batches.find(self.record.metadata(part)):
                self.record.mark_sent(part, batch)
            else:
                self.record.end(part, status="never sent")
        if under_way := len(self.record.parts):
            self.say(f"Batches under way from an earlier run: {under_way}.")
            self._poll_batches()

    def _queue_parts(self, tasks: Sequence[Task]) -> tuple[list[Task], list[Task]]:
        """Put what tasks have queued into parts, those begun first.

        Return the tasks whose requests are under way, and those that the cap does not allow.
        """
        ready: list[Task] = []
        parked: list[Task] = []
        queues = [(_queue_file(self.record.folder, task), task) for task in tasks]
        queues.sort(key=lambda pair: not next(_read_queue(pair[0]))["begun"])
        self.record.add(self._allowed_lines(queues, ready, parked))
        if parked:
            waiting = plural(len(parked), "story waits", "stories wait")
            self.say(f"{waiting}: what it costs to ask might pass the cap on cost.")
        return ready, parked

    def _allowed_lines(
        self, queues: Sequence[tuple[Path, Task]], ready: list[Task], parked: list[Task]
    ) -> Iterator[wire.Line]:
        """Yield the requests that the cap allows, and sort the tasks into the two lists."""
        parts = self.record.parts
        under_way = {each for part in parts for each in self.record.ids(part)}
        room = self.cap - self.spent - sum(part.cost for part in parts)
        for path, task in queues:
            _, *rows = _read_queue(path)
            lines = [wire.Line(**row) for row in rows if row["id"] not in under_way]
            most = sum(line.cost for line in lines)
            if lines and most > room:
                parked.append(task)
                continue
            ready.append(task)
            room -= most
            under_way |= {line.id for line in lines}
            yield from lines

    def _wait_for_parts(self, end: float) -> bool:
        """Wait until all parts have ended; False where the time is over before."""
        pause, failures = FIRST_PAUSE, 0
        while True:
            moved = False
            try:
                self._submit_parts()
                moved = self._poll_batches()
                failures = 0
            except ServiceError as error:
                failures += 1
                if failures > PATIENCE or not wire.is_passing(error):
                    raise
            if not self.record.parts:
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            pause = FIRST_PAUSE if moved else min(pause * LONGER, LONGEST_PAUSE)
            time.sleep(min(pause, left))

    def _submit_parts(self) -> None:
        """Send the parts that are not sent; one after the other where the server wants that."""
        for part in [part for part in self.record.parts if not part.batch]:
            if self.one_by_one and any(each.batch for each in self.record.parts):
                return
            file, metadata = self.record.write_file(part), self.record.metadata(part)
            batch = self.batches.create(file, part.url, metadata)
            self.record.mark_sent(part, batch)
            most = f", at most ${part.cost:.2f}" if part.cost else ""
            count = plural(part.requests, "request")
            self.say(f"Batch {batch}: {count}{most}; within 24 hours.")

    def _poll_batches(self) -> bool:
        """Ask after all batches and collect from those that have ended; whether any has."""
        moved, done, total = False, 0, 0
        for part in [part for part in self.record.parts if part.batch]:
            state = self.batches.state(part.batch)
            if state.get("status") in wire.ENDED:
                self._end_part(part, state)
                moved = True
            else:
                total += part.requests
                done += (state.get("request_counts") or {}).get("completed") or 0
        if total:
            self.progress("waiting for batches", done, total)
        return moved

    def _end_part(self, part: Part, state: Mapping[str, Any]) -> None:
        """Collect from a batch that has ended; one that failed or was cancelled is an error."""
        if state["status"] != "failed":
            self._collect_results(part, state)
        elif wire.is_over_limit(state) and (part.requests > 1 or len(self.record.parts) > 1):
            self.one_by_one = True
            self.say(f"Batch {part.batch} waits: too many tokens are queued at the server.")
            others = any(each.batch and each != part for each in self.record.parts)
            self.record.divide(part, 1 if others else 2)
        else:
            self.record.end(part, status="failed")
            raise self.batches.failure(state)
        if state["status"] == "cancelled":
            hint = "Run the same command again to send what it has not answered."
            raise ServiceError(f"Batch {part.batch} was cancelled.", hint)

    def _collect_results(self, part: Part, state: Mapping[str, Any]) -> None:
        missing, answered, dollars = self.record.ids(part), 0, 0.0
        price = self.session.tariff.of(self.session.asker.model, service_tier=BATCH_TIER)
        for result in self.batches.results(state, self.record.folder / "results.jsonl"):
            if result.id in missing:
                missing.remove(result.id)
                wire.keep_result(self.answers, result, part.batch)
                answered += result.status == 200
                dollars += result.cost(price)
        for line_id in missing:
            wire.keep_result(self.answers, wire.Result(line_id), part.batch)
        self.spent += dollars
        status = state["status"]
        self.record.end(part, status=status, answered=answered, dollars=round(dollars, 6))
        cost = f", ${dollars:.2f}" if dollars else ""
        self.say(f"Batch {part.batch} {status}: {answered:,} of {part.requests:,} answered{cost}.")
