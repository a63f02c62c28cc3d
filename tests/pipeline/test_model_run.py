from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from summarizer.prompts import load_prompts
from summarizer.schemas import REPLIES
from summarizer.tokens import estimate_tokens
from summarizer.types import RejectReason, Status, Uniqueness
from tests.support.articles import FIRE, GAZETTE, article
from tests.support.folders import ROOT
from tests.support.runs import (
    JUDGES,
    VERDICTS,
    bridge,
    content,
    hold_to_the_truth,
    question,
    run,
    settings,
    stages,
)
from tests.support.server import Answer, Asked, Ending, ModelServer, Received, RuleModel

pytestmark = pytest.mark.slow

PROMPT_RATIO = 7.2
"""Tokens of all prompts against those of the articles, as estimated without a vocabulary. This
keeps them from growing unseen; docs/quality.md has what real articles take."""

BESIDE = {"alignment": 1, "conflicts": 1}
"""What is asked of all articles at once, by stage."""

CACHEABLE_SHARE = 0.3
"""Of the prompts' characters, where one model reads and judges."""


def body_tokens(received: Received) -> list[str]:
    """Return the texts of a request."""
    messages = received.body.get("input") or received.body.get("messages") or []
    questions = received.body.get("questions") or []
    return [*(m["content"] for m in messages), *(q["instructions"] for q in questions)]


def shared_start(a: str, b: str) -> int:
    """Return how many characters two texts begin with in common."""
    return next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )


def asked(server: ModelServer) -> list[Received]:
    """Return the requests of a run that are not about the server itself."""
    return [r for r in server.requests if r.stage not in {"", "probe"}]


@pytest.mark.parametrize("judge", JUDGES)
def test_a_run_takes_two_requests_an_article_and_two_for_all(
    server: ModelServer, tmp_path: Path, judge: str
) -> None:
    report = run(bridge(), settings(server, tmp_path, judge=judge))
    read = [summary for summary in report.articles if summary.same_as is None]
    assert len(read) == 4, "the fifth article is a copy and is not read"
    assert stages(server) == {
        "models": 1,
        "probe": 1,
        "reading": 4,
        "alignment": 1,
        "conflicts": 1,
        VERDICTS[judge]: 4,
    }
    assert len(server.requests) <= 2 * len(bridge()) + 4
    assert not report.failures
    assert report.usage.calls == 10


@pytest.mark.parametrize("judge", JUDGES)
def test_a_report_of_a_model_says_what_all_share_and_what_only_one_has(
    server: ModelServer, tmp_path: Path, judge: str
) -> None:
    report = run(FIRE, settings(server, tmp_path, judge=judge))
    assert report.generated.engine == "openai"
    assert report.generated.judge == judge
    assert report.generated.model == "rule-1"
    assert all(summary.sentences for summary in report.articles)
    six_weeks = next(f for f in report.facts if "six weeks" in f.text)
    assert six_weeks.status is Status.SHARED
    assert six_weeks.outlets == ("Gazette", "Courier")
    statue = next(f for f in report.facts if "Halm" in f.text)
    assert statue.uniqueness is Uniqueness.CONFIRMED
    assert {check.article.outlet for check in statue.checks} == {"Courier", "Herald"}


@pytest.mark.parametrize("judge", JUDGES)
def test_prompts_are_a_few_times_the_articles_and_share_their_beginnings(
    server: ModelServer, tmp_path: Path, judge: str
) -> None:
    run(bridge(), settings(server, tmp_path, judge=judge))
    sent = [body_tokens(received) for received in asked(server)]
    articles = sum(estimate_tokens(article.body_text) for article in bridge())
    prompts = sum(estimate_tokens(text) for texts in sent for text in texts)
    assert prompts <= PROMPT_RATIO * articles
    # A server keeps what one model read on one path.
    whole = [(r.path, "\n".join(texts)) for r, texts in zip(asked(server), sent, strict=True)]
    shared = sum(
        max(shared_start(text, other) for p, other in whole if p == path and other is not text)
        for path, text in whole
    )
    share = shared / sum(len(text) for _, text in whole)
    if judge == "llm":
        assert share >= CACHEABLE_SHARE


@pytest.mark.parametrize("judge", JUDGES)
def test_a_second_run_asks_nothing_and_says_the_same(
    server: ModelServer, tmp_path: Path, judge: str
) -> None:
    chosen = settings(server, tmp_path, judge=judge)
    first = run(bridge(), chosen)
    server.reset()
    second = run(bridge(), chosen)
    assert not server.requests
    assert content(second) == content(first)
    assert second.usage.calls == 0
    assert second.usage.cached_calls == first.usage.calls
    assert second.usage.input_tokens == second.usage.output_tokens == 0


