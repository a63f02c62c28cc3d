"""What an article is about, and whom it turns to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from summarizer.screening.phrases import languages
from summarizer.text.words import words

ON_TOPIC = 0.5
"""The share of its telling words that the rest of the article has from which a sentence is on
its topic. Orders for a text that were put into real articles share a quarter at most."""

FAR_OFF = 0.25
"""The same from which a sentence is not surely on another topic, where people do give orders: in
quotations, and in articles that turn to their readers."""

LEAST_TELLING = 2
"""Telling words of a sentence under which it has no topic of its own: "List two"."""

MANY_TURNS = 3
"""Sentences that turn to readers from which an article is a guide, a letter or a warning."""

ABOUT_MACHINES = 2
"""Sentences that name such machines from which an article is about them."""

_YOU = re.compile("|".join(each["you"] for each in languages()))
# "You must also report that": whoever is told so need be no reader.
_DUTY = re.compile(r"^\W*you (?:must|should|shall|have to|need to|will|are to)\b")
_TURNS = re.compile("|".join(rf"^\W*{each['opens_advice']}|{each['you']}" for each in languages()))
_MACHINES = re.compile("|".join(each["about_machines"] for each in languages()))


class Topic:
    """The words of an article outside the sentences that are in question.

    Args:
        told: The other sentences, folded, their quotations blanked out.
        written: The same as they are written.
        title: The headline.
        language: The article's language.
    """

    def __init__(
        self, told: Sequence[str], written: Iterable[str], title: str, language: str
    ) -> None:
        self._language = language
        self._stems = {stem for text in (title, *written) for stem in self._telling(text)}
        self.is_on_machines = sum(map(bool, map(_MACHINES.search, told))) >= ABOUT_MACHINES
        self.turns_to_readers = sum(map(bool, map(_TURNS.search, told))) >= MANY_TURNS

    @staticmethod
    def says_you(sentence: str) -> bool:
        """Return whether a sentence, folded, speaks of its reader or its writer."""
        return _YOU.search(_DUTY.sub("", sentence)) is not None

    def is_off(self, sentence: str) -> bool:
        """Return whether a sentence says hardly anything of what the article is about."""
        telling = self._telling(sentence)
        return len(telling & self._stems) < ON_TOPIC * max(1, len(telling))

    def is_far_off(self, sentence: str) -> bool:
        """Return whether next to none of a sentence's telling words is in the article."""
        telling = self._telling(sentence)
        shared = len(telling & self._stems)
        return len(telling) >= LEAST_TELLING and shared <= FAR_OFF * len(telling)

    def _telling(self, text: str) -> frozenset[str]:
        found = words(text, self._language)
        return frozenset(word.stem for word in found if not word.stop and word.text.isalpha())
