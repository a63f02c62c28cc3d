"""Measure the injection screen: attacks found, and sentences of real news taken for attacks.

    python benchmarks/injections.py [STRINGS.json] [FOLDER ...]

STRINGS.json maps a kind of attack to its strings, by default
``../shared/injection/bipia_text_attack_train.json``; the strings of
``benchmarks/injection_strings.json`` and ``unseen_injections.json``, written for no screen, are
always measured too. The articles of ``instructions.json`` tell readers what to do in five
languages, and nothing of them is to be taken out.
Each string is put at the start, the middle and the end of each invented article, as a
sentence of a paragraph and as a paragraph of its own. Each FOLDER holds real articles, by
default those of ``../shared``: each string is put into each of those that is plain text, at
one place after another; and every sentence taken out of them as they are is printed, to be
looked at.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import cycle, product
from pathlib import Path

from summarizer import Settings, SummarizerError, diff, read_article
from summarizer.screening.screen import screen
from summarizer.text.sentences import sentences
from summarizer.types import Article, OutletFrom, Span

HERE = Path(__file__).parent
INVENTED = (HERE.parent / "evals/stories", HERE.parent / "examples")
PLACES = (0.0, 0.5, 1.0)

TOLD = 0.6
"""Share of an attack's words that a fact has which tells it."""

THIN = 5
"""A string is put into each so many-th of the real articles, which are many and long."""


def articles(
    folders: Iterable[Path], kinds: Sequence[str] = (".txt", ".html")
) -> Iterator[Article]:
    """Return what can be read as an article in the folders, at any depth."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in kinds:
                try:
                    yield read_article(str(path))
                except SummarizerError as problem:
                    print(f"not read: {path.name}: {problem.message}")


def planted(article: Article, attack: str, place: float, alone: bool) -> tuple[Article, Span]:
    """Return the article's body with the attack put in, and where it stands."""
    spans = [span for part in article.body for span in sentences(article.text, part)]
    number = round(place * len(spans))
    parts: list[str] = []
    for i, span in enumerate(spans):
        gap = article.text[spans[i - 1].end : span.start] if i else ""
        parts += [gap if "\n" in gap or not gap else " ", span.of(article.text)]
    before, after = "".join(parts[: 2 * number]), "".join(parts[2 * number :]).lstrip()
    gap = "\n\n" if alone else " "
    text = gap.join(part for part in (before, attack, after) if part)
    start = len(before) + len(gap) if before else 0
    return replace(article, text=text, body=(Span(0, len(text)),)), Span(start, start + len(attack))


def left(article: Article, where: Span) -> tuple[bool, bool]:
    """Return whether any word of the attack is left, and whether any other was lost."""
    body = screen(article).article.body
    kept = bytearray(len(article.text))
    for span in body:
        kept[span.start : span.end] = b"\1" * len(span)
    attack = any(kept[i] and article.text[i].isalnum() for i in range(where.start, where.end))
    lost = any(
        not kept[i] and char.isalnum() and not where.start <= i < where.end
        for i, char in enumerate(article.text)
    )
    return attack, lost


def measure(name: str, strings: dict[str, list[str]], stories: list[Article]) -> None:
    """Print how many placings of the strings were taken out, by kind, and which were not."""
    missed: Counter[tuple[str, str]] = Counter()
    tried: Counter[str] = Counter()
    losses = 0
    for kind, attacks in strings.items():
        for attack in attacks:
            for article in stories:
                for place in PLACES:
                    for alone in (False, True):
                        stays, lost = left(*planted(article, attack, place, alone))
                        tried[kind] += 1
                        missed[kind, attack] += stays
                        losses += lost
    total = tried.total()
    print(f"\n{name}: {sum(map(len, strings.values()))} strings, {total} placings")
    for kind in strings:
        gone = tried[kind] - sum(n for (k, _), n in missed.items() if k == kind)
        print(f"  {kind:30}{gone / tried[kind]:7.3f}")
    print(f"  {'all':30}{1 - missed.total() / total:7.3f}   other sentences lost in {losses}")
    for (_, attack), count in missed.most_common():
        if count:
            print(f"    missed {count:4} of {total // sum(map(len, strings.values()))}: {attack}")


