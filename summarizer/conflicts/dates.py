"""Different days for one event."""

from __future__ import annotations

from collections.abc import Iterator

from summarizer.conflicts.side import Difference, Pair, Side
from summarizer.text.clauses import clauses
from summarizer.text.dates import DateMention, same_date
from summarizer.text.passage import Reading
from summarizer.text.thesaurus import group_of
from summarizer.types import ConflictKind, Span

DATED_FROM = 0.4
"""Only sentences this likely to report one thing are compared for their days."""

SHARED_WORDS = 2
"""So many content words must stand beside both days for them to date one event."""

REACH = 6
"""A day belongs to the words within so many words of it."""


def date_differences(pair: Pair) -> Iterator[Difference]:
    """Yield days that differ and stand beside the same content words in both sentences."""
    if pair.probability < DATED_FROM:
        return
    left, right = _days(pair.a.reading), _days(pair.b.reading)
    if any(same_date(a, b) for a in left for b in right):
        return
    for a in left:
        for b in right:
            beside = _beside(pair.a.reading, a) & _beside(pair.b.reading, b)
            if len(beside) >= SHARED_WORDS and same_date(a, b) is False:
                yield Difference(
                    kind=ConflictKind.DATE,
                    a=Side(pair.here, a.text),
                    b=Side(pair.there, b.text),
                    strength=pair.probability,
                )


def _days(reading: Reading) -> list[DateMention]:
    """Return the mentions that name one day."""
    return [d for d in reading.dates if d.weekday is not None or (d.month and d.day)]


def _beside(reading: Reading, day: DateMention) -> frozenset[str]:
    """Return the groups of the content words near a day in its clause, without names."""
    clause = next(
        span
        for span in clauses(reading.text, Span(0, len(reading.text)))
        if span.start <= day.start < span.end
    )
    words = [
        word
        for word in reading.words
        if clause.start <= word.start < clause.end
        and (word.end <= day.start or word.start >= day.end)
    ]
    before = [word for word in words if word.end <= day.start][-REACH:]
    after = [word for word in words if word.start >= day.end][:REACH]
    return frozenset(
        group_of(word.stem)
        for word in (*before, *after)
        if not word.stop and word.text.islower() and not word.stem.isdigit()
    )
