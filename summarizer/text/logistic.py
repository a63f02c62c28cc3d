"""A logistic model as data: a bias and one named weight for each feature."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LogisticModel:
    """Weights in log-odds for each unit of a feature, in the order the features are given."""

    bias: float
    weights: tuple[tuple[str, float], ...]

    def probability(self, features: Sequence[float]) -> float:
        """Return the probability for one row of features.

        Raises:
            ValueError: The row has another number of features than the model.
        """
        log_odds = self.bias
        for (_, weight), value in zip(self.weights, features, strict=True):
            log_odds += weight * value
        return sigmoid(log_odds)


def sigmoid(log_odds: float) -> float:
    """Return the probability that log-odds stand for, without overflow."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-min(log_odds, 60.0)))
    return 1.0 - 1.0 / (1.0 + math.exp(max(log_odds, -60.0)))
