"""Small labelled stories, and reports on them, for the tests of the evals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from summarizer.evals.cases import Case, CaseArticle, GoldFact, Support
from summarizer.evals.labels import ConflictLabel, ForbiddenLabel, PositionLabel
from summarizer.types import Article, ConflictKind, Span, Status
from tests.support.reports import gazette, northwind, span, tern

ARTICLES: Mapping[str, Article] = {"gaz": gazette, "tern": tern, "north": northwind}


def support(**quotes: str | tuple[str, ...]) -> Support:
    """Return where quotes stand in the articles of the ferry, by their labels."""
    return {
        label: tuple(
            span(ARTICLES[label], q) for q in ((quote,) if isinstance(quote, str) else quote)
        )
        for label, quote in quotes.items()
    }


def gold(
    id: str, salience: int, *, speaker: str | None = None, hedge: str | None = None, **quotes: str
) -> GoldFact:
    """Return a labelled fact of the ferry; its status follows from who reports it."""
    statuses = {1: Status.UNIQUE, len(ARTICLES): Status.CONSENSUS}
    return GoldFact(
        id=id,
        text=f"What {id} says.",
        salience=salience,
        support=support(**quotes),
        status=statuses.get(len(quotes), Status.SHARED),
        speaker=speaker,
        hedge=hedge,
    )


AGROUND = gold(
    "aground",
    3,
    gaz="The ferry Meridian ran aground off Port Marrow on Monday night",
    tern="hit a sandbank near Port Marrow late on Monday",
    north="The Meridian ran aground on Monday night",
)
RESCUED = gold(
    "rescued",
    3,
    speaker="the coast guard",
    gaz="All passengers were taken off by dawn",
    tern="Everyone on board was brought ashore before sunrise",
    north="All passengers were taken off by dawn",
)
ABOARD = gold(
    "aboard",
    3,
    gaz="with 212 people aboard",
    tern="A ferry carrying 180 passengers and 32 crew",
)
FEWER = gold("fewer", 3, north="with 198 people aboard")
PILOT = gold("pilot", 2, speaker="the ship's log", gaz="had asked for a pilot twice")
WEEKS = gold("weeks", 2, hedge="about", gaz="Repairs will take about six weeks")
MONTHS = gold(
    "months",
    2,
    speaker="Marrow Lines",
    hedge="up to",
    north="repairs would take up to three months",
)
TEARS = gold("tears", 2, tern="Divers found two tears in the hull")
BREAD = gold("bread", 1, tern="The island's only baker drove bread to the school hall")

HOW_MANY = ConflictLabel(
    id="how-many",
    kind=ConflictKind.NUMBER,
    topic="people aboard",
    salience=3,
    positions=[
        PositionLabel(value="212", facts=[ABOARD.id]),
        PositionLabel(value="198", facts=[FEWER.id]),
    ],
)
HOW_LONG = ConflictLabel(
    id="how-long",
    kind=ConflictKind.NUMBER,
    topic="how long repairs take",
    salience=2,
    positions=[
        PositionLabel(value="six weeks", facts=[WEEKS.id]),
        PositionLabel(value="three months", facts=[MONTHS.id]),
    ],
)


def ferry(**more: object) -> Case:
    """Return the labelled story of the ferry, on which ``tests.support.reports.report`` reports."""
    known: dict[str, object] = {
        "name": "ferry",
        "about": "A ferry runs aground.",
        "covers": ("differing_numbers",),
        "folder": Path("ferry"),
        "digest": "0" * 64,
        "articles": tuple(CaseArticle(label=k, article=v) for k, v in ARTICLES.items()),
        "facts": (AGROUND, RESCUED, ABOARD, FEWER, PILOT, WEEKS, MONTHS, TEARS, BREAD),
        "conflicts": (HOW_MANY, HOW_LONG),
        "forbidden": (
            ForbiddenLabel(text="The baker sold tickets for the wreck", why="nobody says so"),
            ForbiddenLabel(text="Divers found two tears", why="what is stated is found"),
        ),
    }
    return Case(**{**known, **more})  # type: ignore[arg-type]


def with_furniture(label: str, *spans: Span) -> tuple[CaseArticle, ...]:
    """Return the articles, one of them with labelled furniture."""
    return tuple(
        CaseArticle(label=k, article=v, furniture=spans if k == label else ())
        for k, v in ARTICLES.items()
    )


CASE_YAML = """\
name: {name}
about: A ferry runs aground; two outlets differ in how many were aboard.
covers: [differing_numbers]
articles:
  - {{id: a, file: a.txt, outlet: Harbor Gazette, language: en}}
  - {{id: b, file: b.txt, outlet: Northwind, language: en}}
facts:
  - id: f1
    text: The ferry Meridian ran aground off Port Marrow on Monday night.
    salience: 3
    support:
      a: ["The ferry Meridian ran aground off Port Marrow on Monday night"]
      b: ["The ferry Meridian ran aground off Port Marrow on Monday night"]
  - id: f2
    text: There were 212 people aboard.
    salience: 3
    support: {{a: ["212 people aboard"]}}
  - id: f3
    text: There were 198 people aboard.
    salience: 3
    support: {{b: ["198 people aboard"]}}
  - id: f4
    text: The captain had asked for a pilot twice.
    salience: 2
    speaker: the ship's log
    support: {{a: ["had asked for a pilot twice"]}}
  - id: f5
    text: A baker drove bread to the school hall.
    salience: 2
    support: {{b: ["drove bread to the school hall"]}}
conflicts:
  - id: c1
    kind: number
    salience: 3
    topic: people aboard
    positions: [{{value: "212", facts: [f2]}}, {{value: "198", facts: [f3]}}]
"""


def write_cases(folder: Path, *names: str) -> Path:
    """Write cases of the ferry to ``folder/evals/cases`` and return that folder."""
    from tests.support.command import write_ferry

    cases = folder / "evals" / "cases"
    for name in names:
        (cases / name).mkdir(parents=True)
        write_ferry(cases / name)
        (cases / name / "case.yaml").write_text(CASE_YAML.format(name=name), encoding="utf-8")
    return cases


PLANTED = (
    ("p1", "faithful", "There were 212 people aboard the ferry Meridian.", "supported", None),
    ("p2", "number", "There were 312 people aboard the ferry Meridian.", "unsupported", "p1"),
)


def write_planted(evals: Path, case: str) -> None:
    """Write planted errors for one case."""
    folder = evals / "planted"
    folder.mkdir()
    keys = ("id", "kind", "claim", "label", "twin_of")
    rows = [{"case": case, "article": "a", **dict(zip(keys, row, strict=True))} for row in PLANTED]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / f"{case}.jsonl").write_text(text, encoding="utf-8")
