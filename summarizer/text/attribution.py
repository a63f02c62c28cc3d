"""Who is quoted or paraphrased for a statement, and how far it is vouched for.

A speaker is told only from constructions that leave no doubt ("X said", "according to X"), outside
quotations, and a pronoun only stands for a speaker close by: a wrong speaker is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from summarizer.text.data import alternatives, fill_in, load
from summarizer.text.names import names
from summarizer.text.sentences import BLANK, leaves_open, unquoted
from summarizer.types import Span

LONGEST = 1500
"""Code points; beyond it a "sentence" is no prose, and the patterns would only cost time."""

_DATA = load("speech")
_WORDS = {name: frozenset(row.split()) for name, row in _DATA.items()}
OFFICES = alternatives(_WORDS["roles"] - _WORDS["bodies"])
"""Words for a person by office, as alternatives of a pattern."""
SPEAKS_BEHIND = re.compile(rf" (?:{alternatives(_WORDS['verbs'])})\b")
SPEAKS_BEFORE = re.compile(
    rf"\b(?:{alternatives(_WORDS['verbs'] - _WORDS['never_inverted'])}|according to) $"
)
"""A verb of saying behind a name, and one before it."""
_SPEAKERS = load("speakers")
_NAMED = {
    **{name: part.replace("\n", "") for name, part in _SPEAKERS["parts"].items()},
    "verbs": alternatives(_WORDS["verbs"]),
    "roles": alternatives(_WORDS["roles"]),
    "inverted": alternatives(_WORDS["verbs"] - _WORDS["never_inverted"]),
    "never_within": alternatives(_WORDS["never_within"] | _WORDS["verbs"]),
    "blank": BLANK,
}
_PATTERNS = tuple(re.compile(fill_in(pattern, _NAMED)) for pattern in _SPEAKERS["patterns"])
_HALF = re.compile(fill_in("<half>", _NAMED))
_CLOSED_FIRST = re.compile(r"[^\"“”]*[,.?!—…][\"”](?=\s|$)")
_EDGES = " .,;:'’–—-"
_TAIL = re.compile(r"(?: (?:on|late|early|last|this))* (?:[A-Z]\w+day)$|['’]$")
_WORD = re.compile(r"[^\W_][\w’'-]*")
_PRONOUNS = frozenset(("he", "she", "they", "it"))
_NEVER_FIRST = _WORDS["nobody"].union(_WORDS["never_within"]) - {"his", "her", "its", "their"}
_HEDGE = re.compile(rf"\b({_DATA['hedges']})\b", re.IGNORECASE)


@lru_cache(maxsize=16384)
def named_speaker(sentence: str) -> str | None:
    """Return who the sentence attributes its statement to, as written (so may be a pronoun)."""
    if len(sentence) > LONGEST:
        return None
    own = _outside_quotations(sentence)
    for pattern in _PATTERNS:
        for match in pattern.finditer(own):
            who = _TAIL.sub("", match["who"].strip(_EDGES)).strip(" ,;:–—-")
            if _may_speak(who):
                return who
    return None


def speakers(sentences: Sequence[str], openings: Sequence[bool] = ()) -> list[str | None]:
    """Return the speaker of each sentence of one article, in order, pronouns resolved.

    ``openings`` says of each whether it opens a paragraph; left out, none does.
    """
    named: list[str | None] = []
    inside = False
    for i, sentence in enumerate(sentences):
        opens = i == 0 or bool(openings and openings[i])
        inside = inside and not opens
        before = None if opens else _carried_speaker(sentences[i - 1], named[i - 1])
        speaker = named_speaker(sentence)
        if speaker and speaker.lower() in _PRONOUNS:
            speaker = _resolve_pronoun(sentence, speaker, before)
        elif speaker is None and (inside or sentence.lstrip()[:1] in tuple('"“«„')):
            speaker = before
        inside = leaves_open(sentence, inside=inside)
        named.append(speaker)
    return named


def openings(text: str, spans: Sequence[Span]) -> list[bool]:
    """Return whether each sentence of a text opens a paragraph: a line ends before it."""
    gaps = [text[before.end : after.start] for before, after in pairwise(spans)]
    return [True, *("\n" in gap for gap in gaps)][: len(spans)]


def hedge(text: str) -> str | None:
    """Return the first word or phrase by which the text does not vouch for itself."""
    hedges = (match for match in _HEDGE.finditer(text) if match[0] != "May" or not match.start())
    return next((match[0] for match in hedges), None)


def _outside_quotations(sentence: str) -> str:
    """Return a sentence with each quotation as one mark, also one that began before it."""
    closed = _CLOSED_FIRST.match(sentence)
    if closed and closed[0].count('"') < 2:
        sentence = BLANK * closed.end() + sentence[closed.end() :]
    return re.sub(f"{BLANK}+", BLANK, unquoted(re.sub(r"\s+", " ", sentence)))


def _may_speak(who: str) -> bool:
    if who.lower() in _PRONOUNS:
        return True
    spoken = [word.lower() for word in _WORD.findall(who)]
    if not spoken or spoken[0] in _NEVER_FIRST or spoken[-1] in _WORDS["nobody"]:
        return False
    return not _HALF.match(who) and (len(spoken) > 1 or (who[:1].isupper() and len(who) > 1))


def _carried_speaker(sentence: str, speaker: str | None) -> str | None:
    """Return whom the next sentence may go on with: a speaker, or the one name that opens this."""
    if speaker:
        return None if speaker.lower() in _PRONOUNS else speaker
    own = _outside_quotations(sentence)
    sure = [name for name in names(own) if name.sure]
    opens = len(sure) == 1 and len(sure[0].key) > 1 and not own[: sure[0].start].strip(_EDGES)
    return sure[0].text if opens and BLANK not in own else None


def _resolve_pronoun(sentence: str, pronoun: str, before: str | None) -> str | None:
    """Return whom a pronoun stands for: the only name before it, else who spoke last."""
    own = _outside_quotations(sentence)
    at = re.search(rf"\b{pronoun}\b", own)
    named = [name for name in names(own[: at.start()] if at else "") if name.sure]
    if named:
        only = len({name.key for name in named}) == 1
        opens = not own[: named[0].start].strip(_EDGES + BLANK)
        return named[0].text if only and opens and len(named[0].text) > 1 else None
    if before is None or pronoun.lower() not in ("he", "she"):
        return None
    other = _WORDS["men" if pronoun.lower() == "she" else "women"] | _WORDS["bodies"]
    return None if other.intersection(map(str.lower, _WORD.findall(before))) else before
