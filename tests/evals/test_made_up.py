"""The made-up sentences of ``evals/made_up``, and what planting them counts."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.evals.cases import find_cases_folder, list_cases
from summarizer.types import Article, DiffReport, Status
from tests.support.folders import ROOT
from tests.support.reports import fact, gazette, report, span, tern

sys.path.insert(0, str(ROOT / "benchmarks"))

import planted_sentences

pytestmark = pytest.mark.slow

FOLDER = find_cases_folder().parent / "made_up"
MADE_UP = "The captain of the Meridian has been acquitted."


def test_they_are_many_of_several_stories_and_in_no_article() -> None:
    names = [path.stem for path in FOLDER.glob("*.jsonl")]
    cases = [case.load() for case in list_cases(find_cases_folder(), names)]
    assert len(cases) >= 6
    for case in cases:
        text = (FOLDER / f"{case.name}.jsonl").read_text(encoding="utf-8")
        rows = [json.loads(line) for line in text.splitlines()]
        articles = {each.label: each.article for each in case.articles}
        assert len({row["sentence"] for row in rows}) == len(rows) >= 20
        assert {row["article"] for row in rows} <= set(articles)
        bodies = " ".join(article.text for article in articles.values())
        assert not [row for row in rows if row["sentence"] in bodies]


@pytest.fixture
def planted(tmp_path: Path) -> Article:
    own = replace(gazette, body=(span(gazette, gazette.text),))
    return planted_sentences.plant(own, "gazette.txt", [MADE_UP], tmp_path)


def credit(found: DiffReport, planted: Article) -> tuple[bool, tuple[str, ...]]:
    result = planted_sentences.credit(found, planted, "ferry", MADE_UP)
    return result.is_seen, result.credited


def test_a_sentence_is_planted_as_a_paragraph_and_keeps_its_article(planted: Article) -> None:
    assert f"\n\n{MADE_UP}" in planted.text
    assert (planted.id, planted.source) == (gazette.id, gazette.source)


def test_it_is_credited_where_it_stands_under_a_line_with_another_outlet(planted: Article) -> None:
    from tests.support.reports import mention

    own, other = mention(planted, MADE_UP), mention(tern, "two tears in the hull")
    alone = fact(1, MADE_UP, Status.UNIQUE, own)
    joined = fact(2, MADE_UP, Status.SHARED, own, other)
    assert credit(replace(report(), facts=()), planted) == (False, ())
    assert credit(replace(report(), facts=(alone,)), planted) == (True, ())
    assert credit(replace(report(), facts=(alone, joined)), planted) == (True, (tern.outlet,))
