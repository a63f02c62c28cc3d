"""Asking servers politely: robots.txt, one request a host at a time, and not before it is time."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from summarizer.errors import FetchFailed, FetchRefused, InputError
from summarizer.sources.fetch import Asking, Fetched, FetchLimits, fetch
from summarizer.version import __version__
from summarizer.watch.feeds import CONTENT_TYPES

AGENT = "summarizer"
"""By which name robots.txt speaks of us."""

USER_AGENT = f"{AGENT}/{__version__} (news diff; watches feeds for a reader)"

LEAST_SECONDS = 300.0
"""No feed is asked more often, whatever it allows. Origin: the shortest ttl that feeds use."""

MOST_SECONDS = 86_400.0
"""No feed is left alone for longer, whatever it says or however often it failed: a day."""

ROBOTS_SECONDS = 86_400.0
"""For so long robots.txt is kept (RFC 9309, 2.4)."""

MOST_DELAY_SECONDS = 30.0
"""The longest ``Crawl-delay`` that is waited out; longer ones are for copies of whole sites."""


@dataclass(slots=True)
class _Host:
    lock: threading.RLock = field(default_factory=threading.RLock)
    left_at: float = float("-inf")


class Web:
    """The only door to feeds and articles.

    Args:
        allow_private: Fetch from private and loopback addresses too.
        seconds: What one page may take.
        pause: Seconds between two requests to a host.
        robots: What robots.txt said, by origin: its text, and until when that holds, in seconds
            since 1970. It is added to.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        seconds: float = 20.0,
        pause: float = 1.0,
        robots: Mapping[str, tuple[str, float]] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.robots = dict(robots or {})
        self._allow_private = allow_private
        self._limits = FetchLimits(seconds=seconds)
        self._pause = pause
        self._clock = clock
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._guard = threading.Lock()
        self._asked: dict[str, str] = {}

    def begin_round(self, feeds: Sequence[str]) -> None:
        """Forget what was asked, and take note of the feeds that are asked for themselves."""
        self._asked = {url: url for url in feeds}

    def fetch_feed(self, url: str, etag: str, modified: str) -> Fetched | str:
        """Return a feed, or the address of another that it is by redirection.

        Args:
            url: Where it is.
            etag: What its server called the version that is known, "" for none.
            modified: When its server said that it changed, "" for none.

        Raises:
            InputError: It could not be had.
        """
        sent = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in sent.items() if value}
        accept = "application/atom+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.1"

        @contextmanager
        def gate(address: str) -> Iterator[None]:
            with self._guard:
                first = self._asked.setdefault(address, url)
            if first != url:
                raise _AskedBefore(first)
            with self._polite(address):
                yield

        asking = Asking(
            headers={"User-Agent": USER_AGENT, "Accept": accept, **headers},
            content_types=CONTENT_TYPES,
            gate=gate,
        )
        try:
            return self._fetch(url, asking)
        except _AskedBefore as known:
            return known.message

    def fetch_page(self, url: str) -> Fetched:
        """Return the page of an article.

        Raises:
            InputError: It could not be had.
        """
        return self._fetch(url, Asking(headers={"User-Agent": USER_AGENT}, gate=self._polite))

    def _fetch(self, url: str, asking: Asking) -> Fetched:
        return fetch(url, allow_private=self._allow_private, limits=self._limits, asking=asking)

    @contextmanager
    def _polite(self, url: str) -> Iterator[None]:
        """Wait for the turn at a host, and refuse what its robots.txt does."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        with self._guard:
            host = self._hosts[origin]
        with host.lock:
            rules = self._rules(origin, host)
            if not rules.can_fetch(AGENT, url):
                raise FetchRefused(f"{url} is closed to readers like this one by robots.txt.", "")
            delay = min(float(rules.crawl_delay(AGENT) or 0), MOST_DELAY_SECONDS)
            with self._turn(host, max(self._pause, delay)):
                yield

    @contextmanager
    def _turn(self, host: _Host, pause: float) -> Iterator[None]:
        time.sleep(max(0.0, host.left_at + pause - time.monotonic()))
        try:
            yield
        finally:
            host.left_at = time.monotonic()

    def _rules(self, origin: str, host: _Host) -> RobotFileParser:
        text, until = self.robots.get(origin, ("", 0.0))
        if until <= self._clock():
            with self._turn(host, self._pause):
                text = self._fetch_robots(origin)
            self.robots[origin] = (text, self._clock() + ROBOTS_SECONDS)
        rules = RobotFileParser()
        rules.parse(text.splitlines())
        return rules

    def _fetch_robots(self, origin: str) -> str:
        """Return robots.txt; a server without one allows all, one that fails nothing for now."""
        kinds = Asking(headers={"User-Agent": USER_AGENT}, content_types=CONTENT_TYPES)
        try:
            return self._fetch(f"{origin}/robots.txt", kinds).data.decode("utf-8", "replace")
        except FetchFailed as error:
            if 400 <= error.status < 500 and error.status != 429:
                return ""
            raise
        except FetchRefused:
            return ""  # of another kind than text, or elsewhere


class _AskedBefore(InputError):
    """A feed redirects to one that is asked for itself; the message is its address."""


def next_time(now: float, headers: Mapping[str, str], ttl: float) -> float:
    """Return when a feed may be asked again, in seconds since 1970.

    Args:
        now: When it was asked.
        headers: Those of its answer, names in lower case.
        ttl: What the feed itself says, in seconds.
    """
    return now + min(max(LEAST_SECONDS, ttl, _fresh_seconds(headers)), MOST_SECONDS)


def _fresh_seconds(headers: Mapping[str, str]) -> float:
    for directive in headers.get("cache-control", "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name == "max-age" and value.strip('" ').isdigit():
            return float(value.strip('" '))
    expires = _date(headers.get("expires", ""))
    return expires - (_date(headers.get("date", "")) or time.time()) if expires else 0.0


def time_after_failure(now: float, failures: int, retry_after: str) -> float:
    """Return when to try again after so many failures in a row, twice as long after each."""
    wait = min(LEAST_SECONDS * 2.0 ** min(failures, 20), MOST_SECONDS)
    asked = float(retry_after) if retry_after.isdigit() else _date(retry_after) - now
    return now + max(wait, min(asked, 7 * MOST_SECONDS))


def _date(text: str) -> float:
    try:
        return parsedate_to_datetime(text).timestamp() if text else 0.0
    except (ValueError, OverflowError):
        return 0.0
