"""How far a judge must see before its figures count: planted errors caught, false alarms."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from summarizer.evaluation.metric_names import FALSE_ALARMS
from summarizer.evaluation.types import Ratio

CAUGHT = 0.9
"""Least share of the planted errors of one kind that a judge must catch: what the deterministic
checks of figures, dates, names and quotations reach."""
ALARMS = 0.05
"""Largest share of faithful sentences that a judge may turn away."""

KINDS = ("number", "date", "name", "negation", "wrong_outlet", "invented_quote")
"""The planted errors that every judge must catch; the other kinds are shown as they are."""

SLACK = 1e-9
"""By how much a share may miss its floor: what adding floats in another order may cost."""


class Calibration(StrEnum):
    """Whether a run's judge may be trusted with a gate."""

    CALIBRATED = "calibrated"
    UNCALIBRATED = "uncalibrated"
    UNTESTED = "untested"


def calibration(found: Mapping[str, Ratio]) -> Calibration:
    """Return whether a judge keeps to its floors; a kind that was not planted is left out."""
    tested = [ratio for ratio in found.values() if ratio.value is not None]
    if not tested:
        return Calibration.UNTESTED
    return Calibration.UNCALIBRATED if misses(found) else Calibration.CALIBRATED


def misses(found: Mapping[str, Ratio]) -> tuple[tuple[str, float, float], ...]:
    """Return each figure on the wrong side of its floor: its name, its value, the floor."""
    wrong = []
    for kind in KINDS:
        value = found[kind].value if kind in found else None
        if value is not None and value < CAUGHT - SLACK:
            wrong.append((kind, value, CAUGHT))
    alarms = found[FALSE_ALARMS].value if FALSE_ALARMS in found else None
    if alarms is not None and alarms > ALARMS + SLACK:
        wrong.append((FALSE_ALARMS, alarms, ALARMS))
    return tuple(wrong)
