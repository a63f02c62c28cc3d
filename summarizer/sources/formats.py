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