@pytest.mark.parametrize(
    ("judge", "prompt", "again"),
    [
        ("llm", "reader", {"reading": 3, **BESIDE, "findings": 3}),
        ("llm", "extract_claims", {"reading": 3}),
        ("llm", "align_claims", {"alignment": 1}),
        ("llm", "find_conflicts", {"conflicts": 1}),
        ("llm", "verify_statements", {"findings": 3}),
        ("llm", "decide_claims", {}),
        ("decisions", "decide_claims", {"decisions": 3}),
        ("decisions", "ask_reported", {"decisions": 3}),
        ("decisions", "ask_contradicted", {"decisions": 3}),
        ("decisions", "verify_statements", {}),
        ("decisions", "reader", {"reading": 3, **BESIDE, "decisions": 3}),
    ],
)
def test_an_edited_prompt_is_sent_and_nothing_that_does_not_depend_on_it(
    server: ModelServer, tmp_path: Path, judge: str, prompt: str, again: dict[str, int]
) -> None:
    """The model answers the reworded prompt alike, so that no later stage has to be asked."""
    chosen = settings(server, tmp_path / "cache", judge=judge)
    first = run(FIRE, chosen)
    server.reset()
    second = run(FIRE, replace(chosen, prompts=str(reworded(prompt, tmp_path / "prompts"))))
    assert stages(server) == again
    assert content(second) == content(first)


def reworded(name: str, folder: Path) -> Path:
    """Write a prompt's text with one more sentence into a folder, and return the folder."""
    text = (ROOT / "prompts" / f"{name}.md").read_text(encoding="utf-8")
    folder.mkdir()
    (folder / f"{name}.md").write_text(f"{text.rstrip()} Take care.\n", encoding="utf-8")
    return folder


def test_the_report_names_each_prompt_it_was_made_with(server: ModelServer, tmp_path: Path) -> None:
    report = run(FIRE, settings(server, tmp_path, judge="llm"))
    hashes = load_prompts("").hashes()
    names = (
        "reader",
        "extract_claims",
        "add_claims",
        "summarize_claims",
        "align_claims",
        "find_conflicts",
        "verify_statements",
    )
    assert report.generated.prompts == tuple((name, hashes[name]) for name in names)


def test_other_claims_of_one_article_ask_the_judge_again_and_no_other_stage(
    server: ModelServer, tmp_path: Path
) -> None:
    chosen = settings(server, tmp_path, judge="llm")
    run(FIRE, chosen)
    server.reset()
    longer = article(
        GAZETTE.outlet,
        *(span.of(GAZETTE.text) for span in GAZETTE.body),
        "A choir from Halmstrand sang for the firefighters on the quay that night.",
        title=GAZETTE.title,
        published=GAZETTE.published,
    )
    run((longer, *FIRE[1:]), chosen)
    # What the other two say is unchanged; all three are asked about the new claims, if any.
    counted = stages(server)
    assert counted["reading"] == counted["alignment"] == counted["conflicts"] == 1
    assert 1 <= counted["findings"] <= 3


def test_nothing_of_the_key_or_of_the_outlets_is_in_a_request(
    server: ModelServer, tmp_path: Path
) -> None:
    run(FIRE, settings(server, tmp_path, judge="llm"), env={"OPENAI_API_KEY": "sk-secret-0"})
    for received in asked(server):
        assert received.headers["authorization"] == "Bearer sk-secret-0"
        assert "sk-secret-0" not in question(received)
        assert received.body.get("store") is False
        assert not re.search("gazette|courier|herald", question(received), re.IGNORECASE)


def test_requests_go_out_at_once_and_no_more_than_jobs_allow(tmp_path: Path) -> None:
    crowd = Crowd()
    with ModelServer(crowd) as server:
        run(FIRE, settings(server, tmp_path / "a", judge="llm", jobs=4))
        assert 2 <= crowd.most <= 4
        crowd.most = 0
        run(FIRE, settings(server, tmp_path / "b", judge="llm", jobs=1))
        assert crowd.most == 1


