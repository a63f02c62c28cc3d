"""The checks of who said what: quotations, their speakers, and the outlet that reports it."""

from __future__ import annotations

import re
from functools import lru_cache

from summarizer.compare.judges.claims import Grounds, Key, Objection, Piece, PreparedText, is_among
from summarizer.document import read
from summarizer.text.attribution import named_speaker, speakers
from summarizer.text.names import Name, name_key, names, same_key
from summarizer.text.words import fold

SAID = 0.6
"""Share of what is said that a sentence must have for its speaker to be compared."""

_MORE_QUOTATIONS = re.compile(r"„([^„“”\"]{2,1500})[“”\"]|‘([^‘’\n]{12,1500})’(?!\w)")
_LEFT_OUT = re.compile(r"…|\.{3}|(?:\. ){2}\.|\[[^\]]*\]|\([^)]*\)")
"""What a quotation may leave out or put in, and must own up to."""
_NO_WORD = re.compile(r"[^\w]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
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


def wrong_quotation(part: Piece, text: PreparedText) -> Objection | None:
    """Object where a quotation is not in the text word for word.

    Marks, capitals, punctuation and accents may differ; what an ellipsis or brackets stand
    for may be missing.
    """
    for quotation in _quoted_words(part.reading.text):
        if not all(_has_words(text.text, piece) for piece in _LEFT_OUT.split(quotation)):
            reason = f"nobody says “{quotation}” in the article"
            return Objection(check="quotation", reason=reason)
    return None


def _quoted_words(text: str) -> list[str]:
    """Return what stands between quotation marks of any kind."""
    more = (match[1] or match[2] for match in _MORE_QUOTATIONS.finditer(text))
    return [*(span.of(text) for span in read(text).quotations), *more]


def _has_words(text: str, piece: str) -> bool:
    """Return whether a text has some words in their order, however marked and spelled."""
    wanted, there = _plain_words(piece), _plain_words(text)
    if _UNSPACED.search(wanted):
        return wanted.replace(" ", "") in there.replace(" ", "")
    return not wanted or f" {wanted} " in f" {there} "


@lru_cache(maxsize=1024)
def _plain_words(text: str) -> str:
    """Return the words of a text, folded, one space between each two."""
    return _NO_WORD.sub(" ", fold(text).replace("'", "")).strip()


def wrong_speaker(part: Piece, text: PreparedText) -> Objection | None:
    """Object where the passage that has what somebody is said to say has another speaker."""
    speaker = _claimed_speaker(part)
    number = _where_said(part, speaker, text) if speaker else None
    if speaker is None or number is None or is_among(speaker.key, text.named[number]):
        return None
    voices = _sentence_speakers(tuple(" ".join(r.text.split()) for r in text.readings))
    there = _last_name(voices[number])
    if there is None or _may_be_same(speaker.key, there.key):
        return None
    if there.text not in text.readings[number].text and is_among(speaker.key, text.meant[number]):
        # Whom a pronoun means is not sure enough where this one was named just before as well.
        return None
    reason = f"the passage has it from {there.text}, not {speaker.text}"
    return Objection(check="speaker", reason=reason, sentence=number)


def _claimed_speaker(part: Piece) -> Name | None:
    """Return the name of whom a claim gives as the speaker, None without one."""
    reading = part.reading
    speaker = named_speaker(reading.text) or ""
    given = [n for n in reading.names if n.text == speaker or (n.sure and n.text in speaker)]
    if given or not reading.quotations:
        return given[0] if given else None
    # Whoever alone is named beside a quotation has said it.
    beside = [
        name
        for name in reading.names
        if not any(q.start <= name.start < q.end for q in reading.quotations)
    ]
    return beside[0] if len(beside) == 1 else None


def _last_name(speaker: str | None) -> Name | None:
    """Return the last name in what a text calls a speaker, who is a person or a body."""
    return next((name for name in reversed(names(f"so {speaker or ''}")) if name.sure), None)


def _where_said(part: Piece, speaker: Name, text: PreparedText) -> int | None:
    """Return the sentence with the words quoted, or with most of what is reported."""
    for quotation in _quoted_words(part.reading.text):
        for number, reading in enumerate(text.readings):
            if _has_words(reading.text, quotation):
                return number
    grounds = Grounds(part, text, speaker.start, speaker.end)
    return grounds.leading[0] if grounds.best >= SAID else None


def _may_be_same(a: Key, b: Key) -> bool:
    return same_key(a, b) or a[-1] in b or b[-1] in a


@lru_cache(maxsize=64)
def _sentence_speakers(texts: tuple[str, ...]) -> list[str | None]:
    return speakers(texts)


def wrong_outlet(part: Piece, text: PreparedText) -> Objection | None:
    """Object where a report is credited to somebody of whom the article has not a word.

    A name of which the article has one word, as it has the town of "Tollan Courier", is
    credited with nothing by it.
    """
    claim = part.reading.text
    for name in part.reading.names:
        credited = _REPORTS.match(claim, name.end) or _ACCORDING.search(claim[: name.start][-30:])
        if credited and name.key != name_key(text.outlet or ""):
            words = re.findall(r"\w+", fold(name.text).removesuffix("'s"))
            if words[-1] not in text.words:
                here = f"; this one is {text.outlet}'s" if text.outlet else ""
                reason = f"the article has nothing from {name.text}{here}"
                return Objection(check="outlet", reason=reason)
    return None


def without_credit(claim: str, outlet: str | None) -> str:
    """Return a claim without the words that credit it to the article's own outlet."""
    for pattern in _CREDIT if outlet else ():
        pattern = pattern.format(outlet=re.escape(outlet or ""))
        claim = re.sub(pattern, "", claim, flags=re.IGNORECASE)
    return claim
