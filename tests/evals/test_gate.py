from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from summarizer.errors import GateFailed, InputError, UsageError
from summarizer.evals.gate import (
    ALL_CASES,
    CASE_TOLERANCE,
    JUDGE,
    MEAN_TOLERANCE,
    RUN,
    GateLine,
    Outcome,
    bless,
    gate,
)
from summarizer.evals.labelled_report import Ratio
from summarizer.evals.metrics import METRICS
from summarizer.evals.results import (
    Baseline,
    Mark,
    Run,
    baseline_path,
    kept_path,
    load_baseline,
    load_run,
    save,
)
from tests.support.eval_runs import GOOD_JUDGE, make_run, of_one

pytestmark = pytest.mark.slow

RECALL, FALSE_UNIQUE = "unique_recall", "false_unique_rate"
VALUES = [0.5, 2 / 3, 0.7, 1.0]
SAMPLING: dict[str, Any] = {"engine": "openai", "judge": "llm", "model": "gull-1"}


def blessed(run: Run) -> Baseline:
    return bless(run, run.engine).baseline


def failed(run: Run, baseline: Baseline, **how: bool) -> list[tuple[str, str | None]]:
    return [(line.about, line.metric) for line in gate(run, baseline, **how).failed]


def test_a_run_passes_the_baseline_made_of_it_however_often() -> None:
    run = make_run({f"c{n}": {name: (n + 1) / 7 for name in METRICS} for n in range(6)})
    baseline = blessed(run)
    assert all(gate(run, baseline).passed for _ in range(20))


@hypothesis_settings(max_examples=50)
@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=12), st.booleans())
def test_any_run_passes_the_baseline_made_of_it(values: list[float], sampling: bool) -> None:
    other = SAMPLING if sampling else {}
    for metric in (RECALL, FALSE_UNIQUE):
        run = of_one(metric, values, **other)
        assert gate(run, blessed(run)).passed


def test_a_fall_of_one_case_fails_though_the_mean_rises() -> None:
    baseline = blessed(of_one(RECALL, VALUES))
    worse = of_one(RECALL, [0.45, 0.9, 0.9, 1.0])
    assert failed(worse, baseline) == [("c0", RECALL)]
    result = gate(worse, baseline)
    assert result.cases == ("c0",)
    assert "0.450, at least 0.500 wanted" in result.failed[0].text


def test_a_fall_of_the_mean_is_a_line_of_its_own() -> None:
    baseline = blessed(of_one(RECALL, VALUES))
    assert failed(of_one(RECALL, [0.4, *VALUES[1:]]), baseline) == [
        (ALL_CASES, RECALL),
        ("c0", RECALL),
    ]


def test_where_less_is_better_the_floor_is_a_ceiling() -> None:
    baseline = blessed(of_one(FALSE_UNIQUE, [0.1, 1 / 3]))
    assert baseline.cases["c1"][FALSE_UNIQUE].floor == 0.334
    assert gate(of_one(FALSE_UNIQUE, [0.0, 0.2]), baseline).passed
    assert ("c0", FALSE_UNIQUE) in failed(of_one(FALSE_UNIQUE, [0.12, 0.3]), baseline)


def test_what_is_not_gated_may_fall_and_is_kept_for_comparing() -> None:
    baseline = blessed(of_one("link_precision", [0.9]))
    assert baseline.cases["c0"]["link_precision"] == Mark(floor=None, observed=0.9)
    assert gate(of_one("link_precision", [0.1]), baseline).passed


def test_nothing_to_count_where_there_was_something_fails() -> None:
    baseline = blessed(of_one(RECALL, [0.5, 0.7]))
    result = gate(of_one(RECALL, [0.9, None]), baseline)
    assert ("c1", RECALL) in [(line.about, line.metric) for line in result.failed]
    assert "nothing to count" in result.failed[-1].text


def test_where_there_was_nothing_to_count_there_is_no_floor() -> None:
    baseline = blessed(of_one(RECALL, [0.5, None]))
    assert baseline.cases["c1"][RECALL] == Mark(None, None)
    # The mean is held, the case is not.
    assert failed(of_one(RECALL, [0.5, 0.1]), baseline) == [(ALL_CASES, RECALL)]


