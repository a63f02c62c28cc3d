"""Texts that are more than their words: Markdown, quoted and sent by mail, feeds, data.

Where marks are no words of the article, the text is made anew without them, as it is of HTML:
the spans of the body count in the new text.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from typing import TYPE_CHECKING, NamedTuple

from summarizer.errors import UnusableText
from summarizer.text.dates import dates

if TYPE_CHECKING:
    from markdown_it.token import Token

# Share of the lines that begin with ">" from which a text is quoted as a whole.
QUOTED_SHARE = 0.6
# Characters at the start of a text that show what it is.
SAMPLE = 4_000
# Links of a text that has no telling name from which it is Markdown, with or without a heading.
MARKDOWN_LINKS = 2
# Header lines that a mail begins with, at least.
HEADERS = 3
# Characters of a mail's plain part under which its HTML part is read.
PLAIN_PART = 400

_QUOTE = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE)
_LINK = re.compile(r"\[[^\]\n]{1,300}\]\(<?(?:https?://|/)[^)\s]{1,500}\)")
_HEADING = re.compile(r"^#{1,3} \S", re.MULTILINE)
_HEADER = re.compile(
    r"(?:From|To|Cc|Subject|Date|Sent|MIME-Version|Received|Return-Path|Delivered-To|Reply-To"
    r"|Message-ID|Content-[\w-]+|List-[\w-]+|X-[\w-]+|DKIM-Signature|ARC-[\w-]+): ?.*\Z",
    re.IGNORECASE,
)
_FEED = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
_BARE = re.compile(r"(?:https?://|www\.)\S+")
_SPACE = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail holds: its text, which may be HTML, and what its header says of it."""

    text: str
    is_html: bool
    title: str | None = None
    published: date | None = None
    outlet: str | None = None


def refuse_data(text: str, name: str) -> None:
    """Raise UnusableText where ``text`` is a feed or data and no article."""
    if _FEED.match(text[:SAMPLE]):
        raise UnusableText(
            f"{name} is a news feed (RSS or Atom), not an article.",
            "Give the address of one of its items, or the page saved from a browser.",
        )
    if text.lstrip()[:1] in ("{", "["):
        with suppress(ValueError, RecursionError):
            if isinstance(json.loads(text), dict | list):
                raise UnusableText(f"{name} is JSON data, not an article.", "Give its text.")


def read_mail(data: bytes, *, named: bool = False) -> Mail | None:
    """Return what the mail ``data`` holds; None where it is none.

    Args:
        data: The bytes of a file.
        named: Whether its name says that it is a mail.
    """
    head = data[:SAMPLE].lstrip().decode("latin-1").split("\n\n")[0].replace("\r", "").split("\n")
    headers = [line for line in head if line[:1] not in (" ", "\t")]
    if not named and (len(headers) < HEADERS or not all(map(_HEADER.match, headers[:HEADERS]))):
        return None
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.default)
    plain, html = _part(message, "plain"), _part(message, "html")
    is_html = bool(html) and len(plain.strip()) < PLAIN_PART
    sender = str(message.get("From") or "").partition("<")[0].strip().strip('"')
    return Mail(
        text=html if is_html else plain,
        is_html=is_html,
        title=" ".join(str(message.get("Subject") or "").split()) or None,
        published=_sent(message),
        outlet=sender if sender and "@" not in sender else None,
    )


def _part(message: EmailMessage, kind: str) -> str:
    with suppress(LookupError, ValueError, AttributeError):
        part = message.get_body(preferencelist=(kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""
    return ""


def _sent(message: EmailMessage) -> date | None:
    """Return the day that the mail's header prints, in the sender's own zone."""
    with suppress(LookupError, ValueError, AttributeError, TypeError):
        sent = message["Date"].datetime
        return date(sent.year, sent.month, sent.day)
    return None


def unquoted(text: str) -> str:
    """Return ``text`` without the marks of a quotation, where all of it is quoted in a mail."""
    lines = [line for line in text.splitlines() if line.strip()]
    quoted = sum(bool(_QUOTE.match(line)) for line in lines)
    return _QUOTE.sub("", text) if lines and quoted >= QUOTED_SHARE * len(lines) else text


def is_markdown(text: str) -> bool:
    """Return whether a text without a telling name shows that it is Markdown."""
    links = len(_LINK.findall(text[:100_000]))
    return links >= MARKDOWN_LINKS or (links > 0 and bool(_HEADING.search(text)))


class Markdown(NamedTuple):
    """The words of a Markdown text, and its first heading, which is not among them."""

    text: str
    title: str | None


def read_markdown(text: str) -> Markdown:
    """Return the words of ``text``, which is Markdown, one line per block.

    Pictures, footnotes, rules across the page, and lines that are only links are left out.
    """
    from markdown_it import MarkdownIt

    blocks: list[str] = []
    inside, title = None, None
    for token in MarkdownIt("commonmark").enable("table").parse(_without_notes(text)):
        if token.type in ("list_item_open", "tr_open"):
            inside = token.type
            blocks.append("")
        elif token.type in ("list_item_close", "tr_close", "heading_close"):
            inside = None
        elif token.type == "heading_open":
            inside = token.type
        elif token.type == "inline" and inside == "heading_open" and title is None:
            title = " ".join("".join(_words(token.children or [])).split())
        elif token.type == "inline":
            _add(blocks, token, inside)
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content)
    return Markdown("\n\n".join(block.strip() for block in blocks if block.strip()), title)


_NOTE = re.compile(r"^ {0,3}\[\^[^\]\n]{1,80}\]:.*(?:\n(?: {4}|\t).*)*", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^[^\]\n]{1,80}\]")


def _without_notes(text: str) -> str:
    return _NOTE_MARK.sub("", _NOTE.sub("", text))


def _add(blocks: list[str], token: Token, inside: str | None) -> None:
    words = "".join(_words(token.children or []))
    words = _SPACE.sub(" ", words)
    if inside == "tr_open":
        blocks[-1] += f", {words}" if blocks[-1] else words
    elif inside == "list_item_open" and not blocks[-1]:
        blocks[-1] = f"- {words}"
    elif not _BARE.fullmatch(words.strip()):
        blocks.append(words)


def _words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type == "softbreak":
            yield " "
        elif token.type == "hardbreak":
            yield "\n"


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
