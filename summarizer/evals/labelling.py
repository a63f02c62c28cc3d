"""Help for those who label a case: a draft made of articles, and a check of the labels.

An error is a label that cannot be used; a warning may be right as it stands.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from summarizer.errors import UsageError
from summarizer.evals.cases import Case, CaseArticle, GoldFact, resolve
from summarizer.evals.labels import LABELS, CaseProblems, Place, Problem, read_labels
from summarizer.pipeline import diff
from summarizer.settings import Settings
from summarizer.text.data import load
from summarizer.text.words import fold
from summarizer.types import Article, Fact, Span, Status

DRAFTED = 12  # facts in a draft, the most salient first: a complaint needs two or three
TELLING_WORDS = 4  # words of a quote that stand in another article hardly by chance

TRAITS: Mapping[str, str] = load("traits", __package__)
"""What cases test: the meaning of each name that ``covers`` may have."""

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

    The new folder has the name of the case. Where none can be made, a UsageError is raised.
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
    ids: dict[str, str] = {}
    for article in articles:
        word = (re.findall(r"[a-z0-9]+", fold(Path(article.source).stem)) or ["article"])[-1]
        taken = sum(re.fullmatch(rf"{word}\d*", label) is not None for label in ids.values())
        ids[article.source] = f"{word}{taken + 1}" if taken else word
    return ids


def _quote_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # JSON's quotes are YAML's, too


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


Complaint = tuple[str, Place]  # what is wrong, and where


class Findings(NamedTuple):
    """What is wrong with a case, and what may be; each by line."""

    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def lint_case(folder: Path) -> Findings:
    """Return what is wrong with a case, and what may be."""
    try:
        labels = read_labels(folder)
    except CaseProblems as error:
        return Findings(error.problems)

    case, unresolved = resolve(labels, digest="")
    errors, warnings = list(unresolved), list[Problem]()
    named = {article.file for article in labels.file.articles} | {LABELS}
    for name in (path.name for path in folder.iterdir() if path.name not in named):
        if not name.startswith("."):
            errors.append(labels.problem(f"{name} is the file of no article", "articles"))
    if not unresolved:
        wrong = (*_wrong_passages(case), *_wrong_names(case))
        errors += (labels.problem(message, *place) for message, place in wrong)
        warnings += (labels.problem(text, *place) for text, place in _doubtful_labels(case))
    return Findings(tuple(sorted(errors)), tuple(sorted(warnings)))


def _labelled_passages(case: Case) -> Iterator[tuple[CaseArticle, Span, GoldFact, Place]]:
    articles = {each.label: each for each in case.articles}
    for index, fact in enumerate(case.facts):
        for label, spans in fact.support.items():
            for at, span in enumerate(spans):
                yield articles[label], span, fact, ("facts", index, "support", label, at)


def _wrong_passages(case: Case) -> Iterator[Complaint]:
    """Yield passages that are no evidence, and words that no article of a fact has."""
    for each, span, fact, place in _labelled_passages(case):
        if any(span.overlap(other) for other in each.furniture):
            yield f"{fact.id} rests on furniture of {each.label}", place
    for index, fact in enumerate(case.facts):
        texts = [fold(each.article.text) for each in case.articles if each.label in fact.support]
        for key, words in (("speaker", fact.speaker), ("hedge", fact.hedge)):
            if words and not any(fold(words) in text for text in texts):
                message = f"{fact.id} has a {key} that no article of it names: {words!r}"
                yield message, ("facts", index, key)


def _wrong_names(case: Case) -> Iterator[Complaint]:
    for index, conflict in enumerate(case.conflicts):
        named = [name for side in conflict.positions for name in side.facts]
        for name in dict.fromkeys(name for name in named if named.count(name) > 1):
            yield f"{conflict.id} has {name} on two sides", ("conflicts", index, "positions")
    outlets = {each.label: each.article.outlet for each in case.articles}
    for index, article in enumerate(case.articles):
        if article.same_as and outlets[article.same_as] != article.article.outlet:
            message = f"{article.label} is the same as an article of another outlet"
            yield message, ("articles", index, "same_as")
    for index, forbidden in enumerate(case.forbidden):
        for fact in case.facts:
            if fold(forbidden.text) in fold(fact.text):
                yield f"{fact.id} states what is forbidden", ("forbidden", index)


def _doubtful_labels(case: Case) -> Iterator[Complaint]:
    """Yield passages outside a body or, of a unique fact, in another outlet; unknown traits."""
    for each, span, fact, place in _labelled_passages(case):
        article = each.article
        quote = span.of(article.text)
        inside = sum(span.overlap(part) for part in article.body)
        if 2 * inside < len(span) and quote not in (article.title or ""):
            yield f"{fact.id} lies outside the body found in {each.label}", place
        words = fold(quote).split()
        if fact.status is not Status.UNIQUE or len(words) < TELLING_WORDS:
            continue
        for other in case.articles:
            apart = other.article.outlet != article.outlet and other.is_ordinary
            if apart and " ".join(words) in " ".join(fold(other.article.text).split()):
                yield f"{fact.id} is unique, and {other.label} has the same words", place
    for name in case.covers:
        if name not in TRAITS:
            message = f"{name} is the name of no trait; `--traits` lists those there are"
            yield message, ("covers",)
