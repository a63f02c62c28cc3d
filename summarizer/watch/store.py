"""All that is known, in one SQLite file: feeds, entries, articles, stories, notices.

Every step is one transaction, so that a process may be killed at any moment: what was committed
is never done again, what was not is done by the next round.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from summarizer.errors import UsageError
from summarizer.types import Article, OutletFrom, Span
from summarizer.watch.feeds import Entry
from summarizer.watch.notices import Notice, load_notice

ATTEMPTS = 4
"""So often an article is asked for before it is given up."""

_TABLES = """
CREATE TABLE IF NOT EXISTS feeds (
    url TEXT PRIMARY KEY, etag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '',
    next_at REAL NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0,
    ttl REAL NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS titles (feed TEXT PRIMARY KEY, title TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entries (
    url TEXT PRIMARY KEY, feed TEXT NOT NULL, guid TEXT NOT NULL, host TEXT NOT NULL,
    waiting INTEGER NOT NULL DEFAULT 1, failures INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL DEFAULT 0, UNIQUE (feed, guid));
CREATE TABLE IF NOT EXISTS articles (
    key TEXT PRIMARY KEY, story INTEGER NOT NULL, at REAL NOT NULL, article TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS articles_at ON articles (at);
CREATE TABLE IF NOT EXISTS stories (
    id INTEGER PRIMARY KEY, changed INTEGER NOT NULL, known TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, notice TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    notice INTEGER, output TEXT, PRIMARY KEY (notice, output));
CREATE TABLE IF NOT EXISTS robots (origin TEXT PRIMARY KEY, text TEXT, until REAL);
"""


@dataclass(frozen=True, slots=True)
class KnownFeed:
    """A feed as its last answer left it; ``ttl`` is in seconds."""

    url: str
    etag: str
    modified: str
    failures: int
    ttl: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article to be read; ``feed_title`` is what the feed that named it calls itself."""

    url: str
    feed_title: str


class Store:
    """The state of one watch; only one process may have it.

    Args:
        path: The file; it is made.

    Raises:
        UsageError: It cannot be used, or another process uses it.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=1.0)
            self._db.executescript(
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; "
                "PRAGMA synchronous = NORMAL;"
            )
            with self._transaction():
                for statement in _TABLES.split(";"):
                    self._db.execute(statement)
        except sqlite3.Error as error:
            busy = "locked" in str(error)
            raise UsageError(
                f"{path} is in use by another watch." if busy else f"{path}: {error}.",
                "Wait for its end, or give another file with --state.",
            ) from error

    def close(self) -> None:
        """Let another process have the file."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def due_feeds(self, urls: Sequence[str], now: float) -> tuple[KnownFeed, ...]:
        """Return those of the feeds that may be asked now."""
        with self._transaction() as db:
            db.executemany("INSERT OR IGNORE INTO feeds (url) VALUES (?)", [(u,) for u in urls])
        rows = self._db.execute(
            "SELECT url, etag, modified, failures, ttl FROM feeds WHERE next_at <= ?", (now,)
        )
        wanted = set(urls)
        return tuple(KnownFeed(*row) for row in rows if row[0] in wanted)

    def record_feed(
        self, feed: KnownFeed, next_at: float, entries: Sequence[Entry] = (), title: str = ""
    ) -> int:
        """Keep what a feed answered, and return how many of its entries are new.

        Args:
            feed: What is known of it now.
            next_at: When it may be asked again, in seconds since 1970.
            entries: What it named.
            title: What it calls itself; "" where it did not say, which changes nothing.
        """
        with self._transaction() as db:
            if title:
                db.execute("INSERT OR REPLACE INTO titles VALUES (?, ?)", (feed.url, title))
            db.execute(
                "UPDATE feeds SET etag = ?, modified = ?, failures = ?, ttl = ?, next_at = ? "
                "WHERE url = ?",
                (feed.etag, feed.modified, feed.failures, feed.ttl, next_at, feed.url),
            )
            rows = [(e.url, feed.url, e.guid, urlsplit(e.url).netloc) for e in entries]
            return db.executemany(
                "INSERT OR IGNORE INTO entries (url, feed, guid, host) VALUES (?, ?, ?, ?)", rows
            ).rowcount

    def waiting_entries(self, now: float) -> tuple[Waiting, ...]:
        """Return the articles to be read now."""
        query = (
            "SELECT url, coalesce(title, '') FROM entries LEFT JOIN titles USING (feed) "
            "WHERE waiting AND next_at <= ? ORDER BY entries.rowid"
        )
        return tuple(Waiting(*row) for row in self._db.execute(query, (now,)))

    def record_failure(self, url: str, next_at: float, *, busy: bool) -> None:
        """Keep that an article could not be read; a busy host is left alone altogether."""
        with self._transaction() as db:
            db.execute(
                "UPDATE entries SET failures = failures + 1, next_at = ?, "
                "waiting = failures + 1 < ? WHERE url = ?",
                (next_at, ATTEMPTS, url),
            )
            if busy:
                host = urlsplit(url).netloc
                db.execute("UPDATE entries SET next_at = ? WHERE host = ?", (next_at, host))

    def has_article(self, key: str) -> bool:
        """Return whether an article is known."""
        query = "SELECT 1 FROM articles WHERE key = ?"
        return self._db.execute(query, (key,)).fetchone() is not None

    def record_article(
        self, url: str, key: str, article: Article | None, story: int | None, now: float
    ) -> int:
        """Keep an article, and return its story; without an article only its entry was read.

        Args:
            url: The address of its entry.
            key: What it is known by.
            article: The article; None where it is known already.
            story: The one that it joins; None for a new one.
            now: When it was read.
        """
        with self._transaction() as db:
            db.execute("UPDATE entries SET waiting = 0 WHERE url = ?", (url,))
            if article is None:
                return 0
            if story is None:
                story = int(db.execute("INSERT INTO stories (changed) VALUES (1)").lastrowid or 0)
            db.execute("UPDATE stories SET changed = 1 WHERE id = ?", (story,))
            db.execute(
                "INSERT INTO articles VALUES (?, ?, ?, ?)", (key, story, now, _dump(article))
            )
        return story

    def recent_articles(self, since: float) -> Iterator[tuple[int, Article]]:
        """Return the articles read since then, each with its story."""
        query = "SELECT story, article FROM articles WHERE at >= ? ORDER BY at, rowid"
        return ((story, _load(text)) for story, text in self._db.execute(query, (since,)))

    def changed_stories(self) -> tuple[int, ...]:
        """Return the stories that have articles which no diff has seen."""
        return tuple(i for (i,) in self._db.execute("SELECT id FROM stories WHERE changed"))

    def story(self, story: int) -> tuple[tuple[Article, ...], Mapping[str, str]]:
        """Return the articles of a story, and what was said of it."""
        query = "SELECT article FROM articles WHERE story = ? ORDER BY at, rowid"
        articles = tuple(_load(text) for (text,) in self._db.execute(query, (story,)))
        query = "SELECT known FROM stories WHERE id = ?"
        (known,) = self._db.execute(query, (story,)).fetchone()
        return articles, json.loads(known)

    def record_diff(
        self, story: int, known: Mapping[str, str], notice: Notice | None, now: float
    ) -> None:
        """Keep what is known of a story after a diff, and the notice that it made."""
        with self._transaction() as db:
            db.execute(
                "UPDATE stories SET changed = 0, known = ? WHERE id = ?", (json.dumps(known), story)
            )
            if notice is not None:
                text = json.dumps(asdict(notice))
                db.execute("INSERT INTO notices (at, notice) VALUES (?, ?)", (now, text))

    def undelivered(self, output: str) -> tuple[Notice, ...]:
        """Return the notices that an output has not had, oldest first."""
        query = (
            "SELECT id, at, notice FROM notices WHERE id NOT IN "
            "(SELECT notice FROM deliveries WHERE output = ?) ORDER BY id"
        )
        return tuple(load_notice(*row) for row in self._db.execute(query, (output,)))

    def latest_notices(self, count: int) -> tuple[Notice, ...]:
        """Return the newest notices, newest first."""
        query = "SELECT id, at, notice FROM notices ORDER BY id DESC LIMIT ?"
        return tuple(load_notice(*row) for row in self._db.execute(query, (count,)))

    def record_delivery(self, notice: int, output: str) -> None:
        """Keep that an output has had a notice."""
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO deliveries VALUES (?, ?)", (notice, output))

    def robots(self) -> dict[str, tuple[str, float]]:
        """Return what robots.txt said, by origin, and until when that holds."""
        return {o: (text, until) for o, text, until in self._db.execute("SELECT * FROM robots")}

    def record_robots(self, robots: Mapping[str, tuple[str, float]]) -> None:
        """Keep what robots.txt said."""
        with self._transaction() as db:
            rows = [(origin, text, until) for origin, (text, until) in robots.items()]
            db.executemany("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", rows)


def _dump(article: Article) -> str:
    return json.dumps(asdict(article), default=str)


def _load(text: str) -> Article:
    values = json.loads(text)
    published = values.pop("published")
    return Article(
        **{
            **values,
            "body": tuple(Span(span["start"], span["end"]) for span in values["body"]),
            "outlet_from": OutletFrom(values["outlet_from"]),
            "published": date.fromisoformat(published) if published else None,
            "credits": tuple(values["credits"]),
            "warnings": tuple(values["warnings"]),
        }
    )
