"""The check of speakers: was it this person who said so?"""

from __future__ import annotations

from functools import lru_cache

from summarizer.compare.judges.document import Document
from summarizer.compare.judges.features import Piece
from summarizer.compare.judges.objections.grounds import Grounds
from summarizer.compare.judges.objections.objection import Objection
from summarizer.compare.judges.objections.quotations import holds, quoted
from summarizer.compare.judges.people import is_among
from summarizer.text.attribution import named_speaker, speakers
from summarizer.text.names import Name, names, same_key

SAID = 0.6
"""Share of what is said that a sentence must have for its speaker to be compared."""


def wrong_speaker(part: Piece, document: Document) -> Objection | None:
    """Object where the passage that has what somebody is said to say has another speaker."""
    speaker = _speaker(part)
    if speaker is None:
        return None
    number = _where_said(part, speaker, document)
    if number is None or is_among(speaker.key, document.people.named[number]):
        return None
    there = _named(_speakers(tuple(" ".join(r.text.split()) for r in document.readings))[number])
    if there is None or _may_be_same(speaker.key, there.key):
        return None
    spoken = document.readings[number].text
    if there.text not in spoken and is_among(speaker.key, document.people.meant[number]):
        # Whom a pronoun means is not sure enough where this one was named just before as well.
        return None
    reason = f"the passage has it from {there.text}, not {speaker.text}"
    return Objection(check="speaker", reason=reason, sentence=number)


def _speaker(part: Piece) -> Name | None:
    """Return the name of whom a claim gives as the speaker, None without one."""
    reading = part.reading
    speaker = named_speaker(reading.text) or ""
    found = [n for n in reading.names if n.text == speaker or (n.sure and n.text in speaker)]
    if not found and reading.quotations:
        # Whoever alone is named beside a quotation has said it.
        found = [
            n
            for n in reading.names
            if not any(q.start <= n.start < q.end for q in reading.quotations)
        ]
        found = found if len(found) == 1 else []
    return found[0] if found else None


def _named(speaker: str | None) -> Name | None:
    """Return the last name in what a document calls a speaker, who is a person or a body."""
    found = [name for name in names(f"so {speaker}") if name.sure] if speaker else []
    return found[-1] if found else None


def _where_said(part: Piece, speaker: Name, document: Document) -> int | None:
    """Return the sentence with the words quoted, or with most of what is reported."""
    for quotation in quoted(part.reading.text):
        having = (n for n, r in enumerate(document.readings) if holds(r.text, quotation))
        if (number := next(having, None)) is not None:
            return number
    grounds = Grounds(part, document, speaker.start, speaker.end)
    return grounds.leading[0] if grounds.best >= SAID else None


def _may_be_same(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return same_key(a, b) or a[-1] in b or b[-1] in a


@lru_cache(maxsize=64)
def _speakers(texts: tuple[str, ...]) -> tuple[str | None, ...]:
    return tuple(speakers(list(texts)))
