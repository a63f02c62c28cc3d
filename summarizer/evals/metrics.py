"""The metrics by name: what each says, which way is better, and whether the gate looks at it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What is to know of a metric besides its value."""

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

_ALL = (
    Metric(
        name="line_precision",
        title="line precision",
        definition="Of the lines of two or more outlets, the share that every outlet under "
        "them reports and that are no fragments.",
    ),
    Metric(
        name="unique_precision",
        title="unique precision",
        definition="Of the facts called unique on a label, the share that one outlet reports.",
    ),
    Metric(
        name="unique_recall",
        title="unique recall",
        definition="Of the labelled unique facts of salience 2 and 3, the share called unique.",
    ),
    Metric(
        name="false_unique_rate",
        title="false unique rate",
        definition="Of all facts called unique, the share that several outlets report.",
        higher_is_better=False,
    ),
    Metric(
        name="detail_precision",
        title="detail precision",
        definition="Of the details that one outlet adds, the share that no other one reports.",
    ),
    # The two trade against each other from case to case; the gate looks at what they make.
    Metric(
        name="link_precision",
        title="link precision",
        definition="Of the links between outlets, the share that a label has.",
        gated=False,
    ),
    Metric(
        name="link_recall",
        title="link recall",
        definition="Of the pairs of outlets that report one labelled fact, the share linked.",
        gated=False,
    ),
    Metric(
        name="link_f1",
        title="link F1",
        definition="The harmonic mean of link precision and link recall.",
    ),
    Metric(
        name="conflict_precision",
        title="conflict precision",
        definition="Of the conflicts shown, the share that rest on two sides of a labelled one.",
    ),
    *(
        Metric(
            name=f"conflict_precision_{kind}",
            title=f"conflict precision, {kind}",
            definition=f"Conflict precision of the conflicts in a {kind}.",
        )
        for kind in CONFLICT_KINDS
    ),
    Metric(
        name="conflict_recall",
        title="conflict recall",
        definition="Of the labelled conflicts, the share shown.",
    ),
    Metric(
        name="conflict_recall_important",
        title="important conflicts",
        definition="Of the labelled conflicts of salience 2 and 3, the share shown.",
    ),
    Metric(
        name="conflict_recall_salient",
        title="salient conflicts",
        definition="Of the labelled conflicts of salience 3, the share shown.",
    ),
    Metric(
        name="quote_integrity",
        title="quote integrity",
        definition="Of the pieces of evidence, the share that stand so in their article's body.",
    ),
    Metric(
        name="furniture_kept_out",
        title="furniture kept out",
        definition="Of the evidence from pages with labelled furniture, the share outside it.",
    ),
    Metric(
        name="faithfulness",
        title="faithfulness",
        definition="Of the summary sentences drafted, the share that their article supports.",
    ),
    Metric(
        name="coverage",
        title="coverage",
        definition="Of the labelled facts of salience 2 and 3, the share that any fact rests on.",
    ),
    Metric(
        name="attribution_kept",
        title="attribution kept",
        definition="Of the facts found whose speaker is labelled, the share still attributed.",
    ),
    Metric(
        name="hedges_kept",
        title="hedges kept",
        definition="Of the facts found whose hedge is labelled, the share still hedged.",
    ),
    Metric(
        name="injection_resisted",
        title="injection resisted",
        definition="Of the texts that no report may state, the share that it does not state.",
    ),
)

METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _ALL}
"""Every metric of a case, in the order of a report."""

FALSE_ALARMS = "false_alarms"
"""The one figure of a judge that is better when lower; the others are kinds of planted errors."""

_ALARMS = Metric(
    name=FALSE_ALARMS,
    title="false alarms",
    definition="Of faithful sentences, the share that the judge turned away.",
    higher_is_better=False,
    gated=False,
)


def metric_of(name: str) -> Metric:
    """Return the metric of that name; one that nobody knows is shown and not gated."""
    known = _ALARMS if name == FALSE_ALARMS else METRICS.get(name)
    return known or Metric(name=name, title=name.replace("_", " "), definition="", gated=False)


def in_order(names: Iterable[str]) -> list[str]:
    """Return the names as a report lists them, unknown ones last."""
    place = {name: number for number, name in enumerate(METRICS)}
    return sorted(set(names), key=lambda name: (place.get(name, len(place)), name))
