"""The folder of batches: what stories have queued, what was sent, and what was answered.

A batch file is noted before it is sent, and so is the batch it became: a run killed at any moment
finds here what is under way.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from summarizer.errors import UsageError
from summarizer.llm import batch as wire
from summarizer.llm.store import Store
from summarizer.stories.store import write_whole
from summarizer.stories.tasks import Task

NO_LIMIT = 1 << 50
"""Bytes of the store of answers: what is paid for is never evicted."""


@dataclass(slots=True)
class Part:
    """A batch file: how many requests it has and what they cost at most; ``batch`` when sent."""

    name: str
    url: str
    requests: int = 0
    cost: float = 0.0
    batch: str = ""


class Record:
    """What is under way in a folder, and beside it, in ``batches.jsonl``, what came of the rest.

    ``run`` names all runs until nothing is left, ``mark`` is that of their fences.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._files = folder / "requests"
        self._files.mkdir(parents=True, exist_ok=True)
        names = folder / "run.json"
        if not names.exists():
            made = {"run": secrets.token_hex(8), "mark": secrets.token_hex(4)}
            write_whole(names, json.dumps(made).encode())
        self.run, self.mark = json.loads(names.read_bytes()).values()
        notes = [json.loads(path.read_bytes()) for path in self._files.glob("*.json")]
        self.parts = {note["name"]: Part(**note) for note in notes}
        for path in self._files.glob("*.jsonl"):
            if path.stem not in self.parts:  # Killed before it was noted: it was never sent.
                path.unlink()

    def file(self, part: Part) -> Path:
        """Return where a part's requests stand."""
        return self._files / f"{part.name}.jsonl"

    def ids(self, part: Part) -> set[str]:
        """Return the ids of a part's requests."""
        with self.file(part).open("rb") as lines:
            return {json.loads(line)["custom_id"] for line in lines}

    def add(self, lines: Iterable[tuple[str, bytes, float]]) -> None:
        """Write requests (their endpoint, line and cost) to as few parts as may be."""
        part, size = Part("", ""), 0
        for url, line, cost in lines:
            full = part.requests == wire.MOST_REQUESTS or size + len(line) > wire.MOST_BYTES
            if full or part.url != url:
                self.save(part)
                part, size = Part(secrets.token_hex(8), url), 0
            with self.file(part).open("ab") as stream:
                stream.write(line)
            part.requests, part.cost, size = part.requests + 1, part.cost + cost, size + len(line)
        self.save(part)

    def save(self, part: Part) -> None:
        """Note a part that is to be sent, or which batch it is."""
        if part.requests:
            self.parts[part.name] = part
            write_whole(self._files / f"{part.name}.json", json.dumps(asdict(part)).encode())

    def divide(self, part: Part, pieces: int) -> None:
        """Make new parts of one, to be sent."""
        lines = self.file(part).read_bytes().splitlines(keepends=True)
        for piece in range(pieces):
            each = part.cost / len(lines)
            self.add((part.url, line, each) for line in lines[piece::pieces])
        self.end(part, status="sent anew")

    def end(self, part: Part, **told: object) -> None:
        """Note that a part has ended, and how."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = {"at": at, "batch": part.batch, "requests": part.requests, **told}
        with self.folder.with_suffix(".jsonl").open("a") as stream:
            stream.write(f"{json.dumps(row)}\n")
        del self.parts[part.name]
        (self._files / f"{part.name}.json").unlink(missing_ok=True)
        self.file(part).unlink(missing_ok=True)


def open_answers(folder: Path) -> Store:
    """Return the store of what batches have answered."""
    return Store(folder / "answers", size_limit=NO_LIMIT)


@contextmanager
def locked_batches(folder: Path) -> Iterator[None]:
    """Let one run at a time send the batches of a folder.

    Raises:
        UsageError: Another one is at it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "lock", timeout=0):
            yield
    except Timeout:
        raise UsageError(
            f"Another run works with the batches of {folder.parent}.", "Wait until it has ended."
        ) from None


def queue_file(folder: Path, task: Task) -> Path:
    """Return where a story writes down what must be asked for it."""
    name = Path(task.target).name.removesuffix(".json.gz")
    return folder / "queue" / task.story[:2] / f"{name}.jsonl"


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a queue: whether the story has begun, then its requests."""
    with path.open("rb") as lines:
        yield from map(json.loads, lines)
