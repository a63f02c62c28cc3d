"""The tables of a memo, and what changed between snapshots, each only where there is any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import zip_longest

from summarizer.document import analyse, read
from summarizer.report.lines import attributed, cited_words
from summarizer.report.outlets import Names
from summarizer.report.parts import Table
from summarizer.report.wording import one_line, plain_words, shortened
from summarizer.types import Article, ConflictKind, DiffReport, Fact, Mention

_CAPITALISED = re.compile(r"[A-ZÀ-ÞĀ-Ž]\S")
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

FIGURES, SAYINGS, DAYS = 2, 2, 3
"""From how many there is a table: figures that differ (one is among the conflicts already),
statements of speakers, different days."""

CELL_CHARACTERS, SENTENCE_CHARACTERS = 160, 300
"""The longest cell, and the longest sentence of a snapshot, that is shown whole."""


def tables(report: DiffReport, names: Names, limit: int | None = None) -> tuple[Table, ...]:
    """Return the tables that the report has enough for, with at most ``limit`` rows each."""
    facts = sorted(report.facts, key=lambda fact: -fact.salience)
    speakers, timeline = _speakers_table(facts, names, limit), _timeline_table(facts, names, limit)
    return (*_figures_table(report, names, limit), *speakers, *timeline)


def _figures_table(report: DiffReport, names: Names, limit: int | None) -> Iterator[Table]:
    """Yield the figures that differ, by outlet."""
    rows = []
    for conflict in sorted(report.conflicts, key=lambda each: -each.salience):
        if conflict.kind is ConflictKind.NUMBER:
            values = {
                names.of(outlet): _cell_text(position.value)
                for position in conflict.positions
                for outlet in position.outlets
            }
            held = (values.get(name, "") for name in names.read)
            rows.append((_cell_text(conflict.topic), *held))
    if len(rows) >= FIGURES:
        yield Table(title="Figures that differ", head=names.read, rows=tuple(rows[:limit]))


def _speakers_table(facts: list[Fact], names: Names, limit: int | None) -> Iterator[Table]:
    """Yield who said what, and which outlets name the speaker for it."""
    rows = []
    for fact in facts:
        reporting: dict[str, list[str]] = {}
        for mention in filter(_names_speaker, fact.mentions):
            named = reporting.setdefault(one_line(mention.speaker or ""), [])
            named.append(names.of(mention.article.outlet))
        for speaker, outlets in reporting.items():
            several = list(dict.fromkeys(outlets))
            row = _cell_text(speaker), _cell_text(fact.text), ", ".join(several)
            rows.append((len(several) < 2, row))
    # One outlet a row would say what the lines above say.
    if len(rows) >= SAYINGS and not all(is_alone for is_alone, _ in rows):
        rows.sort(key=lambda row: row[0])
        head = ("Statement", "Outlets that name the speaker for it")
        yield Table(title="Who said what", head=head, rows=tuple(row for _, row in rows[:limit]))


def _names_speaker(mention: Mention) -> bool:
    """Return whether a speaker is sure: named, by two words or more, in the passage itself."""
    speaker = one_line(mention.speaker or "")
    names = list(filter(_CAPITALISED.match, speaker.split()))
    return len(names) > 1 and speaker in one_line(cited_words(mention))


def _timeline_table(facts: list[Fact], names: Names, limit: int | None) -> Iterator[Table]:
    """Yield what happened on which day, in order."""
    dated = [(day, fact) for fact in facts if (day := _day_of(fact))][:limit]
    rows = tuple(
        (day.isoformat(), _cell_text(attributed(fact)), ", ".join(names.several(fact.outlets)))
        for day, fact in sorted(dated, key=lambda each: each[0])
    )
    if len({day for day, *_ in rows}) >= DAYS:
        yield Table(title="Timeline", head=("What is reported of the day", "Outlets"), rows=rows)


def _day_of(fact: Fact) -> date | None:
    """Return the one day that a fact is of; none where it names several, or none for sure."""
    article = fact.mentions[0].article
    language = (article.language or "en").partition("-")[0]
    text = one_line(fact.text)
    dates = read(text, article.published, language).dates
    if len(dates) != 1 or _NOT_AN_EVENT.search(text):
        return None
    (only,) = dates
    sure = only.first == only.last and _PLAIN_DAY.fullmatch(only.text)
    return only.first if sure else None


def _cell_text(text: str) -> str:
    return shortened(one_line(text), CELL_CHARACTERS)


def changes(report: DiffReport, names: Names, limit: int | None = None) -> tuple[Table, ...]:
    """Return a table for every two snapshots that differ, with at most ``limit`` rows each.

    Snapshots are copies of one article in one outlet. The earlier one stands first: by their
    dates, else the one that was folded into the other.
    """
    made = []
    for older, newer in ((each.article, each.same_as) for each in report.articles):
        if newer is None or names.of(newer.outlet) != names.of(older.outlet):
            continue
        title = f"What changed in {names.of(newer.outlet)}"
        if older.published and newer.published and newer.published < older.published:
            older, newer = newer, older
        rows = tuple(_changed_rows(_body_sentences(older), _body_sentences(newer)))[:limit]
        if rows:
            head = tuple(f"in {one_line(each.source)}" for each in (older, newer))
            made.append(Table(title=title, head=head, rows=rows))
    return tuple(made)


def _body_sentences(article: Article) -> list[str]:
    return [one_line(each.span.of(article.text)) for each in analyse(article).body]


def _changed_rows(older: Sequence[str], newer: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    old, new = (list(map(plain_words, sentences)) for sentences in (older, newer))
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pairs = zip_longest(older[a:b], newer[c:d], fillvalue="") if kind != "equal" else ()
        for before, after in pairs:
            what = "changed" if before and after else "added" if after else "removed"
            most = SENTENCE_CHARACTERS
            yield what, shortened(before, most), shortened(after, most)
