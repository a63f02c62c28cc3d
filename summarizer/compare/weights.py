"""The fitted models of the offline comparison, read from ``weights.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from summarizer.text.logistic import sigmoid


@lru_cache(maxsize=1)
def _weight_tables() -> Mapping[str, Mapping[str, float]]:
    return tomllib.loads(resources.files(__package__).joinpath("weights.toml").read_text("utf-8"))


def feature_names(model: str) -> tuple[str, ...]:
    """Return the features of a model, in order."""
    return tuple(name for name in _weight_tables()[model] if name != "bias")


def probability(model: str, features: Mapping[str, float]) -> float:
    """Return what a model, "states", "reports" or "supported", makes of its features."""
    table = _weight_tables()[model]
    log_odds = table["bias"]
    for name, weight in table.items():
        if name != "bias":
            log_odds += weight * features[name]
    return sigmoid(log_odds)
