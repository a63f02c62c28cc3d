"""The logistic function."""

from __future__ import annotations

import math


def sigmoid(log_odds: float) -> float:
    """Return the probability that log-odds stand for, without overflow."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-min(log_odds, 60.0)))
    return 1.0 - 1.0 / (1.0 + math.exp(max(log_odds, -60.0)))
