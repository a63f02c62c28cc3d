"""What speaks against a claim, detail by detail, whatever the model of the words says.

A claim with one wrong name has all the words of a true one but one, so no share of common
words can tell. Each check looks at one sort of detail; the first that objects is shown.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from summarizer.compare.judges.claims import (
    Grounds,
    Objection,
    Piece,
    PreparedText,
    is_akin,
    is_among,
    is_copied,
    kin_of,
)
from summarizer.compare.judges.names import misplaced_name, unknown_name
from summarizer.compare.judges.sayings import wrong_outlet, wrong_quotation, wrong_speaker
from summarizer.text.dates import DateMention, same_date
from summarizer.text.denials import Denial, denials, denied
from summarizer.text.figures import Figure, FigureKind, compatible, same_noun
from summarizer.text.words import Word, fold

SAID, DENIAL_SAID = 0.5, 0.4
"""Share of the rest of the claim that a sentence must say to be held against its figure or date,
and against what it denies."""

MISPLACED = 0.45
"""How much more of the rest of the claim a sentence without the figure must say than any that
has it."""

CONTRADICTED_FROM = 0.6
"""Share of the rest of the claim from which a sentence with another figure or date, or that
denies it, contradicts it."""

FARTHEST = 100
"""Figures further apart than this, as a ratio, do not stand for one another."""

WORKED_OUT = frozenset({FigureKind.DURATION, FigureKind.TIME, FigureKind.MEASURE})
"""Kinds that a reader works out, or words otherwise: "at twenty to three", "five years late"."""

UNCHECKED = frozenset({FigureKind.ORDINAL, FigureKind.SCORE})
"""Kinds that are told in too many other words: "the third" and "2-1"."""

ALSO_SAID = 0.6
"""Share of the best cover from which another sentence may bear a claim out that denies."""

OF_SCOPE = 0.5
"""Share of the words denied that must stand in the other text, more than this."""

PHRASE = 2
"""Words denied that are one statement by themselves when all of them stand in the claim."""

_WEEK = timedelta(days=7)
_UNTIL = re.compile(r"\b(?:until|till|before|since|bis|seit|hasta|desde)\b")
_INTENDS = re.compile(
    r"\b(?:promis|want|wish|demand|hope|propos|urg|call(?:s|ed) for)\w*(?:\s\w+){0,2}\s$"
)
"""What stands before words of a claim that say what somebody wants, and not what there is."""

_AGREES = re.compile(r"\b(?:agree[sd]?|accept(?:s|ed)?|approv(?:es|ed))\b", re.IGNORECASE)
_REFUSES = re.compile(r"refus|reject|den[iy]|disput", re.IGNORECASE)
"""What nobody does who agrees: "the zoo has always refused" denies no word that follows."""


def objection_to(parts: Sequence[Piece], text: PreparedText) -> Objection | None:
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


def wrong_figure(part: Piece, text: PreparedText) -> Objection | None:
    """Object where no passage that says the rest of a claim has its figure."""
    for figure in part.reading.figures:
        if figure.kind in UNCHECKED or (figure.kind is FigureKind.COUNT and figure.high <= 1):
            continue
        grounds = Grounds(part, text, figure.start, figure.end)
        if grounds.best < SAID or is_copied(part, text, figure.start, figure.end):
            continue
        having = [n for n in range(len(text.sentences)) if _has_figure(figure, n, text)]
        against = grounds.leading[0]
        rivals = [f for f in text.readings[against].figures if _is_rival(f, figure, part)]
        contradicts = bool(rivals) and grounds.best >= CONTRADICTED_FROM and not having
        if not having and (rivals or figure.kind not in WORKED_OUT):
            reason = f"no figure of the article is {figure.text}"
            return Objection(
                check="figure", reason=reason, sentence=against, contradicts=contradicts
            )
        beside = {n + step for n in having for step in (-1, 0, 1)} & set(range(len(grounds.covers)))
        if rivals and grounds.best - grounds.most(beside) >= MISPLACED:
            reason = f"the passage that says the rest has {rivals[0].text}, not {figure.text}"
            return Objection(check="figure", reason=reason, sentence=against)
    return None


def _has_figure(figure: Figure, number: int, text: PreparedText) -> bool:
    reading = text.readings[number]
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


def wrong_date(part: Piece, text: PreparedText) -> Objection | None:
    """Object where no passage that says the rest of a claim has its date."""
    for mention in part.reading.dates:
        grounds = Grounds(part, text, mention.start, mention.end)
        if grounds.best < SAID:
            continue
        having = [n for n in range(len(text.sentences)) if _has_date(mention, n, text)]
        against = grounds.leading[0]
        others = [
            date
            for date in text.readings[against].dates
            if not any(_may_be_one(date, own) for own in part.reading.dates)
        ]
        contradicts = bool(others) and grounds.best >= CONTRADICTED_FROM
        if not having:
            reason = f"no date of the article is {mention.text}"
            return Objection(check="date", reason=reason, sentence=against, contradicts=contradicts)
        if others and grounds.best - grounds.most(having) >= MISPLACED:
            reason = f"the passage that says the rest has {others[0].text}, not {mention.text}"
            return Objection(check="date", reason=reason, sentence=against, contradicts=contradicts)
    return None


def _has_date(mention: DateMention, number: int, text: PreparedText) -> bool:
    """Return whether a sentence has a date, or may have one that cannot be placed."""
    reading, placed = text.readings[number], mention.first is not None
    return fold(mention.text) in fold(reading.text) or any(
        _may_be_one(mention, other) and not (placed and same_date(mention, other) is None)
        for other in reading.dates
    )


def _may_be_one(a: DateMention, b: DateMention) -> bool:
    """Return whether two mentions can be one date; a weekday may be of the week before or after."""
    if same_date(a, b) is not False:
        return True
    near = a.first and b.first and abs(a.first - b.first) <= _WEEK
    names_day = any(day in each.text for day in calendar.day_name for each in (a, b))
    return bool(near and a.weekday == b.weekday is not None and names_day)


def wrong_denial(part: Piece, text: PreparedText) -> Objection | None:
    """Object where just one of claim and passage denies what both of them say."""
    own = denials(part.reading.text, part.reading.words, text.language)
    return (
        _denied_here(part, own, text)
        or _denied_there(part, own, text)
        or _refused_there(part, own, text)
    )


def _denied_here(part: Piece, own: Sequence[Denial], text: PreparedText) -> Objection | None:
    """Object where the claim denies what the passage affirms."""
    odd = denied(own)
    for denial in own:
        scope = [word for word in denial.scope if word.start in odd]
        if denial.head is None or denial.head.start not in odd:
            continue
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


def _sentences_meaning(part: Piece, scope: Sequence[Word], text: PreparedText) -> list[int]:
    """Return the sentences on all that a claim denies that refer back to all whom it names."""
    keys = [name.key for name in part.reading.names if name.sure]
    return [
        number
        for number, meant in enumerate(text.meant)
        if keys
        and all(is_among(key, meant | text.named[number]) for key in keys)
        and all(not text.kin[number].isdisjoint(kin_of(word.stem)) for word in scope)
    ]


def _denied_there(part: Piece, own: Sequence[Denial], text: PreparedText) -> Objection | None:
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
    affirmed: Sequence[Word], denial: Denial, number: int, part: Piece, text: PreparedText
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


def _says_only(denial: Denial, number: int, text: PreparedText) -> bool:
    """Return whether a sentence says nothing but its denial, and no other one affirms it.

    "Nobody was hurt" is then said of everybody.
    """
    scope, head = denial.scope, denial.head
    outside = (w for w in text.readings[number].content if not denial.start <= w.start < denial.end)
    if head is None or not {word.stem for word in outside} <= {word.stem for word in scope}:
        return False
    others = (n for n in range(len(text.sentences)) if n != number)
    return not any(_stance_on(scope, head, n, text) > 0 for n in others)


def _refused_there(part: Piece, own: Sequence[Denial], text: PreparedText) -> Objection | None:
    """Object where a claim has somebody agree to what the passage only has them refuse."""
    assent = _AGREES.search(part.reading.text)
    if assent is None or own or _AGREES.search(text.text):
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


def _says_until(number: int, text: PreparedText) -> bool:
    """Return whether a sentence says until when something is, and not until when it is not."""
    denied_until = any(denial.until for denial in text.denials[number])
    return not denied_until and _UNTIL.search(text.readings[number].text) is not None


def _stance_on(scope: Sequence[Word], head: Word, number: int, text: PreparedText) -> int:
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
