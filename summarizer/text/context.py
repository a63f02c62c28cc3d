"""Whether a reader can place a text who reads nothing else of its article."""

from __future__ import annotations

import re

from summarizer.text.data import load

_ANAPHORA = re.compile(
    r"(?:(?:and|but|also|still|so|yet|instead|meanwhile|however|with|for|to|from|in|at|of),?\s)?"
    r"(?:(?:he|she|it|they|her|him|them|his|hers|its|their|theirs|this|that|these|those|here)"
    r"|(?-i:Such|Both(?! the\b)|Neither|Some|Others?"
    r"|The (?:other|former|latter|two|three|move|comments?|remarks?|latest|same)))\b"
    r"(?! who| \w+ who)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"][^“”\"]*(?:[”\"]|$)")
_FIRST_PERSON = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me)\b(?!\.)")
_NOUNS = "|".join(load("lexicon")["pointing"]["nouns"].split())
_POINTING = re.compile(
    rf"\b[Tt]he (?:{_NOUNS})(?:['’]s)?"
    r"(?= (?:will|would|[a-z]+ed|had|[a-z]+s|were|are|have)\b|[,.])"
    r"|\b[Tt]h(?:ese|ose|is) (?!(?:week|month|year|morning|afternoon|evening|spring|summer|fall"
    r"|autumn|winter|time|is|was|are|were|who|which|in|of|that)\b)[a-z]+"
)


def leans_on_context(text: str) -> bool:
    """Return whether a text begins with a word for what was named before it: "That means …"."""
    return _ANAPHORA.match(text) is not None


def stands_alone(text: str, *, has_speaker: bool = False) -> bool:
    """Return whether a reader can place a text who reads nothing else of its article.

    Args:
        text: A sentence as it stands in the article.
        has_speaker: Whether who said it is told beside it.
    """
    outside = _QUOTED.sub(" ", text)
    if leans_on_context(text) or _POINTING.search(text) or _FIRST_PERSON.search(outside):
        return False
    if has_speaker or re.search(r"[A-Z]", outside):
        return True
    inner = text.lstrip('"“ ')
    return not (leans_on_context(inner) or _FIRST_PERSON.search(inner))
