"""Offline, refresh, dry run, the cap on cost: what a whole run does with answers and money."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from summarizer.errors import (
    BudgetReached,
    ModelMissing,
    NotAuthorized,
    NotRecorded,
    ServiceError,
    Unreachable,
    UsageError,
)
from summarizer.pipeline import diff, open_desk, plan
from summarizer.pipeline import summarize as summarize_each
from summarizer.types import Status, Uniqueness
from tests.support.articles import FIRE
from tests.support.command import summarize, write_ferry
from tests.support.runs import (
    JUDGES,
    VERDICTS,
    content,
    hold_to_the_contract,
    hold_to_the_truth,
    question,
    run,
    settings,
    stages,
    undisturbed,
)
from tests.support.server import Fault, ModelServer

pytestmark = pytest.mark.slow

PRICES = "1/0.1/5"
"""Dollars per million tokens; the stories here take some thousand, a fraction of a cent."""


def test_offline_gives_the_whole_report_from_the_cache(server: ModelServer, tmp_path: Path) -> None:
    chosen = settings(server, tmp_path, judge="llm")
    first = run(FIRE, chosen)
    server.reset()
    again = run(FIRE, replace(chosen, cache="offline"))
    assert not server.requests
    assert content(again) == content(first)


def test_offline_with_nothing_stored_sends_nothing_and_says_what_is_missing(
    server: ModelServer, tmp_path: Path
) -> None:
    with pytest.raises(NotRecorded) as error:
        run(FIRE, settings(server, tmp_path, model="rule-1", cache="offline"))
    assert "cache = offline" in error.value.hint
    assert not server.requests


@pytest.mark.parametrize("stage", ["reading", "alignment", "conflicts", "findings"])
def test_offline_with_an_answer_missing_is_partial_and_names_it(
    server: ModelServer, tmp_path: Path, stage: str
) -> None:
    chosen = settings(server, tmp_path, judge="llm", jobs=1)
    server.order(Fault.ERROR_500, stage=stage)
    run(FIRE, chosen)
    server.reset()
    report = run(FIRE, replace(chosen, cache="offline"))
    assert not server.requests
    reasons = {failure.reason for failure in report.failures}
    assert reasons == {"NotRecorded"}
    about = "gazette.txt and 2 more" if stage in {"alignment", "conflicts"} else "gazette.txt"
    assert about in report.failures[0].message
    hold_to_the_truth(report, undisturbed(FIRE, tmp_path / "whole"))


def test_refresh_asks_everything_again_and_stores_it(server: ModelServer, tmp_path: Path) -> None:
    chosen = settings(server, tmp_path, judge="llm")
    first = run(FIRE, chosen)
    before = stages(server)
    server.reset()
    assert content(run(FIRE, replace(chosen, cache="refresh"))) == content(first)
    assert stages(server) == before
    server.reset()
    assert content(run(FIRE, chosen)) == content(first)
    assert not server.requests


def test_without_the_cache_nothing_is_stored(server: ModelServer, tmp_path: Path) -> None:
    chosen = settings(server, tmp_path, judge="llm", cache="off")
    first = run(FIRE, chosen)
    before = stages(server)
    server.reset()
    assert content(run(FIRE, chosen)) == content(first)
    assert stages(server) == before


def test_another_server_or_model_is_asked_for_itself(tmp_path: Path) -> None:
    with ModelServer(names=("rule-1", "rule-2")) as one, ModelServer() as other:
        run(FIRE, settings(one, tmp_path, judge="llm", model="rule-1"))
        for server, model in ((one, "rule-2"), (other, "rule-1")):
            server.reset()
            run(FIRE, settings(server, tmp_path, judge="llm", model=model))
            assert server.count(stage="reading") == 3


def test_a_damaged_cache_is_set_aside_and_the_run_goes_on(
    server: ModelServer, tmp_path: Path
) -> None:
    chosen = settings(server, tmp_path, judge="llm")
    first = run(FIRE, chosen)
    databases = [path for path in tmp_path.rglob("*.db") if path.is_file()]
    assert databases
    for path in databases:
        path.write_bytes(b"no database at all" * 100)
    told: list[str] = []
    server.reset()
    report = run(FIRE, chosen, warn=told.append)
    assert content(report) == content(first)
    assert stages(server)["reading"] == 3
    assert any(str(tmp_path) in message for message in told)


def test_a_stored_answer_that_was_tampered_with_is_asked_for_again(
    server: ModelServer, tmp_path: Path
) -> None:
    chosen = settings(server, tmp_path, judge="llm")
    first = run(FIRE, chosen)
    (database,) = (path for path in tmp_path.rglob("*.db") if path.is_file())
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("UPDATE Cache SET value = ? WHERE tag = ?", (b"{}", "align_claims"))
        changed = connection.execute("SELECT changes()").fetchone()[0]
    connection.close()
    server.reset()
    report = run(FIRE, chosen)
    assert content(report) == content(first)
    assert changed
    assert stages(server)["alignment"] == 1
    assert "reading" not in stages(server)


@pytest.mark.parametrize("judge", JUDGES)
def test_a_plan_names_the_stages_and_sends_nothing(
    server: ModelServer, tmp_path: Path, judge: str
) -> None:
    chosen = settings(server, tmp_path, judge=judge, model="rule-1", prices=PRICES)
    with open_desk(chosen, env={}) as desk:
        planned = plan(FIRE, chosen, desk, compare=True)
    assert not server.requests
    assert planned.requests == 8
    assert planned.cost is not None
    report = run(FIRE, chosen)
    assert report.usage.cost_usd is not None
    assert planned.requests == report.usage.calls
    if judge == "llm":
        assert report.usage.cost_usd <= planned.cost
    with open_desk(chosen, env={}) as desk:
        after = plan(FIRE, chosen, desk, compare=True)
    assert after.requests == 0
    assert sum(stage.cached_calls for stage in after.stages.values()) == 8


def test_a_plan_with_half_of_the_answers_asks_for_the_other_half(
    server: ModelServer, tmp_path: Path
) -> None:
    chosen = settings(server, tmp_path, judge="llm")
    server.order(Fault.ERROR_500, stage="findings", times=None)
    run(FIRE, chosen)
    with open_desk(chosen, env={}) as desk:
        planned = plan(FIRE, chosen, desk, compare=True)
    assert {name: (used.calls, used.cached_calls) for name, used in planned.stages.items()} == {
        "extract_claims": (0, 3),
        "align_claims": (0, 1),
        "find_conflicts": (0, 1),
        "verify_statements": (3, 0),
    }


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.8])
def test_the_cap_is_never_passed_and_what_it_paid_for_is_reported(
    server: ModelServer, tmp_path: Path, share: float, judge: str
) -> None:
    chosen = settings(server, tmp_path / "kept", judge=judge, model="rule-1", prices=PRICES)
    with open_desk(chosen, env={}) as desk:
        planned = plan(FIRE, chosen, desk, compare=True)
    assert planned.cost
    cap = (
        planned.cost * share / 3
    )  # a plan is the most a run can cost; a third is less than it does
    capped = replace(chosen, max_cost=cap)
    with open_desk(capped, env={}) as desk:
        try:
            report = diff(FIRE, capped, desk=desk)
        except BudgetReached:
            report = None
        spent = desk.usage(0.0).cost_usd or 0.0
    assert spent <= cap
    if report is not None:
        assert {failure.reason for failure in report.failures} == {"BudgetReached"}
        assert {failure.exit_code for failure in report.failures} == {BudgetReached.exit_code}
        hold_to_the_contract(report)
        hold_to_the_truth(report, undisturbed(FIRE, tmp_path / "whole", judge))
    assert not run(FIRE, replace(chosen, max_cost=1.0)).failures
    asked = Counter(question(r) for r in server.requests if r.stage not in {"", "probe"})
    assert set(asked.values()) == {1}, "nothing is paid for twice"


def test_a_cap_that_pays_only_for_reading_leaves_unique_facts_unchecked(
    server: ModelServer, tmp_path: Path
) -> None:
    chosen = settings(server, tmp_path, judge="llm", prices=PRICES, jobs=1)
    with open_desk(chosen, env={}) as desk:
        summarize_each(FIRE, chosen, desk=desk)
    # What is stored costs nothing; what a request may cost is held back before it is sent, and
    # is many times what it does.
    report = run(FIRE, replace(chosen, max_cost=0.005))
    assert stages(server)["reading"] == 3
    assert not {"alignment", "conflicts", "findings"} & set(stages(server))
    assert {failure.reason for failure in report.failures} == {"BudgetReached"}
    unasked = {failure.article.outlet for failure in report.failures if failure.article}
    assert unasked
    unique = [fact for fact in report.facts if fact.status is Status.UNIQUE]
    unsure = [fact for fact in unique if unasked - set(fact.outlets)]
    assert {fact.uniqueness for fact in unsure} == {Uniqueness.UNCHECKED}
    hold_to_the_truth(report, undisturbed(FIRE, tmp_path / "whole"))


def test_a_cap_without_a_price_is_refused(server: ModelServer, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        run(FIRE, settings(server, tmp_path, max_cost=0.5))
    assert "SUMMARIZER_PRICES" in error.value.hint


def test_an_unknown_price_is_unknown_and_not_nothing(server: ModelServer, tmp_path: Path) -> None:
    assert run(FIRE, settings(server, tmp_path)).usage.cost_usd is None


def test_a_wrong_key_is_told_as_such(tmp_path: Path) -> None:
    with ModelServer(key="sk-right") as server:
        with pytest.raises(NotAuthorized) as error:
            run(FIRE, settings(server, tmp_path), env={"OPENAI_API_KEY": "sk-wrong-one"})
        assert "OPENAI_API_KEY" in error.value.hint
        assert "sk-wrong-one" not in error.value.message
        assert run(FIRE, settings(server, tmp_path), env={"OPENAI_API_KEY": "sk-right"}).facts


def test_an_unknown_model_is_told_as_such(server: ModelServer, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as error:
        run(FIRE, settings(server, tmp_path, model="gpt-of-the-attic"))
    assert "gpt-of-the-attic" in error.value.message
    assert error.value.hint


def test_a_server_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    with ModelServer() as server:
        gone = settings(server, tmp_path)
    with pytest.raises(Unreachable) as error:
        run(FIRE, gone)
    assert urlsplit(gone.base_url).netloc in error.value.message


def test_a_server_without_decisions_says_so(tmp_path: Path) -> None:
    with ModelServer(apis={"responses", "chat"}) as server:
        report = run(FIRE, settings(server, tmp_path, judge="decisions"))
    assert {failure.stage for failure in report.failures} == {"verifying"}
    assert all(fact.uniqueness is not Uniqueness.CONFIRMED for fact in report.facts)


def test_a_server_with_neither_api_says_so(tmp_path: Path) -> None:
    with ModelServer(apis=()) as server, pytest.raises(ServiceError) as error:
        run(FIRE, settings(server, tmp_path))
    assert error.value.hint


class Commands:
    """``summarize diff`` on the ferry in one folder, with one cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_ferry(folder)

    def diff(self, url: str, *more: str, key: str = "") -> tuple[int, str, str]:
        env = {
            "OPENAI_BASE_URL": url,
            "SUMMARIZER_CACHE_DIR": str(self.folder / "kept"),
            "SUMMARIZER_RETRIES": "0",
        } | ({"OPENAI_API_KEY": key} if key else {})
        done = summarize("diff", "a.txt", "b.txt", *more, cwd=self.folder, env=env)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


