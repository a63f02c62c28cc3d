"""A report as data: JSON, and a spreadsheet with what is said in rows and outlets in columns.

A cell holds the words of the outlet. No cell is a formula: a spreadsheet would run what an
article begins with an equals sign.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from summarizer.report.compact import MOST_FACTS, compact
from summarizer.report.lines import attributed
from summarizer.report.outlets import Names
from summarizer.report.schema import Report
from summarizer.report.wording import dumps, one_line
from summarizer.types import Article, Check, DiffReport, Fact, ReadShare, Span, Verdict

# The columns before those of the outlets; the first has fact, detail, conflict or summary.
HEAD = ("row", "id", "status", "certainty", "text")
NOT_READ, OTHERWISE = "(not read)", "(says otherwise)"
JOINED = " … "  # between two passages of one outlet
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the start of a formula

Row = tuple[Sequence[str], dict[str, str]]  # its first cells, and one for each outlet that has one


def to_csv(report: DiffReport) -> str:
    """Return the report as CSV, with a line for each fact, detail, conflict and summary."""
    names = Names(report)
    unread = {
        names.of(each.article.outlet) for each in report.articles if each.read is ReadShare.NOT
    } - set(names.read)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(harmless_cell, (*HEAD, *names.all)))
    for lead, cells in _report_rows(report, names):
        outlets = (NOT_READ if name in unread else cells.get(name, "") for name in names.all)
        writer.writerow(map(harmless_cell, (*lead, *outlets)))
    return out.getvalue()


def harmless_cell(text: str) -> str:
    """Return a cell that no spreadsheet runs: text that would be a formula begins with '."""
    text = one_line(text)
    return f"'{text}" if text.startswith(FORMULA) else text


def _report_rows(report: DiffReport, names: Names) -> Iterator[Row]:
    for conflict in sorted(report.conflicts, key=lambda each: -each.salience):
        values = {
            names.of(outlet): position.value
            for position in conflict.positions
            for outlet in position.outlets
        }
        yield ("conflict", conflict.id, conflict.kind.value, "", conflict.topic), values
    for fact in report.facts:
        yield from _fact_rows(fact, names)
    for each in report.articles:
        for sentence in each.sentences:
            cells = _outlet_cells(names, [(each.article, sentence.evidence)])
            yield ("summary", "", "", "", sentence.text), cells


def _fact_rows(fact: Fact, names: Names) -> Iterator[Row]:
    certainty = fact.uniqueness.value if fact.uniqueness else ""
    cited = [(mention.article, mention.evidence) for mention in fact.mentions]
    lead = ("fact", fact.id, fact.status.value, certainty, attributed(fact))
    yield lead, _outlet_cells(names, cited, fact.checks)
    for detail in fact.details:
        lead = ("detail", fact.id, "unique", detail.uniqueness.value, detail.text)
        yield lead, _outlet_cells(names, [(detail.article, detail.evidence)], detail.checks)


def _outlet_cells(
    names: Names, cited: Sequence[tuple[Article, Sequence[Span]]], checks: Sequence[Check] = ()
) -> dict[str, str]:
    """Return what each outlet says: its passages, or the one that contradicts."""
    cells = {}
    for check in checks:
        nearest = check.judgement.nearest
        if nearest and check.judgement.verdict is Verdict.CONTRADICTED:
            quote = _quoted_passages(check.article, [nearest])
            cells[names.of(check.article.outlet)] = f"{OTHERWISE} {quote}"
    passages: defaultdict[str, list[str]] = defaultdict(list)
    for article, evidence in cited:
        passages[names.of(article.outlet)].append(_quoted_passages(article, evidence))
    return cells | {name: JOINED.join(dict.fromkeys(each)) for name, each in passages.items()}


def _quoted_passages(article: Article, evidence: Sequence[Span]) -> str:
    return JOINED.join(one_line(span.of(article.text)) for span in evidence)


def to_json(report: DiffReport) -> str:
    """Return the report as an indented JSON document."""
    return dumps(to_contract(report), indent=2) + "\n"


def to_contract(report: DiffReport) -> dict[str, Any]:
    """Return the report as plain lists and dictionaries, ready for ``json.dumps``."""
    return Report.model_validate(report).model_dump(mode="json")


def to_compact(report: DiffReport, *, facts: int = MOST_FACTS) -> dict[str, Any]:
    """Return the most salient part of a report, a few kilobytes, as plain values."""
    return compact(report, facts=facts).model_dump(mode="json")
