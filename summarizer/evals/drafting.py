"""A new case, made of articles: the files in a folder of their own, and labels to be filled in."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from summarizer.errors import UsageError
from summarizer.evals.labels import LABELS
from summarizer.pipeline import diff
from summarizer.settings import Settings
from summarizer.text.fold import fold
from summarizer.types import Article, Fact

DRAFTED = 12
"""Facts that are drafted, the most salient first: who labels a complaint needs two or three."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_SALIENCE = ((0.66, 3), (0.33, 2), (0.0, 1))
"""From which salience of a report on, 0 to 1, a label has which one, 3 to 1: equal thirds."""

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
    """Make a case of articles, and return the file with its labels.

    Args:
        folder: The folder of the case; its name is the case's. It is made.
        articles: Read from files, two or more.

    Raises:
        UsageError: The folder is there already, or no case can be made of the articles.
    """
    _check(folder, articles)
    ids = _ids(articles)
    try:
        folder.mkdir(parents=True)
        for article in articles:
            shutil.copyfile(article.source, folder / Path(article.source).name)
        path = folder / LABELS
        path.write_text("".join(_labels(folder.name, articles, ids)), encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"Cannot write {folder}: {problem.strerror or problem}.") from None
    return path


def _check(folder: Path, articles: Sequence[Article]) -> None:
    if not _NAME.fullmatch(folder.name):
        raise UsageError(
            f"{folder.name!r} cannot be the name of a case.",
            hint="Use small letters, digits and dashes, as in `second-driver`.",
        )
    if folder.exists():
        raise UsageError(f"There is a case {folder} already.", hint="Choose another name.")
    if len({Path(article.source).name for article in articles}) < max(2, len(articles)):
        raise UsageError(
            "A case needs two articles or more, in files of different names.",
            hint="Give the files of the articles that are to be compared.",
        )
    for article in articles:
        if not Path(article.source).is_file():
            raise UsageError(
                f"{article.source} is no file.", hint="Save it as one: a case keeps its articles."
            )


def _ids(articles: Sequence[Article]) -> Mapping[str, str]:
    """Return a short label for each article by its source."""
    found: dict[str, str] = {}
    for article in articles:
        words = re.findall(r"[a-z0-9]+", fold(Path(article.source).stem)) or ["article"]
        label, number = words[-1], 2
        while label in found.values():
            label, number = f"{words[-1]}{number}", number + 1
        found[article.source] = label
    return found


def _labels(name: str, articles: Sequence[Article], ids: Mapping[str, str]) -> Iterator[str]:
    yield _HEAD.format(name=name)
    for article in articles:
        yield f"  - id: {ids[article.source]}\n"
        yield f"    file: {_quoted(Path(article.source).name)}\n"
        yield f"    outlet: {_quoted(article.outlet)}\n"
        yield f"    language: {article.language or 'en'}\n"
    yield _FACTS
    report = diff(list(articles), Settings(engine="extractive", judge="lexical"))
    facts = sorted(report.facts, key=lambda fact: -fact.salience)[:DRAFTED]
    for number, fact in enumerate(facts, start=1):
        yield from (f"#  {line}\n" for line in _fact(number, fact, ids))


def _fact(number: int, fact: Fact, ids: Mapping[str, str]) -> Iterator[str]:
    speaker = next((mention.speaker for mention in fact.mentions if mention.speaker), None)
    yield f"- id: f{number}  # the tool says: {fact.status.value}, {', '.join(fact.outlets)}"
    yield f"  text: {_quoted(fact.text)}"
    yield f"  salience: {next(label for least, label in _SALIENCE if fact.salience >= least)}"
    if speaker:
        yield f"  speaker: {_quoted(speaker)}"
    yield "  support:"
    for source, label in ids.items():
        quotes = [
            span.of(mention.article.text)
            for mention in fact.mentions
            if mention.article.source == source
            for span in mention.evidence
        ]
        if quotes:
            yield f"    {label}: [{', '.join(map(_quoted, quotes))}]"


def _quoted(text: str) -> str:
    """Return a text in double quotes; JSON's are YAML's, too."""
    return json.dumps(text, ensure_ascii=False)