def test_a_dry_run_prints_the_plan_and_sends_nothing(
    server: ModelServer, commands: Commands
) -> None:
    code, out, _ = commands.diff(server.url, "--dry-run", "--model", "rule-1")
    assert code == 0
    assert not server.requests
    for stage in ("extract_claims", "align_claims", "find_conflicts", "verify_statements"):
        assert re.search(rf"^{stage} +[12] ", out, re.MULTILINE)
    assert "unknown" in out


def test_offline_ends_with_four_then_with_five(server: ModelServer, commands: Commands) -> None:
    code, _, err = commands.diff(server.url, "--offline", "--model", "rule-1")
    assert code == 4
    assert "without --offline" in err
    server.order(Fault.ERROR_500, stage="findings")
    assert commands.diff(server.url, "--model", "rule-1")[0] == 5
    server.reset()
    code, out, err = commands.diff(server.url, "--offline", "--model", "rule-1", "--json")
    assert code == 5
    assert "NotRecorded" in err
    warnings = json.loads(out)["warnings"]
    assert any(
        "verify_statements of a.txt" in w or "verify_statements of b.txt" in w for w in warnings
    )
    assert not server.requests
    assert commands.diff(server.url, "--model", "rule-1")[0] == 0
    assert stages(server) == {"findings": 1}


