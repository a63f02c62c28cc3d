from __future__ import annotations

import math
import random
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.evals import statistics
from summarizer.evals.statistics import (
    Interval,
    bootstrap_interval,
    mcnemar,
    minimum_detectable_effect,
    straddles,
    t_cdf,
    t_interval,
    t_quantile,
    wilson_interval,
)

scipy_stats = pytest.importorskip("scipy.stats")

SKEWED = [0.0, 0.0, 0.0, 0.02, 0.05, -0.01, 0.3, 0.0, 0.12, 0.04, -0.06, 0.01, 0.0, 0.2]
EVEN = [-0.1, -0.05, 0.0, 0.02, 0.03, 0.04, 0.05, 0.08, 0.1, 0.16]

shares = st.floats(min_value=-1, max_value=1, allow_nan=False)


@pytest.mark.parametrize("free", [1, 2, 3, 5, 13, 60, 400])
@pytest.mark.parametrize("share", [0.025, 0.2, 0.5, 0.8, 0.9, 0.975, 0.999])
def test_quantiles_of_student_are_those_of_scipy(free: int, share: float) -> None:
    assert t_quantile(share, free) == pytest.approx(scipy_stats.t.ppf(share, free), abs=1e-9)


@given(st.floats(min_value=-40, max_value=40), st.integers(min_value=1, max_value=500))
def test_the_distribution_of_student_is_that_of_scipy(at: float, free: int) -> None:
    assert t_cdf(at, free) == pytest.approx(scipy_stats.t.cdf(at, free), abs=1e-10)


@pytest.mark.parametrize("values", [SKEWED, EVEN])
def test_the_interval_of_student_is_that_of_scipy(values: list[float]) -> None:
    found = t_interval(values)
    test = scipy_stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((test.low, test.high), abs=1e-9)


@pytest.mark.parametrize("values", [SKEWED, EVEN])
def test_the_bootstrap_is_that_of_scipy(values: list[float]) -> None:
    found = bootstrap_interval(values, resamples=20_000)
    other = scipy_stats.bootstrap(
        (values,), fmean, vectorized=False, n_resamples=20_000, method="BCa", rng=1
    ).confidence_interval
    assert found is not None
    width = other.high - other.low
    assert found.low == pytest.approx(other.low, abs=0.03 * width)
    assert found.high == pytest.approx(other.high, abs=0.03 * width)


def test_the_number_of_draws_is_enough_for_the_ends_to_hold_still() -> None:
    ends = [bootstrap_interval(SKEWED, seed=seed) for seed in range(12)]
    lows = [each.low for each in ends if each]
    highs = [each.high for each in ends if each]
    width = fmean(highs) - fmean(lows)
    assert stdev(lows) < 0.03 * width
    assert stdev(highs) < 0.03 * width


def test_the_same_values_give_the_same_interval() -> None:
    assert bootstrap_interval(SKEWED) == bootstrap_interval(SKEWED)
    assert bootstrap_interval(SKEWED) != bootstrap_interval(SKEWED, seed=7)


@given(st.lists(shares, min_size=2, max_size=20))
def test_a_bootstrap_interval_lies_among_the_values_and_is_finite(values: list[float]) -> None:
    found = bootstrap_interval(values, resamples=100)
    assert found is not None
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


@given(st.lists(st.floats(min_value=-1, max_value=1, width=16), min_size=2, max_size=12))
def test_turned_values_give_the_turned_interval_of_student(values: list[float]) -> None:
    found, turned = t_interval(values), t_interval([-value for value in values])
    assert found is not None
    assert turned is not None
    assert (-turned.high, -turned.low) == pytest.approx((found.low, found.high), abs=1e-12)


def test_values_that_are_all_alike_have_an_interval_of_no_width() -> None:
    assert bootstrap_interval([0.25] * 5) == Interval(0.25, 0.25)
    assert not Interval(0.0, 0.0).excludes_zero
    assert Interval(0.1, 0.2).excludes_zero
    assert Interval(-0.2, -0.1).excludes_zero
    assert not Interval(-0.1, 0.2).excludes_zero


@pytest.mark.parametrize("values", [[], [0.5]])
def test_too_few_values_have_no_interval(values: list[float]) -> None:
    assert bootstrap_interval(values) is None
    assert t_interval(values) is None
    assert minimum_detectable_effect(values) is None


@pytest.mark.parametrize(("hits", "of"), [(0, 5), (5, 5), (3, 14), (1, 1), (88, 100)])
def test_the_interval_of_wilson_is_that_of_scipy(hits: int, of: int) -> None:
    found = wilson_interval(hits, of)
    other = scipy_stats.binomtest(hits, of).proportion_ci(0.95, method="wilson")
    assert found is not None
    assert (found.low, found.high) == pytest.approx((other.low, other.high), abs=1e-9)


def test_a_share_of_nothing_has_no_interval() -> None:
    assert wilson_interval(0, 0) is None


@given(st.integers(min_value=0, max_value=60), st.integers(min_value=0, max_value=60))
def test_mcnemar_is_the_binomial_test_of_scipy(lost: int, won: int) -> None:
    expected = scipy_stats.binomtest(lost, lost + won).pvalue if lost + won else 1.0
    assert mcnemar(lost, won) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("cases", [6, 14, 40])
def test_the_minimum_detectable_effect_is_found_with_the_power_it_says(cases: int) -> None:
    draw = random.Random(3)
    values = [draw.gauss(0, 0.1) for _ in range(cases)]
    effect = minimum_detectable_effect(values)
    assert effect is not None
    # The power of the t-test, from the noncentral t.
    error = stdev(values) / math.sqrt(cases)
    critical = scipy_stats.t.ppf(1 - statistics.ALPHA / 2, cases - 1)
    power = scipy_stats.nct.sf(critical, cases - 1, effect / error)
    assert power == pytest.approx(statistics.POWER, abs=0.03)


def test_without_spread_nobody_can_say_what_would_be_detected() -> None:
    assert minimum_detectable_effect([0.0, 0.0, 0.0]) is None


@pytest.mark.parametrize(
    ("samples", "shaky"),
    [([0.7, 0.9], True), ([0.8, 0.9], False), ([0.7, 0.75], False), ([], False), ([0.7], False)],
)
def test_samples_on_both_sides_of_a_threshold_are_unstable(
    samples: list[float], shaky: bool
) -> None:
    assert straddles(samples, 0.8) is shaky
