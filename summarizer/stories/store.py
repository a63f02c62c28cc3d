"""The output folder: articles, which story each is in, and the batches under way.

Everything here is written so that a run killed at any moment loses nothing that was done: lines
are appended whole, files are written beside and renamed.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from summarizer.database import Database, DatabaseError
from summarizer.errors import InputError
from summarizer.files import replace_file, writing_to
from summarizer.llm import batch as wire
from summarizer.types import Article

KEY = 16  # hex digits of an article's or a story's key
MAKE_ROOM = (
    "Make room or choose another folder; what was done is kept, and the same command goes on."
)

# Not its JSON: half a surrogate pair, which a record may have, would be refused.
_ARTICLES = TypeAdapter(Article)
_GROUPS = TypeAdapter(list[list[str]])

_BATCH_TABLES = """
CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, run TEXT, mark TEXT);
CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, url TEXT, batch TEXT);
CREATE TABLE IF NOT EXISTS lines (part TEXT, id TEXT, line BLOB, cost REAL);
CREATE INDEX IF NOT EXISTS lines_of_part ON lines (part)
"""
_BATCH_PARTS = """
SELECT name, url, batch, count(*), sum(cost) FROM parts JOIN lines ON part = name
GROUP BY name ORDER BY parts.rowid
"""


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


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person said of the stories: groups of keys to be together, and to be apart."""

    together: tuple[frozenset[str], ...] = ()
    apart: tuple[frozenset[str], ...] = ()


