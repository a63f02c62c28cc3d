"""Statements that state nothing: they tell or ask a machine something.

The screen reads an article; this reads what a model made of one. A model that was talked into
something may give the order back as if it were news.
"""

from __future__ import annotations

import re
from enum import Enum

from summarizer.screening.invisible import plain
from summarizer.screening.rules import cue
from summarizer.text.attribution import named_speaker
from summarizer.text.sentences import BLANK, sentences, unquoted
from summarizer.types import Article, Span

QUESTION_MARKS = ("?", "？", "؟", "\u037e")
"""How a question ends in Latin, Chinese and Japanese, Arabic, and Greek script."""

_WHO_ASKED = frozenset(("who", "whom", "whose", "what", "which", "how", "why", "where", "when"))
"""What seems a speaker in "Who said so?", and is what is asked for."""

_CLOSING = " \x1a)'\"”’»"


def is_question(sentence: str) -> bool:
    """Return whether a sentence ends in a question mark."""
    return sentence.rstrip(_CLOSING).endswith(QUESTION_MARKS)


def asks_reader(sentence: str) -> bool:
    """Return whether a sentence asks, and nobody is said to have asked it: it makes no claim."""
    if not is_question(sentence):
        return False
    speaker = named_speaker(sentence)
    return speaker is None or speaker.partition(" ")[0].lower() in _WHO_ASKED


_LABEL = re.compile(r"\W*(?:[\w-]+ ){0,3}[\w-]+: ")


class Address(Enum):
    """How a statement turns to its reader."""

    ORDER = "it tells or asks its reader something and reports nothing"


def address(statement: str) -> Address | None:
    """Return how a statement turns to its reader, or None where it states something.

    What stands behind a label ("Note: ...") is looked at without it, too. What readers are told
    to do ("Keep every receipt") is news.
    """
    own = unquoted(statement)
    if asks_reader(own):
        return Address.ORDER
    label = _LABEL.match(own)
    starts = (own, own[label.end() :]) if label else (own,)
    for text in starts:
        known = cue(plain(text))
        if known and (known.sure or not named_speaker(text)):
            return Address.ORDER
    return None


def quoted_sentences(article: Article) -> tuple[Span, ...]:
    """Return the sentences of a body that open inside a quotation: somebody's words, in order."""
    found = []
    for part in article.body:
        own = unquoted(part.of(article.text))
        for span in sentences(article.text, part):
            if (
                own[span.start - part.start : span.end - part.start]
                .lstrip(" -–—•*([")
                .startswith(BLANK)
            ):
                found.append(span)
    return tuple(found)
