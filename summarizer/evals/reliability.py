"""How well a judge's probabilities agree with labels of people.

Written out here, so that nothing heavy need be installed to test a judge; the tests hold
each figure against scikit-learn. A figure that cannot be had, such as an accuracy where only
one label occurs, is None.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from math import fsum
from statistics import quantiles

from summarizer.evals.statistics import SEED, Interval

BINS = 10
"""Bins of equal width from 0 to 1: what calibration errors are usually given with."""

RESAMPLES = 1_000
"""Draws of the bootstrap: its ends then vary by about 5 % of the interval's width, and a
thousand pairs take a second."""

PARTS = 40
"""A percentile interval of 95 % ends at the first and the last of 39 cuts into equal parts."""


@dataclass(frozen=True, slots=True)
class Point:
    """One pair: what the judge says, and what people say.

    Args:
        probability: That the document supports the claim, 0 to 1.
        supported: The label.
        taken: Whether the judge, at its threshold, takes the claim for supported.
    """

    probability: float
    supported: bool
    taken: bool


Points = Sequence[Point]
Figure = Callable[[Points], float | None]


@dataclass(frozen=True, slots=True)
class Bin:
    """The pairs with a probability above ``low`` and up to ``high``; the first has 0 too.

    ``said`` is the mean probability, ``were`` the share labelled supported; None of none.
    """

    low: float
    high: float
    pairs: int
    said: float | None
    were: float | None


def balanced_accuracy(points: Points) -> float | None:
    """Return the mean of the shares judged rightly among supported and unsupported claims.

    Brodersen et al. 2010, "The balanced accuracy and its posterior distribution".
    """
    supported = [point.taken for point in points if point.supported]
    unsupported = [not point.taken for point in points if not point.supported]
    if not supported or not unsupported:
        return None
    return (sum(supported) / len(supported) + sum(unsupported) / len(unsupported)) / 2


def roc_auc(points: Points) -> float | None:
    """Return how likely a supported claim has a higher probability than an unsupported one.

    Ties count half: the Mann-Whitney statistic, which is the area under the ROC curve
    (Hanley and McNeil 1982, "The meaning and use of the area under a ROC curve").
    """
    below = wins = 0.0
    ordered = sorted(points, key=_probability)
    for _, tied in groupby(ordered, key=_probability):
        labels = [point.supported for point in tied]
        supported = sum(labels)
        unsupported = len(labels) - supported
        wins += supported * (below + unsupported / 2)
        below += unsupported
    pairs = below * (len(points) - below)
    return wins / pairs if pairs else None


def calibration_error(points: Points) -> float | None:
    """Return the expected calibration error: how far, on average, probability and truth differ.

    The mean over ``BINS`` bins of equal width, weighted by their pairs, of the difference
    between the mean probability and the share supported (Naeini et al. 2015, "Obtaining well
    calibrated probabilities using Bayesian binning"; Guo et al. 2017).
    """
    if not points:
        return None
    off = (
        each.pairs * abs(each.said - each.were)
        for each in reliability(points)
        if each.said is not None and each.were is not None
    )
    return fsum(off) / len(points)


def reliability(points: Points) -> tuple[Bin, ...]:
    """Return the reliability table: for each bin what was said, and what was the case."""
    edges = [number / BINS for number in range(1, BINS)]
    found: list[list[Point]] = [[] for _ in range(BINS)]
    for point in points:
        found[bisect_left(edges, point.probability)].append(point)
    return tuple(_bin(number, each) for number, each in enumerate(found))


def best_threshold(points: Points) -> float | None:
    """Return the threshold with the best balanced accuracy; None where one label is missing.

    It lies half-way between two probabilities that occur; of equally good ones it is the
    lowest. What was ``taken`` before is not looked at.
    """
    supported = sum(point.supported for point in points)
    unsupported = len(points) - supported
    if not supported or not unsupported:
        return None
    kept, refused, before = supported, 0, 0.0
    best, threshold = 0.0, 0.0
    for probability, tied in groupby(sorted(points, key=_probability), key=_probability):
        share = kept / supported + refused / unsupported
        if share > best:
            middle = (before + probability) / 2
            # Between neighbouring floats there is nothing.
            best, threshold = share, middle if middle > before else probability
        labels = [point.supported for point in tied]
        kept, refused = kept - sum(labels), refused + labels.count(False)
        before = probability
    return threshold


def clustered_intervals(
    clusters: Iterable[Points],
    figures: Mapping[str, Figure],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> dict[str, Interval | None]:
    """Return the percentile bootstrap interval (95 %) of each figure.

    Whole clusters are drawn with replacement, since claims about one document are right and
    wrong together (Field and Welsh 2007, "Bootstrapping clustered data"). Draws in which a
    figure cannot be had are left out; below two clusters there is no interval.

    Args:
        clusters: The pairs of each document.
        figures: What is computed of them, by name.
        resamples: How often.
        seed: Of the draws.
    """
    listed = list(clusters)
    if len(listed) < 2:
        return dict.fromkeys(figures)
    draw = random.Random(seed)
    found: dict[str, list[float]] = {name: [] for name in figures}
    for _ in range(resamples):
        drawn = list(chain.from_iterable(draw.choices(listed, k=len(listed))))
        for name, figure in figures.items():
            value = figure(drawn)
            if value is not None:
                found[name].append(value)
    return {name: _percentiles(values) for name, values in found.items()}


def _percentiles(values: Sequence[float]) -> Interval | None:
    if len(values) < 2:
        return None
    cuts = quantiles(values, n=PARTS, method="inclusive")
    return Interval(cuts[0], cuts[-1])


def _bin(number: int, points: Points) -> Bin:
    low, high, count = number / BINS, (number + 1) / BINS, len(points)
    if not count:
        return Bin(low, high, 0, None, None)
    said = fsum(map(_probability, points)) / count
    return Bin(low, high, count, said, sum(point.supported for point in points) / count)


def _probability(point: Point) -> float:
    return point.probability
