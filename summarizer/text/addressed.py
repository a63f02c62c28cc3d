"""Statements that state nothing: they tell or ask whoever reads them something.

The screen reads an article; this reads what a model made of one. A model that was talked into
something may give the order back as if it were news.
"""

from __future__ import annotations

import re
from enum import Enum

from summarizer.text import machine_talk as talk
from summarizer.text.forms import Form
from summarizer.text.orders import FINITE, opens_with_verb, order
from summarizer.text.questions import asks_reader
from summarizer.text.unquoted import unquoted

_LABEL = re.compile(r"\W*(?P<words>(?:[\w-]+ ){0,3}[\w-]+): ")
_ADVICE = (Form.ACT, Form.DUTY)


class Address(Enum):
    """How a statement turns to its reader."""

    ORDER = "it tells or asks its reader something and reports nothing"
    ADVICE = "it tells its reader what to do and reports nothing"


def address(statement: str, language: str = "en") -> Address | None:
    """Return how a statement turns to its reader, or None where it states something.

    What stands behind a label ("Note: …") is looked at without it.
    """
    own = unquoted(statement)
    label = _LABEL.match(own)
    if label and (" " not in label["words"] or not FINITE.search(label[0])):
        own = own[label.end() :]
    if _speaks_to_machine(own) or asks_reader(own):
        return Address.ORDER
    found = order(own, language)
    if found is None:
        return None
    return Address.ADVICE if found.form in _ADVICE else Address.ORDER


def _speaks_to_machine(own: str) -> bool:
    if any(p.match(own) for p in (talk.OVERRIDE, talk.MACHINE_ADDRESS, talk.ANSWER_RULE)):
        return True
    return opens_with_verb(own) and talk.ANSWER_TALK.search(own) is not None
