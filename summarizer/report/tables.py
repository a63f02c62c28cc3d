"""The tables of a memo, each only where there is something to put in it."""

from __future__ import annotations

from summarizer.report.lines import Lines
from summarizer.report.outlets import Names
from summarizer.report.parts import Table
from summarizer.types import DiffReport


def tables(report: DiffReport, names: Names, lines: Lines) -> tuple[Table, ...]:
    """Return the tables of a report."""
    return ()
