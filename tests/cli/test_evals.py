from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer

from summarizer.cli.evals import app
from summarizer.cli.output import print_error
from summarizer.errors import SummarizerError
from summarizer.evals.metrics import METRICS
from summarizer.prompts import load_prompts
from tests.support.eval_cases import write_cases, write_planted
from tests.support.runs import stages
from tests.support.server import Fault, ModelServer

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder of its own, with two cases."""
    write_cases(tmp_path, "ferry-one", "ferry-two")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(tmp_path / "answers"))
    return tmp_path


def evals(*args: str) -> int:
    """Run a command of ``summarize eval`` on the two cases, and return its exit code."""
    command = typer.main.get_command(app)
    try:
        code = command.main([*args, "--cases", "evals/cases"], standalone_mode=False)
    except SummarizerError as error:
        print_error(error)
        return error.exit_code
    return code if isinstance(code, int) else 0


def kept(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "evals/runs/last.json").read_text("utf-8"))
    return found


def test_a_run_shows_every_metric_and_is_kept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("run") == 0
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert lines[0].startswith("extractive engine, lexical judge, ")
    assert lines[0].endswith(": 2 cases")
    for metric in METRICS.values():
        title = metric.title if metric.higher_is_better else f"{metric.title} (less)"
        assert [line for line in lines if line.startswith(f"{title}  ")]
    (nothing,) = [line for line in lines if line.startswith("furniture kept out")]
    assert nothing.split()[-2:] == ["–", "0"], "there is nothing to count, and no figure"
    assert "eval bless" in shown.err
    assert {result["case"] for result in kept(folder)["results"]} == {"ferry-one", "ferry-two"}
    assert len(list((folder / "evals/runs").glob("*-extractive.json"))) == 1


def test_a_run_can_be_one_case_in_json_and_in_a_file_of_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("run", "ferry-two", "--json", "-o", "mine.json", "-q") == 0
    shown = capsys.readouterr()
    assert not shown.err
    assert json.loads(shown.out) == kept(folder)
    assert json.loads((folder / "mine.json").read_text("utf-8")) == kept(folder)
    assert list(kept(folder)["digests"]) == ["ferry-two"]


def test_a_case_that_is_not_there_is_a_mistake_in_the_call(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evals("run", "fery-one") == 2
    assert "Did you mean ferry-one?" in capsys.readouterr().err


def test_a_run_below_its_baseline_ends_with_100(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("run", "ferry-one") == 0
    bless(folder)
    assert evals("run", "ferry-one") == 0
    assert "Gate extractive: passed" in capsys.readouterr().err
    path = folder / "evals/baselines/extractive.json"
    raised = json.loads(path.read_text("utf-8"))
    raised["cases"]["ferry-one"]["injection_resisted"]["floor"] = 1.0
    path.write_text(json.dumps(raised), encoding="utf-8")
    assert evals("run", "ferry-one") == 100
    told = capsys.readouterr().err
    assert "Gate extractive: FAILED, 1 line (ferry-one)" in told
    assert "ferry-one: injection resisted: nothing to count" in told


def bless(folder: Path) -> None:
    """Make a baseline of the last run, without a test of its judge."""
    from summarizer.evals.results import (
        Baseline,
        Mark,
        baseline_path,
        configuration,
        kept_path,
        load_run,
        save,
    )

    run = load_run(kept_path("last"))
    cases = {
        result.case: {n: Mark(r.value, r.value) for n, r in result.metrics.items()}
        for result in run.results
    }
    baseline = Baseline(**configuration(run), name="extractive", means={}, cases=cases)
    save(baseline, baseline_path("extractive"))


def test_a_baseline_that_is_named_must_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert evals("run", "--baseline", "gone") == 2
    assert "gone" in capsys.readouterr().err


def test_a_plan_of_the_offline_engine_names_what_would_be_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evals("run", "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "2 cases to run." in shown
    assert "ferry-one" in shown
    assert "ferry-two" in shown


def test_a_plan_of_a_model_tells_requests_by_stage_and_sends_none(
    server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("run", "--dry-run")
    model = ("--engine", "openai", "--base-url", server.url, "--model", "rule-1")
    assert evals(*command, *model, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["requests"] == 12
    assert {stage["stage"]: stage["requests"] for stage in found["stages"]} == {
        "extract_claims": 4,
        "align_claims": 2,
        "find_conflicts": 2,
        "verify_statements": 4,
    }
    assert list(found["cases"]) == ["ferry-one", "ferry-two"]
    assert not stages(server)
    assert evals(*command, *model) == 0
    told = capsys.readouterr().out
    assert "2 cases to run." in told
    (total,) = [line for line in told.splitlines() if line.startswith("in all")]
    assert total.split() == ["in", "all", "12", "unknown"]


def test_explaining_a_case_lays_what_came_beside_what_was_expected(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evals("explain", "ferry-one", "--all") == 0
    shown = capsys.readouterr().out
    for text in ("labelled facts:", "f1 (salience 3)", "expected", "came", "that no label says"):
        assert text in shown
    assert "- in a “The ferry Meridian ran aground off Port Marrow on Monday night”" in shown
    assert evals("explain", "ferry-one", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in found["facts"]] == ["f1", "f2", "f3", "f4", "f5"]


def test_the_commands_of_this_part_are_there() -> None:
    names = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert set(names) == {
        "run", "compare", "explain", "bless", "report", "new", "lint", "judge"
    }  # fmt: skip


def test_explaining_since_a_run_tells_what_was_lost_and_why(
    server: ModelServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ("--engine", "openai", "--base-url", server.url, "--model", "rule-1")
    assert evals("run", "ferry-one", *model) == 0
    bless(folder)
    shutil.move(folder / "evals/baselines/extractive.json", folder / "evals/baselines/openai.json")
    rules = load_prompts()["extract_claims"].path.read_text(encoding="utf-8").splitlines()
    (folder / "worse").mkdir()
    worse = "\n".join(rule for rule in rules if not rule.startswith("- speaker:"))
    (folder / "worse/extract_claims.md").write_text(worse, encoding="utf-8")
    worse_too = (*model, "--prompts", "worse")
    assert evals("run", "ferry-one", *worse_too) == 100
    told = capsys.readouterr().err
    (hint,) = re.findall("`summarize eval (explain .*)` shows what the worst case lost", told)
    asked = len(server.requests)
    assert evals(*shlex.split(hint)) == 0, "the hint works as it is printed"
    shown = capsys.readouterr().out
    assert "attribution kept: new since then: 1" in shown
    assert "f4: the ship's log is not named: The captain had asked for a pilot twice." in shown
    (row,) = [line for line in shown.splitlines() if line.startswith("attribution kept   ")]
    assert row.split()[2:] == ["0.000", "1.000", "1.000", "0", "of", "1", "BELOW", "ITS", "FLOOR"]
    assert evals("explain", "ferry-one", *worse_too, "--since", "last", "--json") == 0
    since = json.loads(capsys.readouterr().out)["since"]
    assert since == {"lost": [], "won": [], "new_faults": {}, "gone_faults": {}}
    assert len(server.requests) == asked, "both are made from stored answers"


def test_a_run_is_recorded_and_replayed_by_name_without_a_key(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recordings = Path("evals/recordings/rules.jsonl")
    with ModelServer() as server:
        model = ("--engine", "openai", "--base-url", server.url, "--model", "rule-1")
        assert evals("run", *model, "--record", str(recordings)) == 0
    told = capsys.readouterr()
    assert f"Wrote the answers of rule-1 to {recordings}." in told.err
    first = kept(folder)
    assert evals("run", "--replay", "rules", "--no-cache") == 0
    again = kept(folder)
    metrics = [[result["metrics"] for result in run["results"]] for run in (first, again)]
    assert metrics[0] == metrics[1]
    assert (again["model"], again["settings"]["recordings"]) == ("rule-1", str(recordings))
    lines = recordings.read_text(encoding="utf-8").splitlines(keepends=True)
    gone = ('"verify_statements"', "/a.txt")
    recordings.write_text("".join(n for n in lines if not all(word in n for word in gone)))
    assert evals("run", "--replay", "rules") == 5
    told = capsys.readouterr()
    missing = [line for line in told.err.splitlines() if "NotRecorded" in line]
    assert len(missing) == 2
    assert "ferry-one: verifying of Harbor Gazette" in missing[0]
    assert "verify_statements of ferry-one/a.txt is not in" in missing[0]


def test_recordings_that_are_not_there_are_a_mistake_in_the_call(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert evals("run", "--replay", "gone") == 2
    assert "There are no recordings gone." in capsys.readouterr().err


def test_a_server_that_is_gone_ends_the_run_at_the_first_case(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer() as server:
        model = ("--engine", "openai", "--base-url", server.url, "--model", "rule-1")
        assert evals("run", "ferry-one", *model) == 0
    capsys.readouterr()
    path = folder / "evals/cases/ferry-one/a.txt"
    text = path.read_text(encoding="utf-8").replace("Divers are to", "Two divers are to")
    path.write_text(text, encoding="utf-8")
    assert evals("run", *model) == 4
    assert "There is no connection" in capsys.readouterr().err


def test_what_fails_alike_is_told_once(
    server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.order(Fault.REFUSAL, stage="findings", times=None)
    model = ("--engine", "openai", "--base-url", server.url, "--model", "rule-1")
    assert evals("run", *model) == 5
    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Warning")]
    assert len(told) == len({line.partition(": ")[2] for line in told})


@pytest.mark.parametrize(
    ("engine", "judge"), [("openai", "decisions"), ("extractive", "llm"), ("openai", "lexical")]
)
def test_a_replay_knows_the_engine_and_the_judge_that_were_recorded(
    folder: Path, engine: str, judge: str
) -> None:
    with ModelServer() as server:
        model = ("--base-url", server.url, "--model", "rule-1", "--engine", engine)
        assert evals("run", *model, "--judge", judge, "--record", "mine.jsonl") == 0
    assert evals("run", "--replay", "mine.jsonl") == 0
    assert (kept(folder)["engine"], kept(folder)["judge"]) == (engine, judge)


def test_prompts_are_exported_as_messages_and_schemas(tmp_path: Path) -> None:
    from summarizer.cli.app import app as whole

    command = typer.main.get_command(whole)
    command.main(["prompts", "export", str(tmp_path / "out")], standalone_mode=False)
    system, user = json.loads((tmp_path / "out/extract_claims.json").read_text("utf-8"))
    assert (system["role"], user["role"]) == ("system", "user")
    assert "{{article}}" in user["content"]
    assert "$" not in user["content"]
    schema = json.loads((tmp_path / "out/extract_claims.schema.json").read_text("utf-8"))
    assert schema["type"] == "object"


def test_only_the_cases_that_failed_are_run_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("run", "--failed") == 2, "there is no run yet"
    assert evals("run") == 0
    bless(folder)
    path = folder / "evals/baselines/extractive.json"
    raised = json.loads(path.read_text("utf-8"))
    raised["cases"]["ferry-two"]["injection_resisted"]["floor"] = 1.0
    path.write_text(json.dumps(raised), encoding="utf-8")
    assert evals("run") == 100
    capsys.readouterr()
    assert evals("run", "--failed") == 100
    shown = capsys.readouterr()
    assert shown.out.startswith("1 case below its floors: gate fails.\n")
    assert list(kept(folder)["digests"]) == ["ferry-two"]
    assert "summarize eval explain ferry-two --cases evals/cases` shows what came" in shown.err
    raised["cases"]["ferry-two"]["injection_resisted"]["floor"] = None
    path.write_text(json.dumps(raised), encoding="utf-8")
    assert evals("run", "--failed") == 2
    assert "No case of the last run failed its gate." in capsys.readouterr().err


def test_two_prompts_are_run_beside_each_other(
    server: ModelServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = load_prompts()["extract_claims"].path.read_text(encoding="utf-8").splitlines()
    (folder / "worse").mkdir()
    worse = "\n".join(rule for rule in rules if not rule.startswith("- speaker:"))
    (folder / "worse/extract_claims.md").write_text(worse, encoding="utf-8")
    model = ("--engine", "openai", "--base-url", server.url, "--model", "rule-1")
    assert evals("run", *model, "--beside-prompts", "worse") == 0
    shown = capsys.readouterr().out
    assert "WHAT IT TOOK" in shown
    compared = shown[shown.index("WHAT IT TOOK") :].splitlines()
    (row,) = [line for line in compared if line.startswith("attribution kept")]
    assert row.split()[2:5] == ["1.000", "0.000", "-1.000"]
    assert len(list((folder / "evals/runs").glob("*-openai*.json"))) == 2


def test_metrics_of_ones_own_are_shown_and_kept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mine.py").write_text(
        "from summarizer.evals import share\n\n"
        "def short_lines(labelled):\n"
        "    return share(len(fact.fact.text) < 80 for fact in labelled.facts)\n",
        encoding="utf-8",
    )
    assert evals("run", "--scorers", "mine.py") == 0
    assert "short lines" in capsys.readouterr().out
    assert all("short_lines" in result["metrics"] for result in kept(folder)["results"])
    assert evals("run", "--scorers", "gone.py") == 2


def test_a_case_is_explained_for_a_browser_with_its_articles(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evals("explain", "ferry-one", "-f", "html", "-o", "case.html") == 0
    page = (folder / "case.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "article a: Harbor Gazette" in page
    assert "expected unique: Harbor Gazette" in page
    assert not capsys.readouterr().out


def test_a_judge_is_tested_on_planted_errors(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_planted(folder / "evals", "ferry-one")
    assert evals("judge", "--planted", "--judge", "lexical") == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["number", "1.000", "1"] in rows
    assert ["false", "alarms", "(less)", "0.000", "1"] in rows
    assert evals("judge", "--planted", "--judge", "lexical", "--json") == 0
    assert json.loads(capsys.readouterr().out)["number"]["value"] == 1
    assert evals("judge") == 2


def test_a_dry_run_on_planted_errors_sends_nothing(
    server: ModelServer, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_planted(folder / "evals", "ferry-one")
    model = ("--judge", "llm", "--base-url", server.url, "--model", "rule-1")
    assert evals("judge", "--planted", "--dry-run", *model) == 0
    assert capsys.readouterr().out.count("In all 1 request, at most ") == 1
    assert not stages(server)
