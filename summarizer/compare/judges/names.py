# ruff: noqa: SIM905  (a word list reads best as words)
"""The check of names: is it this person or place of whom the text says it?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.compare.judges.claims import (
    LOOK_BACK,
    Grounds,
    Key,
    Objection,
    Piece,
    PreparedText,
    is_among,
    is_place,
    kin_of,
)
from summarizer.document import Reading
from summarizer.text.names import Name, name_key, same_key
from summarizer.text.words import DEMONYMS, STOP_WORDS, fold

MISPLACED = 0.45
"""How much more of the rest of the claim a sentence with another name must say than any that
has this one or refers back to it, as a share."""

TOLD, MISPLACED_THERE = 0.75, 0.2
"""Share of the rest of the claim from which a sentence says it so fully that no other place in
the text is likely to be meant, and what is enough in the place of ``MISPLACED`` then."""

LONE = 0.75
"""The same of a sentence that has no other name to put in its place."""

SAID = 0.5
"""Share of the rest of the claim that a sentence must say to be held against its name."""

NEAREST = 2
"""Words nearest to a name by which its place in a sentence is known."""

STANDS_AT = 10
"""Words between a name and a word that belongs to it, at most."""

_GOVERNED = re.compile(
    r"\b(?:of|with|for|on|under|over|against|between|about|told|to|at|in|from|than)\s(?:the\s)?$"
)
_DESCRIBES = re.compile(r"\s([a-z]\w+)|['’](s)\s[a-z]")
_ARTICLE = re.compile(r"\b(?:the|an?|his|her|its|their|former)\s$", re.IGNORECASE)
_REFERENT = re.compile(r"\b(?:he|she|they|it|who|I|we)\b|[a-z,] [A-Z][a-z]")
_SUBJECT = re.compile(
    r"\b(?:he|she|they|it|we|i|the|an?|his|her|their|its|this|that|these|those|nobody|no)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:he|she|him|her)\b", re.IGNORECASE)
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


def unknown_name(part: Piece, text: PreparedText) -> Objection | None:
    """Object where a name is nowhere in the text."""
    for name in _sure_names(part, text):
        if _is_unknown(name, part, text):
            return Objection(check="name", reason=f"{name.text} is not in the article")
    return None


def misplaced_name(part: Piece, text: PreparedText) -> Objection | None:
    """Object where a name is in the text, but not where the rest of the claim is."""
    objections = (_placing_objection(name, part, text) for name in _sure_names(part, text))
    return next(filter(None, objections), None)


def _sure_names(part: Piece, text: PreparedText) -> Iterator[Name]:
    """Yield the names of a claim; a first word counts where the text has it as a name.

    The text's own outlet is left out.
    """
    own = name_key(text.outlet or "")
    for name in part.reading.names:
        if any(f.start <= name.start and name.end <= f.end for f in part.reading.figures):
            # "Forty-eight" has its capital from where it stands.
            continue
        if text.language == "de" and _may_be_noun(name, text):
            continue
        known = is_among(name.key, text.known_names)
        # Letters may stand for anything that the text spells out.
        is_name = name.sure and not name.text.isupper()
        if (
            name.key != own
            and any(name.start <= word.start < name.end for word in part.reading.content)
            and (known or is_name or (not name.sure and _opens_like_a_name(name, part)))
        ):
            yield name


def _may_be_noun(name: Name, text: PreparedText) -> bool:
    """Return whether a German word may be a noun: one word, and no part of a longer name."""
    words = set(name.key) - STOP_WORDS["de"]
    longer = (key for key in text.known_names if len(key) > 1)
    return len(words) < 2 and all(words.isdisjoint(key) for key in longer)


def _is_unknown(name: Name, part: Piece, text: PreparedText) -> bool:
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


def _is_crossed(name: Name, part: Piece, text: PreparedText) -> bool:
    """Return whether a name has the last word of another and a first word that it never has.

    "Amber Sea" where the text knows the Sable Sea only. The first word must be unknown, or
    begin the name of somebody else.
    """
    if len(name.key) != 2 or is_among(name.key, text.known_names):
        return False
    first, last = name.key
    full = [key for key in text.known_names if len(key) > 1]
    stem = next((w.stem for w in part.reading.words if w.start == name.start), first)
    unknown = first not in text.words and not text.knows(stem)
    return (
        first not in DEMONYMS
        and any(key[-1] == last for key in full)
        and (unknown or any(key[0] == first and key[-1] != last for key in full))
    )


def _placing_objection(name: Name, part: Piece, text: PreparedText) -> Objection | None:
    """Object where the passage that says the rest has another name, or means somebody else."""
    grounds = Grounds(part, text, name.start, name.end)
    if grounds.best < SAID:
        return None
    role = role_of(name, part.reading.text)
    having = {n for n, keys in enumerate(text.named) if any(_is_part(name.key, k) for k in keys)}
    meant = {n for n, keys in enumerate(text.meant) if is_among(name.key, keys)}
    stems = [w.stem for w in part.reading.content if name.start <= w.start < name.end]
    having |= {n for n, reading in enumerate(text.readings) if reading.stems.issuperset(stems)}
    if len(stems) > 1:
        # "The bridge" may mean the Harbour Bridge.
        meant |= text.found_in.get(stems[-1], set())
    near = having | {n for n in meant - having if not _rival_names(name, n, part, text)}
    against = grounds.leading[0]
    rivals = _rival_names(name, against, part, text)
    spoken_of = role == "agent" and _PRONOUN.search(text.readings[against].text) is not None
    bare = not rivals and not (spoken_of and text.meant[against])
    added = role in ("place", "description")
    if bare and (not having or added or is_among(name.key, text.main_names)):
        # What the article is about, or its title alone has, every sentence may mean.
        return None
    least = LONE if bare else MISPLACED_THERE if grounds.best >= TOLD else MISPLACED
    if grounds.best - grounds.most(near) < least * grounds.best:
        return None
    there = f", but {rivals[0].text}" if rivals else ""
    reason = f"the passage that says the rest does not name {name.text}{there}"
    return Objection(check="name", reason=reason, sentence=against)


def _is_part(key: Key, other: Key) -> bool:
    """Return whether a name may be another one, or that ends alike or is its first word alone."""
    return same_key(key, other) or key[-1] in other or other == key[:1]


def _rival_names(name: Name, number: int, part: Piece, text: PreparedText) -> list[Name]:
    """Return the names that stand in a sentence where this one stands in the claim.

    That is in the same role, and as its subject, or nearest to the word nearest to this name
    that both have.
    """
    reading = text.readings[number]
    role = role_of(name, part.reading.text)
    others = [
        other
        for other in reading.names
        if other.key in text.named[number] and not _is_claimed(other.key, part)
    ]
    if role == "place" or (role == "description" and name.key in text.place_names):
        places = text.place_names
        return [o for o in others if o.key in places or role_of(o, reading.text) == "place"]
    if role == "description":
        described = _next_word(name, part.reading.text)
        return [
            other
            for other in others
            if role_of(other, reading.text) == role and _next_word(other, reading.text) == described
        ]
    shared = _nearest_shared(name, number, part, text)
    return [
        other
        for other in others
        if role_of(other, reading.text) in ("agent", "other")
        # Nothing before it can be the subject, or it stands where this name does.
        and (
            not _SUBJECT.search(reading.text, 0, other.start) or _stands_at(other, shared, reading)
        )
    ]


def _nearest_shared(name: Name, number: int, part: Piece, text: PreparedText) -> frozenset[str]:
    """Return the kin of the words nearest to a name in the claim that a sentence has too."""
    near = sorted(
        (w for w in part.reading.content if not name.start <= w.start < name.end),
        key=lambda w: max(w.start - name.end, name.start - w.end),
    )
    kins = (frozenset(kin_of(word.stem)) for word in near)
    return frozenset().union(*[kin for kin in kins if kin & text.kin[number]][:NEAREST])


def _stands_at(name: Name, shared: frozenset[str], reading: Reading) -> bool:
    """Return whether no pronoun and no other name is nearer to a word than a name is."""
    for word in reading.words:
        if not shared.isdisjoint(kin_of(word.stem)):
            first, last = sorted(((name.start, name.end), (word.start, word.end)))
            between = reading.text[first[1] : last[0]]
            if len(between.split()) <= STANDS_AT and not _REFERENT.search(between):
                return True
    return False


def role_of(name: Name, text: str) -> str:
    """Return what a name is in its sentence: a place, part of a description, who acts."""
    before = text[max(0, name.start - LOOK_BACK) : name.start]
    if is_place(name, text):
        return "place"
    after = _DESCRIBES.match(text, name.end)
    if after and (after[2] or (after[1] not in STOP_WORDS["en"] and _ARTICLE.search(before))):
        return "description"
    return "other" if _GOVERNED.search(before) else "agent"


def _next_word(name: Name, text: str) -> str:
    """Return the word after a name, or after its "'s"."""
    after = _WORD_BEHIND.match(text, name.end)
    return after[1] if after else ""


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
    verb = _next_word(name, text)
    if not verb:
        return text[name.end : name.end + 1] == "," and not plural
    return verb in _SINGULAR or (verb in _PAST and not plural)
