"""The outlets of a report as labels, and what each fact means to each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from summarizer.report.outlets import marks
from summarizer.report.safe import one_line
from summarizer.types import Article, DiffReport, Fact, Verdict

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet with an article of its own; ``index`` is its row in every picture."""

    index: int
    name: str
    mark: str


class Outlets:
    """The outlets of a report, in its order, found by name or by article."""

    def __init__(self, report: DiffReport) -> None:
        names = [one_line(each.article.outlet) for each in report.articles if not each.same_as]
        short = marks(names)
        self.all = tuple(Outlet(at, name, short[name]) for at, name in enumerate(short))
        by_name = {outlet.name: outlet for outlet in self.all}
        # By the name as the report has it: it is asked for once for each fact and outlet.
        raw = {each.article.outlet for each in report.articles}
        self._named = {name: by_name[one_line(name)] for name in raw if one_line(name) in by_name}

    def __len__(self) -> int:
        return len(self.all)

    def of(self, article: Article) -> Outlet:
        """Return the outlet of an article that is no copy."""
        return self._named[article.outlet]

    def named(self, names: Iterable[str]) -> tuple[Outlet, ...]:
        """Return the outlets of these names."""
        return tuple(self._named[name] for name in names if name in self._named)


@dataclass(frozen=True, slots=True)
class Cell:
    """What an outlet says of a fact; ``probability`` is that it supports it."""

    verdict: Verdict
    probability: float
    mentioned: bool = False


def cells(fact: Fact, outlets: Outlets) -> dict[int, Cell]:
    """Return the cell of each outlet that has one, by its index; of several the surest."""
    found: dict[int, Cell] = {}
    for check in fact.checks:
        index = outlets.of(check.article).index
        cell = Cell(check.judgement.verdict, check.judgement.probability)
        if index not in found or cell.probability > found[index].probability:
            found[index] = cell
    for mention in fact.mentions:
        found[outlets.of(mention.article).index] = Cell(Verdict.REPORTED, 1.0, mentioned=True)
    return found


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
