"""The output folder: articles, which story each is in, and which stories are compared.

Everything here is written so that a run killed at any moment loses nothing that was done: lines
are appended whole, files are written beside and renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from filelock import FileLock

from summarizer.errors import CannotWrite, InputError
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


def locked(folder: Path) -> FileLock:
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


class Folder:
    """The output folder of ``summarize stories``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.articles = path / "articles.jsonl"
        self.reports = path / "reports"
        self.reports.mkdir(parents=True, exist_ok=True)
        self.entries: dict[str, Entry] = {}
        self._load()

    def add(self, article: Article) -> Entry | None:
        """Keep an article; None for one that is here already.

        Raises:
            CannotWrite: There is no room for it.
        """
        key = article_key(article)
        if key in self.entries:
            return None
        line = (json.dumps({"key": key, **_plain(article)}, ensure_ascii=False) + "\n").encode(
            "utf-8", "surrogatepass"
        )
        try:
            with self.articles.open("ab") as stream:
                start = stream.tell()
                stream.write(line)
        except OSError as error:  # What half a line there may be, the next run drops.
            raise cannot_write(self.articles, error) from None
        self.entries[key] = _entry(key, article, start, len(line))
        return self.entries[key]

    def text_of(self, key: str) -> Article:
        """Return an article."""
        return read_line(self.articles, self.entries[key].start, self.entries[key].length)

    def stories(self) -> dict[str, str]:
        """Return the story of each article that is in one."""
        path = self.path / "stories.json"
        if not path.exists():
            return {}
        stored = json.loads(path.read_text(encoding="utf-8"))
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
        if not path.exists():
            return Corrections()
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(
                f"{path} cannot be understood: {error}.",
                'It holds lines like merge = [["STORY", "STORY"]] and split = [["ARTICLE"]].',
            ) from None
        members: dict[str, set[str]] = {}
        for key, story in stories.items():
            members.setdefault(story, set()).add(key)

        def keys(names: Sequence[str]) -> frozenset[str]:
            return frozenset(key for name in names for key in members.get(name, {name}))

        return Corrections(
            together=tuple(keys(names) for names in told.get("merge", [])),
            apart=tuple(frozenset(names) for names in told.get("split", [])),
        )

    def _load(self) -> None:
        """Read what is here; a line that was cut off by a kill is dropped."""
        if not self.articles.exists():
            return
        start = 0
        with self.articles.open("rb") as stream:
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                record = json.loads(line)
                key = record.pop("key")
                self.entries[key] = _entry(key, _article(record), start, len(line))
                start += len(line)
        if start != self.articles.stat().st_size:
            with self.articles.open("rb+") as stream:
                stream.truncate(start)


def read_line(path: Path, start: int, length: int) -> Article:
    """Return the article whose line stands at a place of a file."""
    with path.open("rb") as stream:
        stream.seek(start)
        record = json.loads(stream.read(length))
    record.pop("key")
    return _article(record)


def article_key(article: Article) -> str:
    """Return the key of an article: its outlet and its words."""
    words = f"{article.outlet.casefold()}\0{article.body_text}"
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:KEY]


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


def _entry(key: str, article: Article, start: int, length: int) -> Entry:
    return Entry(
        key=key,
        outlet=article.outlet,
        title=article.title,
        published=article.published,
        language=(article.language or "en").partition("-")[0],
        start=start,
        length=length,
    )


def _plain(article: Article) -> dict[str, Any]:
    made = asdict(article)
    made["published"] = article.published.isoformat() if article.published else None
    made["body"] = [[span.start, span.end] for span in article.body]
    return made


def _article(record: dict[str, Any]) -> Article:
    day = record["published"]
    return Article(
        **{
            **record,
            "published": date.fromisoformat(day) if day else None,
            "body": tuple(Span(*span) for span in record["body"]),
            "outlet_from": OutletFrom(record["outlet_from"]),
            "credits": tuple(record["credits"]),
            "warnings": tuple(record["warnings"]),
        }
    )


def numbered(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return articles with the ids that a report gives them."""
    return tuple(replace(article, id=f"a{n}") for n, article in enumerate(articles, start=1))


def partition(groups: Mapping[str, Sequence[str]], part: int, parts: int) -> Iterator[str]:
    """Yield the stories of one shard of several, the same ones on every machine."""
    for story in groups:
        if int(hashlib.sha256(story.encode()).hexdigest(), 16) % parts == part - 1:
            yield story
