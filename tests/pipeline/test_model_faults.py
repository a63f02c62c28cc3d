from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from summarizer.errors import ServiceError
from summarizer.settings import Settings
from summarizer.types import DiffReport, ReadShare, RejectReason, Status, Uniqueness
from tests.support.articles import FIRE
from tests.support.command import FERRY_A, summarize, write_ferry
from tests.support.runs import (
    VERDICTS,
    bridge,
    content,
    hold_to_the_truth,
    run,
    settings,
    stages,
    undisturbed,
)
from tests.support.server import Answer, Asked, Fault, ModelServer, RuleModel

pytestmark = pytest.mark.slow

STAGES = [
    ("llm", "reading"),
    ("llm", "claims"),
    ("llm", "summary"),
    ("llm", "alignment"),
    ("llm", "conflicts"),
    ("llm", "findings"),
    ("decisions", "decisions"),
]
"""Every stage with a judge whose runs have it."""

STEPS = {
    "reading": "reading",
    "claims": "reading",
    "summary": "summarizing",
    "alignment": "aligning",
    "conflicts": "aligning",
    "findings": "verifying",
    "decisions": "verifying",
}
"""What the step of a run is called that asks for each."""

PATIENCE = 3.0
"""Seconds: the client's time limit where a server never answers."""

OF_THE_SERVER = {
    Fault.RATE_LIMITED: "RateLimited",
    Fault.RATE_LIMITED_SILENT: "RateLimited",
    Fault.QUOTA: "QuotaExhausted",
    Fault.ERROR_500: "ServerFailed",
    Fault.ERROR_503: "ServerFailed",
    Fault.TIMEOUT: "TimedOut",
    Fault.CUT: "Unreachable",
}
"""Faults that cost a request which is not sent again, and what they are called."""

DECLINED = {Fault.REFUSAL: "AnswerUnusable", Fault.FILTERED: "AnswerUnusable"}
UNREADABLE = {
    fault: "AnswerUnusable"
    for fault in (Fault.NOT_JSON, Fault.WRONG_SHAPE, Fault.SCHEMA_IGNORED, Fault.EMPTY)
}
TOO_MUCH = {Fault.TRUNCATED: "AnswerTruncated", Fault.TOO_LONG: "PromptTooLong"}
NUMBERS = {Fault.OUT_OF_RANGE: "AnswerUnusable", Fault.UNDECIDED: "AnswerUnusable"}
HALVED = {"reading", "alignment", "conflicts", "findings"}
"""Stages that ask in halves what did not fit."""
REASONS = OF_THE_SERVER | DECLINED | UNREADABLE | TOO_MUCH | NUMBERS


def patience(fault: Fault) -> float:
    """Return the client's time limit: a short one only where a test has to wait for it."""
    return PATIENCE if fault is Fault.TIMEOUT else 60.0


def applies(fault: Fault, stage: str) -> bool:
    """Return whether a fault can happen at a stage."""
    return fault is not Fault.UNDECIDED or stage in VERDICTS.values()


def reason(fault: Fault, stage: str, *, once: bool) -> str | None:
    """Return the name of the failure that a fault is told as; None where the run gets over it."""
    if fault is Fault.TRICKLE:
        return None
    if stage == "decisions":
        if fault is Fault.NOT_JSON:
            return "ServerFailed"  # of the decisions API it is the body that is no JSON
        if fault is Fault.TRUNCATED:
            return None if once else "AnswerUnusable"  # too few answers: asked once more
    if once and (
        fault in UNREADABLE
        or fault in NUMBERS
        or fault is Fault.TOO_LONG  # the next request is one that fits
        or (fault in TOO_MUCH and stage in HALVED)
    ):
        return None
    return REASONS[fault]


CASES = [
    pytest.param(judge, stage, fault, id=f"{stage}-{fault}")
    for judge, stage in STAGES
    for fault in Fault
    if applies(fault, stage)
]


class Forgetful(RuleModel):
    """A model that leaves out the last claim of each article, until it is asked for it."""

    def answer(self, asked: Asked) -> Answer:
        answer = super().answer(asked)
        if asked.stage != "reading":
            return answer
        value = json.loads(answer.text)
        return Answer(json.dumps({**value, "claims": value["claims"][:-1]}))


@contextmanager
def serving(stage: str) -> Iterator[ModelServer]:
    """Serve a model whose runs have a stage."""
    with ModelServer(Forgetful() if stage == "claims" else None) as server:
        yield server


