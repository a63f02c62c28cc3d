"""Fit the weights by which paragraphs that were cut off rejoin their article.

usage: python benchmarks/fit_rejoin.py [SHARED]

Prints the weights for ``summarizer/sources/rejoin_weights.json`` and, five-fold by page, how many
of the articles' runs and of the feeds' are taken at each threshold.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from page_data import shingles
from page_forms import FORMS
from page_forms import load as load_articles
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from summarizer.sources.lines import STOP_WORDS, Features, guess_language, page_shapes, split_lines
from summarizer.sources.page import PAGE, gather, likeliest_path, lines_to_read
from summarizer.sources.postfilter import Taken, is_page_talk

# Forms of known articles that the dumps hold too few of, each with the weight of its runs.
COMPOSED = {"boxes inside": 1.0, "live blog": 0.2}

Row = tuple[str, str, float, bool, float, Features]


def rows(kind: str, key: str, text: str, gold: str, weight: float) -> Iterator[Row]:
    whole = split_lines(text)
    stop_words = STOP_WORDS.get(guess_language(text) or "")
    shapes = page_shapes(whole, stop_words)
    read, _ = lines_to_read(whole, shapes)
    lines = [whole[i] for i in read]
    page = gather(lines, [shapes[i] for i in read], stop_words, PAGE)
    inside = likeliest_path(page, PAGE)
    chosen = [i for i, y in enumerate(inside) if y and not is_page_talk(page, i)]
    if not chosen:
        return
    wanted, taken = set(shingles(gold)), Taken(page, chosen)
    for run in taken.runs_left_out():
        value = taken.weigh(run)
        grams = shingles("\n".join(lines[i].text for i in run))
        label = sum(gram in wanted for gram in grams) > len(grams) / 2
        if label:
            taken.add(run)
        yield kind, key, weight, label, sum(lines[i].words for i in run), value


def load(shared: Path) -> Iterator[Row]:
    for row in map(json.loads, (shared / "pages/gold.jsonl").open(encoding="utf-8")):
        text = (shared / f"pages/{row['id']}.txt").read_text(encoding="utf-8")
        yield from rows("pages", row["id"], text, row["body"], 1.0)
    articles = load_articles(shared)
    for name, weight in COMPOSED.items():
        rng = random.Random(0)
        for title, parts in articles:
            text, gold = FORMS[name](title, parts, rng)
            yield from rows(name, title, text, gold, weight)


def main() -> None:
    data = list(load(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")))
    names = list(data[0][-1])
    matrix = np.array([[row[-1][name] for name in names] for row in data])
    labels = np.array([row[3] for row in data])
    weights = np.array([row[2] for row in data])
    model = LogisticRegression(C=1, max_iter=5_000)
    chances = cross_val_predict(
        model, matrix, labels, groups=[row[1] for row in data], cv=GroupKFold(5),
        method="predict_proba", params={"sample_weight": weights},
    )[:, 1]  # fmt: skip
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        for kind in ("pages", *COMPOSED):
            some = [i for i, row in enumerate(data) if row[0] == kind]
            taken = [i for i in some if chances[i] > threshold]
            wrong = sum(data[i][4] for i in taken if not labels[i])
            print(
                f"{threshold} {kind}: {sum(labels[i] for i in taken)} of "
                f"{sum(labels[i] for i in some)} taken, "
                f"{sum(not labels[i] for i in taken)} of feeds ({wrong:.0f} words)"
            )
    model.fit(matrix, labels, sample_weight=weights)
    fitted = {"bias": model.intercept_[0]} | dict(zip(names, model.coef_[0], strict=True))
    print(json.dumps({name: round(float(value), 1) for name, value in fitted.items()}, indent=1))


if __name__ == "__main__":
    main()
