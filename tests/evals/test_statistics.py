from __future__ import annotations

import math
import random
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy import stats

from summarizer.evals.compare import (
    LEVEL,
    POWER,
    Interval,
    bootstrap_interval,
    mcnemar,
    minimum_detectable_effect,
    t_interval,
)
from summarizer.evals.gate import straddles

pytestmark = pytest.mark.slow

SKEWED = [0.0, 0.0, 0.0, 0.02, 0.05, -0.01, 0.3, 0.0, 0.12, 0.04, -0.06, 0.01, 0.0, 0.2]
shares = st.floats(min_value=-1, max_value=1, allow_nan=False)


def test_the_same_values_give_the_same_interval() -> None:
    assert bootstrap_interval(SKEWED) == bootstrap_interval(SKEWED)


@hypothesis_settings(max_examples=25)
@given(st.lists(shares, min_size=2, max_size=20))
def test_a_bootstrap_interval_lies_among_the_values_and_is_finite(values: list[float]) -> None:
    found = bootstrap_interval(values)
    assert found is not None
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


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


def test_mcnemar_counts_only_cases_that_changed_sides() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(6, 0) == pytest.approx(2 / 2**6)
    assert mcnemar(3, 3) == 1


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
