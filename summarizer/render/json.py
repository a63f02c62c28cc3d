"""A report as JSON: what ``summarizer.report.schema`` publishes of it."""

from __future__ import annotations

from typing import Any

from summarizer.report.compact import MOST_FACTS, compact
from summarizer.report.schema import Report
from summarizer.report.wording import dumps
from summarizer.types import DiffReport


def to_json(report: DiffReport) -> str:
    """Return the report as an indented JSON document."""
    return dumps(to_contract(report), indent=2) + "\n"


def to_contract(report: DiffReport) -> dict[str, Any]:
    """Return the report as plain lists and dictionaries, ready for ``json.dumps``."""
    return Report.model_validate(report).model_dump(mode="json")


def to_compact(report: DiffReport, *, facts: int = MOST_FACTS) -> dict[str, Any]:
    """Return the most salient part of a report, a few kilobytes, as plain values."""
    return compact(report, facts=facts).model_dump(mode="json")
