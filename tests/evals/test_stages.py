from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import typer

from summarizer.cli.evals import app
from summarizer.cli.output import print_error
from summarizer.errors import SummarizerError, UsageError
from summarizer.evals.cases import CaseFolder, list_cases
from summarizer.evals.labelled_report import Ratio
from summarizer.evals.results import Run
from summarizer.evals.runs import Trial, run_cases
from summarizer.prompts import load_prompts
from summarizer.render.tables import to_terminal
from summarizer.settings import Settings
from tests.support.eval_cases import write_cases, write_planted
from tests.support.runs import settings, stages
from tests.support.server import ModelServer
from tools.stages.__main__ import main, stages_page
from tools.stages.attribution import Attribution, Stage, attribute, differing_stages

pytestmark = pytest.mark.slow

Edit = Callable[[str], str]


def without_speaker(text: str) -> str:
    return "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("- speaker:")
    )


def with_opinions(text: str) -> str:
    return f"{text}\nGive your opinions, too.\n"


def brief(text: str) -> str:
    return f"{text}\nBe brief.\n"


def edited(folder: Path, **edits: Edit) -> str:
    """Write prompts to a folder, each changed by its edit, and return the folder."""
    folder.mkdir(exist_ok=True)
    for name, edit in edits.items():
        shipped = load_prompts()[name].path
        text = edit(shipped.read_text(encoding="utf-8"))
        (folder / shipped.name).write_text(text, encoding="utf-8")
    return str(folder)


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sequence[CaseFolder]:
    """Work in a folder of its own, with two cases and planted errors for one."""
    folder = write_cases(tmp_path, "ferry-one", "ferry-two")
    write_planted(tmp_path / "evals", "ferry-one")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(tmp_path / "cache"))
    return list_cases(folder)


def evals(*args: str) -> int:
    """Run a command of ``summarize eval`` on the cases here, and return its exit code."""
    command = typer.main.get_command(app)
    try:
        code = command.main([*args], standalone_mode=False)
    except SummarizerError as error:
        print_error(error)
        return error.exit_code
    return code if isinstance(code, int) else 0


def here(server: ModelServer) -> tuple[str, ...]:
    """Return the arguments of a run of the cases here by a model."""
    return (
        "--cases",
        "evals/cases",
        "--engine",
        "openai",
        "--base-url",
        server.url,
        "-m",
        "rule-1",
    )


WORSE = (
    pytest.param("extract_claims", without_speaker, "Extraction", "attribution kept", id="speaker"),
    pytest.param("extract_claims", with_opinions, "Extraction", "faithfulness", id="opinions"),
    pytest.param(
        "verify_statements", with_opinions, "Verification", "conflict precision", id="verdicts"
    ),
)


