"""A judge held against people's labels: pairs of a document and a claim, one a line.

A figure that cannot be had, such as an accuracy where only one label occurs, is None.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from summarizer.errors import InputError, UnreadableSource
from summarizer.evals.compare import LEVEL, SEED, Interval
from summarizer.evals.results import first_error

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

BINS = 10
"""Bins of equal width from 0 to 1: what calibration errors are usually given with."""

RESAMPLES = 1_000
"""Draws of the bootstrap: its ends then vary by about 5 % of the interval's width, and a
thousand pairs take a second."""


def _read_label(value: Any) -> bool:
    word = str(value).strip().lower().replace(" ", "_").replace("-", "_")
    if word not in LABELS:
        raise ValueError(f"{value!r} is neither supported nor unsupported")
    return LABELS[word]


def _named(names: str) -> Any:
    return Field(validation_alias=AliasChoices(*names.split()))


Text = Annotated[str, Field(pattern=r"\S")]
Row = TypeVar("Row", bound=BaseModel)


class LabelledPair(BaseModel):
    """A document, a claim, and whether people say that the one supports the other.

    Data sets have other names for them; the first that is there counts. ``line`` counts from 1;
    ``id`` is that of the row, or its line.
    """

    model_config = ConfigDict(frozen=True)

    line: int = 0
    id: Annotated[str, BeforeValidator(str)] = ""
    document: Text = _named("document article source premise context grounding text")
    claim: Text = _named("claim hypothesis sentence summary statement")
    supported: Annotated[bool, BeforeValidator(_read_label)] = _named(
        "label supported gold human annotation"
    )

    @property
    def row(self) -> dict[str, str]:
        """What is put to a judge."""
        return {"id": self.id, "document": self.document, "claim": self.claim}


class Point(NamedTuple):
    """One pair: the judge's probability that the document supports the claim, the label.

    ``taken`` is whether the judge, at its threshold, takes the claim for supported.
    """

    probability: float
    supported: bool
    taken: bool


Points = Sequence[Point]


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
    hint = 'A row is {"document": "…", "claim": "…", "label": "supported"}, all on one line.'
    pairs = tuple(
        pair.model_copy(update={"line": number, "id": pair.id or str(number)})
        for number, pair in read_rows(path, LabelledPair, hint)
    )
    if not pairs:
        raise InputError(f"{path} has no rows.", hint=hint)
    return pairs


def read_rows(path: Path, kind: type[Row], hint: str) -> Iterator[tuple[int, Row]]:
    """Yield the number of each line that has any text, and its row. Errors as ``load_pairs``."""
    for number, line in numbered_lines(path):
        try:
            yield number, kind.model_validate_json(line)
        except ValidationError as problem:
            raise InputError(f"{path}, line {number}: {first_error(problem)}.", hint) from None


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Return the lines of a file that have any text, with their numbers from 1."""
    try:
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as problem:
        raise UnreadableSource(
            f"Cannot read {path}: {problem.strerror or problem}.", hint="Give a file of JSON lines."
        ) from None
    # Only a newline ends a JSON line; other separators may stand inside its texts.
    lines = enumerate(content.split(b"\n"), start=1)
    return ((number, line) for number, line in lines if line.strip())


def score_judge(scored: Sequence[ScoredPair], threshold: float | None = None) -> JudgeScore:
    """Return how well a judge agrees with people, with intervals clustered by document.

    ``threshold`` is the least probability taken for supported; None for the judge's verdicts.
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
    """Return the threshold with the best balanced accuracy on the pairs of a ``source``.

    Raises:
        InputError: Only one label occurs among them.
    """
    threshold = best_threshold([each.point(None) for each in scored])
    if threshold is None:
        raise InputError(
            f"No threshold can be fitted on {source}: it needs claims of both labels.",
            hint="Fit on another file, or give --threshold.",
        )
    return threshold


def balanced_accuracy(points: Points) -> float | None:
    """Return the mean of the shares judged rightly among supported and unsupported claims."""
    supported = [point.taken for point in points if point.supported]
    unsupported = [not point.taken for point in points if not point.supported]
    if not supported or not unsupported:
        return None
    return (fmean(supported) + fmean(unsupported)) / 2


def roc_auc(points: Points) -> float | None:
    """Return how likely a supported claim has a higher probability than an unsupported one.

    Ties count half: the Mann-Whitney statistic, which is the area under the ROC curve
    (Hanley and McNeil 1982, "The meaning and use of the area under a ROC curve").
    """
    supported, unsupported = _split(points)
    if not supported or not unsupported:
        return None
    from scipy import stats

    ranks = stats.rankdata([*supported, *unsupported])[: len(supported)]
    least = len(supported) * (len(supported) + 1) / 2
    return float(ranks.sum() - least) / (len(supported) * len(unsupported))


def calibration_error(points: Points) -> float | None:
    """Return the expected calibration error: how far, on average, probability and truth differ.

    The mean over ``BINS`` bins of equal width, weighted by their pairs, of the difference
    between the mean probability and the share supported (Naeini et al. 2015).
    """
    edges = [number / BINS for number in range(1, BINS)]
    off = [0.0] * BINS
    for point in points:
        off[bisect_left(edges, point.probability)] += point.probability - point.supported
    return sum(map(abs, off)) / len(points) if points else None


def best_threshold(points: Points) -> float | None:
    """Return the threshold with the best balanced accuracy; None where one label is missing.

    It lies half-way between two probabilities that occur; of equally good ones it is the
    lowest. What was ``taken`` before is not looked at.
    """
    supported, unsupported = map(sorted, _split(points))
    if not supported or not unsupported:
        return None
    values = sorted({*supported, *unsupported})

    def accuracy(place: int) -> float:
        kept = 1 - bisect_left(supported, values[place]) / len(supported)
        return kept + bisect_left(unsupported, values[place]) / len(unsupported)

    best = max(range(len(values)), key=accuracy)
    before = values[best - 1] if best else 0.0
    middle = (before + values[best]) / 2
    # Between neighbouring floats there is nothing.
    return middle if middle > before else values[best]


def _split(points: Points) -> tuple[list[float], list[float]]:
    """Return the probabilities of the claims that are supported, and of those that are not."""
    supported = [point.probability for point in points if point.supported]
    return supported, [point.probability for point in points if not point.supported]


def clustered_intervals(
    clusters: Iterable[Points], figures: Mapping[str, Callable[[Points], float | None]]
) -> dict[str, Interval | None]:
    """Return the percentile bootstrap interval (95 %) of each figure.

    Whole clusters, the pairs of one document, are drawn with replacement, since claims about
    one document are right and wrong together (Field and Welsh 2007, "Bootstrapping clustered
    data"). Draws in which a figure cannot be had are left out; below two clusters there is no
    interval.
    """
    listed = list(clusters)
    if len(listed) < 2:
        return dict.fromkeys(figures)
    import numpy as np

    draws = np.random.default_rng(SEED).integers(len(listed), size=(RESAMPLES, len(listed)))
    values: dict[str, list[float]] = {name: [] for name in figures}
    for draw in draws:
        points = list(chain.from_iterable(listed[place] for place in draw))
        for name, figure in figures.items():
            if (value := figure(points)) is not None:
                values[name].append(value)
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    return {
        name: Interval(*map(float, np.quantile(each, ends))) if len(each) > 1 else None
        for name, each in values.items()
    }


FIGURES = {
    "balanced_accuracy": balanced_accuracy,
    "roc_auc": roc_auc,
    "calibration_error": calibration_error,
}
"""What says how well a judge agrees with people, by name."""