class Crowd(RuleModel):
    """A model that counts how many ask it at once; the first waits a little for company."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._here = 0
        self.most = 0
        self._company = threading.Event()

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self._here += 1
            self.most = max(self.most, self._here)
            if self._here > 1:
                self._company.set()
        self._company.wait(0.2)
        answer = super().answer(asked)
        with self._lock:
            self._here -= 1
        return answer


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_a_server_that_keeps_to_no_schema_gives_the_same_report(tmp_path: Path, api: str) -> None:
    with ModelServer(apis={api}, enforces=()) as loose, ModelServer() as strict:
        told = run(FIRE, settings(loose, tmp_path / "loose", judge="llm"))
        held = run(FIRE, settings(strict, tmp_path / "strict", judge="llm"))
    assert content(told) == content(held)


def test_a_server_that_ignores_schemas_on_one_path_is_asked_on_the_other(
    tmp_path: Path,
) -> None:
    with ModelServer(apis={"responses", "chat"}, enforces={"chat"}) as server:
        report = run(FIRE, settings(server, tmp_path, judge="llm"))
        assert not report.failures
        assert {r.path for r in asked(server)} == {"/v1/chat/completions"}


BELLS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
LONG = article(
    "Longform",
    *(
        f"The {bell} bell of the Velden carillon was cast in 19{tonnes} and weighs {tonnes} "
        "tonnes, keeper Ada Moor said."
        for tonnes, bell in enumerate(BELLS.split(" "), start=20)
    ),
    title="The bells of Velden",
)


@pytest.mark.parametrize("judge", JUDGES)
def test_a_long_article_is_read_and_judged_in_parts(
    server: ModelServer, tmp_path: Path, judge: str
) -> None:
    whole = run((LONG, GAZETTE), settings(server, tmp_path / "whole", judge=judge))
    assert stages(server)["reading"] == 2
    server.reset()
    parts = run((LONG, GAZETTE), settings(server, tmp_path / "parts", judge=judge, chunk_tokens=64))
    assert stages(server)["reading"] > 4
    assert stages(server)[VERDICTS[judge]] >= 1
    assert not parts.failures
    found = [{(f.text, f.status, f.outlets) for f in report.facts} for report in (whole, parts)]
    assert found[0] == found[1]


class Brief(RuleModel):
    """A model whose answers break off where they are long."""

    def __init__(self, limits: dict[str, int]) -> None:
        super().__init__()
        self._limits = limits

    def answer(self, asked: Asked) -> Answer:
        answer = super().answer(asked)
        limit = self._limits.get(asked.stage, len(answer.text))
        if len(answer.text) <= limit:
            return answer
        return replace(answer, text=answer.text[:limit], ending=Ending.LENGTH)


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_what_did_not_fit_an_answer_is_asked_in_halves(tmp_path: Path, api: str) -> None:
    limits = {"reading": 500, "findings": 500}
    with ModelServer(Brief(limits), apis={api}) as brief, ModelServer(apis={api}) as server:
        halved = run(FIRE, settings(brief, tmp_path / "brief", judge="llm"))
        whole = run(FIRE, settings(server, tmp_path / "whole", judge="llm"))
        assert stages(brief)["reading"] > stages(server)["reading"]
        assert stages(brief)["findings"] > stages(server)["findings"]
    assert not halved.failures
    assert content(halved)["facts"] == content(whole)["facts"]
    assert all(summary.sentences for summary in halved.articles)


def test_what_is_too_long_for_the_model_is_asked_in_halves(tmp_path: Path) -> None:
    with ModelServer(context=760) as narrow, ModelServer() as server:
        halved = run((LONG, GAZETTE), settings(narrow, tmp_path / "narrow", judge="llm"))
        whole = run((LONG, GAZETTE), settings(server, tmp_path / "whole", judge="llm"))
        assert stages(narrow)["reading"] > stages(server)["reading"]
    assert all(summary.sentences for summary in halved.articles)
    # Two articles cannot be aligned in halves: that is done by words, and said.
    assert {(f.stage, f.reason) for f in halved.failures} == {("aligning", "PromptTooLong")}
    hold_to_the_truth(halved, whole)
    cited = [
        {(m.article.id, span) for f in report.facts for m in f.mentions for span in m.evidence}
        for report in (halved, whole)
    ]
    assert cited[0] == cited[1]


def test_what_a_model_makes_up_is_rejected(tmp_path: Path) -> None:
    with ModelServer(Inventive()) as server:
        report = run(FIRE, settings(server, tmp_path, judge="llm"))
    invented = [r for r in report.rejected if "elephant" in r.text]
    assert {r.reason for r in invented} == {RejectReason.UNSUPPORTED}
    assert len(invented) == 2 * len(FIRE), "a claim and a summary sentence of each article"
    assert not [f for f in report.facts if "elephant" in f.text]
    assert not [s for a in report.articles for s in a.sentences if "elephant" in s.text]


class Inventive(RuleModel):
    """A model that adds to each list of claims and to each summary something made up."""

    MADE_UP = "A circus elephant escaped through the harbour gate at midnight."

    def answer(self, asked: Asked) -> Answer:
        answer = super().answer(asked)
        if asked.stage != "reading":
            return answer
        value = json.loads(answer.text)
        made_up = {"words": None, "kind": "event", "speaker": None, "hedge": None}
        value["claims"].append({"sentences": [1], "text": self.MADE_UP, **made_up})
        value["summary"][-1] = {"sentences": [1], "text": self.MADE_UP}
        REPLIES[asked.stage].check(value)
        return Answer(json.dumps(value))
