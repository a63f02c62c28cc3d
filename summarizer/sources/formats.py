"""Texts that are more than their words: front matter, Markdown, mail, feeds and lists of feeds.

Where marks are no words of the article, the text is made anew without them, as it is of HTML:
the spans of the body count in the new text.
"""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from email.message import EmailMessage
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from summarizer.errors import UnusableText
from summarizer.sources.metadata import find_dates
from summarizer.text.data import load

if TYPE_CHECKING:
    from markdown_it.token import Token

# Share of the lines that begin with ">" from which a text is quoted as a whole.
QUOTED_SHARE = 0.6
# Characters at the start of a text that show what it is.
SAMPLE = 4_000
# Links of a text that has no telling name from which it is Markdown without a heading.
MARKDOWN_LINKS = 2
# Header lines that a mail begins with, at least, and characters of its plain part under which its
# HTML part is read.
HEADERS, PLAIN_PART = 3, 400
# Lines a front matter may have; a ``---`` further down is a rule between paragraphs.
MAX_LINES = 60

OPML_HINT = "Give an OPML file, as a feed reader exports it, or the address of a feed."

_QUOTE = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+", re.MULTILINE)
_LINK = re.compile(r"\[[^\]\n]{1,300}\]\(<?(?:https?://|/)[^)\s]{1,500}\)")
_HEADING = re.compile(r"^#{1,3} \S", re.MULTILINE)
_HEADER = re.compile(
    rf"(?:{'|'.join(load('formats', __package__)['headers'].split())}): ?.*\Z", re.IGNORECASE
)
_FEED = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL)
_BARE = re.compile(r"(?:https?://|www\.)\S+")
_SPACE = re.compile(r"[ \t]+")
_NOTE = re.compile(r"^ {0,3}\[\^[^\]\n]{1,80}\]:.*(?:\n(?: {4}|\t).*)*", re.MULTILINE)
_NOTE_MARK = re.compile(r"\[\^[^\]\n]{1,80}\]")

_FIELD_OF = {
    alias: field
    for field, aliases in load("formats", __package__)["fields"].items()
    for alias in aliases.split()
}
_OPENING = re.compile(r"\s*---[ \t]*(?:\r\n|\r|\n)")
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*\Z")
_FIELD = re.compile(r"\s*([A-Za-z][\w -]{0,30}?)\s*:(?:\s+(.*)|\s*)\Z")
_VALUE = re.compile(r"""\s*(["']?)(.*)\1\s*\Z""")
_LIST_ITEM = re.compile(r"\s+\S|\s*-\s|\s*#|\s*\Z")


class FrontMatter(NamedTuple):
    """What a block at the start of a text says of the article, and the offset at which it ends."""

    end: int = 0
    fields: Mapping[str, Any] = {}  # outlet, title, url and byline, texts; published, a date
    warnings: tuple[str, ...] = ()


def read_front_matter(text: str) -> FrontMatter:
    """Return the front matter of ``text``; one that ends at 0 where there is none."""
    opening = _OPENING.match(text)
    lines: list[str] = []
    for line in islice(_LINE.finditer(text, opening.end()), MAX_LINES + 1) if opening else ():
        if _CLOSING.match(line[1]):
            return _read_fields(lines, line.end())
        lines.append(line[1])
    return FrontMatter()


def _read_fields(lines: list[str], end: int) -> FrontMatter:
    fields, warnings = dict[str, Any](), list[str]()
    for line in lines:
        field = _FIELD.match(line)
        if field:
            name = _FIELD_OF.get(field[1].lower().replace("-", "_").replace(" ", "_"))
            value = _VALUE.match(field[2] or "")
            if name and value and value[2].strip():
                fields.setdefault(name, value[2].strip())
        elif not _LIST_ITEM.match(line):
            warnings.append(f"front matter: passed over {line.strip()[:60]!r}, not 'key: value'")
    if not fields:  # two rules across the page with a paragraph between them are part of the text
        return FrontMatter()
    if written := fields.pop("published", ""):
        fields["published"] = next((each.day for each in find_dates(written)), None)
        if fields["published"] is None:
            warning = f"front matter: {written[:40]!r} is no date; write it as 2022-02-01"
            warnings.append(warning)
    return FrontMatter(end, fields, tuple(warnings))


