"""Whole runs against a model server of our own, and what every report must keep to."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from summarizer import read_articles
from summarizer.pipeline import diff, open_desk
from summarizer.render.records import to_contract, to_json
from summarizer.report.schema import Report
from summarizer.settings import Settings
from summarizer.types import Article, DiffReport, Fact, ReadShare, Status, Uniqueness, Verdict
from tests.support.folders import BRIDGE
from tests.support.server import ModelServer, Received

JUDGES = ("llm", "decisions")
VERDICTS = {"llm": "findings", "decisions": "decisions"}
"""What the requests of each judge are called at the server."""

_MARK = re.compile(r"(?<=<<<)[0-9a-f]{8}|[0-9a-f]{8}(?=>>>)")


@cache
def bridge() -> tuple[Article, ...]:
    """Return the articles of the bundled example: five, one of them a copy."""
    return tuple(read_articles([str(path) for path in sorted(BRIDGE.glob("*.txt"))]).articles)


def settings(server: ModelServer, folder: Path, **chosen: Any) -> Settings:
    """Return the settings of a run that asks ``server``, with its cache in ``folder``."""
    given: dict[str, Any] = {"engine": "openai", "base_url": server.url, "retries": 0, **chosen}
    return Settings(cache_dir=str(folder), **given)


def run(
    articles: Sequence[Article],
    settings: Settings,
    *,
    env: Mapping[str, str] | None = None,
    warn: Callable[[str], None] = lambda message: None,
) -> DiffReport:
    """Return a report, after holding it to what every report must keep to."""
    with open_desk(settings, env=env or {}, warn=warn) as desk:
        report = diff(articles, settings, desk=desk)
    hold_to_the_contract(report)
    return report


def undisturbed(
    articles: Sequence[Article], folder: Path, judge: str = "llm", **chosen: Any
) -> DiffReport:
    """Return the report of a run in which nothing goes wrong."""
    with ModelServer() as server:
        return run(articles, settings(server, folder, judge=judge, **chosen))


def content(report: DiffReport) -> dict[str, Any]:
    """Return what a report says, without when it was made and what that took."""
    return {k: v for k, v in to_contract(report).items() if k not in {"generated", "usage"}}


def stages(server: ModelServer) -> dict[str, int]:
    """Return how many requests of each stage came to a server."""
    counted: dict[str, int] = defaultdict(int)
    for received in server.requests:
        counted[received.stage or received.path.rpartition("/")[2]] += 1
    return dict(counted)


def question(received: Received) -> str:
    """Return what a request asks, without the marks of its fences: another in each run."""
    return f"{received.path} {_MARK.sub('', json.dumps(received.body, sort_keys=True))}"


def hold_to_the_contract(report: DiffReport) -> None:
    """Check that a report is what its readers may rely on."""
    Report.model_validate_json(to_json(report))
    texts = {summary.article.id: summary.article.text for summary in report.articles}
    for article, piece in _quoted(to_contract(report), ""):
        assert piece["quote"].strip()
        assert piece["quote"] == texts[article][piece["start"] : piece["end"]]
    for fact in report.facts:
        _hold_fact(report, fact)


def hold_to_the_truth(report: DiffReport, whole: DiffReport) -> None:
    """Check that a partial report calls nothing by another status than the whole one for sure."""
    told: dict[tuple[str, str], set[Status]] = defaultdict(set)
    for fact in whole.facts:
        for mention in fact.mentions:
            told[mention.article.id, mention.wording].add(fact.status)
    for fact in report.facts:
        known = [told[m.article.id, m.wording] for m in fact.mentions]
        if fact.uniqueness is Uniqueness.CONFIRMED:
            assert all(Status.UNIQUE in statuses for statuses in known if statuses), fact.text


def _hold_fact(report: DiffReport, fact: Fact) -> None:
    outlets = {summary.article.outlet for summary in report.articles}
    assert set(fact.outlets) == {mention.article.outlet for mention in fact.mentions}
    assert (fact.status is Status.UNIQUE) == (len(fact.outlets) == 1)
    if fact.status is Status.CONSENSUS:
        # Who is on another event, or was not read, is not among all.
        unread = {s.article.outlet for s in report.articles if s.read is ReadShare.NOT}
        strangers = {o for o in outlets for w in report.warnings if _is_stranger(o, w)}
        assert outlets - strangers - unread <= set(fact.outlets)
    assert (fact.uniqueness is None) == (fact.status is not Status.UNIQUE)
    if fact.status is not Status.UNIQUE:
        return
    against = {check.article.id: check.judgement.verdict for check in fact.checks}
    assert Verdict.REPORTED not in {
        check.judgement.verdict for check in fact.checks if check.article.outlet != fact.outlets[0]
    }
    others = {
        summary.article.id
        for summary in report.articles
        if summary.same_as is None and summary.article.outlet != fact.outlets[0]
    }
    if not others <= set(against):
        assert fact.uniqueness is Uniqueness.UNCHECKED, fact.text


def _is_stranger(outlet: str, warning: str) -> bool:
    return warning.startswith(outlet) and "another event" in warning


def _quoted(value: object, article: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every quote of a report's JSON with the id of the article it is from."""
    if isinstance(value, list):
        for each in value:
            yield from _quoted(each, article)
    elif isinstance(value, dict):
        own = value.get("article", value.get("id", article) if "body" in value else article)
        if "quote" in value:
            yield str(own), value
        for each in value.values():
            yield from _quoted(each, str(own))
