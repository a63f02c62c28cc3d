"""Measure the finding of stories: B-cubed on real events among unrelated articles, and growth.

    python benchmarks/stories.py [--noise 3000] [--growth 1000 10000]

The events are the folders of ``../shared/stories``: three outlets each. The articles around them
are the documents of ``../shared/judge`` and ``../shared/pages``, each text once; where more are
wanted than there are, paragraphs of different ones are put together, so that those articles have
real words and no event. Dates are unknown, which makes it harder. Each half of the events gives
the threshold that the other half is measured with.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from summarizer.stories import cluster as module
from summarizer.stories.cluster import Item, cluster, make_item

SHARED = Path(__file__).parent.parent.parent / "shared"
THRESHOLDS = (0.10, 0.12, 0.14, 0.15, 0.16, 0.17, 0.18, 0.20, 0.22, 0.25)
PARAGRAPHS = 6
"""Of an article that is put together."""


def events() -> dict[str, str]:
    """Return the texts of the events' articles under "event/outlet"."""
    folders = [p for p in (SHARED / "stories").iterdir() if p.is_dir() and p.name != "raw"]
    folders += [p for p in (SHARED / "stories" / "raw").iterdir() if p.is_dir()]
    return {
        f"{folder.name}/{path.stem}": path.read_text(encoding="utf-8")
        for folder in sorted(folders)
        for path in sorted(folder.glob("*.txt"))
    }


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
        yield ". ".join(draw.choices(sentences, k=PARAGRAPHS * 3))


def b_cubed(groups: Sequence[Sequence[str]], wanted: Mapping[str, str]) -> tuple[float, float, int]:
    """Return precision and recall over the events' articles, and other articles drawn in."""
    story = {key: number for number, group in enumerate(groups) for key in group}
    members: dict[str, set[str]] = defaultdict(set)
    for key, event in wanted.items():
        members[event].add(key)
    precision = recall = 0.0
    drawn: set[str] = set()
    for key, event in wanted.items():
        group = set(groups[story[key]])
        right = len(group & members[event])
        precision += right / len(group)
        recall += right / len(members[event])
        drawn |= {other for other in group if other not in wanted}
    return precision / len(wanted), recall / len(wanted), len(drawn)


def measure(count: int) -> None:
    """Print the figures at each threshold, and those of the halves."""
    texts = events()
    wanted = {key: key.split("/")[0] for key in texts}
    items = [make_item(key, text, "en", None) for key, text in texts.items()]
    items += [make_item(f"noise-{n}", text, "en", None) for n, text in enumerate(noise(count))]
    names = sorted(set(wanted.values()))
    halves = (set(names[::2]), set(names[1::2]))
    scores: dict[tuple[int, float], tuple[float, float]] = {}
    print("threshold   P     R     F   drawn in")
    for threshold in THRESHOLDS:
        vars(module)["AVERAGE_FROM"] = threshold
        groups = cluster(items)
        p, r, drawn = b_cubed(groups, wanted)
        print(f"{threshold:9.2f} {p:5.3f} {r:5.3f} {2 * p * r / (p + r):5.3f}  {drawn} of {count}")
        for half, chosen in enumerate(halves):
            part = {key: event for key, event in wanted.items() if event in chosen}
            scores[half, threshold] = b_cubed(groups, part)[:2]
    for half in (0, 1):
        best = max(THRESHOLDS, key=lambda t: _f(*scores[1 - half, t]))
        print(f"half {half + 1} with the other's threshold {best}: F {_f(*scores[half, best]):.3f}")


def _f(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall)


def growth(sizes: Sequence[int]) -> None:
    """Print time and memory at some numbers of articles, and the ratios of the time."""
    before = 0.0
    for size in sizes:
        items: list[Item] = []
        start = time.process_time()
        for n, text in enumerate(noise(size)):
            items.append(make_item(f"n{n}", text, "en", None))
        counted = time.process_time() - start
        start = time.process_time()
        groups = cluster(items)
        taken = time.process_time() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        ratio = f", {(counted + taken) / before:.1f} x" if before else ""
        print(
            f"{size:,}: words {counted:.1f} s, clusters {taken:.1f} s{ratio}, "
            f"{len(groups):,} stories, {memory:.1f} GB"
        )
        before = counted + taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--noise", type=int, default=3000)
    parser.add_argument("--growth", type=int, nargs="*", default=[])
    options = parser.parse_args()
    if options.growth:
        growth(options.growth)
    else:
        measure(options.noise)


if __name__ == "__main__":
    main()
