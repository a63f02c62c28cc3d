"""Every domain value, in the order a story flows through them; all are frozen.

Text is never copied into them twice: whatever is quoted is a ``Span`` of its article's text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from summarizer.usage import Usage


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of Unicode code points in an article's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the slice of ``text`` that this span covers."""
        return text[self.start : self.end]

    def trimmed(self, text: str) -> Span:
        """Return this span without the white space at its ends; an empty one if all of it is."""
        part = self.of(text)
        start = self.start + len(part) - len(part.lstrip())
        return Span(start, start + len(part.strip()))

    def overlap(self, other: Span) -> int:
        """Return the number of code points shared with ``other``."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def contains(self, other: Span) -> bool:
        """Return whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end


class OutletFrom(StrEnum):
    """Where the outlet's name was found, from the surest to the weakest."""

    FLAG = "flag"
    FRONT_MATTER = "front_matter"
    METADATA = "metadata"
    TEXT = "text"
    FILENAME = "filename"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One source document.

    ``text`` is the decoded file or, for HTML, Markdown, mail and text quoted as a whole, the words
    made of it. ``body`` are the spans of it that are the article itself, in order and disjoint,
    without the headline (``title``) unless it only stands there.
    """

    id: str
    source: str
    sha256: str
    text: str
    body: tuple[Span, ...]
    outlet: str
    outlet_from: OutletFrom
    title: str | None = None
    byline: str | None = None
    published: date | None = None
    language: str | None = None
    url: str | None = None
    credits: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @classmethod
    def from_text(
        cls,
        text: str,
        *,
        outlet: str | None = None,
        title: str | None = None,
        published: date | str | None = None,
        url: str | None = None,
    ) -> Article:
        """Return the article in a text that a program holds, as if it were read from a file.

        Args:
            text: The article, or what was copied from its page.
            outlet: Who published it; looked for in the text if it is not given.
            title: Its headline; looked for in the text if it is not given.
            published: Its day, as a date or as "2026-11-29"; looked for likewise.
            url: Where it stands.

        Raises:
            InputError: There is no article in the text.
        """
        from summarizer.sources.reading import article_from

        return article_from(text, outlet=outlet, title=title, published=published, url=url)

    @classmethod
    def from_html(
        cls,
        html: str,
        *,
        outlet: str | None = None,
        title: str | None = None,
        published: date | str | None = None,
        url: str | None = None,
    ) -> Article:
        """Return the article of a page whose HTML a program holds; see ``from_text``.

        Raises:
            InputError: There is no article in the page.
        """
        from summarizer.sources.reading import article_from

        return article_from(
            html, is_html=True, outlet=outlet, title=title, published=published, url=url
        )

    @property
    def body_text(self) -> str:
        """The body's spans joined by blank lines; for reading, not for offsets."""
        return "\n\n".join(span.of(self.text) for span in self.body)


class ClaimKind(StrEnum):
    """What sort of statement a claim is."""

    EVENT = "event"
    STATEMENT = "statement"
    NUMBER = "number"
    BACKGROUND = "background"
    QUOTE = "quote"
    ANALYSIS = "analysis"
    SETTING = "setting"
    """Only who or what somebody or something is, or the day or place of what others tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One self-contained statement of an article, grounded in spans of its body.

    ``about`` is the news that it adds a detail to, if it does.
    """

    article: Article
    text: str
    evidence: tuple[Span, ...]
    kind: ClaimKind = ClaimKind.EVENT
    speaker: str | None = None
    hedge: str | None = None
    about: str = ""


class RejectReason(StrEnum):
    """Why a claim was turned away."""

    UNGROUNDED = "ungrounded"
    UNSUPPORTED = "unsupported"
    INJECTION = "injection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A claim or summary sentence that did not pass, and why."""

    article: Article
    text: str
    reason: RejectReason
    detail: str = ""


