"""What an eval works on and what it finds, in the order of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from summarizer.types import Article, Span, Status, Usage

Support = Mapping[str, tuple[Span, ...]]
"""By the label of an article: the passages that say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseArticle:
    """One article of a case, and what its labels say of it.

    ``furniture`` are spans of the page that are not the article; ``same_as`` is the label of
    the article that this one is a copy or another snapshot of.
    """

    label: str
    article: Article
    furniture: tuple[Span, ...] = ()
    same_as: str | None = None
    other_event: bool = False
    stub: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldFact:
    """A labelled fact and every article that reports it. ``salience`` is 1 to 3."""

    id: str
    text: str
    salience: int
    support: Support
    status: Status
    speaker: str | None = None
    hedge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPosition:
    """One side of a labelled conflict."""

    value: str
    facts: tuple[GoldFact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldConflict:
    """A labelled conflict. ``salience`` is 1 to 3."""

    id: str
    kind: str
    topic: str
    salience: int
    positions: tuple[GoldPosition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """What no report on a case may say."""

    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A labelled story. ``digest`` is the SHA-256 of its labels and articles."""

    name: str
    about: str
    covers: tuple[str, ...]
    folder: Path
    digest: str
    articles: tuple[CaseArticle, ...]
    facts: tuple[GoldFact, ...]
    acceptable: tuple[Support, ...] = ()
    conflicts: tuple[GoldConflict, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many. Of none is a state of its own: neither 1, nor 0, nor NaN."""

    hits: float
    of: float

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None where there was nothing to count."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case run once: every metric by name, and what the run took."""

    case: str
    sample: int
    metrics: Mapping[str, Ratio]
    usage: Usage = field(default_factory=Usage)
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptText:
    """All of a prompt that decides answers; ``reply`` names the schema of its reply."""

    version: int
    reply: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All cases run once or several times with one configuration.

    ``digests`` are those of the cases by name; ``prompts`` the hashes of the prompts that
    were used; ``judge_metrics`` how the judge did on the planted errors, ``judge_usage`` what
    that took, ``planted`` the hash of those errors, empty where it was not tested.
    ``settings`` and ``texts``, of the prompts by name, are what the run was made with, so
    that it can be made again.
    """

    at: str
    engine: str
    judge: str
    model: str | None
    code: str
    prompts: tuple[tuple[str, str], ...]
    digests: Mapping[str, str]
    results: tuple[CaseResult, ...]
    judge_metrics: Mapping[str, Ratio] = field(default_factory=dict)
    judge_usage: Usage = field(default_factory=Usage)
    planted: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, PromptText] = field(default_factory=dict)
