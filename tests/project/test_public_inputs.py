"""What the Python interface takes: articles, paths and texts, and what it says to the rest."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from summarizer import (
    Article,
    Status,
    SummarizerError,
    adiff,
    asummarize,
    diff,
    judge,
    to_compact,
    to_csv,
    to_html,
    to_json,
    to_markdown,
)
from tests.support.articles import FIRE
from tests.support.command import summarize as run_command


def made(index: int, **given: Any) -> Article:
    return Article.from_text(FIRE[index].text, outlet=FIRE[index].outlet, **given)


def test_an_article_of_a_text_is_the_one_of_the_file(tmp_path: Path) -> None:
    from summarizer import read_article

    path = tmp_path / "gazette.txt"
    path.write_text(FIRE[0].text, encoding="utf-8")
    read, given = read_article(path, outlet="Gazette"), made(0)
    assert (given.text, given.body, given.title) == (read.text, read.body, read.title)
    assert (given.sha256, given.outlet, given.language) == (
        read.sha256,
        read.outlet,
        read.language,
    )


def test_what_is_given_with_a_text_counts() -> None:
    article = made(0, title="A fire", published="2031-05-04", url="https://gazette.example/fire")
    assert article.title == "A fire"
    assert article.published == date(2031, 5, 4)
    assert article.url == article.source == "https://gazette.example/fire"
    assert made(0, published=date(2031, 5, 4)).published == date(2031, 5, 4)


def test_an_article_of_a_page() -> None:
    paragraphs = "".join(f"<p>{p}</p>" for p in FIRE[0].text.split("\n\n"))
    page = f"<html><head><title>Fire</title></head><body><article>{paragraphs}</article></body>"
    article = Article.from_html(page, outlet="Gazette")
    assert article.body
    assert article.outlet == "Gazette"


@pytest.mark.parametrize("text", ["", "   ", "Home | News | Sport", "\0\1\2"])
def test_a_text_without_an_article_is_named(text: str) -> None:
    with pytest.raises(SummarizerError, match="The text") as error:
        Article.from_text(text)
    assert error.value.hint
    assert "--" not in error.value.hint


def test_paths_articles_and_texts_together(tmp_path: Path) -> None:
    path = tmp_path / "courier.txt"
    path.write_text(FIRE[1].text, encoding="utf-8")
    mixed = diff([made(0), path, made(2)])
    alike = diff([made(0), Article.from_text(FIRE[1].text, outlet="Courier"), made(2)])
    assert [s.article.outlet for s in mixed.articles] == ["Gazette", "Courier", "Herald"]
    assert [s.article.id for s in mixed.articles] == ["a1", "a2", "a3"]
    counts = [Counter(fact.status for fact in report.facts) for report in (mixed, alike)]
    assert counts[0] == counts[1]
    assert counts[0][Status.UNIQUE]


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ("gazette.txt", "needs? a list|a list is needed"),
        ([3, 4], "not a int"),
        ([None], "not a NoneType"),
        (["One line.\nAnother line."], "this is a text"),
        (["x" * 5000], "this is a text"),
        (["no-such-file.txt"], "no-such-file"),
        ([], "no articles"),
    ],
)
def test_what_cannot_be_compared_is_said(sources: Any, words: str) -> None:
    with pytest.raises(SummarizerError, match=words) as error:
        diff(sources)
    assert error.value.hint


def test_one_article_is_one_error_here_and_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "gazette.txt"
    path.write_text(FIRE[0].text, encoding="utf-8")
    with pytest.raises(SummarizerError) as error:
        diff([path])
    done = run_command("diff", str(path), cwd=tmp_path)
    assert done.returncode == error.value.exit_code == 3
    assert error.value.message in " ".join(done.stderr.split())


def test_one_outlet_is_not_two_for_its_capitals() -> None:
    report = diff([made(0), Article.from_text(FIRE[1].text, outlet="GAZETTE"), made(2)])
    assert {s.article.outlet for s in report.articles} == {"Gazette", "Herald"}
    assert all("GAZETTE" not in fact.outlets for fact in report.facts)


def test_the_same_in_an_event_loop() -> None:
    articles = [made(0), made(1)]
    report = asyncio.run(adiff(articles))
    assert [f.text for f in report.facts] == [f.text for f in diff(articles).facts]
    assert asyncio.run(asummarize(articles)).articles[0].sentences


def test_claims_put_to_a_text() -> None:
    text = "The bridge at Ostrey was closed on Monday. Nobody was hurt, the police said."
    same, other = judge(
        text, ["The bridge at Ostrey was closed on Monday.", "The queen abdicated."]
    )
    assert same is not None
    assert other is not None
    assert same.probability > 0.5 > other.probability
    assert same.nearest is not None
    assert same.nearest.of(text) == "The bridge at Ostrey was closed on Monday."
    with pytest.raises(SummarizerError, match="list"):
        judge(text, "The bridge was closed.")


def test_a_compact_report_says_what_it_leaves_out() -> None:
    report = diff([made(0), made(1), made(2)])
    short = to_compact(report, facts=3)
    assert len(short["facts"]) == 3
    assert short["hidden"]["facts"] == len(report.facts) - 3
    assert len(json.dumps(short)) < len(to_json(report)) / 5
    texts = {s.article.outlet: " ".join(s.article.text.split()) for s in report.articles}
    for fact in short["facts"]:
        for quote in fact["quotes"]:
            assert quote["quote"].rstrip("…").split(" … ")[0] in texts[quote["outlet"]]
    assert to_html(report).startswith("<!")
    assert "# " in to_markdown(report)
    assert "Gazette" in to_csv(report)
