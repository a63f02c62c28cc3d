"""What speaks against a claim, detail by detail, whatever the model of the words says.

A claim with one wrong name has all the words of a true one but one, so no share of common
words can tell. Each check looks at one sort of detail; the first that objects is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from summarizer.compare.details import (
    has_date,
    has_figure,
    has_words,
    is_other_day,
    quoted_words,
)
from summarizer.compare.judges.names import SAID, misplaced_name, unknown_name
from summarizer.compare.negation import CONTRADICTED_FROM, wrong_denial
from summarizer.compare.texts import Grounds, Key, Objection, Piece, Text, is_among, is_copied
from summarizer.text.attribution import named_speaker, speakers
from summarizer.text.figures import Figure, FigureKind, compatible, same_noun
from summarizer.text.names import Name, name_key, names, same_key
from summarizer.text.words import fold

REPEATED = 0.6
"""Share of what is said that a sentence must have for its speaker to be compared."""

MISPLACED = 0.45
"""How much more of the rest of the claim a sentence without the detail must say than any that
has it."""

FARTHEST = 100
"""Figures further apart than this, as a ratio, do not stand for one another."""

WORKED_OUT = frozenset({FigureKind.DURATION, FigureKind.TIME, FigureKind.MEASURE})
"""Kinds that a reader works out, or words otherwise: "at twenty to three", "five years late"."""

UNCHECKED = frozenset({FigureKind.ORDINAL, FigureKind.SCORE})
"""Kinds that are told in too many other words: "the third" and "2-1"."""

_LEFT_OUT = re.compile(r"…|\.{3}|(?:\. ){2}\.|\[[^\]]*\]|\([^)]*\)")
"""What a quotation may leave out or put in, and must own up to."""
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


def objection_to(parts: Sequence[Piece], text: Text) -> Objection | None:
    """Return the first objection to a claim, given as its sentences; None without one.

    The surest checks come first. Who speaks, whether a name is misplaced, and whether the text
    contradicts the claim is asked of a claim of one sentence only: of several, one leans on the
    others for whom and what it means.
    """
    checks = [wrong_quotation, wrong_outlet, wrong_figure, wrong_date, unknown_name, wrong_denial]
    if len(parts) == 1:
        checks += [wrong_speaker, misplaced_name]
    objections = (check(part, text) for check in checks for part in parts)
    first = next(filter(None, objections), None)
    return replace(first, contradicts=False) if first and len(parts) > 1 else first


def wrong_figure(part: Piece, text: Text) -> Objection | None:
    """Object where no passage that says the rest of a claim has its figure."""
    for figure in part.reading.figures:
        if not _is_checked(figure) or is_copied(part, text, figure.start, figure.end):
            continue
        grounds = Grounds(part, text, figure.start, figure.end)
        having = [n for n, r in enumerate(text.readings) if has_figure(r, figure, part.reading)]
        rivals = [
            other.text
            for number in grounds.leading[:1]
            for other in text.readings[number].figures
            if _is_rival(other, figure, part)
        ]
        if having or rivals or figure.kind not in WORKED_OUT:
            objection = _placing_objection("figure", figure.text, grounds, having, rivals)
            if objection:
                return objection
    return None


def wrong_date(part: Piece, text: Text) -> Objection | None:
    """Object where no passage that says the rest of a claim has its date."""
    for mention in part.reading.dates:
        grounds = Grounds(part, text, mention.start, mention.end)
        having = [n for n, reading in enumerate(text.readings) if has_date(reading, mention)]
        rivals = [
            other.text
            for number in grounds.leading[:1]
            for other in text.readings[number].dates
            if all(is_other_day(other, own) for own in part.reading.dates)
        ]
        objection = _placing_objection("date", mention.text, grounds, having, rivals)
        if objection:
            return objection
    return None


def _placing_objection(
    check: str, detail: str, grounds: Grounds, having: Sequence[int], rivals: Sequence[str]
) -> Objection | None:
    """Object where the text has a detail nowhere, or another one in the passage of the rest."""
    if grounds.best < SAID:
        return None
    if not having:
        reason = f"no {check} of the article is {detail}"
    elif rivals and grounds.best - grounds.most(having) >= MISPLACED:
        reason = f"the passage that says the rest has {rivals[0]}, not {detail}"
    else:
        return None
    contradicts = bool(rivals) and grounds.best >= CONTRADICTED_FROM and not having
    against = grounds.leading[0]
    return Objection(check=check, reason=reason, sentence=against, contradicts=contradicts)


def _is_checked(figure: Figure) -> bool:
    """Return whether a figure is held against others; "one" counts less often than it refers."""
    return figure.kind not in UNCHECKED and (figure.kind is not FigureKind.COUNT or figure.high > 1)


def _is_rival(other: Figure, figure: Figure, part: Piece) -> bool:
    """Return whether a figure could stand in the place of the claim's, and the claim lacks it."""
    return (
        other.kind is figure.kind
        and _is_checked(other)
        and other.unit == figure.unit
        and (figure.kind is not FigureKind.COUNT or not other.noun or same_noun(other, figure))
        and max(other.high, figure.high) <= FARTHEST * min(other.high, figure.high)
        and not any(compatible(other, own) for own in part.reading.figures)
    )


def wrong_quotation(part: Piece, text: Text) -> Objection | None:
    """Object where a quotation is not in the text word for word.

    Marks, capitals, punctuation and accents may differ; what an ellipsis or brackets stand
    for may be missing.
    """
    for quotation in quoted_words(part.reading.text):
        if not all(has_words(text.whole, piece) for piece in _LEFT_OUT.split(quotation)):
            reason = f"nobody says “{quotation}” in the article"
            return Objection(check="quotation", reason=reason)
    return None


def wrong_speaker(part: Piece, text: Text) -> Objection | None:
    """Object where the passage that has what somebody is said to say has another speaker."""
    speaker = _claimed_speaker(part)
    number = _where_said(part, speaker, text) if speaker else None
    if speaker is None or number is None or is_among(speaker.key, text.named[number]):
        return None
    voices = _sentence_speakers(tuple(" ".join(r.text.split()) for r in text.readings))
    there = _last_name(voices[number])
    if there is None or _may_be_same(speaker.key, there.key):
        return None
    reason = f"the passage has it from {there.text}, not {speaker.text}"
    return Objection(check="speaker", reason=reason, sentence=number)


def _claimed_speaker(part: Piece) -> Name | None:
    """Return the name of whom a claim gives as the speaker, None without one."""
    reading = part.reading
    speaker = named_speaker(reading.text) or ""
    given = [n for n in reading.names if n.text == speaker or (n.sure and n.text in speaker)]
    return given[0] if given else None


def _last_name(speaker: str | None) -> Name | None:
    """Return the last name in what a text calls a speaker, who is a person or a body."""
    return next((name for name in reversed(names(f"so {speaker or ''}")) if name.sure), None)


def _where_said(part: Piece, speaker: Name, text: Text) -> int | None:
    """Return the sentence with the words quoted, or with most of what is reported."""
    for quotation in quoted_words(part.reading.text):
        for number, reading in enumerate(text.readings):
            if has_words(reading.text, quotation):
                return number
    grounds = Grounds(part, text, speaker.start, speaker.end)
    return grounds.leading[0] if grounds.best >= REPEATED else None


def _may_be_same(a: Key, b: Key) -> bool:
    return same_key(a, b) or a[-1] in b or b[-1] in a


@lru_cache(maxsize=64)
def _sentence_speakers(texts: tuple[str, ...]) -> list[str | None]:
    return speakers(texts)


def wrong_outlet(part: Piece, text: Text) -> Objection | None:
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
