"""Contradictions that can be proved from the words alone: figures, dates and denials.

A check speaks only where a sentence of the document is plainly about what the claim says;
else it keeps silent, since two different quantities do not contradict each other.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import timedelta

from summarizer.compare.judges.document import Document
from summarizer.compare.judges.features import Piece
from summarizer.document import Reading
from summarizer.text.dates import DateMention, same_date
from summarizer.text.denials import denials
from summarizer.text.figures import Figure, FigureKind, compatible, same_quantity
from summarizer.text.names import Name, same_key
from summarizer.text.words import Word

SAME_SUBJECT = 0.3
"""Share of the claim's content stems that a sentence must have to be looked at."""

SAME_STATEMENT = 0.8
"""The same where the sentences are taken to differ in nothing but a denial or a date."""

SHORTEST = 4
"""Content stems a claim must have: fewer agree by chance."""

COMPARED = frozenset({FigureKind.COUNT, FigureKind.MONEY, FigureKind.PERCENT, FigureKind.AGE})
"""Kinds of figures whose disagreement is one of substance and not of wording."""

SAME_COUNT = 0.5
"""Share of the words around two counts of one noun that must agree."""

SAME_AMOUNT = 0.7
"""The same for money and percentages, which name no noun and may be of anything."""

BESIDE = 3
"""Code points between a name and the age of its bearer, at most: "Brandt, 33"."""

_WEEK = timedelta(days=7)
_UNTIL = re.compile(r"\b(?:until|till)\b")
_NO_DENIAL = frozenset({"more", "less", "fewer", "later", "only", "just", "least"})
"""Words before which a denial denies nothing: "no more than", "not only"."""


def contradicting_sentence(part: Piece, document: Document) -> int | None:
    """Return the number of a sentence that contradicts this sentence of a claim, if any."""
    about = same_subject(part, document)
    for number in about:
        other = document.readings[number]
        if _figures_differ(part.reading, other, document):
            return number
        if _share(part, document, number) >= SAME_STATEMENT and (
            _denial_differs(part.reading, other)
            or (_dates_differ(part.reading, other) and not _is_dated(part, about, document))
        ):
            return number
    return None


def same_subject(part: Piece, document: Document) -> list[int]:
    """Return the sentences about the same subject, the closest first."""
    if len(part.weights) < SHORTEST:
        return []
    counts: dict[int, int] = {}
    for stem in part.weights:
        for number in document.found_in.get(stem, ()):
            counts[number] = counts.get(number, 0) + 1
    least = SAME_SUBJECT * len(part.weights)
    return sorted((n for n, c in counts.items() if c >= least), key=lambda n: -counts[n])


def _share(part: Piece, document: Document, number: int) -> float:
    """Return the share of the claim's stems that the sentence has, words of dates left out."""
    dated = {
        word.stem
        for word in part.reading.content
        for mention in part.reading.dates
        if mention.start <= word.start < mention.end
    }
    stems = part.weights.keys() - dated
    return len(stems & document.stems[number]) / max(len(stems), 1)


def _figures_differ(claim: Reading, other: Reading, document: Document) -> bool:
    """Return whether both name one quantity and no wording of the document allows the claim's."""
    return any(
        _same_subject(figure, claim, other)
        and any(_differs(figure, theirs) for theirs in other.figures)
        and not any(compatible(figure, theirs) for theirs in document.figures)
        for figure in claim.figures
        if figure.kind in COMPARED
    )


def _differs(a: Figure, b: Figure) -> bool:
    context = SAME_COUNT if a.kind is FigureKind.COUNT else SAME_AMOUNT
    return same_quantity(a, b, context) and not compatible(a, b)


def _same_subject(figure: Figure, claim: Reading, other: Reading) -> bool:
    """Return whether the sentence has a name of the claim, if the claim has any.

    Where it has none, it may well be about somebody else. An age is of one person, whose
    name stands beside it.
    """
    if figure.kind is FigureKind.AGE:
        beside = [n.key for n in claim.names if _beside(n, figure)]
        return _shares_name(beside, other)
    sure = [name.key for name in claim.names if name.sure]
    return not sure or _shares_name(sure, other)


def _beside(name: Name, figure: Figure) -> bool:
    return 0 <= figure.start - name.end <= BESIDE or 0 <= name.start - figure.end <= BESIDE


def _shares_name(keys: list[tuple[str, ...]], other: Reading) -> bool:
    return any(same_key(key, theirs.key) for key in keys for theirs in other.names)


def _dates_differ(claim: Reading, other: Reading) -> bool:
    return (
        len(claim.dates) == 1
        and len(other.dates) == 1
        and _precise(claim.dates[0])
        and _precise(other.dates[0])
        and not may_be_one(claim.dates[0], other.dates[0])
    )


def _is_dated(part: Piece, about: Sequence[int], document: Document) -> bool:
    """Return whether another sentence on the same subject has the date of a claim."""
    return any(
        may_be_one(part.reading.dates[0], theirs)
        for number in about
        for theirs in document.readings[number].dates
    )


def may_be_one(a: DateMention, b: DateMention) -> bool:
    """Return whether two mentions can be one date; a weekday may be of the week before or after."""
    if same_date(a, b) is not False:
        return True
    near = a.first and b.first and abs(a.first - b.first) <= _WEEK
    return bool(near and a.weekday == b.weekday is not None and (_names_day(a) or _names_day(b)))


def _names_day(mention: DateMention) -> bool:
    return any(day in mention.text for day in calendar.day_name)


def _precise(mention: DateMention) -> bool:
    """Return whether a mention names a day, a weekday or a year, not "last week"."""
    return mention.weekday is not None or mention.day is not None or mention.text[-4:].isdigit()


def _denial_differs(claim: Reading, other: Reading) -> bool:
    """Return whether just one of the two denies, and denies what the other has too."""
    if bool(claim.negations) == bool(other.negations):
        return False
    if _UNTIL.search(claim.text) or _UNTIL.search(other.text):
        # "Not found until Friday" says that it was found.
        return False
    denying, affirming = (claim, other) if claim.negations else (other, claim)
    if denials(affirming.text, affirming.words):
        return False
    shared = len(claim.stems & other.stems)
    return shared >= SAME_STATEMENT * max(len(claim.stems), len(other.stems)) - 1 and all(
        _denied(denying, cue) in affirming.stems for cue in denying.negations
    )


def _denied(reading: Reading, cue: Word) -> str:
    """Return the content word that follows a denial: what is denied, more often than not."""
    after = [word for word in reading.words if word.start >= cue.end]
    if after and after[0].text.lower() in _NO_DENIAL:
        return ""
    return next((word.stem for word in after if not word.stop), "")
