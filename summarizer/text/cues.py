"""By what a sentence may be an order to a machine, before it is known what the article is about."""

from __future__ import annotations

from typing import NamedTuple

from summarizer.text import machine_talk as talk
from summarizer.text.commands import TALKING, WRITING
from summarizer.text.forms import Form, Order
from summarizer.text.hidden import Surroundings
from summarizer.text.orders import opening, opens_with_verb
from summarizer.text.unquoted import BLANK
from summarizer.text.utterances import Utterance

ALWAYS = 2.0
"""A limit that no share reaches: the sentence is an order whatever the article is about."""

NEVER = -1.0
"""A limit that every share reaches: the sentence is let be."""

LIMITS = {
    Form.WRITE_THAT: ALWAYS,
    Form.SILENCE: ALWAYS,
    Form.GIVE: 0.7,
    Form.WRITE: 0.75,
    Form.HOW_TO: 0.6,
    Form.REQUEST: 0.5,
    Form.ACT: 0.6,
    Form.DUTY: 0.26,
    Form.LOOKUP: 0.5,
    Form.QUESTION: 0.01,
    Form.WHETHER: 0.01,
}
"""The share of its telling words that the rest of the article has, from 0 to 1, from which a
sentence of this form is on topic. Origin: in 235 readings of real pages there were hardly any
orders in a report, while what a reader may do about it, and rhetorical questions, lie above."""

GUIDE_LIMITS = {
    Form.GIVE: 0.26,
    Form.WRITE: 0.6,
    Form.HOW_TO: 0.01,
    Form.REQUEST: 0.26,
    Form.ACT: 0.15,
    Form.DUTY: 0.15,
    Form.LOOKUP: 0.01,
    Form.QUESTION: NEVER,
    Form.WHETHER: NEVER,
}
"""The same in a guide, a letter or an interview, which advise or ask all along."""

QUOTED_LIMITS = {
    Form.WRITE_THAT: 0.2,
    Form.SILENCE: 0.2,
    Form.WRITE: 0.34,
    Form.HOW_TO: 0.01,
    Form.LOOKUP: 0.01,
    Form.REQUEST: 0.01,
    Form.ACT: 0.01,
    Form.QUESTION: 0.01,
}
"""The same within a quotation. The people of the news command and ask one another, but of what
the news is about."""

TO_ORDER = 0.95
"""The limit of an order for a text, or on what to make of this one or the others."""

QUOTED_ROLE = 0.2
"""The limit of giving somebody another role within a quotation."""

QUOTED_ANSWER = 0.6
"""The limit of talk of "your answer" within a quotation: people do answer one another."""

TALKING_LIMIT = 0.33
"""The limit of an order with which a page turns to its reader of its own accord."""

SPOKEN_TO = 0.2
"""The limit of a sentence that only turns to its reader, in an article that else does not."""


class Cue(NamedTuple):
    """Why a sentence may be an order, and the share of telling words from which it is none.

    ``limit_on_machines`` is the limit in an article about machines that read and write,
    ``limit_in_guide`` in one that advises its reader or asks questions all along. ``spoken``
    says that the sentence does no more than turn to its reader.
    """

    why: str
    limit: float
    limit_on_machines: float | None = None
    limit_in_guide: float | None = None
    spoken: bool = False


def cue(sentence: Utterance, around: Surroundings) -> Cue | None:
    """Return by what a sentence may be an order, or None where it reads like news."""
    if sentence.block or talk.MARKUP.search(sentence.clean):
        return Cue("it has the markup of a chat", ALWAYS)
    if sentence.inside:
        return _quoted(sentence)
    hidden = None if BLANK in sentence.own else around.hides(sentence.clean)
    if hidden is not None:
        return Cue(hidden, ALWAYS)
    return None if sentence.quoted else _addressed(sentence) or _ordered(sentence)


