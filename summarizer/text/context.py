"""Whether a reader can place a text who reads nothing else of its article."""

from __future__ import annotations

import re

from summarizer.text.data import load

_ANAPHORA = re.compile(
    r"(?:(?:and|but|also|still|so|yet|instead|meanwhile|however|with|for|to|from|in|at|of"
    r"|after|before|since|by|despite|because\sof|as\sfor),?\s)?"
    r"(?:(?:he|she|it|they|her|him|them|his|hers|its|their|theirs|this|that|these|those|here)"
    r"|(?-i:Such|Both(?! the\b)|Neither|Some|Others?"
    r"|The (?:other|former|latter|two|three|move|comments?|remarks?|latest|same)))\b"
    r"(?! who| \w+ who)",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\b(?:[Hh]e|[Ss]he|him|[Hh]is|[Hh]er|[Tt]hey|them|their)\b")
_TITLE_CASE = re.compile(r"\b[A-Z][a-z]+|\b[a-z]+s\b")
"""A name, or people in the plural whom "their" may mean."""

_HERE = re.compile(r"(?<![@\w])[Hh]ere\b")
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
    """Return whether a text points to what was named before it, or to where and by whom it is said.

    "That means …" does, and so does "I am sure" without the marks of a quotation, or "here".
    """
    if _ANAPHORA.match(text):
        return True
    outside = _QUOTED.sub(" ", text)
    return _FIRST_PERSON.search(outside) is not None or _HERE.search(outside) is not None


def _names_nobody(text: str) -> bool:
    """Return whether "him" or "their" stands before any name: "FBI agents arrested him"."""
    meant = _SOMEBODY.search(text)
    return meant is not None and _TITLE_CASE.search(text[: meant.start()], 1) is None


def stands_alone(text: str, *, has_speaker: bool = False) -> bool:
    """Return whether a reader can place a text who reads nothing else of its article.

    Args:
        text: A sentence as it stands in the article.
        has_speaker: Whether who said it is told beside it.
    """
    outside = _QUOTED.sub(" ", text)
    if leans_on_context(text) or _POINTING.search(text):
        return False
    if any(map(_names_nobody, (text, outside))) or _ANAPHORA.match(text.lstrip('"“')):
        return False
    # Of a quotation and nothing else nobody can tell whose it is.
    return has_speaker or re.search(r"\w", outside) is not None
