"""Metrics of what is reported: lines, uniques, details, links, conflicts. By where it stands.

"As score_report defines it" means the scorer by which the design of this project was
measured: its figures and these are the same wherever both are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from unicodedata import category

from summarizer.evals.labelled_report import HALF, Detail, LabelledFact, LabelledReport, share
from summarizer.evals.types import GoldConflict, GoldFact, Ratio
from summarizer.types import Conflict, Status

MATTERS = 2
"""The salience from which a labelled fact must be found."""

THE_NEWS = 3
"""The salience of the news itself."""

FEWEST_WORDS = 3
"""Words of a whole sentence, in scripts that put spaces between words: "Thank you!" says nothing
that can be read alone."""

_CUT = re.compile(r"^\W*(?:…|\.\.\.)|(?:…|\.\.\.)\W*$|[,;:–—-]\W*$")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))
_GERMAN = str.maketrans("„“", "“”")


def line_precision(labelled: LabelledReport) -> Ratio:
    """Of the lines "all report" and "several report", those that can be printed as they are.

    A line is right when every two outlets under it have passages that one label links, so that
    each quote under it lies on labelled support (as score_report defines it: line_prec), and
    when it is no fragment.
    """
    return share(right for _, right in lines(labelled))


def lines(labelled: LabelledReport) -> Iterator[tuple[LabelledFact, bool]]:
    """Yield the facts of two or more outlets, and whether the line can be printed."""
    for fact in labelled.facts:
        if len(fact.outlets) > 1:
            yield fact, not unsupported_outlets(labelled, fact) and not is_fragment(fact.fact.text)


def unsupported_outlets(labelled: LabelledReport, fact: LabelledFact) -> tuple[str, ...]:
    """Return the outlets of a line that no label links to each other outlet of it."""
    linked: dict[tuple[str, str], bool] = {}
    for outlets, is_linked in labelled.links(fact):
        linked[outlets] = linked.get(outlets, False) or is_linked
    return tuple(sorted({outlet for pair, right in linked.items() if not right for outlet in pair}))


def is_fragment(text: str) -> bool:
    """Return whether a line cannot be read alone, as far as its form tells.

    It is cut at an end or ends in a comma, begins in lower case, opens or closes a quotation
    that it does not close or open, or has too few words for a sentence. A headline and a clause
    without a full stop can be read alone.
    """
    plain = text.strip()
    if "„" in plain:
        plain = plain.translate(_GERMAN)
    first = next((c for c in plain if c.isalnum()), " ")
    unpaired = any(plain.count(opens) != plain.count(closes) for opens, closes in _PAIRS)
    few = len(plain.split()) < FEWEST_WORDS and not _UNSPACED.search(plain)
    cut = bool(_CUT.search(plain)) or category(first) == "Ll"
    return cut or unpaired or plain.count('"') % 2 == 1 or few


def unique_precision(labelled: LabelledReport) -> Ratio:
    """Of the facts called unique, those that one outlet reports.

    A fact is right when at least as many characters of its evidence lie on labelled evidence
    of one outlet as on that of several; one that lies on no label, or only on passages that
    say both, is not counted. As score_report defines it (uniq_prec).
    """
    right, wrong = _unique_verdicts(labelled)
    return Ratio(right, right + wrong)


def unique_recall(labelled: LabelledReport) -> Ratio:
    """Of the labelled unique facts of salience 2 and 3, those found and called unique.

    A fact is found when half of one of its passages is evidence of facts called unique, or of
    details. As score_report defines it (uniq_rec).
    """
    gold = [f for f in labelled.case.facts if f.status is Status.UNIQUE and f.salience >= MATTERS]
    return share(_called_unique(labelled, fact) for fact in gold)


def detail_precision(labelled: LabelledReport) -> Ratio:
    """Of the details that one outlet adds to a shared fact, those that no other outlet reports.

    Right and not counted as in ``unique_precision``. As score_report defines it (detail_prec).
    """
    return share(right for _, right in details(labelled))


def details(labelled: LabelledReport) -> Iterator[tuple[Detail, bool]]:
    """Yield the details that lie on a label that tells, and whether only their outlet has them."""
    for detail in (detail for fact in labelled.facts for detail in fact.details):
        shared = labelled.is_shared((detail.label, span) for span in detail.spans)
        if shared is not None:
            yield detail, not shared


def link_precision(labelled: LabelledReport) -> Ratio:
    """Of the links between outlets, those that a label has.

    A link is a pair of mentions of one fact in articles of two outlets. It is right when one
    labelled fact, or one pair of passages that may be linked, has both passages. As
    score_report defines it (link_p).
    """
    return share(right for fact in labelled.facts for _, right in labelled.links(fact))


def link_recall(labelled: LabelledReport) -> Ratio:
    """Of the pairs of outlets that report one labelled fact, those that one fact links.

    As score_report defines it (link_r).
    """
    return share(
        _is_linked(labelled, fact, pair)
        for fact in labelled.case.facts
        for pair in combinations(sorted({labelled.outlets[label] for label in fact.support}), 2)
    )


def link_f1(labelled: LabelledReport) -> Ratio:
    """The harmonic mean of link precision and recall, of the links on both sides.

    As score_report defines it (link_f1). It is 0 where one side has links and the other none.
    """
    precision, recall = link_precision(labelled), link_recall(labelled)
    p, r, of = precision.value or 0.0, recall.value or 0.0, precision.of + recall.of
    return Ratio(2 * p * r / (p + r) * of if p + r else 0.0, of)


def conflict_precision(labelled: LabelledReport, kind: str | None = None) -> Ratio:
    """Of the reported conflicts, those that rest on two positions of one labelled conflict.

    Of one kind, where one is named. As score_report defines it (conflict_prec).
    """
    return share(
        is_labelled(labelled, reported)
        for reported in labelled.report.conflicts
        if kind in (None, reported.kind)
    )


def conflict_recall(labelled: LabelledReport, salience: int = 1) -> Ratio:
    """Of the labelled conflicts of that salience and above, those reported.

    As score_report defines it (conflict_rec, conflict_rec2, conflict_rec3).
    """
    gold = [conflict for conflict in labelled.case.conflicts if conflict.salience >= salience]
    return share(conflict_found(labelled, conflict) for conflict in gold)


def false_unique_rate(labelled: LabelledReport) -> Ratio:
    """Of all facts called unique, those that several outlets report: lower is better.

    Wrong as in ``unique_precision``, but of every fact called unique, also those that lie on
    no label: of so many lines that say "only", so many are false. It is the error that costs
    trust.
    """
    _, wrong = _unique_verdicts(labelled)
    return Ratio(wrong, sum(fact.is_unique for fact in labelled.facts))


def coverage(labelled: LabelledReport) -> Ratio:
    """Of the labelled facts of salience 2 and 3, those that evidence of any fact rests on.

    Whatever status they were given: what was not overlooked.
    """
    gold = [fact for fact in labelled.case.facts if fact.salience >= MATTERS]
    return share(bool(labelled.touching(fact)) for fact in gold)


def falsely_unique(labelled: LabelledReport, fact: LabelledFact) -> bool | None:
    """Return whether a fact called unique is one that several report; None where no label tells."""
    return labelled.is_shared((m.label, span) for m in fact.mentions for span in m.spans)


def is_labelled(labelled: LabelledReport, reported: Conflict) -> bool:
    """Return whether a reported conflict is a labelled one."""
    return any(conflict_in(labelled, gold, reported) for gold in labelled.case.conflicts)


def conflict_found(labelled: LabelledReport, conflict: GoldConflict) -> bool:
    """Return whether a report has a labelled conflict."""
    reported = labelled.report.conflicts
    return any(conflict_in(labelled, conflict, each) for each in reported)


def conflict_in(labelled: LabelledReport, conflict: GoldConflict, reported: Conflict) -> bool:
    """Return whether a reported conflict rests on two positions of a labelled one."""
    positions = [position.facts for position in conflict.positions]
    return labelled.positions_hit(positions, reported) > 1


def _unique_verdicts(labelled: LabelledReport) -> tuple[int, int]:
    """Return how many facts called unique are rightly and how many are falsely so."""
    verdicts = [falsely_unique(labelled, fact) for fact in labelled.facts if fact.is_unique]
    return verdicts.count(False), verdicts.count(True)


def _called_unique(labelled: LabelledReport, fact: GoldFact) -> bool:
    return any(
        len(span) and sum(labelled.called_unique[label][span.start : span.end]) >= HALF * len(span)
        for label, spans in fact.support.items()
        for span in spans
    )


def _is_linked(labelled: LabelledReport, fact: GoldFact, outlets: Sequence[str]) -> bool:
    """Return whether one fact of the report has the labelled passages of both outlets."""
    reported: dict[str, set[str]] = {}
    for fact_reported, mention in labelled.touching(fact):
        reported.setdefault(fact_reported.fact.id, set()).add(labelled.outlets[mention.label])
    return any(reported_by.issuperset(outlets) for reported_by in reported.values())
