"""The cost of shapes that once grew with their square, in calls and not in seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from growth import ALLOWED, calls, exponent, shapes

pytestmark = pytest.mark.slow

SIZES = (1, 2, 4)
SHAPES = {
    "equal sentences": 60,
    "ward results": 12,
    "numbers in one sentence": 40,
    "dates": 12,
    "runs of not": 100,
    "copyright lines": 40,
    "conflicts": 20,
    "< in JSON-LD": 2_000,
    "many attributes": 150,
    "siblings in a style sheet": 40,
    "hidden elements": 100,
}


@pytest.mark.parametrize("name", SHAPES)
def test_calls_grow_with_the_input(name: str) -> None:
    run = shapes()[name][1]
    run(SHAPES[name])  # what is loaded once does not grow
    costs = [calls(run, SHAPES[name] * fold) for fold in SIZES]
    assert exponent(costs, SIZES) <= ALLOWED, costs
