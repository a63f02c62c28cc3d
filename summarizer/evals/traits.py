"""What cases are made to test: every trait by name, and the proof of it where labels hold one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from summarizer.evals.types import Case
from summarizer.settings import Settings
from summarizer.tokens import estimate_tokens
from summarizer.types import Status

Proof = Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Trait:
    """What is to be met in a case; without a proof the labels cannot tell."""

    meaning: str
    proof: Proof | None = None


def _language(code: str) -> Proof:
    return lambda case: any(each.article.language == code for each in case.articles)


def _conflict(kind: str) -> Proof:
    return lambda case: any(conflict.kind == kind for conflict in case.conflicts)


def _is_long(case: Case) -> bool:
    chunk = Settings().chunk_tokens
    return any(estimate_tokens(each.article.body_text) > chunk for each in case.articles)


def _suffix(ending: str) -> Proof:
    return lambda case: any(each.article.source.endswith(ending) for each in case.articles)


TRAITS: Mapping[str, Trait] = {
    "page_furniture": Trait(
        "menus, promos and feeds around an article",
        lambda case: any(each.furniture for each in case.articles),
    ),
    "front_matter": Trait("a file that says its outlet and date at its head"),
    "html": Trait("a page as HTML", _suffix(".html")),
    "two_snapshots": Trait(
        "one article read twice", lambda case: any(each.same_as for each in case.articles)
    ),
    "agency_copy": Trait("the same agency's words in two outlets"),
    "later_update": Trait("what was so in the morning is not any more in the evening"),
    "differing_numbers": Trait("outlets give other figures for one thing", _conflict("number")),
    "differing_dates": Trait("outlets give other dates or hours", _conflict("date")),
    "differing_lists": Trait("outlets list other members of one group", _conflict("list")),
    "differing_attribution": Trait(
        "outlets say that somebody else said or did it", _conflict("attribution")
    ),
    "differing_outcome": Trait("outlets say that it ended otherwise", _conflict("outcome")),
    "differing_wording": Trait("outlets put one thing in words that differ", _conflict("wording")),
    "one_outlet_only": Trait(
        "a detail that matters and only one outlet has",
        lambda case: any(f.status is Status.UNIQUE and f.salience > 1 for f in case.facts),
    ),
    "refinement": Trait("one outlet is more exact than another, and neither is wrong"),
    "rounding": Trait("a rounded figure and an exact one that are no conflict"),
    "figure_styles": Trait("one figure in other digits, words, units or marks"),
    "near_miss": Trait("the same figure for another thing"),
    "negation": Trait("what is said not to be so"),
    "denials": Trait("what somebody denies"),
    "hedges": Trait("what may be so", lambda case: any(fact.hedge for fact in case.facts)),
    "attribution": Trait("who says so", lambda case: any(fact.speaker for fact in case.facts)),
    "anonymous_sources": Trait("somebody says so who is not named"),
    "indirect_speech": Trait("speech told in the subjunctive"),
    "analysis": Trait("an outlet's own reading and forecasts, which are no facts"),
    "paywall_stub": Trait(
        "a page that ends where one would have to pay",
        lambda case: any(each.stub for each in case.articles),
    ),
    "other_event": Trait(
        "an article on a different event",
        lambda case: any(each.other_event for each in case.articles),
    ),
    "injection": Trait("a sentence that orders a machine about", lambda case: bool(case.forbidden)),
    "long_article": Trait("an article of several chunks", _is_long),
    "german": Trait("an article in German", _language("de")),
    "spanish": Trait("an article in Spanish", _language("es")),
    "japanese": Trait("an article in Japanese", _language("ja")),
    "mixed_languages": Trait(
        "articles in several languages",
        lambda case: len({each.article.language for each in case.articles}) > 1,
    ),
}
"""Every trait by the name that ``covers`` gives it."""


def disproved(case: Case) -> tuple[str, ...]:
    """Return the traits that a case says it has and its labels say it has not."""
    return tuple(
        name
        for name in case.covers
        if name in TRAITS and (proof := TRAITS[name].proof) is not None and not proof(case)
    )
