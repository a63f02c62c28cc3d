"""The check of denials: does just one of statement and text deny what both of them say?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.compare.texts import (
    Grounds,
    Objection,
    Piece,
    Text,
    denials_in,
    is_akin,
    is_among,
    kin_of,
)
from summarizer.text.denials import Denial, denied
from summarizer.text.words import Word, fold

DENIAL_SAID = 0.4
"""Share of the rest of a statement that a sentence must say to be held against what it denies."""

CONTRADICTED_FROM = 0.6
"""Share of the rest from which a sentence that denies the statement contradicts it."""

ALSO_SAID = 0.6
"""Share of the best cover from which another sentence may bear a claim out that denies."""

OF_SCOPE = 0.5
"""Share of the words denied that must stand in the other text, more than this."""

PHRASE = 2
"""Words denied that are one statement by themselves when all of them stand in the claim."""

_UNTIL = re.compile(r"\b(?:until|till|before|since|bis|seit|hasta|desde)\b")
_INTENDS = re.compile(
    r"\b(?:promis|want|wish|demand|hope|propos|urg|warn|call(?:s|ed) for)\w*(?:\s\w+){0,2}\s$"
)
"""What stands before words of a claim that say what somebody wants, and not what there is."""

_AGREES = re.compile(r"\b(?:agree[sd]?|accept(?:s|ed)?|approv(?:es|ed))\b", re.IGNORECASE)
_REFUSES = re.compile(r"refus|reject|den[iy]|disput", re.IGNORECASE)
"""What nobody does who agrees: "the zoo has always refused" denies no word that follows."""


def wrong_denial(part: Piece, text: Text) -> Objection | None:
    """Object where just one of claim and passage denies what both of them say."""
    own = denials_in(part.reading.text, text.language)
    return (
        _denied_here(part, own, text)
        or _denied_there(part, own, text)
        or _refused_there(part, own, text)
    )


def missing_denial(part: Piece, text: Text) -> Objection | None:
    """Object where a statement denies for good what no sentence of a text denies."""
    own = denials_in(part.reading.text, text.language)
    odd = denied(own)
    for denial in own:
        scope = [word for word in denial.scope if word.start in odd]
        prefixed = any(word.start == denial.start for word in denial.scope)
        if denial.until or prefixed or (denial.scope and not scope):
            continue
        if not any(
            _stance_on(scope, denial.head, n, text) < 0 if denial.head and scope else denials
            for n, denials in enumerate(text.denials)
        ):
            return Objection(check="denial", reason=f"it lacks the denial {_in_words(denial)}")
    return None


def _denied_here(part: Piece, own: Sequence[Denial], text: Text) -> Objection | None:
    """Object where the claim denies what the passage affirms."""
    odd = denied(own)
    for denial in own:
        scope = [word for word in denial.scope if word.start in odd]
        if denial.head is None or denial.head.start not in odd:
            continue
        if denial.head.start == denial.start and fold(denial.text) in text.folded:
            continue  # Both have "unlawful", whatever else is lawful.
        grounds = Grounds(part, text, denial.start, denial.end)
        if grounds.best < DENIAL_SAID:
            continue
        meaning = _sentences_meaning(part, scope, text)
        least = ALSO_SAID * grounds.best
        stances = {
            n: _stance_on(scope, denial.head, n, text)
            for n, cover in enumerate(grounds.covers)
            if cover >= least or n in meaning
        }
        if min(stances.values()) < 0:
            continue
        for n in (*grounds.leading, *meaning):
            if stances[n] > 0 and (not denial.until or _says_until(n, text)):
                reason = f"it denies what the passage says ({_in_words(denial)})"
                return _denial_objection(reason, n, grounds)
    return None


def _denial_objection(reason: str, number: int, grounds: Grounds) -> Objection:
    contradicts = grounds.covers[number] >= CONTRADICTED_FROM
    return Objection(check="denial", reason=reason, sentence=number, contradicts=contradicts)


def _sentences_meaning(part: Piece, scope: Sequence[Word], text: Text) -> list[int]:
    """Return the sentences on all that a claim denies that refer back to all whom it names."""
    keys = [name.key for name in part.reading.names if name.sure]
    return [
        number
        for number, meant in enumerate(text.meant)
        if keys
        and all(is_among(key, meant | text.named[number]) for key in keys)
        and all(not text.kin[number].isdisjoint(kin_of(word.stem)) for word in scope)
    ]


def _denied_there(part: Piece, own: Sequence[Denial], text: Text) -> Objection | None:
    """Object where the passage denies what the claim affirms."""
    odd = denied(own)
    content = part.reading.content
    against = [word for word in content if word.start in odd]
    affirmed = [w for w in content if not any(is_akin(w.stem, other.stem) for other in against)]
    for number, theirs in enumerate(text.denials):
        for denial in theirs:
            grounds = _affirming_grounds(affirmed, denial, number, part, text)
            if grounds is not None:
                reason = f"the passage denies it ({_in_words(denial)})"
                return _denial_objection(reason, number, grounds)
    return None


def _affirming_grounds(
    affirmed: Sequence[Word], denial: Denial, number: int, part: Piece, text: Text
) -> Grounds | None:
    """Return where a claim's rest stands that affirms what a sentence denies; else None."""
    odd = denied(text.denials[number])
    scope = [word for word in denial.scope if word.start in odd]
    common = [word for word in affirmed if any(is_akin(word.stem, each.stem) for each in scope)]
    shared = [each for each in scope if any(is_akin(word.stem, each.stem) for word in common)]
    head = denial.head
    if head is None or head not in shared or len(shared) <= OF_SCOPE * len(scope):
        return None
    claim = part.reading.text
    if (denial.until and not _UNTIL.search(claim)) or _INTENDS.search(claim[: common[0].start]):
        return None
    grounds = Grounds(part, text, common[0].start, common[-1].end)
    if any(
        _stance_on(common, head, n, text) > 0
        for n, cover in enumerate(grounds.covers)
        if n != number and cover >= ALSO_SAID * grounds.best
    ):
        return None
    leads = grounds.best >= DENIAL_SAID and number in grounds.leading
    if leads:
        return grounds
    # Or the claim has the words denied, all and one after the other.
    run = [w for w in part.reading.content if common[0].start <= w.start <= common[-1].start]
    phrase = len(scope) >= PHRASE and [w.stem for w in run] == [w.stem for w in scope]
    whole = phrase or _says_only(denial, number, text)
    return grounds if whole and len(shared) == len(scope) else None


