"""Fit the lexical judge's weights on labelled pairs, and say how well they carry over.

    python benchmarks/fit_judge.py [FOLDER] [--write]

FOLDER holds the JSON-lines files (``document``, ``claim``, ``label``), by default
``../shared/judge``. Figures are from models that have not seen the row's document:
cross-validated over documents, and with each file in turn left out altogether. Each file
weighs the same, whatever its size: the calibration is that of a row of any file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fitted import write_weights
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from summarizer.compare.judges.lexical import OBJECTED_AT_MOST, features
from summarizer.compare.judges.objections import objection_to
from summarizer.compare.support import feature_names
from summarizer.compare.texts import pieces, text_of
from summarizer.pipeline import whole_text

Array = np.ndarray[Any, np.dtype[np.float64]]

FOLDS = 5
# Repeats with other folds: a file of few documents differs by .01 from one to the next.
REPEATS = 5
# Inverse of the penalty on standardised weights; .03 to 1 differ by less than .003 in AUC.
STRENGTH = 0.1
BINS = 10
# Dialogues with edits by a model are another genre: reported, and left out of the means.
APART = frozenset({"summedits-samsum"})
FEATURES = feature_names("supported")


@dataclass(frozen=True)
class Data:
    """Rows as arrays: features, label, file, and the document as a number."""

    x: Array
    y: Array
    contradicted: Array
    files: Any
    documents: Any

    def weights(self, rows: Any) -> Array:
        """Weigh the rows so that each file among them counts the same."""
        names, sizes = np.unique(self.files[rows], return_counts=True)
        size = dict(zip(names, sizes, strict=True))
        weights = np.array([1 / size[name] for name in self.files[rows]])
        return np.asarray(weights * len(weights) / weights.sum())


def load(folder: Path) -> Data:
    rows, y, files, documents, contradicted = [], [], [], [], []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            document = text_of(whole_text(row["document"]))
            parts = pieces(row["claim"], document)
            objection = objection_to(parts, document)
            values = features(row["claim"], parts, document, objected=objection is not None)
            rows.append([values[name] for name in FEATURES])
            contradicted.append(objection is not None and objection.contradicts)
            y.append(float(row["label"] == "supported"))
            files.append(path.stem.replace("-val", "").replace("-wiki", ""))
            # Files share documents with other spacing: their beginning tells them apart.
            start = "".join(row["document"].split())[:150]
            documents.append(int(hashlib.sha256(start.encode()).hexdigest()[:12], 16))
    return Data(
        np.array(rows), np.array(y), np.array(contradicted), np.array(files), np.array(documents)
    )


def fit(data: Data, rows: Any) -> tuple[Array, float]:
    """Return the weights for raw features, and the bias."""
    mean, spread = data.x[rows].mean(0), data.x[rows].std(0) + 1e-9
    model = LogisticRegression(C=STRENGTH, max_iter=1000)
    model.fit((data.x[rows] - mean) / spread, data.y[rows], sample_weight=data.weights(rows))
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - (weights * mean).sum())


def predict(data: Data, rows: Any, model: tuple[Array, float]) -> Array:
    weights, bias = model
    found = 1 / (1 + np.exp(-(data.x[rows] @ weights + bias)))
    objected = data.x[rows][:, FEATURES.index("objected")] > 0
    return np.asarray(np.where(objected, np.minimum(found, OBJECTED_AT_MOST), found))


def cross_validated(data: Data, seed: int) -> Array:
    documents, number = np.unique(data.documents, return_inverse=True)
    fold = np.random.RandomState(seed).permutation(len(documents))[number] % FOLDS
    predicted = np.zeros(len(data.y))
    for held_out in range(FOLDS):
        rows = fold == held_out
        predicted[rows] = predict(data, rows, fit(data, ~rows))
    return predicted


def left_out(data: Data) -> Array:
    """Return predictions for each file by a model that knows none of its documents."""
    predicted = np.zeros(len(data.y))
    for name in np.unique(data.files):
        rows = data.files == name
        known = ~rows & ~np.isin(data.documents, data.documents[rows])
        predicted[rows] = predict(data, rows, fit(data, known))
    return predicted


def calibration_error(predicted: Array, truth: Array, weights: Array | None = None) -> float:
    """Return the expected calibration error over ten bins of equal width."""
    weights = np.ones(len(truth)) if weights is None else weights
    which = np.minimum((predicted * BINS).astype(int), BINS - 1)
    gaps = [abs((weights * (predicted - truth))[which == number].sum()) for number in range(BINS)]
    return float(sum(gaps) / weights.sum())


def report(data: Data) -> None:
    runs = [cross_validated(data, seed) for seed in range(REPEATS)]
    alone = left_out(data)
    print(f"{'file':18}{'rows':>6}{'AUC':>7}{'ECE':>7}{'left out':>10}")
    aucs = []
    for name in np.unique(data.files):
        rows = data.files == name
        auc = float(np.mean([roc_auc_score(data.y[rows], run[rows]) for run in runs]))
        error = np.mean([calibration_error(run[rows], data.y[rows]) for run in runs])
        other = roc_auc_score(data.y[rows], alone[rows])
        print(f"{name:18}{rows.sum():6}{auc:7.3f}{error:7.3f}{other:10.3f}")
        aucs += [] if name in APART else [auc]
    rows = ~np.isin(data.files, list(APART))
    pooled = np.mean([calibration_error(run[rows], data.y[rows]) for run in runs])
    even = data.weights(rows)
    level = np.mean([calibration_error(run[rows], data.y[rows], even) for run in runs])
    print(f"mean AUC {np.mean(aucs):.3f}; ECE pooled {pooled:.3f}, files level {level:.3f}")
    against = data.contradicted
    print(
        f"contradicted: {against.sum()}, of which labelled supported: {data.y[against].sum():.0f}"
    )


def write(data: Data) -> None:
    weights, bias = fit(data, np.ones(len(data.y), bool))
    by_name = zip(("bias", *FEATURES), (bias, *weights), strict=True)
    write_weights("supported", {name: round(float(value), 3) for name, value in by_name})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("../shared/judge"))
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    options = parser.parse_args()
    data = load(options.folder)
    report(data)
    if options.write:
        write(data)


if __name__ == "__main__":
    main()