class Folder:
    """The output folder of ``summarize stories``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.articles = path / "articles.jsonl"
        self.reports = path / "reports"
        self.reports.mkdir(parents=True, exist_ok=True)
        self.entries: dict[str, Entry] = {}
        if self.articles.exists():
            self._load_entries()

    def _load_entries(self) -> None:
        """Read what is here; a line that was cut off by a kill is dropped."""
        start = 0
        with self.articles.open("rb+") as stream:
            for line in stream:
                if line.endswith(b"\n"):
                    self._note_entry(json.loads(line), start, len(line))
                    start += len(line)
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
        """Keep an article, or raise CannotWrite; None for one that is here already."""
        words = f"{article.outlet.casefold()}\0{article.body_text}"
        key = hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:KEY]
        if key in self.entries:
            return None
        record = {"key": key, **_ARTICLES.dump_python(article, mode="json")}
        line = json.dumps(record, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
        # What half a line there may be after an error, the next run drops.
        with writing_to(self.articles, MAKE_ROOM), self.articles.open("ab") as stream:
            start = stream.tell()
            stream.write(line)
        return self._note_entry(record, start, len(line))

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
            merge, split = (
                _GROUPS.validate_python(wanted.get(name, [])) for name in ("merge", "split")
            )
        except ValueError as error:
            is_shape = isinstance(error, ValidationError)
            reason = "merge and split are lists of lists of names" if is_shape else error
            raise InputError(
                f"{path} cannot be understood: {reason}.",
                'It holds lines like merge = [["STORY", "STORY"]] and split = [["ARTICLE"]].',
            ) from None
        members: dict[str, set[str]] = {}
        for key, story in stories.items():
            members.setdefault(story, set()).add(key)
        together = (
            frozenset().union(*(members.get(name, {name}) for name in names)) for names in merge
        )
        return Corrections(tuple(together), apart=tuple(map(frozenset, split)))


@dataclass(frozen=True, slots=True)
class Part:
    """A batch file: how many requests it has and what they cost at most; ``batch`` when sent."""

    name: str
    url: str
    batch: str
    requests: int
    cost: float


class Record(Database):
    """What is under way in a folder, and beside it, in ``batches.jsonl``, what came of the rest.

    ``run`` names all runs until nothing is left, ``mark`` is that of their fences. The errors are
    those of ``Database``, and a CannotWrite for a change.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        hint = "Wait until it has ended."
        super().__init__(folder / "batches.db", _BATCH_TABLES, user="run", hint=hint)
        with self._kept_changes() as db:
            made = (secrets.token_hex(8), secrets.token_hex(4))
            db.execute("INSERT OR IGNORE INTO runs VALUES (1, ?, ?)", made)
        ((self.run, self.mark),) = self.rows("SELECT run, mark FROM runs")

    @contextmanager
    def _kept_changes(self) -> Iterator[Any]:
        """Make all changes of a ``with``, or none of them, with a CannotWrite."""
        failures = (DatabaseError, OSError)
        with writing_to(self.folder, MAKE_ROOM, failures), self.transaction() as db:
            yield db

    @property
    def parts(self) -> list[Part]:
        """Those that are to be sent, or are batches under way."""
        return [Part(*row) for row in self.rows(_BATCH_PARTS)]

    def ids(self, part: Part) -> set[str]:
        """Return the ids of a part's requests."""
        return {row[0] for row in self.rows("SELECT id FROM lines WHERE part = ?", part.name)}

    def metadata(self, part: Part) -> dict[str, str]:
        """Return what a part's batch is known by on the server."""
        return {"summarizer_run": self.run, "part": part.name}

    def add(self, lines: Iterable[wire.Line]) -> None:
        """Put requests into as few parts as may be, all of them or none."""
        name, url, count, size = "", "", 0, 0
        with self._kept_changes() as db:
            for line in lines:
                data = line.written()
                count, size = count + 1, size + len(data)
                if line.url != url or count > wire.MOST_REQUESTS or size > wire.MOST_BYTES:
                    name, url, count, size = secrets.token_hex(8), line.url, 1, len(data)
                    db.execute("INSERT INTO parts VALUES (?, ?, '')", (name, url))
                row = (name, line.id, data, line.cost)
                db.execute("INSERT INTO lines VALUES (?, ?, ?, ?)", row)

    def write_file(self, part: Part) -> Path:
        """Write a part as a batch file, and return where that is."""
        path = self.folder / "requests.jsonl"
        rows = self.rows("SELECT line FROM lines WHERE part = ?", part.name)
        with writing_to(path, MAKE_ROOM), path.open("wb") as stream:
            stream.writelines(line for (line,) in rows)
        return path

    def mark_sent(self, part: Part, batch: str) -> None:
        """Note that a part was sent, as which batch."""
        with self._kept_changes() as db:
            db.execute("UPDATE parts SET batch = ? WHERE name = ?", (batch, part.name))

    def divide(self, part: Part, pieces: int) -> None:
        """Make new parts of one, to be sent."""
        rows = [row for (row,) in self.rows("SELECT rowid FROM lines WHERE part = ?", part.name)]
        with self._kept_changes() as db:
            for piece in range(pieces):
                name = secrets.token_hex(8)
                db.execute("INSERT INTO parts VALUES (?, ?, '')", (name, part.url))
                own = [(name, row) for row in rows[piece::pieces]]
                db.executemany("UPDATE lines SET part = ? WHERE rowid = ?", own)
        self.end(part, status="sent anew")

    def end(self, part: Part, **result: object) -> None:
        """Note that a part has ended, and how."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = {"at": at, "batch": part.batch, "requests": part.requests, **result}
        with self._kept_changes() as db:
            db.execute("DELETE FROM parts WHERE name = ?", (part.name,))
            db.execute("DELETE FROM lines WHERE part = ?", (part.name,))
            with self.folder.with_suffix(".jsonl").open("a") as stream:
                stream.write(f"{json.dumps(row)}\n")


def lock_of(folder: Path) -> FileLock:
    """Return the lock of an output folder, which is made if need be, or raise CannotWrite.

    Who reads articles, finds stories or writes the index holds it: the jobs of an array have one
    folder. The first one reads everything, and the others find it there.
    """
    with writing_to(folder, MAKE_ROOM):
        folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / ".lock")


def read_line(path: Path, start: int, length: int) -> Article:
    """Return the article whose line stands at a place of a file."""
    with path.open("rb") as stream:
        stream.seek(start)
        record = json.loads(stream.read(length))
    del record["key"]
    return _ARTICLES.validate_python(record)


def read_lines(path: Path, lines: Sequence[tuple[int, int]]) -> tuple[Article, ...]:
    """Return the articles of several places, with the ids that a report gives them."""
    articles = (read_line(path, *line) for line in lines)
    return tuple(replace(each, id=f"a{number}") for number, each in enumerate(articles, start=1))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole, or not at all and with a CannotWrite."""
    with writing_to(path, MAKE_ROOM):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, data, synced=False)
