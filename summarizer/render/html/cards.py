"""Facts and conflicts as a page shows them, and the outlets with how much they share."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.document import Stretches
from summarizer.report.lines import Lines
from summarizer.report.outlets import Names, marks
from summarizer.report.parts import Dispute, Line, Section, Table, View
from summarizer.report.quotes import Quote, in_marks
from summarizer.report.safe import one_line, shortened
from summarizer.report.view import SALIENT
from summarizer.types import (
    Article,
    Check,
    DiffReport,
    Fact,
    Mention,
    OriginKind,
    Span,
    Status,
    Uniqueness,
)

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)

QUOTE_CHARACTERS = 600
"""The longest quote in a list; the whole passage is one click away, in its article."""

NAME_CHARACTERS = 120
"""The longest speaker or hedge."""

FACT_CHARACTERS = 900
"""The longest fact in a list: ten lines."""

NEAR_SHOWN = 5
"""Passages of others written out under a fact, contradictions first."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet with an article of its own; ``index`` is its place in the report."""

    index: int
    name: str
    mark: str


class Outlets:
    """The outlets of a report, in its order, found by name or by article."""

    def __init__(self, report: DiffReport) -> None:
        self.names = Names(report)
        short = marks(self.names.all)
        self.all = tuple(Outlet(at, name, short[name]) for at, name in enumerate(short))
        self._named = {outlet.name: outlet for outlet in self.all}

    def __len__(self) -> int:
        return len(self.all)

    def of(self, article: Article) -> Outlet:
        """Return the outlet of an article that is no copy."""
        return self._named[self.names.of(article.outlet)]

    def called(self, names: Iterable[str]) -> tuple[Outlet, ...]:
        """Return the outlets that the view calls by these names."""
        return tuple(self._named[name] for name in names if name in self._named)


def target(article: Article, start: int) -> str:
    """Return the id of the passage that begins at ``start``."""
    return f"{article.id}-{start}"


def language(article: Article) -> str:
    """Return the article's language as HTML writes it; empty where it is not known."""
    found = (article.language or "").replace("_", "-").strip()
    return found if _LANGUAGE.fullmatch(found) else ""


def address(article: Article) -> str:
    """Return where the article can be read, if that is a page of the web and nothing else."""
    for found in (article.url or "", article.source):
        if _ADDRESS.match(found):
            return one_line(found)
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One outlet's facts, counted by who else reports them; ``read`` says whether it has any."""

    outlet: Outlet
    consensus: int
    shared: int
    unique: int
    total: int
    """All facts of the outlet, also those of which it is not sure who else reports them."""
    read: bool


def bars(report: DiffReport, outlets: tuple[Outlet, ...], names: Names) -> tuple[Bar, ...]:
    """Return a bar for each outlet, in the order of the report."""
    counts = Counter(
        (names.of(outlet), fact.status)
        for fact in report.facts
        for outlet in fact.outlets
        if fact.uniqueness is not Uniqueness.DISPUTED
    )
    totals = Counter(names.of(outlet) for fact in report.facts for outlet in fact.outlets)
    return tuple(
        Bar(
            outlet=outlet,
            consensus=counts[outlet.name, Status.CONSENSUS],
            shared=counts[outlet.name, Status.SHARED],
            unique=counts[outlet.name, Status.UNIQUE],
            total=totals[outlet.name],
            read=outlet.name in names.read,
        )
        for outlet in outlets
    )


