"""A report as a spreadsheet: what is said in rows, the outlets in columns.

A cell holds the words of the outlet. No cell is a formula: a spreadsheet would run what an
article begins with an equals sign.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from summarizer.report.lines import attributed
from summarizer.report.outlets import Names
from summarizer.report.safe import one_line
from summarizer.types import (
    Article,
    Check,
    Conflict,
    DiffReport,
    Fact,
    ReadShare,
    Span,
    Verdict,
)

HEAD = ("row", "id", "status", "certainty", "text")
"""The columns before those of the outlets: ``row`` is fact, detail, conflict or summary."""

NOT_READ = "(not read)"
OTHERWISE = "(says otherwise)"
JOINED = " … "
"""Between two passages of one outlet."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def to_csv(report: DiffReport) -> str:
    """Return the report as CSV, with a line for each fact, detail, conflict and summary."""
    names = Names(report)
    unread = {
        names.of(each.article.outlet) for each in report.articles if each.read is ReadShare.NOT
    } - set(names.read)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(harmless_cell, (*HEAD, *names.all)))
    for lead, cells in _rows(report, names):
        outlets = (NOT_READ if name in unread else cells.get(name, "") for name in names.all)
        writer.writerow(map(harmless_cell, (*lead, *outlets)))
    return out.getvalue()


def harmless_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs: text that would be a formula begins with '."""
    text = one_line(text)
    return f"'{text}" if text.startswith(FORMULA) else text


Row = tuple[Sequence[str], Mapping[str, str]]
"""What a row begins with, and its cell for each outlet that has one."""


def _rows(report: DiffReport, names: Names) -> Iterator[Row]:
    for conflict in sorted(report.conflicts, key=lambda each: -each.salience):
        yield _conflict(conflict, names)
    for fact in report.facts:
        yield from _fact(fact, names)
    for each in report.articles:
        outlet = names.of(each.article.outlet)
        for sentence in each.sentences:
            cell = _quoted(each.article, sentence.evidence)
            yield ("summary", "", "", "", sentence.text), {outlet: cell}


def _conflict(conflict: Conflict, names: Names) -> Row:
    cells = {
        names.of(outlet): position.value
        for position in conflict.positions
        for outlet in position.outlets
    }
    return ("conflict", conflict.id, conflict.kind.value, "", conflict.topic), cells


def _fact(fact: Fact, names: Names) -> Iterator[Row]:
    certainty = fact.uniqueness.value if fact.uniqueness else ""
    passages = [(mention.article, mention.evidence) for mention in fact.mentions]
    lead = ("fact", fact.id, fact.status.value, certainty, attributed(fact))
    yield lead, {**_against(fact.checks, names), **_cells(passages, names)}
    for detail in fact.details:
        cells = _cells([(detail.article, detail.evidence)], names)
        lead = ("detail", fact.id, "unique", detail.uniqueness.value, detail.text)
        yield lead, {**_against(detail.checks, names), **cells}


def _cells(passages: Iterable[tuple[Article, Sequence[Span]]], names: Names) -> dict[str, str]:
    cells: dict[str, list[str]] = defaultdict(list)
    for article, evidence in passages:
        cells[names.of(article.outlet)].append(_quoted(article, evidence))
    return {outlet: JOINED.join(dict.fromkeys(quotes)) for outlet, quotes in cells.items()}


def _against(checks: Sequence[Check], names: Names) -> dict[str, str]:
    return {
        names.of(check.article.outlet): f"{OTHERWISE} {_quoted(check.article, [passage])}"
        for check in checks
        if check.judgement.verdict is Verdict.CONTRADICTED and (passage := check.judgement.nearest)
    }


def _quoted(article: Article, evidence: Sequence[Span]) -> str:
    return JOINED.join(one_line(span.of(article.text)) for span in evidence)