def _quoted(sentence: Utterance) -> Cue | None:
    """Return the cue of a sentence that lies in a quotation from end to end.

    People do say such things; but whoever can put a sentence into a page can put it between
    quotation marks, or into a quotation that somebody else has begun.
    """
    own, order = sentence.own, sentence.order
    if talk.OVERRIDE.match(own):
        return Cue("it calls off instructions", ALWAYS, NEVER)
    if talk.MACHINE_ADDRESS.match(own):
        return Cue("it speaks to an AI", ALWAYS, NEVER)
    if talk.NEW_ROLE.match(own):
        return Cue("it gives its reader another role", QUOTED_ROLE, NEVER)
    if (order is not None or opens_with_verb(own)) and talk.ANSWER_TALK.search(own):
        share = QUOTED_ANSWER if sentence.quoting or order is None else ALWAYS
        return Cue("it speaks of the answer of its reader", share, NEVER)
    if order is None or sentence.quoting:
        return None
    limit = QUOTED_LIMITS.get(_limit(order, own)[0])
    why = f"it {order.form.value} and is off the topic of the article"
    return None if limit is None else Cue(why, limit, NEVER)


def _addressed(sentence: Utterance) -> Cue | None:
    """Return the cue of a sentence that is spoken to a machine."""
    own = sentence.own
    if any(talk.OVERRIDE.match(part) for part in opening(own)):
        return Cue("it calls off earlier instructions", ALWAYS)
    if talk.ROLE.match(own):
        return Cue("it opens with the role of a chat", ALWAYS, NEVER)
    if talk.REVOKED.match(own):
        return Cue("it calls off earlier instructions", 0.5)
    if talk.MACHINE_ADDRESS.match(own):
        return Cue("it speaks to an AI", ALWAYS, 0.5)
    if talk.MACHINE_RULE.match(own):
        return Cue("it says what a machine must do", 0.7, 0.3)
    if talk.NEW_ROLE.match(own):
        return Cue("it gives its reader another role", 0.7)
    if talk.ANSWER_RULE.match(own):
        return Cue("it says what an answer must be", ALWAYS, 0.5)
    if talk.ANSWER_TALK.search(own):
        ordered = sentence.order is not None or opens_with_verb(own)
        return Cue("it speaks of the answer of its reader", ALWAYS if ordered else 0.5)
    return None


def _ordered(sentence: Utterance) -> Cue | None:
    """Return the cue of a sentence that orders or asks something of whoever reads it."""
    if talk.ABOUT_YOU.match(sentence.own):
        return Cue("it asks its reader about itself", ALWAYS, None, NEVER)
    if sentence.order is None:
        if talk.SPEAKS_TO_YOU.search(sentence.own):
            return Cue(
                "it speaks to its reader and is off the topic of the article",
                SPOKEN_TO,
                spoken=True,
            )
        return None
    form, limit = _limit(sentence.order, sentence.own)
    why = f"it {sentence.order.form.value} and is off the topic of the article"
    return Cue(why, limit, None, min(limit, GUIDE_LIMITS.get(form, limit)))


def _limit(order: Order, own: str) -> tuple[Form, float]:
    """Return what an order comes to, and the limit of that in a report."""
    form = Form.WRITE if order.form is Form.DUTY and order.verb in WRITING else order.form
    if form is Form.WRITE and order.form is form and talk.WRITTEN_THINGS.search(own):
        return Form.WRITE_THAT, ALWAYS
    if form is Form.HOW_TO and talk.IN_LANGUAGE.search(own):
        return Form.WRITE, LIMITS[Form.WRITE]
    if form is Form.ACT and order.verb in TALKING and not talk.WRITTEN_THINGS.search(own):
        return form, NEVER if talk.CHANNELS.search(own) else TALKING_LIMIT
    if form in (Form.ACT, Form.WRITE, Form.GIVE) and (
        talk.TEXTS.search(own) or talk.SELF.search(own)
    ):
        return Form.WRITE, TO_ORDER
    return form, LIMITS[form]
