"""A judge held against people's labels: pairs of a document and a claim, one a line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from summarizer.errors import InputError, UnreadableSource
from summarizer.evals.reliability import (
    Point,
    balanced_accuracy,
    best_threshold,
    calibration_error,
    clustered_intervals,
    roc_auc,
)
from summarizer.evals.statistics import Interval

DOCUMENT = ("document", "article", "source", "premise", "context", "grounding", "text")
CLAIM = ("claim", "hypothesis", "sentence", "summary", "statement")
LABEL = ("label", "supported", "gold", "human", "annotation")
"""The names under which data sets have a pair, and its label; the first that is there counts."""

_YES = (
    "supported supports support entailment entailed consistent faithful factual correct yes "
    "true 1 1.0"
)
_NO = (
    "unsupported contradicted contradiction refuted refutes neutral not_found not_enough_info "
    "not_supported not_entailment not_entailed inconsistent unfaithful hallucinated "
    "hallucination non_factual nonfactual not_factual incorrect no false 0 0.0"
)
LABELS: Mapping[str, bool] = dict.fromkeys(_YES.split(), True) | dict.fromkeys(_NO.split(), False)
"""What labels are called, and whether it means that the document supports the claim."""

FIGURES = {
    "balanced_accuracy": balanced_accuracy,
    "roc_auc": roc_auc,
    "calibration_error": calibration_error,
}

_HINT = 'A row is {"document": "…", "claim": "…", "label": "supported"}, all on one line.'


class LabelledPair(NamedTuple):
    """A document, a claim, and whether people say that the one supports the other.

    ``line`` counts from 1; ``id`` is that of the row, or its line.
    """

    line: int
    id: str
    document: str
    claim: str
    supported: bool

    @property
    def row(self) -> dict[str, str]:
        """What is put to a judge."""
        return {"id": self.id, "document": self.document, "claim": self.claim}


class ScoredPair(NamedTuple):
    """A labelled pair, the judge's probability of support, and whether its verdict is that."""

    pair: LabelledPair
    probability: float
    verdict: bool

    def point(self, threshold: float | None) -> Point:
        """Return it as figures count it: by the verdict where no threshold is given."""
        taken = self.verdict if threshold is None else self.probability >= threshold
        return Point(self.probability, self.pair.supported, taken)

    def row(self, threshold: float | None) -> dict[str, object]:
        """Return what is written of it: enough to compute every figure from."""
        return {
            "id": self.pair.id,
            "line": self.pair.line,
            "label": self.pair.supported,
            "probability": self.probability,
            "predicted": self.point(threshold).taken,
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and its bootstrap interval; None where it cannot be had."""

    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeScore:
    """How well a judge agrees with people. ``threshold`` is None for its own verdicts."""

    pairs: int
    documents: int
    supported: int
    threshold: float | None
    figures: Mapping[str, Figure]


def load_pairs(path: Path) -> tuple[LabelledPair, ...]:
    """Return the labelled pairs of a file of JSON lines.

    Raises:
        UnreadableSource: The file cannot be read.
        InputError: A row is no labelled pair, or there is none; the message names the line.
    """
    try:
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as problem:
        raise UnreadableSource(
            f"Cannot read {path}: {problem.strerror or problem}.", hint="Give a file of JSON lines."
        ) from None
    pairs = []
    # Only a newline ends a JSON line; other separators may stand inside its texts.
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            pairs += [_parse_pair(line, number)] if line.strip() else []
        except ValueError as problem:
            raise InputError(f"{path}, line {number}: {problem}.", hint=_HINT) from None
    if not pairs:
        raise InputError(f"{path} has no rows.", hint=_HINT)
    return tuple(pairs)


def score_judge(scored: Sequence[ScoredPair], threshold: float | None = None) -> JudgeScore:
    """Return how well a judge agrees with people, with intervals clustered by document.

    Args:
        scored: The pairs it has judged.
        threshold: The least probability taken for supported; None for the judge's verdicts.
    """
    clusters: dict[str, list[Point]] = {}
    for each in scored:
        clusters.setdefault(each.pair.document, []).append(each.point(threshold))
    points = [point for cluster in clusters.values() for point in cluster]
    intervals = clustered_intervals(clusters.values(), FIGURES)
    return JudgeScore(
        pairs=len(points),
        documents=len(clusters),
        supported=sum(point.supported for point in points),
        threshold=threshold,
        figures={name: Figure(figure(points), intervals[name]) for name, figure in FIGURES.items()},
    )


def fitted_threshold(scored: Sequence[ScoredPair], source: str) -> float:
    """Return the threshold with the best balanced accuracy on these pairs.

    Raises:
        InputError: Only one label occurs among them; the message names their ``source``.
    """
    threshold = best_threshold([each.point(None) for each in scored])
    if threshold is None:
        raise InputError(
            f"No threshold can be fitted on {source}: it needs claims of both labels.",
            hint="Fit on another file, or give --threshold.",
        )
    return threshold


def _parse_pair(line: bytes, number: int) -> LabelledPair:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"not JSON in UTF-8 ({problem})") from None
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    return LabelledPair(
        line=number,
        id=str(row.get("id", number)),
        document=_row_text(row, DOCUMENT),
        claim=_row_text(row, CLAIM),
        supported=_row_label(row),
    )


def _row_text(row: Mapping[str, Any], names: Sequence[str]) -> str:
    name = _column_name(row, names)
    value = row[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name!r} is no text")
    return value


def _row_label(row: Mapping[str, Any]) -> bool:
    name = _column_name(row, LABEL)
    word = str(row[name]).strip().lower().replace(" ", "_").replace("-", "_")
    if word not in LABELS:
        raise ValueError(f"{name!r} is {row[name]!r}, which is neither supported nor unsupported")
    return LABELS[word]


def _column_name(row: Mapping[str, Any], names: Sequence[str]) -> str:
    name = next((name for name in names if name in row), None)
    if name is None:
        raise ValueError(f"{names[0]!r} is missing")
    return name
