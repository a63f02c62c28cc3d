"""What changed between two snapshots of one article, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from summarizer.document import analyse
from summarizer.report.outlets import Names
from summarizer.report.parts import Table
from summarizer.report.safe import one_line, shortened
from summarizer.types import Article, DiffReport

CELL_CHARACTERS = 300
"""The longest sentence that is shown whole."""

_WORD = re.compile(r"\w+")


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
            yield what, shortened(before, CELL_CHARACTERS), shortened(after, CELL_CHARACTERS)


def _words(sentences: Sequence[str]) -> list[str]:
    """Return sentences as their words alone: another quotation mark is no change."""
    return [" ".join(_WORD.findall(sentence.casefold())) for sentence in sentences]
