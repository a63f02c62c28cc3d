"""Which sentences of an article are orders to a machine that reads it, not news.

A sentence counts by three things: its form (``summarizer.text.orders``), whether it talks of
what only such a machine knows (``summarizer.text.machine_talk``), and whether it shares its
content words with the rest of the article. Advice in a service article has the form and
shares the topic; an errand slipped into a report has the form and does not. What is quoted
is somebody's words and is let be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

from summarizer.text import machine_talk as talk
from summarizer.text.commands import BROAD, WRITING
from summarizer.text.forms import Form
from summarizer.text.names import names
from summarizer.text.orders import opening, opens_with_verb
from summarizer.text.utterances import Utterance, utterances
from summarizer.text.words import Word, stem_of, words
from summarizer.types import Span

ALWAYS = 2.0
"""A limit that no share reaches: the sentence is an order whatever the article is about."""

NEVER = -1.0
"""A limit that every share reaches: the sentence is let be."""

LIMITS = {
    Form.WRITE_THAT: ALWAYS,
    Form.SILENCE: ALWAYS,
    Form.GIVE: 0.7,
    Form.WRITE: 0.7,
    Form.HOW_TO: 0.6,
    Form.REQUEST: 0.5,
    Form.ACT: 0.33,
    Form.DUTY: 0.26,
    Form.LOOKUP: 0.26,
    Form.QUESTION: 0.01,
    Form.WHETHER: 0.01,
}
"""The share of its telling words that the rest of the article has, from 0 to 1, from which a
sentence of this form is on topic. Origin: in 235 readings of real pages there were hardly any
orders to write, while advice and rhetorical questions lie above."""

STRANGE_NAME = 0.4
"""The least limit where the sentence names somebody or something that the article does not:
"What are the main causes of the First World War?" shares "main" and "causes" with much."""

LEAST_TELLING = {
    Form.WRITE: 0,
    Form.GIVE: 0,
    Form.QUESTION: 2,
    Form.WHETHER: 3,
    Form.ACT: 2,
    Form.DUTY: 2,
}
"""Telling words without which nothing can be said of a sentence's topic ("Why now?")."""

SPOKEN_TO = 0.2
"""The limit of a sentence that only turns to its reader, in an article that else does not."""

TALKATIVE = 2
"""An article more sentences of which turn to the reader is a column, a letter or a guide."""

COMPANION = 0.5
"""The share under which an order beside one that was found goes with it."""

MANY_ADVICES, MUCH_ADVICE = 3, 0.1
"""An article with more pieces of advice than that, in number and as a share of its sentences,
is a guide: what two of them speak of belongs to its topic."""

