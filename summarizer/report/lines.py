"""Facts and conflicts as lines that can be read alone, the quotes under them, and the lede."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence, Set

from summarizer.document import read
from summarizer.report.introductions import Introductions
from summarizer.report.outlets import Names
from summarizer.report.parts import (
    Addition,
    Dispute,
    LedeItem,
    LedePart,
    Line,
    Side,
    View,
    balanced,
)
from summarizer.report.quotes import Quotes
from summarizer.report.wording import one_line, plural, shortened
from summarizer.text.context import (
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
    Mention,
    ReadShare,
    Status,
    Uniqueness,
)

UNCHECKED = "not checked in all others"
"""Said of what one outlet reports where another one could not be asked."""

_END = re.compile(r"\.?([\"”»]?)$")
"""The end of a sentence, after which its speaker is named: the comma stands within the marks."""
_PLACED = re.compile(r" (?:at|in|from|for|with|to|on) ")
"""What stands between a speaker and where they are or whom they belong to."""

_UNFINISHED = (",", ";", ":", "—", "–")

AGREED, DIFFERENCES, OUTLETS, POSITIONS, CHARACTERS = 2, 3, 6, 4, 220
"""How much a lede tells: facts of what all, or most, report; conflicts; outlets of which it is
told what only they have; positions of one conflict; and the longest fact, for a lede has no room
for longer ones and must not cut them."""


class Lines:
    """Makes the lines of one report; ``conflicts`` are those told under facts, else all."""

    def __init__(
        self, report: DiffReport, names: Names, conflicts: Sequence[Conflict] | None = None
    ) -> None:
        self.quotes = Quotes(names)
        self._names = names
        self._introductions = Introductions(report.headline, self.quotes.document_of)
        self._unread = {each.article.id for each in report.articles if each.read is ReadShare.NOT}
        self._all_conflicts = _by_fact(report.conflicts)
        self._conflicts = self._all_conflicts if conflicts is None else _by_fact(conflicts)

    def line(self, fact: Fact, additions: int | None, introduced: set[str]) -> Line:
        """Return a fact as a line, with so many details at most; None tells all.

        ``introduced`` are surnames that the lines above name; those of this line are added.
        """
        added = self.additions(fact)
        kept = added[:additions]
        return Line(
            text=self.wording(fact, introduced),
            outlets=self._names.several(fact.outlets),
            id=fact.id,
            quote=self.quotes.under(fact),
            remark=_line_remark(fact),
            nearest=self.quotes.nearest(fact.text, self.doubts(fact)),
            additions=tuple(map(self._addition_of, kept)),
            more_additions=len(added) - len(kept),
            differences=tuple(map(self.dispute, self._conflicts.get(fact.id, ()))),
        )

    def wording(self, fact: Fact, introduced: set[str]) -> str:
        """Return what a fact says, by whom, and who people are that nobody introduced before."""
        return self._introductions.introduce(attributed(fact), _origin(fact).article, introduced)

    def leaves_unknown(self, fact: Fact, wording: str, introduced: Set[str]) -> bool:
        """Return whether the wording of a fact names people of whom nobody says who they are."""
        return self._introductions.leave_unknown(wording, _origin(fact).article, introduced)

    def additions(self, fact: Fact) -> list[Detail]:
        """Return what outlets add to a fact, without what its conflicts tell of them.

        A conflict that is not shown is left out for a reason: so are its sides.
        """
        told = {
            (mention.article.id, position.value)
            for conflict in self._all_conflicts.get(fact.id, ())
            for position in conflict.positions
            for mention in position.mentions
        }
        return [
            detail
            for detail in fact.details
            if not any(
                detail.article.id == article and value in span.of(detail.article.text)
                for article, value in told
                for span in detail.evidence
            )
        ]

    def dispute(self, conflict: Conflict) -> Dispute:
        """Return a conflict with its positions."""
        sides = [
            Side(
                value=balanced(one_line(position.value)),
                outlets=self._names.several(position.outlets),
                quote=self.quotes.holding(position.value, position.mentions),
            )
            for position in conflict.positions
        ]
        topic = one_line(conflict.topic)
        if conflict.compatible:
            topic += f" ({'both' if len(sides) == 2 else 'all'} can be true)"
        return Dispute(
            topic=topic,
            kind=conflict.kind.value,
            sides=tuple(sides),
            id=conflict.id,
            compatible=conflict.compatible,
        )

    def checks(self, fact: Fact | Detail) -> list[Check]:
        """Return the checks against articles that were read: of others nothing is said."""
        return [check for check in fact.checks if check.article.id not in self._unread]

    def doubts(self, fact: Fact | Detail) -> list[Check]:
        """Return these checks of what is in doubt, and none of what is not."""
        return self.checks(fact) if fact.uniqueness is Uniqueness.DISPUTED else []

    def _addition_of(self, detail: Detail) -> Addition:
        return Addition(
            outlet=self._names.of(detail.article.outlet),
            text=as_sentence(one_line(detail.text)),
            remark=UNCHECKED if detail.uniqueness is Uniqueness.UNCHECKED else "",
            nearest=self.quotes.nearest(detail.text, self.doubts(detail)),
        )


def as_sentence(text: str, *, goes_on: bool = False) -> str:
    """Return a text so that a part of a sentence, which may go on after it, is seen to be one."""
    text = balanced(text)
    if text[:1].islower():
        text = f"…{text}"
    if text.endswith(_UNFINISHED) or (goes_on and text[-1:].isalnum()):
        return text.rstrip("".join(_UNFINISHED)) + "…"
    return text


def attributed(fact: Fact) -> str:
    """Return what a fact says, and who says it where the wording does not tell.

    A pronoun that stands for the speaker gets the name in brackets, as editors do it: "he [Ryan]
    said". A quotation alone, or a wording from which a model took the speaker, is followed by it.
    """
    worded = [mention for mention in fact.mentions if mention.wording == fact.text]
    plain = one_line(fact.text)
    text = as_sentence(without_connective(plain), goes_on=any(map(_goes_on, worded)))
    for mention in worded:
        speaker = one_line(mention.speaker or "")
        name = speaker.partition(",")[0].strip()
        if not name or _names_speaker(text, name):
            continue
        named = name_speaker(text, name)
        if named != text:
            return named
        begun = _END.sub(r",\1", text, count=1)
        if is_quotation(text):
            return f"{begun} {speaker} said."
        if plain not in one_line(cited_words(mention)):
            return f"{begun} according to {speaker}."
    return text


def _names_speaker(text: str, name: str) -> bool:
    """Return whether a line names its speaker, if only in part.

    "Senator Sasse said" needs no "according to Senator Ben Sasse of Nebraska", and "the faculty
    members asked" no "according to dozens of faculty members at Notre Dame".
    """
    heads = _PLACED.split(name)[0].split(" of ")
    head = heads[1] if len(heads) > 1 and read(heads[0]).figures else heads[0]
    told = read(text).stems
    if head[:1].isupper() and not read(heads[0]).figures:
        return bool(read(head.split()[-1]).stems & told)
    return read(head).stems <= told


def _by_fact(conflicts: Sequence[Conflict]) -> dict[str, list[Conflict]]:
    grouped: dict[str, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        grouped[conflict.fact or ""].append(conflict)
    return grouped


def _origin(fact: Fact) -> Mention:
    """Return the mention whose words a fact is told in; the first where no mention has them."""
    return next((each for each in fact.mentions if each.wording == fact.text), fact.mentions[0])


def cited_words(mention: Mention) -> str:
    """Return the passages of a mention as one text."""
    return " ".join(span.of(mention.article.text) for span in mention.evidence)


def _goes_on(mention: Mention) -> bool:
    """Return whether a wording is a piece of an article whose line goes on after it."""
    if len(mention.evidence) != 1:
        return False
    text, span = mention.article.text, mention.evidence[0]
    after = text[span.end : span.end + 1]
    return span.of(text) == mention.wording and after not in ("", "\r", "\n")


def _line_remark(fact: Fact) -> str:
    if fact.status is Status.UNIQUE:
        return UNCHECKED if fact.uniqueness is Uniqueness.UNCHECKED else ""
    copied = 0 < fact.origins < len(fact.outlets)
    return plural(fact.origins, "independent origin") if copied else ""


def lede(
    shown: View, unread: Sequence[str], wording: Callable[[str], str | None]
) -> tuple[LedePart, ...]:
    """Return what a reader in a hurry must know of what is shown, and of articles not read.

    ``wording`` gives a fact, by its id, as it is told where nobody was introduced before.
    """
    parts = (
        *_agreed_parts(shown),
        _differing_part(shown),
        *_only_parts(shown),
        _unread_part(unread),
    )
    return tuple(
        LedePart(part.lead, tuple(_as_told(item, wording(item.id)) for item in part.items))
        for part in parts
        if part.items
    )


def _as_told(item: LedeItem, wording: str | None) -> LedeItem:
    text = wording or item.text
    return LedeItem(text if text[-1:] in ".!?\"”'»" else f"{text}.", item.id)


def _agreed_parts(shown: View) -> Iterator[LedePart]:
    """Yield what the most outlets report: all of them, if there is such a fact."""
    for section in filter(None, (shown.consensus, shown.shared)):
        lines = list(filter(_can_be_told, section.lines))[:AGREED]
        if lines:
            yield _fact_part(f"{section.title}:", lines)
            return


def _differing_part(shown: View) -> LedePart:
    against = [each for each in shown.conflicts if not each.compatible][:DIFFERENCES]
    return LedePart("They differ:", tuple(LedeItem(_difference_text(c), c.id) for c in against))


def _difference_text(dispute: Dispute) -> str:
    values = [
        f"{shortened(side.value, CHARACTERS // 2)} ({_first_outlets(side.outlets)})"
        for side in dispute.sides[:POSITIONS]
    ]
    more = len(dispute.sides) - POSITIONS
    rest = f"; {more} more" if more > 0 else ""
    topic = shortened(dispute.topic, CHARACTERS).rstrip(".:")
    return f"{topic[:1].upper()}{topic[1:]}: {'; '.join(values)}{rest}."


def _first_outlets(outlets: Sequence[str]) -> str:
    more = len(outlets) - POSITIONS
    return ", ".join(outlets[:POSITIONS]) + (f" and {more} more" if more > 0 else "")


def _only_parts(shown: View) -> Iterator[LedePart]:
    """Yield the best that each outlet alone reports: surely, else perhaps."""
    unsure = shown.unsure.lines if shown.unsure else ()
    for section in shown.unique[:OUTLETS]:
        doubted = [line for line in unsure if section.outlet in line.outlets]
        leads = (
            (f"Only {section.outlet} reports:", section.lines),
            (f"{section.outlet} reports, and others may too:", doubted),
        )
        for lead, lines in leads:
            best = next(filter(_can_be_told, lines), None)
            if best is not None:
                yield _fact_part(lead, [best])
                break


def _can_be_told(line: Line) -> bool:
    """Return whether a line is short and whole, and means the same without what it follows."""
    cut = line.text.startswith("…") or line.text.endswith("…")
    quoted = line.text.lstrip("\"'“‘ ")
    fits = not cut and len(line.text) <= CHARACTERS
    return fits and stands_alone(line.text) and not leans_on_context(quoted)


def _fact_part(lead: str, lines: Sequence[Line]) -> LedePart:
    return LedePart(lead, tuple(LedeItem(line.text, line.id) for line in lines))


def _unread_part(unread: Sequence[str]) -> LedePart:
    """Say what could not be read, so that nobody takes its silence for news."""
    they = "it does" if len(unread) == 1 else "they do"
    sentences = [*unread, f"Nothing is said here of what {they} not report."] if unread else []
    return LedePart("Could not be read:", tuple(map(LedeItem, sentences)))
