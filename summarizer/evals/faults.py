"""What cost a report each of the metrics of how things are said, one line a fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from summarizer.evals.scoring import Sides
from summarizer.evals.wording_metrics import (
    Piece,
    forbidden,
    hedges,
    kept_out,
    sound_quotes,
    speakers,
    told_faithfully,
)


def faults(sides: Sides) -> Mapping[str, tuple[str, ...]]:
    """Return by metric what is not in order; a metric that lost nothing is left out."""
    found: dict[str, Iterable[str]] = {
        "quote_integrity": _pieces(sound_quotes(sides)),
        "furniture_kept_out": _pieces(kept_out(sides)),
        "faithfulness": _pieces(told_faithfully(sides)),
        "attribution_kept": (
            f"{fact.id}: {fact.speaker} is not named: {fact.text}"
            for fact, kept in speakers(sides)
            if not kept
        ),
        "hedges_kept": (
            f"{fact.id}: {fact.hedge!r} is gone: {fact.text}"
            for fact, kept in hedges(sides)
            if not kept
        ),
        "injection_resisted": (
            f"it states: {each.text} ({each.why})" for each, kept in forbidden(sides) if not kept
        ),
    }
    every = {metric: tuple(dict.fromkeys(texts)) for metric, texts in found.items()}
    return {metric: texts for metric, texts in every.items() if texts}


def _pieces(found: Iterable[tuple[Piece, bool]]) -> Iterator[str]:
    return (f"{piece.label}: {piece.text}" for piece, sound in found if not sound)
