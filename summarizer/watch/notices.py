"""What of a new report is news: what one outlet has alone, no longer has alone, or disputes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from summarizer.types import Conflict, DiffReport, Fact, Mention, Status, Uniqueness

LINES = 6
"""A notice has at most so many lines; the rest is counted. A phone's screen holds about so many."""

ALONE, JOINED, DIFFER = "alone", "joined", "differ"
"""Kinds of lines: only one outlet has it; others have it now, too; outlets differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One piece of news: a sentence, and the words of the article that it rests on."""

    kind: str
    text: str
    quote: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is new in one story.

    Args:
        id: A number that grows; 0 before it is kept.
        at: When it was made, in ISO 8601; empty before it is kept.
        story: The story's number.
        headline: What the story is about.
        outlets: Who reports on it.
        lines: The news, the most salient first.
        more: How many lines were left out.
    """

    id: int = 0
    at: str = ""
    story: int
    headline: str
    outlets: tuple[str, ...]
    lines: tuple[Line, ...]
    more: int = 0


def load_notice(id: int, at: float, text: str) -> Notice:
    """Return a notice as it was kept."""
    values = json.loads(text)
    lines = tuple(Line(**line) for line in values["lines"])
    moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
    known = {"id": id, "at": moment, "lines": lines, "outlets": tuple(values["outlets"])}
    return Notice(**{**values, **known})


def find_news(
    story: int, report: DiffReport, known: Mapping[str, str]
) -> tuple[Notice | None, dict[str, str]]:
    """Return what a report has that was not told yet, and all that is known afterwards.

    Args:
        story: The story's number.
        report: The diff of all its articles.
        known: What was told of it: marks of passages and conflicts, each with its kind.
    """
    after = dict(known)
    lines: list[tuple[float, Line]] = []
    for fact in report.facts:
        lines += ((fact.salience, line) for line in _fact_lines(fact, known, after))
    for conflict in report.conflicts:
        mark = _conflict_mark(conflict)
        if after.setdefault(mark, DIFFER) and mark not in known:
            lines.append((conflict.salience, _conflict_line(conflict)))
    if not lines:
        return None, after
    ranked = [line for _, line in sorted(lines, key=lambda pair: -pair[0])]
    outlets = tuple(dict.fromkeys(summary.article.outlet for summary in report.articles))
    notice = Notice(
        story=story,
        headline=report.headline,
        outlets=outlets,
        lines=tuple(islice(ranked, LINES)),
        more=max(0, len(ranked) - LINES),
    )
    return notice, after


def _fact_lines(fact: Fact, known: Mapping[str, str], after: dict[str, str]) -> Iterator[Line]:
    marks = {_mark(mention): mention for mention in fact.mentions}
    if fact.status is Status.UNIQUE:
        told = any(mark in known for mark in marks)
        if fact.uniqueness is Uniqueness.CONFIRMED and not told:
            after.update(dict.fromkeys(marks, ALONE))
            text = f"{fact.outlets[0]} now reports, which nobody else has: {fact.text}"
            yield _line(ALONE, text, fact.mentions[0])
        return
    first = [mention for mark, mention in marks.items() if known.get(mark) == ALONE]
    others = [o for o in fact.outlets if first and o != first[0].article.outlet]
    if others:
        after.update(dict.fromkeys(marks, JOINED))
        verb = "report" if len(others) > 1 else "reports"
        text = f"{_listed(others)} now {verb}, too, what only {first[0].article.outlet} had: "
        yield _line(JOINED, text + fact.text, first[0])


def _conflict_line(conflict: Conflict) -> Line:
    values = "; ".join(f"{_listed(p.outlets)}: {p.value}" for p in conflict.positions)
    text = f"Outlets differ on {conflict.topic}: {values}"
    return _line(DIFFER, text, conflict.positions[-1].mentions[0])


def _line(kind: str, text: str, mention: Mention) -> Line:
    quote = mention.evidence[0].of(mention.article.text)
    return Line(kind=kind, text=text, quote=quote, url=mention.article.url)


def _mark(mention: Mention) -> str:
    return f"{mention.article.sha256[:16]}:{mention.evidence[0].start}"


def _conflict_mark(conflict: Conflict) -> str:
    sides = sorted(f"{p.value}={','.join(sorted(p.outlets))}" for p in conflict.positions)
    return hashlib.sha256("|".join(sides).encode()).hexdigest()[:16]


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
