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
from summarizer.text.words import fold
from summarizer.types import Article, Fact

DRAFTED = 12
"""Facts that are drafted, the most salient first: who labels a complaint needs two or three."""

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
    _check_inputs(folder, articles)
    path, ids = folder / LABELS, _short_labels(articles)
    try:
        folder.mkdir(parents=True)
        for article in articles:
            shutil.copyfile(article.source, folder / Path(article.source).name)
        path.write_text("".join(_label_lines(folder.name, articles, ids)), encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"Cannot write {folder}: {problem.strerror or problem}.") from None
    return path


def _check_inputs(folder: Path, articles: Sequence[Article]) -> None:
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


def _short_labels(articles: Sequence[Article]) -> Mapping[str, str]:
    """Return a short label for each article by its source."""
    ids: dict[str, str] = {}
    for article in articles:
        word = (re.findall(r"[a-z0-9]+", fold(Path(article.source).stem)) or ["article"])[-1]
        taken = sum(re.fullmatch(rf"{word}\d*", label) is not None for label in ids.values())
        ids[article.source] = f"{word}{taken + 1}" if taken else word
    return ids


def _label_lines(name: str, articles: Sequence[Article], ids: Mapping[str, str]) -> Iterator[str]:
    yield _HEAD.format(name=name)
    for article in articles:
        file, outlet = _quote_text(Path(article.source).name), _quote_text(article.outlet)
        yield f"  - id: {ids[article.source]}\n    file: {file}\n    outlet: {outlet}\n"
        yield f"    language: {article.language or 'en'}\n"
    yield _FACTS
    report = diff(list(articles), Settings(engine="extractive", judge="lexical"))
    facts = sorted(report.facts, key=lambda fact: -fact.salience)[:DRAFTED]
    for number, fact in enumerate(facts, start=1):
        yield from (f"#  {line}\n" for line in _fact_lines(number, fact, ids))


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
