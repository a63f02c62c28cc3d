"""By what a sentence may speak to a machine: rules over the phrases of each language.

Orders that only a machine can be given (to forget its instructions, to write its answer in some
way) and orders for a text. That somebody is told to do something is no rule: readers are told to
evacuate, to boil their water and to fold in the egg whites.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from summarizer.text.words import fold, words

NOTHING = r"(?!)"
"""A pattern that no text has: that of a list which a language does not have."""


class Phrases:
    """The lists of one language, each as a pattern that is one of its phrases.

    Args:
        lists: Lists by name; each is a text of phrases with commas between them.
    """

    def __init__(self, lists: dict[str, str]) -> None:
        self._lists = lists

    def __getitem__(self, name: str) -> str:
        """Return the pattern of a list, with the ends of words around it."""
        found = self._any(name)
        return rf"(?<!\w){found}(?!\w)" if found != NOTHING else NOTHING

    def unspaced(self, name: str) -> str:
        """Return the pattern of a list of a language that has no spaces."""
        return self._any(f"unspaced_{name}")

    def _any(self, name: str) -> str:
        phrases = {
            fold(" ".join(phrase.split())) for phrase in self._lists.get(name, "").split(",")
        }
        longest_first = sorted(phrases - {""}, key=lambda phrase: (-len(phrase), phrase))
        return f"(?:{'|'.join(map(_pattern, longest_first))})" if longest_first else NOTHING


def _pattern(phrase: str) -> str:
    return re.escape(phrase).replace(r"\*", r"\w*").replace(r"\ ", " ")


@lru_cache(maxsize=1)
def languages() -> tuple[Phrases, ...]:
    """Return the phrases of every language that there is a file for."""
    files = resources.files("summarizer.screening").joinpath("phrases").iterdir()
    return tuple(
        Phrases(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in sorted(files, key=lambda file: file.name)
        if file.name.endswith(".toml")
    )


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


class Unless(Enum):
    """What an article must be like for a sentence of it to be news all the same."""

    NEVER = auto()
    ON_MACHINES = auto()
    ON_TOPIC = auto()
    ON_TOPIC_OR_TURNING = auto()
    NEAR_THE_TOPIC = auto()


class Cue(NamedTuple):
    """Why a sentence seems to speak to a machine, and where that is news nevertheless.

    ``sure`` says that it does so within a quotation and behind a colon, too.
    """

    why: str
    unless: Unless
    sure: bool = False


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    cue: Cue


CANCELS = Cue("it calls off instructions", Unless.NEVER, sure=True)
ROLE = Cue("it opens with the role of a chat", Unless.ON_MACHINES, sure=True)
ADDRESS = Cue("it speaks to a program that reads the article", Unless.ON_MACHINES, sure=True)
RULE = Cue("it says what a summary of the article must be", Unless.ON_MACHINES, sure=True)
SUMMARY = Cue("it says what a summary must be", Unless.ON_MACHINES)
OUTPUT = Cue("it orders how a summary is to be written", Unless.ON_TOPIC, sure=True)
ANSWER = Cue("it orders how an answer is to be written", Unless.ON_TOPIC_OR_TURNING, sure=True)
PERSONA = Cue("it gives its reader another role", Unless.ON_TOPIC, sure=True)
STATE = Cue("it orders what is to be stated", Unless.NEVER)
RATED = Cue("it orders what to make of the articles", Unless.NEVER)
TEXT = Cue("it orders a text that is off the topic of the article", Unless.ON_TOPIC)
EXPLAIN = Cue("it orders an answer on another topic", Unless.NEAR_THE_TOPIC)
QUESTION = Cue("it asks for knowledge on another topic", Unless.NEAR_THE_TOPIC)


@lru_cache(maxsize=16384)
def cue(sentence: str, *, surely: bool = False) -> Cue | None:
    """Return by what a sentence seems to speak to a machine, or None.

    Args:
        sentence: The sentence as ``plain`` makes it, its quotations blanked out.
        surely: Whether only what is sure counts.
    """
    for rules in _rules():
        for rule in rules:
            if (rule.cue.sure or not surely) and rule.pattern.match(sentence):
                return rule.cue
    return None


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[_Rule, ...], ...]:
    return tuple(_language_rules(phrases) for phrases in languages())


def _language_rules(p: Phrases) -> tuple[_Rule, ...]:
    opens = rf"(?:\W{{0,6}}{p['prelude']}[,:!]?){{0,6}}\W{{0,6}}"
    summary = rf"(?:{p['your']} (?:\w+ ){{0,2}}?{p['output']}|{p['the_output']})"
    answer = rf"{p['your']} (?:\w+ ){{0,2}}?{p['answer']}"
    sources = (
        (CANCELS, _cancelling(p, opens)),
        (ROLE, (rf"\W*{p['role']}\s?[:>\]»]",)),
        (ADDRESS, _addressing(p, opens)),
        (RULE, _ruling(p)),
        (SUMMARY, (rf"\W*(?:{p['any']} )?{p['summary']} {p['must']} {p['begin']}",)),
        (OUTPUT, _answering(p, opens, summary)),
        (OUTPUT, (rf"{opens}(?:\w+ ){{0,12}}?{p['when_you_write']}",)),
        (ANSWER, _answering(p, opens, answer)),
        (PERSONA, (rf"{opens}{p['become']}", rf"[^,.]{{1,40}}, {p['become']}")),
        (STATE, _stating(p, opens)),
        (RATED, (rf"{opens}{p['rate']}\b.{{0,80}}?{p['rated']}",)),
        (TEXT, _ordering_text(p, opens)),
        (QUESTION, (rf"\W*{p['look_up']} .*[?\uff1f]\W*$",)),
        (EXPLAIN, (rf"{opens}{p['explain']},? {p['object']}",)),
    )
    return tuple(_Rule(re.compile("|".join(patterns)), cue) for cue, patterns in sources)


def _stating(p: Phrases, opens: str) -> tuple[str, ...]:
    that = p["say_that"].replace(" dass", ",? dass")
    return tuple(rf"{opens}{order}" for order in (that, p["silence"], p["tell_users"]))


def _cancelling(p: Phrases, opens: str) -> tuple[str, ...]:
    instructions, earlier = p["instructions"], p["earlier"]
    human = rf"(?!.{{0,70}}{instructions}(?: {earlier})? {p['for_people']})"
    called_off = rf"(?:{earlier} (?:\w+ )?{instructions}|{instructions} {earlier})"
    return (
        rf"{opens}{p['cancel']}(?=.{{0,70}}{instructions})(?=.{{0,70}}{earlier}){human}",
        rf"{opens}{p['cancel']}\W.{{0,20}}?{p['told']}",
        rf"{opens}{p['mode']}",
        rf"\W*(?:\w+ ){{0,2}}{called_off},? (?:\w+ )?{p['void']}",
        rf".{{0,20}}?{p.unspaced('cancel')}.{{0,20}}?{p.unspaced('instructions')}"
        rf"|.{{0,20}}?{p.unspaced('instructions')}.{{0,6}}?{p.unspaced('cancel')}",
    )


def _addressing(p: Phrases, opens: str) -> tuple[str, ...]:
    # "AI companies", "model citizens": a noun behind it is what is meant.
    machine = rf"(?:\w+ ){{0,2}}?{p['machine']}"
    says = rf"(?:{p['write']}|{p['begin']})"
    ends = rf"(?=\W*(?:$|[,:!.;—–\]])|\W+(?:\w+ ){{0,2}}{p['process']})"
    return (
        rf"\W*{p['vocative']}\W{{1,2}}{machine}{ends}",
        rf"\W*(?:\w+ ){{0,4}}?{p['note']} {p['note_for']} ?{machine}{ends}",
        rf"{opens}{p['if_you_are']} {machine}{ends}",
        rf"{opens}{p['as_a']} {machine}\b.{{0,40}}?(?:{p['you']}|{p['must']})",
        rf"{opens}{machine},? (?:\w+ ){{0,2}}?{p['process']} {p['self']}",
        rf"\W*{p['who']} (?:\w+ ){{0,4}}?{p['process']} {p['self']}\b.{{0,40}}?{p['must']}",
        rf"\W*{p['who']} {p['self']} (?:\w+ ){{0,2}}?{p['process']}\W.{{0,20}}?{p['must']}",
        rf"\W*{machine}[,:] (?:{p['prelude']} )?{p['write']}",
        rf"\W*{machine}[,:] (?:{p['prelude']} )?{p['rate']}",
        rf"{opens}(?:{p['any']} )?{machine} {p['must']} (?:{p['prelude']} )?{says}",
    )


def _ruling(p: Phrases) -> tuple[str, ...]:
    summary = rf"(?:{p['any']} )?(?:\w+ )?{p['summary']}"
    of_it = rf"(?:(?: {p['of']})? {p['self']})"
    return (
        rf"\W*{summary}{of_it} (?:\w+ )?{p['must']}",
        rf"\W*{p['new_task']}",
    )


def _answering(p: Phrases, opens: str, its: str) -> tuple[str, ...]:
    return (
        rf"{opens}{p['write']}\b.{{0,200}}?{its}",
        rf"{opens}(?:{p['in']} )?{its}(?:\W|$).{{0,30}}?{p['must']}",
        rf"{opens}{p['in']} {its},? ?(?:{p['write']}|{p['rate']})",
        rf"\W*(?:{p['any']} )?\w+ of {its} {p['must']}",
    )


def _ordering_text(p: Phrases, opens: str) -> tuple[str, ...]:
    order = rf"{opens}{p['write']},?"
    return (
        rf"{order} {p['object']}.{{0,60}}?{p['work']}",
        rf"{order} {p['work']}",
        rf"{order} {p['me']}",
        rf"{opens}{p['give_me']}",
        rf"{order} .{{0,80}}?{p['device']}|{order} {p['device']}",
    )
