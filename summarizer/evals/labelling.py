"""Help for those who label a case: a draft made of articles, and a check of the labels.

An error is a label that cannot be used. A warning may be right as it stands: a passage that
the tool does not take for a part of the article, words that stand in another outlet too.
"""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from summarizer.errors import UsageError
from summarizer.evals.cases import Case, CaseArticle, is_page, occurrences, resolve
from summarizer.evals.labels import LABELS, CaseProblems, Labels, Place, Problem, read_labels
from summarizer.pipeline import diff
from summarizer.settings import Settings
from summarizer.text.words import fold
from summarizer.types import Article, Fact, Span, Status

DRAFTED = 12
"""Facts that are drafted, the most salient first: who labels a complaint needs two or three."""

TELLING_WORDS = 4
"""Words of a quote that stand in another article hardly by chance; fewer are not looked for."""

TRAITS: Mapping[str, str] = tomllib.loads(
    Path(__file__).with_name("traits.toml").read_text(encoding="utf-8")
)
"""What cases are made to test: every trait's meaning by the name that ``covers`` gives it."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_HEAD = """\
name: {name}
about: "Say in a sentence what happened, and what this case is there for."
covers: []  # `summarize eval lint --traits` lists what there is
articles:
"""
_FACTS = """\
# Facts: one sentence of yours, and the words of every article that say it. Below is what the
# tool itself found, wrong in places, or there would be no complaint: correct what you take over.
facts:
"""


def draft_case(folder: Path, articles: Sequence[Article]) -> Path:
    """Make a case of two or more articles of files, and return the file with its labels.

    The folder is made; its name is the case's.

    Raises:
        UsageError: The folder is there already, or no case can be made of the articles.
    """
    if not _NAME.fullmatch(folder.name):
        raise UsageError(
            f"{folder.name!r} cannot be the name of a case.",
            hint="Use small letters, digits and dashes, as in `second-driver`.",
        )
    if folder.exists():
        raise UsageError(f"There is a case {folder} already.", hint="Choose another name.")
    files = {Path(article.source).name for article in articles if Path(article.source).is_file()}
    if len(files) < max(2, len(articles)):
        raise UsageError(
            "A case needs two articles or more, in files of different names.",
            hint="Save each article as a file: a case keeps its articles.",
        )
    path = folder / LABELS
    try:
        folder.mkdir(parents=True)
        for article in articles:
            shutil.copyfile(article.source, folder / Path(article.source).name)
        path.write_text("".join(_draft_lines(folder.name, articles)), encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"Cannot write {folder}: {problem.strerror or problem}.") from None
    return path


def _draft_lines(name: str, articles: Sequence[Article]) -> Iterator[str]:
    yield _HEAD.format(name=name)
    ids = _short_labels(articles)
    for article in articles:
        file, outlet = _quote_text(Path(article.source).name), _quote_text(article.outlet)
        yield f"  - id: {ids[article.source]}\n    file: {file}\n    outlet: {outlet}\n"
        yield f"    language: {article.language or 'en'}\n"
    yield _FACTS
    report = diff(list(articles), Settings(engine="extractive", judge="lexical"))
    facts = sorted(report.facts, key=lambda fact: -fact.salience)[:DRAFTED]
    for number, fact in enumerate(facts, start=1):
        yield from (f"#  {line}\n" for line in _fact_lines(number, fact, ids))


def _short_labels(articles: Sequence[Article]) -> Mapping[str, str]:
    """Return a short label for each article by its source."""
    ids: dict[str, str] = {}
    for article in articles:
        word = (re.findall(r"[a-z0-9]+", fold(Path(article.source).stem)) or ["article"])[-1]
        taken = sum(re.fullmatch(rf"{word}\d*", label) is not None for label in ids.values())
        ids[article.source] = f"{word}{taken + 1}" if taken else word
    return ids


def _fact_lines(number: int, fact: Fact, ids: Mapping[str, str]) -> Iterator[str]:
    speaker = next((mention.speaker for mention in fact.mentions if mention.speaker), None)
    yield f"- id: f{number}  # the tool says: {fact.status.value}, {', '.join(fact.outlets)}"
    yield f"  text: {_quote_text(fact.text)}"
    # A report's salience, 0 to 1, in equal thirds.
    yield f"  salience: {min(3, 1 + int(3 * fact.salience))}"
    if speaker:
        yield f"  speaker: {_quote_text(speaker)}"
    yield "  support:"
    for source, label in ids.items():
        own = (mention for mention in fact.mentions if mention.article.source == source)
        quotes = [span.of(each.article.text) for each in own for span in each.evidence]
        if quotes:
            yield f"    {label}: [{', '.join(map(_quote_text, quotes))}]"


def _quote_text(text: str) -> str:
    """Return a text in double quotes; JSON's are YAML's, too."""
    return json.dumps(text, ensure_ascii=False)


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
    if problems:
        return Findings(by_line(orphans, *problems))
    linter = _CaseLinter(labels, case, {article.label: article for article in case.articles})
    errors = by_line([*orphans, *linter.wrong_passages(), *linter.wrong_names()])
    return Findings(errors, by_line([*linter.doubtful_passages(), *linter.doubtful_labels()]))


@dataclass(frozen=True, slots=True)
class _CaseLinter:
    """Looks at one case whose quotes all stand where they should."""

    labels: Labels
    case: Case
    articles: Mapping[str, CaseArticle]

    def _labelled_passages(self) -> Iterator[tuple[str, Span, str, Place]]:
        """Yield each labelled passage: its article, where it is, of which fact, and its place."""
        for index, fact in enumerate(self.case.facts):
            for label, spans in fact.support.items():
                for at, span in enumerate(spans):
                    yield label, span, fact.id, ("facts", index, "support", label, at)

    def wrong_passages(self) -> Iterator[Complaint]:
        """Yield passages that are no evidence, and words that no article of a fact has."""
        for label, span, name, place in self._labelled_passages():
            if any(span.overlap(other) for other in self.articles[label].furniture):
                yield f"{name} rests on furniture of {label}", place
        for index, fact in enumerate(self.case.facts):
            texts = [fold(self.articles[label].article.text) for label in fact.support]
            for key, words in (("speaker", fact.speaker), ("hedge", fact.hedge)):
                if words and not any(fold(words) in text for text in texts):
                    message = f"{fact.id} has a {key} that no article of it names: {words!r}"
                    yield message, ("facts", index, key)

    def wrong_names(self) -> Iterator[Complaint]:
        """Yield labels that contradict each other."""
        for index, conflict in enumerate(self.case.conflicts):
            named = [name for side in conflict.positions for name in side.facts]
            for name in dict.fromkeys(name for name in named if named.count(name) > 1):
                yield f"{conflict.id} has {name} on two sides", ("conflicts", index, "positions")
        for index, article in enumerate(self.case.articles):
            original = self.articles.get(article.same_as or "")
            if original and original.article.outlet != article.article.outlet:
                message = f"{article.label} is the same as an article of another outlet"
                yield message, ("articles", index, "same_as")
        for index, forbidden in enumerate(self.case.forbidden):
            for fact in self.case.facts:
                if fold(forbidden.text) in fold(fact.text):
                    yield f"{fact.id} states what is forbidden", ("forbidden", index)

    def doubtful_passages(self) -> Iterator[Complaint]:
        """Yield passages outside a body, and those of a unique fact that another outlet has."""
        unique = {fact.id for fact in self.case.facts if fact.status is Status.UNIQUE}
        for label, span, name, place in self._labelled_passages():
            article = self.articles[label].article
            quote = span.of(article.text)
            inside = sum(span.overlap(part) for part in article.body)
            if 2 * inside < len(span) and quote not in (article.title or ""):
                yield f"{name} lies outside the body found in {label}", place
            for other in self.case.articles if name in unique else ():
                apart = other.article.outlet != article.outlet and other.is_ordinary
                if apart and _stands_in(quote, other.article.text):
                    yield f"{name} is unique, and {other.label} has the same words", place

    def doubtful_labels(self) -> Iterator[Complaint]:
        """Yield facts that may be one, sides that do not differ, and labels that test nothing."""
        first: dict[tuple[tuple[str, tuple[Span, ...]], ...], str] = {}
        for index, fact in enumerate(self.case.facts):
            same = first.setdefault(tuple(sorted(fact.support.items())), fact.id)
            if same != fact.id:
                message = f"{fact.id} has the same support as {same}: are they one?"
                yield message, ("facts", index)
        support = {fact.id: fact.support for fact in self.case.facts}
        for index, conflict in enumerate(self.case.conflicts):
            sides = [
                {self.articles[a].article.outlet for name in side.facts for a in support[name]}
                for side in conflict.positions
            ]
            # Outlets that all have both sides do not differ: they report a quarrel of others.
            if any(side in sides[:at] for at, side in enumerate(sides)):
                message = f"{conflict.id} has two sides with the same outlets: do they differ?"
                yield message, ("conflicts", index, "positions")
        for index, label in enumerate(self.labels.file.articles):
            article = self.articles[label.id].article
            left = any(occurrences(article.text, quote.quote) for quote in label.furniture)
            if is_page(label) and label.furniture and not left:
                message = f"no furniture of {label.id} is left in the text that is read from it"
                yield message, ("articles", index, "furniture")
            if not article.body and not label.stub:
                yield f"{label.id} has no body", ("articles", index)
        for name in self.case.covers:
            if name not in TRAITS:
                message = f"{name} is the name of no trait; `--traits` lists those there are"
                yield message, ("covers",)


def _stands_in(quote: str, text: str) -> bool:
    words = fold(quote).split()
    return len(words) >= TELLING_WORDS and " ".join(words) in " ".join(fold(text).split())
