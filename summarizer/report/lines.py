"""Facts and conflicts as lines that can be read alone, and the lede made of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.report.outlets import Names
from summarizer.report.parts import Addition, Dispute, LedeItem, LedePart, Line, Section, Side
from summarizer.report.quotes import Quotes, as_sentence
from summarizer.report.safe import one_line, shortened
from summarizer.report.wording import plural
from summarizer.text.clauses import (
    is_quotation,
    leans_on_context,
    name_speaker,
    stands_alone,
    without_connective,
)
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

AGREED = 2
"""Facts told of what all, or most, report."""

DIFFERENCES = 3
"""Conflicts told."""

OUTLETS = 6
"""Outlets of which it is told what only they have."""

POSITIONS = 4
"""Positions told of one conflict."""

CHARACTERS = 220
"""The longest fact told; longer ones are not, for a lede has no room and must not cut them."""


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
    """Return what a fact says, and who says it where the wording does not tell.

    A pronoun that stands for the speaker gets the name in brackets, as editors do it: "he [Ryan]
    said". A quotation alone, or a wording from which a model took the speaker, is followed by it.
    """
    text = as_sentence(without_connective(one_line(fact.text)), goes_on=_goes_on(fact))
    for speaker, in_own_words in _speakers(fact):
        name = speaker.partition(",")[0]
        if name.split()[-1].lower() in text.lower():
            continue
        named = name_speaker(text, name)
        if named != text:
            return named
        if in_own_words or is_quotation(text):
            said = _END.sub(r",\1", text, count=1)
            return f"{said} according to {speaker}."
    return text


def _speakers(fact: Fact) -> Iterator[tuple[str, bool]]:
    """Yield each speaker of the wording, and whether the wording is other than the article's."""
    for mention in fact.mentions:
        words = one_line(" ".join(span.of(mention.article.text) for span in mention.evidence))
        speaker = one_line(mention.speaker or "")
        if mention.wording == fact.text and speaker:
            yield speaker, one_line(fact.text) not in words


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An article that could not be read, and why."""

    outlet: str
    reason: str


def lede(
    *,
    shared: Sequence[Section],
    conflicts: Sequence[Dispute],
    unique: Sequence[Section],
    unsure: Section | None,
    unread: Sequence[Unread],
) -> tuple[LedePart, ...]:
    """Return what a reader in a hurry must know.

    Args:
        shared: What all report, and after it what several report.
        conflicts: The conflicts, the most salient first.
        unique: What only one outlet reports, a section for each.
        unsure: What perhaps only one reports.
        unread: Articles that gave nothing.
    """
    parts = (*_agreed(shared), *_differences(conflicts), *_only(unique, unsure), *_unread(unread))
    return tuple(part for part in parts if part.items)


def _agreed(shared: Sequence[Section]) -> Iterator[LedePart]:
    """Yield what the most outlets report: all of them, if there is such a fact."""
    for section in shared:
        lines = [line for line in section.lines if _stands_alone(line)]
        if lines:
            items = tuple(_item(line) for line in lines[:AGREED])
            yield LedePart(f"{section.title}:", items)
            return


def _differences(conflicts: Sequence[Dispute]) -> Iterator[LedePart]:
    items = tuple(LedeItem(_difference(each), each.id) for each in conflicts[:DIFFERENCES])
    yield LedePart("They differ:", items)


def _difference(dispute: Dispute) -> str:
    values = [
        f"{shortened(side.value, CHARACTERS // 2)} ({_named(side.outlets)})"
        for side in dispute.sides[:POSITIONS]
    ]
    more = len(dispute.sides) - len(values)
    rest = f"; {more} more" if more > 0 else ""
    topic = shortened(dispute.topic, CHARACTERS).rstrip(".:")
    return f"{topic[:1].upper()}{topic[1:]}: {'; '.join(values)}{rest}."


def _named(outlets: Sequence[str]) -> str:
    more = len(outlets) - POSITIONS
    rest = f" and {more} more" if more > 0 else ""
    return f"{', '.join(outlets[:POSITIONS])}{rest}"


def _only(unique: Sequence[Section], unsure: Section | None) -> Iterator[LedePart]:
    """Yield the best that each outlet alone reports: surely, else perhaps."""
    for section in unique[:OUTLETS]:
        doubted = (
            [line for line in unsure.lines if section.outlet in line.outlets] if unsure else []
        )
        for lead, lines in (("Only", section.lines), ("Perhaps only", doubted)):
            best = next(filter(_stands_alone, lines), None)
            if best is not None:
                yield LedePart(f"{lead} {section.outlet} reports:", (_item(best),))
                break


def _stands_alone(line: Line) -> bool:
    """Return whether a line is short and whole, and means the same without what it follows."""
    cut = line.text.startswith("…") or line.text.endswith("…")
    short = not cut and len(line.text) <= CHARACTERS
    quoted = line.text.lstrip("\"'“‘ ")
    return short and stands_alone(line.text) and not leans_on_context(quoted)


def _item(line: Line) -> LedeItem:
    text = line.text
    return LedeItem(text if text[-1:] in ".!?\"”'»" else f"{text}.", line.id)


def _unread(unread: Sequence[Unread]) -> Iterator[LedePart]:
    """Say what could not be read, so that nobody takes its silence for news."""
    items = tuple(
        LedeItem(f"{each.outlet} ({each.reason})." if each.reason else f"{each.outlet}.")
        for each in unread
    )
    if items:
        said = LedeItem("Nothing is said here of what it does not report.")
        many = LedeItem("Nothing is said here of what they do not report.")
        yield LedePart("Could not be read:", (*items, said if len(items) == 1 else many))
