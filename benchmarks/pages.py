"""Measure how well the body is found in copied pages and in HTML.

usage: python benchmarks/pages.py [SHARED]

SHARED is the folder that holds ``pages``, ../shared by default. The pages are those the
model was fitted on; ``benchmarks/fit_page.py`` gives the cross-validated figure.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from page_data import f1, shingles

from summarizer.sources.html import read_html
from summarizer.sources.page import read_page

LOST = 0.2
"""Share of an article from which its loss is to be warned of."""

Reader = Callable[[str], tuple[str, bool]]
"""Returns the body of a page, and whether a warning comes with it."""


def from_dump(text: str) -> tuple[str, bool]:
    reading = read_page(text)
    return "\n".join(span.of(text) for span in reading.body), bool(reading.warnings)


def from_html(markup: str) -> tuple[str, bool]:
    reading = read_html(markup)
    return "\n".join(span.of(reading.text) for span in reading.body), bool(reading.warnings)


def score(gold: str, body: str) -> tuple[float, float]:
    wanted, got = shingles(gold), shingles(body)
    hits = sum((wanted & got).values())
    return (hits / got.total() if got else 0.0), (hits / wanted.total() if wanted else 1.0)


def measure(folder: Path, suffix: str, read: Reader) -> None:
    scores, slowest, spent = [], 0.0, 0.0
    lost, silent, warned = 0, list[str](), 0
    for row in map(json.loads, (folder / "gold.jsonl").open(encoding="utf-8")):
        page = (folder / f"{row['id']}{suffix}").read_text(encoding="utf-8", errors="replace")
        start = time.perf_counter()
        body, warns = read(page)
        seconds = time.perf_counter() - start
        slowest, spent = max(slowest, seconds), spent + seconds
        scores.append((score(row["body"], body), row["id"]))
        loses = scores[-1][0][1] < 1 - LOST
        lost += loses
        silent += [row["id"]] * (loses and not warns)
        warned += warns and not loses
    total, precision, recall = f1([one for one, _ in scores])
    print(f"{suffix}: F1 {total:.3f} precision {precision:.3f} recall {recall:.3f}", end=" ")
    print(f"mean {1000 * spent / len(scores):.0f} ms, slowest {1000 * slowest:.0f} ms")
    print(f"  over a fifth lost: {lost}, without a warning: {silent}; other warnings: {warned}")
    for (p, r), key in sorted(scores, key=lambda item: f1([item[0]]))[:8]:
        print(f"  {key} precision {p:.2f} recall {r:.2f}")


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared") / "pages"
    measure(folder, ".txt", from_dump)
    measure(folder, ".html", from_html)


if __name__ == "__main__":
    main()