_SPOKEN = "it speaks to its reader and is off the topic of the article"
_PLEA = re.compile(r"\W*(?:please|stop|wait|bitte|por favor)\b\W*(?:\w+\W*){0,3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Directive:
    """A sentence that is an order to a machine, and by what it was known."""

    span: Span
    why: str


class _Cue(NamedTuple):
    """Why a sentence may be an order, and the share of telling words from which it is none.

    ``limit_on_machines`` is the limit in an article about machines that read and write.
    """

    why: str
    limit: float
    limit_on_machines: float | None = None


def directives(
    text: str, body: Iterable[Span], *, language: str = "en", title: str = ""
) -> tuple[Directive, ...]:
    """Return the sentences of ``body`` that are orders to a machine, in order.

    Args:
        text: The article's text.
        body: The spans of it that are the article.
        language: The article's language; each sentence is read in its own.
        title: The headline, which tells the topic too.
    """
    found = list(utterances(text, body, language))
    cues = _without_small_talk([_cue(sentence) for sentence in found])
    topic = _Topic(found, cues, title, language)
    why = {
        number: cue.why
        for number, (sentence, cue) in enumerate(zip(found, cues, strict=True))
        if cue and topic.is_off(sentence, cue)
    }
    _add_companions(found, why, topic)
    return tuple(Directive(found[number].span, why[number]) for number in sorted(why))


def _without_small_talk(cues: list[_Cue | None]) -> list[_Cue | None]:
    """Return the cues; in an article that turns to its reader often, that alone is none."""
    spoken = sum(cue is not None and cue.why == _SPOKEN for cue in cues)
    if spoken <= TALKATIVE:
        return cues
    return [None if cue is not None and cue.why == _SPOKEN else cue for cue in cues]


class _Topic:
    """What an article is about: the words of the sentences that nothing is to be said against."""

    def __init__(
        self, found: Sequence[Utterance], cues: Sequence[_Cue | None], title: str, language: str
    ) -> None:
        self._language = language
        plain = (sentence.clean for sentence, cue in zip(found, cues, strict=True) if cue is None)
        self._told = (title, *plain)
        advice = [s.clean for s in found if s.order and s.order.form is Form.ACT]
        is_guide = len(advice) > max(MANY_ADVICES, len(found) * MUCH_ADVICE)
        self._advice = advice if is_guide else []

    @cached_property
    def _stems(self) -> set[str]:
        """The words that the sentence in question is held against."""
        told = {word.stem for text in self._told for word in self._words(text)}
        advised = (stem for text in self._advice for stem in {w.stem for w in self._words(text)})
        return told | {stem for stem, times in Counter(advised).items() if times > 1}

    @cached_property
    def _on_machines(self) -> bool:
        title, *rest = (bool(talk.ABOUT_MACHINES.search(text)) for text in self._told)
        return title or sum(rest) > 1

    def is_off(self, sentence: Utterance, cue: _Cue) -> bool:
        """Return whether a sentence is too far from the topic for what its cue says."""
        limit = cue.limit
        if cue.limit_on_machines is not None and self._on_machines:
            limit = cue.limit_on_machines
        if limit in (ALWAYS, NEVER):
            return limit == ALWAYS
        telling = self._telling(sentence)
        spoken = cue.why == _SPOKEN
        strange = not spoken and self._is_strange(sentence)
        least = LEAST_TELLING.get(sentence.order.form, 1) if sentence.order else 1 + spoken
        if len(telling) < (1 if strange else least):
            return False
        return self._share(telling) < (max(limit, STRANGE_NAME) if strange else limit)

    def may_go_with(self, sentence: Utterance) -> bool:
        """Return whether a sentence says too little of the topic to stand beside an order."""
        return self._share(self._telling(sentence)) < COMPANION

    def _telling(self, sentence: Utterance) -> set[str]:
        verb = stem_of(sentence.order.verb, self._language)[0] if sentence.order else ""
        found = {word.stem for word in self._words(sentence.clean) if word.text.isalpha()}
        return found - BROAD - {verb}

    def _share(self, telling: set[str]) -> float:
        return len(telling & self._stems) / max(1, len(telling))

    def _is_strange(self, sentence: Utterance) -> bool:
        """Return whether a sentence names something and the article names none of it."""
        named = [name for name in names(sentence.clean.lstrip("¿¡")) if name.sure]
        return bool(named) and not any(
            word.stem in self._stems for name in named for word in self._words(name.text)
        )

    def _words(self, text: str) -> Iterator[Word]:
        return (word for word in words(text, self._language) if not word.stop)


def _cue(sentence: Utterance) -> _Cue | None:
    if sentence.block or talk.MARKUP.search(sentence.clean):
        return _Cue("it has the markup of a chat", ALWAYS)
    if sentence.quoted:
        hidden = talk.OVERRIDE.match(sentence.clean.strip("\"'“”„‘’«» "))
        told = re.search(r"\w", sentence.own)
        return None if told or not hidden else _Cue("it calls off instructions", ALWAYS, NEVER)
    return _addressed(sentence) or _ordered(sentence)


def _addressed(sentence: Utterance) -> _Cue | None:
    """Return the cue of a sentence that is spoken to a machine."""
    own = sentence.own
    if any(talk.OVERRIDE.match(part) for part in opening(own)):
        return _Cue("it calls off earlier instructions", ALWAYS)
    if talk.ROLE.match(own):
        return _Cue("it opens with the role of a chat", ALWAYS, NEVER)
    if talk.REVOKED.match(own):
        return _Cue("it calls off earlier instructions", 0.5)
    if talk.MACHINE_ADDRESS.match(own):
        return _Cue("it speaks to an AI", ALWAYS, 0.5)
    if talk.MACHINE_RULE.match(own):
        return _Cue("it says what a machine must do", 0.7, 0.3)
    if talk.NEW_ROLE.match(own):
        return _Cue("it gives its reader another role", 0.7)
    if talk.ANSWER_RULE.match(own):
        return _Cue("it says what an answer must be", ALWAYS, 0.5)
    if talk.ANSWER_TALK.search(own):
        ordered = sentence.order is not None or opens_with_verb(own)
        return _Cue("it speaks of the answer of its reader", ALWAYS if ordered else 0.5)
    return None


def _ordered(sentence: Utterance) -> _Cue | None:
    """Return the cue of a sentence that orders or asks something of whoever reads it."""
    if sentence.order is None:
        spoken = talk.SPEAKS_TO_YOU.search(sentence.own)
        return _Cue(_SPOKEN, SPOKEN_TO) if spoken else None
    form = sentence.order.form
    limit = LIMITS[form]
    if talk.WRITTEN_THINGS.search(sentence.own):
        limit = {Form.WRITE: ALWAYS, Form.ACT: 0.6}.get(form, limit)
    if form is Form.DUTY and sentence.order.verb in WRITING:
        limit = LIMITS[Form.WRITE]
    return _Cue(f"it {form.value} and is off the topic of the article", limit)


def _add_companions(found: Sequence[Utterance], why: dict[int, str], topic: _Topic) -> None:
    """Add orders and requests beside one that was found, in its paragraph."""
    for _, group in groupby(range(len(found)), key=lambda number: found[number].paragraph):
        numbers = list(group)
        for run in (numbers, numbers[::-1]):
            for before, number in pairwise(run):
                if before in why and _is_companion(found[number], topic):
                    why.setdefault(number, "it goes with the order beside it")


def _is_companion(sentence: Utterance, topic: _Topic) -> bool:
    if sentence.quoted:
        return False
    if sentence.order is None:
        return _PLEA.fullmatch(sentence.own) is not None
    asks = sentence.order.form in (Form.LOOKUP, Form.QUESTION, Form.WHETHER)
    return not asks and topic.may_go_with(sentence)
