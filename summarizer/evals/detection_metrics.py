"""Metrics of what was found: uniques, links, conflicts, coverage. By where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from summarizer.evals.scoring import (
    HALF,
    Sides,
    ToldFact,
    positions_hit,
    share,
)
from summarizer.evals.types import GoldConflict, GoldFact, Ratio
from summarizer.types import Conflict, Status

MATTERS = 2
"""The salience from which a labelled fact must be found."""

THE_NEWS = 3
"""The salience of the news itself."""


def unique_precision(sides: Sides) -> Ratio:
    """Of the facts called unique, those that one outlet reports.

    A fact is right when at least as many characters of its evidence lie on labelled evidence
    of one outlet as on that of several; one that lies on no label, or only on passages that
    say both, is not counted. As score_report defines it (uniq_prec).
    """
    right, wrong = _unique_verdicts(sides)
    return Ratio(right, right + wrong)


def unique_recall(sides: Sides) -> Ratio:
    """Of the labelled unique facts of salience 2 and 3, those found and called unique.

    A fact is found when half of one of its passages is evidence of facts called unique. As
    score_report defines it (uniq_rec).
    """
    gold = [f for f in sides.case.facts if f.status is Status.UNIQUE and f.salience >= MATTERS]
    return share(_called_unique(sides, fact) for fact in gold)


def link_precision(sides: Sides) -> Ratio:
    """Of the links between outlets, those that a label has.

    A link is a pair of mentions of one fact in articles of two outlets. It is right when one
    labelled fact, or one pair of passages that may be linked, has both passages. As
    score_report defines it (link_p).
    """
    return share(
        not rests_a.isdisjoint(rests_b)
        for fact in sides.facts
        for (a, rests_a), (b, rests_b) in combinations(zip(fact.told, fact.rests, strict=True), 2)
        if sides.outlets[a.label] != sides.outlets[b.label]
    )


def link_recall(sides: Sides) -> Ratio:
    """Of the pairs of outlets that report one labelled fact, those that one fact links.

    As score_report defines it (link_r).
    """
    return share(
        _linked(sides, fact, pair)
        for fact in sides.case.facts
        for pair in combinations(sorted({sides.outlets[label] for label in fact.support}), 2)
    )


def link_f1(sides: Sides) -> Ratio:
    """The harmonic mean of link precision and recall, of the links on both sides.

    As score_report defines it (link_f1). It is 0 where one side has links and the other none.
    """
    precision, recall = link_precision(sides), link_recall(sides)
    p, r, of = precision.value or 0.0, recall.value or 0.0, precision.of + recall.of
    return Ratio(2 * p * r / (p + r) * of if p + r else 0.0, of)


def conflict_precision(sides: Sides) -> Ratio:
    """Of the reported conflicts, those that rest on two positions of one labelled conflict.

    As score_report defines it (conflict_prec).
    """
    gold = sides.case.conflicts
    return share(any(conflict_in(sides, c, told) for c in gold) for told in sides.report.conflicts)


def conflict_recall(sides: Sides) -> Ratio:
    """Of the labelled conflicts, those reported. As score_report defines it (conflict_rec)."""
    return share(conflict_found(sides, c) for c in sides.case.conflicts)


def conflict_recall_salient(sides: Sides) -> Ratio:
    """Of the labelled conflicts of salience 3, those reported.

    As score_report defines it (conflict_rec3).
    """
    gold = [c for c in sides.case.conflicts if c.salience == THE_NEWS]
    return share(conflict_found(sides, c) for c in gold)


def false_unique_rate(sides: Sides) -> Ratio:
    """Of all facts called unique, those that several outlets report: lower is better.

    Wrong as in ``unique_precision``, but of every fact called unique, also those that lie on
    no label: of so many lines that say "only", so many are false. It is the error that costs
    trust.
    """
    _, wrong = _unique_verdicts(sides)
    return Ratio(wrong, sum(fact.is_unique for fact in sides.facts))


def coverage(sides: Sides) -> Ratio:
    """Of the labelled facts of salience 2 and 3, those that evidence of any fact rests on.

    Whatever status they were given: what was not overlooked.
    """
    gold = [fact for fact in sides.case.facts if fact.salience >= MATTERS]
    return share(bool(sides.touching(fact)) for fact in gold)


def falsely_unique(sides: Sides, fact: ToldFact) -> bool | None:
    """Return whether a fact called unique is one that several report; None where no label tells."""
    unique, shared = sides.marked(fact)
    return None if unique + shared == 0 else unique < shared


def conflict_found(sides: Sides, conflict: GoldConflict) -> bool:
    """Return whether a report has a labelled conflict."""
    return any(conflict_in(sides, conflict, told) for told in sides.report.conflicts)


def conflict_in(sides: Sides, conflict: GoldConflict, told: Conflict) -> bool:
    """Return whether a reported conflict rests on two positions of a labelled one."""
    return positions_hit(sides, [position.facts for position in conflict.positions], told) > 1


def _unique_verdicts(sides: Sides) -> tuple[int, int]:
    """Return how many facts called unique are rightly and how many are falsely so."""
    verdicts = [falsely_unique(sides, fact) for fact in sides.facts if fact.is_unique]
    return verdicts.count(False), verdicts.count(True)


def _called_unique(sides: Sides, fact: GoldFact) -> bool:
    return any(
        len(span) and sum(sides.called_unique[label][span.start : span.end]) >= HALF * len(span)
        for label, spans in fact.support.items()
        for span in spans
    )


def _linked(sides: Sides, fact: GoldFact, outlets: Sequence[str]) -> bool:
    """Return whether one fact of the report has the labelled passages of both outlets."""
    reported: dict[str, set[str]] = {}
    for found, told in sides.touching(fact):
        reported.setdefault(found.fact.id, set()).add(sides.outlets[told.label])
    return any(reported_by.issuperset(outlets) for reported_by in reported.values())
