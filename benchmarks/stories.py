"""Measure the finding of stories: B-cubed on real events, among unrelated articles and alone.

    python benchmarks/stories.py [--noise 3000]

The events are the folders of ``../shared/stories``, three outlets each, which have much in common
(politics of one country), and the English stories of ``evals/cases``, which are invented and whose
outlets differ more. The articles around them are the documents of ``../shared/judge``, each text
once, and for the rest articles put together from sentences of different ones, which have real words
and no event. Each half of the events gives the threshold that the other half is measured with.
Dates are unknown, which makes it harder; in a second table each event and each other article has a
day of a month, drawn at random. Last come collections of a few events and nothing else.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from summarizer.sources.reading import read_article
from summarizer.stories import cluster as module
from summarizer.stories.cluster import Item, cluster, make_item

SHARED = Path(__file__).parent.parent.parent / "shared"
CASES = Path(__file__).parent.parent / "evals" / "cases"
THRESHOLDS = (0.14, 0.16, 0.17, 0.18, 0.19, 0.20, 0.21, 0.22, 0.24, 0.26)
SENTENCES = 18
"""Of an article that is put together."""

SMALL, DRAWS = (1, 2, 3, 5, 10), 100
"""Events of the small collections, and how many of these are drawn."""

MONTH = 30


def events() -> dict[str, str]:
    """Return the texts of the events' articles under "event/outlet"."""
    folders = [p for p in (SHARED / "stories").iterdir() if p.is_dir() and p.name != "raw"]
    folders += [p for p in (SHARED / "stories" / "raw").iterdir() if p.is_dir()]
    return {
        f"{folder.name}/{path.stem}": path.read_text(encoding="utf-8")
        for folder in sorted(folders)
        for path in sorted(folder.glob("*.txt"))
    }


def invented() -> dict[str, str]:
    """Return the bodies of the invented stories' articles that are English."""
    paths = [path for path in sorted(CASES.glob("*/*")) if path.suffix in {".txt", ".html", ".md"}]
    read = {f"{path.parent.name}/{path.stem}": read_article(path) for path in paths}
    return {key: each.body_text for key, each in read.items() if each.language == "en"}


def real_noise() -> list[str]:
    """Return the texts of other articles, each once."""
    texts: dict[str, None] = {}
    for path in sorted((SHARED / "judge").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            texts[json.loads(line)["document"]] = None
    return [text for text in texts if len(text) > 400]


def noise(count: int) -> Iterator[str]:
    """Yield so many unrelated articles: real ones first, then ones put together."""
    texts = real_noise()
    yield from texts[:count]
    draw = random.Random(7)
    sentences = [part for text in texts for part in text.split(". ") if len(part) > 40]
    for _ in range(count - len(texts)):
        yield ". ".join(draw.choices(sentences, k=SENTENCES))


def event(key: str) -> str:
    """Return the event of an article, "" for an unrelated one."""
    return key.rpartition("/")[0]


def b_cubed(
    groups: Sequence[Sequence[str]], chosen: set[str] | None = None
) -> tuple[float, float, float]:
    """Return precision, recall and F1 over the articles of the events, or of chosen ones."""
    members: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for key in group:
            members[event(key)].add(key)
    precision = recall = count = 0.0
    for group in groups:
        for key in group:
            if event(key) and (chosen is None or event(key) in chosen):
                right = len(set(group) & members[event(key)])
                precision += right / len(group)
                recall += right / len(members[event(key)])
                count += 1
    precision, recall = precision / count, recall / count
    return precision, recall, 2 * precision * recall / (precision + recall)


def drawn_in(groups: Sequence[Sequence[str]]) -> int:
    """Return how many unrelated articles are in a story of the events."""
    return sum(
        sum(not event(key) for key in group) for group in groups if any(event(key) for key in group)
    )


def found(items: Sequence[Item], threshold: float) -> list[list[str]]:
    """Return the stories at a threshold."""
    vars(module)["AVERAGE_FROM"] = threshold
    vars(module)["NEIGHBOUR_FROM"] = threshold / 2
    return cluster(items)


def measure(items: Sequence[Item]) -> None:
    """Print the figures at each threshold, and those of the halves."""
    names = sorted({event(item.key) for item in items} - {""})
    halves = (set(names[::2]), set(names[1::2]))
    scores: dict[tuple[int, float], float] = {}
    print("threshold   P     R     F   drawn in")
    for threshold in THRESHOLDS:
        groups = found(items, threshold)
        p, r, f = b_cubed(groups)
        print(f"{threshold:9.2f} {p:5.3f} {r:5.3f} {f:5.3f}  {drawn_in(groups)}")
        for half, chosen in enumerate(halves):
            scores[half, threshold] = b_cubed(groups, chosen)[2]
    for half in (0, 1):
        best = max(THRESHOLDS, key=lambda t: scores[1 - half, t])
        print(f"half {half + 1} with the other's threshold {best}: F {scores[half, best]:.3f}")


def on_days(items: Sequence[Item]) -> list[Item]:
    """Return the articles with days: an event's within two days, everything within a month."""
    draw = random.Random(11)
    days: dict[str, int] = {}
    dated = []
    for item in items:
        day = days.setdefault(event(item.key) or item.key, draw.randrange(MONTH))
        day += draw.randrange(2)
        dated.append(replace(item, published=date(2026, 11, 1) + timedelta(days=day)))
    return dated


def measure_small(items: Sequence[Item], threshold: float) -> None:
    """Print the figures of collections of a few events and nothing else."""
    by_event: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_event[event(item.key)].append(item)
    draw = random.Random(3)
    print("events   P     R     F   collections with two events in one story, an event in two")
    for count in SMALL:
        scores = [
            b_cubed(
                found(
                    [i for e in draw.sample(sorted(by_event), count) for i in by_event[e]],
                    threshold,
                )
            )
            for _ in range(DRAWS)
        ]
        p, r = (sum(score[n] for score in scores) / DRAWS for n in (0, 1))
        merged, split = (sum(score[n] < 1 for score in scores) for n in (0, 1))
        f = 2 * p * r / (p + r)
        print(f"{count:6} {p:5.3f} {r:5.3f} {f:5.3f}  {merged} and {split} of {DRAWS}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--noise", type=int, default=3000)
    options = parser.parse_args()
    threshold = module.AVERAGE_FROM
    around = [make_item(f"{n}", text, "en", None) for n, text in enumerate(noise(options.noise))]
    for name, texts in (("real", events()), ("invented", invented())):
        items = [make_item(key, text, "en", None) for key, text in texts.items()]
        print(f"\n{len(items)} articles on {name} events, {len(around):,} others, no dates")
        measure(items + around)
        print("the same, on the days of a month")
        measure(on_days(items + around))
        print(f"events alone, threshold {threshold}")
        measure_small(items, threshold)


if __name__ == "__main__":
    main()
