"""Fit the weights of the page model and say how it does on sites it has not seen.

usage: python benchmarks/fit_page.py [SHARED] [--write]

SHARED is the folder that holds ``pages`` and ``stories``, ../shared by default. Prints the
5-fold cross-validated F1, folds by site; with --write, fits on all pages and rewrites
``summarizer/sources/page_weights.json``.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from page_compose import compose
from page_data import Page, f1, load, page_score
from scipy.optimize import minimize

from summarizer.sources import page as page_model
from summarizer.sources.lines import Evidence, Features, content_words, with_tables
from summarizer.sources.page import (
    Weights,
    densest_block,
    headline_candidates,
    likeliest_path,
    log_odds,
)
from summarizer.sources.postfilter import settle
from summarizer.text.data import sigmoid

Array = NDArray[np.float64]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The sign a weight may have, so that correlated features cannot cancel each other on the
# few pages there are: these speak for body or headline, every other one against it, ...
FOR = _names(
    "length over_twenty over_forty ends_sentence sentence_and_long small_words quotes "
    "chance_before chance_after chances_before no_break_since_core on_topic prose_in_core "
    "told_elsewhere prose_ahead topic_words said_again date_next date_soon byline_next byline_soon"
)
# ... except these, which may do either, and for the headline a few more.
EITHER = _names("bullet colon digits first_line away over_fourteen")
EITHER_IN_HEADLINE = EITHER | _names(
    "ends_sentence small_words capitals quotes separated repeated in_core"
)
# What the headline's model weighs of a line's own shape.
HEADLINE_SHAPES = _names(
    "ends_sentence colon small_words capitals quotes bullet button section_head call legal caption "
    "caption_tail byline related contact separated dated_label promos repeated"
)
# Strength of the pull of every weight towards nought.
SHRINK = 1.0
# Weight of the lowest of several lines that give the headline: the one above the article.
LOWEST_TITLE = 3.0
# The prices of the path are by hand, and none is chosen by the pages that a model is measured on.
NONE = Weights(shape={"bias": 0.0}, headline={"bias": 0.0}, surrounded={"bias": 0.0}, caution=-0.25)

Held = tuple[Page, Evidence]


def fit(
    rows: Sequence[Features], labels: Array, weights: Array, either: frozenset[str] = EITHER
) -> dict[str, float]:
    """Return a logistic model whose weights keep the signs they may have."""
    names = list(rows[0])
    matrix = np.array([[row[name] for name in names] + [1.0] for row in rows])
    sign = 2 * labels - 1

    def loss(theta: Array) -> tuple[float, Array]:
        margin = sign * (matrix @ theta)
        pull = SHRINK * np.r_[theta[:-1], 0.0]
        slope = -(weights * sign / (1 + np.exp(np.clip(margin, -50, 50)))) @ matrix
        value = (weights * np.logaddexp(0, -margin)).sum() + 0.5 * (pull * pull).sum() / SHRINK
        return float(value), slope + pull

    free, against = (None, None), (None, 0.0)
    bounds = [free if n in either else (0.0, None) if n in FOR else against for n in names]
    start = np.zeros(len(names) + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, free])
    return {"bias": float(found.x[-1])} | dict(zip(names, map(float, found.x), strict=False))


def train(pages: Sequence[Page], base: Weights) -> Weights:
    """Return ``base`` with its three models fitted to ``pages``, one after the other."""
    labels = np.array([page.labels[i] for page in pages for i in page.read])
    weights = _line_weights(pages)
    shapes = [shape for page in pages for shape in page.shapes_read]
    base = replace(base, shape=fit(shapes, labels, weights))
    base = replace(base, headline=_train_headline(pages, base))
    rows = [row for page in pages for row in page.gather(base).features]
    return replace(base, surrounded=fit(rows, labels, weights))


def _train_headline(pages: Sequence[Page], base: Weights) -> dict[str, float]:
    rows, labels, weights = [], [], []
    for page in pages:
        lines, shapes = page.lines_read, page.shapes_read
        chances = [sigmoid(log_odds(base.shape, shape)) for shape in shapes]
        core = densest_block(lines, chances, shapes, base)
        contents = [content_words(line.text, page.stop_words) for line in lines]
        candidates = headline_candidates(lines, shapes, contents, core)
        for i, features in candidates if page.titles else []:
            other = shapes[i].keys() - HEADLINE_SHAPES - {"up_to_five"}
            rows.append({name: value for name, value in features.items() if name not in other})
            labels.append(float(page.read[i] in page.titles))
            lowest = page.read[i] == page.titles[-1]
            weights.append(page.weight * (LOWEST_TITLE if lowest else 1.0))
    return fit(rows, np.array(labels), np.array(weights), EITHER_IN_HEADLINE)


def _line_weights(pages: Sequence[Page]) -> Array:
    """Weigh lines by the root of their words and pages alike, as the measure does."""
    weights = []
    for page in pages:
        words = np.array([min(line.words, 60.0) + 1 for line in page.lines_read]) ** 0.5
        weights.append(page.weight * 100 * words / words.sum())
    return np.concatenate(weights)


def cross_validate(pages: Sequence[Page], composed: Sequence[Page], folds: int = 5) -> list[Held]:
    """Return what models say of pages whose sites they were not fitted on."""
    sites = sorted(set().union(*(page.sites for page in pages)))
    random.Random(0).shuffle(sites)
    held: list[Held] = []
    for k in range(folds):
        out = {site for i, site in enumerate(sites) if i % folds == k}
        model = train([p for p in (*pages, *composed) if not p.sites & out], NONE)
        unseen = [p for p in pages if p.sites & out]
        for page in (*unseen, *compose(unseen, seed=1, count=20)):
            held.append((page, page.gather(model)))
    return held


def measure(held: Sequence[Held], weights: Weights) -> tuple[float, float, float]:
    """Return F1, precision and recall over held pages."""
    return f1([_score(*one, weights) for one in held])


def _score(page: Page, evidence: Evidence, weights: Weights) -> tuple[float, float]:
    chosen = settle(evidence, likeliest_path(evidence, weights))[0]
    body = with_tables([page.read[i] for i in chosen], page.tables)
    inside = [i in body for i in range(len(page.lines))]
    return page_score(page, inside)


def write(weights: Weights) -> None:
    """Write the weights to the model's data file, without those that say next to nothing."""
    values = asdict(weights)
    for name, value in values.items():
        if isinstance(value, dict):
            values[name] = {k: round(v, 2) for k, v in value.items() if abs(v) >= 0.05}
    file = Path(page_model.__file__).with_name("page_weights.json")
    file.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def report(held: Sequence[Held], weights: Weights) -> None:
    """Print the cross-validated figures and the worst pages."""
    real = [one for one in held if one[0].real]
    kinds = {
        "real pages": real,
        "stories": [one for one in held if "/" in one[0].key],
        "composed pages": [one for one in held if one[0].key.startswith("composed")],
    }
    for kind, some in kinds.items():
        print(f"{kind}: n={len(some)} F1 %.3f precision %.3f recall %.3f" % measure(some, weights))
    named = [(page, evidence) for page, evidence in real if page.titles]
    titles = [(page, evidence.title) for page, evidence in named if evidence.title is not None]
    right = sum(page.read[title] in page.titles for page, title in titles)
    print(f"headlines: {right} of {len(named)}")
    each = [(f1([_score(*one, weights)]), one[0].key) for one in real]
    for (f, precision, recall), key in sorted(each)[:12]:
        print(f"  {key} F1 {f:.2f} precision {precision:.2f} recall {recall:.2f}")


def main() -> None:
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    pages = load(Path(arguments[0] if arguments else "../shared"))
    composed = compose(pages)
    held = cross_validate(pages, composed)
    report(held, NONE)
    if "--write" in sys.argv:
        write(train([*pages, *composed], NONE))


if __name__ == "__main__":
    main()
