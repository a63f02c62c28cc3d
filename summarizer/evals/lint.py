"""Proof that the labels of a case fit its articles, and hints at labels that may be wrong.

An error is a label that cannot be used. A warning may be right as it stands: a passage that
the tool does not take for a part of the article, words that stand in another outlet too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from summarizer.evals.cases import is_page, occurrences, resolve
from summarizer.evals.labels import LABELS, CaseProblems, Labels, Problem, read_labels
from summarizer.evals.traits import TRAITS, disproved
from summarizer.evals.types import Case, CaseArticle, GoldFact
from summarizer.text.fold import fold
from summarizer.types import Span, Status

TELLING_WORDS = 4
"""Words of a quote that stand in another article hardly by chance; fewer are not looked for."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong with a case, and what may be; each by line."""

    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def lint_case(folder: Path) -> Findings:
    """Return what is wrong with a case, and what may be.

    Raises:
        UsageError: PyYAML is missing.
    """
    try:
        labels = read_labels(folder)
    except CaseProblems as error:
        return Findings(error.problems)
    case, problems = resolve(labels, digest="")
    orphans = tuple(_orphans(labels))
    if case is None:
        return Findings(_sorted([*problems, *orphans]))
    linter = _Linter(labels, case)
    return Findings(_sorted([*orphans, *linter.errors()]), _sorted(linter.warnings()))


def _sorted(problems: list[Problem] | Iterator[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.line, problem.message)))


def _orphans(labels: Labels) -> Iterator[Problem]:
    named = {article.file for article in labels.file.articles} | {LABELS}
    for path in sorted(labels.folder.iterdir()):
        if path.name not in named and not path.name.startswith("."):
            yield labels.problem(f"{path.name} is the file of no article", "articles")