def test_a_missing_metric_fails_like_one_with_nothing_to_count() -> None:
    baseline = blessed(make_run({"a": {RECALL: 0.5, "coverage": 0.5}}))
    gone = make_run({"a": {RECALL: 0.5}})
    assert failed(gone, baseline) == [(ALL_CASES, "coverage"), ("a", "coverage")]


def test_a_changed_case_fails_and_says_to_bless() -> None:
    run = of_one(RECALL, VALUES)
    changed = replace(run, digests={**run.digests, "c2": "another"})
    result = gate(changed, blessed(run))
    assert [(line.about, line.metric) for line in result.failed] == [("c2", None)]
    assert "bless" in result.failed[0].text
    assert any(line.about == ALL_CASES for line in result.noted)


def test_a_missing_case_fails_unless_only_some_were_asked_for() -> None:
    baseline = blessed(of_one(RECALL, VALUES))
    some = of_one(RECALL, VALUES[:2], judge_metrics={})
    assert failed(some, baseline) == [(JUDGE, None), ("c2", None), ("c3", None)]
    assert gate(some, baseline, partial=True).passed
    assert failed(of_one(RECALL, [0.1]), baseline, partial=True) == [("c0", RECALL)]


def test_a_new_case_is_noted() -> None:
    result = gate(of_one(RECALL, [*VALUES, 0.0]), blessed(of_one(RECALL, VALUES)))
    assert result.passed
    assert [line.about for line in result.noted] == ["c4"]


def test_other_model_prompts_and_code_are_noted() -> None:
    baseline = blessed(of_one(RECALL, VALUES))
    other = of_one(
        RECALL, VALUES, model="gull-2", code="f" * 64, prompts={"extract_claims": "cd" * 32}
    )
    result = gate(other, baseline)
    assert result.passed
    told = " ".join(line.text for line in result.noted)
    assert {line.about for line in result.noted} == {RUN}
    assert "gull-2" in told
    assert "extract_claims" in told
    assert "ffffffffffff" in told


def test_a_case_that_broke_off_fails() -> None:
    run = of_one(RECALL, VALUES)
    broken = replace(run.results[0], failures=("extract: no answer in time",))
    result = gate(replace(run, results=(broken, *run.results[1:])), blessed(run))
    assert [line.about for line in result.failed] == ["c0"]
    assert "no answer in time" in result.failed[0].text


def test_samples_on_both_sides_of_a_floor_are_marked_and_their_mean_decides() -> None:
    baseline = replace(
        blessed(of_one(RECALL, [0.5])), cases={"c0": {RECALL: Mark(0.5, 0.5)}}, means={}
    )
    (line,) = [x for x in gate(of_one(RECALL, [[0.4, 0.8]]), baseline).lines if x.about == "c0"]
    assert line.unstable
    assert line.outcome is Outcome.PASSED
    (line,) = [x for x in gate(of_one(RECALL, [[0.1, 0.8]]), baseline).lines if x.about == "c0"]
    assert line.unstable
    assert line.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("kind", "ratio"), [("date", Ratio(8, 10)), ("false_alarms", Ratio(3, 40))]
)
def test_a_judge_below_its_floor_fails(kind: str, ratio: Ratio) -> None:
    run = of_one(RECALL, VALUES)
    poor = replace(run, judge_metrics={**GOOD_JUDGE, kind: ratio})
    result = gate(poor, blessed(run))
    assert [(line.about, line.metric) for line in result.failed] == [(JUDGE, kind)]
    assert result.judge_failed
    with pytest.raises(UsageError, match="would fall"):
        bless(poor, "extractive", blessed(run))
    lowered = bless(poor, "extractive", blessed(run), allow_regression=True)
    assert gate(poor, lowered.baseline).passed


def test_other_planted_errors_need_other_floors() -> None:
    run = of_one(RECALL, VALUES, planted="one set")
    other = replace(run, planted="another", judge_metrics={**GOOD_JUDGE, "date": Ratio(95, 100)})
    result = gate(other, blessed(run))
    assert [(line.about, line.metric) for line in result.failed] == [(JUDGE, None)]
    assert "planted errors have changed" in result.failed[0].text
    again = bless(other, "extractive", blessed(run))
    assert again.lowered == (), "a floor on other errors is none"
    assert again.baseline.judge_metrics["date"].floor == 0.95
    assert gate(other, again.baseline).passed


