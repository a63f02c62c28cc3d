"""What an eval works on and what it finds, in the order of a run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, Literal

from summarizer.evals.labels import ConflictLabel, ForbiddenLabel
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
    conflicts: Sequence[ConflictLabel] = ()
    forbidden: Sequence[ForbiddenLabel] = ()


CLOSED = {"extra": "forbid", "allow_inf_nan": False}
"""How pydantic reads these values from a file: nothing unknown, no infinite number."""

ROUNDING = 1e-9
"""By how much the hits of a derived metric may pass what they are of."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many of so many. Of none is a state of its own: neither 1, nor 0, nor NaN."""

    __pydantic_config__: ClassVar = CLOSED
    hits: float
    of: float

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.of * (1 + ROUNDING) + ROUNDING < math.inf:
            raise ValueError(f"{self.hits} of {self.of} is no share")

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None where there was nothing to count."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case run once: every metric by name, and what the run took."""

    __pydantic_config__: ClassVar = CLOSED
    case: str
    sample: int
    metrics: Mapping[str, Ratio]
    usage: Usage = field(default_factory=Usage)
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptText:
    """All of a prompt that decides answers; ``reply`` names the schema of its reply."""

    __pydantic_config__: ClassVar = CLOSED
    version: int
    reply: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a run was made with.

    ``at`` is when it began, ISO 8601, UTC. ``code`` is the SHA-256 of the code that scores
    depend on; ``prompts`` and ``digests`` have those of prompts and cases by name, ``planted``
    that of the planted errors, empty where the judge was not tested. ``settings`` and ``texts``,
    those of the prompts by name, are what it takes to make the run again.
    """

    __pydantic_config__: ClassVar = CLOSED
    schema_version: Literal[1] = 1
    at: str
    engine: str
    judge: str
    model: str | None
    code: str
    prompts: Mapping[str, str]
    digests: Mapping[str, str]
    settings: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)
    texts: Mapping[str, PromptText] = field(default_factory=dict)
    planted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Configuration):
    """All cases run once or several times with one configuration.

    ``judge_metrics`` is how the judge did on the planted errors, ``judge_usage`` what that took.
    """

    results: tuple[CaseResult, ...]
    judge_metrics: Mapping[str, Ratio] = field(default_factory=dict)
    judge_usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a blessed run had, and the floor made of it; both are shares, 0 to 1.

    For a metric that is better when lower the floor is the most it may be. None: not gated,
    or nothing was there to count.
    """

    __pydantic_config__: ClassVar = CLOSED
    floor: float | None
    observed: float | None

    def __post_init__(self) -> None:
        if any(value is not None and not 0 <= value <= 1 for value in (self.floor, self.observed)):
            raise ValueError(f"{self.floor} and {self.observed} are not both shares from 0 to 1")


Marks = Mapping[str, Mark]
"""By metric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline(Configuration):
    """What a configuration has to keep up, and the run it was blessed from.

    ``usage`` is what that run took.
    """

    name: str
    means: Marks
    cases: Mapping[str, Marks]
    judge_metrics: Marks = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)

    def as_run(self) -> Run:
        """Return the run that was blessed, as far as it is kept: one value a case and metric."""

        def ratios(marks: Marks) -> dict[str, Ratio]:
            values = {name: mark.observed for name, mark in marks.items()}
            return {n: Ratio(0, 0) if v is None else Ratio(v, 1) for n, v in values.items()}

        return Run(
            **configuration(self),
            results=tuple(
                CaseResult(case=case, sample=0, metrics=ratios(marks))
                for case, marks in self.cases.items()
            ),
            judge_metrics=ratios(self.judge_metrics),
            judge_usage=self.usage,
        )


def configuration(of: Configuration) -> dict[str, Any]:
    """Return what a run or a baseline was made with, to make another one of."""
    return {item.name: getattr(of, item.name) for item in fields(Configuration)}
