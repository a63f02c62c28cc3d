"""How good a report on a labelled case is: every metric's function, and a user's own.

Every metric is a function from a ``LabelledReport`` to a ``Ratio`` from 0 to 1. Where a case
has nothing to count it is of none: a state of its own, left out of every mean.
"""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from summarizer.errors import UsageError
from summarizer.evals import detection_metrics as detection
from summarizer.evals import wording_metrics as wording
from summarizer.evals.labelled_report import LabelledReport
from summarizer.evals.metrics import CONFLICT_KINDS, METRICS
from summarizer.evals.types import Case, Ratio
from summarizer.types import DiffReport

Scorer = Callable[[LabelledReport], Ratio]

SCORERS: Mapping[str, Scorer] = {
    "line_precision": detection.line_precision,
    "unique_precision": detection.unique_precision,
    "unique_recall": detection.unique_recall,
    "false_unique_rate": detection.false_unique_rate,
    "detail_precision": detection.detail_precision,
    "link_precision": detection.link_precision,
    "link_recall": detection.link_recall,
    "link_f1": detection.link_f1,
    "conflict_precision": detection.conflict_precision,
    **{
        f"conflict_precision_{kind}": partial(detection.conflict_precision, kind=kind)
        for kind in CONFLICT_KINDS
    },
    "conflict_recall": detection.conflict_recall,
    "conflict_recall_important": partial(detection.conflict_recall, salience=detection.MATTERS),
    "conflict_recall_salient": partial(detection.conflict_recall, salience=detection.THE_NEWS),
    "quote_integrity": wording.quote_integrity,
    "furniture_kept_out": wording.furniture_kept_out,
    "faithfulness": wording.faithfulness,
    "coverage": detection.coverage,
    "attribution_kept": wording.attribution_kept,
    "hedges_kept": wording.hedges_kept,
    "injection_resisted": wording.injection_resisted,
}
"""Every metric's function, in the order of ``metrics.METRICS``."""


def score(case: Case, report: DiffReport, own: Path | None = None) -> Mapping[str, Ratio]:
    """Return every metric of a report by name.

    Args:
        case: The labelled story.
        report: A diff of its articles, which are known by their sources.
        own: A file of Python with the user's own metrics.

    Raises:
        UsageError: That file cannot be used.
    """
    labelled = LabelledReport(case, report)
    every = {**SCORERS, **(load_scorers(own) if own else {})}
    return {name: scorer(labelled) for name, scorer in every.items()}


@cache
def load_scorers(path: Path) -> Mapping[str, Scorer]:
    """Return the metrics of a file of Python: each public function that it defines is one.

    Raises:
        UsageError: It cannot be read, or a name of it is a metric's already.
    """
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UsageError(f"{path} is no file of Python.", hint="Give --scorers a file NAME.py.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as problem:  # a user's file may raise anything
        raise UsageError(f"{path} cannot be used: {problem!r}.") from problem
    own = {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == path.stem and name[0] != "_"
    }
    taken = ", ".join(sorted(own.keys() & METRICS.keys()))
    if taken or not own:
        said = f"names what there is already: {taken}" if taken else "defines no function"
        raise UsageError(f"{path} {said}.", hint="docs/evals.md shows a scorer of your own.")
    return own
