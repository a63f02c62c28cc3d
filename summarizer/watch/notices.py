"""What of a new report is news, and where it is told: the terminal, files, Slack, an Atom feed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

from summarizer.errors import SlackFailed, UsageError
from summarizer.files import replace_file, writing_to
from summarizer.render.markdown import escape
from summarizer.report.wording import harmless, one_line
from summarizer.types import Conflict, DiffReport, Fact, Mention, Status, Uniqueness

LINES = 6  # of a notice, at most, about as many as a phone shows; the rest is counted

ALONE, JOINED, DIFFER = "alone", "joined", "differ"
"""Kinds of lines: only one outlet has it; others have it now, too; outlets differ."""

FEED_NOTICES = 100  # notices in the Atom feed: readers ask for it often enough not to miss any
LATER = "The next round tries it again."
_TAIL = 200_000  # bytes at a file's end in which a notice written before a kill would stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One piece of news: a sentence, and the words of the article that it rests on."""

    kind: str
    text: str
    quote: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is new in one story."""

    id: int = 0  # grows from notice to notice; 0 before it is kept
    at: str = ""  # when it was made, in ISO 8601; empty before it is kept
    story: int
    headline: str
    outlets: tuple[str, ...]
    lines: tuple[Line, ...]  # the most salient first
    more: int = 0  # lines that were left out


def find_news(
    story: int, report: DiffReport, known: Mapping[str, str]
) -> tuple[Notice | None, dict[str, str]]:
    """Return what a story's diff has that was not told yet, and all that is known afterwards.

    What is known are marks of passages and conflicts that were told, each with its kind.
    """
    after = dict(known)
    ranked: list[tuple[float, Line]] = []
    for fact in report.facts:
        if line := _fact_line(fact, known, after):
            ranked.append((fact.salience, line))
    for conflict in report.conflicts:
        mark = _conflict_mark(conflict)
        if mark not in known:
            after[mark] = DIFFER
            ranked.append((conflict.salience, _conflict_line(conflict)))
    if not ranked:
        return None, after
    ranked.sort(key=lambda pair: -pair[0])
    notice = Notice(
        story=story,
        headline=report.headline,
        outlets=tuple(dict.fromkeys(summary.article.outlet for summary in report.articles)),
        lines=tuple(line for _, line in ranked[:LINES]),
        more=max(0, len(ranked) - LINES),
    )
    return notice, after


def _fact_line(fact: Fact, known: Mapping[str, str], after: dict[str, str]) -> Line | None:
    """Return what is new of a fact, and note in ``after`` that it was told."""
    marks = {
        f"{mention.article.sha256[:16]}:{mention.evidence[0].start}": mention
        for mention in fact.mentions
    }
    if fact.status is Status.UNIQUE:
        if fact.uniqueness is not Uniqueness.CONFIRMED or marks.keys() & known.keys():
            return None
        after.update(dict.fromkeys(marks, ALONE))
        text = f"{fact.outlets[0]} now reports, which nobody else has: {fact.text}"
        return _line_on(ALONE, text, fact.mentions[0])
    first = next((mention for mark, mention in marks.items() if known.get(mark) == ALONE), None)
    if first is None:
        return None
    had = first.article.outlet
    others = [outlet for outlet in fact.outlets if outlet != had]
    if not others:
        return None
    after.update(dict.fromkeys(marks, JOINED))
    verb = "report" if len(others) > 1 else "reports"
    text = f"{_enumerate_names(others)} now {verb}, too, what only {had} had: {fact.text}"
    return _line_on(JOINED, text, first)


def _conflict_line(conflict: Conflict) -> Line:
    values = "; ".join(f"{_enumerate_names(p.outlets)}: {p.value}" for p in conflict.positions)
    text = f"Outlets differ on {conflict.topic}: {values}"
    return _line_on(DIFFER, text, conflict.positions[-1].mentions[0])


def _conflict_mark(conflict: Conflict) -> str:
    sides = sorted(f"{p.value}={','.join(sorted(p.outlets))}" for p in conflict.positions)
    return hashlib.sha256("|".join(sides).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _line_on(kind: str, text: str, mention: Mention) -> Line:
    quote = mention.evidence[0].of(mention.article.text)
    return Line(kind=kind, text=text, quote=quote, url=mention.article.url)


def _enumerate_names(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


class Output(NamedTuple):
    """Somewhere that takes notices; ``name`` is what its deliveries are kept under.

    ``deliver`` returns when the notice is there; after a SummarizerError a later round tries again.
    """

    name: str
    deliver: Callable[[Notice], None]


def terminal(emit: Callable[[str], None]) -> Output:
    """Return an output of lines of text."""
    return Output("terminal", lambda notice: emit(to_text(notice)))


def markdown_file(path: Path) -> Output:
    """Return a file that grows by a section a notice."""

    def deliver(notice: Notice) -> None:
        _append_once(path, f"<!-- notice {notice.id} -->", to_markdown(notice))

    return Output(f"markdown {path.resolve()}", deliver)


def json_lines(path: Path) -> Output:
    """Return a file that grows by a line of JSON a notice."""

    def deliver(notice: Notice) -> None:
        _append_once(path, f'{{"id": {notice.id}, ', json.dumps(asdict(notice)) + "\n")

    return Output(f"json lines {path.resolve()}", deliver)


def slack_webhook(url: str) -> Output:
    """Return a channel of Slack, through an incoming webhook."""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise UsageError(
            "The address of Slack's webhook is not one.",
            "Set SUMMARIZER_WATCH_SLACK_WEBHOOK to the address that Slack shows.",
        )
    from slack_sdk.errors import SlackClientError
    from slack_sdk.webhook import WebhookClient

    def deliver(notice: Notice) -> None:
        text = to_text(notice).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        try:
            # A request that broke off is not sent again at once: Slack may have the message.
            answer = WebhookClient(url, retry_handlers=[]).send(text=text, unfurl_links=False)
        except (OSError, HTTPException, SlackClientError) as error:
            raise SlackFailed("Slack could not be reached.", LATER) from error
        if answer.status_code != 200:
            raise SlackFailed(
                f"Slack does not take the message ({answer.status_code} {one_line(answer.body)}).",
                "Check the address of the webhook.",
            )

    return Output("slack", deliver)


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
    lines = [f"<!-- notice {notice.id} -->", f"## {escape(one_line(notice.headline))}", ""]
    lines += [f"*{notice.at}* · {escape(one_line(', '.join(notice.outlets)))}", ""]
    for line in notice.lines:
        source = f" [source](<{line.url}>)" if line.url else ""
        lines.append(f"- {escape(one_line(line.text))}{source}")
        lines.append(f"  > {escape(one_line(line.quote))}")
    if notice.more:
        lines.append(f"- … and {notice.more} more")
    return "\n".join(lines) + "\n\n"


def write_atom(path: Path, notices: Sequence[Notice]) -> None:
    """Write notices, the newest first, as an Atom feed; CannotWrite leaves the old file whole."""
    feed = ElementTree.Element("feed", xmlns="http://www.w3.org/2005/Atom")

    def add(parent: ElementTree.Element, tag: str, text: str, **attributes: str) -> None:
        ElementTree.SubElement(parent, tag, attributes).text = harmless(text)

    add(feed, "id", "urn:summarizer:watch")
    add(feed, "title", "What only one outlet reports")
    add(feed, "updated", notices[0].at if notices else "1970-01-01T00:00:00+00:00")
    for notice in notices:
        entry = ElementTree.SubElement(feed, "entry")
        add(entry, "id", f"urn:summarizer:watch:{notice.id}")
        add(entry, "title", one_line(notice.headline))
        add(entry, "updated", notice.at)
        add(ElementTree.SubElement(entry, "author"), "name", ", ".join(notice.outlets))
        if url := next((line.url for line in notice.lines if line.url), None):
            ElementTree.SubElement(entry, "link", href=url)
        add(entry, "content", to_text(notice), type="text")
    with writing_to(path, LATER):
        replace_file(path, ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))


def _append_once(path: Path, mark: str, text: str) -> None:
    """Add to a file what does not stand there yet; half a notice, left by a kill, is replaced."""
    rest = memoryview(text.encode("utf-8", "replace"))
    with writing_to(path, LATER), path.open("a+b", buffering=0) as file:
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
