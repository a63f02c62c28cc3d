"""Which names stand for each sentence of a document: its own, and those it refers back to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summarizer.document import Reading
from summarizer.text.names import Name, same_key

MEANT_BACK = 3
"""Sentences before one with a pronoun in which whom it means was last named, at most."""

MAIN = 0.5
"""A name that stands in at least so many sentences, as a share of those of the commonest name,
is one that the article is about, and that a sentence may mean without saying it."""

LOOK_BACK = 20
"""Code points before a name in which a preposition tells what it is."""

_OF_A_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|towards?|outside|inside|around|off|across|through|into)\s$"
)
_REFERS = re.compile(
    r"\b(?:he|she|his|her|hers|him|they|their|them|it|its|I|we|my|our|me|us)\b", re.IGNORECASE
)
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class People:
    """Names by sentence: ``named`` in it, ``meant`` by its pronouns.

    ``main`` are those the document is about, ``places`` those it speaks of as places.
    """

    named: tuple[frozenset[Key], ...]
    meant: tuple[frozenset[Key], ...]
    main: frozenset[Key]
    all: frozenset[Key]
    places: frozenset[Key]

    def having(self, key: Key) -> list[int]:
        """Return the sentences that have a name."""
        return [n for n, keys in enumerate(self.named) if is_among(key, keys)]

    def having_part(self, key: Key) -> list[int]:
        """Return the sentences with a name that ends alike, or with a first name alone."""
        return [
            n
            for n, keys in enumerate(self.named)
            if any(key[-1] in other or other == key[:1] for other in keys)
        ]

    def meaning(self, key: Key) -> list[int]:
        """Return the sentences that refer back to a name."""
        return [n for n, keys in enumerate(self.meant) if is_among(key, keys)]


def is_among(key: Key, keys: Iterable[Key]) -> bool:
    """Return whether one of the keys can name the same."""
    return any(same_key(key, other) for other in keys)


def people_of(readings: Sequence[Reading]) -> People:
    """Return the names of a document by sentence, given its sentences."""
    found = [reading.names for reading in readings]
    words = {word for names in found for name in names if name.sure for word in name.key}
    named = tuple(
        frozenset(name.key for name in names if name.sure or name.key[-1] in words)
        for names in found
    )
    meant: list[frozenset[Key]] = []
    for number, reading in enumerate(readings):
        refers = not named[number] or _REFERS.search(reading.text)
        meant.append(_before(number, named, meant) if refers else frozenset())
    every = frozenset(key for keys in named for key in keys)
    counts = Counter(word for keys in named for word in {key[-1] for key in keys})
    most = max(counts.values(), default=0)
    main = frozenset(k for k in every if counts[k[-1]] > 1 and counts[k[-1]] >= MAIN * most)
    places = frozenset(name.key for r in readings for name in r.names if is_place(name, r.text))
    return People(named, tuple(meant), main, every, places)


def is_place(name: Name, text: str) -> bool:
    """Return whether a name stands behind a preposition of place."""
    return _OF_A_PLACE.search(text[max(0, name.start - LOOK_BACK) : name.start]) is not None


def _before(
    number: int, named: tuple[frozenset[Key], ...], meant: list[frozenset[Key]]
) -> frozenset[Key]:
    """Return the names of the last sentence that has any, and whom that refers back to."""
    for back in range(number - 1, max(-1, number - 1 - MEANT_BACK), -1):
        if named[back]:
            return named[back] | meant[back]
    return frozenset()
