from __future__ import annotations

import math
import random
from statistics import stdev

import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import stats

from summarizer.evals.compare import (
    LEVEL,
    POWER,
    Interval,
    mean_interval,
    minimum_detectable_effect,
)
from summarizer.evals.gate import straddles

pytestmark = pytest.mark.slow

SPREAD = 1e-6
shares = st.floats(min_value=-1, max_value=1, allow_nan=False)


@hypothesis_settings(max_examples=25)
@given(st.lists(shares, min_size=2, max_size=20))
def test_the_interval_is_that_of_the_t_test(values: list[float]) -> None:
    # Of values that hardly differ, scipy's test warns that it cannot tell their spread.
    assume(max(values) - min(values) > SPREAD)
    found = mean_interval(values)
    assert found is not None
    tested = stats.ttest_1samp(values, 0).confidence_interval(LEVEL)
    assert (found.low, found.high) == pytest.approx((tested.low, tested.high), nan_ok=True)


def test_values_that_are_all_alike_have_an_interval_of_no_width() -> None:
    assert mean_interval([0.25] * 5) == Interval(0.25, 0.25)
    assert not Interval(0.0, 0.0).excludes_zero
    assert Interval(0.1, 0.2).excludes_zero
    assert Interval(-0.2, -0.1).excludes_zero
    assert not Interval(-0.1, 0.2).excludes_zero


@pytest.mark.parametrize("values", [[], [0.5]])
def test_too_few_values_have_no_interval(values: list[float]) -> None:
    assert mean_interval(values) is None
    assert minimum_detectable_effect(values) is None


@pytest.mark.parametrize("cases", [6, 14, 40])
def test_the_minimum_detectable_effect_is_found_with_the_power_it_says(cases: int) -> None:
    draw = random.Random(3)
    values = [draw.gauss(0, 0.1) for _ in range(cases)]
    effect = minimum_detectable_effect(values)
    assert effect is not None
    # The power of the t-test, from the noncentral t.
    error = stdev(values) / math.sqrt(cases)
    critical = stats.t.ppf((1 + LEVEL) / 2, cases - 1)
    power = stats.nct.sf(critical, cases - 1, effect / error)
    assert power == pytest.approx(POWER, abs=0.03)


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
