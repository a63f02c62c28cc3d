"""Which sentences ask: they make no claim, and a model may take them for its own to answer."""

from __future__ import annotations

from summarizer.text.attribution import named_speaker

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
