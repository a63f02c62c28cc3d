"""All that is known, in one SQLite file: feeds, entries, articles, stories, notices.

Every step is one transaction, so that a process may be killed at any moment: what was committed
is never done again, what was not is done by the next round.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from summarizer.database import Database
from summarizer.types import Article
from summarizer.watch.notices import Notice

ATTEMPTS = 4  # so often an article is asked for before it is given up

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
# Not their JSON: half a surrogate pair, which a page may have, would be refused.
_ARTICLES = TypeAdapter(Article)
_NOTICES = TypeAdapter(Notice)


@dataclass(frozen=True, slots=True)
class Entry:
    """One article that a feed names: what the feed calls it, and its address without tracking.

    ``feed_title`` is what the feed calls itself, "" where it did not say so yet.
    """

    guid: str
    url: str
    feed_title: str = ""


@dataclass(frozen=True, slots=True)
class KnownFeed:
    """A feed as its last answer left it; ``ttl`` is in seconds."""

    url: str
    etag: str
    modified: str
    failures: int
    ttl: float


class Store(Database):
    """The state of one watch, see ``Database``. Times are in seconds since 1970."""

    def __init__(self, path: Path) -> None:
        hint = "Wait for its end, or give another file with --state."
        super().__init__(path, _TABLES, user="watch", hint=hint)

    def due_feeds(self, urls: Sequence[str], now: float) -> list[KnownFeed]:
        """Return those of the feeds that may be asked now."""
        with self.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO feeds (url) VALUES (?)", [(u,) for u in urls])
        query = "SELECT url, etag, modified, failures, ttl FROM feeds WHERE next_at <= ?"
        wanted = set(urls)
        return [KnownFeed(*row) for row in self.rows(query, now) if row[0] in wanted]

    def record_feed(
        self, feed: KnownFeed, next_at: float, entries: Sequence[Entry] = (), title: str = ""
    ) -> int:
        """Keep what is known of a feed, which may be asked again at ``next_at``.

        Return how many of its entries are new; a title of "" changes nothing.
        """
        with self.transaction() as db:
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

    def waiting_entries(self, now: float) -> list[Entry]:
        """Return the articles to be read now."""
        query = (
            "SELECT guid, url, coalesce(title, '') FROM entries LEFT JOIN titles USING (feed) "
            "WHERE waiting AND next_at <= ? ORDER BY entries.rowid"
        )
        return [Entry(*row) for row in self.rows(query, now)]

    def record_failure(self, url: str, next_at: float, *, busy: bool) -> None:
        """Keep that an article could not be read; a busy host is left alone altogether."""
        with self.transaction() as db:
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
        return bool(self.rows("SELECT 1 FROM articles WHERE key = ?", key))

    def note_read(self, url: str) -> None:
        """Keep that the entry of an address was read."""
        self.change("UPDATE entries SET waiting = 0 WHERE url = ?", url)

    def record_article(
        self, url: str, key: str, article: Article, story: int | None, now: float
    ) -> int:
        """Keep the article of an entry, known by ``key``; return its story, a new one for None."""
        with self.transaction() as db:
            self.note_read(url)
            if story is None:
                story = int(db.execute("INSERT INTO stories (changed) VALUES (1)").lastrowid or 0)
            db.execute("UPDATE stories SET changed = 1 WHERE id = ?", (story,))
            text = json.dumps(_ARTICLES.dump_python(article, mode="json"))
            db.execute("INSERT INTO articles VALUES (?, ?, ?, ?)", (key, story, now, text))
        return story

    def recent_articles(self, since: float) -> list[tuple[int, Article]]:
        """Return the articles read since then, each with its story."""
        query = "SELECT story, article FROM articles WHERE at >= ? ORDER BY at, rowid"
        return [(story, _load_article(text)) for story, text in self.rows(query, since)]

    def changed_stories(self) -> list[int]:
        """Return the stories that have articles which no diff has seen."""
        return [story for (story,) in self.rows("SELECT id FROM stories WHERE changed")]

    def story(self, story: int) -> tuple[list[Article], Mapping[str, str]]:
        """Return the articles of a story, and what was said of it."""
        query = "SELECT article FROM articles WHERE story = ? ORDER BY at, rowid"
        articles = [_load_article(text) for (text,) in self.rows(query, story)]
        ((known,),) = self.rows("SELECT known FROM stories WHERE id = ?", story)
        return articles, json.loads(known)

    def record_diff(
        self, story: int, known: Mapping[str, str], notice: Notice | None, now: float
    ) -> None:
        """Keep what is known of a story after a diff, and the notice that it made."""
        with self.transaction() as db:
            change = "UPDATE stories SET changed = 0, known = ? WHERE id = ?"
            db.execute(change, (json.dumps(known), story))
            if notice is not None:
                text = json.dumps(_NOTICES.dump_python(notice, mode="json"))
                db.execute("INSERT INTO notices (at, notice) VALUES (?, ?)", (now, text))

    def undelivered(self, output: str) -> list[Notice]:
        """Return the notices that an output has not had, oldest first."""
        had = "SELECT notice FROM deliveries WHERE output = ?"
        return self._select_notices(f"WHERE id NOT IN ({had}) ORDER BY id", output)

    def latest_notices(self, count: int) -> list[Notice]:
        """Return the newest notices, newest first."""
        return self._select_notices("ORDER BY id DESC LIMIT ?", count)

    def _select_notices(self, which: str, value: object) -> list[Notice]:
        notices = []
        for text, number, at in self.rows(f"SELECT notice, id, at FROM notices {which}", value):
            made = datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
            kept = _NOTICES.validate_python(json.loads(text))
            notices.append(replace(kept, id=number, at=made))
        return notices

    def record_delivery(self, notice: int, output: str) -> None:
        """Keep that an output has had a notice."""
        self.change("INSERT OR IGNORE INTO deliveries VALUES (?, ?)", notice, output)

    def robots(self, origin: str, now: float) -> str | None:
        """Return what an origin's robots.txt said, None where that holds no longer."""
        rows = self.rows("SELECT text FROM robots WHERE origin = ? AND until > ?", origin, now)
        return rows[0][0] if rows else None

    def record_robots(self, origin: str, text: str, until: float) -> None:
        """Keep what an origin's robots.txt said."""
        self.change("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", origin, text, until)


def _load_article(text: str) -> Article:
    return _ARTICLES.validate_python(json.loads(text))
