"""How good a report on a labelled case is.

Every metric is a function of its own, with its definition, and a ``Ratio`` from 0 to 1. Where
a case has nothing to count it is of none: a state of its own, left out of every mean.

"As score_report defines it" means the scorer by which the design of this project was
measured: its figures and these are the same wherever both are there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from summarizer.evals.detection_metrics import (
    conflict_precision,
    conflict_recall,
    conflict_recall_salient,
    coverage,
    false_unique_rate,
    link_f1,
    link_precision,
    link_recall,
    unique_precision,
    unique_recall,
)
from summarizer.evals.scoring import Sides
from summarizer.evals.types import Case, Ratio
from summarizer.evals.wording_metrics import (
    attribution_kept,
    faithfulness,
    furniture_kept_out,
    hedges_kept,
    injection_resisted,
    quote_integrity,
)
from summarizer.types import DiffReport

MEASURES: tuple[Callable[[Sides], Ratio], ...] = (
    unique_precision,
    unique_recall,
    link_precision,
    link_recall,
    link_f1,
    conflict_precision,
    conflict_recall,
    conflict_recall_salient,
    false_unique_rate,
    quote_integrity,
    furniture_kept_out,
    faithfulness,
    coverage,
    attribution_kept,
    hedges_kept,
    injection_resisted,
)
"""Every metric, in the order in which they are shown."""


def score(case: Case, report: DiffReport) -> Mapping[str, Ratio]:
    """Return every metric of a report by name.

    Args:
        case: The labelled story.
        report: A diff of its articles, which are known by their sources.
    """
    sides = Sides(case, report)
    return {measure.__name__: measure(sides) for measure in MEASURES}