def with_stage(server: ModelServer, folder: Path, stage: str, **more: Any) -> Settings:
    """Return settings with which a run has a stage."""
    parts = {"chunk_tokens": 64} if stage == "summary" else {}
    return settings(server, folder, **parts, **more)


@cache
def whole(judge: str, stage: str = "") -> DiffReport:
    """Return the report of a run that has a stage, in which nothing goes wrong."""
    with TemporaryDirectory() as folder, serving(stage) as server:
        report = run(FIRE, with_stage(server, Path(folder), stage, judge=judge))
        assert not stage or stages(server)[stage]
        return report


def hold(report: DiffReport, judge: str, *reasons: str | None, stage: str = "") -> None:
    """Check that a report is whole, or that it is partial and says why."""
    if reasons == (None,):
        assert content(report) == content(whole(judge, stage))
        assert not report.failures
        return
    assert {failure.reason for failure in report.failures} == set(reasons)
    assert {failure.exit_code for failure in report.failures} == {4}
    for failure in report.failures:
        told = f"{failure.reason}: {failure.message}"
        about = failure.article.source if failure.article else "The comparison"
        assert [w for w in report.warnings if told in w and about in w]
        assert (failure.article is None) == (failure.stage == "aligning")
        # Without credit, and with a server that reads so little, what follows fails as well.
        follows = failure.reason in {"QuotaExhausted", "PromptTooLong"}
        assert not stage or failure.stage == STEPS[stage] or follows
    hold_to_the_truth(report, whole(judge, stage))


@pytest.mark.parametrize(("judge", "stage", "fault"), CASES)
def test_one_answer_gone_wrong_costs_that_answer_at_most(
    tmp_path: Path, judge: str, stage: str, fault: Fault
) -> None:
    if fault is Fault.QUOTA:
        pytest.skip("the only one after which nothing more is asked: it has a test of its own")
    with serving(stage) as server:
        server.order(fault, stage=stage)
        report = run(
            FIRE, with_stage(server, tmp_path, stage, judge=judge, timeout=patience(fault))
        )
    assert len(report.failures) <= 1
    if fault in TOO_MUCH and stage in {"reading", "alignment", "conflicts"}:
        hold_halved(report, judge, stage)
    else:
        hold(report, judge, reason(fault, stage, once=True), stage=stage)


def hold_halved(report: DiffReport, judge: str, stage: str) -> None:
    """Check a report that was made of halves: its summaries and its wording may be others."""
    assert not report.failures
    assert all(summary.sentences for summary in report.articles)
    hold_to_the_truth(report, whole(judge))
    made, undamaged = (
        {(fact.outlets, fact.text if stage == "reading" else "") for fact in each.facts}
        for each in (report, whole(judge))
    )
    assert made == undamaged


@pytest.mark.parametrize(("judge", "stage", "fault"), CASES)
def test_a_stage_that_always_goes_wrong_leaves_the_others_standing(
    tmp_path: Path, judge: str, stage: str, fault: Fault
) -> None:
    # After a quota is used up no more is asked: with one job it is known which is the first.
    jobs = 1 if fault is Fault.QUOTA else 8
    expected = reason(fault, stage, once=False)
    with serving(stage) as server:
        server.order(fault, stage=stage, times=None)
        those = with_stage(server, tmp_path, stage, judge=judge, timeout=patience(fault), jobs=jobs)
        if stage == "reading" and expected:
            with pytest.raises(ServiceError) as error:
                run(FIRE, those)
            assert type(error.value).__name__ == expected
            assert error.value.hint
            return
        report = run(FIRE, those)
    hold(report, judge, expected, stage=stage)
    if expected:
        hold_standing(report, judge, stage, fault)


def hold_standing(report: DiffReport, judge: str, stage: str, fault: Fault) -> None:
    """Check what stands of a report one of whose stages always went wrong."""
    assert report.facts
    unique = [fact for fact in report.facts if fact.status is Status.UNIQUE]
    if stage in VERDICTS.values():
        assert Uniqueness.UNCHECKED in {fact.uniqueness for fact in unique}
        if fault is not Fault.UNDECIDED:
            assert Uniqueness.CONFIRMED not in {fact.uniqueness for fact in unique}
    if fault in {Fault.QUOTA, Fault.TOO_LONG}:
        return
    if stage == "summary":
        assert not any(summary.sentences for summary in report.articles)
        assert [f.text for f in report.facts] == [f.text for f in whole(judge, stage).facts]
    if stage in {"claims", "alignment", "conflicts"}:
        assert all(summary.sentences for summary in report.articles)
    if stage in {"alignment", "conflicts"}:
        assert [fact for fact in report.facts if fact.status is not Status.UNIQUE]


