"""The command line with a model, as a process against a server on the loopback."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.llm.costs import AS_OF
from summarizer.report.schema import Report
from tests.support.command import summarize, write_ferry
from tests.support.server import Fault, ModelServer

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]

DOCUMENT = "The ferry Meridian ran aground off Port Marrow on Monday night. Nobody was hurt."
PAIRS = (
    {"id": 1, "document": DOCUMENT, "claim": "The ferry ran aground off Port Marrow."},
    {"id": 2, "document": DOCUMENT, "claim": "The mayor of Elmwick resigned."},
    {"id": 3, "document": "The channel is open.", "claim": "The channel is open."},
)
STAGES = ["align_claims", "extract_claims", "find_conflicts", "verify_statements"]
PRICES = {"SUMMARIZER_PRICES": "1/0.1/10"}


@pytest.fixture
def ask(server: ModelServer, tmp_path: Path) -> Run:
    """Run ``summarize`` where OPENAI_BASE_URL names the server, and two articles lie ready."""
    write_ferry(tmp_path)
    (tmp_path / "pairs.jsonl").write_text(
        "".join(f"{json.dumps(pair)}\n" for pair in PAIRS), encoding="utf-8"
    )

    def run(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
        known = {"OPENAI_BASE_URL": server.url, "SUMMARIZER_RETRIES": "0", **env}
        done = summarize(*args, cwd=tmp_path, env=known)
        assert "Traceback" not in done.stderr
        return done

    return run


def posts(server: ModelServer) -> int:
    """Return how many requests came that ask a model, the probe among them."""
    return len([r for r in server.requests if not r.path.endswith("/models")])


def test_a_diff_says_who_works_at_what_price_and_what_it_took(
    ask: Run, server: ModelServer
) -> None:
    done = ask("diff", "a.txt", "b.txt", "--json")
    assert done.returncode == 0, done.stderr
    first, last = done.stderr.splitlines()
    assert first == f"openai engine, llm judge: rule-1 at {server.url[7:-3]}, price unknown"
    assert last.startswith("6 requests, 0 from the cache, ")
    assert "cost unknown" in last
    report = Report.model_validate_json(done.stdout)
    assert (report.generated.engine, report.generated.judge) == ("openai", "llm")
    assert report.generated.model == "rule-1"


@pytest.mark.parametrize(
    ("engine", "models"), [("openai", "rule-1 gpt-6-luna"), ("extractive", "gpt-6-luna")]
)
def test_the_model_of_typed_questions_is_named_where_it_is_asked(
    ask: Run, server: ModelServer, engine: str, models: str
) -> None:
    done = ask("diff", "a.txt", "b.txt", "--json", "--engine", engine, "--judge", "decisions")
    told = "; ".join(f"{name} at {server.url[7:-3]}, price unknown" for name in models.split())
    assert done.stderr.splitlines()[0] == f"{engine} engine, decisions judge: {told}"
    assert Report.model_validate_json(done.stdout).generated.model == models.split()[0]


def test_an_article_is_summarized_and_priced(ask: Run) -> None:
    done = ask("article", "a.txt", **PRICES)
    assert done.returncode == 0
    assert "price unknown" not in done.stderr
    assert "$1 in, $10 out per million tokens" in done.stderr
    assert "cost $0." in done.stderr


def test_quiet_says_nothing(ask: Run) -> None:
    assert ask("diff", "a.txt", "b.txt", "--quiet").stderr == ""


def test_the_offline_engine_can_still_be_had(ask: Run, server: ModelServer) -> None:
    done = ask("diff", "a.txt", "b.txt", "--engine", "extractive")
    assert (done.returncode, done.stderr) == (0, "")
    assert server.requests == []


def test_the_flag_wins_over_the_environment(ask: Run, server: ModelServer) -> None:
    with ModelServer(names=("other-1",)) as other:
        done = ask("article", "a.txt", "--base-url", other.url, "--model", "other-1")
        assert done.returncode == 0
        assert f"other-1 at {other.url[7:-3]}" in done.stderr
        assert posts(other)
    assert server.requests == []


def test_a_rehearsal_says_what_would_be_asked_and_asks_nothing(
    ask: Run, server: ModelServer
) -> None:
    plain = ask("diff", "a.txt", "b.txt", "--dry-run", **PRICES)
    assert plain.returncode == 0
    assert posts(server) == 0
    table, _, total = plain.stdout.partition("\n\n")
    stages = [line.split()[0] for line in table.splitlines()[1:]]
    assert sorted(stages) == STAGES
    assert total.startswith("In all 6 requests, at most $0.")
    asked = ask("diff", "a.txt", "b.txt")
    assert asked.returncode == 0
    again = ask("diff", "a.txt", "b.txt", "--dry-run", **PRICES)
    assert "In all 0 requests, at most $0.0000" in again.stdout


def test_a_second_run_asks_nothing_unless_told(ask: Run, server: ModelServer) -> None:
    first = ask("diff", "a.txt", "b.txt")
    sent = posts(server)
    second = ask("diff", "a.txt", "b.txt")
    assert posts(server) == sent
    assert second.stderr.splitlines()[-1].startswith("0 requests, 6 from the cache")
    assert content(second) == content(first)
    offline = ask("diff", "a.txt", "b.txt", "--offline")
    assert offline.returncode == 0
    assert content(offline) == content(first)
    assert posts(server) == sent
    for flag in ("--refresh", "--no-cache"):
        server.reset()
        assert ask("diff", "a.txt", "b.txt", flag).returncode == 0
        assert server.count(stage="reading") == 2, flag


def content(done: subprocess.CompletedProcess[str]) -> str:
    """Return a report without the line that says how long it took."""
    return done.stdout.rpartition("Made by ")[0]


def test_offline_without_answers_leaves_with_4_and_sends_nothing(
    ask: Run, server: ModelServer
) -> None:
    done = ask("diff", "a.txt", "b.txt", "--offline", "--model", "rule-1")
    assert done.returncode == 4
    assert "not in the cache" in done.stderr
    assert server.requests == []


def test_no_cache_stores_nothing(ask: Run) -> None:
    assert ask("article", "a.txt", "--no-cache").returncode == 0
    assert json.loads(ask("cache", "info", "--json").stdout)["entries"] == 0


def test_an_edited_prompt_goes_out_again_and_explain_names_it(
    ask: Run, server: ModelServer, tmp_path: Path
) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    assert ask("diff", "a.txt", "b.txt").returncode == 0
    info = json.loads(ask("cache", "info", "--json").stdout)
    assert info["entries"] == 6
    assert sorted(info["stages"]) == STAGES
    target = own / "align_claims.md"
    shown = ask("prompts", "show", "align_claims", "-o", str(target))
    assert (shown.returncode, shown.stdout) == (0, "")
    edited = target.read_text(encoding="utf-8") + "\nWrite plainly.\n"
    target.write_text(edited, encoding="utf-8")
    server.reset()
    assert ask("diff", "a.txt", "b.txt", "--prompts", str(own)).returncode == 0
    assert server.count(stage="reading") == 0
    assert server.count(stage="alignment") == 1
    explained = ask("cache", "explain").stdout
    missed = [line for line in explained.splitlines() if line.startswith("miss")]
    assert any("prompt align_claims" in line for line in missed), explained
    assert not any("prompt extract_claims" in line for line in missed)


def test_the_cap_on_cost_leaves_with_6(ask: Run, server: ModelServer) -> None:
    done = ask("diff", "a.txt", "b.txt", "--max-cost", "0.000001", **PRICES)
    assert done.returncode == 6
    assert "cap" in done.stderr
    assert posts(server) <= 1
    unknown = ask("diff", "a.txt", "b.txt", "--max-cost", "1")
    assert unknown.returncode == 2
    assert "The price of rule-1 is unknown" in unknown.stderr


def test_a_step_that_fails_leaves_with_5_and_its_name(ask: Run, server: ModelServer) -> None:
    server.order(Fault.REFUSAL, stage="findings", times=None)
    done = ask("diff", "a.txt", "b.txt", "--json")
    assert done.returncode == 5
    assert "Warning: the report is partial: 2 steps failed (AnswerUnusable)" in done.stderr
    assert Report.model_validate_json(done.stdout).facts


def test_a_key_that_is_refused_leaves_with_4_and_is_not_shown(ask: Run) -> None:
    with ModelServer(key="right") as picky:
        done = ask("diff", "a.txt", "b.txt", OPENAI_BASE_URL=picky.url, OPENAI_API_KEY="wr0ng-k3y")
        assert done.returncode == 4
        assert "wr0ng-k3y" not in done.stdout + done.stderr


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("judge", "model"), [("llm", "rule-1"), ("decisions", "gpt-6-luna")])
def test_a_judge_asks_once_a_document(
    ask: Run, server: ModelServer, judge: str, model: str
) -> None:
    done = ask("judge", "pairs.jsonl", "--judge", judge)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(f"{judge} judge: {model} at ")
    found = rows(done)
    assert [row["id"] for row in found] == [1, 2, 3]
    verdicts = [row["verdict"] for row in found]
    assert verdicts == ["supported", "not_found", "supported"]
    asked = "findings" if judge == "llm" else "decisions"
    assert server.count(stage=asked) == 2, "two rows share a document"
    server.reset()
    assert rows(ask("judge", "pairs.jsonl", "--judge", judge)) == found
    assert server.requests == []


def test_the_judge_of_its_own_accord(ask: Run, server: ModelServer) -> None:
    assert ask("judge", "pairs.jsonl").stderr.startswith("llm judge: ")
    server.reset()
    words = ask("judge", "pairs.jsonl", "--judge", "lexical")
    assert (words.returncode, words.stderr) == (0, "")
    assert server.requests == []


def test_a_judge_rehearses(ask: Run, server: ModelServer) -> None:
    done = ask("judge", "pairs.jsonl", "--dry-run")
    assert "In all 2 requests, at most unknown; tokens are estimated." in done.stdout
    assert posts(server) == 0


def test_a_row_without_a_verdict_is_named_and_left_out(ask: Run, server: ModelServer) -> None:
    server.order(Fault.UNDECIDED, stage="findings", times=None)
    done = ask("judge", "pairs.jsonl", "--jobs", "1")
    assert done.returncode == 5
    assert 1 <= len(rows(done)) < 3
    left_out = {pair["id"] for pair in PAIRS} - {row["id"] for row in rows(done)}
    for number in left_out:  # each row is on the line of its number
        assert f"pairs.jsonl, line {number}: no verdict, left out." in done.stderr
    assert all(row["verdict"] for row in rows(done))


def test_a_judge_without_any_answer_leaves_with_4(ask: Run, server: ModelServer) -> None:
    server.order(Fault.ERROR_500, stage="findings", times=None)
    done = ask("judge", "pairs.jsonl")
    assert (done.returncode, done.stdout) == (4, "")


def test_a_judge_that_reaches_the_cap_leaves_with_6(ask: Run) -> None:
    done = ask("judge", "pairs.jsonl", "--max-cost", "0.000001", **PRICES)
    assert (done.returncode, done.stdout) == (6, "")


def test_doctor_asks_nothing_unless_told_and_then_remembers(ask: Run, server: ModelServer) -> None:
    before = json.loads(ask("doctor", "--json").stdout)
    assert server.requests == []
    assert before["server"]["used"] == "by default"
    assert before["server"]["address"] == server.url
    assert "--probe" in before["server"]["probe"]
    assert before["server"]["price"] == "unknown: no cap on cost is held"
    probed = ask("doctor", "--probe", "--json")
    assert probed.returncode == 0
    found = json.loads(probed.stdout)["server"]
    assert (found["api"], found["structured"], found["decisions"]) == ("responses", True, True)
    assert found["models"] == ["rule-1"]
    server.reset()
    later = ask("doctor")
    assert later.returncode == 0
    assert server.requests == []
    assert "  api                  responses\n" in later.stdout
    assert "  model                rule-1\n" in later.stdout


def test_doctor_counts_the_cache(ask: Run) -> None:
    assert ask("article", "a.txt").returncode == 0
    found = json.loads(ask("doctor", "--json").stdout)
    stored = json.loads(ask("cache", "info", "--json").stdout)
    assert found["cache"]["answers"] == stored["entries"] > 0
    assert found["cache"]["bytes"] == stored["bytes"]


def test_doctor_shows_the_price_and_its_day(tmp_path: Path) -> None:
    key = "sk-not-a-real-0ne"
    done = summarize("doctor", cwd=tmp_path, env={"OPENAI_API_KEY": key})
    assert done.returncode == 0
    assert "$1 input, $0.05 cached, $5 output, per million tokens" in done.stdout
    assert f"table of {AS_OF}" in done.stdout
    assert "set (OPENAI_API_KEY)" in done.stdout
    assert key not in done.stdout + done.stderr


def test_doctor_shows_no_secret_of_a_header_or_an_address(ask: Run) -> None:
    env = {
        "SUMMARIZER_HEADERS": "api-key: h1dden; X-Title: h2dden",
        "SUMMARIZER_BASE_URL": "http://me:h3dden@127.0.0.1:9/v1?code=h4dden",
    }
    for flags in ([], ["--json"], ["--probe"]):
        done = ask("doctor", *flags, **env)
        assert "dden" not in done.stdout + done.stderr
        assert "api-key: …; X-Title: …" in done.stdout
        assert "http://127.0.0.1:9/v1" in done.stdout
    broken = ask("doctor", SUMMARIZER_HEADERS="h5dden")
    assert broken.returncode == 0
    assert "h5dden" not in broken.stdout + broken.stderr
    assert "is not a name and a value" in broken.stdout


def test_doctor_of_a_server_that_is_down(ask: Run) -> None:
    down = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    assert ask("doctor", **down).returncode == 0
    done = ask("doctor", "--probe", **down)
    assert done.returncode == 4
    assert "failed: There is no connection to 127.0.0.1:9," in done.stdout
    assert "Check that the server runs" in done.stderr


def test_doctor_doubts_a_server_that_ignores_schemas(ask: Run) -> None:
    with ModelServer(apis={"chat"}, enforces=()) as loose:
        done = ask("doctor", "--probe", OPENAI_BASE_URL=loose.url, SUMMARIZER_JUDGE="decisions")
    assert done.returncode == 0
    assert "does not keep to a schema" in done.stdout
    assert "answers no typed questions" in done.stdout
