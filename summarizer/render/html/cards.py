"""Facts and conflicts as a page shows them: who says it where, and who does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.render.html.bodies import target
from summarizer.render.html.outlets import Outlet, Outlets
from summarizer.render.html.touching import touched
from summarizer.report.parts import Line, View
from summarizer.report.punctuation import in_marks
from summarizer.report.safe import one_line, shortened
from summarizer.types import (
    Article,
    Check,
    DiffReport,
    Mention,
    OriginKind,
    Position,
    Span,
    Verdict,
)

QUOTE_CHARACTERS = 600
"""The longest quote in a list; the whole passage is one click away, in its article."""

NAME_CHARACTERS = 120
"""The longest speaker or hedge."""

FACT_CHARACTERS = 900
"""The longest fact in a list: ten lines."""

NEAREST_SHOWN = 7
"""Nearest passages written out under a fact, most doubtful first: of all others, mostly."""

NEAREST_OF_MANY = 1
"""As above, where there are more outlets than that; the script shows the rest when asked."""

VERDICTS = {
    Verdict.REPORTED: "seems to report it",
    Verdict.PARTLY: "reports a part of it",
    Verdict.CONTRADICTED: "says otherwise",
    Verdict.ABSENT: "not found",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An article's own words for a fact, and the passage they stand in."""

    outlet: Outlet
    date: str
    quote: str
    href: str
    same: bool
    agency: bool = False
    speaker: str = ""
    hedge: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """What was looked at before an article was said not to report a fact."""

    article: str
    outlet: Outlet
    verdict: str
    percent: int
    quote: str = ""
    href: str = ""
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Further:
    """What was looked at and is less likely still, for the script to write out."""

    article: str
    verdict: Verdict
    percent: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A fact."""

    id: str
    line: Line
    status: str
    kind: str
    salience: int
    outlets: tuple[tuple[Outlet, str], ...]
    words: tuple[Words, ...]
    nearest: tuple[Nearest, ...]
    further: tuple[Further, ...]
    conflicts: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the fact says; a monster of a sentence is cut, and is whole in its article."""
        return shortened(self.line.text, FACT_CHARACTERS)

    @property
    def checked(self) -> int:
        """How many other articles the fact was looked for in."""
        return len(self.nearest) + len(self.further)

    @property
    def speaker(self) -> str:
        """Who says it, in the article that says it first."""
        return self.words[0].speaker if self.words else ""

    @property
    def told(self) -> bool:
        """Whether the words of the articles say more than the line above them."""
        return len(self.words) > 1 or any(not each.same for each in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cards under a heading."""

    id: str
    title: str
    status: str
    cards: tuple[Card, ...]
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One position of a conflict."""

    value: str
    outlets: tuple[Outlet, ...]
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A conflict, its positions to stand side by side, and the facts that it touches."""

    id: str
    topic: str
    kind: str
    stands: tuple[Stand, ...]
    facts: tuple[str, ...]


class Cards:
    """Makes the cards of one report."""

    def __init__(self, report: DiffReport, outlets: Outlets) -> None:
        self._outlets = outlets
        self._facts = {fact.id: fact for fact in report.facts}
        self._agency = _agency_copy(report)
        self._touched = touched(report)

    def groups(self, shown: View) -> Iterator[Group]:
        """Yield the facts as the view groups them: all, several, only in each outlet."""
        for section in shown.sections:
            cards = tuple(self._card(line) for line in section.lines)
            # A status, unless the section is of one outlet: the other two have one section each.
            status = "unique" if section.outlet else "shared"
            if section is shown.consensus:
                status = "consensus"
            place = [name for name in shown.outlets if name == section.outlet]
            at = shown.outlets.index(place[0]) + 1 if place else 0
            yield Group(
                id=f"only-{at}" if at else status,
                title=section.title,
                status=status,
                cards=cards,
                empty=section.empty,
            )

    def clashes(self, report: DiffReport) -> Iterator[Clash]:
        """Yield the conflicts."""
        by_conflict: dict[str, list[str]] = defaultdict(list)
        for fact, mine in self._touched.items():
            for name in mine:
                by_conflict[name].append(fact)
        for conflict in report.conflicts:
            yield Clash(
                id=conflict.id,
                topic=shortened(one_line(conflict.topic), QUOTE_CHARACTERS),
                kind=conflict.kind.value,
                stands=tuple(self._stand(position) for position in conflict.positions),
                facts=tuple(by_conflict[conflict.id]),
            )

    def _card(self, line: Line) -> Card:
        fact = self._facts[line.id]
        checks = sorted(fact.checks, key=_doubt, reverse=True)
        shown = NEAREST_SHOWN if len(self._outlets) <= NEAREST_SHOWN + 1 else NEAREST_OF_MANY
        words = tuple(self._words(mention, fact.text) for mention in fact.mentions)
        links = {each.outlet: each.href for each in reversed(words)}
        return Card(
            id=fact.id,
            line=line,
            status=fact.status.value,
            kind=fact.kind.value,
            salience=round(fact.salience * 100),
            outlets=tuple(
                (outlet, links.get(outlet, "")) for outlet in self._outlets.named(fact.outlets)
            ),
            words=words,
            nearest=tuple(map(self._nearest, checks[:shown])),
            further=tuple(map(_further, checks[shown:])),
            conflicts=self._touched.get(fact.id, ()),
        )

    def _stand(self, position: Position) -> Stand:
        return Stand(
            value=shortened(one_line(position.value), QUOTE_CHARACTERS),
            outlets=self._outlets.named(position.outlets),
            words=tuple(self._words(mention, position.value) for mention in position.mentions),
        )

    def _words(self, mention: Mention, said: str) -> Words:
        article, evidence = mention.article, mention.evidence
        quote = _quote(article, evidence)
        return Words(
            outlet=self._outlets.of(article),
            date=article.published.isoformat() if article.published else "",
            quote=in_marks(shortened(quote, QUOTE_CHARACTERS)),
            href=target(article, evidence[0].start) if evidence else "",
            same=quote == one_line(said),
            agency=any(
                copied.overlap(span) for copied in self._agency[article.id] for span in evidence
            ),
            speaker=shortened(one_line(mention.speaker or ""), NAME_CHARACTERS),
            hedge=shortened(one_line(mention.hedge or ""), NAME_CHARACTERS),
        )

    def _nearest(self, check: Check) -> Nearest:
        article, judged = check.article, check.judgement
        span = judged.nearest or Span(0, 0)
        quote = one_line(span.of(article.text))
        return Nearest(
            article=article.id,
            outlet=self._outlets.of(article),
            verdict=VERDICTS[judged.verdict],
            percent=_percent(check),
            quote=in_marks(shortened(quote, QUOTE_CHARACTERS)) if quote else "",
            href=target(article, span.start) if len(span) else "",
            start=span.start,
            end=span.end,
        )


def _further(check: Check) -> Further:
    return Further(
        article=check.article.id,
        verdict=check.judgement.verdict,
        percent=_percent(check),
        span=check.judgement.nearest or Span(0, 0),
    )


def _percent(check: Check) -> int:
    return round(check.judgement.probability * 100)


def _agency_copy(report: DiffReport) -> defaultdict[str, list[Span]]:
    """Return the passages of each article that other outlets print word for word."""
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for origin in report.origins:
        if origin.kind is OriginKind.WIRE_COPY:
            for passage in (passage for group in origin.passages for passage in group):
                found[passage.article.id].append(passage.span)
    return found


def _doubt(check: Check) -> tuple[bool, float]:
    return check.judgement.verdict is not Verdict.ABSENT, check.judgement.probability


def _quote(article: Article, evidence: Sequence[Span]) -> str:
    return " … ".join(one_line(span.of(article.text)) for span in evidence)
