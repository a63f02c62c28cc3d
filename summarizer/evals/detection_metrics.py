"""Metrics of what is reported: lines, uniques, details, links, conflicts, by where it stands.

A metric yields what it counts: what to say of it if it is not right, and whether it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from unicodedata import category

from summarizer.evals.labelled_report import (
    HALF,
    Counted,
    LabelledFact,
    LabelledReport,
    counted,
    share,
)
from summarizer.evals.labels import ConflictLabel
from summarizer.evals.types import GoldFact, Ratio
from summarizer.report.safe import one_line
from summarizer.types import Conflict, ConflictKind, Fact, Status

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


def line_precision(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the lines of two or more outlets, those that are right and no fragments.

    A line is right when every two outlets under it have passages that one label links, so that
    each quote under it lies on labelled support.
    """
    for fact in labelled.facts:
        if len(fact.outlets) > 1:
            outlets, text = unsupported_outlets(labelled, fact), fact.fact.text
            why = f"no label links {', '.join(outlets)}" if outlets else "a fragment"
            yield f"{fact.fact.id}, {why}: {text}", not outlets and not is_fragment(text)


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


def unique_precision(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the facts called unique that lie on a label, those that one outlet reports.

    At least as many characters of the evidence of such a fact lie on labelled evidence of one
    outlet as on that of several.
    """
    for fact in labelled.facts:
        if fact.is_unique:
            spans = ((mention.label, span) for mention in fact.mentions for span in mention.spans)
            shared = labelled.is_shared(spans)
            if shared is not None:
                yield f"several report {fact_text(fact.fact)}", not shared


def unique_recall(labelled: LabelledReport) -> Ratio:
    """Of the labelled unique facts of salience 2 and 3, those that are called unique.

    Half of one of the fact's passages is evidence of facts called unique, or of details.
    """
    gold = [f for f in labelled.case.facts if f.status is Status.UNIQUE and f.salience >= MATTERS]
    return share(_called_unique(labelled, fact) for fact in gold)


def false_unique_rate(labelled: LabelledReport) -> Ratio:
    """Of all facts called unique, those that several outlets report.

    Also those that lie on no label are counted: of so many lines that say "only", so many are
    false.
    """
    false = sum(not right for _, right in unique_precision(labelled))
    return Ratio(false, sum(fact.is_unique for fact in labelled.facts))


def detail_precision(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the details that one outlet adds to a shared fact, those that no other outlet reports.

    Those that lie on no label that tells are not counted.
    """
    for detail in (detail for fact in labelled.facts for detail in fact.details):
        shared = labelled.is_shared((detail.label, span) for span in detail.spans)
        if shared is not None:
            yield f"{labelled.outlets[detail.label]} is not alone with: {detail.text}", not shared


def link_precision(labelled: LabelledReport) -> Ratio:
    """Of the links between outlets, those that a label has.

    A link is a pair of mentions of one fact in articles of two outlets. It is right when one
    labelled fact, or one pair of passages that may be linked, has both passages.
    """
    return share(right for fact in labelled.facts for _, right in labelled.links(fact))


def link_recall(labelled: LabelledReport) -> Ratio:
    """Of the pairs of outlets that report one labelled fact, those that one fact links."""
    return share(
        _is_linked(labelled, fact, pair)
        for fact in labelled.case.facts
        for pair in combinations(sorted({labelled.outlets[label] for label in fact.support}), 2)
    )


def link_f1(labelled: LabelledReport) -> Ratio:
    """The harmonic mean of link precision and link recall, of the links on both sides.

    It is 0 where one side has links and the other none.
    """
    precision, recall = link_precision(labelled), link_recall(labelled)
    p, r, of = precision.value or 0.0, recall.value or 0.0, precision.of + recall.of
    return Ratio(2 * p * r / (p + r) * of if p + r else 0.0, of)


def conflict_precision(labelled: LabelledReport) -> Iterator[Counted]:
    """Of the conflicts shown, those that rest on two positions of one labelled conflict."""
    for reported in labelled.report.conflicts:
        yield f"no label: {_conflict_text(reported)}", _is_labelled(labelled, reported)


def conflict_precision_of(labelled: LabelledReport, kind: ConflictKind) -> Ratio:
    """Conflict precision of the conflicts of one kind."""
    of_kind = [each for each in labelled.report.conflicts if each.kind is kind]
    return share(_is_labelled(labelled, reported) for reported in of_kind)


def conflict_recall(labelled: LabelledReport, salience: int = 1) -> Iterator[Counted]:
    """Of the labelled conflicts, those that are shown."""
    for gold in labelled.case.conflicts:
        if gold.salience >= salience:
            values = " | ".join(position.value for position in gold.positions)
            shown = any(_is_same(labelled, gold, each) for each in labelled.report.conflicts)
            yield f"missed: {gold.id} (salience {gold.salience}) {gold.topic}: {values}", shown


def conflict_recall_important(labelled: LabelledReport) -> Ratio:
    """Of the labelled conflicts of salience 2 and 3, those that are shown."""
    return counted(conflict_recall(labelled, MATTERS))


def conflict_recall_salient(labelled: LabelledReport) -> Ratio:
    """Of the labelled conflicts of salience 3, those that are shown."""
    return counted(conflict_recall(labelled, THE_NEWS))


def coverage(labelled: LabelledReport) -> Ratio:
    """Of the labelled facts of salience 2 and 3, those that evidence of any fact rests on."""
    gold = [fact for fact in labelled.case.facts if fact.salience >= MATTERS]
    return share(bool(labelled.touching(fact)) for fact in gold)


def fact_text(fact: Fact) -> str:
    """Return a fact of a report on one line: its id, status, outlets and text."""
    sure = f", {fact.uniqueness.value}" if fact.uniqueness else ""
    text = f"{fact.status.value}{sure}: {', '.join(fact.outlets)}: {one_line(fact.text)}"
    return f"{fact.id}, {text}"


def _conflict_text(conflict: Conflict) -> str:
    sides = (f"{one_line(p.value)} ({', '.join(p.outlets)})" for p in conflict.positions)
    return f"{conflict.kind.value}, {one_line(conflict.topic)}: {' | '.join(sides)}"


def _is_labelled(labelled: LabelledReport, reported: Conflict) -> bool:
    return any(_is_same(labelled, gold, reported) for gold in labelled.case.conflicts)


def _is_same(labelled: LabelledReport, gold: ConflictLabel, reported: Conflict) -> bool:
    return labelled.positions_hit(gold, reported) > 1


def _called_unique(labelled: LabelledReport, fact: GoldFact) -> bool:
    return any(
        len(span) and sum(labelled.called_unique[label][span.start : span.end]) >= HALF * len(span)
        for label, spans in fact.support.items()
        for span in spans
    )


def _is_linked(labelled: LabelledReport, fact: GoldFact, outlets: Sequence[str]) -> bool:
    """Return whether one fact of the report has the labelled passages of both outlets."""
    reported: dict[str, set[str]] = {}
    for labelled_fact, mention in labelled.touching(fact):
        reported.setdefault(labelled_fact.fact.id, set()).add(labelled.outlets[mention.label])
    return any(each.issuperset(outlets) for each in reported.values())
