# ruff: noqa: SIM905  (a word list reads best as words)
"""Which sentences ask something, and of which kind: for help, for knowledge, or of the news."""

from __future__ import annotations

import re

from summarizer.text.attribution import named_speaker
from summarizer.text.forms import Form, Order
from summarizer.text.machine_talk import IN_LANGUAGE

_ASKS = re.compile(
    r"[^\w\x1a]*(?:(?:and|but|so|then|ok|now|also|finally|y|und|et)\b,? )?(?:in|on|at|for|to|by|"
    r"with|from|of|since|en|à|de|a)?\b ?"
    r"(?:should i|may i|am i|shall i|wh(?:at|o|om|ose|ich|y|en|ere)|how|is|are|do|does|can|"
    r"(?:what|who|how|where)['’]s|"
    r"was|wer|wie|wo|wann|warum|wieso|welche[rsnm]?|wieviele?|ist|sind|kann|gibt|hat|"
    r"qué|que|quién|quien|cuál|cual|cuáles|cuándo|cómo|como|dónde|donde|cuánt[oa]s?|por qué|es|"
    r"qui|quels?|quelles?|quand|comment|où|pourquoi|combien|est-ce|qu['’]est)\b",
    re.IGNORECASE,
)
_HELP_ME = re.compile(
    r"\b(?:how|what|where|which|when) (?:do|can|should|could|would|might) (?:i|you say|one)\b"
    r"|\b(?:should|can|could|may|am|shall|do) i\b|^\W*how would you\b"
    r"|\b(?:help|show|give|tell|teach|send|recommend|suggest|explain)(?: to)? me\b"
    r"|\bthe following\b|\bmy\b|\bin (?:(?:simple|plain) terms|javascript|python)\b"
    r"|\bdo you (?:know|have|think|recommend)\b|\bwie (?:kann|mache|sage) (?:ich|man)\b"
    r"|\bcómo (?:puedo|se dice)\b|\bcomment (?:puis-je|dit-on)\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(
    r"\W*(?:(?:and|but|so|then|or)\b,? )?(?:is|are|do|does|can|ist|sind|kann|gibt|hat|es|est-ce)\b",
    re.IGNORECASE,
)
_LOOKUP = re.compile(
    r"\W*(?:(?:what|which|who)(?: is| are| was| were|['’]s) (?:the|an?|another)\b"
    r"|(?:what|which) \w+ (?:has|have|is|are) the \w+|how (?:do|does|many|much|far|tall|high)\b"
    r"|(?:was|wer) (?:ist|sind) (?:der|die|das)\b|wie (?:hoch|viele?|groß|weit|alt)\b"
    r"|(?:cuál|cuáles|quién) (?:es|son|fue) (?:el|la|los|las)\b"
    r"|(?:quel|quelle|quels|quelles) (?:est|sont) (?:l|le|la|les)\b)",
    re.IGNORECASE,
)
QUESTION_MARKS = ("?", "？", "؟", "\u037e")
"""How a question ends in Latin, Chinese and Japanese, Arabic, and Greek script."""

_WHO_ASKED = frozenset("who whom whose what which how why where when".split())
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


def question(sentence: str) -> Order | None:
    """Return what a sentence asks, its quotations blanked out, or None."""
    if not is_question(sentence) or not _ASKS.match(sentence):
        return None
    if _HELP_ME.search(sentence) or IN_LANGUAGE.search(sentence):
        return Order(Form.HOW_TO, "")
    if _LOOKUP.match(sentence):
        return Order(Form.LOOKUP, "")
    return Order(Form.WHETHER if _WHETHER.match(sentence) else Form.QUESTION, "")
