"""The optional block between ``---`` lines at the top of a text file.

Only ``key: value`` lines of a few keys are read; it is not YAML. A line that is neither
is passed over with a warning, so that a slip costs one field and not the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from summarizer.text.dates import dates

MAX_LINES = 60
"""Lines a block may have; a ``---`` further down is a rule between paragraphs."""

_KEYS = {
    "outlet": ("outlet", "source", "publisher", "publication", "site", "newspaper"),
    "title": ("title", "headline"),
    "url": ("url", "link", "canonical"),
    "published": ("published", "date", "published_at", "publication_date"),
    "byline": ("byline", "author", "authors", "by"),
}
_FIELD_OF = {alias: field for field, aliases in _KEYS.items() for alias in aliases}
_OPENING = re.compile(r"\s*---[ \t]*(?:\r\n|\r|\n)")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*\Z")
_FIELD = re.compile(r"\s*([A-Za-z][\w -]{0,30}?)\s*:(?:\s+(.*)|\s*)\Z")
_LIST_ITEM = re.compile(r"\s+\S|\s*-\s|\s*#|\s*\Z")


EARLIEST_YEAR, LATEST_YEAR = 1800, 2200
"""A year outside is a slip of the pen, and too near the ends of the calendar to reckon with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What a block says, and the offset in the text at which it ends."""

    end: int = 0
    outlet: str | None = None
    title: str | None = None
    url: str | None = None
    published: date | None = None
    byline: str | None = None
    warnings: tuple[str, ...] = ()


def read_front_matter(text: str) -> FrontMatter:
    """Return the front matter of ``text``; one that ends at 0 where there is none."""
    opening = _OPENING.match(text)
    if not opening:
        return FrontMatter()
    lines: list[str] = []
    position = opening.end()
    while len(lines) <= MAX_LINES and position < len(text):
        line = _LINE.match(text, position)
        assert line is not None  # it matches any line, also an empty one
        position = line.end()
        if _CLOSING.match(line[1]):
            return _fields(lines, position)
        lines.append(line[1])
    return FrontMatter()


def _fields(lines: list[str], end: int) -> FrontMatter:
    values: dict[str, str] = {}
    warnings: list[str] = []
    for line in lines:
        field = _FIELD.match(line)
        if field:
            name = _FIELD_OF.get(field[1].lower().replace("-", "_").replace(" ", "_"))
            value = _unquoted(field[2] or "")
            if name and value:
                values.setdefault(name, value)
        elif not _LIST_ITEM.match(line):
            warnings.append(f"front matter: passed over {line.strip()[:60]!r}, not 'key: value'")
    if not values:
        # Two rules across the page with a paragraph between them are part of the text.
        return FrontMatter()
    published = _date(values.get("published"), warnings)
    return FrontMatter(
        end=end,
        outlet=values.get("outlet"),
        title=values.get("title"),
        url=values.get("url"),
        published=published,
        byline=values.get("byline"),
        warnings=tuple(warnings),
    )


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1].strip()
    return value


def _written_dates(value: str) -> Iterator[date]:
    with suppress(ValueError):
        yield date.fromisoformat(value[:10])
    for mention in dates(value):
        if mention.first is not None and mention.first == mention.last:
            yield mention.first


def _date(value: str | None, warnings: list[str]) -> date | None:
    if value is None:
        return None
    for found in _written_dates(value):
        if EARLIEST_YEAR <= found.year <= LATEST_YEAR:
            return found
    warnings.append(f"front matter: {value[:40]!r} is no date; write it as 2022-02-01")
    return None
