"""What the lexical judge looks at: one number for each way a claim can rest on a document.

A claim of several sentences is read sentence by sentence. A feature is the mean over its
sentences, each weighing as many words as it has, or that of the worst sentence: a claim
is only supported when all of it is.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from summarizer.compare.judges.document import Document, ngrams, split
from summarizer.document import Reading, read
from summarizer.text.dates import DateMention, same_date
from summarizer.text.figures import Figure, compatible, same_value
from summarizer.text.names import skeleton
from summarizer.text.words import fold

FEATURES: dict[str, str] = {
    "sentence": "worst: squared idf-weighted share of content words that the best sentence has",
    "near": "worst: share of neighbouring content words that stand near each other there",
    "far": "root of the mean share of neighbours that are there, but far from each other",
    "copied": "mean: share of the claim's runs of four words that the document has verbatim",
    "copied_worst": "worst: the same",
    "unseen": "mean: share of content words that the document has in no form",
    "unseen_weight": "mean: squared idf-weighted share of content words not there as such",
    "any_unseen": "whether any content word is not in the document",
    "any_name": "whether any name is not in the document",
    "figures": "mean: number of figures that are missing from the document",
    "figure_count": "mean: number of figures, right or wrong",
    "dates": "mean: number of dates that no date of the document can be",
    "denial": "mean: whether the claim denies something that its best sentence does not",
    "repeated": "mean: share of content words that the claim itself repeats",
    "objected": "whether a check of its details objects (``judges.objections``)",
    "uncased": "whether a claim longer than a clause has no capital letter, as raw machine output",
}
"""The features by name, in the order of ``features``; each with what it is."""

NEAR = 4
"""Content words between two that belong together, at most."""

FAR = 8
"""Content words from which on two have hardly to do with each other."""

LONGEST_FRAGMENT = 9
"""Words of a clause taken out of a sentence, at most: in lower case because it is a part."""

HALF_FOUND = 0.3
"""How much of a figure counts as missing when only its rounding or its digits are there."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One sentence of a claim against a document."""

    reading: Reading
    stems: tuple[str, ...]
    weights: dict[str, float]
    best: int | None


def pieces(claim: str, document: Document, published: date | None = None) -> tuple[Piece, ...]:
    """Return the sentences of a claim that hold content, each with its best sentence."""
    language = document.language
    readings = [read(span.of(claim), published, language) for span in split(claim)]
    telling = [reading for reading in readings if len(reading.content) > 1]
    chosen = telling or [read(claim, published, language)]
    return tuple(_piece(reading, document) for reading in chosen)


def _piece(reading: Reading, document: Document) -> Piece:
    spans = [(f.start, f.end) for f in reading.figures if _is_said(f, document)]
    # A weekday alone may be any, and its word is missed where it is not there.
    spans += [
        (mention.start, mention.end)
        for mention in reading.dates
        if re.search(r"\d", mention.text) and not _is_missing(mention, document)
    ]
    # Words of a figure or a date that the document has in another form are no words it lacks.
    stems = tuple(
        word.stem
        for word in reading.content
        if word.stem in document.places
        or not any(start <= word.start < end for start, end in spans)
    )
    count = len(document.sentences)
    weights = {
        stem: math.log(1 + count / (len(document.found_in.get(stem, ())) + 0.5)) for stem in stems
    }
    covers = _covers(weights, document)
    best = max(covers, key=lambda n: (covers[n], -n), default=None)
    return Piece(reading, stems, weights, best)


def _covers(weights: dict[str, float], document: Document) -> dict[int, float]:
    """Return for each sentence that has any of the stems the weight of those it has."""
    covers: dict[int, float] = {}
    for stem, weight in weights.items():
        for sentence in document.found_in.get(stem, ()):
            covers[sentence] = covers.get(sentence, 0.0) + weight
    return covers


