"""A judge put to the test: on people's labels, and on planted errors.

Both are JSON lines. A planted row is a sentence that an article supports, or the same with one
error put in by a rule (``tools/planting``).
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from summarizer.compare.judges import Judge
from summarizer.errors import AnswerIncomplete, InputError, UnreadableSource
from summarizer.evals.cases import CaseFolder
from summarizer.evals.compare import LEVEL, Interval
from summarizer.evals.labelled_report import Ratio, share
from summarizer.evals.metrics import FALSE_ALARMS
from summarizer.schemas import Wire, parse_lines
from summarizer.types import Article, Claim, Verdict

LABELS = {"supported": True, "unsupported": False, "contradicted": False, "not_found": False}
FAITHFUL = "faithful"  # the kind of a planted row without an error
LEFT_OUT = "left_out.txt"  # the file that names planted rows which read wrong, each with a reason
BINS = 10  # bins of equal width from 0 to 1: what calibration errors are usually given with
RESAMPLES = 1_000  # draws of the bootstrap: its ends vary by about 5 % of the interval's width
SEED = 20_240  # any number that stays, so that the same answers give the same interval


Text = Annotated[str, Field(pattern=r"\S")]
_KnownLabel = BeforeValidator(
    lambda label: LABELS.get(label, label) if isinstance(label, str) else label
)
Row = TypeVar("Row", bound=BaseModel)


class PairRow(RootModel[dict[str, Any]]):
    """A document and a claim, with whatever else the row has, in its order."""

    @model_validator(mode="after")
    def _has_texts(self) -> PairRow:
        wrong = [n for n in ("document", "claim") if not isinstance(self.root.get(n), str)]
        if wrong:
            raise ValueError(f"{wrong[0]!r} is not a text or is missing")
        return self


class LabelledPair(BaseModel):
    """A document, a claim, and whether people say that the one supports the other.

    ``line`` counts from 1; ``id`` is that of the row, or its line.
    """

    model_config = ConfigDict(frozen=True)

    line: int = 0
    id: Annotated[str, BeforeValidator(str)] = ""
    document: Text
    claim: Text
    supported: Annotated[bool, _KnownLabel, Field(alias="label")]

    @property
    def row(self) -> dict[str, str]:
        """What is put to a judge."""
        return {"document": self.document, "claim": self.claim}


class PlantedRow(Wire):
    """A sentence, the label of the article it is put to, and the row that its error is put into."""

    id: Text
    case: Text
    kind: Text
    article: Text
    claim: Text
    label: Literal["supported", "unsupported"]
    twin_of: str | None = None


def read_rows(path: Path, kind: type[Row], hint: str) -> Iterator[tuple[int, Row]]:
    """Yield the numbered rows of a file of JSON lines; ``-`` is standard input.

    An unreadable file is an UnreadableSource, a row of another kind an InputError with its line.
    """
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as problem:
        raise UnreadableSource(
            f"Cannot read {path}: {problem.strerror or problem}.", hint="Give a file of JSON lines."
        ) from None
    return parse_lines(content, kind, path, hint)


def load_pairs(path: Path) -> tuple[LabelledPair, ...]:
    """Return the labelled pairs of a file, of which there must be one. Errors are as above."""
    hint = 'A row is {"document": "…", "claim": "…", "label": "supported"}, all on one line.'
    pairs = tuple(
        pair.model_copy(update={"line": number, "id": pair.id or str(number)})
        for number, pair in read_rows(path, LabelledPair, hint)
    )
    if not pairs:
        raise InputError(f"{path} has no rows.", hint=hint)
    return pairs


class Point(NamedTuple):
    """A judge's probability that a document supports a claim, and what people and it decide."""

    probability: float
    supported: bool
    taken: bool
    document: str = ""


