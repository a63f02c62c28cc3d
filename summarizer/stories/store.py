"""The output folder: articles, which story each is in, and the batches under way.

Everything here is written so that a run killed at any moment loses nothing that was done: lines
are appended whole, files are written beside and renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from summarizer.errors import CannotWrite, InputError
from summarizer.llm import batch as wire
from summarizer.stories.cluster import Corrections
from summarizer.types import Article, OutletFrom, Span

KEY = 16
"""Hex digits of an article's or a story's key."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article of the folder: where its line stands, and what clustering needs of it."""

    key: str
    outlet: str
    title: str | None
    published: date | None
    language: str
    start: int
    length: int


class Folder:
    """The output folder of ``summarize stories``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.articles = path / "articles.jsonl"
        self.reports = path / "reports"
        self.reports.mkdir(parents=True, exist_ok=True)
        self.entries: dict[str, Entry] = {}
        self._load_entries()

    def _load_entries(self) -> None:
        """Read what is here; a line that was cut off by a kill is dropped."""
        if not self.articles.exists():
            return
        start = 0
        with self.articles.open("rb+") as stream:
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                self._note_entry(json.loads(line), start, len(line))
                start += len(line)
            if start != os.fstat(stream.fileno()).st_size:
                stream.truncate(start)

    def _note_entry(self, record: Mapping[str, Any], start: int, length: int) -> Entry:
        key, day = record["key"], record["published"]
        self.entries[key] = Entry(
            key=key,
            outlet=record["outlet"],
            title=record["title"],
            published=date.fromisoformat(day) if day else None,
            language=(record["language"] or "en").partition("-")[0],
            start=start,
            length=length,
        )
        return self.entries[key]

    def add(self, article: Article) -> Entry | None:
        """Keep an article; None for one that is here already.

        Raises:
            CannotWrite: There is no room for it.
        """
        words = f"{article.outlet.casefold()}\0{article.body_text}"
        key = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:KEY]
        if key in self.entries:
            return None
        record = {"key": key, **asdict(article)} | {
            "published": article.published.isoformat() if article.published else None,
            "body": [[span.start, span.end] for span in article.body],
        }
        line = json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        try:
            with self.articles.open("ab") as stream:
                start = stream.tell()
                stream.write(line)
        except OSError as error:  # What half a line there may be, the next run drops.
            raise cannot_write(self.articles, error) from None
        return self._note_entry(record, start, len(line))

    def text_of(self, key: str) -> Article:
        """Return an article."""
        return read_line(self.articles, self.entries[key].start, self.entries[key].length)

    def stories(self) -> dict[str, str]:
        """Return the story of each article that is in one."""
        path = self.path / "stories.json"
        stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return {key: story for story, keys in stored.items() for key in keys}

    def save_stories(self, groups: Mapping[str, Sequence[str]]) -> None:
        """Write which articles are in which story."""
        text = json.dumps({story: list(keys) for story, keys in groups.items()}, indent=0)
        write_whole(self.path / "stories.json", text.encode())

    def corrections(self, stories: Mapping[str, str]) -> Corrections:
        """Return what a person wrote into ``corrections.toml``.

        ``merge`` holds lists of stories or articles that are one, ``split`` lists of articles
        that are a story of their own.

        Raises:
            InputError: The file cannot be understood.
        """
        path = self.path / "corrections.toml"
        try:
            wanted = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(
                f"{path} cannot be understood: {error}.",
                'It holds lines like merge = [["STORY", "STORY"]] and split = [["ARTICLE"]].',
            ) from None
        members: dict[str, set[str]] = {}
        for key, story in stories.items():
            members.setdefault(story, set()).add(key)
        return Corrections(
            together=tuple(
                frozenset().union(*(members.get(name, {name}) for name in names))
                for names in wanted.get("merge", [])
            ),
            apart=tuple(frozenset(names) for names in wanted.get("split", [])),
        )


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

    @property
    def unsent(self) -> list[Part]:
        """The parts that are to be sent."""
        return [part for part in self.parts.values() if not part.batch]

    @property
    def sent(self) -> list[Part]:
        """The parts that are batches."""
        return [part for part in self.parts.values() if part.batch]

    def file(self, part: Part) -> Path:
        """Return where a part's requests stand."""
        return self._files / f"{part.name}.jsonl"

    def ids(self, part: Part) -> set[str]:
        """Return the ids of a part's requests."""
        with self.file(part).open("rb") as lines:
            return {json.loads(line)["custom_id"] for line in lines}

    def metadata(self, part: Part) -> dict[str, str]:
        """Return what a part's batch is known by on the server."""
        return {"summarizer_run": self.run, "part": part.name}

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
            self.add((part.url, line, part.cost / len(lines)) for line in lines[piece::pieces])
        self.end(part, status="sent anew")

    def end(self, part: Part, **result: object) -> None:
        """Note that a part has ended, and how."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = {"at": at, "batch": part.batch, "requests": part.requests, **result}
        with self.folder.with_suffix(".jsonl").open("a") as stream:
            stream.write(f"{json.dumps(row)}\n")
        del self.parts[part.name]
        (self._files / f"{part.name}.json").unlink(missing_ok=True)
        self.file(part).unlink(missing_ok=True)


def lock_of(folder: Path) -> FileLock:
    """Return the lock of an output folder, which is made where it is not there.

    Who reads articles, finds stories or writes the index holds it: the jobs of an array have one
    folder. The first one reads everything, and the others find it there.

    Raises:
        CannotWrite: The folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(folder, error) from None
    return FileLock(folder / ".lock")


def read_line(path: Path, start: int, length: int) -> Article:
    """Return the article whose line stands at a place of a file."""
    with path.open("rb") as stream:
        stream.seek(start)
        record = json.loads(stream.read(length))
    del record["key"]
    day = record["published"]
    return Article(
        **record
        | {
            "published": date.fromisoformat(day) if day else None,
            "body": tuple(Span(*span) for span in record["body"]),
            "outlet_from": OutletFrom(record["outlet_from"]),
            "credits": tuple(record["credits"]),
            "warnings": tuple(record["warnings"]),
        }
    )


def read_lines(path: Path, lines: Sequence[tuple[int, int]]) -> tuple[Article, ...]:
    """Return the articles of several places, with the ids that a report gives them."""
    return tuple(
        replace(read_line(path, *line), id=f"a{number}")
        for number, line in enumerate(lines, start=1)
    )


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Raises:
        CannotWrite: There is no room for it, or it may not be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise cannot_write(path, error) from None


def cannot_write(path: Path, error: Exception) -> CannotWrite:
    """Return the error to raise where a file of the folder could not be written."""
    reason = error.strerror if isinstance(error, OSError) else str(error).partition("\n")[0]
    return CannotWrite(
        f"{path} cannot be written: {reason}.",
        "Make room or choose another folder; what was done is kept, and the same command goes on.",
    )
