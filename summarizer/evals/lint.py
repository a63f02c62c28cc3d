"""Proof that the labels of a case fit its articles, and hints at labels that may be wrong.

An error is a label that cannot be used. A warning may be right as it stands: a passage that
the tool does not take for a part of the article, words that stand in another outlet too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from summarizer.evals.cases import is_page, occurrences, resolve
from summarizer.evals.labels import LABELS, CaseProblems, Labels, Place, Problem, read_labels
from summarizer.evals.types import Case, CaseArticle
from summarizer.text.words import fold
from summarizer.types import Span, Status

TELLING_WORDS = 4
"""Words of a quote that stand in another article hardly by chance; fewer are not looked for."""

TRAITS: Mapping[str, str] = tomllib.loads(
    Path(__file__).with_name("traits.toml").read_text(encoding="utf-8")
)
"""What cases are made to test: every trait's meaning by the name that ``covers`` gives it."""

Complaint = tuple[str, Place]
"""What is wrong, and the keys and positions that lead to it in ``case.yaml``."""


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

    def by_line(complaints: Iterable[Complaint], *more: Problem) -> tuple[Problem, ...]:
        problems = [labels.problem(message, *place) for message, place in complaints]
        return tuple(sorted([*problems, *more], key=lambda each: (each.line, each.message)))

    case, problems = resolve(labels, digest="")
    named = {article.file for article in labels.file.articles} | {LABELS}
    orphans: list[Complaint] = [
        (f"{path.name} is the file of no article", ("articles",))
        for path in sorted(folder.iterdir())
        if path.name not in named and not path.name.startswith(".")
    ]
    if case is None:
        return Findings(by_line(orphans, *problems))
    linter = _Linter(labels, case, {article.label: article for article in case.articles})
    return Findings(by_line([*orphans, *linter.errors()]), by_line(linter.warnings()))


@dataclass(frozen=True, slots=True)
class _Linter:
    """Looks at one case whose quotes all stand where they should."""

    labels: Labels
    case: Case
    articles: Mapping[str, CaseArticle]

    def errors(self) -> Iterator[Complaint]:
        """Yield the labels that contradict each other or the articles."""
        for label, span, name, place in self._labelled_passages():
            if any(span.overlap(other) for other in self.articles[label].furniture):
                yield f"{name} rests on furniture of {label}", place
        yield from self._unnamed_words()
        yield from self._on_both_sides()
        for index, article in enumerate(self.case.articles):
            original = self.articles.get(article.same_as or "")
            if original and original.article.outlet != article.article.outlet:
                message = f"{article.label} is the same as an article of another outlet"
                yield message, ("articles", index, "same_as")
        for index, forbidden in enumerate(self.case.forbidden):
            for fact in self.case.facts:
                if fold(forbidden.text) in fold(fact.text):
                    yield f"{fact.id} states what is forbidden", ("forbidden", index)

    def warnings(self) -> Iterator[Complaint]:
        """Yield the labels that a person should look at again."""
        for label, span, name, place in self._labelled_passages():
            article = self.articles[label].article
            inside = sum(span.overlap(part) for part in article.body)
            in_title = article.title is not None and span.of(article.text) in article.title
            if 2 * inside < len(span) and not in_title:
                yield f"{name} lies outside the body found in {label}", place
        yield from self._in_other_outlets()
        yield from self._same_words()
        yield from self._same_sides()
        yield from self._lost_furniture()
        for name in self.case.covers:
            if name not in TRAITS:
                hint = "`--traits` lists those there are"
                yield f"{name} is the name of no trait; {hint}", ("covers",)
        for index, each in enumerate(self.case.articles):
            if not each.article.body and not each.stub:
                yield f"{each.label} has no body", ("articles", index)

    def _labelled_passages(self) -> Iterator[tuple[str, Span, str, Place]]:
        """Yield each labelled passage: its article, where it is, of which fact, and its place."""
        for index, fact in enumerate(self.case.facts):
            for label, spans in fact.support.items():
                for at, span in enumerate(spans):
                    yield label, span, fact.id, ("facts", index, "support", label, at)

    def _unnamed_words(self) -> Iterator[Complaint]:
        """A speaker and a hedge are words of an article that supports the fact."""
        for index, fact in enumerate(self.case.facts):
            texts = [fold(self.articles[label].article.text) for label in fact.support]
            for key, words in (("speaker", fact.speaker), ("hedge", fact.hedge)):
                if words and not any(fold(words) in text for text in texts):
                    message = f"{fact.id} has a {key} that no article of it names: {words!r}"
                    yield message, ("facts", index, key)

    def _on_both_sides(self) -> Iterator[Complaint]:
        for index, conflict in enumerate(self.case.conflicts):
            named = [name for side in conflict.positions for name in side.facts]
            for name in dict.fromkeys(name for name in named if named.count(name) > 1):
                yield f"{conflict.id} has {name} on two sides", ("conflicts", index, "positions")

    def _in_other_outlets(self) -> Iterator[Complaint]:
        """A unique fact whose very words another outlet has too is probably not unique."""
        unique = {fact.id for fact in self.case.facts if fact.status is Status.UNIQUE}
        for label, span, name, place in self._labelled_passages():
            source = self.articles[label].article
            for other in self.case.articles if name in unique else ():
                apart = other.article.outlet != source.outlet
                normal = not (other.same_as or other.other_event or other.stub)
                if apart and normal and _stands_in(span.of(source.text), other):
                    yield f"{name} is unique, and {other.label} has the same words", place

    def _same_words(self) -> Iterator[Complaint]:
        """Two facts that rest on the same passages are probably one."""
        seen: dict[tuple[tuple[str, tuple[Span, ...]], ...], str] = {}
        for index, fact in enumerate(self.case.facts):
            first = seen.setdefault(tuple(sorted(fact.support.items())), fact.id)
            if first != fact.id:
                message = f"{fact.id} has the same support as {first}: are they one?"
                yield message, ("facts", index)

    def _same_sides(self) -> Iterator[Complaint]:
        """Outlets that all have both sides do not differ: they report a quarrel of others."""
        support = {fact.id: fact.support for fact in self.case.facts}
        for index, conflict in enumerate(self.case.conflicts):
            sides = [
                {self.articles[a].article.outlet for name in side.facts for a in support[name]}
                for side in conflict.positions
            ]
            if any(side in sides[:at] for at, side in enumerate(sides)):
                message = f"{conflict.id} has two sides with the same outlets: do they differ?"
                yield message, ("conflicts", index, "positions")

    def _lost_furniture(self) -> Iterator[Complaint]:
        """A page's furniture that reading took away tests nothing."""
        for index, label in enumerate(self.labels.file.articles):
            text = self.articles[label.id].article.text
            left = any(occurrences(text, quote.quote) for quote in label.furniture)
            if is_page(label) and label.furniture and not left:
                message = f"no furniture of {label.id} is left in the text that is read from it"
                yield message, ("articles", index, "furniture")


def _stands_in(quote: str, other: CaseArticle) -> bool:
    words = fold(quote).split()
    text = " ".join(fold(other.article.text).split())
    return len(words) >= TELLING_WORDS and " ".join(words) in text
