"""Who is quoted or paraphrased for a statement, and how far it is vouched for.

Speakers are found by surface pattern around reporting verbs, as a copy editor would mark
them: "X said", "said X", "according to X". A pronoun stands for the last person named as a
speaker before it in the same article.
"""

from __future__ import annotations

import calendar
import re
from functools import lru_cache

from summarizer.text.names import names

_VERBS = (
    "said|says|told|added|claimed|claims|argued|argues|announced|confirmed|noted|warned|insisted|"
    "stated|stressed|suggested|acknowledged|denied|wrote|tweeted|posted|replied|explained|"
    "continued|concluded|asserted|alleged|estimated|declared|reported|reports|asked|called|calls|"
    "hailed|branded|dismissed|described|"
    "sagte|erklärte|dijo|afirmó|aseguró|déclaré|affirmé"
)
_NAME = (
    r"(?:(?:[Tt]he |[Aa]n? |[A-Z]\w+ )?(?:(?!that|who|which|and|but)[a-z][\w’'-]* ){0,3}"
    r"(?:[A-Z][\w’'.-]*|[A-Z]\.)(?:(?<=['’]s)(?: [a-z]\w*){1,3})?"
    r"(?: (?:[A-Z][\w’'.-]*|of|to|the|de|van|von|for|and))*)"
)
_ROLE = (
    r"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]wo|[Ss]everal|[Ss]ome|[Ss]enior) "
    r"(?:(?!that|who|which)[\w’'-]+ ){0,4}?"
    r"(?:officials?|spokes\w+|lawyers?|attorneys?|statement|report|agency|ministry|police|people|"
    r"sources?|authorities|group|company|department|office|president|minister|leader|secretary|"
    r"mayor|governor|chairman|director|judge|witness(?:es)?|residents?|experts?|analysts?|"
    r"committee|board|council|service|court))"
)
# A few words between the speaker and the verb: an apposition, an auxiliary.
_BETWEEN = r"(?:,[^,]{2,80},)? (?:also |has |have |had |later |further )?"
_WHO = rf"(?P<who>{_NAME}|{_ROLE}|[Hh]e|[Ss]he|[Tt]hey|[Ii]t)"
# Behind "told" stands who is told, and never who tells.
_TURNED = _VERBS.replace("|told|", "|")
_PATTERNS = (
    re.compile(rf"\b[Aa]ccording to {_WHO}"),
    re.compile(rf"[,”\"’'] (?:{_TURNED}) {_WHO}"),
    re.compile(rf", (?P<who>{_NAME}), told\b"),
    re.compile(rf"(?:^|[,”\"’'–—-] ?|\b(?:that|but|and|while|as) ){_WHO}{_BETWEEN}(?:{_VERBS})\b"),
    re.compile(rf"\b{_WHO}{_BETWEEN}(?:{_VERBS})\b"),
)
_QUOTED = re.compile(r"\s*[\"“«„]")
_DAYS = frozenset(calendar.day_name)
_PRONOUNS = frozenset(["he", "she", "they", "it"])
_LONGEST_SENTENCE = 1500
"""Code points; beyond it a "sentence" is no prose, and the patterns would only cost time."""

_HEDGE = re.compile(
    r"\b(reportedly|allegedly|apparently|supposedly|purportedly|possibly|probably|perhaps|likely|"
    r"unlikely|may|might|could|would|appears? to|appeared to|seems? to|seemed to|"
    r"(?:is|are|was|were) (?:expected|believed|thought|said|reported|understood|feared|likely) to|"
    r"suspected|unconfirmed|unclear|unverified|rumou?red|if confirmed|"
    r"angeblich|mutmaßlich|vermutlich|möglicherweise|offenbar|könnte|soll|"
    r"al parecer|presuntamente|supuestamente|podría|quizás|"
    r"apparemment|pourrait|aurait|serait)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def named_speaker(sentence: str) -> str | None:
    """Return who the sentence attributes its statement to, as written, or None.

    A pronoun comes back as the pronoun; ``speakers`` resolves it.
    """
    if len(sentence) > _LONGEST_SENTENCE:
        return None
    for pattern in _PATTERNS:
        match = pattern.search(sentence)
        who = match["who"].strip(" .,").removeprefix("that ").strip() if match else ""
        if who and who not in _DAYS:
            return who
    return None


def speakers(sentences: list[str]) -> list[str | None]:
    """Return the speaker of each sentence of one article, in order, pronouns resolved."""
    last: str | None = None
    found: list[str | None] = []
    for sentence in sentences:
        speaker = named_speaker(sentence)
        if speaker and speaker.lower() in _PRONOUNS:
            speaker = _antecedent(sentence, speaker) or last
        elif speaker:
            last = speaker
        elif _QUOTED.match(sentence):
            speaker = last = _introduced(found, sentences) or last
        found.append(speaker)
    return found


def _introduced(found: list[str | None], sentences: list[str]) -> str | None:
    """Return who a quotation without a speaker belongs to: whom the sentence before names."""
    if not found:
        return None
    before = names(sentences[len(found) - 1])
    return found[-1] or next((name.text for name in before if name.sure), None)


def _antecedent(sentence: str, pronoun: str) -> str | None:
    """Return the first name before a pronoun in its own sentence: most often its subject."""
    at = re.search(rf"\b{pronoun}\b", sentence)
    before = sentence[: at.start()] if at else ""
    if _QUOTED.match(before):
        return None
    return next((name.text for name in names(before) if name.sure), None)


def hedge(text: str) -> str | None:
    """Return the first word or phrase by which the text does not vouch for itself."""
    match = _HEDGE.search(text)
    return match[0] if match else None
