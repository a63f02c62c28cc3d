from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from summarizer.evals.compare import (
    FEWEST_PAIRS,
    Comparison,
    MetricComparison,
    Verdict,
    compare,
)
from summarizer.evals.gate import bless
from summarizer.evals.results import scores, total_usage
from summarizer.usage import Usage
from tests.support.eval_runs import make_run, of_one

pytestmark = pytest.mark.slow

RECALL, FALSE_UNIQUE = "unique_recall", "false_unique_rate"
BEFORE = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85]


def only(found: Comparison) -> MetricComparison:
    (metric,) = found.metrics
    return metric


def test_a_gain_in_every_case_is_an_improvement() -> None:
    after = [value + 0.05 + 0.01 * n for n, value in enumerate(BEFORE)]
    found = only(compare(of_one(RECALL, BEFORE), of_one(RECALL, after)))
    assert found.verdict is Verdict.IMPROVED
    assert found.before == pytest.approx(0.675)
    assert found.difference == pytest.approx(0.085)
    assert found.interval is not None
    assert found.interval.low < 0.085 < found.interval.high
    assert found.detectable is not None
    assert [change.case for change in found.better] == [f"c{n}" for n in range(7, -1, -1)]
    assert not found.worse


def test_a_loss_in_every_case_is_worse_and_so_is_a_gain_where_less_is_better() -> None:
    after = [value - 0.1 - 0.01 * n for n, value in enumerate(BEFORE)]
    assert only(compare(of_one(RECALL, BEFORE), of_one(RECALL, after))).verdict is Verdict.WORSE
    raised = only(compare(of_one(FALSE_UNIQUE, after), of_one(FALSE_UNIQUE, BEFORE)))
    assert raised.verdict is Verdict.WORSE
    assert len(raised.worse) == len(BEFORE)
    lowered = only(compare(of_one(FALSE_UNIQUE, BEFORE), of_one(FALSE_UNIQUE, after)))
    assert lowered.verdict is Verdict.IMPROVED


def test_noise_in_both_directions_shows_no_difference() -> None:
    after = [value + (0.1 if n % 2 else -0.1) for n, value in enumerate(BEFORE)]
    found = only(compare(of_one(RECALL, BEFORE), of_one(RECALL, after)))
    assert found.verdict is Verdict.NO_DIFFERENCE
    assert (len(found.better), len(found.worse)) == (4, 4)


def test_one_case_that_moves_far_shows_nothing_of_all() -> None:
    found = only(compare(of_one(RECALL, BEFORE), of_one(RECALL, [*BEFORE[:-1], 0.1])))
    assert found.verdict is Verdict.NO_DIFFERENCE
    assert [change.case for change in found.worse] == ["c7"]


def test_few_pairs_show_nothing_however_alike() -> None:
    few = FEWEST_PAIRS - 1
    after = [value + 0.2 for value in BEFORE[:few]]
    found = only(compare(of_one(RECALL, BEFORE[:few]), of_one(RECALL, after)))
    assert found.verdict is Verdict.NO_DIFFERENCE
    assert found.pairs == few


@hypothesis_settings(max_examples=20)
@given(st.lists(st.floats(min_value=0, max_value=1), min_size=1, max_size=14))
def test_a_run_compared_with_itself_is_the_same(values: list[float]) -> None:
    run = of_one(RECALL, values)
    found = compare(run, run)
    assert found.same
    assert only(found).verdict is Verdict.NO_DIFFERENCE


def test_rounding_of_floats_is_no_difference() -> None:
    left, right = 0.1 + 0.2, 0.3
    assert left > right
    found = compare(of_one(RECALL, [left] * 8), of_one(RECALL, [right] * 8))
    assert found.same
    assert only(found).verdict is Verdict.NO_DIFFERENCE


def test_samples_of_a_case_are_averaged_before_cases_are_paired() -> None:
    before = of_one(RECALL, [[0.2, 0.4], [0.5, 0.7]])
    found = only(compare(before, of_one(RECALL, [0.4, 0.5])))
    assert found.pairs == 2
    (better,), (worse,) = found.better, found.worse
    assert (better.case, better.after) == ("c0", 0.4)
    assert better.before == pytest.approx(0.3)
    assert (worse.case, worse.after) == ("c1", 0.5)
    assert worse.before == pytest.approx(0.6)


def test_nothing_to_count_makes_no_pair_and_is_told() -> None:
    before = of_one(RECALL, [0.5, None, 0.7, None])
    found = only(compare(before, of_one(RECALL, [0.5, 0.9, None, None])))
    assert (found.pairs, found.left_out) == (1, 3)
    assert found.vanished == ("c2",)
    assert found.appeared == ("c1",)
    assert found.before == 0.5


def test_a_metric_with_nothing_to_count_anywhere_has_no_value() -> None:
    found = only(compare(of_one(RECALL, [None]), of_one(RECALL, [None])))
    assert (found.before, found.after, found.difference, found.interval) == (None,) * 4
    assert found.verdict is Verdict.NO_DIFFERENCE


def test_a_sample_with_nothing_to_count_does_not_count_as_zero() -> None:
    assert scores(of_one(RECALL, [[0.8, None]]))[RECALL]["c0"] == pytest.approx((0.8,))


def test_cases_of_one_run_only_and_changed_cases_are_not_compared() -> None:
    before = make_run({"old": {RECALL: 0.1}, "both": {RECALL: 0.5}, "edited": {RECALL: 0.1}})
    after = make_run({"both": {RECALL: 0.5}, "new": {RECALL: 0.9}, "edited": {RECALL: 0.9}})
    after = replace(after, digests={**after.digests, "edited": "another"})
    found = compare(before, after)
    assert found.cases == ("both",)
    assert (found.only_before, found.only_after) == (("old",), ("new",))
    assert found.changed == ("edited",)
    assert only(found).pairs == 1


def test_a_baseline_can_stand_for_the_run_it_was_made_of() -> None:
    blessed = make_run({"a": {RECALL: 1 / 3, "link_f1": None}, "b": {RECALL: 2 / 3, "link_f1": 1}})
    floors = bless(blessed, "extractive").baseline
    assert compare(floors.as_run(), blessed).same


def test_usage_is_summed_and_an_unknown_price_stays_unknown() -> None:
    run = of_one(RECALL, [0.5, 0.5])
    assert total_usage(run) == Usage(calls=4, cached_calls=2, cost_usd=0.02, seconds=1.0)
    dear = replace(run.results[0], usage=Usage(calls=1, cost_usd=None))
    assert total_usage(replace(run, results=(dear, run.results[1]))).cost_usd is None
    idle = replace(run.results[0], usage=Usage(cost_usd=None))
    assert total_usage(replace(run, results=(idle, run.results[1]))).cost_usd == 0.01
