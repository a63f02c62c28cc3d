"""Which feeds are watched, and how their servers are asked: politely, and not before it is time.

The owner of feedparser.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from summarizer.errors import FetchFailed, FetchRefused, UnreadableSource, UsageError
from summarizer.sources.fetch import Asking, Fetched, fetch
from summarizer.sources.formats import OPML_HINT, feeds_of_opml
from summarizer.version import __version__
from summarizer.watch.store import Entry, Store

AGENT = "summarizer"  # by which name robots.txt speaks of us
USER_AGENT = f"{AGENT}/{__version__} (news diff; watches feeds for a reader)"

CONTENT_TYPES = frozenset(
    {f"application/{kind}" for kind in ("rss+xml", "atom+xml", "rdf+xml", "xml", "octet-stream")}
    | {f"text/{kind}" for kind in ("xml", "html", "plain")}
)
"""What servers call a feed."""

ACCEPT = "application/atom+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.1"
LEAST_SECONDS = 300.0  # no feed is asked more often. Origin: the shortest ttl that feeds use
MOST_SECONDS = 86_400.0  # a day: no feed is left alone for longer, however often it failed
ROBOTS_SECONDS = 86_400.0  # for so long robots.txt is kept (RFC 9309, 2.4)
MOST_DELAY_SECONDS = 30.0  # of ``Crawl-delay``; longer ones are for copies of whole sites
_LONGEST_TITLE = 100  # code points; no outlet has a longer name
_GIVE_A_FEED = "Give the address of an RSS or Atom feed."
_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")  # beginnings of parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it was read: its title ("" for none), its entries, and its ttl in seconds."""

    title: str
    ttl: float
    entries: tuple[Entry, ...]


def read_subscriptions(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses of the feeds that OPML files and addresses name, each once.

    Raises InputError where a file cannot be read or is no OPML, UsageError where none is named.
    """
    urls: list[str] = []
    for argument in arguments:
        if argument.strip().lower().startswith(("http://", "https://")):
            urls.append(argument.strip())
            continue
        try:
            data = Path(argument).read_bytes()
        except OSError as error:
            reason = f"{argument} cannot be read: {error.strerror}."
            raise UnreadableSource(reason, OPML_HINT) from error
        urls += feeds_of_opml(data, argument)
    if not urls:
        hint = "Give an OPML file, as a feed reader exports it, or addresses."
        raise UsageError("No feed is named.", hint)
    return tuple(dict.fromkeys(urls))


def parse_feed(data: bytes, url: str, content_type: str = "") -> Feed:
    """Return what a feed says, as far as its XML is whole; FetchFailed where it is no feed."""
    import feedparser

    headers = {"content-location": url, "content-type": content_type}
    try:
        # A stream, since a text could be taken for the name of a file.
        parsed = feedparser.parse(io.BytesIO(data), response_headers=headers)
    except Exception as error:  # such as a reference to half a surrogate pair; there are many kinds
        raise FetchFailed(f"{url} cannot be read: its XML is broken.", _GIVE_A_FEED) from error
    if not parsed.version and not parsed.entries:
        raise FetchFailed(f"{url} is no feed.", _GIVE_A_FEED)
    ttl = str(parsed.feed.get("ttl", "")).strip()
    minutes = float(ttl) if ttl.isascii() and ttl.isdigit() else 0.0
    title = " ".join(str(parsed.feed.get("title", "")).split())[:_LONGEST_TITLE]
    entries = []
    for entry in parsed.entries:
        link = entry.get("link", "").strip()
        if urlsplit(link).scheme in {"http", "https"}:
            address = without_tracking(link)
            entries.append(Entry(guid=entry.get("id") or address, url=address))
    return Feed(title=title, ttl=60.0 * minutes, entries=tuple(entries))


def without_tracking(url: str) -> str:
    """Return an address without its fragment and the parameters that count visitors."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not pair[0].lower().startswith(_TRACKING)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", query, ""))


@dataclass(slots=True)
class _HostTurn:
    lock: threading.Lock = field(default_factory=threading.Lock)
    left_at: float = float("-inf")


