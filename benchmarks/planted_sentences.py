"""Made-up sentences, each planted in one article: which does the report credit to others too?

    python benchmarks/planted_sentences.py [CASE …] [--at-once 4] [--engine openai …] [-v]

The sentences of ``evals/made_up`` are about the people and things of their stories, and no
article says them; some deny what the others report. They are put between paragraphs of one
article, far apart, and the story is compared. A sentence is *credited* where it stands under a
line with another outlet: a fabrication would then be printed as confirmed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scipy.stats import binomtest

from summarizer.evals.cases import Case, find_cases_folder, list_cases
from summarizer.pipeline import diff
from summarizer.settings import load
from summarizer.sources.reading import read_article
from summarizer.types import Article, DiffReport, Span

MADE_UP = find_cases_folder().parent / "made_up"


@dataclass(frozen=True)
class Planted:
    """A made-up sentence, whether any fact rests on it, and which other outlets are named."""

    case: str
    sentence: str
    is_seen: bool
    credited: tuple[str, ...]
    line: str = ""


def trials(case: Case, at_once: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the label of an article and the sentences that are planted in it at one time."""
    by_article: dict[str, list[str]] = {}
    for line in (MADE_UP / f"{case.name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        by_article.setdefault(row["article"], []).append(row["sentence"])
    for label, sentences in by_article.items():
        for start in range(0, len(sentences), at_once):
            yield label, sentences[start : start + at_once]


def plant(article: Article, name: str, sentences: Sequence[str], folder: Path) -> Article:
    """Return an article with sentences as paragraphs of their own, spread over its body."""
    text, last = article.text, article.body[-1].end
    breaks = [i for i in range(article.body[0].start, last) if text.startswith("\n\n", i)]
    breaks = breaks or [last]
    places = [breaks[len(breaks) * n // (len(sentences) + 1)] for n in range(1, len(sentences) + 1)]
    for place, sentence in sorted(zip(places, sentences, strict=True), reverse=True):
        text = f"{text[:place]}\n\n{sentence}{text[place:]}"
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return replace(read_article(path, outlet=article.outlet), id=article.id, source=article.source)


def credit(report: DiffReport, article: Article, case: str, sentence: str) -> Planted:
    """Return who is said to report a sentence that was planted in an article."""
    start = article.text.index(sentence)
    planted = Span(start, start + len(sentence))
    resting = [
        fact
        for fact in report.facts
        for mention in fact.mentions
        if mention.article.id == article.id
        and any(
            2 * span.overlap(planted) >= min(len(span), len(planted)) for span in mention.evidence
        )
    ]
    for fact in resting:
        others = tuple(outlet for outlet in fact.outlets if outlet != article.outlet)
        if others:
            return Planted(case, sentence, True, others, fact.text)
    return Planted(case, sentence, bool(resting), ())


def tried(case: Case, options: argparse.Namespace) -> Iterator[Planted]:
    """Yield what became of each sentence that was made up for a case."""
    given = {name: getattr(options, name) for name in ("engine", "judge", "model", "base_url")}
    settings = load({name: value for name, value in given.items() if value})
    with tempfile.TemporaryDirectory() as folder:
        for label, sentences in trials(case, options.at_once):
            own = next(each for each in case.articles if each.label == label)
            name = Path(own.article.source).name
            article = plant(own.article, name, sentences, Path(folder))
            articles = [article if each is own else each.article for each in case.articles]
            report = diff(articles, settings)
            yield from (credit(report, article, case.name, sentence) for sentence in sentences)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", nargs="*", help="all that have sentences by default")
    parser.add_argument("--at-once", type=int, default=4, help="sentences in one article")
    parser.add_argument("--engine", default="extractive")
    parser.add_argument("--judge", default="lexical")
    parser.add_argument("--model")
    parser.add_argument("--base-url")
    parser.add_argument("-v", action="store_true", help="show each line that credits others")
    options = parser.parse_args()
    names = options.case or sorted(path.stem for path in MADE_UP.glob("*.jsonl"))
    every: list[Planted] = []
    print(f"{'':<18} planted  seen  credited to another outlet too")
    for case in (each.load() for each in list_cases(find_cases_folder(), names)):
        each = list(tried(case, options))
        every += each
        print(f"{case.name:<18} {len(each):>7} {sum(p.is_seen for p in each):>5} {_share(each)}")
        for planted in each if options.v else ():
            if planted.credited:
                print(
                    f"    {planted.sentence}\n      [{', '.join(planted.credited)}] {planted.line}"
                )
    print(f"{'in all':<18} {len(every):>7} {sum(p.is_seen for p in every):>5} {_share(every)}")


def _share(every: Sequence[Planted]) -> str:
    credited = sum(bool(planted.credited) for planted in every)
    around = binomtest(credited, len(every)).proportion_ci(0.95, method="wilson")
    return f"{credited:>5} = {credited / len(every):.3f} ({around.low:.3f} to {around.high:.3f})"


if __name__ == "__main__":
    main()