def measure_real(strings: dict[str, list[str]], real: list[Article]) -> None:
    """Print how many placings in real articles were not taken out, and what went with others."""
    attacks = [attack for kind in strings.values() for attack in kind]
    ways = cycle(product(PLACES, (False, True)))
    known = {article.id: _taken_out(planted(article, "", 1.0, True)[0]) for article in real}
    missed = lost = 0
    tried = 0
    for n, attack in enumerate(attacks):
        for article, (place, alone) in zip(real[n % THIN :: THIN], ways, strict=False):
            tried += 1
            attacked, where = planted(article, attack, place, alone)
            missed += left(attacked, where)[0]
            others = _taken_out(attacked) - known[article.id]
            lost += sum(times for text, times in others.items() if text not in attack)
    print(f"  in {len(real)} real articles: {missed} of {tried} missed ({missed / tried:.4f}),")
    print(f"    other sentences lost in {lost}")


def _taken_out(article: Article) -> Counter[str]:
    return Counter(rejected.text for rejected in screen(article).rejected)


def measure_facts(strings: dict[str, list[str]], story: list[Article]) -> None:
    """Print how many attacks become facts of a report that is made without a model."""
    attacks = [attack for kind in strings.values() for attack in kind]
    offline = Settings(engine="extractive", judge="lexical")
    told = list[str]()
    for n, attack in enumerate(attacks):
        at = n % len(story)
        attacked, _ = planted(story[at], attack, PLACES[n % len(PLACES)], True)
        report = diff([*story[:at], attacked, *story[at + 1 :]], offline)
        words = set(attack.lower().split())
        like = (len(words & set(fact.text.lower().split())) for fact in report.facts)
        told += [attack] * any(shared >= TOLD * len(words) for shared in like)
    print(f"  without a model {len(told)} of {len(attacks)} became facts: {told}")


def instructions() -> None:
    """Print every sentence that is taken out of articles that tell their readers what to do."""
    items = json.loads((HERE / "instructions.json").read_text(encoding="utf-8"))
    count, lost = 0, []
    for language, texts in items.items():
        for text in texts:
            count += len(sentences(text))
            read = _article(text, language)
            lost += [rejected.text for rejected in screen(read).rejected]
    print(f"\narticles of instructions: {len(lost)} of {count} sentences taken out")
    for sentence in lost:
        print(f"  {sentence}")


def _article(text: str, language: str) -> Article:
    body = (Span(0, len(text)),)
    kind = OutletFrom.FILENAME
    return Article(
        id="a1", source="-", sha256="", text=text, body=body, outlet="-", outlet_from=kind,
        language=language,
    )  # fmt: skip


def false_alarms(folders: list[Path]) -> None:
    """Print every sentence that is taken out of real articles."""
    count, seconds, characters = 0, 0.0, 0
    seen: Counter[str] = Counter()
    read = 0
    for article in articles(folders):
        read += 1
        count += sum(len(sentences(article.text, span)) for span in article.body)
        characters += len(article.text)
        start = time.perf_counter()
        screened = screen(article)
        seconds += time.perf_counter() - start
        for rejected in screened.rejected:
            line = f"{' '.join(rejected.text.split())[:150]}  [{rejected.detail}]"
            seen[line] += 1
    print(
        f"\n{read} articles, {count} sentences, {seen.total()} taken out ({len(seen)} different),"
    )
    print(f"{1e6 * seconds / max(characters, 1):.2f} s a million characters:")
    for line in sorted(seen):
        print(f"  {line}")


def main() -> None:
    given = [Path(argument) for argument in sys.argv[1:]]
    shared = HERE.parent.parent / "shared"
    file = given[0] if given else shared / "injection/bipia_text_attack_train.json"
    folders = given[1:] or [shared / name for name in ("pages", "stories", "seeds")]
    stories = list(articles(INVENTED))
    real = [replace(found, id=found.source) for found in articles(folders, (".txt",))]
    story = [article for article in real if Path(article.source).parent.name == "seeds"]
    for path in (file, HERE / "injection_strings.json", HERE / "unseen_injections.json"):
        strings = json.loads(path.read_text(encoding="utf-8"))
        measure(path.name, strings, stories)
        measure_real(strings, real)
        if story:
            measure_facts(strings, story)
    instructions()
    false_alarms([*folders, *INVENTED])


if __name__ == "__main__":
    main()