@pytest.mark.parametrize("fault", list(Fault))
def test_a_fault_at_every_stage_at_once_ends_in_an_error_by_name(
    server: ModelServer, tmp_path: Path, fault: Fault
) -> None:
    """Also while the server is still being found out about."""
    server.order(fault, times=None)
    chosen = settings(server, tmp_path, judge="llm", timeout=patience(fault))
    if fault in {Fault.TRICKLE, Fault.UNDECIDED}:
        assert run(FIRE, chosen).facts
        return
    with pytest.raises(ServiceError) as error:
        run(FIRE, chosen)
    assert error.value.hint


@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.ERROR_500, Fault.CUT, Fault.TIMEOUT])
def test_a_list_of_models_that_cannot_be_had_is_told_as_such(
    server: ModelServer, tmp_path: Path, fault: Fault
) -> None:
    server.order(fault, times=None, path="/models")
    with pytest.raises(ServiceError) as error:
        run(FIRE, settings(server, tmp_path, timeout=patience(fault)))
    assert error.value.hint
    # With its name the list is not needed.
    report = run(
        FIRE, settings(server, tmp_path, timeout=patience(fault), model="rule-1", judge="llm")
    )
    hold(report, "llm", None)


SEEDS = range(4)
ALL_BUT_SLOW = tuple(fault for fault in Fault if fault not in {Fault.TRICKLE, Fault.TIMEOUT})
NOT_HALVED = tuple(fault for fault in ALL_BUT_SLOW if fault not in TOO_MUCH)
"""Faults that do not make another report where the run gets over them."""


@pytest.mark.parametrize("judge", list(VERDICTS))
@pytest.mark.parametrize("seed", SEEDS)
def test_every_fifth_answer_gone_wrong_at_random_gives_a_report_or_a_named_error(
    server: ModelServer, tmp_path: Path, seed: int, judge: str
) -> None:
    server.order_at_random(ALL_BUT_SLOW, 0.2, seed)
    try:
        report = run(FIRE, settings(server, tmp_path, judge=judge))
    except ServiceError:
        return
    reasons = {failure.reason for failure in report.failures}
    if reasons:
        hold(report, judge, *reasons)
    else:
        hold_halved(report, judge, "alignment")


@pytest.mark.parametrize("seed", SEEDS)
def test_runs_that_fail_in_part_add_up_to_the_whole(
    server: ModelServer, tmp_path: Path, seed: int
) -> None:
    """What was answered is kept, so that running again comes closer to the whole report."""
    server.order_at_random(NOT_HALVED, 0.3, seed)
    chosen = settings(server, tmp_path, judge="llm")
    for _ in range(20):
        try:
            report = run(FIRE, chosen)
        except ServiceError:
            continue
        if not report.failures:
            break
        hold_to_the_truth(report, whole("llm"))
    hold(report, "llm", None)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_bundled_example_stays_true_under_faults(
    server: ModelServer, tmp_path: Path, seed: int
) -> None:
    undamaged = undisturbed(bridge(), tmp_path / "whole")
    stages = {"reading", "claims", "alignment", "conflicts", "findings"}
    server.order_at_random(NOT_HALVED, 0.2, seed, stages=stages)
    report = run(bridge(), settings(server, tmp_path / "partial", judge="llm"))
    if not report.failures:
        assert content(report) == content(undamaged)
    hold_to_the_truth(report, undamaged)


@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.ERROR_500, Fault.ERROR_503, Fault.CUT])
def test_what_passes_by_itself_is_tried_again(
    server: ModelServer, tmp_path: Path, fault: Fault
) -> None:
    # The server asks to wait 10 ms; of a cut connection the client waits half a second.
    seconds = None if fault is Fault.CUT else 0.01
    for stage in ("reading", "alignment", "conflicts", "findings"):
        server.order(fault, stage=stage, seconds=seconds)
    report = run(FIRE, settings(server, tmp_path, judge="llm", retries=2))
    hold(report, "llm", None)
    counted = stages(server)
    asked = [counted[stage] for stage in ("reading", "alignment", "conflicts", "findings")]
    assert asked == [4, 2, 2, 4]


