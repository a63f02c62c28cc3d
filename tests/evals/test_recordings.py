from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from summarizer.errors import InputError, ServiceError, UsageError
from summarizer.evals.cases import list_cases
from summarizer.evals.results import Run, save_recordings
from summarizer.evals.runs import Trial, run_cases
from summarizer.llm.cache import load_recordings
from summarizer.llm.request import answer_key, digest
from summarizer.pipeline import open_desk
from summarizer.prompts import load_prompts
from summarizer.settings import Settings
from tests.support.eval_cases import write_cases
from tests.support.runs import JUDGES, settings
from tests.support.server import Fault, ModelServer

pytestmark = pytest.mark.slow

NAMES = ("ferry-one", "ferry-two")


def recorded(server: ModelServer, folder: Path, **chosen: Any) -> tuple[Run, Path]:
    """Run two cases against a server and return the run and its recordings."""
    path = folder / "recorded.jsonl"
    listed = write_cases(folder, *NAMES)
    for article in (listed / NAMES[1]).glob("?.txt"):
        text = article.read_text(encoding="utf-8")
        # Of the same text, two cases would be one question.
        article.write_text(f"{text}\nTwo tugs set out from the mainland.\n", encoding="utf-8")
    cases = list_cases(listed)
    run = run_cases(
        cases, settings(server, folder / "cache", model="rule-1", **chosen), Trial(record=path)
    )
    return run, path


def replayed(folder: Path, recordings: Path | str, **chosen: Any) -> Run:
    """Run the cases of a folder from recordings, without a key, an address or a cache."""
    given = {"recordings": str(recordings), "cache_dir": str(folder / "no-cache"), **chosen}
    return run_cases(list_cases(folder / "evals" / "cases"), Settings(**given))


def figures(run: Run) -> list[tuple[str, int, dict[str, Any]]]:
    return [(result.case, result.sample, dict(result.metrics)) for result in run.results]


@pytest.mark.parametrize("judge", JUDGES)
def test_a_replay_gives_the_same_without_a_server_a_key_or_a_cache(
    tmp_path: Path, judge: str
) -> None:
    with ModelServer() as server:
        run, path = recorded(server, tmp_path, judge=judge)
    again = replayed(tmp_path, path, judge=judge)
    assert figures(again) == figures(run)
    assert (again.engine, again.judge, again.model) == ("openai", judge, "rule-1")
    assert sum(result.usage.calls for result in again.results) == 0
    assert not (tmp_path / "no-cache").exists()


def test_a_replay_is_the_same_on_another_machine(server: ModelServer, tmp_path: Path) -> None:
    run, path = recorded(server, tmp_path)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(tmp_path / "evals", elsewhere / "evals")
    assert figures(replayed(elsewhere, path, base_url="http://another.host/v1")) == figures(run)


