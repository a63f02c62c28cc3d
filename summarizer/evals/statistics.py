"""What a difference between two runs is worth.

Cases are the unit: two runs are paired by case, samples of one case are averaged first.
Everything is written out here, so that nothing heavy need be installed to gate a prompt;
the tests hold each function against scipy.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist, fmean, stdev

LEVEL = 0.95
"""Share of repetitions in which an interval is to hold the true value; the usual one."""
ALPHA = 1 - LEVEL
"""How often a difference may be called one that is none (two-sided)."""
POWER = 0.8
"""How often the minimum detectable effect would be detected; the usual one."""
RESAMPLES = 5_000
"""Draws of a bootstrap: its ends then vary by about 2 % of the interval's width."""
SEED = 20_240
"""Any number; one that stays, so that the same runs always give the same interval."""

_NORMAL = NormalDist()
_TINY = 1e-300
_CLOSE = 1e-15
_TERMS = 300
"""Of a continued fraction that needs about 30 for the sizes here."""
_HALVINGS = 200


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval for a mean or a share."""

    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0 or self.high < 0


def bootstrap_interval(
    values: Sequence[float], *, level: float = LEVEL, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval | None:
    """Return the BCa bootstrap interval of the mean; None below two values.

    Cases are drawn with replacement. BCa (Efron 1987, "Better bootstrap confidence
    intervals") corrects the percentiles for bias and skew.
    """
    if len(values) < 2:
        return None
    mean = fmean(values)
    if max(values) == min(values):
        return Interval(mean, mean)
    draw = random.Random(seed)
    count = len(values)
    means = sorted(math.fsum(draw.choices(values, k=count)) / count for _ in range(resamples))
    below = sum(each < mean for each in means) + sum(each == mean for each in means) / 2
    # A mean that no draw passes would be infinitely far off.
    bias = _NORMAL.inv_cdf(min(max(below / resamples, 1 / resamples), 1 - 1 / resamples))
    skew = _acceleration(values)

    def end(share: float) -> float:
        away = bias + _NORMAL.inv_cdf(share)
        return _quantile(means, _NORMAL.cdf(bias + away / (1 - skew * away)))

    return Interval(end((1 - level) / 2), end((1 + level) / 2))


def _acceleration(values: Sequence[float]) -> float:
    """Return the skew of the mean as leaving out one value at a time shows it."""
    mean = fmean(values)
    # Leaving x out moves the mean by (mean - x) / (n - 1); a constant factor cancels, so that
    # the largest move may be made 1 and no power of a small one vanishes.
    largest = max(abs(value - mean) for value in values)
    moves = [(value - mean) / largest for value in values] if largest else [1.0, -1.0]
    square = math.fsum(move**2 for move in moves)
    return math.fsum(move**3 for move in moves) / (6 * square * math.sqrt(square))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value at ``share``, linear between neighbours (numpy's default)."""
    place = share * (len(ordered) - 1)
    low = min(max(math.floor(place), 0), len(ordered) - 1)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def t_interval(values: Sequence[float], *, level: float = LEVEL) -> Interval | None:
    """Return Student's interval of the mean; None below two values."""
    if len(values) < 2:
        return None
    mean = fmean(values)
    half = t_quantile((1 + level) / 2, len(values) - 1) * stdev(values) / math.sqrt(len(values))
    return Interval(mean - half, mean + half)


def wilson_interval(hits: float, of: float, *, level: float = LEVEL) -> Interval | None:
    """Return Wilson's score interval of a share (Wilson 1927); None of nothing."""
    if not of:
        return None
    z = _NORMAL.inv_cdf((1 + level) / 2)
    share, room = hits / of, z * z / of
    middle = (share + room / 2) / (1 + room)
    half = z / (1 + room) * math.sqrt(share * (1 - share) / of + room / (4 * of))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def mcnemar(only_before: int, only_after: int) -> float:
    """Return the exact two-sided p of McNemar's test (McNemar 1947).

    Args:
        only_before: Cases that pass before and fail after.
        only_after: Cases that fail before and pass after.
    """
    flips = only_before + only_after
    fewer = min(only_before, only_after)
    tail = sum(math.comb(flips, number) for number in range(fewer + 1))
    return float(min(1.0, 2 * tail / 2**flips))


def minimum_detectable_effect(
    values: Sequence[float], *, alpha: float = ALPHA, power: float = POWER
) -> float | None:
    """Return the least mean difference that so many cases would show, as a share.

    From the spread of the paired differences: (t[1 - alpha/2] + t[power]) times the standard
    error (Bloom 1995, "Minimum detectable effects"). None below two values, and where they
    have no spread to tell it from.
    """
    if len(values) < 2 or max(values) == min(values):
        return None
    free = len(values) - 1
    reach = t_quantile(1 - alpha / 2, free) + t_quantile(power, free)
    return reach * stdev(values) / math.sqrt(len(values))


def straddles(samples: Sequence[float], threshold: float, *, slack: float = 1e-9) -> bool:
    """Return whether some of the samples lie below ``threshold`` and some do not."""
    below = [sample < threshold - slack for sample in samples]
    return any(below) and not all(below)


@lru_cache(maxsize=256)
def t_quantile(share: float, free: int) -> float:
    """Return the quantile of Student's t with ``free`` degrees of freedom."""
    if share < 0.5:
        return -t_quantile(1 - share, free)
    high = 1.0
    while t_cdf(high, free) < share:
        high *= 2
    return _bisected(lambda at: t_cdf(at, free) - share, 0.0, high)


def t_cdf(at: float, free: int) -> float:
    """Return how likely Student's t with ``free`` degrees of freedom is at most ``at``."""
    # Not by way of the tails, whose sum near the middle is too close to 1 to be told from it.
    within = _incomplete_beta(at * at / (free + at * at), 0.5, free / 2)
    return 0.5 + math.copysign(within, at) / 2


def _bisected(function: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function (Numerical Recipes, 6.4)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(log_front + a * math.log(x) + b * math.log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _continued_fraction(1 - x, b, a) / b
    return front * _continued_fraction(x, a, b) / a


def _continued_fraction(x: float, a: float, b: float) -> float:
    """Return the fraction of the incomplete beta function, by Lentz's method."""
    numerator, denominator = 1.0, 1 / _apart(1 - (a + b) * x / (a + 1))
    value = denominator
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            denominator = 1 / _apart(1 + term * denominator)
            numerator = _apart(1 + term / numerator)
            value *= numerator * denominator
        if abs(numerator * denominator - 1) < _CLOSE:
            break
    return value


def _apart(value: float) -> float:
    """Return ``value``, kept away from zero, by which it is about to divide."""
    return value if abs(value) > _TINY else _TINY
