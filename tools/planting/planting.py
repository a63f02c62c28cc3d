"""Makes planted errors from the labels of a case: true sentences and their corrupted twins.

Deterministic: the same labels give the same rows, since chance is seeded by what the row is
made of. Only English facts of articles that report the case's own event are used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from summarizer.document import read
from summarizer.evals.cases import Case, CaseArticle, GoldFact
from summarizer.evals.judging import FAITHFUL, PlantedRow
from summarizer.types import Status
from tools.planting.corruptions import CORRUPTIONS, Plot
from tools.planting.entities import Cast, cast_of

EACH = 6
"""Rows of one kind in one case, at most: a dozen cases give a few dozen of every kind."""

SHORTEST = 5
"""Words of a sentence worth corrupting; "There is video." has nothing to get wrong."""


@dataclass(frozen=True, slots=True)
class Base:
    """A sentence that is true of an article."""

    fact: GoldFact
    article: CaseArticle
    claim: str


def plant(case: Case) -> tuple[PlantedRow, ...]:
    """Return the faithful sentences of a case and their twins; none where too little is English."""
    return tuple(_Planter(case).rows())


class _Planter:
    def __init__(self, case: Case) -> None:
        self._case = case
        self._articles = {
            found.label: found
            for found in case.articles
            if not (found.other_event or found.stub) and _is_english(found)
        }
        bodies = " ".join(found.article.body_text for found in self._articles.values())
        self._lower = {word for word in bodies.split() if word.islower()}
        self._used: dict[tuple[str, str], str] = {}
        self._count = 0

    def rows(self) -> Iterator[PlantedRow]:
        bases = [base for fact in self._case.facts if (base := self._base(fact))]
        if not bases:
            return
        cast = cast_of(self._case, (found.article for found in self._articles.values()))
        for kind in CORRUPTIONS:
            yield from self._twins(kind, self._shuffled(bases, kind), cast)
        yield from self._elsewhere(self._shuffled(bases, "wrong_outlet"))
        yield from self._merged(self._shuffled(bases, "merged"))

    def _base(self, fact: GoldFact) -> Base | None:
        labels = [label for label in fact.support if label in self._articles]
        if not labels or len(fact.text.split()) < SHORTEST:
            return None
        stems = read(fact.text).stems

        def shared(label: str) -> int:
            text = self._articles[label].article.text
            return len(stems & read(" ".join(s.of(text) for s in fact.support[label])).stems)

        # A fact is worded once for all articles: it is true of that which says it most like that.
        return Base(fact, self._articles[max(labels, key=shared)], fact.text)

    def _random(self, *of: str) -> Random:
        return Random("/".join((self._case.name, *of)))

    def _shuffled(self, bases: list[Base], kind: str) -> list[Base]:
        return self._random(kind).sample(bases, len(bases))

    def _twins(self, kind: str, bases: list[Base], cast: Cast) -> Iterator[PlantedRow]:
        made = 0
        for base in bases:
            chance = self._random(kind, base.fact.id)
            twin = CORRUPTIONS[kind](Plot(base.claim, base.article.article, cast, chance))
            if twin is not None and twin != base.claim and made < EACH:
                made += 1
                yield from self._pair(kind, base, twin, base.article)

    def _elsewhere(self, bases: list[Base]) -> Iterator[PlantedRow]:
        """What one outlet alone reports is put to another outlet's article."""
        made = 0
        for base in bases:
            others = self._others(base)
            if base.fact.status is Status.UNIQUE and others and made < EACH:
                made += 1
                other = self._random("wrong_outlet", base.fact.id).choice(others)
                yield from self._pair("wrong_outlet", base, base.claim, other)

    def _merged(self, bases: list[Base]) -> Iterator[PlantedRow]:
        """A fact of the article and one that another outlet alone has are made one sentence."""
        alone = [base for base in bases if base.fact.status is Status.UNIQUE]
        made = 0
        for base, other in zip(bases, reversed(alone), strict=False):
            apart = base.article.article.outlet != other.article.article.outlet
            if apart and made < EACH:
                made += 1
                twin = f"{base.claim.rstrip('.')}, and {self._lowered(other.claim)}"
                yield from self._pair("merged", base, twin, base.article)

    def _lowered(self, sentence: str) -> str:
        """Return a sentence as it goes on another: in lower case unless it begins with a name."""
        first = sentence.split()[0]
        return sentence[0].lower() + sentence[1:] if first.lower() in self._lower else sentence

    def _others(self, base: Base) -> list[CaseArticle]:
        outlet = base.article.article.outlet
        return [
            found
            for found in self._articles.values()
            if found.article.outlet != outlet and not found.same_as
        ]

    def _pair(self, kind: str, base: Base, twin: str, where: CaseArticle) -> Iterator[PlantedRow]:
        """Yield the corrupted sentence, and before it the true one unless it was there already."""
        key = (base.article.label, base.claim)
        if key not in self._used:
            self._used[key] = self._id(FAITHFUL)
            yield self._row(self._used[key], FAITHFUL, base.article, base.claim, None)
        yield self._row(self._id(kind), kind, where, twin, self._used[key])

    def _id(self, kind: str) -> str:
        self._count += 1
        return f"{self._case.name}/{kind}/{self._count}"

    def _row(
        self, name: str, kind: str, where: CaseArticle, claim: str, twin_of: str | None
    ) -> PlantedRow:
        return PlantedRow(
            id=name,
            case=self._case.name,
            kind=kind,
            article=where.label,
            claim=claim,
            label="supported" if kind == FAITHFUL else "unsupported",
            twin_of=twin_of,
        )


def _is_english(found: CaseArticle) -> bool:
    return (found.article.language or "en").startswith("en")
