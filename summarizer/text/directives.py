"""Which sentences of an article are orders to a machine that reads it, not news.

A sentence counts by three things: its form (``summarizer.text.orders``), whether it talks of
what only such a machine knows (``summarizer.text.machine_talk``), and whether it shares its
content words with the rest of the article. Advice in a service article has the form and
shares the topic; an errand slipped into a report has the form and does not. What is quoted
is somebody's words and is let be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from summarizer.text.cues import NEVER, Cue, cue
from summarizer.text.forms import Form
from summarizer.text.hidden import Surroundings
from summarizer.text.topic import Topic
from summarizer.text.utterances import Utterance, utterances
from summarizer.types import Span

TALKATIVE = 2
"""An article more sentences of which turn to the reader is a column, a letter or a guide."""

TITLE_LIMIT = 0.2
"""The share of its telling words that the article has from which a headline is its own."""

_PLEA = re.compile(r"\W*(?:please|stop|wait|bitte|por favor)\b\W*(?:\w+\W*){0,3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Directive:
    """A sentence that is an order to a machine, and by what it was known."""

    span: Span
    why: str


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
    around = Surroundings([sentence.clean for sentence in found], language)
    cues = _without_small_talk([cue(sentence, around) for sentence in found])
    topic = Topic(found, cues, title, language)
    why = {
        number: known.why
        for number, (sentence, known) in enumerate(zip(found, cues, strict=True))
        if known and topic.is_off(sentence, known)
    }
    _add_companions(found, cues, why, topic)
    return tuple(Directive(found[number].span, why[number]) for number in sorted(why))


def order_in_title(title: str, text: str, body: Iterable[Span], *, language: str = "en") -> str:
    """Return by what a headline is an order to a machine; nothing where it is a headline.

    Headlines do order and ask, of what their article is about.
    """
    found = list(utterances(text, body, language))
    around = Surroundings([sentence.clean for sentence in found], language)
    topic = Topic(found, [cue(sentence, around) for sentence in found], "", language)
    for sentence in utterances(title, [Span(0, len(title))], language):
        # A headline has too few words to tell its language.
        known = cue(sentence, Surroundings((), ""))
        if known is None or known.spoken:
            continue
        if known.limit_in_guide is not None:
            known = Cue(known.why, min(known.limit, TITLE_LIMIT))
        if topic.is_off(sentence, known):
            return known.why
    return ""


def _without_small_talk(cues: list[Cue | None]) -> list[Cue | None]:
    """Return the cues; in an article that turns to its reader often, that alone is none."""
    if sum(known is not None and known.spoken for known in cues) <= TALKATIVE:
        return cues
    return [None if known is not None and known.spoken else known for known in cues]


def _add_companions(
    found: Sequence[Utterance], cues: Sequence[Cue | None], why: dict[int, str], topic: Topic
) -> None:
    """Add orders and requests beside one that was found, in its paragraph."""
    for _, group in groupby(range(len(found)), key=lambda number: found[number].paragraph):
        numbers = list(group)
        for run in (numbers, numbers[::-1]):
            for before, number in pairwise(run):
                if before in why and _is_companion(found[number], cues[number], topic):
                    why.setdefault(number, "it goes with the order beside it")


def _is_companion(sentence: Utterance, known: Cue | None, topic: Topic) -> bool:
    if sentence.quoted:
        return False
    if sentence.order is None or known is None:
        return _PLEA.fullmatch(sentence.own) is not None
    asks = sentence.order.form in (Form.LOOKUP, Form.QUESTION, Form.WHETHER)
    return not asks and known.limit != NEVER and topic.may_go_with(sentence)