@dataclass(slots=True)
class Web:
    """The only door to feeds and articles; its errors are InputErrors."""

    store: Store
    allow_private: bool = False  # fetch from private and loopback addresses too
    seconds: float = 20.0  # what one page may take
    pause: float = 1.0  # seconds between two requests to a host
    clock: Callable[[], float] = time.time  # seconds since 1970
    _hosts: dict[str, _HostTurn] = field(default_factory=dict)

    def fetch_feed(self, url: str, etag: str, modified: str) -> Fetched:
        """Return a feed; ``etag`` and ``modified`` are those of the known version, or ""."""
        headers = {"Accept": ACCEPT, "If-None-Match": etag, "If-Modified-Since": modified}
        sent = {name: value for name, value in headers.items() if value}
        asking = Asking(headers=sent, content_types=CONTENT_TYPES, gate=self._polite_turn)
        return self._fetch_by(url, asking)

    def fetch_page(self, url: str) -> Fetched:
        """Return the page of an article."""
        return self._fetch_by(url, Asking(gate=self._polite_turn))

    def _fetch_by(self, url: str, asking: Asking) -> Fetched:
        asking = replace(asking, headers={"User-Agent": USER_AGENT, **asking.headers})
        allow, seconds = self.allow_private, self.seconds
        return fetch(url, allow_private=allow, seconds=seconds, asking=asking)

    @contextmanager
    def _polite_turn(self, url: str) -> Iterator[None]:
        """Wait for the turn at a host, and refuse what its robots.txt does."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        host = self._hosts.setdefault(origin, _HostTurn())
        with host.lock:
            rules = RobotFileParser()
            rules.parse(self._robots_text(origin, host).splitlines())
            if not rules.can_fetch(AGENT, url):
                raise FetchRefused(f"{url} is closed to readers like this one by robots.txt.", "")
            delay = min(float(rules.crawl_delay(AGENT) or 0), MOST_DELAY_SECONDS)
            with self._pause_before(host, max(self.pause, delay)):
                yield

    @contextmanager
    def _pause_before(self, host: _HostTurn, pause: float) -> Iterator[None]:
        time.sleep(max(0.0, host.left_at + pause - time.monotonic()))
        try:
            yield
        finally:
            host.left_at = time.monotonic()

    def _robots_text(self, origin: str, host: _HostTurn) -> str:
        """Return robots.txt; a server without one allows all, one that fails nothing for now."""
        text = self.store.robots(origin, self.clock())
        if text is not None:
            return text
        try:
            with self._pause_before(host, self.pause):
                answer = self._fetch_by(f"{origin}/robots.txt", Asking(content_types=CONTENT_TYPES))
            text = answer.data.decode("utf-8", "replace")
        except FetchFailed as error:
            if not 400 <= error.status < 500 or error.status == 429:
                raise
            text = ""
        except FetchRefused:
            text = ""  # of another kind than text, or elsewhere
        self.store.record_robots(origin, text, self.clock() + ROBOTS_SECONDS)
        return text


def next_time(now: float, headers: Mapping[str, str], ttl: float) -> float:
    """Return when a feed may be asked again, in seconds since 1970; ``ttl`` is what it says itself.

    The names of the answer's headers are in lower case.
    """
    expires, date = (_parse_date(headers.get(name, "")) for name in ("expires", "date"))
    fresh = expires - (date or time.time()) if expires else 0.0
    if age := re.search(r'\bmax-age="?(\d+)', headers.get("cache-control", "").lower()):
        fresh = float(age[1])
    return now + min(max(LEAST_SECONDS, ttl, fresh), MOST_SECONDS)


def time_after_failure(now: float, failures: int, retry_after: str) -> float:
    """Return when to try again after so many failures in a row, twice as long after each."""
    wait = min(LEAST_SECONDS * 2.0 ** min(failures, 20), MOST_SECONDS)
    asked = float(retry_after) if retry_after.isdecimal() else _parse_date(retry_after) - now
    return now + max(wait, min(asked, 7 * MOST_SECONDS))


def _parse_date(text: str) -> float:
    try:
        return parsedate_to_datetime(text).timestamp() if text else 0.0
    except (ValueError, OverflowError):
        return 0.0
