from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import summarizer
from summarizer.errors import BudgetReached, QuotaExhausted, ServiceError, UsageError
from summarizer.evals import runs
from summarizer.evals.cases import CaseFolder, list_cases
from summarizer.evals.labelled_report import Ratio
from summarizer.evals.results import Run
from summarizer.evals.runs import EvalPlan, Trial, desk_of_sample, plan_cases, run_cases
from summarizer.pipeline import open_desk
from summarizer.prompts import load_prompts
from summarizer.settings import Settings
from tests.support.eval_cases import write_cases
from tests.support.runs import settings, stages
from tests.support.server import Fault, ModelServer

pytestmark = pytest.mark.slow

NAMES = ("ferry-one", "ferry-two")


@pytest.fixture
def cases(tmp_path: Path) -> tuple[CaseFolder, ...]:
    return list_cases(write_cases(tmp_path, *NAMES))


def offline(folder: Path, **chosen: Any) -> Settings:
    return Settings(engine="extractive", judge="lexical", cache_dir=str(folder), **chosen)


def figures(run: Run) -> list[tuple[str, int, dict[str, Any]]]:
    return [(result.case, result.sample, dict(result.metrics)) for result in run.results]


def planned(cases: Sequence[CaseFolder], chosen: Settings, samples: int = 1) -> EvalPlan:
    with open_desk(chosen) as desk:
        return plan_cases(cases, chosen, desk, Trial(samples=samples))


def edited(folder: Path, stage: str) -> str:
    """Write the prompt of a stage to a folder, a rule added, and return the folder."""
    folder.mkdir()
    shipped = load_prompts()[stage].path
    text = shipped.read_text(encoding="utf-8")
    (folder / shipped.name).write_text(f"{text}\nBe brief.\n", encoding="utf-8")
    return str(folder)


def test_a_run_scores_every_case_and_says_what_it_was_made_with(
    cases: tuple[CaseFolder, ...], tmp_path: Path
) -> None:
    run = run_cases(cases, offline(tmp_path / "cache"), Trial(samples=3))
    assert [(result.case, result.sample) for result in run.results] == [(n, 0) for n in NAMES]
    assert (run.engine, run.judge, run.model, run.prompts) == ("extractive", "lexical", None, {})
    assert run.digests == {case.name: case.digest for case in cases}
    assert run.code == runs.code_digest()
    assert all(result.metrics["quote_integrity"].value == 1 for result in run.results)
    assert not any(result.failures for result in run.results)


def test_the_words_and_weights_beside_the_code_are_of_its_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = ("code.py", "text/data/press.toml", "weights.json", "words.txt")
    others = ("cli/app.py", "render/page.html", "evals/shipped/cases/a/a.txt", "code.pyc")
    for name in ("__init__.py", *files, *others):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before", encoding="utf-8")
    monkeypatch.setattr(summarizer, "__file__", str(tmp_path / "__init__.py"))
    changes_digest = {}
    for name in (*files, *others):
        runs.code_digest.cache_clear()
        before = runs.code_digest()
        (tmp_path / name).write_text("after", encoding="utf-8")
        runs.code_digest.cache_clear()
        changes_digest[name] = runs.code_digest() != before
    runs.code_digest.cache_clear()
    assert changes_digest == dict.fromkeys(files, True) | dict.fromkeys(others, False)


