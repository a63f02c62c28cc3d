"""The project's own annotated stories are sound: spans, statuses, conflicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.folders import BRIDGE, ROOT

pytestmark = pytest.mark.slow

STORIES = {path.name: path for path in (ROOT / "evals" / "stories").iterdir()}
STORIES["harbour-bridge"] = BRIDGE


@pytest.fixture(params=sorted(STORIES))
def story(request: pytest.FixtureRequest) -> tuple[Path, Any]:
    path = ROOT / "evals" / "annotated" / f"{request.param}.json"
    return STORIES[request.param], json.loads(path.read_text(encoding="utf-8"))


def test_support_lies_in_bodies(story: tuple[Path, Any]) -> None:
    folder, gold = story
    for article in gold["articles"]:
        with (folder / article["file"]).open(encoding="utf-8", newline="") as file:
            text = file.read()
        inside = {i for start, end, *_ in article["body"] for i in range(start, end)}
        for fact in gold["facts"]:
            for span in fact["support"].get(article["id"], []):
                start, end = span["start"], span["end"]
                assert 0 <= start < end <= len(text)
                assert {i for i in range(start, end) if not text[i].isspace()} <= inside


def test_statuses_agree_with_the_support(story: tuple[Path, Any]) -> None:
    _, gold = story
    outlet = {article["id"]: article["outlet"] for article in gold["articles"]}
    for fact in gold["facts"]:
        outlets = {outlet[article] for article in fact["support"]}
        all_of_them = outlets == set(outlet.values())
        expected = "all" if all_of_them else "unique" if len(outlets) == 1 else "shared"
        assert fact["status"] == expected, fact["id"]


def test_conflicts_name_facts_of_the_articles_they_name(story: tuple[Path, Any]) -> None:
    _, gold = story
    facts = {fact["id"]: fact for fact in gold["facts"]}
    for conflict in gold["conflicts"]:
        assert len(conflict["positions"]) > 1
        for position in conflict["positions"]:
            held = {a for name in position["facts"] for a in facts[name]["support"]}
            assert set(position["articles"]) <= held
