# ruff: noqa: SIM905  (a word list reads best as words)
"""The check of names: is it this person or place of whom the text says it?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.compare.texts import (
    LOOK_BACK,
    Grounds,
    Key,
    Objection,
    Piece,
    Text,
    is_among,
    is_place,
)
from summarizer.text.names import Name, name_key, same_key
from summarizer.text.words import DEMONYMS, STOP_WORDS, fold

MISPLACED = 0.4
"""How much more of the rest of the claim a sentence with another name must say than any that
has this one or refers back to it, as a share."""

LONE = 0.8
"""The same of a sentence that has no other name to put in its place."""

SAID = 0.5
"""Share of the rest of the claim that a sentence must say to be held against a detail."""

_DESCRIBES = re.compile(r"\s([a-z]\w+)|['’](s)\s[a-z]")
_ARTICLE = re.compile(r"\b(?:the|an?|his|her|its|their|former)\s$", re.IGNORECASE)
_HYPHENATED = re.compile(r"-[a-z]{3}")
"""What a name has whose capital is from the start of its sentence: "Second-half goals"."""
_WORD_BEHIND = re.compile(r"(?:['’]s)?\s(\w+)")
_SINGULAR = frozenset({"is", "was", "has", "does", "says", "wants", "plans", "expects"})
"""Verbs that follow one person or thing only."""
_PAST = frozenset(
    """said told called spoke asked added warned promised denied had did wrote put gave took made
    went came met sent won lost read led ran held saw found kept chose swore drew""".split()
)
"""Verbs that follow one or several."""
_MATTER_ENDS = re.compile(
    r"(?:ment|tion|sion|ness|ing|ity|ance|ence|age|ism|ure|ics|th|ship|ery|hood|work|fic|ly)$"
)
_MATTERS = frozenset(
    """police staff parliament congress travel rain snow water wind fire power help food fuel gas
    oil demand news business industry life court money time trade crime access everyone everybody
    someone somebody anyone anybody everything something half nobody none nothing neither both all
    several much most one another however meanwhile instead today tomorrow yesterday later
    elsewhere afterwards nevertheless therefore overall besides often sometimes thus hence first
    second last next soon perhaps""".split()
)
"""Words, and endings of words, that open a sentence without an article and are no names."""


def unknown_name(part: Piece, text: Text) -> Objection | None:
    """Object where a name is nowhere in the text."""
    for name in _sure_names(part, text):
        if _is_unknown(name, part, text):
            return Objection(check="name", reason=f"{name.text} is not in the article")
    return None


def misplaced_name(part: Piece, text: Text) -> Objection | None:
    """Object where a name is in the text, but not where the rest of the claim is."""
    objections = (_placing_objection(name, part, text) for name in _sure_names(part, text))
    return next(filter(None, objections), None)


def _sure_names(part: Piece, text: Text) -> Iterator[Name]:
    """Yield the names of a claim; a first word counts where the text has it as a name.

    The text's own outlet is left out.
    """
    own = name_key(text.outlet or "")
    for name in part.reading.names:
        if any(f.start <= name.start and name.end <= f.end for f in part.reading.figures):
            continue  # "Forty-eight" has its capital from where it stands.
        words = {w.stem for w in part.reading.content if name.start <= w.start < name.end}
        # "Footage shows" has its capital from there too where the text knows footage.
        known = is_among(name.key, text.known_names) and not text.name_stems.isdisjoint(words)
        # Letters may stand for anything that the text spells out.
        is_name = _opens_like_a_name(name, part) if not name.sure else not name.text.isupper()
        if name.key != own and words and (known or is_name):
            yield name


def _is_unknown(name: Name, part: Piece, text: Text) -> bool:
    """Return whether the word that tells whom a name means stands nowhere, in no spelling."""
    if _is_crossed(name, part, text):
        return True
    if is_among(name.key, text.known_names) or name.key[-1] in text.words:
        return False
    words = [w for w in part.reading.content if name.start <= w.start < name.end]
    return not any(
        word.stem in text.places or text.knows(word.stem) or fold(word.text) in text.words
        for word in words[-1:]
    )


def _is_crossed(name: Name, part: Piece, text: Text) -> bool:
    """Return whether a name has the last word of another and a first word that it never has.

    "Amber Sea" where the text knows the Sable Sea only. The first word must be unknown, or
    begin the name of somebody else.
    """
    first, last = name.key[0], name.key[-1]
    letters = name.text[: len(first)].isupper()  # "LA" may stand for "Los Angeles"
    if len(name.key) != 2 or letters or is_among(name.key, text.known_names):
        return False
    full = [key for key in text.known_names if len(key) > 1]
    stem = next((w.stem for w in part.reading.words if w.start == name.start), first)
    unknown = first not in text.words and not text.knows(stem)
    return (
        first not in DEMONYMS
        and any(key[-1] == last for key in full)
        and (unknown or any(key[0] == first and key[-1] != last for key in full))
    )


def _placing_objection(name: Name, part: Piece, text: Text) -> Objection | None:
    """Object where the passage that says the rest has another name, or means somebody else."""
    grounds = Grounds(part, text, name.start, name.end)
    if grounds.best < SAID:
        return None
    role = role_of(name, part.reading.text)
    having = {n for n, keys in enumerate(text.named) if any(_is_part(name.key, k) for k in keys)}
    meant = {n for n, keys in enumerate(text.meant) if is_among(name.key, keys)}
    near = having | {n for n in meant - having if not _rival_names(name, n, part, text)}
    against = grounds.leading[0]
    rivals = _rival_names(name, against, part, text)
    if not rivals and not (having and role == "person" and text.refers(against)):
        # A sentence without a pronoun may mean what its title alone has.
        return None
    least = MISPLACED if rivals else LONE
    if grounds.best - grounds.most(near) < least * grounds.best:
        return None
    there = f", but {rivals[0].text}" if rivals else ""
    reason = f"the passage that says the rest does not name {name.text}{there}"
    return Objection(check="name", reason=reason, sentence=against)


def _is_part(key: Key, other: Key) -> bool:
    """Return whether a name may be another one, or that ends alike or is its first word alone."""
    return same_key(key, other) or key[-1] in other or other == key[:1]


def _rival_names(name: Name, number: int, part: Piece, text: Text) -> list[Name]:
    """Return the names of a sentence that the claim has not, in the role of one that it has."""
    reading = text.readings[number]
    role = role_of(name, part.reading.text)
    return [
        other
        for other in reading.names
        if other.key in text.named[number]
        and not _HYPHENATED.search(other.text)
        and not _is_claimed(other.key, part)
        and (
            role_of(other, reading.text) == role
            or (role == "place" and other.key in text.place_names)
        )
    ]


def role_of(name: Name, text: str) -> str:
    """Return what a name is in its sentence: a place, part of a description, who acts."""
    before = text[max(0, name.start - LOOK_BACK) : name.start]
    if is_place(name, text):
        return "place"
    after = _DESCRIBES.match(text, name.end)
    if after and (after[2] or (after[1] not in STOP_WORDS["en"] and _ARTICLE.search(before))):
        return "description"
    return "person"


def _is_claimed(key: Key, part: Piece) -> bool:
    """Return whether the claim has a name, alone or within a longer one: "Brandt of Tarn"."""
    return any(same_key(key, n.key) or set(key) <= set(n.key) for n in part.reading.names)


def _opens_like_a_name(name: Name, part: Piece) -> bool:
    """Return whether the word that opens a sentence can only be a name, as its verb tells.

    A single thing has an article before it, and several things have no "has" behind them.
    Words that name no thing but a matter have neither: those are known by their endings.
    """
    word, text = name.text.lower(), part.reading.text
    if word in STOP_WORDS["en"] or word in _MATTERS or _MATTER_ENDS.search(word):
        return False
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    verb = _WORD_BEHIND.match(text, name.end)
    if verb is None:
        return text[name.end : name.end + 1] == "," and not plural
    return verb[1] in _SINGULAR or (verb[1] in _PAST and not plural)
