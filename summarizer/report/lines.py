"""Facts and conflicts of a report as lines that can be read alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from summarizer.report.outlets import Names
from summarizer.report.parts import Addition, Dispute, Line, Side
from summarizer.report.punctuation import as_sentence
from summarizer.report.quotes import Quotes
from summarizer.report.safe import one_line
from summarizer.report.sources import plural
from summarizer.types import (
    Check,
    Conflict,
    Detail,
    DiffReport,
    Fact,
    Position,
    ReadShare,
    Status,
    Uniqueness,
)

UNCHECKED = "not checked in all others"
"""Said of what one outlet reports where another one could not be asked."""

_END = re.compile(r"\.?([\"”»]?)$")
"""The end of a sentence, after which its speaker is named: the comma stands within the marks."""


class Lines:
    """Makes the lines of one report."""

    def __init__(self, report: DiffReport, names: Names) -> None:
        self.quotes = Quotes(names)
        self._names = names
        self._unread = {each.article.id for each in report.articles if each.read is ReadShare.NOT}
        self._conflicts: dict[str, list[Conflict]] = defaultdict(list)
        for conflict in report.conflicts:
            if conflict.fact:
                self._conflicts[conflict.fact].append(conflict)

    def line(self, fact: Fact, additions: int | None = None) -> Line:
        """Return a fact as a line, with at most so many additions; None shows all."""
        disputed = fact.uniqueness is Uniqueness.DISPUTED
        added = [self._addition(detail) for detail in fact.details]
        kept = added if additions is None else added[:additions]
        return Line(
            text=attributed(fact),
            outlets=self._names.several(fact.outlets),
            id=fact.id,
            quote=self.quotes.under(fact),
            remark=_remark(fact),
            nearest=self.quotes.nearest(fact.text, self.checks(fact)) if disputed else None,
            additions=tuple(kept),
            more_additions=len(added) - len(kept),
            differences=tuple(map(self.dispute, self._conflicts[fact.id])),
        )

    def dispute(self, conflict: Conflict) -> Dispute:
        """Return a conflict with its positions."""
        return Dispute(
            topic=one_line(conflict.topic),
            kind=conflict.kind.value,
            sides=tuple(self._side(position) for position in conflict.positions),
            id=conflict.id,
        )

    def checks(self, fact: Fact | Detail) -> tuple[Check, ...]:
        """Return the checks against articles that were read: of others nothing is said."""
        return tuple(check for check in fact.checks if check.article.id not in self._unread)

    def _addition(self, detail: Detail) -> Addition:
        doubted = detail.uniqueness is Uniqueness.DISPUTED
        return Addition(
            outlet=self._names.of(detail.article.outlet),
            text=as_sentence(one_line(detail.text)),
            remark=UNCHECKED if detail.uniqueness is Uniqueness.UNCHECKED else "",
            nearest=self.quotes.nearest(detail.text, self.checks(detail)) if doubted else None,
        )

    def _side(self, position: Position) -> Side:
        return Side(
            value=one_line(position.value),
            outlets=self._names.several(position.outlets),
            quote=self.quotes.holding(position.value, position.mentions),
        )


def attributed(fact: Fact) -> str:
    """Return what a fact says, and who says it where a model took that out of the wording."""
    text = as_sentence(one_line(fact.text), goes_on=_goes_on(fact))
    for speaker in _speakers_left_out(fact):
        if speaker.lower() not in text.lower():
            said = _END.sub(r",\1", text, count=1)
            return f"{said} according to {speaker}."
    return text


def _speakers_left_out(fact: Fact) -> Iterator[str]:
    for mention in fact.mentions:
        words = one_line(" ".join(span.of(mention.article.text) for span in mention.evidence))
        speaker = one_line(mention.speaker or "")
        if mention.wording == fact.text and speaker and one_line(fact.text) not in words:
            yield speaker


def _goes_on(fact: Fact) -> bool:
    """Return whether a fact is a piece of an article whose line goes on after it."""
    for mention in fact.mentions:
        if mention.wording == fact.text and len(mention.evidence) == 1:
            text, span = mention.article.text, mention.evidence[0]
            after = text[span.end : span.end + 1]
            return span.of(text) == fact.text and bool(after) and after not in "\r\n"
    return False


def _remark(fact: Fact) -> str:
    if fact.status is Status.UNIQUE:
        return UNCHECKED if fact.uniqueness is Uniqueness.UNCHECKED else ""
    copied = 0 < fact.origins < len(fact.outlets)
    return plural(fact.origins, "independent origin") if copied else ""
