"""Whether a text says something whole: it has a subject, a verb and an end."""

from __future__ import annotations

import re

from summarizer.text.words import IRREGULAR

LEAST_WORDS = 4
"""A line has at least so many words."""

WORD = re.compile(r"\w+(?:['’.-]\w+)*")
QUOTES = re.compile(r"[\"“”]")
AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|did|does|do|"
    r"says|isn't|aren't|wasn't|weren't|hasn't|haven't|hadn't|won't|wouldn't|can't|cannot|couldn't|"
    r"didn't|doesn't|don't|\w{2,}['’](?:s|re|ve|ll|d) (?-i:[a-z])\w*(?:ing|ed))\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"(?<!,)\s(?P<verb>[a-z]+)\b")
PAST_FORMS = frozenset(
    """said told made took gave went came left became began held kept lost won met paid sent spoke
    sought saw found got brought built bought fell fled grew hit led put rose ran set shot sold
    struck stood swore threw wrote faces plans wants calls drew drove cut broke chose ate hurt knew
    read shut slid spent spread thought understood withdrew wore gives takes makes says remains
    includes means shows seems appears""".split()  # noqa: SIM905
) | {form for form in IRREGULAR if form.islower()}
_DANGLING = re.compile(
    r"\b(?:a|an|the|of|to|in|on|at|by|for|with|from|and|or|but|that|who|which|whose|as|than|if|"
    r"is|was|are|were|be|been|has|have|had|will|would|his|her|its|their|more|about|not|no|"
    r"said|says|born|based|known|called|named|told(?:\s(?:him|her|them|me|us|it))?|\w+ly|"
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+|several|few|some) "
    r"(?:minute|hour|day|week|month|year|decade)s?|(?:minute|hour|day|week|month|year|decade)s|"
    r"shortly|just|immediately|soon|long)$",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"[\"”](?:\s[\w.’'-]+){1,5}\s(?:said|says)$")
"""Ends as a quotation does: “We will rebuild it,” Amery said."""

REPORTED = re.compile(
    r"\b(?:said|says|say|reported|reports|found|finds|argued|argues|claimed|claims|believes?|"
    r"insisted|suggested|suggests|warned|noted|showed|shows|show|means|thinks?|thought|hoped?|"
    r"hopes|that|whether|told)\b"
)
_SUBORDINATE = re.compile(
    r"^\W*(?:(?:But|And|Shortly|Just|Soon|Immediately|Even|(?:\w+\s)?(?:hour|day|week|month|year)s?)\s)?"
    r"(?:while|after|when|as|though|although|because|since|if|before|until|once)\b[^,]*,?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r",\s(?:who|which|whose|whom|where|[a-z]+(?:ed|ing))\b[^,]*(?:,|$)")
_LAST_CLAUSE = re.compile(r",\s(?:though|although|while|when|because)\s([^,]*)$")


def is_line(text: str) -> bool:
    """Return whether a text can be read alone: it has a subject, a verb and an end."""
    if len(WORD.findall(text)) < LEAST_WORDS:
        return False
    if _is_unfinished(text):
        return False
    end = text.rstrip(' .,;:"”’—–-')
    if (_DANGLING.search(end) and not _SPOKEN.search(end)) or not has_verb(text):
        return False
    first = text.lstrip("\"“”'‘( ")[:1]
    return first.isupper() or first.isdigit() or not first.isascii()


def _is_unfinished(text: str) -> bool:
    """Return whether a text ends before it says what was reported, or what happened meanwhile."""
    verbs = list(REPORTED.finditer(text))
    reported = verbs[-1] if verbs else None
    if reported and not QUOTES.search(text[: reported.start()]):
        rest = text[reported.end() :]
        if not has_verb(rest) and not QUOTES.search(rest):
            return True
    opening = _SUBORDINATE.match(text)
    if opening is not None and not has_verb(text[opening.end() :]):
        return True
    aside = _ASIDE.search(text)
    if aside is not None and not has_verb(text[: aside.start()] + " " + text[aside.end() :]):
        return True
    last = _LAST_CLAUSE.search(text.rstrip(" .…"))
    return last is not None and not has_verb(last[1])


def has_verb(text: str) -> bool:
    """Return whether a text has a finite verb behind its first word."""
    if AUXILIARY.search(text):
        return True
    return any(is_verb(match["verb"]) for match in _PAST.finditer(text))


def is_verb(word: str) -> bool:
    """Return whether a word has the form of a finite verb, as far as forms tell."""
    return word in PAST_FORMS or (len(word) > 4 and word.endswith("ed") and word.islower())