def sharing(report: DiffReport, outlets: tuple[Outlet, ...], names: Names) -> Table | None:
    """Return how many facts each two outlets both report; None where there are only two."""
    if len(outlets) < 3:
        return None
    pairs: Counter[tuple[str, str]] = Counter()
    for fact in report.facts:
        mine = names.several(dict.fromkeys(fact.outlets))
        pairs.update((a, b) for a in mine for b in mine if a != b)
    rows = tuple(
        (
            row.name,
            *("" if row is other else str(pairs[row.name, other.name]) for other in outlets),
        )
        for row in outlets
    )
    title = "How many facts each two outlets both report"
    return Table(title=title, head=tuple(outlet.mark for outlet in outlets), rows=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An article's own words for a fact: its passages, each with the place it stands in.

    ``same`` says that they are the words of the line above.
    """

    outlet: Outlet
    quotes: tuple[str, ...]
    href: str
    same: bool
    agency: bool = False
    speaker: str = ""
    hedge: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A passage of an article that does not report a fact, and yet contradicts or nears it."""

    article: str
    outlet: Outlet
    quote: Quote
    span: Span
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What one outlet adds to a fact."""

    outlet: Outlet
    text: str
    remark: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A fact. ``absent`` are the outlets that were asked and have nothing of it."""

    line: Line
    status: str
    first: bool
    """Whether it is among the most salient of its section, which are printed by default."""
    outlets: tuple[tuple[Outlet, str], ...]
    words: tuple[Words, ...]
    near: tuple[Near, ...]
    absent: tuple[Outlet, ...]
    added: tuple[Added, ...]

    @property
    def text(self) -> str:
        """What the fact says; a monster of a sentence is cut, and is whole in its article."""
        return shortened(self.line.text, FACT_CHARACTERS)

    @property
    def has_other_words(self) -> bool:
        """Whether the words of the articles say more than the line above them."""
        return len(self.words) > 1 or any(not each.same for each in self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cards under a heading."""

    id: str
    status: str
    section: Section
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One position of a conflict."""

    value: str
    outlets: tuple[Outlet, ...]
    words: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A conflict, its positions to stand side by side, and the fact that it is about."""

    id: str
    topic: str
    first: bool
    stands: tuple[Stand, ...]
    fact: str


class Cards:
    """Makes the cards of one report."""

    def __init__(self, report: DiffReport, outlets: Outlets) -> None:
        self._outlets = outlets
        self._lines = Lines(report, outlets.names)
        self._facts = {fact.id: fact for fact in report.facts}
        self._conflicts = {conflict.id: conflict for conflict in report.conflicts}
        self._agency = _agency_copy(report)

    def groups(self, shown: View) -> Iterator[Group]:
        """Yield the facts as the view groups them: only in each outlet, all, several."""
        for section in shown.sections:
            if section.outlet:
                status = "unique"
                name = f"only-{shown.outlets.index(section.outlet) + 1}"
            else:
                status = name = "consensus" if section is shown.consensus else "shared"
            if section.unsure:
                status = name = "unsure"
            limit = (SALIENT.outlet if section.outlet else SALIENT.section) or 0
            cards = tuple(
                self._card(line, status, first=at < limit) for at, line in enumerate(section.lines)
            )
            yield Group(id=name, status=status, section=section, cards=cards)

    def clashes(self, shown: View) -> Iterator[Clash]:
        """Yield the conflicts."""
        ids = {line.id for section in shown.sections for line in section.lines}
        for at, dispute in enumerate(shown.conflicts):
            conflict = self._conflicts[dispute.id]
            yield Clash(
                id=dispute.id,
                topic=shortened(dispute.topic, QUOTE_CHARACTERS),
                first=at < (SALIENT.conflicts or 0),
                stands=tuple(self._stands(dispute)),
                fact=conflict.fact if conflict.fact in ids else "",
            )

    def _stands(self, dispute: Dispute) -> Iterator[Stand]:
        positions = self._conflicts[dispute.id].positions
        for side, position in zip(dispute.sides, positions, strict=True):
            yield Stand(
                value=shortened(side.value, QUOTE_CHARACTERS),
                outlets=self._outlets.called(side.outlets),
                words=tuple(self._words(mention, side.value) for mention in position.mentions),
            )

    def _card(self, line: Line, status: str, *, first: bool) -> Card:
        fact = self._facts[line.id]
        checks = self._lines.checks(fact)
        near = sorted(self._near(fact, checks), key=lambda each: not each[0])[:NEAR_SHOWN]
        words = tuple(self._words(mention, fact.text) for mention in fact.mentions)
        links = {each.outlet: each.href for each in reversed(words)}
        reporting = self._outlets.called(line.outlets)
        asked = dict.fromkeys(self._outlets.of(check.article) for check in checks)
        known = {*reporting, *(each.outlet for _, each in near)}
        return Card(
            line=line,
            status=status,
            first=first,
            outlets=tuple((outlet, links.get(outlet, "")) for outlet in reporting),
            words=words,
            near=tuple(each for _, each in near),
            absent=tuple(outlet for outlet in asked if outlet not in known),
            added=tuple(self._added(fact, line)),
        )

    def _near(self, fact: Fact, checks: Sequence[Check]) -> Iterator[tuple[bool, Near]]:
        """Yield what others have near a fact, and whether it contradicts the fact."""
        for check in checks:
            quote = self._lines.quotes.near(fact.text, check)
            span = check.judgement.nearest
            if quote is None or span is None:
                continue
            yield (
                quote.against,
                Near(
                    article=check.article.id,
                    outlet=self._outlets.of(check.article),
                    quote=quote,
                    span=span,
                    href=target(check.article, span.start),
                ),
            )

    def _added(self, fact: Fact, line: Line) -> Iterator[Added]:
        for detail, addition in zip(fact.details, line.additions, strict=True):
            yield Added(
                outlet=self._outlets.of(detail.article),
                text=shortened(addition.text, QUOTE_CHARACTERS),
                remark=addition.remark,
                href=target(detail.article, detail.evidence[0].start) if detail.evidence else "",
            )

    def _words(self, mention: Mention, line: str) -> Words:
        article, evidence = mention.article, mention.evidence
        quotes = [one_line(span.of(article.text)) for span in evidence]
        return Words(
            outlet=self._outlets.of(article),
            quotes=tuple(in_marks(shortened(quote, QUOTE_CHARACTERS)) for quote in quotes),
            href=target(article, evidence[0].start) if evidence else "",
            same=quotes == [one_line(line)],
            agency=any(map(self._agency[article.id].covered, evidence)),
            speaker=shortened(one_line(mention.speaker or ""), NAME_CHARACTERS),
            hedge=shortened(one_line(mention.hedge or ""), NAME_CHARACTERS),
        )


def _agency_copy(report: DiffReport) -> defaultdict[str, Stretches]:
    """Return the passages of each article that other outlets print word for word."""
    found: defaultdict[str, Stretches] = defaultdict(Stretches)
    for origin in report.origins:
        if origin.kind is OriginKind.WIRE_COPY:
            for passage in (passage for group in origin.passages for passage in group):
                found[passage.article.id].add((passage.span,))
    return found