def _says_only(denial: Denial, number: int, text: Text) -> bool:
    """Return whether a sentence says nothing but its denial, and no other one affirms it.

    "Nobody was hurt" is then said of everybody.
    """
    scope, head = denial.scope, denial.head
    outside = (w for w in text.readings[number].content if not denial.start <= w.start < denial.end)
    if head is None or not {word.stem for word in outside} <= {word.stem for word in scope}:
        return False
    others = (n for n in range(len(text.readings)) if n != number)
    return not any(_stance_on(scope, head, n, text) > 0 for n in others)


def _refused_there(part: Piece, own: Sequence[Denial], text: Text) -> Objection | None:
    """Object where a claim has somebody agree to what the passage only has them refuse."""
    assent = _AGREES.search(part.reading.text)
    if assent is None or own or _AGREES.search(text.whole):
        return None
    grounds = Grounds(part, text, assent.start(), assent.end())
    for number in (*grounds.leading, *_sentences_meaning(part, (), text)):
        for denial in text.denials[number]:
            if not denial.scope and _REFUSES.match(denial.text):
                reason = f"the passage denies it ({denial.text})"
                return _denial_objection(reason, number, grounds)
    return None


def _in_words(denial: Denial) -> str:
    return f"{denial.text} … {denial.head.text}" if denial.head else denial.text


def _says_until(number: int, text: Text) -> bool:
    """Return whether a sentence says until when something is, and not until when it is not."""
    denied_until = any(denial.until for denial in text.denials[number])
    return not denied_until and _UNTIL.search(text.readings[number].text) is not None


def _stance_on(scope: Sequence[Word], head: Word, number: int, text: Text) -> int:
    """Return 1 where a sentence affirms most of some words, -1 where it denies any, else 0.

    The word ``head`` must be among those it affirms.
    """
    odd = denied([d for d in text.denials[number] if not d.until])
    there = [
        (word, other)
        for word in scope
        for other in text.readings[number].content
        if is_akin(word.stem, other.stem)
    ]
    heads = [other for word, other in there if is_akin(word.stem, head.stem)]
    if any(other.start in odd for other in heads or [other for _, other in there]):
        return -1
    shared = {word.stem for word, _ in there}
    return int(bool(heads) and len(shared) > OF_SCOPE * len({word.stem for word in scope}))
