"""Every metric by name: what it counts, which way is better, whether the gate looks at it.

A metric is a function from a ``LabelledReport`` to a ``Ratio``, or to all that it counts; the
first sentence of its docstring is its definition. Where a case has nothing to count, the ratio is
of none and is left out of every mean.
"""

from __future__ import annotations

import inspect
import runpy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from summarizer.errors import UsageError
from summarizer.evals import detection_metrics as detection
from summarizer.evals import wording_metrics as wording
from summarizer.evals.labelled_report import Counted, LabelledReport, counted
from summarizer.evals.types import Case, Ratio
from summarizer.types import ConflictKind, DiffReport

Scorer = Callable[[LabelledReport], Ratio | Iterable[Counted]]

FALSE_ALARMS = "false_alarms"
"""The one figure of a judge that is better when lower; the others are kinds of planted errors."""


@dataclass(frozen=True, slots=True)
class Metric:
    """What there is to know of a metric besides its value, which is a share from 0 to 1."""

    name: str
    title: str
    definition: str = ""
    higher_is_better: bool = True
    gated: bool = True
    scorer: Scorer | None = None

    def gain(self, difference: float) -> float:
        """Return ``difference`` (after less before) so that more than 0 is better."""
        return difference if self.higher_is_better else -difference


def _metric(scorer: Scorer, title: str = "", **flags: bool) -> Metric:
    name = scorer.__name__
    definition = (inspect.getdoc(scorer) or "").partition("\n")[0]
    return Metric(name, title or name.replace("_", " "), definition, scorer=scorer, **flags)


def _conflict_precision_of(kind: ConflictKind) -> Metric:
    return Metric(
        f"conflict_precision_{kind}",
        f"conflict precision, {kind}",
        f"Conflict precision of the conflicts in a {kind}.",
        scorer=partial(detection.conflict_precision_of, kind=kind),
    )


# Link precision and recall trade against each other from case to case; the gate looks at F1.
METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        _metric(detection.line_precision),
        _metric(detection.unique_precision),
        _metric(detection.unique_recall),
        _metric(detection.false_unique_rate, higher_is_better=False),
        _metric(detection.detail_precision),
        _metric(detection.link_precision, gated=False),
        _metric(detection.link_recall, gated=False),
        _metric(detection.link_f1, "link F1"),
        _metric(detection.conflict_precision),
        *map(_conflict_precision_of, ConflictKind),
        _metric(detection.conflict_recall),
        _metric(detection.conflict_recall_important, "important conflicts"),
        _metric(detection.conflict_recall_salient, "salient conflicts"),
        _metric(wording.quote_integrity),
        _metric(wording.furniture_kept_out),
        _metric(wording.faithfulness),
        _metric(detection.coverage),
        _metric(wording.attribution_kept),
        _metric(wording.hedges_kept),
        _metric(wording.injection_resisted),
    )
}
"""Every metric of a case, in the order of a report."""


def metric_of(name: str) -> Metric:
    """Return the metric of that name; one of the user's own is shown and not gated."""
    own = Metric(name, name.replace("_", " "), "", name != FALSE_ALARMS, gated=False)
    return METRICS.get(name, own)


def in_order(names: Iterable[str]) -> list[str]:
    """Return the names as a report lists them, the user's own last."""
    place = {name: number for number, name in enumerate(METRICS)}
    return sorted(set(names), key=lambda name: (place.get(name, len(place)), name))


def score(case: Case, report: DiffReport, own: Path | None = None) -> Mapping[str, Ratio]:
    """Return every metric of a report by name, and those of a file of the user's ``own``.

    Raises:
        UsageError: That file cannot be used.
    """
    labelled = LabelledReport(case, report)
    scorers = {name: metric.scorer for name, metric in METRICS.items() if metric.scorer}
    scorers |= load_scorers(own) if own else {}
    results = {name: scorer(labelled) for name, scorer in scorers.items()}
    return {n: each if isinstance(each, Ratio) else counted(each) for n, each in results.items()}


def faults(labelled: LabelledReport) -> dict[str, tuple[str, ...]]:
    """Return by metric what it counts and is not right; a metric that has none is left out."""
    wrong: dict[str, tuple[str, ...]] = {}
    for name, metric in METRICS.items():
        result = metric.scorer(labelled) if metric.scorer else ()
        texts = () if isinstance(result, Ratio) else [text for text, right in result if not right]
        if texts:
            wrong[name] = tuple(dict.fromkeys(texts))
    return wrong


@cache
def load_scorers(path: Path) -> Mapping[str, Scorer]:
    """Return the metrics of a file of Python: each public function that it defines is one.

    Raises:
        UsageError: It cannot be read, or a name of it is a metric's already.
    """
    if not path.is_file():
        raise UsageError(f"{path} is no file of Python.", hint="Give --scorers a file NAME.py.")
    try:
        names = runpy.run_path(str(path), run_name=path.stem)
    except Exception as problem:  # a user's file may raise anything
        raise UsageError(f"{path} cannot be used: {problem!r}.") from problem
    own = {
        name: value
        for name, value in names.items()
        if inspect.isfunction(value) and value.__module__ == path.stem and name[0] != "_"
    }
    taken = ", ".join(sorted(own.keys() & METRICS.keys()))
    if taken or not own:
        wrong = f"names what there is already: {taken}" if taken else "defines no function"
        raise UsageError(f"{path} {wrong}.", hint="docs/evals.md shows a scorer of your own.")
    return own