def test_an_untested_judge_fails() -> None:
    run = of_one(RECALL, VALUES)
    untested = replace(run, judge_metrics={"number": Ratio(0, 0)})
    assert failed(untested, blessed(run)) == [(JUDGE, None)]


def test_a_judge_that_was_not_tested_on_one_kind_any_more_fails() -> None:
    run = of_one(RECALL, VALUES)
    less = {kind: ratio for kind, ratio in GOOD_JUDGE.items() if kind != "date"}
    assert failed(replace(run, judge_metrics=less), blessed(run)) == [(JUDGE, "date")]


def test_floors_of_a_deterministic_engine_are_rounded_and_have_no_tolerance() -> None:
    marks = blessed(of_one(RECALL, [2 / 3])).cases["c0"]
    assert marks[RECALL] == Mark(floor=0.666, observed=2 / 3 * 20 / 20)
    assert blessed(of_one(RECALL, [0.29])).cases["c0"][RECALL].floor == 0.29


def test_floors_where_a_model_samples_have_a_tolerance() -> None:
    baseline = blessed(of_one(RECALL, [0.8, 0.02], **SAMPLING))
    assert baseline.cases["c0"][RECALL].floor == pytest.approx(0.8 - CASE_TOLERANCE)
    assert baseline.cases["c1"][RECALL].floor == 0
    assert baseline.means[RECALL].floor == pytest.approx(0.41 - MEAN_TOLERANCE)


def test_blessing_refuses_to_lower_a_floor_and_names_what_would_fall() -> None:
    baseline = blessed(of_one(RECALL, VALUES))
    worse = of_one(RECALL, [0.4, *VALUES[1:]])
    with pytest.raises(UsageError, match=r"c0: unique recall 0\.500 -> 0\.400") as refused:
        bless(worse, "extractive", baseline)
    assert "--allow-regression" in refused.value.hint
    allowed = bless(worse, "extractive", baseline, allow_regression=True)
    assert allowed.baseline.cases["c0"][RECALL].floor == 0.4
    assert len(allowed.lowered) == 2
    assert gate(worse, allowed.baseline).passed


def test_blessing_refuses_what_has_nothing_to_count_any_more() -> None:
    baseline = blessed(of_one(RECALL, [0.5, 0.7]))
    with pytest.raises(UsageError, match="nothing to count"):
        bless(of_one(RECALL, [0.6, None]), "extractive", baseline)


def test_blessing_raises_floors_and_keeps_the_stricter_one() -> None:
    first = blessed(of_one(RECALL, [0.8, 0.6], **SAMPLING))
    # Within the tolerance of c0, which is no reason to lower its floor.
    again = bless(of_one(RECALL, [0.78, 0.9], **SAMPLING), "openai", first)
    assert again.baseline.cases["c0"][RECALL] == Mark(first.cases["c0"][RECALL].floor, 0.78)
    assert again.baseline.cases["c1"][RECALL].floor == pytest.approx(0.85)
    assert again.lowered == ()


def test_blessing_names_cases_that_are_new_changed_or_gone() -> None:
    first = of_one(RECALL, VALUES)
    second = make_run({"c0": {RECALL: 0.5}, "c1": {RECALL: 0.1}, "new": {RECALL: 0.2}})
    second = replace(second, digests={**second.digests, "c1": "relabelled"})
    with pytest.raises(UsageError, match="c2, c3 would lose their floors"):
        bless(second, "extractive", blessed(first))
    done = bless(second, "extractive", blessed(first), allow_regression=True)
    assert (done.new, done.relabelled, done.gone) == (("new",), ("c1",), ("c2", "c3"))
    assert done.lowered == ()


def test_a_relabelled_case_gets_new_floors_without_asking() -> None:
    first = of_one(RECALL, VALUES)
    second = of_one(RECALL, [0.1, *VALUES[1:]])
    second = replace(second, digests={**second.digests, "c0": "relabelled"})
    done = bless(second, "extractive", blessed(first))
    assert done.baseline.cases["c0"][RECALL].floor == 0.1
    assert gate(second, done.baseline).passed