@pytest.mark.parametrize(("prompt", "edit", "stage", "metric"), WORSE)
def test_a_prompt_made_worse_fails_the_gate_which_names_cases_and_stage(
    server: ModelServer,
    cases: Sequence[CaseFolder],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    prompt: str,
    edit: Edit,
    stage: str,
    metric: str,
) -> None:
    assert evals("run", *here(server)) == 0
    assert evals("bless") == 0
    assert evals("run", *here(server)) == 0
    worse = edited(tmp_path / "worse", **{prompt: edit})
    capsys.readouterr()
    assert evals("run", *here(server), "--prompts", worse) == 100
    told = capsys.readouterr().err
    assert "Gate openai: FAILED" in told
    assert "(ferry-one, ferry-two)" in told
    assert f"ferry-one: {metric}: " in told
    assert f"Other prompts than those of the baseline: {prompt}." in told
    capsys.readouterr()
    assert main(["last", "--cases", "evals/cases"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith(f"{stage} made worse:")
    assert metric in said
    assert "in ferry-one, ferry-two." in said


def test_a_change_that_alters_nothing_passes_the_gate(
    server: ModelServer, cases: Sequence[CaseFolder], tmp_path: Path
) -> None:
    assert evals("run", *here(server)) == 0
    assert evals("bless") == 0
    names = ("reader", "extract_claims", "align_claims", "verify_statements")
    for number, name in enumerate(names):
        edit = {name: partial("{1}\n{0}.\n".format, number)}
        mine = edited(tmp_path / f"p{number}", **edit)
        before = len(server.requests)
        assert evals("run", *here(server), "--prompts", mine, "-q") == 0
        assert len(server.requests) > before, "it was asked anew"


def test_the_tool_names_the_stage_for_a_terminal_and_in_markdown(
    server: ModelServer,
    cases: Sequence[CaseFolder],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    evals("run", *here(server), "-o", "before.json")
    worse = edited(tmp_path / "worse", verify_statements=with_opinions)
    evals("run", *here(server), "--prompts", worse, "-o", "after.json")
    compare = ["before.json", "after.json", "--cases", "evals/cases"]
    asked = len(server.requests)
    capsys.readouterr()
    assert main(compare) == 0
    shown = capsys.readouterr().out
    assert "Verification made worse: " in shown
    assert "conflict precision" in shown
    assert main([*compare, "--md"]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if "| = |" in line)
    assert row.startswith("| conflict precision | -")
    assert len(server.requests) == asked, "it is told from stored answers"


def test_a_run_that_is_not_there_is_a_mistake_in_the_call(
    cases: Sequence[CaseFolder], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gone.json", "last"]) == 2
    assert "There is no run" in capsys.readouterr().err


def told(
    before: Run, after: Run, cases: Sequence[CaseFolder], folder: Path, cache: str = "offline"
) -> Attribution:
    chosen = Settings(cache=cache, cache_dir=str(folder), retries=0)
    return attribute(before, after, cases, chosen, env={})


def pair(
    server: ModelServer, cases: Sequence[CaseFolder], folder: Path, **edits: Edit
) -> tuple[Run, Run]:
    """Return a run and one with edited prompts."""
    chosen = settings(server, folder / "cache", model="rule-1")
    other = replace(chosen, prompts=edited(folder / "mine", **edits))
    return run_cases(cases, chosen), run_cases(cases, other)


def test_the_stages_alone_and_together_add_up(
    server: ModelServer, cases: Sequence[CaseFolder], tmp_path: Path
) -> None:
    runs = pair(
        server, cases, tmp_path, extract_claims=without_speaker, verify_statements=with_opinions
    )
    # The claims of the one run were never verified by the rules of the other.
    found = told(*runs, cases, tmp_path / "cache", cache="on")
    assert found.differing == (Stage.EXTRACTION, Stage.VERIFICATION)
    assert not found.unknown
    blamed = {each.metric: each.stage for each in found.metrics}
    assert blamed["attribution_kept"] is Stage.EXTRACTION
    assert blamed["conflict_precision"] is Stage.VERIFICATION
    for each in found.metrics:
        shares = [share for share in each.shares.values() if share is not None]
        assert each.together is not None
        assert sum(shares) + each.together == pytest.approx(each.after - each.before)


def test_what_no_answer_is_stored_for_is_not_known_until_it_is_asked(
    server: ModelServer, cases: Sequence[CaseFolder], tmp_path: Path
) -> None:
    # The claims of the one run were never verified by the rules of the other.
    runs = pair(server, cases, tmp_path, extract_claims=without_speaker, verify_statements=brief)
    found = told(*runs, cases, tmp_path / "cache")
    both = ("ferry-one", "ferry-two")
    assert found.unknown == {Stage.EXTRACTION: both, Stage.VERIFICATION: both}
    assert all(each.shares[Stage.EXTRACTION] is None for each in found.metrics)
    assert all(each.together is None for each in found.metrics)
    shown = " ".join(to_terminal(stages_page(found)).split())
    assert "is not known: extraction and verification were changed together." in shown
    assert "Not known of extraction and verification in ferry-one, ferry-two" in shown
    before = stages(server)
    asked = told(*runs, cases, tmp_path / "cache", cache="on")
    assert not asked.unknown
    assert {each.metric: each.stage for each in asked.metrics}[
        "attribution_kept"
    ] is Stage.EXTRACTION
    after = stages(server)
    assert {name: n - before[name] for name, n in after.items() if n != before[name]} == {
        "findings": 4
    }


def test_one_stage_of_two_recordings_is_swapped_without_a_server(
    cases: Sequence[CaseFolder], tmp_path: Path
) -> None:
    with ModelServer() as server:
        chosen = settings(server, tmp_path / "cache", model="rule-1")
        other = replace(chosen, prompts=edited(tmp_path / "mine", verify_statements=with_opinions))
        run_cases(cases, chosen, Trial(record=tmp_path / "a.jsonl"))
        run_cases(cases, other, Trial(record=tmp_path / "b.jsonl"))
    runs = [
        run_cases(cases, Settings(recordings=str(tmp_path / name), prompts=prompts))
        for name, prompts in (("a.jsonl", ""), ("b.jsonl", other.prompts))
    ]
    found = told(runs[0], runs[1], cases, tmp_path / "empty")
    assert not found.unknown
    blamed = {each.metric: each.stage for each in found.metrics}
    assert blamed["conflict_precision"] is Stage.VERIFICATION
    assert set(blamed.values()) == {Stage.VERIFICATION}


def test_what_the_code_made_of_the_same_answers_is_the_decidings_doing(
    server: ModelServer, cases: Sequence[CaseFolder], tmp_path: Path
) -> None:
    chosen = settings(server, tmp_path / "cache", model="rule-1")
    now = run_cases(cases, chosen)
    better = [
        replace(each, metrics={**each.metrics, "unique_precision": Ratio(99, 100)})
        for each in now.results
    ]
    then = replace(now, code="0" * 64, results=tuple(better))
    found = told(then, now, cases, tmp_path / "cache")
    assert found.differing == (Stage.DECIDING,)
    (each,) = found.metrics
    assert (each.metric, each.stage) == ("unique_precision", Stage.DECIDING)
    assert each.together == pytest.approx(0.0)


def test_engines_are_told_apart_by_stage_too(
    server: ModelServer, cases: Sequence[CaseFolder], tmp_path: Path
) -> None:
    offline = Settings(engine="extractive", judge="lexical", cache_dir=str(tmp_path / "cache"))
    then = run_cases(cases, offline)
    now = run_cases(cases, settings(server, tmp_path / "cache", model="rule-1"))
    assert differing_stages(then, now) == (Stage.EXTRACTION, Stage.ALIGNMENT, Stage.VERIFICATION)
    assert differing_stages(then, then) == ()


def test_a_run_is_found_again_whatever_server_the_environment_names_now(
    server: ModelServer, cases: Sequence[CaseFolder], tmp_path: Path
) -> None:
    before, after = pair(server, cases, tmp_path, verify_statements=with_opinions)
    assert server.url not in repr(before.settings)
    assert before.settings["server"] == urlsplit(server.url).netloc
    chosen = Settings(cache="offline", cache_dir=str(tmp_path / "cache"))
    elsewhere = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    assert not attribute(before, after, cases, chosen, env=elsewhere).unknown


def test_a_run_of_a_server_that_nobody_knows_here_says_what_to_set(
    server: ModelServer, cases: Sequence[CaseFolder], tmp_path: Path
) -> None:
    before, after = pair(server, cases, tmp_path, verify_statements=with_opinions)
    elsewhere = Settings(cache="offline", cache_dir=str(tmp_path / "none"))
    with pytest.raises(UsageError, match=urlsplit(server.url).netloc) as caught:
        attribute(before, after, cases, elsewhere, env={})
    assert "base_url" in caught.value.hint
    assert urlsplit(server.url).path not in caught.value.message


def test_a_run_that_does_not_say_how_it_was_made_cannot_be_made_again(
    server: ModelServer, cases: Sequence[CaseFolder], tmp_path: Path
) -> None:
    run = run_cases(cases, settings(server, tmp_path / "cache", model="rule-1"))
    old = replace(run, settings={}, texts={})
    with pytest.raises(UsageError, match="does not say"):
        told(old, run, cases, tmp_path / "cache")


def test_a_case_that_has_changed_since_is_left_out(
    server: ModelServer, cases: Sequence[CaseFolder], tmp_path: Path
) -> None:
    runs = pair(server, cases, tmp_path, verify_statements=with_opinions)
    path = cases[1].folder / "a.txt"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    found: dict[str, Any] = dict(
        told(*runs, list_cases(cases[0].folder.parent), tmp_path / "cache").cases
    )
    assert list(found) == ["ferry-one"]