def test_a_line_is_one_request_named_with_its_model_and_in_order(
    server: ModelServer, tmp_path: Path
) -> None:
    run, path = recorded(server, tmp_path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    asked = sum(result.usage.calls + result.usage.cached_calls for result in run.results)
    assert len({line["fingerprint"] for line in lines}) == len(lines) <= asked
    assert {line["stage"] for line in lines} == {
        "extract_claims",
        "align_claims",
        "find_conflicts",
        "verify_statements",
    }
    assert {(line["model"], line["answered_by"]) for line in lines} == {("rule-1", "rule-1")}
    order = [(line["subject"], line["stage"]) for line in lines]
    assert order == sorted(order)
    assert order[0][0].startswith("ferry-one/a.txt")
    text = path.read_text(encoding="utf-8")
    assert str(tmp_path) not in text, "no path of this machine"
    assert server.url not in text, "no address"


def test_the_same_answers_are_the_same_file(server: ModelServer, tmp_path: Path) -> None:
    run, path = recorded(server, tmp_path)
    first = path.read_bytes()
    cases = list_cases(tmp_path / "evals" / "cases")
    again = settings(server, tmp_path / "cache", model="rule-1", jobs=3)
    before = len(server.requests)
    assert figures(run_cases(cases, again, Trial(record=path))) == figures(run)
    assert path.read_bytes() == first
    assert len(server.requests) == before, "what is stored is recorded without being asked"


def test_a_missing_recording_is_named_with_the_reason(server: ModelServer, tmp_path: Path) -> None:
    _, path = recorded(server, tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if '"ferry-two/b.txt", "stage": "verify' not in line]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")
    one, two = replayed(tmp_path, path).results
    assert not one.failures
    (failure,) = two.failures
    assert failure.startswith("verifying of Northwind: NotRecorded: ")
    assert f"verify_statements of ferry-two/b.txt is not in {path}: never asked" in failure


def test_an_edited_prompt_has_no_recordings_and_the_reason_says_so(
    server: ModelServer, tmp_path: Path
) -> None:
    _, path = recorded(server, tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    shipped = load_prompts()["extract_claims"].path
    (mine / shipped.name).write_text(
        shipped.read_text(encoding="utf-8") + "\nBe brief.\n", encoding="utf-8"
    )
    with pytest.raises(ServiceError, match="the prompt extract_claims changed"):
        replayed(tmp_path, path, prompts=str(mine))


def test_of_two_files_the_first_that_has_an_answer_gives_it(
    server: ModelServer, tmp_path: Path
) -> None:
    run, path = recorded(server, tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    read = [json.loads(line) for line in lines if '"stage": "extract_claims"' in line]
    said = [line | {"answer": line["answer"] | {"summary": []}} for line in read]
    first = tmp_path / "first.jsonl"
    first.write_text("".join(json.dumps(line) + "\n" for line in said), encoding="utf-8")
    both = os.pathsep.join((str(first), str(path)))
    for result in replayed(tmp_path, both).results:
        assert result.metrics["faithfulness"].value is None, "no claims is a state of its own"
        assert result.metrics["coverage"].value == run.results[0].metrics["coverage"].value


@pytest.mark.parametrize(
    ("content", "error", "told"),
    [
        ("", UsageError, "no recorded answers"),
        ("{}\n", InputError, "line 1: subject"),
        ('\n{"subject": 1}\n', InputError, "line 2"),
        ("not JSON\n", InputError, "line 1"),
    ],
)
def test_a_file_that_is_no_recording_is_told_with_its_line(
    tmp_path: Path, content: str, error: type[Exception], told: str
) -> None:
    path = tmp_path / "recorded.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(error, match=told):
        load_recordings(str(path))


def test_recordings_that_are_not_there_are_a_mistake_in_the_call(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no recordings"):
        load_recordings(str(tmp_path / "gone.jsonl"))


def test_recordings_of_two_models_need_one_to_be_named(server: ModelServer, tmp_path: Path) -> None:
    run, path = recorded(server, tmp_path)
    text = path.read_text(encoding="utf-8")
    other = text.replace('"model": "rule-1"', '"model": "rule-2"')
    path.write_text(text + other, encoding="utf-8")
    with pytest.raises(UsageError, match="several models: rule-1, rule-2"):
        replayed(tmp_path, path)
    assert figures(replayed(tmp_path, path, model="rule-1")) == figures(run)


def test_what_cannot_be_recorded_is_refused(server: ModelServer, tmp_path: Path) -> None:
    cases = list_cases(write_cases(tmp_path, "ferry"))
    offline = Settings(engine="extractive", judge="lexical", cache_dir=str(tmp_path / "cache"))
    with pytest.raises(UsageError, match="ask nobody"):
        run_cases(cases, offline, Trial(record=tmp_path / "x.jsonl"))
    unstored = settings(server, tmp_path / "cache", model="rule-1", cache="off")
    with pytest.raises(UsageError, match="--no-cache"):
        run_cases(cases, unstored, Trial(record=tmp_path / "x.jsonl"))
    assert not server.requests


def test_a_damaged_answer_counts_as_missing(server: ModelServer, tmp_path: Path) -> None:
    _, path = recorded(server, tmp_path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        if line["subject"] == "ferry-one/a.txt" and line["stage"] == "verify_statements":
            line["answer"] = {"findings": "none"}
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    one, two = replayed(tmp_path, path).results
    assert "what was stored could not be used" in one.failures[0]
    assert not two.failures


def test_a_desk_with_recordings_says_that_nothing_is_sent(
    server: ModelServer, tmp_path: Path
) -> None:
    _, path = recorded(server, tmp_path)
    chosen = Settings(recordings=str(path), max_cost=0.5)
    with open_desk(chosen, env={"OPENAI_API_KEY": "sk-not-used"}) as desk:
        assert desk.session is not None
        assert desk.session.described() == f"rule-1, replayed from {path}; nothing is sent"


@pytest.mark.parametrize(
    ("fault", "asked", "times", "outcome", "stage"),
    [
        (Fault.TRUNCATED, "reading", 1, "truncated", "extract_claims"),
        # A server that says how much it reads is asked a second time.
        (Fault.TOO_LONG, "alignment", 2, "too_long", "align_claims"),
    ],
)
def test_what_did_not_fit_is_recorded_so_that_a_replay_goes_the_same_way(
    tmp_path: Path, fault: Fault, asked: str, times: int, outcome: str, stage: str
) -> None:
    with ModelServer() as server:
        server.order(fault, stage=asked, times=times)
        run, path = recorded(server, tmp_path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    cut = [line for line in lines if "outcome" in line]
    assert {line["outcome"] for line in cut} == {outcome}
    assert stage in {line["stage"] for line in cut}
    again = replayed(tmp_path, path)
    assert [result.failures for result in again.results] == [r.failures for r in run.results]
    # What was asked in halves is whole; two articles cannot be aligned in halves.
    assert any(result.failures for result in run.results) == (fault is Fault.TOO_LONG)
    assert figures(again) == figures(run)


def test_a_refusal_is_replayed_as_one(tmp_path: Path) -> None:
    with ModelServer() as server:
        server.order(Fault.REFUSAL, stage="alignment")
        run, path = recorded(server, tmp_path)
    failures = [result.failures for result in run.results]
    assert "AnswerUnusable" in str(failures)
    assert [result.failures for result in replayed(tmp_path, path).results] == failures


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@hypothesis_settings(max_examples=20)
@given(st.lists(JSON, min_size=1, max_size=5), st.text(max_size=20))
def test_any_answer_comes_back_as_it_was(answers: list[Any], subject: str) -> None:
    rows = [
        {
            "fingerprint": digest([number]),
            "stage": "extract_claims",
            "subject": subject,
            "parts": {"model": "gull-1", "server": "http://secret", "sample": str(number)},
            "created": "2026-03-01T09:00:00+00:00",
            "model": "gull-1-0301",
            "tokens": {"input": 3, "cached_input": 1, "output": 2},
            "value": answer,
        }
        for number, answer in enumerate(answers)
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "recorded.jsonl"
        assert save_recordings(rows, path) == len(rows)
        assert "secret" not in path.read_text(encoding="utf-8").replace(subject, "")
        store = load_recordings(str(path)).store("http://here")
    for row in rows:
        found = store.get(answer_key(row["fingerprint"], "http://here"))
        assert found is not None
        assert found["value"] == row["value"]
        assert found["parts"] == {**row["parts"], "server": "http://here"}