def test_blessing_refuses_a_run_that_failed_or_whose_judge_was_not_tested() -> None:
    run = of_one(RECALL, VALUES)
    broken = replace(run, results=(replace(run.results[0], failures=("x",)), *run.results[1:]))
    for bad, why in (
        (broken, "c0 failed"),
        (replace(run, judge_metrics={}), "not tested"),
        (replace(run, results=()), "no results"),
    ):
        with pytest.raises(UsageError, match=why):
            bless(bad, "extractive", allow_regression=True)


def test_blessing_refuses_the_run_of_another_engine() -> None:
    baseline = blessed(of_one(RECALL, VALUES))
    with pytest.raises(UsageError, match="of extractive and lexical, the run of openai and llm"):
        bless(of_one(RECALL, [1.0] * 4, **SAMPLING), "extractive", baseline)


def test_runs_and_baselines_come_back_from_disk_as_they_were(tmp_path: Path) -> None:
    run = of_one(RECALL, [[1 / 3, None], [0.1 + 0.2]], **SAMPLING)
    broken = replace(run.results[0], failures=("„Ünlesbar“ \x1b[31m",))
    kept = replace(run, results=(broken, *run.results[1:]))
    save(kept, tmp_path / "runs" / "last.json")
    assert load_run(tmp_path / "runs" / "last.json") == kept
    baseline = blessed(run)
    save(baseline, tmp_path / "b.json")
    assert load_baseline(tmp_path / "b.json") == baseline
    assert gate(load_run(tmp_path / "runs" / "last.json"), load_baseline(tmp_path / "b.json")).lines
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["last.json"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema_version": 2}, "schema_version"),
        ({"floors": {}}, "floors"),
        (
            {"results": [{"case": "a", "sample": 0, "metrics": {"m": {"hits": 3, "of": 2}}}]},
            "no share",
        ),
        (
            {"results": [{"case": "a", "sample": 0, "metrics": {"m": {"hits": -1, "of": 2}}}]},
            "no share",
        ),
        ({"code": None}, "code"),
    ],
)
def test_a_damaged_run_is_named_with_the_place(
    tmp_path: Path, change: dict[str, object], told: str
) -> None:
    path = tmp_path / "run.json"
    save(of_one(RECALL, VALUES), path)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), encoding="utf-8")
    with pytest.raises(InputError, match=told) as refused:
        load_run(path)
    assert str(path) in refused.value.message


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"schema_version": NaN}'])
def test_what_is_no_run_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(content)
    for load in (load_run, load_baseline):
        with pytest.raises(InputError, match=r"run\.json"):
            load(path)


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        load_run(tmp_path / "none.json")
    assert "eval run" in refused.value.hint
    with pytest.raises(UsageError) as refused:
        load_baseline(tmp_path / "none.json")
    assert "eval bless" in refused.value.hint


def test_a_run_that_cannot_be_written_leaves_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(UsageError, match="Cannot write"):
        save(of_one(RECALL, VALUES), tmp_path / "runs" / "last.json")


def test_runs_are_found_by_name_and_baselines_stay_in_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "evals").mkdir()
    monkeypatch.chdir(tmp_path)
    assert kept_path("last") == Path("evals/runs/last.json")
    assert kept_path("x.json") == Path("x.json")
    save(of_one(RECALL, VALUES), Path("evals/runs/monday.json"))
    assert kept_path("monday") == Path("evals/runs/monday.json")
    for name in ("../escape", "", ".hidden", "a/b"):
        with pytest.raises(UsageError, match="name of a baseline"):
            baseline_path(name)


def test_a_gate_that_failed_leaves_with_100() -> None:
    assert GateFailed("x").exit_code == 100


def test_a_small_fall_anywhere_is_caught_where_nothing_samples() -> None:
    draw = random.Random(5)
    cases = {f"c{n}": {name: draw.uniform(0.2, 0.8) for name in METRICS} for n in range(14)}
    baseline = blessed(make_run(cases))
    for name, metric in METRICS.items():
        case = draw.choice(list(cases))
        step = -0.01 if metric.higher_is_better else 0.01
        edited = cases | {case: cases[case] | {name: cases[case][name] + step}}
        lines: tuple[GateLine, ...] = gate(make_run(edited), baseline).failed
        assert bool(lines) is metric.gated
        assert {(case, name)} & {(line.about, line.metric) for line in lines} or not metric.gated
