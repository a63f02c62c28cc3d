"""Annotated stories: facts with the spans that support them, in each article.

A story is a folder with a ``gold.json`` or such a file given by itself together with the folder
that its articles lie in; ``evals/annotated/README.md`` describes the format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.types import Article, OutletFrom, Span


@dataclass(frozen=True, slots=True)
class GoldFact:
    """A fact with its supporting spans by article id."""

    support: dict[str, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class GoldConflict:
    """A conflict: its kind, and for each position the facts it rests on."""

    kind: str
    positions: tuple[tuple[GoldFact, ...], ...]

    def sides(self, article: str, spans: Sequence[Span]) -> frozenset[int]:
        """Return the positions that passages of an article take."""
        return frozenset(
            i
            for i, facts in enumerate(self.positions)
            if any(supports(fact, article, spans) for fact in facts)
        )


@dataclass(frozen=True, slots=True)
class Story:
    """The articles of a story (copies of one article folded away) and its gold facts."""

    name: str
    path: Path
    folder: Path
    articles: tuple[Article, ...]
    facts: tuple[GoldFact, ...]
    acceptable: tuple[GoldFact, ...]
    conflicts: tuple[GoldConflict, ...]


def load(paths: Iterable[str]) -> list[Story]:
    """Load stories given as ``FOLDER`` (with gold.json) or ``GOLD.json=FOLDER``."""
    stories = []
    for path in paths:
        gold, _, folder = path.partition("=")
        if folder:
            stories.append(_story(Path(gold), Path(folder)))
        else:
            stories.append(_story(Path(path) / "gold.json", Path(path)))
    return stories


def _story(path: Path, folder: Path) -> Story:
    gold = json.loads(path.read_text(encoding="utf-8"))
    copies = {
        member
        for group in gold["groups"]
        if group["relation"].startswith("same")
        for member in group["members"][1:]
    }
    articles = tuple(_article(row, folder) for row in gold["articles"] if row["id"] not in copies)
    facts = {row["id"]: _fact(row) for row in gold["facts"]}
    return Story(
        name=path.parent.name if path.name == "gold.json" else path.stem,
        path=path,
        folder=folder,
        articles=articles,
        facts=tuple(facts.values()),
        acceptable=tuple(_fact(row) for row in gold.get("acceptable", [])),
        conflicts=tuple(
            GoldConflict(
                kind=row["kind"],
                positions=tuple(
                    tuple(facts[name] for name in side["facts"]) for side in row["positions"]
                ),
            )
            for row in gold["conflicts"]
        ),
    )


def _article(row: dict[str, object], folder: Path) -> Article:
    with (folder / str(row["file"])).open(encoding="utf-8", newline="") as file:
        text = file.read()
    body = row["body"]
    assert isinstance(body, list)
    return Article(
        id=str(row["id"]),
        source=str(row["file"]),
        sha256="",
        text=text,
        body=tuple(Span(start, end) for start, end, *_ in body),
        outlet=str(row["outlet"]),
        outlet_from=OutletFrom.FLAG,
    )


def _fact(row: dict[str, object]) -> GoldFact:
    support = row["support"]
    assert isinstance(support, dict)
    return GoldFact(
        support={
            article: tuple(Span(span["start"], span["end"]) for span in spans)
            for article, spans in support.items()
        },
    )


def supports(fact: GoldFact, article: str, spans: Sequence[Span]) -> bool:
    """Return whether spans of an article overlap a fact's support by half of the shorter."""
    return any(
        2 * gold.overlap(span) >= min(len(gold), len(span)) and gold.overlap(span) > 0
        for gold in fact.support.get(article, ())
        for span in spans
    )