Points = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and its bootstrap interval; None where it cannot be had."""

    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeScore:
    """How well a judge agrees with people.

    ``threshold`` is the least probability taken for supported; None for the judge's own verdicts.
    """

    pairs: int
    documents: int
    supported: int
    threshold: float | None
    figures: Mapping[str, Figure]


def score_judge(points: Points, threshold: float | None = None) -> JudgeScore:
    """Return how well a judge agrees with people, with 95 % intervals of each figure.

    The intervals are percentiles of a bootstrap that draws whole documents with replacement, since
    claims about one document are right and wrong together (Field and Welsh 2007, "Bootstrapping
    clustered data"). One document has no interval.
    """
    clusters: dict[str, list[Point]] = {}
    for point in points:
        clusters.setdefault(point.document, []).append(point)
    intervals = _bootstrap_intervals(list(clusters.values()))
    return JudgeScore(
        pairs=len(points),
        documents=len(clusters),
        supported=sum(point.supported for point in points),
        threshold=threshold,
        figures={name: Figure(figure(points), intervals[name]) for name, figure in FIGURES.items()},
    )


def _bootstrap_intervals(clusters: Sequence[Points]) -> Mapping[str, Interval | None]:
    if len(clusters) < 2:
        return dict.fromkeys(FIGURES)
    import numpy as np

    values: dict[str, list[float]] = {name: [] for name in FIGURES}
    draws = np.random.default_rng(SEED).integers(len(clusters), size=(RESAMPLES, len(clusters)))
    for draw in draws:
        drawn = [point for place in draw for point in clusters[place]]
        for name, figure in FIGURES.items():
            if (value := figure(drawn)) is not None:
                values[name].append(value)
    ends = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    return {
        name: Interval(*map(float, np.quantile(each, ends))) if len(each) > 1 else None
        for name, each in values.items()
    }


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
    supported, unsupported = _probabilities_by_label(points)
    if not (supported and unsupported):
        return None
    from scipy import stats

    statistic = stats.mannwhitneyu(supported, unsupported).statistic
    return float(statistic) / (len(supported) * len(unsupported))


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


FIGURES: Mapping[str, Callable[[Points], float | None]] = {
    "balanced_accuracy": balanced_accuracy,
    "roc_auc": roc_auc,
    "calibration_error": calibration_error,
}
"""What says how well a judge agrees with people, by name; None where it cannot be had."""


def decided_at(point: Point, threshold: float | None) -> Point:
    """Return a point as a threshold decides, or as the judge did where there is none."""
    return point if threshold is None else point._replace(taken=point.probability >= threshold)


def fitted_threshold(points: Points, source: str) -> float:
    """Return the lowest threshold with the best balanced accuracy on the pairs of a ``source``.

    It lies half-way between two probabilities that occur. Only one label is an InputError.
    """
    supported, unsupported = _probabilities_by_label(points)
    if not supported or not unsupported:
        raise InputError(
            f"No threshold can be fitted on {source}: it needs claims of both labels.",
            hint="Fit on another file, or give --threshold.",
        )
    import numpy as np

    values = np.unique([*supported, *unsupported])
    missed = np.searchsorted(np.sort(supported), values) / len(supported)
    kept_out = np.searchsorted(np.sort(unsupported), values) / len(unsupported)
    best = int(np.argmax(kept_out - missed))
    before = float(values[best - 1]) if best else 0.0
    middle = (before + float(values[best])) / 2
    # Between neighbouring floats there is nothing.
    return middle if middle > before else float(values[best])


def _probabilities_by_label(points: Points) -> tuple[list[float], list[float]]:
    supported = [point.probability for point in points if point.supported]
    return supported, [point.probability for point in points if not point.supported]


def planted_claims(folder: Path, case: CaseFolder) -> list[tuple[Article, dict[Claim, list[str]]]]:
    """Return each article of a case with the sentences of ``CASE.jsonl`` on it, and their kinds.

    A sentence may be the faithful twin of several errors. A bad row is an InputError with its line.
    """
    path, again = folder / f"{case.name}.jsonl", 'Make the rows anew: "python -m tools.planting".'
    if not path.is_file():
        return []
    planted = {
        each.label: (each.article, dict[Claim, list[str]]()) for each in case.load().articles
    }
    left_out = _left_out_rows(folder / LEFT_OUT)
    for number, row in read_rows(path, PlantedRow, again):
        if row.article not in planted:
            wrong = f"{case.name} has no article {row.article!r}"
            raise InputError(f"{path}, line {number}: {wrong}.", again)
        if row.id not in left_out:
            # A summary is written for its article: the days it names are counted from that one's.
            article, kinds = planted[row.article]
            claim = Claim(article=article, text=row.claim, evidence=())
            kinds.setdefault(claim, []).append(row.kind)
    return [(article, kinds) for article, kinds in planted.values() if kinds]


def _left_out_rows(path: Path) -> set[str]:
    """Return the ids of the rows that are left out; each stands in a line before its reason."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {line.partition(" ")[0] for line in lines}


def try_judge(judge: Judge, case: CaseFolder, folder: Path) -> Mapping[str, Ratio]:
    """Return the shares of planted errors of one case that a judge caught, and of false alarms.

    An error is caught where the verdict is not "reported". A model is asked once for each article;
    a claim without a verdict is a ServiceError.
    """
    caught: dict[str, list[bool]] = {}
    for article, kinds in planted_claims(folder, case):
        judged = judge.judge(list(kinds), article)
        for of_claim, answer in zip(kinds.values(), judged.judgements, strict=True):
            if answer is None:
                raise AnswerIncomplete(f"there is no verdict on a claim put to {article.source}.")
            for kind in of_claim:
                name = FALSE_ALARMS if kind == FAITHFUL else kind
                caught.setdefault(name, []).append(answer.verdict is not Verdict.REPORTED)
    return {name: share(hits) for name, hits in caught.items()}


def add_up(parts: Iterable[Mapping[str, Ratio]]) -> dict[str, Ratio]:
    """Return ratios of several cases, added up by name."""
    total: dict[str, Ratio] = {}
    for name, ratio in (item for part in parts for item in part.items()):
        old = total.get(name, Ratio(0, 0))
        total[name] = Ratio(old.hits + ratio.hits, old.of + ratio.of)
    return total
