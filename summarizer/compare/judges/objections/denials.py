"""The check of denials: does the claim deny what the document affirms, or the reverse?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.compare.judges.document import Document, kin_of
from summarizer.compare.judges.features import Piece
from summarizer.compare.judges.objections.grounds import Grounds, Objection, is_copied
from summarizer.compare.judges.people import is_among
from summarizer.text.denials import Denial, denials, denied
from summarizer.text.words import Word

SAID = 0.4
"""Share of the rest of the claim that a sentence must say to be held against it."""

ALSO_SAID = 0.6
"""Share of the best cover from which another sentence may bear the claim out."""

OF_SCOPE = 0.5
"""Share of the words denied that must stand in the other text, more than this."""

PHRASE = 2
"""Words denied that are one statement by themselves when all of them stand in the claim."""

_UNTIL = re.compile(r"\b(?:until|till|before|since|bis|seit|hasta|desde)\b")
_DISPUTES = re.compile(r"den[iy]|disput|reject", re.IGNORECASE)
_ACCUSES = re.compile(r"\b(?:accus|charg|alleg|suspect|claim)", re.IGNORECASE)
"""A claim with such a word says what somebody denies without saying that it is so."""

_INTENDS = re.compile(
    r"\b(?:promis|want|wish|demand|hope|propos|urg|call(?:s|ed) for)\w*(?:\s\w+){0,2}\s$"
)
"""What stands before words of a claim that say what somebody wants, and not what there is."""


_AGREES = re.compile(r"\b(?:agree[sd]?|accept(?:s|ed)?|approv(?:es|ed))\b", re.IGNORECASE)
_REFUSES = re.compile(r"refus|reject|den[iy]|disput", re.IGNORECASE)
"""What nobody does who agrees: "the zoo has always refused" denies no word that follows."""


def wrong_denial(part: Piece, document: Document) -> Objection | None:
    """Object where just one of claim and passage denies what both of them say."""
    own = denials(part.reading.text, part.reading.words, document.language)
    return (
        _denied_here(part, own, document)
        or _denied_there(part, own, document)
        or _refused(part, own, document)
    )


def _denied_here(part: Piece, own: Sequence[Denial], document: Document) -> Objection | None:
    """Object where the claim denies what the passage affirms."""
    odd = denied(own)
    for denial in own:
        scope = [word for word in denial.scope if word.start in odd]
        head = denial.head
        if not scope or head is None or head.start not in odd:
            continue
        grounds = Grounds(part, document, denial.start, denial.end)
        start, end = min(denial.start, head.start), max(denial.end, head.end)
        if grounds.best < SAID or is_copied(part, document, start, end):
            continue
        meaning = _meaning(part, scope, document)
        said = [
            n
            for n, cover in enumerate(grounds.covers)
            if cover >= ALSO_SAID * grounds.best or n in meaning
        ]
        stances = {n: _stance(scope, head, n, document) for n in said}
        if any(stance < 0 for stance in stances.values()):
            continue
        against = next(
            (
                n
                for n in (*grounds.leading, *meaning)
                if stances[n] > 0 and (not denial.until or _says_until(n, document))
            ),
            None,
        )
        if against is not None:
            reason = f"it denies what the passage says ({_told(denial)})"
            return Objection(check="denial", reason=reason, sentence=against)
    return None


def _meaning(part: Piece, scope: Sequence[Word], document: Document) -> list[int]:
    """Return the sentences on all that a claim denies that refer back to all whom it names."""
    keys = [name.key for name in part.reading.names if name.sure]
    people = document.people
    return [
        number
        for number, meant in enumerate(people.meant)
        if keys
        and all(is_among(key, meant | people.named[number]) for key in keys)
        and all(set(kin_of(word.stem)) & document.kin[number] for word in scope)
    ]


def _denied_there(part: Piece, own: Sequence[Denial], document: Document) -> Objection | None:
    """Object where the passage denies what the claim affirms."""
    odd = denied(own)
    content = part.reading.content
    against = [word for word in content if word.start in odd]
    affirmed = [w for w in content if not any(_akin(w.stem, other.stem) for other in against)]
    for number, theirs in enumerate(document.denials):
        for denial in theirs:
            if _affirms(affirmed, denial, number, part, document):
                reason = f"the passage denies it ({_told(denial)})"
                return Objection(check="denial", reason=reason, sentence=number)
    return None


def _affirms(
    affirmed: Sequence[Word], denial: Denial, number: int, part: Piece, document: Document
) -> bool:
    """Return whether a claim affirms what a sentence of the document denies."""
    scope = _odd_scope(denial, number, document)
    common = [word for word in affirmed if any(_akin(word.stem, each.stem) for each in scope)]
    found = [each for each in scope if any(_akin(word.stem, each.stem) for word in common)]
    head = denial.head
    if head is None or head not in found or len(found) <= OF_SCOPE * len(scope):
        return False
    if denial.until and not _UNTIL.search(part.reading.text):
        return False
    if _INTENDS.search(part.reading.text[: common[0].start]):
        return False
    if _DISPUTES.match(denial.text) and _ACCUSES.search(part.reading.text):
        return False
    grounds = Grounds(part, document, common[0].start, common[-1].end)
    if any(
        _stance(common, head, n, document) > 0
        for n, cover in enumerate(grounds.covers)
        if n != number and cover >= ALSO_SAID * grounds.best
    ):
        return False
    leads = grounds.best >= SAID and number in grounds.leading
    whole = len(found) == len(scope)
    return (
        leads
        or (whole and len(scope) >= PHRASE and _is_phrase(common, scope, part))
        or (whole and _is_all(denial, number, head, document))
    )


def _is_all(denial: Denial, number: int, head: Word, document: Document) -> bool:
    """Return whether a sentence says nothing but its denial, and no other affirms it.

    "Nobody was hurt" is then said of everybody.
    """
    scope = denial.scope
    content = document.readings[number].content
    said = {w.stem for w in content if not denial.start <= w.start < denial.end}
    if not said <= {word.stem for word in scope}:
        return False
    others = (n for n in range(len(document.sentences)) if n != number)
    return not any(_stance(scope, head, n, document) > 0 for n in others)


def _is_phrase(common: Sequence[Word], scope: Sequence[Word], part: Piece) -> bool:
    """Return whether a claim has the words denied, all and one after the other."""
    between = [w for w in part.reading.content if common[0].start <= w.start <= common[-1].start]
    return [word.stem for word in between] == [word.stem for word in scope]


def _told(denial: Denial) -> str:
    return f"{denial.text} … {denial.head.text}" if denial.head else denial.text


def _refused(part: Piece, own: Sequence[Denial], document: Document) -> Objection | None:
    """Object where a claim has somebody agree to what the passage only has them refuse."""
    assent = _AGREES.search(part.reading.text)
    if assent is None or own or _AGREES.search(document.text):
        return None
    grounds = Grounds(part, document, assent.start(), assent.end())
    meaning = _meaning(part, (), document)
    for number in dict.fromkeys((*grounds.leading, *meaning)):
        for denial in document.denials[number]:
            if not denial.scope and _REFUSES.match(denial.text):
                reason = f"the passage denies it ({denial.text})"
                return Objection(check="denial", reason=reason, sentence=number)
    return None


def _odd_scope(denial: Denial, number: int, document: Document) -> list[Word]:
    odd = denied(document.denials[number])
    return [word for word in denial.scope if word.start in odd]


def _says_until(number: int, document: Document) -> bool:
    """Return whether a sentence says until when something is, and not until when it is not."""
    told = any(denial.until for denial in document.denials[number])
    return not told and _UNTIL.search(document.readings[number].text) is not None


def _stance(scope: Sequence[Word], head: Word, number: int, document: Document) -> int:
    """Return 1 where a sentence affirms most of some words, -1 where it denies any, else 0.

    The word ``head`` must be among those it affirms.
    """
    reading = document.readings[number]
    odd = denied([d for d in document.denials[number] if not d.until])
    there = [
        (word, other) for word in scope for other in reading.content if _akin(word.stem, other.stem)
    ]
    heads = [other for word, other in there if _akin(word.stem, head.stem)]
    if any(other.start in odd for other in heads) or (
        not heads and any(other.start in odd for _, other in there)
    ):
        return -1
    found = {word.stem for word, _ in there}
    return int(bool(heads) and len(found) > OF_SCOPE * len({word.stem for word in scope}))


def _akin(a: str, b: str) -> bool:
    return a == b or bool(set(kin_of(a)) & set(kin_of(b)))
