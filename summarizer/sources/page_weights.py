"""The weights of the page model, which ``benchmarks/fit_page.py`` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the page model weighs.

    Attributes:
        shape: Log odds that a line is body, per feature of its shape.
        headline: Log odds that a line is the headline, per feature of a candidate.
        surrounded: Log odds that a line is body, per feature of shape and surroundings.
        enter: Price of beginning or resuming the article, in weighted log odds.
        leave: Price of interrupting it, in weighted log odds.
        gap_line: Price of each line of an interruption, in weighted log odds.
        caution: Log odds a line must have to speak for being inside.
        length_power: A line's log odds count by its words to this power.
        long: Words above which a line counts no more.
        unlikely_line: Words that an unlikely line takes from the core's gain.
        head_in_core: Words that the head of a section takes from the core's gain.
    """

    shape: Mapping[str, float]
    headline: Mapping[str, float]
    surrounded: Mapping[str, float]
    enter: float = 1.0
    leave: float = 7.0
    gap_line: float = 2.0
    caution: float = 0.0
    length_power: float = 0.5
    long: float = 60.0
    unlikely_line: float = 4.0
    head_in_core: float = 12.0


PAGE = Weights(**json.loads(files(__package__).joinpath("page_weights.json").read_text()))
