"""Records of many kinds, one article after the other: never all of them in memory."""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from summarizer.errors import SummarizerError
from summarizer.sources.formats import feeds_of_opml
from summarizer.sources.reading import read_article
from summarizer.text.data import load
from summarizer.types import Article

_TABLE = load("records", __package__)
NAMES = _TABLE["names"]
KINDS = {suffix: kind for kind, suffixes in _TABLE["kinds"].items() for suffix in suffixes}
ROWS_AT_ONCE = 500
FEED_MARKS = (b"<rss", b"<feed", b"<opml", b"<rdf")

_URL_LINE = re.compile(r"https?://\S+$")


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that gave no article, and why."""

    where: str
    reason: str


Records = Iterator[Article | Problem]


def read_records(inputs: Iterable[str], *, allow_private_urls: bool = False) -> Records:
    """Yield the articles that inputs hold, and a problem for each record that holds none.

    Inputs are folders, single articles, JSON lines, Parquet, CSV, WARC, feeds, OPML, lists of URLs,
    and URLs of articles; ``.gz`` where it is usual. Private addresses may be allowed, too.
    """
    for name in inputs:
        path = Path(name)
        if name.startswith(("http://", "https://")):
            yield from _read_url(name, allow_private_urls)
        elif path.is_dir():
            for each in sorted(path.rglob("*")):
                if each.is_file() and _kind_of(each):
                    yield from _read_file(each, allow_private_urls)
        elif path.exists():
            yield from _read_file(path, allow_private_urls)
        else:
            yield Problem(name, "there is no such file or folder")


def _kind_of(path: Path) -> str:
    """Return what a file holds; "" where its name does not say it."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if len(suffixes) > 1 and suffixes[-1] == ".gz":
        suffixes.pop()
    return KINDS.get(suffixes[-1], "") if suffixes else ""


def _read_file(path: Path, private: bool) -> Records:
    try:
        match _kind_of(path):
            case "lines":
                yield from _read_json_lines(path)
            case "table":
                yield from _read_table(path)
            case "warc":
                yield from _read_warc(path)
            case "feed":
                yield from _read_feed(path.read_bytes(), str(path), private)
            case _ if path.suffix.lower() == ".txt" and _is_url_list(path):
                for line in path.read_text(encoding="utf-8").split():
                    yield from _read_url(line, private)
            case _:
                yield read_article(path)
    except SummarizerError as error:
        yield Problem(str(path), error.message)
    except Exception as error:
        # Broken files make the libraries for them raise whatever comes: one problem for each.
        reason = str(error).partition("\n")[0]
        yield Problem(str(path), f"it cannot be read ({type(error).__name__}: {reason})")


def _is_url_list(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as lines:
        head = [line.strip() for line in lines.readlines(20_000) if line.strip()]
    return bool(head) and all(_URL_LINE.match(line) for line in head)


def _read_json_lines(path: Path) -> Records:
    opened = gzip.open if path.suffix.lower() == ".gz" else open
    with opened(path, "rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"{path}, line {number}"
            try:
                record = json.loads(line)
            except ValueError:
                yield Problem(where, "it is not JSON")
            except RecursionError:
                yield Problem(where, "it is nested too deep")
            else:
                yield _article_of(record, where)


def _read_table(path: Path) -> Records:
    import duckdb

    reader = "read_parquet" if path.suffix.lower() == ".parquet" else "read_csv"
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT * FROM {reader}(?)", [str(path)])
        names = [column[0] for column in rows.description]
        chunks = iter(partial(rows.fetchmany, ROWS_AT_ONCE), [])
        for number, row in enumerate(chain.from_iterable(chunks), start=1):
            yield _article_of(dict(zip(names, row, strict=True)), f"{path}, row {number}")


def _read_warc(path: Path) -> Records:
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            headers = record.http_headers if record.rec_type == "response" else None
            if headers is None or "html" not in (headers.get_header("Content-Type") or ""):
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            page = record.content_stream().read().decode("utf-8", "replace")
            yield _article_of({"html": page, "url": url}, url or str(path))


def _read_url(url: str, private: bool) -> Records:
    """Yield the article at a URL, or those that a feed there names."""
    from summarizer.sources.fetch import fetch

    try:
        fetched = fetch(url, allow_private=private)
        if any(mark in fetched.data[:2_000].lower() for mark in FEED_MARKS):
            yield from _read_feed(fetched.data, url, private)
        else:
            page = fetched.data.decode(fetched.charset or "utf-8", "replace")
            yield Article.from_html(page, url=fetched.url)
    except (SummarizerError, LookupError) as error:
        yield Problem(url, str(error))


def _read_feed(data: bytes, name: str, private: bool) -> Records:
    """Yield the articles that a feed, or a list of feeds in OPML, names."""
    import feedparser

    if b"<opml" in data[:2_000].lower():
        links = list(feeds_of_opml(data, name))
    else:
        try:
            # A stream, since a text could be taken for the name of a file.
            entries = feedparser.parse(io.BytesIO(data)).entries
        except Exception:  # such as a reference to half a surrogate pair; there are many kinds
            yield Problem(name, "its XML is broken")
            return
        links = list(dict.fromkeys(filter(None, (entry.get("link") for entry in entries))))
        if not links:
            yield Problem(name, "it names no articles")
    for link in links:
        yield from _read_url(link, private)


def _article_of(record: Any, where: str) -> Article | Problem:
    if not isinstance(record, dict):
        return Problem(where, "it is not a record with named fields")
    fields = {str(key).lower(): str(value) for key, value in record.items() if value}
    given = {
        want: next((fields[name] for name in names if name in fields), None)
        for want, names in NAMES.items()
    }
    text, html = given.pop("text"), given.pop("html")
    given["published"] = (given["published"] or "")[:10] or None
    if not text and not html:
        return Problem(where, f"it has none of the fields {', '.join((*NAMES['text'], 'html'))}")
    try:
        return Article.from_text(text, **given) if text else Article.from_html(html or "", **given)
    except SummarizerError as error:
        return Problem(where, error.message)
    except (ValueError, RecursionError) as error:
        return Problem(where, f"it cannot be read ({type(error).__name__})")
