"""Where notices go: the terminal, a Markdown file, JSON lines, Slack, and an Atom feed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from http.client import HTTPException
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from xml.etree import ElementTree

from summarizer.errors import CannotWrite, SlackFailed, UsageError
from summarizer.report.safe import harmless, one_line
from summarizer.watch.notices import Notice

FEED_NOTICES = 100
"""Notices in the Atom feed: readers ask for it often enough not to miss any."""

_ATOM = "http://www.w3.org/2005/Atom"
_TAIL = 200_000  # bytes at a file's end in which a notice written before a kill would stand


class Output(Protocol):
    """Somewhere that takes notices; ``name`` is what its deliveries are kept under."""

    name: str

    def deliver(self, notice: Notice) -> None:
        """Take one notice; when this returns it is there.

        Raises:
            SummarizerError: It could not be delivered; it is tried again in the next round.
        """


class Terminal:
    """Lines on standard output."""

    name = "terminal"

    def __init__(self, emit: Callable[[str], None]) -> None:
        self._emit = emit

    def deliver(self, notice: Notice) -> None:
        """Print a notice."""
        self._emit(to_text(notice))


class MarkdownFile:
    """A file that grows by a section a notice."""

    def __init__(self, path: Path) -> None:
        self.name, self._path = f"markdown {path.resolve()}", path

    def deliver(self, notice: Notice) -> None:
        """Add a section."""
        _append_once(self._path, f"<!-- notice {notice.id} -->", to_markdown(notice))


class JsonLines:
    """A file that grows by a line of JSON a notice."""

    def __init__(self, path: Path) -> None:
        self.name, self._path = f"json lines {path.resolve()}", path

    def deliver(self, notice: Notice) -> None:
        """Add a line."""
        line = json.dumps(asdict(notice), ensure_ascii=True)
        _append_once(self._path, f'{{"id": {notice.id}, ', line + "\n")


class Slack:
    """A channel, through an incoming webhook."""

    def __init__(self, url: str) -> None:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise UsageError(
                "The address of Slack's webhook is not one.",
                "Set SUMMARIZER_WATCH_SLACK_WEBHOOK to the address that Slack shows.",
            )
        self.name, self._url = "slack", url

    def deliver(self, notice: Notice) -> None:
        """Post a message."""
        try:
            from slack_sdk.errors import SlackClientError
            from slack_sdk.webhook import WebhookClient
        except ImportError as error:
            raise UsageError(
                "Slack's libraries are not installed.",
                "Install them: pip install 'newsdiff[slack]'",
            ) from error
        text = to_text(notice).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        # A request that broke off is not sent again at once: Slack may have the message.
        client = WebhookClient(self._url, retry_handlers=[])
        try:
            answer = client.send(text=text, unfurl_links=False)
        except (OSError, HTTPException, SlackClientError) as error:
            raise SlackFailed(
                "Slack could not be reached.", "The next round tries it again."
            ) from error
        if answer.status_code != 200:
            raise SlackFailed(
                f"Slack does not take the message ({answer.status_code} {one_line(answer.body)}).",
                "Check the address of the webhook.",
            )


def to_text(notice: Notice) -> str:
    """Return a notice as lines of text."""
    lines = [f"{one_line(notice.headline)} ({one_line(', '.join(notice.outlets))})"]
    for line in notice.lines:
        lines.append(f"  - {one_line(line.text)}")
        lines.append(f"    “{one_line(line.quote)}”" + (f" {line.url}" if line.url else ""))
    if notice.more:
        lines.append(f"  … and {notice.more} more")
    return "\n".join(lines) + "\n\n"


def to_markdown(notice: Notice) -> str:
    """Return a notice as a section of Markdown."""
    lines = [f"<!-- notice {notice.id} -->", f"## {_escaped(notice.headline)}", ""]
    lines += [f"*{notice.at}* · {_escaped(', '.join(notice.outlets))}", ""]
    for line in notice.lines:
        source = f" [source](<{line.url}>)" if line.url else ""
        lines.append(f"- {_escaped(line.text)}{source}\n  > {_escaped(line.quote)}")
    if notice.more:
        lines.append(f"- … and {notice.more} more")
    return "\n".join(lines) + "\n\n"


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in r"\`*_[]<>#|!&" else c for c in one_line(text))


def write_atom(path: Path, notices: Sequence[Notice]) -> None:
    """Write the newest notices as an Atom feed, at once.

    Args:
        path: The file.
        notices: The newest first.

    Raises:
        CannotWrite: It cannot be written; the file is as it was.
    """
    feed = ElementTree.Element("feed", xmlns=_ATOM)

    def add(parent: ElementTree.Element, tag: str, text: str, **attributes: str) -> None:
        ElementTree.SubElement(parent, tag, attributes).text = harmless(text)

    add(feed, "id", "urn:summarizer:watch")
    add(feed, "title", "What only one outlet reports")
    add(feed, "updated", notices[0].at if notices else "1970-01-01T00:00:00+00:00")
    for notice in notices[:FEED_NOTICES]:
        entry = ElementTree.SubElement(feed, "entry")
        add(entry, "id", f"urn:summarizer:watch:{notice.id}")
        add(entry, "title", one_line(notice.headline))
        add(entry, "updated", notice.at)
        add(ElementTree.SubElement(entry, "author"), "name", ", ".join(notice.outlets))
        if url := next((line.url for line in notice.lines if line.url), None):
            ElementTree.SubElement(entry, "link", href=url)
        add(entry, "content", to_text(notice), type="text")
    fresh = path.with_name(f".{path.name}.new")
    with _writing(path):
        ElementTree.ElementTree(feed).write(fresh, encoding="utf-8", xml_declaration=True)
        fresh.replace(path)


def _append_once(path: Path, mark: str, text: str) -> None:
    """Add to a file what does not stand there yet; half a notice, left by a kill, is replaced.

    Raises:
        CannotWrite: It cannot be written; what stood there before stands there still.
    """
    rest = memoryview(text.encode("utf-8", "replace"))
    with _writing(path), path.open("a+b", buffering=0) as file:
        start = max(0, file.tell() - _TAIL)
        file.seek(start)
        at = file.read().rfind(mark.encode())
        if at >= 0:
            file.truncate(start + at)  # the last notice of this output, whole or not
        end = file.seek(0, os.SEEK_END)
        try:
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(end)  # else the beginning of a mark could stay, which nobody finds
            raise


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotWrite(
            f"{path} cannot be written: {error.strerror or error}.",
            "The next round tries it again.",
        ) from error
