"""The checks of figures and dates: does the passage that says the rest have this one?"""

from __future__ import annotations

import re

from summarizer.compare.judges.checks import may_be_one
from summarizer.compare.judges.document import Document
from summarizer.compare.judges.features import Piece
from summarizer.compare.judges.objections.grounds import Grounds, Objection, is_copied
from summarizer.text.dates import DateMention, same_date
from summarizer.text.figures import Figure, FigureKind, compatible, same_noun
from summarizer.text.words import fold

MISPLACED = 0.45
"""How much more of the rest of the claim a sentence without the figure must say than any that
has it."""

SAID = 0.5
"""Share of the rest of the claim that a sentence must say to be held against its figure."""

COUNTED_OUT = 3
"""Counts up to this one are often made by the reader: "two of them" of a list of two."""

FARTHEST = 100
"""Figures further apart than this, as a ratio, do not stand for one another."""

DERIVED = frozenset({FigureKind.DURATION, FigureKind.TIME, FigureKind.MEASURE})
"""Kinds that a reader works out, or words otherwise: "at twenty to three", "five years late"."""

MEASURED = frozenset(FigureKind) - {FigureKind.ORDINAL, FigureKind.SCORE}
"""Kinds that are checked: "the third" and "2-1" are told in too many other words."""


def wrong_figure(part: Piece, document: Document) -> Objection | None:
    """Object where no passage that says the rest of a claim has its figure."""
    for figure in part.reading.figures:
        if figure.kind not in MEASURED or (figure.kind is FigureKind.COUNT and figure.high <= 1):
            continue
        grounds = Grounds(part, document, figure.start, figure.end)
        if grounds.best < SAID or is_copied(part, document, figure.start, figure.end):
            continue
        having = [n for n in range(len(document.sentences)) if _has_figure(figure, n, document)]
        small = figure.kind in DERIVED or (
            figure.kind is FigureKind.COUNT and figure.high <= COUNTED_OUT
        )
        against = grounds.leading[0]
        others = [f for f in document.readings[against].figures if _is_rival(f, figure, part)]
        if not having and (others or not small):
            reason = f"no figure of the article is {figure.text}"
            return Objection(check="figure", reason=reason, sentence=against)
        beside = {n + step for n in having for step in (-1, 0, 1)} & set(
            range(len(document.sentences))
        )
        if others and grounds.best - grounds.most(beside) >= MISPLACED:
            reason = f"the passage that says the rest has {others[0].text}, not {figure.text}"
            return Objection(check="figure", reason=reason, sentence=against)
    return None


def _has_figure(figure: Figure, number: int, document: Document) -> bool:
    reading = document.readings[number]
    as_written = rf"(?<![\w.,]){re.escape(fold(figure.text))}(?!\w|[.,]\d)"
    return any(compatible(figure, other) for other in reading.figures) or (
        re.search(as_written, fold(reading.text)) is not None
    )


def _is_rival(other: Figure, figure: Figure, part: Piece) -> bool:
    """Return whether a figure could stand in the place of the claim's, and the claim lacks it."""
    return (
        other.kind is figure.kind
        and other.unit == figure.unit
        and (figure.kind is not FigureKind.COUNT or not other.noun or same_noun(other, figure))
        and max(other.high, figure.high) <= FARTHEST * min(other.high, figure.high)
        and not any(compatible(other, own) for own in part.reading.figures)
    )


def wrong_date(part: Piece, document: Document) -> Objection | None:
    """Object where no passage that says the rest of a claim has its date."""
    for mention in part.reading.dates:
        grounds = Grounds(part, document, mention.start, mention.end)
        if grounds.best < SAID or _is_publication(mention, document):
            continue
        having = [n for n in range(len(document.sentences)) if _has_date(mention, n, document)]
        against = grounds.leading[0]
        if not having:
            reason = f"no date of the article is {mention.text}"
            return Objection(check="date", reason=reason, sentence=against)
        others = [
            date
            for date in document.readings[against].dates
            if not any(may_be_one(date, own) for own in part.reading.dates)
        ]
        if others and grounds.best - grounds.most(having) >= MISPLACED:
            reason = f"the passage that says the rest has {others[0].text}, not {mention.text}"
            return Objection(check="date", reason=reason, sentence=against)
    return None


def _has_date(mention: DateMention, number: int, document: Document) -> bool:
    """Return whether a sentence has a date, or may have one that cannot be placed."""
    reading = document.readings[number]
    placed = mention.first is not None
    return any(
        may_be_one(mention, other) and not (placed and same_date(mention, other) is None)
        for other in reading.dates
    ) or fold(mention.text) in fold(reading.text)


def _is_publication(mention: DateMention, document: Document) -> bool:
    """Return whether a date may be the day on which the article appeared, or before."""
    first, last, day = mention.first, mention.last, document.published
    return bool(first and last and day and first <= day <= last)
