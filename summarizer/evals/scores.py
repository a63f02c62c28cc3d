"""A run as figures: one value for each metric and case, samples averaged; and what it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from statistics import fmean

from summarizer.evals.metrics import in_order
from summarizer.evals.types import Run
from summarizer.types import Usage


@dataclass(frozen=True, slots=True)
class Score:
    """What the samples of one case gave for one metric; those that counted nothing left out."""

    samples: tuple[float, ...]

    @property
    def value(self) -> float | None:
        """The mean of the samples; None where none of them had anything to count."""
        return fmean(self.samples) if self.samples else None


NOTHING = Score(())
"""The score of a case where there was nothing to count."""

ByCase = Mapping[str, Score]
"""One metric: the score of each case, in the order of the run."""


def scores(run: Run) -> Mapping[str, ByCase]:
    """Return every metric's score of every case; a case without the metric has ``NOTHING``."""
    names = in_order(name for result in run.results for name in result.metrics)
    return {name: _by_case(run, name) for name in names}


def _by_case(run: Run, metric: str) -> ByCase:
    samples: dict[str, list[float]] = {}
    for result in run.results:
        values = samples.setdefault(result.case, [])
        ratio = result.metrics.get(metric)
        if ratio is not None and ratio.value is not None:
            values.append(ratio.value)
    return {case: Score(tuple(values)) for case, values in samples.items()}


def mean(values: Iterable[float | None]) -> float | None:
    """Return the mean of the values there are; None where there are none."""
    there = [value for value in values if value is not None]
    return fmean(there) if there else None


def failures(run: Run) -> Mapping[str, tuple[str, ...]]:
    """Return what went wrong, by case; only cases where something did."""
    by_case: dict[str, tuple[str, ...]] = {}
    for result in run.results:
        if result.failures:
            by_case[result.case] = (*by_case.get(result.case, ()), *result.failures)
    return by_case


def samples_per_case(run: Run) -> int:
    """Return how often the case with the most samples was run."""
    return max(Counter(result.case for result in run.results).values(), default=0)


def total_usage(run: Run) -> Usage:
    """Return what all cases and samples took together, and the test of the judge."""
    used = [*(result.usage for result in run.results), run.judge_usage]
    return reduce(_add, used, Usage(cost_usd=0.0))


def usage_since(before: Usage, after: Usage) -> Usage:
    """Return what was taken between two readings of one account; seconds are those after."""
    known = before.cost_usd is not None and after.cost_usd is not None
    return _combined(before, after, -1, after.seconds, known)


def _add(left: Usage, right: Usage) -> Usage:
    # What costs an unknown sum makes the whole unknown; no request costs nothing.
    known = all(usage.cost_usd is not None or not usage.calls for usage in (left, right))
    return _combined(left, right, 1, left.seconds + right.seconds, known)


def _combined(left: Usage, right: Usage, sign: int, seconds: float, known: bool) -> Usage:
    """Return ``right`` with ``left`` added or taken away."""
    return Usage(
        calls=right.calls + sign * left.calls,
        cached_calls=right.cached_calls + sign * left.cached_calls,
        input_tokens=right.input_tokens + sign * left.input_tokens,
        cached_input_tokens=right.cached_input_tokens + sign * left.cached_input_tokens,
        output_tokens=right.output_tokens + sign * left.output_tokens,
        cost_usd=(right.cost_usd or 0) + sign * (left.cost_usd or 0) if known else None,
        seconds=seconds,
    )
