"""Which feeds are watched, and what a feed holds. The owner of feedparser."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from summarizer.errors import FetchFailed, UnreadableSource, UsageError
from summarizer.sources.opml import HINT, feeds_of_opml

CONTENT_TYPES = frozenset(
    {
        *("application/rss+xml", "application/atom+xml", "application/rdf+xml"),
        *("application/xml", "text/xml", "text/html", "text/plain", "application/octet-stream"),
    }
)
"""What servers call a feed."""

_LONGEST_TITLE = 100  # code points; no outlet has a longer name
_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")  # beginnings of parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One article that a feed names.

    Args:
        guid: What the feed calls it; its address where it has no such name.
        url: Where it is, without what only tells its publisher who came by which way.
    """

    guid: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it was read.

    Args:
        title: What it calls itself, "" where it has no name.
        ttl: The seconds for which it need not be asked again, 0 where it says nothing.
        entries: The articles that it names.
    """

    title: str
    ttl: float
    entries: tuple[Entry, ...]


def read_subscriptions(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the addresses of the feeds that OPML files and addresses name, each once.

    Raises:
        InputError: A file cannot be read, or is no OPML.
        UsageError: No feed is named.
    """
    urls = tuple(dict.fromkeys(url for each in arguments for url in _feeds_of(each)))
    if not urls:
        raise UsageError(
            "No feed is named.", "Give an OPML file, as a feed reader exports it, or addresses."
        )
    return urls


def _feeds_of(argument: str) -> Iterator[str]:
    if urlsplit(argument).scheme in {"http", "https"}:
        yield argument.strip()
        return
    try:
        data = Path(argument).read_bytes()
    except OSError as error:
        raise UnreadableSource(f"{argument} cannot be read: {error.strerror}.", HINT) from error
    yield from feeds_of_opml(data, argument)


def parse_feed(data: bytes, url: str, content_type: str = "") -> Feed:
    """Return what a feed says; broken XML is read as far as it goes.

    Raises:
        FetchFailed: It is no feed.
    """
    import feedparser

    headers = {"content-location": url, "content-type": content_type}
    # A stream, since a text could be taken for the name of a file.
    parsed = feedparser.parse(io.BytesIO(data), response_headers=headers)
    if not parsed.version and not parsed.entries:
        raise FetchFailed(f"{url} is no feed.", "Give the address of an RSS or Atom feed.")
    ttl = str(parsed.feed.get("ttl", "")).strip()
    minutes = int(ttl) if ttl.isascii() and ttl.isdigit() else 0
    title = " ".join(str(parsed.feed.get("title", "")).split())[:_LONGEST_TITLE]
    return Feed(title=title, ttl=60.0 * minutes, entries=tuple(_entries(parsed.entries)))


def _entries(entries: Iterable[dict[str, str]]) -> Iterator[Entry]:
    for entry in entries:
        link = entry.get("link", "").strip()
        if urlsplit(link).scheme in {"http", "https"}:
            url = without_tracking(link)
            yield Entry(guid=entry.get("id") or url, url=url)


def without_tracking(url: str) -> str:
    """Return an address without its fragment and the parameters that count visitors."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if not pair[0].lower().startswith(_TRACKING)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", query, ""))
