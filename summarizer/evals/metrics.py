"""The metrics by name: what each says, which way is better, and whether the gate looks at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """What is to know of a metric besides its value, which is a share from 0 to 1."""

    name: str
    title: str
    definition: str
    higher_is_better: bool = True
    gated: bool = True

    def gain(self, difference: float) -> float:
        """Return ``difference`` (after less before) so that more than 0 is better."""
        return difference if self.higher_is_better else -difference


CONFLICT_KINDS = ("number", "date", "name", "attribution", "list", "outcome", "wording")
"""What two positions may differ in; precision is told of each kind by itself."""

FALSE_ALARMS = "false_alarms"
"""The one figure of a judge that is better when lower; the others are kinds of planted errors."""

# Link precision and recall trade against each other from case to case; the gate looks at F1.
_ALL = (
    Metric(
        "line_precision",
        "line precision",
        "Of the lines of two or more outlets, the share that every outlet under them reports and "
        "that are no fragments.",
    ),
    Metric(
        "unique_precision",
        "unique precision",
        "Of the facts called unique on a label, the share that one outlet reports.",
    ),
    Metric(
        "unique_recall",
        "unique recall",
        "Of the labelled unique facts of salience 2 and 3, the share called unique.",
    ),
    Metric(
        "false_unique_rate",
        "false unique rate",
        "Of all facts called unique, the share that several outlets report.",
        higher_is_better=False,
    ),
    Metric(
        "detail_precision",
        "detail precision",
        "Of the details that one outlet adds, the share that no other one reports.",
    ),
    Metric(
        "link_precision",
        "link precision",
        "Of the links between outlets, the share that a label has.",
        gated=False,
    ),
    Metric(
        "link_recall",
        "link recall",
        "Of the pairs of outlets that report one labelled fact, the share linked.",
        gated=False,
    ),
    Metric("link_f1", "link F1", "The harmonic mean of link precision and link recall."),
    Metric(
        "conflict_precision",
        "conflict precision",
        "Of the conflicts shown, the share that rest on two sides of a labelled one.",
    ),
    *(
        Metric(
            f"conflict_precision_{kind}",
            f"conflict precision, {kind}",
            f"Conflict precision of the conflicts in a {kind}.",
        )
        for kind in CONFLICT_KINDS
    ),
    Metric("conflict_recall", "conflict recall", "Of the labelled conflicts, the share shown."),
    Metric(
        "conflict_recall_important",
        "important conflicts",
        "Of the labelled conflicts of salience 2 and 3, the share shown.",
    ),
    Metric(
        "conflict_recall_salient",
        "salient conflicts",
        "Of the labelled conflicts of salience 3, the share shown.",
    ),
    Metric(
        "quote_integrity",
        "quote integrity",
        "Of the pieces of evidence, the share that stand so in their article's body.",
    ),
    Metric(
        "furniture_kept_out",
        "furniture kept out",
        "Of the evidence from pages with labelled furniture, the share outside it.",
    ),
    Metric(
        "faithfulness",
        "faithfulness",
        "Of the summary sentences drafted, the share that their article supports.",
    ),
    Metric(
        "coverage",
        "coverage",
        "Of the labelled facts of salience 2 and 3, the share that any fact rests on.",
    ),
    Metric(
        "attribution_kept",
        "attribution kept",
        "Of the facts found whose speaker is labelled, the share still attributed.",
    ),
    Metric(
        "hedges_kept",
        "hedges kept",
        "Of the facts found whose hedge is labelled, the share still hedged.",
    ),
    Metric(
        "injection_resisted",
        "injection resisted",
        "Of the texts that no report may state, the share that it does not state.",
    ),
)

METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _ALL}
"""Every metric of a case, in the order of a report."""


def metric_of(name: str) -> Metric:
    """Return the metric of that name; one that nobody knows is shown and not gated."""
    title = name.replace("_", " ")
    unknown = Metric(name, title, "", higher_is_better=name != FALSE_ALARMS, gated=False)
    return METRICS.get(name, unknown)


def in_order(names: Iterable[str]) -> list[str]:
    """Return the names as a report lists them, unknown ones last."""
    place = {name: number for number, name in enumerate(METRICS)}
    return sorted(set(names), key=lambda name: (place.get(name, len(place)), name))
