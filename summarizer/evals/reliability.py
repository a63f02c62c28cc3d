"""How well a judge's probabilities agree with labels of people.

A figure that cannot be had, such as an accuracy where only one label occurs, is None.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from statistics import fmean
from typing import NamedTuple

from summarizer.evals.statistics import LEVEL, SEED, Interval

BINS = 10
"""Bins of equal width from 0 to 1: what calibration errors are usually given with."""

RESAMPLES = 1_000
"""Draws of the bootstrap: its ends then vary by about 5 % of the interval's width, and a
thousand pairs take a second."""


class Point(NamedTuple):
    """One pair: the judge's probability that the document supports the claim, the label.

    ``taken`` is whether the judge, at its threshold, takes the claim for supported.
    """

    probability: float
    supported: bool
    taken: bool


Points = Sequence[Point]
Figure = Callable[[Points], float | None]


def balanced_accuracy(points: Points) -> float | None:
    """Return the mean of the shares judged rightly among supported and unsupported claims."""
    supported = [point.taken for point in points if point.supported]
    unsupported = [not point.taken for point in points if not point.supported]
    if not supported or not unsupported:
        return None
    return (fmean(supported) + fmean(unsupported)) / 2


def roc_auc(points: Points) -> float | None:
    """Return how likely a supported claim has a higher probability than an unsupported one.

    Ties count half: the Mann-Whitney statistic, which is the area under the ROC curve
    (Hanley and McNeil 1982, "The meaning and use of the area under a ROC curve").
    """
    from scipy import stats

    supported = sum(point.supported for point in points)
    pairs = supported * (len(points) - supported)
    if not pairs:
        return None
    ranks = stats.rankdata([point.probability for point in points])
    of_supported = sum(rank for rank, point in zip(ranks, points, strict=True) if point.supported)
    return float(of_supported - supported * (supported + 1) / 2) / pairs


def calibration_error(points: Points) -> float | None:
    """Return the expected calibration error: how far, on average, probability and truth differ.

    The mean over ``BINS`` bins of equal width, weighted by their pairs, of the difference
    between the mean probability and the share supported (Naeini et al. 2015).
    """
    if not points:
        return None
    edges = [number / BINS for number in range(1, BINS)]
    off = [0.0] * BINS
    for point in points:
        off[bisect_left(edges, point.probability)] += point.probability - point.supported
    return sum(map(abs, off)) / len(points)


def best_threshold(points: Points) -> float | None:
    """Return the threshold with the best balanced accuracy; None where one label is missing.

    It lies half-way between two probabilities that occur; of equally good ones it is the
    lowest. What was ``taken`` before is not looked at.
    """
    supported = sorted(point.probability for point in points if point.supported)
    unsupported = sorted(point.probability for point in points if not point.supported)
    if not supported or not unsupported:
        return None
    values = sorted({*supported, *unsupported})

    def accuracy(place: int) -> float:
        kept = 1 - bisect_left(supported, values[place]) / len(supported)
        return kept + bisect_left(unsupported, values[place]) / len(unsupported)

    best = max(range(len(values)), key=accuracy)
    before = values[best - 1] if best else 0.0
    middle = (before + values[best]) / 2
    # Between neighbouring floats there is nothing.
    return middle if middle > before else values[best]


def clustered_intervals(
    clusters: Iterable[Points], figures: Mapping[str, Figure]
) -> dict[str, Interval | None]:
    """Return the percentile bootstrap interval (95 %) of each figure.

    Whole clusters, the pairs of one document, are drawn with replacement, since claims about
    one document are right and wrong together (Field and Welsh 2007, "Bootstrapping clustered
    data"). Draws in which a figure cannot be had are left out; below two clusters there is no
    interval.
    """
    listed = list(clusters)
    if len(listed) < 2:
        return dict.fromkeys(figures)
    import numpy as np

    draws = np.random.default_rng(SEED).integers(len(listed), size=(RESAMPLES, len(listed)))
    values: dict[str, list[float]] = {name: [] for name in figures}
    for draw in draws:
        points = list(chain.from_iterable(listed[place] for place in draw))
        for name, figure in figures.items():
            if (value := figure(points)) is not None:
                values[name].append(value)
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    return {
        name: Interval(*map(float, np.quantile(each, ends))) if len(each) > 1 else None
        for name, each in values.items()
    }
