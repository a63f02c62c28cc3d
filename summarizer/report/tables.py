"""The figures that differ, and what changed between snapshots, each only where there is any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from summarizer.document import analyse
from summarizer.report.outlets import Names
from summarizer.report.parts import Table
from summarizer.report.wording import one_line, shortened
from summarizer.types import Article, ConflictKind, DiffReport

FIGURES = 2
"""From how many figures that differ there is a table; one is among the conflicts already."""

CELL_CHARACTERS, SENTENCE_CHARACTERS = 160, 300
"""The longest cell, and the longest sentence of a snapshot, that is shown whole."""

_WORD = re.compile(r"\w+")


def figures(report: DiffReport, names: Names, limit: int | None = None) -> tuple[Table, ...]:
    """Return a table of the figures that differ, by outlet, with at most ``limit`` rows."""
    rows = []
    for conflict in sorted(report.conflicts, key=lambda each: -each.salience):
        if conflict.kind is ConflictKind.NUMBER:
            values = {
                names.of(outlet): _cell_text(position.value)
                for position in conflict.positions
                for outlet in position.outlets
            }
            rows.append(
                (_cell_text(conflict.topic), *(values.get(name, "") for name in names.read))
            )
    if len(rows) < FIGURES:
        return ()
    return (Table(title="Figures that differ", head=names.read, rows=tuple(rows[:limit])),)


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
    # Sentences are compared as their words alone: another quotation mark is no change.
    old, new = (
        [" ".join(_WORD.findall(sentence.casefold())) for sentence in sentences]
        for sentences in (older, newer)
    )
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pairs = zip_longest(older[a:b], newer[c:d], fillvalue="") if kind != "equal" else ()
        for before, after in pairs:
            what = "changed" if before and after else "added" if after else "removed"
            most = SENTENCE_CHARACTERS
            yield what, shortened(before, most), shortened(after, most)