class _Linter:
    """Looks at one case whose quotes all stand where they should."""

    def __init__(self, labels: Labels, case: Case) -> None:
        self._labels = labels
        self._case = case
        self._articles = {article.label: article for article in case.articles}
        self._normal = [a for a in case.articles if not (a.same_as or a.other_event or a.stub)]

    def errors(self) -> Iterator[Problem]:
        """Yield the labels that contradict each other or the articles."""
        for index, fact in enumerate(self._case.facts):
            yield from self._in_furniture(index, fact)
            yield from self._unsaid(index, fact)
        yield from self._on_both_sides()
        yield from self._copies()
        for name in disproved(self._case):
            yield self._labels.problem(f"covers {name}, and no label is of that kind", "covers")
        for index, forbidden in enumerate(self._case.forbidden):
            for fact in self._case.facts:
                if fold(forbidden.text) in fold(fact.text):
                    yield self._labels.problem(
                        f"{fact.id} states what is forbidden", "forbidden", index
                    )

    def warnings(self) -> Iterator[Problem]:
        """Yield the labels that a person should look at again."""
        seen: dict[tuple[tuple[str, tuple[Span, ...]], ...], str] = {}
        for index, fact in enumerate(self._case.facts):
            yield from self._outside_body(index, fact)
            yield from self._told_elsewhere(index, fact)
            key = tuple(sorted(fact.support.items()))
            if key in seen:
                yield self._fact(index, f"has the same support as {seen[key]}: are they one?")
            seen.setdefault(key, fact.id)
        yield from self._lost_furniture()
        yield from self._same_sides()
        for name in self._case.covers:
            if name not in TRAITS:
                near = get_close_matches(name, TRAITS, n=1)
                hint = (
                    f": did you mean {near[0]}?" if near else "; `--traits` lists those there are"
                )
                yield self._labels.problem(f"{name} is the name of no trait{hint}", "covers")
        for index, article in enumerate(self._case.articles):
            if not article.article.body and not article.stub:
                yield self._labels.problem(f"{article.label} has no body", "articles", index)

    def _fact(self, index: int, message: str, *place: str | int) -> Problem:
        name = self._case.facts[index].id
        return self._labels.problem(f"{name} {message}", "facts", index, *place)

    def _in_furniture(self, index: int, fact: GoldFact) -> Iterator[Problem]:
        for label, spans in fact.support.items():
            for at, span in enumerate(spans):
                if any(span.overlap(other) for other in self._articles[label].furniture):
                    yield self._fact(index, f"rests on furniture of {label}", "support", label, at)

    def _unsaid(self, index: int, fact: GoldFact) -> Iterator[Problem]:
        """A speaker and a hedge are words of an article that supports the fact."""
        texts = [fold(self._articles[label].article.text) for label in fact.support]
        for key in ("speaker", "hedge"):
            said = getattr(fact, key)
            if said and not any(fold(said) in text for text in texts):
                yield self._fact(index, f"has a {key} that no article of it names: {said!r}", key)

    def _on_both_sides(self) -> Iterator[Problem]:
        for index, conflict in enumerate(self._case.conflicts):
            named = [fact.id for side in conflict.positions for fact in side.facts]
            for name in dict.fromkeys(name for name in named if named.count(name) > 1):
                yield self._labels.problem(
                    f"{conflict.id} has {name} on two sides", "conflicts", index, "positions"
                )

    def _same_sides(self) -> Iterator[Problem]:
        """Outlets that all tell both sides do not differ: they report a quarrel of others."""
        for index, conflict in enumerate(self._case.conflicts):
            sides = [
                {self._articles[a].article.outlet for fact in side.facts for a in fact.support}
                for side in conflict.positions
            ]
            if any(side in sides[:at] for at, side in enumerate(sides)):
                yield self._labels.problem(
                    f"{conflict.id} has two sides with the same outlets: do they differ?",
                    "conflicts", index, "positions",
                )  # fmt: skip

    def _copies(self) -> Iterator[Problem]:
        for index, article in enumerate(self._case.articles):
            original = self._articles.get(article.same_as or "")
            if original and original.article.outlet != article.article.outlet:
                yield self._labels.problem(
                    f"{article.label} is the same as an article of another outlet",
                    "articles", index, "same_as",
                )  # fmt: skip

    def _outside_body(self, index: int, fact: GoldFact) -> Iterator[Problem]:
        for label, spans in fact.support.items():
            article = self._articles[label].article
            for at, span in enumerate(spans):
                inside = sum(span.overlap(part) for part in article.body)
                title = article.title is not None and span.of(article.text) in article.title
                if 2 * inside < len(span) and not title:
                    yield self._fact(
                        index, f"lies outside the body found in {label}", "support", label, at
                    )

    def _told_elsewhere(self, index: int, fact: GoldFact) -> Iterator[Problem]:
        """A unique fact whose very words another outlet has too is probably not unique."""
        if fact.status is not Status.UNIQUE:
            return
        for label, spans in fact.support.items():
            own = self._articles[label].article
            for at, span in enumerate(spans):
                for other in self._others(own.outlet):
                    if _stands_in(span.of(own.text), other):
                        yield self._fact(
                            index,
                            f"is unique, and {other.label} has the same words",
                            "support", label, at,
                        )  # fmt: skip

    def _others(self, outlet: str) -> Iterator[CaseArticle]:
        return (article for article in self._normal if article.article.outlet != outlet)

    def _lost_furniture(self) -> Iterator[Problem]:
        """A page's furniture that reading took away tests nothing."""
        for index, label in enumerate(self._labels.file.articles):
            if not is_page(label) or not label.furniture:
                continue
            text = self._articles[label.id].article.text
            if not any(occurrences(text, quote.quote) for quote in label.furniture):
                yield self._labels.problem(
                    f"no furniture of {label.id} is left in the text that is read from it",
                    "articles", index, "furniture",
                )  # fmt: skip


def _stands_in(quote: str, other: CaseArticle) -> bool:
    words = fold(quote).split()
    return len(words) >= TELLING_WORDS and " ".join(words) in " ".join(
        fold(other.article.text).split()
    )
