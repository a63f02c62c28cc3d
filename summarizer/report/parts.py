"""What a reader is shown of a report, as values: whole sentences, short lists, no layout.

All text is harmless and on one line (``wording.one_line``); ``outlets.Names`` names the outlets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SAME, OTHERWISE, NEAREST = "word for word:", "says otherwise:", "nearest:"
"""How a quote bears on the line, where it is not simply another wording."""

DIFFERENCES_TITLE = "Where they differ"
NO_DIFFERENCE = "No difference was found for sure."
NONE_WRONG = "Nothing in which one of them must be wrong."
"""The heading of the conflicts, and what is said below it where there is none, and where all wait
for readers who ask for everything."""

_OPENING, _CLOSING = '“„«"', '”“»"'
_MARK = re.compile('[“”„«»"]')
_PAIRS = (("„", "“"), ("«", "»"))
_OTHER_MARK = re.compile(r"""[„«»]|\d"|'$|\'\'""")


def in_marks(text: str) -> str:
    """Return ``text`` in quotation marks, without doubling those it begins and ends with."""
    text = balanced(text)
    if not text or text[0] not in _OPENING:
        return f"“{text}”"
    if _MARK.search(text[1:].removesuffix("…")[:-1]):
        # Marks of its own, further ones inside: it is seen to be a quotation as it stands.
        return text
    return f"“{text[1:-1] if text[-1] in _CLOSING else text[1:]}”"


def balanced(text: str) -> str:
    """Return ``text`` with the one quotation mark that was left outside when it was cut out.

    A bracket that it begins or ends with and whose other half was left outside goes.
    """
    if text.count("[") != text.count("]"):
        text = text.removeprefix("[").removesuffix("]")
    for opening, closing in _PAIRS:
        if text.count(opening) == 1 and closing not in text:
            return text + closing
    places = [at for at, letter in enumerate(text) if letter in '"“”']
    # Marks of other kinds follow other rules, and a mark after a figure may be inches.
    if len(places) % 2 == 0 or _OTHER_MARK.search(text):
        return text
    first, last = places[0], places[-1]
    if text[first] == "”" or (text[first] == '"' and _closes_quotation(text, first)):
        return ("“" if text[first] == "”" else '"') + text
    if text[last] == "“" or (text[last] == '"' and not _closes_quotation(text, last)):
        return text + ("”" if text[last] == "“" else '"')
    return text


def _closes_quotation(text: str, at: int) -> bool:
    return at > 0 and not text[at - 1].isspace() and text[at - 1] not in "(—–-["


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article, who wrote them, and how they bear on the line they stand under."""

    outlet: str
    text: str
    relation: str = ""

    @property
    def words(self) -> str:
        """The words in quotation marks; none where they are those of the line itself."""
        return "" if self.relation == SAME else in_marks(self.text)

    @property
    def against(self) -> bool:
        """Whether they contradict the line."""
        return self.relation == OTHERWISE


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One article, as the list of outlets shows it."""

    outlet: str
    title: str
    published: str
    length: str
    credits: tuple[str, ...]
    same_as: str
    source: str
    read: str = ""
    """What is to be said of how much of it was read; nothing where all of it was."""

    @property
    def about(self) -> list[str]:
        """Its day and length, and what else is said of it: whom it credits, how much was read."""
        credited = [f"credits {', '.join(self.credits)}"] if self.credits else []
        return [self.published, self.length, *credited, *([self.read] if self.read else [])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One position of a conflict."""

    value: str
    outlets: tuple[str, ...]
    quote: Quote | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A conflict: the point, neutrally named, and what is held; ``compatible``: all can be true."""

    topic: str
    kind: str
    sides: tuple[Side, ...]
    id: str = ""
    compatible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What one outlet alone adds to a fact that others report too."""

    outlet: str
    text: str
    remark: str = ""
    nearest: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact: who reports it, in whose words, who adds what, and what speaks against it.

    A sentence of a summary has no ``id``. All ``differences`` stand among the conflicts, too.
    """

    text: str
    outlets: tuple[str, ...]
    id: str = ""
    quote: Quote | None = None
    remark: str = ""
    nearest: Quote | None = None
    additions: tuple[Addition, ...] = ()
    more_additions: int = 0
    differences: tuple[Dispute, ...] = ()

    @property
    def quotes(self) -> list[Quote]:
        """What stands under the line: its other words, and what comes near or against it."""
        return [quote for quote in (self.quote, self.nearest) if quote]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, its lines, and how many more there are.

    ``note`` is what a reader must know of the whole section; ``unsure`` says that its lines are
    neither surely shared nor surely one outlet's alone.
    """

    title: str
    lines: tuple[Line, ...]
    hidden: int
    outlet: str = ""
    empty: str = ""
    note: str = ""
    unsure: bool = False

    @property
    def total(self) -> int:
        """Lines shown and not shown."""
        return len(self.lines) + self.hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The summary of one article."""

    source: Source
    sentences: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LedeItem:
    """A sentence of the lede, and the id of the fact or conflict that it is made from."""

    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class LedePart:
    """What the sentences that follow have in common ("All 3 report"), and the sentences."""

    lead: str
    items: tuple[LedeItem, ...]

    @property
    def text(self) -> str:
        """The sentences as one text."""
        return " ".join(item.text for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Values in rows; the first cell of a row is its name, the others are under ``head``."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A whole report, in the order it is read."""

    headline: str
    subtitle: str
    outlets: tuple[str, ...]
    sources: tuple[Source, ...]
    warnings: tuple[str, ...]
    lede: tuple[LedePart, ...]
    summaries: tuple[Summary, ...]
    conflicts: tuple[Dispute, ...]
    hidden_conflicts: int
    unique: tuple[Section, ...]
    consensus: Section
    shared: Section | None
    unsure: Section | None
    tables: tuple[Table, ...]
    notes: tuple[str, ...]

    @property
    def not_unique(self) -> tuple[Section, ...]:
        """The facts that not surely one outlet alone has: in all, in several, unsure."""
        return tuple(filter(None, (self.consensus, self.shared, self.unsure)))

    @property
    def sections(self) -> tuple[Section, ...]:
        """The facts in the order they are read: only in one, in all, in several, unsure."""
        return (*self.unique, *self.not_unique)

    @property
    def total_conflicts(self) -> int:
        """Conflicts shown and not shown."""
        return len(self.conflicts) + self.hidden_conflicts

    @property
    def no_conflicts(self) -> str:
        """What is said where no conflict is shown; "" where one is."""
        if self.conflicts:
            return ""
        return NONE_WRONG if self.hidden_conflicts else NO_DIFFERENCE
