"""The last reports of a server, so that an answer can be short and the rest be asked for."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

from summarizer.errors import UsageError
from summarizer.types import DiffReport

MOST_REPORTS = 20
"""Reports that are kept; each is a few hundred kilobytes with the texts of its articles."""


class ReportStore:
    """Keeps the last reports by id. Safe to be used by several threads at once."""

    def __init__(self, most: int = MOST_REPORTS) -> None:
        self._most = most
        self._reports: OrderedDict[str, DiffReport] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, report: DiffReport) -> str:
        """Keep a report and return its id, which nobody can guess."""
        key = secrets.token_hex(8)
        with self._lock:
            self._reports[key] = report
            while len(self._reports) > self._most:
                self._reports.popitem(last=False)
        return key

    def get(self, key: str) -> DiffReport:
        """Return a report.

        Raises:
            UsageError: There is none of that id, or no longer.
        """
        with self._lock:
            report = self._reports.get(key)
            if report is None:
                raise UsageError(
                    f"There is no report {key[:40]!r} any more.",
                    f"Compare the articles again; the last {self._most} reports are kept.",
                )
            self._reports.move_to_end(key)
            return report
