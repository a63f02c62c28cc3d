"""Records of many kinds, one article after the other: never all of them in memory."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from summarizer.errors import InputError, SummarizerError, UnreadableSource, UnusableText
from summarizer.sources import read_article
from summarizer.sources.formats import feeds_of_opml
from summarizer.types import Article

TEXT, HTML = ("text", "body", "content", "maintext"), ("html",)
OUTLET = ("outlet", "source_name", "source", "publisher", "source_domain", "site", "domain")
TITLE, DAY = ("title", "headline"), ("published", "date", "published_at", "date_publish")
URL = ("url", "link")
"""Names under which records hold what an article needs, the first that is there counts."""

ARTICLE_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".eml"})
FEED_SUFFIXES = frozenset({".opml", ".rss", ".atom", ".xml"})
TABLE_SUFFIXES = frozenset({".parquet", ".csv"})
ROWS_AT_ONCE = 500

_URL_LINE = re.compile(r"https?://\S+$")


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that gave no article, and why."""

    where: str
    reason: str


Records = Iterator[Article | Problem]


def read_records(inputs: Iterable[str], *, allow_private_urls: bool = False) -> Records:
    """Yield the articles that inputs hold, and a problem for each record that holds none.

    Args:
        inputs: Folders, single articles, JSON lines, Parquet, CSV, WARC, feeds, OPML, lists of
            URLs, and URLs of articles; ``.gz`` where it is usual.
        allow_private_urls: Fetch from private addresses too.
    """
    fetcher = _Fetcher(allow_private_urls)
    for name in inputs:
        if name.startswith(("http://", "https://")):
            yield from fetcher.page_or_feed(name)
        elif Path(name).is_dir():
            for path in sorted(p for p in Path(name).rglob("*") if p.is_file()):
                if _kind(path) is not None:
                    yield from _file(path, fetcher)
        elif Path(name).exists():
            yield from _file(Path(name), fetcher)
        else:
            yield Problem(name, "there is no such file or folder")


def _kind(path: Path) -> str | None:
    """Return the suffix that says what a file holds, None for a file of no such kind."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    last = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] == ".gz" else (suffixes or [""])[-1]
    kinds = ARTICLE_SUFFIXES | FEED_SUFFIXES | TABLE_SUFFIXES | {".jsonl", ".ndjson", ".warc"}
    return last if last in kinds else None


def _file(path: Path, fetcher: _Fetcher) -> Records:
    kind = _kind(path)
    try:
        match kind:
            case ".jsonl" | ".ndjson":
                yield from _json_lines(path)
            case ".parquet" | ".csv":
                yield from _table(path)
            case ".warc":
                yield from _warc(path)
            case ".opml" | ".rss" | ".atom" | ".xml":
                yield from fetcher.feed(path.read_bytes(), str(path))
            case ".txt" if _is_url_list(path):
                for line in path.read_text(encoding="utf-8").split():
                    yield from fetcher.page_or_feed(line)
            case _:
                yield read_article(path)
    except SummarizerError as error:
        yield Problem(str(path), error.message)
    except Exception as error:
        # Broken files make the libraries for them raise whatever comes: one problem for each.
        yield Problem(str(path), f"it cannot be read ({type(error).__name__}: {error})")


def _is_url_list(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as lines:
        head = [line.strip() for line in lines.readlines(20_000) if line.strip()]
    return bool(head) and all(_URL_LINE.match(line) for line in head)


def _json_lines(path: Path) -> Records:
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    with opened(path, "rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"{path}, line {number}"
            try:
                record = json.loads(line)
            except (ValueError, UnicodeDecodeError):
                yield Problem(where, "it is not JSON")
                continue
            yield _record(record, where)


def _table(path: Path) -> Records:
    try:
        import duckdb
    except ImportError:
        raise _missing("duckdb", str(path)) from None
    with duckdb.connect() as connection:
        reader = "read_parquet" if path.suffix.lower() == ".parquet" else "read_csv"
        try:
            rows = connection.execute(f"SELECT * FROM {reader}(?)", [str(path)])
            names = [column[0] for column in rows.description]
            number = 0
            while some := rows.fetchmany(ROWS_AT_ONCE):
                for row in some:
                    number += 1
                    yield _record(dict(zip(names, row, strict=True)), f"{path}, row {number}")
        except duckdb.Error as error:
            yield Problem(str(path), f"it cannot be read ({str(error).splitlines()[0]})")


def _warc(path: Path) -> Records:
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise _missing("warcio", str(path)) from None
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type != "response":
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            kind = record.http_headers.get_header("Content-Type", "") if record.http_headers else ""
            if "html" not in (kind or ""):
                continue
            page = record.content_stream().read()
            yield _record({"html": page.decode("utf-8", "replace"), "url": url}, url or str(path))


def _record(record: Any, where: str) -> Article | Problem:
    """Return the article that a record holds."""
    if not isinstance(record, dict):
        return Problem(where, "it is not a record with named fields")
    fields = {str(key).lower(): value for key, value in record.items() if value is not None}
    given = {
        "outlet": _first(fields, OUTLET),
        "title": _first(fields, TITLE),
        "published": (_first(fields, DAY) or "")[:10] or None,
        "url": _first(fields, URL),
    }
    text, html = _first(fields, TEXT), _first(fields, HTML)
    if not text and not html:
        return Problem(where, f"it has none of the fields {', '.join((*TEXT, *HTML))}")
    try:
        made = Article.from_text(text, **given) if text else Article.from_html(html or "", **given)
    except SummarizerError as error:
        return Problem(where, error.message)
    except (ValueError, RecursionError) as error:
        return Problem(where, f"it cannot be read ({type(error).__name__})")
    return made


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((str(fields[name]) for name in names if fields.get(name)), None)


def _missing(library: str, name: str) -> InputError:
    return UnreadableSource(
        f"{name} cannot be read: {library} is not installed.",
        "Install it: pip install 'newsdiff[stories]'",
    )


class _Fetcher:
    """Gets pages, and the pages that feeds and lists of feeds name."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private

    def page_or_feed(self, url: str) -> Records:
        """Yield the article at a URL, or those that a feed there names."""
        from summarizer.sources.fetch import fetch

        try:
            fetched = fetch(url, allow_private=self._allow_private)
            head = fetched.data[:2_000].lower()
            if b"<rss" in head or b"<feed" in head or b"<opml" in head or b"<rdf" in head:
                yield from self.feed(fetched.data, url)
            else:
                page = fetched.data.decode(fetched.charset or "utf-8", "replace")
                yield Article.from_html(page, url=fetched.url)
        except (SummarizerError, LookupError) as error:
            yield Problem(url, str(error))

    def feed(self, data: bytes, name: str) -> Records:
        """Yield the articles that a feed, or a list of feeds in OPML, names."""
        try:
            import feedparser
        except ImportError:
            raise _missing("feedparser", name) from None
        if b"<opml" in data[:2_000].lower():
            for url in feeds_of_opml(data, name):
                yield from self.page_or_feed(url)
            return
        read = feedparser.parse(data)
        links = [entry.get("link") for entry in read.entries]
        if not links:
            yield Problem(name, str(UnusableText("it names no articles")))
        for link in dict.fromkeys(link for link in links if link):
            yield from self.page_or_feed(link)
