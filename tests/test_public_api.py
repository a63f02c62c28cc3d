from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import summarizer
from summarizer import (
    DiffReport,
    Status,
    SummarizerError,
    diff,
    read_article,
    read_articles,
    summarize,
)
from tests.support.articles import FIRE
from tests.support.folders import BRIDGE

pytestmark = pytest.mark.slow


def test_every_public_name_is_there() -> None:
    for name in summarizer.__all__:
        assert getattr(summarizer, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        summarizer.no_such_name  # noqa: B018  the look-up itself is what is tested


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = ["pydantic", "trafilatura", "tiktoken", "typer", "rich", "summarizer.pipeline"]
    code = f"import summarizer, sys; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_diff_from_files(tmp_path: Path) -> None:
    for article in FIRE:
        (tmp_path / article.source).write_text(article.text, encoding="utf-8")
    articles = [read_article(str(tmp_path / article.source)) for article in FIRE]
    report = diff(articles)
    assert isinstance(report, DiffReport)
    assert [s.article.outlet for s in report.articles] == ["Gazette", "Courier", "Herald"]


def test_progress_is_told_by_stage() -> None:
    stages: list[str] = []
    diff(FIRE, progress=lambda stage, _done, _total: stages.append(stage))
    assert list(dict.fromkeys(stages)) == ["reading", "aligning", "verifying"]


def test_summaries_are_sentences_of_the_article_in_its_order() -> None:
    report = summarize(FIRE)
    for summary in report.articles:
        assert 1 <= len(summary.sentences) <= 5
        spans = [sentence.evidence[0] for sentence in summary.sentences]
        assert spans == sorted(spans)
        for sentence in summary.sentences:
            assert sentence.evidence[0].of(summary.article.text) == sentence.text
            assert sentence.probability > 0.5


def test_nothing_to_read_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(SummarizerError) as error:
        diff([])
    assert error.value.hint


def test_articles_read_one_by_one_make_the_same_report_as_read_together() -> None:
    """As README shows it: each article has an id of its own, whoever read it."""
    paths = sorted(BRIDGE.glob("*.txt"))
    alone = diff([read_article(path) for path in paths])
    together = diff(read_articles([str(path) for path in paths]).articles)
    assert [summary.article.id for summary in alone.articles] == ["a1", "a2", "a3", "a4", "a5"]
    counted = [Counter(fact.status for fact in report.facts) for report in (alone, together)]
    assert counted[0] == counted[1]
    assert counted[0][Status.UNIQUE] > 20
    assert counted[0][Status.SHARED] > 3
    assert len(alone.conflicts) == len(together.conflicts)
