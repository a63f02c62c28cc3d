"""The tables of a memo, and what changed between snapshots, each only where there is any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import zip_longest

from summarizer.document import analyse, read
from summarizer.report.lines import attributed
from summarizer.report.outlets import Names
from summarizer.report.parts import Table
from summarizer.report.safe import one_line, shortened
from summarizer.types import Article, ConflictKind, DiffReport, Fact, Mention

_NAME = re.compile(r"[A-ZÀ-ÞĀ-Ž]\S+(?:\s\S+)*\s[A-ZÀ-ÞĀ-Ž]\S+")
"""A proper name: two words or more that begin and end with a capital one."""

_PLAIN_DAY = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:\s(?:morning|afternoon|evening|night))?"
    r"|yesterday|last night|.*\d.*",
    re.IGNORECASE,
)
_NOT_AN_EVENT = re.compile(
    r"\b(?:is|are|will|would|may|could|due|until|since|before|after|by|next|coming|plan(?:s|ned)?"
    r"|expect(?:s|ed)?|hope(?:s|d)?)\b",
    re.IGNORECASE,
)
"""What tells that a day is one to come, or the beginning or end of a time."""

FIGURES = 2
"""Figures that differ, from which a table says more than the conflicts above it."""

SAYINGS = 2
"""Statements of speakers from which a table is worth its room."""

DAYS = 3
"""Different days from which there is a timeline."""

CELL_CHARACTERS = 160
"""The longest cell that is shown whole."""

SHOWN_WHOLE = 300
"""The longest sentence that is shown whole."""

_WORD = re.compile(r"\w+")


def tables(report: DiffReport, names: Names, limit: int | None = None) -> tuple[Table, ...]:
    """Return the tables that the report has enough for, with at most ``limit`` rows each."""
    facts = sorted(report.facts, key=lambda fact: -fact.salience)
    made = (
        _figures(report, names, limit),
        _speakers(facts, names, limit),
        _timeline(facts, names, limit),
    )
    return tuple(table for table in made if table is not None)


def _figures(report: DiffReport, names: Names, limit: int | None) -> Table | None:
    """Return the figures that differ, by outlet."""
    rows = []
    for conflict in sorted(report.conflicts, key=lambda each: -each.salience):
        values = {
            names.of(outlet): shortened(one_line(position.value), CELL_CHARACTERS)
            for position in conflict.positions
            for outlet in position.outlets
        }
        if conflict.kind is ConflictKind.NUMBER:
            rows.append((_cell(conflict.topic), *(values.get(name, "") for name in names.read)))
    if len(rows) < FIGURES:
        return None
    return Table(title="Figures that differ", head=names.read, rows=tuple(rows[:limit]))


def _speakers(facts: list[Fact], names: Names, limit: int | None) -> Table | None:
    """Return who said what, and which outlets name the speaker for it."""
    rows = []
    for fact in facts:
        reporting: dict[str, list[str]] = {}
        for mention in fact.mentions:
            if _names_speaker(mention):
                speaker = one_line(mention.speaker or "")
                reporting.setdefault(speaker, []).append(names.of(mention.article.outlet))
        for speaker, outlets in reporting.items():
            named = tuple(dict.fromkeys(outlets))
            rows.append((len(named) > 1, _cell(speaker), _cell(fact.text), ", ".join(named)))
    # One outlet a row would say what the lines above say.
    if len(rows) < SAYINGS or not any(several for several, *_ in rows):
        return None
    rows.sort(key=lambda row: not row[0])
    head = ("Statement", "Outlets that name the speaker for it")
    kept = tuple(tuple(row) for _, *row in rows[:limit])
    return Table(title="Who said what", head=head, rows=kept)


def _names_speaker(mention: Mention) -> bool:
    """Return whether a speaker is sure: named, and by the passage itself."""
    speaker = one_line(mention.speaker or "")
    passage = one_line(" ".join(span.of(mention.article.text) for span in mention.evidence))
    return bool(_NAME.search(speaker)) and speaker in passage


def _timeline(facts: list[Fact], names: Names, limit: int | None) -> Table | None:
    """Return what happened on which day, in order."""
    dated = [(day, fact) for fact in facts for day in _day(fact)][:limit]
    if len({day for day, _ in dated}) < DAYS:
        return None
    dated.sort(key=lambda each: each[0])
    rows = tuple(
        (day.isoformat(), _cell(attributed(fact)), ", ".join(names.several(fact.outlets)))
        for day, fact in dated
    )
    return Table(title="Timeline", head=("What is reported of the day", "Outlets"), rows=rows)


def _day(fact: Fact) -> Iterator[date]:
    """Yield the one day that a fact is of; none where it names several, or none for sure."""
    article = fact.mentions[0].article
    language = (article.language or "en").partition("-")[0]
    text = one_line(fact.text)
    mentioned = read(text, article.published, language).dates
    if len(mentioned) != 1 or _NOT_AN_EVENT.search(text):
        return
    only = mentioned[0]
    if only.first and only.first == only.last and _PLAIN_DAY.fullmatch(only.text):
        yield only.first


def _cell(text: str) -> str:
    return shortened(one_line(text), CELL_CHARACTERS)


def changes(report: DiffReport, names: Names, limit: int | None = None) -> tuple[Table, ...]:
    """Return a table for every two snapshots that differ, with at most ``limit`` rows each.

    Snapshots are copies of one article in one outlet. The earlier one stands first: by their
    dates, else the one that was folded into the other.
    """
    made = []
    for each in report.articles:
        kept = each.same_as
        if kept is None or names.of(kept.outlet) != names.of(each.article.outlet):
            continue
        older, newer = _in_order(each.article, kept)
        rows = tuple(_rows(_sentences(older), _sentences(newer)))[:limit]
        if rows:
            first, second = one_line(older.source), one_line(newer.source)
            title = f"What changed in {names.of(kept.outlet)}"
            made.append(Table(title=title, head=(f"in {first}", f"in {second}"), rows=rows))
    return tuple(made)


def _in_order(folded: Article, kept: Article) -> tuple[Article, Article]:
    if folded.published and kept.published and kept.published < folded.published:
        return kept, folded
    return folded, kept


def _sentences(article: Article) -> list[str]:
    return [one_line(each.span.of(article.text)) for each in analyse(article).body]


def _rows(older: Sequence[str], newer: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    matcher = SequenceMatcher(None, _words(older), _words(newer), autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        for before, after in zip_longest(older[a:b], newer[c:d], fillvalue=""):
            what = "changed" if before and after else "added" if after else "removed"
            yield (
                what,
                shortened(before, SHOWN_WHOLE),
                shortened(after, SHOWN_WHOLE),
            )


def _words(sentences: Sequence[str]) -> list[str]:
    """Return sentences as their words alone: another quotation mark is no change."""
    return [" ".join(_WORD.findall(sentence.casefold())) for sentence in sentences]
