"""The checks of who said what: quotations, their speakers, and the outlet that reports it."""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.compare.judges.document import Document
from summarizer.compare.judges.features import Piece
from summarizer.compare.judges.objections.grounds import Grounds, Objection
from summarizer.compare.judges.people import is_among
from summarizer.text.attribution import named_speaker, speakers
from summarizer.text.names import Name, name_key, names, same_key
from summarizer.text.sentences import quotations
from summarizer.text.words import fold

_MORE_QUOTATIONS = re.compile(r"„([^„“”\"]{2,1500})[“”\"]|‘([^‘’\n]{12,1500})’(?!\w)")
# What a quotation may leave out or put in, and must own up to.
_LEFT_OUT = re.compile(r"…|\.{3}|(?:\. ){2}\.|\[[^\]]*\]|\([^)]*\)")
_NO_WORD = re.compile(r"[^\w]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def wrong_quotation(part: Piece, document: Document) -> Objection | None:
    """Object where a quotation is not in the document word for word.

    Marks, capitals, punctuation and accents may differ; what an ellipsis or brackets stand
    for may be missing.
    """
    for quotation in quoted(part.reading.text):
        for piece in _LEFT_OUT.split(quotation):
            if not holds(document.text, piece):
                return Objection(
                    check="quotation", reason=f"nobody says “{quotation}” in the article"
                )
    return None


def quoted(text: str) -> list[str]:
    """Return what stands between quotation marks of any kind."""
    found = [span.of(text) for span in quotations(text)]
    return found + [match[1] or match[2] for match in _MORE_QUOTATIONS.finditer(text)]


def holds(text: str, piece: str) -> bool:
    """Return whether a text has some words in their order, however marked and spelled."""
    wanted, there = _plain(piece), _plain(text)
    if _UNSPACED.search(wanted):
        return wanted.replace(" ", "") in there.replace(" ", "")
    return not wanted or f" {wanted} " in f" {there} "


def _plain(text: str) -> str:
    """Return the words of a text, folded, one space between each two."""
    return _NO_WORD.sub(" ", fold(text).replace("'", "")).strip()


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


_REPORTS = re.compile(r"\s(?:reports|reported|writes|wrote|says|said|has learn(?:ed|t))\b")
_ACCORDING = re.compile(
    r"\b(?:according to|reported by|told|as seen by)\s(?:the\s)?$", re.IGNORECASE
)
_CREDIT = (
    r"^(?:the\s)?{outlet}\s(?:reports|reported|writes|wrote|says|said)(?:\sthat)?\s",
    r"^according to (?:the\s)?{outlet},?\s",
    r",?\s(?:according to (?:the\s)?{outlet}|(?:the\s)?{outlet}\s(?:reports|reported|writes|wrote))"
    r"(?=\.?$)",
)


def wrong_outlet(part: Piece, document: Document) -> Objection | None:
    """Object where a report is credited to somebody of whom the article has not a word.

    A name of which the article has one word, as it has the town of "Tollan Courier", is
    credited with nothing by it.
    """
    own = name_key(document.outlet or "")
    for name in part.reading.names:
        if name.key != own and _is_credited(name, part.reading.text):
            words = re.findall(r"\w+", fold(name.text).removesuffix("'s"))
            if words[-1] not in document.vocabulary:
                here = f"; this one is {document.outlet}'s" if document.outlet else ""
                reason = f"the article has nothing from {name.text}{here}"
                return Objection(check="outlet", reason=reason)
    return None


def without_credit(claim: str, outlet: str | None) -> str:
    """Return a claim without the words that credit it to the article's own outlet."""
    if not outlet:
        return claim
    for pattern in _CREDIT:
        claim = re.sub(pattern.format(outlet=re.escape(outlet)), "", claim, flags=re.IGNORECASE)
    return claim


def _is_credited(name: Name, text: str) -> bool:
    return bool(_REPORTS.match(text, name.end) or _ACCORDING.search(text[: name.start][-30:]))
