"""A view as JSON and back, so that what is asked later needs no new run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, TypeVar

from summarizer.report.quotes import Quote
from summarizer.report.sources import Source
from summarizer.report.view import Dispute, Line, Section, Side, Summary, View

T = TypeVar("T")


def dump_view(view: View) -> str:
    """Return a view as JSON."""
    return json.dumps(asdict(view), ensure_ascii=False)


def load_view(text: str) -> View:
    """Return the view that ``dump_view`` wrote."""
    found = json.loads(text)
    return View(
        **{
            **found,
            "outlets": tuple(found["outlets"]),
            "sources": _all(_source, found["sources"]),
            "summaries": _all(_summary, found["summaries"]),
            "consensus": _section(found["consensus"]),
            "shared": _section(found["shared"]) if found["shared"] else None,
            "unique": _all(_section, found["unique"]),
            "conflicts": _all(_dispute, found["conflicts"]),
            "warnings": tuple(found["warnings"]),
            "notes": tuple(found["notes"]),
        }
    )


def _all(load: Callable[[Any], T], found: Iterable[Any]) -> tuple[T, ...]:
    return tuple(load(each) for each in found)


def _source(found: dict[str, Any]) -> Source:
    return Source(**{**found, "credits": tuple(found["credits"])})


def _summary(found: dict[str, Any]) -> Summary:
    return Summary(source=_source(found["source"]), sentences=_all(_line, found["sentences"]))


def _section(found: dict[str, Any]) -> Section:
    return Section(**{**found, "lines": _all(_line, found["lines"])})


def _line(found: dict[str, Any]) -> Line:
    quotes = {name: _quote(found[name]) for name in ("quote", "nearest")}
    return Line(**{**found, "outlets": tuple(found["outlets"]), **quotes})


def _dispute(found: dict[str, Any]) -> Dispute:
    return Dispute(**{**found, "sides": _all(_side, found["sides"])})


def _side(found: dict[str, Any]) -> Side:
    outlets = tuple(found["outlets"])
    return Side(**{**found, "outlets": outlets, "quote": _quote(found["quote"])})


def _quote(found: dict[str, Any] | None) -> Quote | None:
    return None if found is None else Quote(**found)
