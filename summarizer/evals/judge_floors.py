"""How far a judge must see before its figures count: planted errors caught, false alarms.

What every judge should reach is a target; what one judge did reach, and has to keep, are the
floors of its baseline. Where a baseline has none, the targets are the floors.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from summarizer.evals.metric_names import FALSE_ALARMS, metric_of
from summarizer.evals.types import Ratio

CAUGHT = 0.9
"""Least share of the planted errors of one kind that a judge should catch: of ten wrong
sentences not more than one may pass for right."""
ALARMS = 0.05
"""Largest share of faithful sentences that a judge should turn away."""

KINDS = ("number", "date", "name", "negation", "wrong_outlet", "invented_quote")
"""The planted errors that have a target; the other kinds are shown as they are."""

TARGETS: Mapping[str, float] = {**dict.fromkeys(KINDS, CAUGHT), FALSE_ALARMS: ALARMS}
"""What a judge should reach, by the name of its figure."""

SLACK = 1e-9
"""By how much a share may miss its floor: what adding floats in another order may cost."""


class Calibration(StrEnum):
    """Whether a run's judge may be trusted with a gate."""

    CALIBRATED = "calibrated"
    """It reaches every target."""
    SHORT = "short of its targets"
    """It keeps to its floors, which are lower than the targets."""
    UNCALIBRATED = "uncalibrated"
    """It falls below its floors."""
    UNTESTED = "untested"


class Miss(NamedTuple):
    """A figure on the wrong side of what it is held to."""

    kind: str
    value: float
    floor: float


def calibration(found: Mapping[str, Ratio], floors: Mapping[str, float] = TARGETS) -> Calibration:
    """Return whether a judge may be trusted; a kind that was not planted is left out.

    Args:
        found: What it caught, by kind.
        floors: What it has to keep; the targets by default.
    """
    if all(ratio.value is None for ratio in found.values()):
        return Calibration.UNTESTED
    if misses(found, floors):
        return Calibration.UNCALIBRATED
    return Calibration.SHORT if misses(found) else Calibration.CALIBRATED


def misses(found: Mapping[str, Ratio], floors: Mapping[str, float] = TARGETS) -> tuple[Miss, ...]:
    """Return each figure on the wrong side of its floor."""
    return tuple(
        Miss(kind, found[kind].value or 0.0, floor)
        for kind, floor in floors.items()
        if kind in found and falls_short(kind, found[kind], floor)
    )


def falls_short(kind: str, ratio: Ratio, floor: float) -> bool:
    """Return whether a figure is on the wrong side of a floor; one of nothing is not."""
    return ratio.value is not None and metric_of(kind).gain(ratio.value - floor) < -SLACK
