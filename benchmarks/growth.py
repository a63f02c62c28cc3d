"""How time and memory of a diff grow with the number of articles.

    python benchmarks/growth.py FOLDER [FOLDER ...] [--sizes 50 200]

Stories of hundreds of articles are not to be had, so each article is made from the sentences
of the real ones: a random seventh in ten of one article's sentences, each with one word in
twenty left out, which makes it the work of another outlet. Each size runs in a process of its
own; the last line gives the ratios.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from summarizer import diff, read_articles
from summarizer.text.sentences import sentences
from summarizer.types import Article, OutletFrom, Span

KEPT_SENTENCES, KEPT_WORDS = 0.7, 0.95


def make(pool: list[list[str]], number: int, chance: random.Random) -> Article:
    """Return one article made from the sentences of one article of the pool."""
    kept = [s for s in chance.choice(pool) if chance.random() < KEPT_SENTENCES]
    told = [" ".join(w for w in s.split() if chance.random() < KEPT_WORDS) for s in kept]
    body, start = [], 0
    for sentence in told:
        body.append(Span(start, start + len(sentence)))
        start += len(sentence) + 2
    return Article(
        id=f"a{number}",
        source=f"{number}.txt",
        sha256="",
        text="\n\n".join(told),
        body=tuple(body),
        outlet=f"Outlet {number}",
        outlet_from=OutletFrom.FLAG,
        language="en",
    )


def run(folders: list[str], size: int) -> dict[str, float]:
    """Return what a diff of ``size`` made articles takes."""
    pool = [
        [span.of(a.text) for body in a.body for span in sentences(a.text, body)]
        for folder in folders
        for a in read_articles([str(path) for path in sorted(Path(folder).glob("*.txt"))]).articles
    ]
    chance = random.Random(0)
    articles = [make(pool, number, chance) for number in range(size)]
    start = time.perf_counter()
    report = diff(articles)
    return {
        "articles": size,
        "seconds": round(time.perf_counter() - start, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "facts": len(report.facts),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--sizes", nargs="+", type=int, default=[50, 200])
    parser.add_argument("--one", action="store_true", help="run the first size in this process")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run(options.folders, options.sizes[0])))
        return
    rows = []
    for size in options.sizes:
        command = [sys.executable, __file__, *options.folders, "--one", "--sizes", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        rows.append(json.loads(done.stdout))
        print(rows[-1])
    first, last = rows[0], rows[-1]
    print(
        f"{last['articles'] / first['articles']:.1f} x the articles: "
        f"{last['seconds'] / first['seconds']:.1f} x the time, "
        f"{last['peak_mb'] / first['peak_mb']:.1f} x the memory"
    )


if __name__ == "__main__":
    main()