def test_an_account_without_credit_is_not_asked_again(server: ModelServer, tmp_path: Path) -> None:
    server.order(Fault.QUOTA, stage="reading", times=None)
    with pytest.raises(ServiceError) as error:
        run(FIRE, settings(server, tmp_path, judge="llm", retries=3, jobs=1))
    assert "credit" in error.value.message
    assert stages(server) == {"models": 1, "probe": 1, "reading": 1}


def test_what_an_account_still_paid_for_is_in_the_report(
    server: ModelServer, tmp_path: Path
) -> None:
    server.order(Fault.QUOTA, stage="reading", after=1, times=None)
    report = run(FIRE, settings(server, tmp_path, judge="llm", jobs=1))
    hold(report, "llm", "QuotaExhausted")
    assert stages(server) == {"models": 1, "probe": 1, "reading": 2}
    assert all("Gazette" in fact.outlets for fact in report.facts)
    unique = [fact for fact in report.facts if fact.status is Status.UNIQUE]
    assert {fact.uniqueness for fact in unique} == {Uniqueness.UNCHECKED}


def test_of_an_article_that_could_not_be_read_nothing_is_said(
    server: ModelServer, tmp_path: Path
) -> None:
    server.order(Fault.REFUSAL, stage="reading")
    report = run(FIRE, settings(server, tmp_path, judge="llm", jobs=1))
    assert {f.article.outlet for f in report.failures if f.article} == {"Gazette"}
    assert [s.article.outlet for s in report.articles if s.read is ReadShare.NOT] == ["Gazette"]
    assert not [f for f in report.facts if f.outlets == ("Gazette",)]
    assert not [c for f in report.facts for c in f.checks if c.article.outlet == "Gazette"]
    unique = [fact for fact in report.facts if fact.status is Status.UNIQUE]
    assert {fact.uniqueness for fact in unique} == {Uniqueness.UNCHECKED}


def test_sentences_that_do_not_exist_are_dropped_and_counted(
    server: ModelServer, tmp_path: Path
) -> None:
    server.order(Fault.OUT_OF_RANGE, stage="reading", times=2)  # asked once more in between
    report = run(FIRE, settings(server, tmp_path, judge="llm", jobs=1))
    (failure,) = report.failures
    assert "names no sentence that exists" in failure.message
    assert not [r for r in report.rejected if r.reason is RejectReason.UNGROUNDED]


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    write_ferry(tmp_path)
    return tmp_path


def command(server: ModelServer, folder: Path, *more: str) -> tuple[int, str, str]:
    """Run ``summarize diff`` on the ferry and return its exit code and what it wrote."""
    env = {
        "OPENAI_BASE_URL": server.url,
        "SUMMARIZER_CACHE_DIR": str(folder / "kept"),
        "SUMMARIZER_RETRIES": "0",
    }
    done = summarize("diff", "a.txt", "b.txt", *more, cwd=folder, env=env)
    assert "Traceback" not in done.stderr
    assert FERRY_A[:60] not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("fault", "stage", "judge"),
    [
        (Fault.ERROR_500, "reading", "llm"),
        (Fault.UNDECIDED, "findings", "llm"),
        (Fault.FILTERED, "decisions", "decisions"),
    ],
)
def test_a_partial_report_is_printed_and_ends_with_five(
    server: ModelServer, ferry: Path, fault: Fault, stage: str, judge: str
) -> None:
    # Where findings disagree the judge is asked once more, so that has to fail, too.
    server.order(fault, stage=stage, times=None if fault is Fault.UNDECIDED else 1)
    code, out, err = command(server, ferry, "--judge", judge)
    assert code == 5
    assert "Port Marrow" in out
    assert "partial" in err
    assert REASONS[fault] in err
    assert REASONS[fault] in out


def test_without_one_answer_the_command_ends_with_four_and_says_why(
    server: ModelServer, ferry: Path
) -> None:
    server.order(Fault.SCHEMA_IGNORED, times=None, stage="reading")
    code, out, err = command(server, ferry)
    assert (code, out) == (4, "")
    assert "extract_claims of" in err
    assert "summarize doctor" in err


def test_a_fault_that_passes_leaves_no_trace(server: ModelServer, ferry: Path) -> None:
    server.order(Fault.WRONG_SHAPE, stage="findings")
    code, _, err = command(server, ferry)
    assert code == 0
    assert "partial" not in err
    assert any((ferry / "kept").iterdir())