class Mail(NamedTuple):
    """What a mail holds: its text, which may be HTML, and what its header says of it."""

    text: str
    is_html: bool
    title: str | None
    published: date | None
    outlet: str | None


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
    """Return what the mail ``data`` holds; None where it is none, and is not named as one."""
    head = data[:SAMPLE].lstrip().decode("latin-1").split("\n\n")[0].replace("\r", "").split("\n")
    headers = [line for line in head if line[:1] not in (" ", "\t")]
    if not named and (len(headers) < HEADERS or not all(map(_HEADER.match, headers[:HEADERS]))):
        return None
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.default)
    plain, html = _text_part(message, "plain"), _text_part(message, "html")
    is_html = bool(html) and len(plain.strip()) < PLAIN_PART
    sender = str(message.get("From") or "").partition("<")[0].strip().strip('"')
    day_sent = None  # in the sender's own zone
    with suppress(LookupError, ValueError, AttributeError, TypeError):
        day_sent = message["Date"].datetime.date()
    return Mail(
        text=html if is_html else plain,
        is_html=is_html,
        title=" ".join(str(message.get("Subject") or "").split()) or None,
        published=day_sent,
        outlet=sender if sender and "@" not in sender else None,
    )


def _text_part(message: EmailMessage, kind: str) -> str:
    with suppress(LookupError, ValueError, AttributeError):
        part = message.get_body(preferencelist=(kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""
    return ""


def unquoted(text: str) -> str:
    """Return ``text`` without the marks of a quotation, where all of it is quoted in a mail."""
    lines = [line for line in text.splitlines() if line.strip()]
    quoted = sum(bool(_QUOTE.match(line)) for line in lines)
    return _QUOTE.sub("", text) if lines and quoted >= QUOTED_SHARE * len(lines) else text


def is_markdown(text: str) -> bool:
    """Return whether a text without a telling name shows that it is Markdown."""
    links = len(_LINK.findall(text[:100_000]))
    return links >= MARKDOWN_LINKS or (links > 0 and bool(_HEADING.search(text)))


def read_markdown(text: str) -> tuple[str, str | None]:
    """Return the words of a Markdown text, one line per block, and its first heading.

    Pictures, footnotes, rules across the page, and lines that are only links are left out.
    """
    from markdown_it import MarkdownIt

    blocks: list[str] = []
    inside, title = None, None
    text = _NOTE_MARK.sub("", _NOTE.sub("", text))
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type in ("list_item_open", "tr_open", "heading_open"):
            inside = token.type
            blocks.append("")
        elif token.type in ("list_item_close", "tr_close", "heading_close"):
            inside = None
        elif token.type == "inline" and inside == "heading_open" and title is None:
            title = " ".join(_plain_words(token).split())
        elif token.type == "inline":
            _add_block(blocks, _plain_words(token), inside)
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content)
    return "\n\n".join(block.strip() for block in blocks if block.strip()), title


def _add_block(blocks: list[str], words: str, inside: str | None) -> None:
    if inside == "tr_open":
        blocks[-1] += f", {words}" if blocks[-1] else words
    elif inside == "list_item_open" and not blocks[-1]:
        blocks[-1] = f"- {words}"
    elif not _BARE.fullmatch(words.strip()):
        blocks.append(words)


def _plain_words(token: Token) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    shown = (x for x in token.children or () if x.type in ("text", "code_inline", *breaks))
    return _SPACE.sub(" ", "".join(breaks.get(x.type, x.content) for x in shown))


def feeds_of_opml(data: bytes, name: str) -> tuple[str, ...]:
    """Return the addresses of the feeds that the OPML file ``name`` lists, each once.

    Raises UnusableText where it is no OPML, or has entities, which could make a small file huge.
    """
    from lxml import etree  # type: ignore[import-untyped]  # has no types

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = None if b"<!ENTITY" in data else etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnusableText(f"{name} is no OPML: {error}.", OPML_HINT) from None
    if root is None or root.tag.lower() != "opml":
        raise UnusableText(f"{name} is no OPML.", OPML_HINT)
    outlines = (outline.attrib for outline in root.iter("outline"))
    urls = (each.get("xmlUrl") or each.get("xmlurl") or "" for each in outlines)
    return tuple(dict.fromkeys(url.strip() for url in urls if url.strip()))