def test_labels_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    folder = write_cases(tmp_path, "a", "b")
    (folder / "b" / "case.yaml").write_text("name: b\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"case\.yaml"):
        run_cases(list_cases(folder), offline(tmp_path / "cache"))


def test_a_case_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    folder = write_cases(tmp_path, "ferry")
    with pytest.raises(UsageError) as raised:
        list_cases(folder, ["fery"])
    assert "fery" in raised.value.message
    assert "ferry" in raised.value.hint


def test_a_model_is_asked_once_and_a_second_run_asks_nothing(
    server: ModelServer, cases: tuple[CaseFolder, ...], tmp_path: Path
) -> None:
    chosen = settings(server, tmp_path / "cache")
    first = run_cases(cases, chosen)
    asked = stages(server)
    assert first.model == "rule-1"
    assert first.prompts
    assert sum(result.usage.calls for result in first.results) == 6
    assert first.results[0].usage.calls + first.results[0].usage.cached_calls == 6
    second = run_cases(cases, replace(chosen, model="rule-1"))
    assert stages(server) == asked
    assert figures(second) == figures(first)
    assert sum(result.usage.calls for result in second.results) == 0


@pytest.mark.parametrize(
    ("stage", "again"),
    [
        ("align_claims", {"alignment": 1}),
        ("find_conflicts", {"conflicts": 1}),
        ("verify_statements", {"findings": 2}),
    ],
)
def test_an_edited_prompt_asks_its_stage_again_and_no_other(
    server: ModelServer, tmp_path: Path, stage: str, again: dict[str, int]
) -> None:
    cases = list_cases(write_cases(tmp_path, "ferry"))
    chosen = settings(server, tmp_path / "cache", model="rule-1")
    run_cases(cases, chosen)
    before = stages(server)
    other = replace(chosen, prompts=edited(tmp_path / "prompts", stage))
    # That the alignment comes out the same, so that nothing else is asked, nobody can plan.
    assert planned(cases, other).whole.requests >= sum(again.values())
    assert stages(server) == before, "a plan sends nothing"
    run_cases(cases, other)
    after = stages(server)
    assert {k: n - before.get(k, 0) for k, n in after.items() if n != before.get(k, 0)} == again


def test_every_sample_is_another_answer(server: ModelServer, tmp_path: Path) -> None:
    cases = list_cases(write_cases(tmp_path, "ferry"))
    chosen = settings(server, tmp_path / "cache", model="rule-1")
    run_cases(cases, chosen)
    once = stages(server)["reading"]
    run = run_cases(cases, chosen, Trial(samples=3))
    assert [result.sample for result in run.results] == [0, 1, 2]
    assert stages(server)["reading"] == 3 * once


def test_a_desk_of_another_sample_asks_with_it_in_every_stage(
    server: ModelServer, tmp_path: Path
) -> None:
    chosen = settings(server, tmp_path, judge="decisions")
    with open_desk(chosen, env={}) as desk:
        desk.failures.append(None)  # type: ignore[arg-type] # any failure of an earlier run
        other = desk_of_sample(desk, chosen, 2)
        assert other.session is not None
        assert other.session.decider.sample == 2
        values = {"article": "1: A fire.", "statements": "1: A fire."}
        request = other.session.asker.request("verify_statements", "x", values)
        assert request.sample == 2
        first = replace(request, sample=0)
        assert first.fingerprint() != request.fingerprint()
        assert not other.failures
        assert (other.engine.name, other.judge.name) == (desk.engine.name, desk.judge.name)


def test_a_plan_of_the_offline_engine_asks_nothing(
    cases: tuple[CaseFolder, ...], tmp_path: Path
) -> None:
    found = planned(cases, offline(tmp_path / "cache"))
    assert (set(found.cases), found.whole.requests) == (set(NAMES), 0)


def test_a_plan_adds_up_the_requests_of_cases_and_samples(
    server: ModelServer, cases: tuple[CaseFolder, ...], tmp_path: Path
) -> None:
    chosen = settings(server, tmp_path / "cache", model="rule-1", prices="1/1/1")
    found = planned(cases, chosen, samples=2)
    assert set(found.cases) == set(NAMES)
    assert set(found.stages) == {
        "extract_claims",
        "align_claims",
        "find_conflicts",
        "verify_statements",
    }
    assert found.whole.requests == 24
    assert found.whole.cost is not None
    assert found.whole.cost > 0
    assert set(stages(server)) <= {"models"}


def test_an_account_without_credit_ends_the_run_at_the_first_request(
    server: ModelServer, cases: tuple[CaseFolder, ...], tmp_path: Path
) -> None:
    server.order(Fault.QUOTA, times=None)
    chosen = settings(server, tmp_path / "cache", model="rule-1", jobs=1, api="chat")
    with pytest.raises(QuotaExhausted):
        run_cases(cases, chosen)
    assert len(server.requests) == 1


def test_a_run_of_which_nothing_came_says_so(cases: tuple[CaseFolder, ...], tmp_path: Path) -> None:
    with ModelServer() as server:
        chosen = settings(server, tmp_path / "cache", model="rule-1", cache="offline")
        with pytest.raises(ServiceError, match="Not one case"):
            run_cases(cases, chosen)


def test_the_cap_on_cost_ends_the_run(
    server: ModelServer, cases: tuple[CaseFolder, ...], tmp_path: Path
) -> None:
    chosen = settings(
        server, tmp_path / "cache", model="rule-1", prices="100/100/100", max_cost=0.001
    )
    with pytest.raises(BudgetReached):
        run_cases(cases, chosen)


def plant(folder: Path, *names: str) -> Path:
    """Write a faithful sentence and a planted error for each case."""
    errors = folder / "evals" / "planted"
    errors.mkdir()
    rows = [
        ("faithful", "All of them were taken off by dawn in two lifeboats.", "supported"),
        ("number", "The ferry Meridian ran aground with 950 people aboard.", "unsupported"),
    ]
    for name in names:
        lines = [
            json.dumps(
                {
                    "id": f"{name}-{kind}",
                    "case": name,
                    "kind": kind,
                    "article": "a",
                    "claim": claim,
                    "label": label,
                }
            )
            for kind, claim, label in rows
        ]
        (errors / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return errors


def test_a_run_says_how_its_judge_does_on_planted_errors(
    cases: tuple[CaseFolder, ...], tmp_path: Path
) -> None:
    errors = plant(tmp_path, *NAMES)
    chosen = offline(tmp_path / "cache")
    found = run_cases(cases, chosen, Trial(planted=errors))
    assert dict(found.judge_metrics) == {"false_alarms": Ratio(0, 2), "number": Ratio(2, 2)}
    (errors / "ferry-two.jsonl").unlink()
    fewer = run_cases(cases, chosen, Trial(planted=errors))
    assert dict(fewer.judge_metrics) == {"false_alarms": Ratio(0, 1), "number": Ratio(1, 1)}
    assert run_cases(cases, chosen).judge_metrics == {}


def test_a_model_is_asked_once_an_article_about_planted_errors(
    server: ModelServer, cases: tuple[CaseFolder, ...], tmp_path: Path
) -> None:
    errors = plant(tmp_path, *NAMES)
    chosen = settings(server, tmp_path / "cache", model="rule-1")
    run_cases(cases, chosen)
    before = stages(server)["findings"]
    found = run_cases(cases, chosen, Trial(planted=errors))
    assert set(found.judge_metrics) == {"false_alarms", "number"}
    assert 1 <= stages(server)["findings"] - before <= 2
