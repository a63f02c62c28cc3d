"""What cases are made to test: every trait by name, and the proof of it where labels hold one."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from summarizer.evals.types import Case
from summarizer.settings import Settings
from summarizer.tokens import estimate_tokens
from summarizer.types import Status

TRAITS: Mapping[str, str] = tomllib.loads(
    Path(__file__).with_name("traits.toml").read_text(encoding="utf-8")
)
"""Every trait's meaning by the name that ``covers`` gives it."""


def _has_language(code: str) -> Callable[[Case], bool]:
    return lambda case: any(each.article.language == code for each in case.articles)


def _has_conflict(kind: str) -> Callable[[Case], bool]:
    return lambda case: any(conflict.kind == kind for conflict in case.conflicts)


def _is_long(case: Case) -> bool:
    chunk = Settings().chunk_tokens
    return any(estimate_tokens(each.article.body_text) > chunk for each in case.articles)


PROOFS: Mapping[str, Callable[[Case], bool]] = {
    "page_furniture": lambda case: any(each.furniture for each in case.articles),
    "html": lambda case: any(each.article.source.endswith(".html") for each in case.articles),
    "two_snapshots": lambda case: any(each.same_as for each in case.articles),
    "differing_numbers": _has_conflict("number"),
    "differing_dates": _has_conflict("date"),
    "differing_lists": _has_conflict("list"),
    "differing_attribution": _has_conflict("attribution"),
    "differing_outcome": _has_conflict("outcome"),
    "differing_wording": _has_conflict("wording"),
    "one_outlet_only": lambda case: any(
        fact.status is Status.UNIQUE and fact.salience > 1 for fact in case.facts
    ),
    "hedges": lambda case: any(fact.hedge for fact in case.facts),
    "attribution": lambda case: any(fact.speaker for fact in case.facts),
    "paywall_stub": lambda case: any(each.stub for each in case.articles),
    "other_event": lambda case: any(each.other_event for each in case.articles),
    "injection": lambda case: bool(case.forbidden),
    "long_article": _is_long,
    "german": _has_language("de"),
    "spanish": _has_language("es"),
    "japanese": _has_language("ja"),
    "mixed_languages": lambda case: len({each.article.language for each in case.articles}) > 1,
}
"""Whether the labels of a case have a trait; of the others the labels cannot tell."""


def disproved(case: Case) -> tuple[str, ...]:
    """Return the traits that a case says it has and its labels say it has not."""
    return tuple(name for name in case.covers if name in PROOFS and not PROOFS[name](case))
