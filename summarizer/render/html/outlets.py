"""The outlets of a report as labels, and what the page needs to know of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from summarizer.report.outlets import Names, marks
from summarizer.report.safe import one_line
from summarizer.types import Article, DiffReport

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet with an article of its own; ``index`` is its place in the report."""

    index: int
    name: str
    mark: str


class Outlets:
    """The outlets of a report, in its order, found by name or by article."""

    def __init__(self, report: DiffReport) -> None:
        self.names = Names(report)
        short = marks(self.names.all)
        self.all = tuple(Outlet(at, name, short[name]) for at, name in enumerate(short))
        self._named = {outlet.name: outlet for outlet in self.all}

    def __len__(self) -> int:
        return len(self.all)

    def of(self, article: Article) -> Outlet:
        """Return the outlet of an article that is no copy."""
        return self._named[self.names.of(article.outlet)]

    def called(self, names: Iterable[str]) -> tuple[Outlet, ...]:
        """Return the outlets that the view calls by these names."""
        return tuple(self._named[name] for name in names if name in self._named)


def language(article: Article) -> str:
    """Return the article's language as HTML writes it; empty where it is not known."""
    found = (article.language or "").replace("_", "-").strip()
    return found if _LANGUAGE.fullmatch(found) else ""


def address(article: Article) -> str:
    """Return where the article can be read, if that is a page of the web and nothing else."""
    for found in (article.url or "", article.source):
        if _ADDRESS.match(found):
            return one_line(found)
    return ""