class ConflictKind(StrEnum):
    """What two positions differ in."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    ATTRIBUTION = "attribution"
    LIST = "list"
    OUTCOME = "outcome"
    WORDING = "wording"


class Verdict(StrEnum):
    """A judge's answer to: does this text report this claim?

    ``PARTLY`` means that the text states the claim's main point with an element missing or
    vaguer, never only the same topic.
    """

    REPORTED = "reported"
    PARTLY = "partly"
    CONTRADICTED = "contradicted"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a text that contradicts a claim differs from it in.

    ``topic`` names the point neutrally, in a few words, without either value; ``value`` are
    the words of the text that differ, and ``claimed`` those of the claim.
    """

    kind: ConflictKind
    topic: str
    value: str
    claimed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict on one claim against one text.

    ``probability`` is always that the text *reports* the claim, 0 to 1. ``nearest`` is the
    passage closest to the claim, whatever the verdict; None where none shares anything with it.
    ``reason`` says what decided against the claim, and ``difference`` what a contradiction is
    about, where the judge told it.
    """

    verdict: Verdict
    probability: float
    nearest: Span | None = None
    reason: str = ""
    difference: Difference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One article's own wording of a fact."""

    article: Article
    wording: str
    evidence: tuple[Span, ...]
    speaker: str | None = None
    hedge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The judgement of a fact against one article that does not mention it."""

    article: Article
    judgement: Judgement


class Status(StrEnum):
    """How many outlets report a fact: all, two or more, exactly one."""

    CONSENSUS = "consensus"
    SHARED = "shared"
    UNIQUE = "unique"


class Uniqueness(StrEnum):
    """How sure a unique fact is unique."""

    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What one outlet alone adds to a shared fact: a figure, a name, a reason.

    ``text`` can be read alone; ``evidence`` is the new element with its own words.
    """

    article: Article
    text: str
    evidence: tuple[Span, ...]
    uniqueness: Uniqueness
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What one or several outlets report: claims that a reader would call the same news.

    ``salience`` is 0 to 1: how much of the story hangs on it. Of ``origins``, two copies of one
    text are one. ``details`` are what single outlets add to it.
    """

    id: str
    text: str
    kind: ClaimKind
    status: Status
    salience: float
    outlets: tuple[str, ...]
    origins: int
    mentions: tuple[Mention, ...]
    checks: tuple[Check, ...] = ()
    uniqueness: Uniqueness | None = None
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """One side of a conflict: a value and the mentions that give it."""

    value: str
    outlets: tuple[str, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two or more positions on one point that differ.

    ``fact`` is the id of the fact that the point belongs to, if any; ``salience`` is 0 to 1, as a
    fact's. ``compatible``: all positions can be true together.
    """

    id: str
    topic: str
    kind: ConflictKind
    positions: tuple[Position, ...]
    fact: str | None = None
    salience: float = 0.0
    compatible: bool = False


class OriginKind(StrEnum):
    """Why several articles count as one origin."""

    SAME_ARTICLE = "same_article"
    WIRE_COPY = "wire_copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A span of one article."""

    article: Article
    span: Span

    @property
    def quote(self) -> str:
        """The slice of the article's text."""
        return self.span.of(self.article.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Articles that share an origin: whole copies, or passages from the same source.

    For ``SAME_ARTICLE`` the first article is the one the others are folded into; for
    ``WIRE_COPY`` each group in ``passages`` is one passage as the articles print it.
    """

    kind: OriginKind
    articles: tuple[Article, ...]
    passages: tuple[tuple[Passage, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummarySentence:
    """A sentence of an article's summary, what it rests on, and how surely."""

    text: str
    evidence: tuple[Span, ...]
    probability: float


class ReadShare(StrEnum):
    """How much of an article was read: all of it, a part, or nothing that gave a claim.

    Nothing may be said of what an article lacks that was not read.
    """

    WHOLE = "whole"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSummary:
    """What is said of one article: its summary, and the body that no claim came from."""

    article: Article
    same_as: Article | None
    sentences: tuple[SummarySentence, ...]
    uncited: tuple[Span, ...] = ()
    read: ReadShare = ReadShare.WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """How a report came to be, enough to make it again. ``at`` is ISO 8601, UTC."""

    at: str
    version: str
    engine: str
    judge: str
    model: str | None = None
    prompts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A step of a run that came to nothing; ``article`` is None if it was about all of them.

    ``reason`` is the name of the error, ``exit_code`` the one a run ends with without a worse.
    """

    stage: str
    article: Article | None
    reason: str
    message: str
    exit_code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffReport:
    """What all outlets share, what only one reports, and where they conflict."""

    headline: str
    generated: Generated
    articles: tuple[ArticleSummary, ...]
    facts: tuple[Fact, ...]
    conflicts: tuple[Conflict, ...] = ()
    origins: tuple[Origin, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    usage: Usage = field(default_factory=Usage)
    warnings: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

    def with_status(self, status: Status) -> list[Fact]:
        """Return the facts of one status, most salient first."""
        return sorted((f for f in self.facts if f.status is status), key=lambda f: -f.salience)
