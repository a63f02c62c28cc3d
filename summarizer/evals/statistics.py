"""What a difference between two runs is worth.

Cases are the unit: two runs are paired by case, samples of one case are averaged first. The
intervals are scipy's, which is loaded only when one is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

LEVEL = 0.95
"""Share of repetitions in which an interval is to hold the true value; the usual one."""
POWER = 0.8
"""How often the minimum detectable effect would be detected; the usual one."""
RESAMPLES = 5_000
"""Draws of a bootstrap: its ends then vary by about 2 % of the interval's width."""
ROUNDING = 1e-12
"""Values closer together than this are alike: adding floats in another order parts them so."""
SEED = 20_240
"""Any number; one that stays, so that the same runs always give the same interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval for a mean, a share or a difference."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def bootstrap_interval(values: Sequence[float]) -> Interval | None:
    """Return the BCa bootstrap interval of the mean (Efron 1987); None below two values."""
    if len(values) < 2:
        return None
    if max(values) - min(values) < ROUNDING:
        return Interval(fmean(values), fmean(values))
    import numpy as np
    from scipy import stats

    drawn = stats.bootstrap(
        (values,), np.mean, n_resamples=RESAMPLES, confidence_level=LEVEL, rng=SEED
    )
    low, high = drawn.confidence_interval
    return Interval(float(low), float(high))


def t_interval(values: Sequence[float]) -> Interval | None:
    """Return Student's interval of the mean; None below two values."""
    if len(values) < 2:
        return None
    half = _t_quantile((1 + LEVEL) / 2, len(values) - 1) * _standard_error(values)
    return Interval(fmean(values) - half, fmean(values) + half)


def minimum_detectable_effect(values: Sequence[float]) -> float | None:
    """Return the least mean difference that so many cases would show, as a share.

    From the spread of the paired differences: (t[1 - alpha/2] + t[power]) times the standard
    error (Bloom 1995, "Minimum detectable effects"). None below two values, and where they
    have no spread to tell it from.
    """
    if len(values) < 2 or max(values) == min(values):
        return None
    free = len(values) - 1
    reach = _t_quantile((1 + LEVEL) / 2, free) + _t_quantile(POWER, free)
    return reach * _standard_error(values)


def mcnemar(only_before: int, only_after: int) -> float:
    """Return the exact two-sided p of McNemar's test (McNemar 1947).

    Args:
        only_before: Cases that pass before and fail after.
        only_after: Cases that fail before and pass after.
    """
    flips = only_before + only_after
    tail = sum(math.comb(flips, number) for number in range(min(only_before, only_after) + 1))
    return float(min(1.0, 2 * tail / 2**flips))


def straddles(samples: Sequence[float], threshold: float, *, slack: float = 1e-9) -> bool:
    """Return whether some of the samples lie below ``threshold`` and some do not."""
    below = [sample < threshold - slack for sample in samples]
    return any(below) and not all(below)


def _standard_error(values: Sequence[float]) -> float:
    return stdev(values) / math.sqrt(len(values))


def _t_quantile(share: float, free: int) -> float:
    from scipy import stats

    return float(stats.t.ppf(share, free))
