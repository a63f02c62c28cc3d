# ruff: noqa: SIM905  (a word list reads best as words)
"""The check of names: is it this person or place of whom the document says it?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.compare.judges.document import Document, kin_of
from summarizer.compare.judges.features import Piece
from summarizer.compare.judges.objections.grounds import Grounds, Objection
from summarizer.compare.judges.people import LOOK_BACK, is_among, is_place
from summarizer.document import Reading
from summarizer.text.attribution import named_speaker
from summarizer.text.names import Name, name_key, same_key
from summarizer.text.words import DEMONYMS, STOP_WORDS, Word, fold

MISPLACED = 0.45
"""How much more of the rest of the claim a sentence with another name must say than any that
has this one or refers back to it, as a share."""

TOLD = 0.75
"""Share of the rest of the claim from which a sentence says it so fully that no other place in
the document is likely to be meant."""

MISPLACED_THERE = 0.2
"""The same as ``MISPLACED`` where a sentence says so much."""

LONE = 0.75
"""The same of a sentence that has no other name to put in its place."""

SAID = 0.5
"""Share of the rest of the claim that a sentence must say to be held against its name."""

_ADDED = frozenset({"place", "description"})
"""Roles in which a claim may put in from elsewhere whom or where a sentence means."""
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
_NEXT_WORD = re.compile(r"(?:['’]s)?\s(\w+)")
NEAREST = 2
"""Words nearest to a name by which its place in a sentence is known."""

STANDS_AT = 10
"""Words between a name and a word that belongs to it, at most."""


def unknown_name(part: Piece, document: Document) -> Objection | None:
    """Object where a name is nowhere in the document."""
    for name in _sure_names(part, document):
        if _is_unknown(name, part, document):
            return Objection(check="name", reason=f"{name.text} is not in the article")
    return None


def misplaced_name(part: Piece, document: Document) -> Objection | None:
    """Object where a name is in the document, but not where the rest of the claim is."""
    found = (_misplaced(name, part, document) for name in _sure_names(part, document))
    return next((objection for objection in found if objection), None)


def _sure_names(part: Piece, document: Document) -> Iterator[Name]:
    """Yield the names of a claim; a first word counts where the document has it as a name.

    The article's own outlet is left out, and a people: "the Frenchman" is one named elsewhere.
    """
    own = name_key(document.outlet or "")
    for name in part.reading.names:
        if any(f.start <= name.start and name.end <= f.end for f in part.reading.figures):
            # "Forty-eight" has its capital from where it stands.
            continue
        if document.language == "de" and _is_noun(name, document):
            continue
        if name.text.isupper() and not is_among(name.key, document.people.all):
            # Letters may stand for anything that the document spells out.
            continue
        if (
            name.key != own
            and any(name.start <= word.start < name.end for word in part.reading.content)
            and not _is_of_a_people(name)
            and (
                name.sure
                or is_among(name.key, document.people.all)
                or opens_like_a_name(name, part.reading.text)
            )
        ):
            yield name


def _is_of_a_people(name: Name) -> bool:
    word = re.sub(r"(?:wo)?m[ae]n$", "", name.key[-1])
    return len(name.key) == 1 and (word in DEMONYMS or word.removesuffix("s") in DEMONYMS)


def _is_unknown(name: Name, part: Piece, document: Document) -> bool:
    """Return whether the word that tells whom a name means stands nowhere, in no spelling."""
    last = name.key[-1]
    if _is_crossed(name, part, document):
        return True
    if is_among(name.key, document.people.all) or last in document.vocabulary:
        return False
    words = [w for w in part.reading.content if name.start <= w.start < name.end]
    return not words or not any(
        w.stem in document.places or document.knows(w.stem) or fold(w.text) in document.vocabulary
        for w in words[-1:]
    )


def _is_noun(name: Name, document: Document) -> bool:
    """Return whether a German word may well be a noun: each has a capital there.

    What is left without the article is one word, and not part of a longer name.
    """
    words = [word for word in name.key if word not in STOP_WORDS["de"]]
    longer = any(len(key) > 1 and set(words) & set(key) for key in document.people.all)
    return len(words) < 2 and not longer


def _is_crossed(name: Name, part: Piece, document: Document) -> bool:
    """Return whether a name has the last word of another and a first word that it never has.

    "Amber Sea" where the document knows the Sable Sea only. The first word must be unknown, or
    begin the name of somebody else.
    """
    if len(name.key) != 2 or is_among(name.key, document.people.all):
        return False
    first, last = name.key
    full = [key for key in document.people.all if len(key) > 1]
    stem = next((w.stem for w in part.reading.words if w.start == name.start), first)
    unknown = first not in document.vocabulary and not document.knows(stem)
    return (
        first not in DEMONYMS
        and any(key[-1] == last for key in full)
        and (unknown or any(key[0] == first and key[-1] != last for key in full))
    )


def _misplaced(name: Name, part: Piece, document: Document) -> Objection | None:
    """Object where the passage that says the rest has another name, or means somebody else."""
    people = document.people
    role = role_of(name, part.reading.text)
    grounds = Grounds(part, document, name.start, name.end)
    if grounds.best < SAID:
        return None
    having = {*people.having(name.key), *people.having_part(name.key)}
    having |= set(_with_words(name, part, document))
    meant = {
        *people.meaning(name.key),
        *_with_head(name, part, document),
        *_with_title(name, document),
    } - having
    near = having | {n for n in meant if not _rivals(name, n, part, document)}
    against = grounds.leading[0]
    rivals = _rivals(name, against, part, document)
    spoken_of = role == "agent" and _PRONOUN.search(document.readings[against].text) is not None
    bare = not rivals and not (spoken_of and people.meant[against])
    if bare and (not having or role in _ADDED or is_among(name.key, people.main)):
        # What the article is about, or its title alone has, every sentence may mean.
        return None
    told = MISPLACED_THERE if grounds.best >= TOLD else MISPLACED
    least = LONE if bare else told
    if grounds.best - grounds.most(near) < least * grounds.best:
        return None
    there = f", but {rivals[0].text}" if rivals else ""
    reason = f"the passage that says the rest does not name {name.text}{there}"
    return Objection(check="name", reason=reason, sentence=against)


def _rivals(name: Name, number: int, part: Piece, document: Document) -> list[Name]:
    """Return the names that stand in a sentence where this one stands in the claim.

    That is in the same role, and as its subject, as the one who speaks, or nearest to the word
    nearest to this name that both have.
    """
    reading = document.readings[number]
    role = role_of(name, part.reading.text)
    if role == "description" and name.key in document.people.places:
        role = "place"
    others = [
        other
        for other in reading.names
        if other.key in document.people.named[number] and not _is_claimed(other.key, part)
    ]
    if role == "place":
        places = document.people.places
        return [o for o in others if o.key in places or role_of(o, reading.text) == role]
    same = ("agent", "other") if role in ("agent", "other") else (role,)
    rivals = [other for other in others if role_of(other, reading.text) in same]
    if role == "description":
        described = _next_word(name, part.reading.text)
        return [other for other in rivals if _next_word(other, reading.text) == described]
    shared = _nearest_shared(name, number, part, document)
    speaks = _is_speaker(name, part.reading.text)
    return [
        other
        for other in rivals
        if _is_first(other, reading.text)
        or _stands_at(other, shared, reading)
        or (speaks and _is_speaker(other, reading.text))
    ]


def _is_first(name: Name, text: str) -> bool:
    """Return whether nobody else can be the subject of a sentence: nothing names one before."""
    return not _SUBJECT.search(text, 0, name.start)


def _is_speaker(name: Name, text: str) -> bool:
    speaker = named_speaker(text)
    return speaker is not None and name.text in speaker


def _nearest_shared(name: Name, number: int, part: Piece, document: Document) -> frozenset[str]:
    """Return the kin of the words nearest to a name in the claim that a sentence has too."""
    there = document.kin[number]
    near = sorted(
        (w for w in part.reading.content if not name.start <= w.start < name.end),
        key=lambda w: max(w.start - name.end, name.start - w.end),
    )
    kins = [frozenset(kin_of(word.stem)) for word in near]
    return frozenset().union(*[kin for kin in kins if kin & there][:NEAREST])


def _stands_at(name: Name, shared: frozenset[str], reading: Reading) -> bool:
    """Return whether no pronoun and no other name is nearer to a word than a name is."""
    words = [w for w in reading.words if shared & set(kin_of(w.stem))]
    for word in words:
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
    after = _NEXT_WORD.match(text, name.end)
    return after[1] if after else ""


def _with_words(name: Name, part: Piece, document: Document) -> Iterator[int]:
    """Yield the sentences that have all words of a name, whether as one name or not."""
    stems = {w.stem for w in part.reading.content if name.start <= w.start < name.end}
    if stems:
        yield from (n for n, there in enumerate(document.stems) if stems <= there)


def _with_head(name: Name, part: Piece, document: Document) -> Iterator[int]:
    """Yield the sentences that have the last word of a long name: "the board"."""
    words = [w for w in part.reading.content if name.start <= w.start < name.end]
    if len(words) > 1:
        yield from document.found_in.get(words[-1].stem, ())


def _with_title(name: Name, document: Document) -> Iterator[int]:
    """Yield the sentences that have what stands before a name: "the magistrate"."""
    for reading in document.readings:
        for other in reading.names:
            if same_key(other.key, name.key) or other.key[-1] == name.key[-1]:
                for word in _before(other, reading):
                    yield from document.found_in.get(word.stem, ())


def _before(name: Name, reading: Reading) -> list[Word]:
    """Return the content words of a name but its last one, and the one before the name."""
    words = [w for w in reading.words if w.end <= name.end]
    first = next((i for i, w in enumerate(words) if w.start >= name.start), len(words))
    return [word for word in words[max(0, first - 1) : -1] if not word.stop]


def _is_claimed(key: tuple[str, ...], part: Piece) -> bool:
    """Return whether the claim has a name, alone or within a longer one: "Brandt of Tarn"."""
    return any(same_key(key, n.key) or set(key) <= set(n.key) for n in part.reading.names)


_WORD_BEHIND = re.compile(r"\s(\w+)")
_SINGULAR = frozenset("is was has does says wants plans expects calls chairs".split())
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


def opens_like_a_name(name: Name, text: str) -> bool:
    """Return whether the word that opens a sentence can only be a name, as its verb tells.

    A single thing has an article before it, and several things have no "has" behind them.
    Words that name no thing but a matter have neither: those are known by their endings.
    """
    word = name.text.lower()
    if word in STOP_WORDS["en"] or word in _MATTERS or _MATTER_ENDS.search(word):
        return False
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    after = _WORD_BEHIND.match(text, name.end)
    if after is None:
        return text[name.end : name.end + 1] == "," and not plural
    return after[1] in _SINGULAR or (after[1] in _PAST and not plural)