def features(
    claim: str, parts: tuple[Piece, ...], document: Document, *, objected: bool
) -> dict[str, float]:
    """Return the features of a claim by name."""
    rows = [_piece_features(part, document) for part in parts]
    lengths = [max(len(part.stems), 1) for part in parts]
    mean = {
        name: sum(row[name] * n for row, n in zip(rows, lengths, strict=True)) / sum(lengths)
        for name in rows[0]
    }
    worst = {name: min(row[name] for row in rows) for name in ("sentence", "near", "copied")}
    values = mean | _whole_features(claim, parts, document)
    values |= {"sentence": worst["sentence"] ** 2, "near": worst["near"]}
    values |= {"copied_worst": worst["copied"], "far": math.sqrt(mean["far"])}
    values["objected"] = float(objected)
    return values


def _piece_features(part: Piece, document: Document) -> dict[str, float]:
    tokens = [fold(word.text) for word in part.reading.words]
    runs = list(ngrams(tokens))
    near, far = _neighbours(part.stems, document)
    total = math.fsum(part.weights.values()) or 1.0
    missing = {stem for stem in part.weights if stem not in document.places}
    hard = [stem for stem in missing if not document.knows(stem)]
    return {
        "sentence": best_cover(part, document) / total,
        "near": near,
        "far": far,
        "copied": sum(run in document.ngrams for run in runs) / max(len(runs), 1),
        "unseen": len(hard) / max(len(part.weights), 1),
        "unseen_weight": (math.fsum(part.weights[stem] for stem in missing) / total) ** 2,
        "figures": sum(_figure_missing(figure, document) for figure in part.reading.figures),
        "figure_count": len(part.reading.figures),
        "dates": sum(_is_missing(mention, document) for mention in part.reading.dates),
        "denial": _denial(part, document),
        "repeated": 1 - len(part.weights) / max(len(part.stems), 1),
    }


def _whole_features(claim: str, parts: tuple[Piece, ...], document: Document) -> dict[str, float]:
    missing = {s for part in parts for s in part.weights if s not in document.places}
    names = {stem for part in parts for stem in _name_stems(part, document)}
    return {
        "any_unseen": float(bool(missing)),
        "any_name": float(
            any(skeleton(stem) not in document.skeletons for stem in names & missing)
        ),
        "uncased": float(claim == claim.lower() and len(claim.split()) > LONGEST_FRAGMENT),
    }


def best_cover(part: Piece, document: Document) -> float:
    """Return the weight of a piece's words that its best sentence has."""
    if part.best is None:
        return 0.0
    return math.fsum(part.weights[stem] for stem in part.weights.keys() & document.stems[part.best])


def _neighbours(stems: tuple[str, ...], document: Document) -> tuple[float, float]:
    """Return the shares of neighbours that are near and that are far in the document."""
    near = far = 0
    for a, b in pairwise(stems):
        distance = _distance(document.places.get(a, ()), document.places.get(b, ()))
        if distance is not None:
            near += distance <= NEAR
            far += distance > FAR
    return near / max(len(stems) - 1, 1), far / max(len(stems) - 1, 1)


def _distance(a: tuple[int, ...], b: tuple[int, ...]) -> int | None:
    """Return the least distance of two sorted runs of places, None where one is empty."""
    i = j = 0
    least: int | None = None
    while i < len(a) and j < len(b):
        distance = abs(a[i] - b[j])
        least = distance if least is None else min(least, distance)
        if a[i] < b[j]:
            i += 1
        else:
            j += 1
    return least


def _name_stems(part: Piece, document: Document) -> set[str]:
    """Return the stems that are names by their capital, here or in the document."""
    return {
        word.stem
        for word in part.reading.content
        if word.stem in document.name_stems or (word.start > 0 and word.text[0].isupper())
    }


def _figure_missing(figure: Figure, document: Document) -> float:
    if _is_said(figure, document) or any(
        (figure.low, figure.high) == (other.low, other.high) for other in document.figures
    ):
        return 0.0
    half = any(compatible(figure, other) for other in document.figures)
    return HALF_FOUND if half or fold(figure.text) in document.folded else 1.0


def _is_said(figure: Figure, document: Document) -> bool:
    return any(same_value(figure, other) for other in document.figures)


def _is_missing(mention: DateMention, document: Document) -> bool:
    return not any(same_date(mention, other) for other in document.dates) and (
        fold(mention.text) not in document.folded
    )


def _denial(part: Piece, document: Document) -> float:
    there = part.best is not None and document.readings[part.best].negations
    return float(bool(part.reading.negations) and not there)