@pytest.mark.parametrize("cap", ["0.000001", "0.015"])
def test_the_cap_on_cost_ends_with_six(server: ModelServer, commands: Commands, cap: str) -> None:
    (commands.folder / "summarizer.toml").write_text(f'prices = "{PRICES}"\n', encoding="utf-8")
    code, out, err = commands.diff(server.url, "--max-cost", cap, "--jobs", "1")
    assert code == 6
    assert "--max-cost" in err or "BudgetReached" in err
    # The smallest cap does not allow one request; the other one pays for a partial report.
    assert bool(out) == (cap == "0.015")


def test_a_wrong_key_ends_with_four_and_a_hint(commands: Commands) -> None:
    with ModelServer(key="sk-right") as server:
        code, out, err = commands.diff(server.url, key="sk-wrong-one")
    assert (code, out) == (4, "")
    assert "OPENAI_API_KEY" in err
    assert "sk-wrong-one" not in err


def test_an_unknown_model_and_a_missing_server_end_with_four(
    server: ModelServer, commands: Commands
) -> None:
    code, _, err = commands.diff(server.url, "--model", "gpt-of-the-attic")
    assert code == 4
    assert "gpt-of-the-attic" in err
    code, _, err = commands.diff("http://127.0.0.1:9/v1", "--model", "rule-1")
    assert code == 4
    assert "127.0.0.1:9" in err


@pytest.mark.parametrize("judge", JUDGES)
def test_usage_is_what_the_server_counted(server: ModelServer, tmp_path: Path, judge: str) -> None:
    chosen = settings(server, tmp_path, judge=judge, prices=PRICES)
    usage = run(FIRE, chosen).usage
    asked = ("reading", "alignment", "conflicts", VERDICTS[judge])
    assert usage.calls == sum(stages(server)[stage] for stage in asked)
    assert usage.cached_calls == 0
    assert usage.cached_input_tokens < usage.input_tokens
    assert usage.cost_usd
