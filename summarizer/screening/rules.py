"""By what a sentence may speak to a machine: rules over the phrases of each language.

Orders that only a machine can be given (to forget its instructions, to write its answer in some
way) and orders for a text. That somebody is told to do something is no rule: readers are told to
evacuate, to boil their water and to fold in the egg whites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

from summarizer.text.data import fill_in, load
from summarizer.text.words import fold, words

# The share of its telling words that the rest of the article has from which a sentence is on its
# topic. Orders for a text that were put into real articles share a quarter, short ones by chance a
# half: at .5 four of 75 became facts without a model, at .65 none, and no more news is cut.
ON_TOPIC = 0.65
# The same from which a sentence is not surely on another topic, where people do give orders: in
# quotations, and in articles that turn to their readers.
FAR_OFF = 0.25
# Telling words of a sentence under which it has no topic of its own: "List two".
LEAST_TELLING = 2
# Sentences that turn to readers from which an article is a guide, a letter or a warning, and
# sentences that name machines that read from which it is about them.
MANY_TURNS, ABOUT_MACHINES = 3, 2

_NOTHING = r"(?!)"  # the pattern of a list which a language does not have


class Unless(StrEnum):
    """What an article must be like for a sentence of it to be news all the same."""

    NEVER = "never"
    ON_MACHINES = "on_machines"
    ON_TOPIC = "on_topic"
    ON_TOPIC_OR_TURNING = "on_topic_or_turning"
    NEAR_THE_TOPIC = "near_the_topic"


class Cue(NamedTuple):
    """Why a sentence seems to speak to a machine, and where that is news nevertheless.

    ``sure`` says that it does so within a quotation and behind a colon, too.
    """

    why: str
    unless: Unless = Unless.NEVER
    sure: bool = False


@lru_cache(maxsize=16384)
def cue(sentence: str, *, surely: bool = False) -> Cue | None:
    """Return by what a sentence seems to speak to a machine, or None.

    The sentence is as ``plain`` makes it, its quotations blanked out; with ``surely`` only what is
    sure counts.
    """
    rules = (rule for rule in _load_rules() if rule[1].sure or not surely)
    return next((known for pattern, known in rules if pattern.match(sentence)), None)


@lru_cache(maxsize=1)
def _load_rules() -> tuple[tuple[re.Pattern[str], Cue], ...]:
    table = load("cues", __package__)
    rules = []
    for named in _load_phrases():
        for row in table["cue"]:
            filled = fill_in("|".join(row["patterns"]), {**named, **table["abbreviations"]})
            known = Cue(row["why"], Unless(row["unless"]), row.get("sure", False))
            rules.append((re.compile(filled), known))
    return tuple(rules)


@lru_cache(maxsize=1)
def _load_phrases() -> tuple[dict[str, str], ...]:
    """Return by language the patterns of all lists; one that it does not have matches nothing."""
    names = sorted(file.name for file in files(__package__).joinpath("phrases").iterdir())
    languages = [load(f"phrases/{name.removesuffix('.toml')}", __package__) for name in names]
    nothing = dict.fromkeys(chain(*languages), _NOTHING)
    return tuple(nothing | {x: _any_phrase(x, lists[x]) for x in lists} for lists in languages)


def _any_phrase(name: str, phrases: str) -> str:
    """Return the pattern of any of some phrases with commas between them; "*" is any ending."""
    folded = {fold(" ".join(phrase.split())) for phrase in phrases.split(",")} - {""}
    longest_first = sorted(folded, key=lambda phrase: (-len(phrase), phrase))
    escaped = (re.escape(phrase).replace(r"\*", r"\w*") for phrase in longest_first)
    # German puts a comma before its "that".
    spaced = (phrase.replace(r"\ dass", ",? dass").replace(r"\ ", " ") for phrase in escaped)
    either = f"(?:{'|'.join(spaced)})"
    return either if name.startswith("unspaced_") else rf"(?<!\w){either}(?!\w)"


def _in_any_language(pattern: str) -> re.Pattern[str]:
    return re.compile("|".join(fill_in(pattern, named) for named in _load_phrases()))


_YOU = _in_any_language("<you>")
# "You must also report that": whoever is told so need be no reader.
_DUTY = re.compile(r"^\W*you (?:must|should|shall|have to|need to|will|are to)\b")
_TURNS = _in_any_language(r"^\W*<opens_advice>|<you>")
_MACHINES = _in_any_language("<about_machines>")


class Topic:
    """The words of an article outside the sentences that are in question.

    ``told`` are its other sentences, folded and with their quotations blanked out, ``written`` the
    same as they stand there.
    """

    def __init__(
        self, told: Sequence[str], written: Iterable[str], title: str, language: str
    ) -> None:
        self._language = language
        self._stems = {stem for text in (title, *written) for stem in self._telling_stems(text)}
        self.is_on_machines = sum(map(bool, map(_MACHINES.search, told))) >= ABOUT_MACHINES
        self.turns_to_readers = sum(map(bool, map(_TURNS.search, told))) >= MANY_TURNS

    @staticmethod
    def says_you(sentence: str) -> bool:
        """Return whether a sentence, folded, speaks of its reader or its writer."""
        return _YOU.search(_DUTY.sub("", sentence)) is not None

    def is_off(self, sentence: str) -> bool:
        """Return whether a sentence says hardly anything of what the article is about."""
        telling = self._telling_stems(sentence)
        return len(telling & self._stems) < ON_TOPIC * max(1, len(telling))

    def is_far_off(self, sentence: str) -> bool:
        """Return whether next to none of a sentence's telling words is in the article."""
        telling = self._telling_stems(sentence)
        shared = len(telling & self._stems)
        return len(telling) >= LEAST_TELLING and shared <= FAR_OFF * len(telling)

    def _telling_stems(self, text: str) -> frozenset[str]:
        each = words(text, self._language)
        return frozenset(word.stem for word in each if not word.stop and word.text.isalpha())
