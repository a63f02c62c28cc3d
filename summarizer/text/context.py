"""Whether a line can be read without its article, and what makes it readable alone.

A reader of a report sees one line and no context: "he", "the meeting" and "as a result" tell him
nothing. All is told by surface cues, with word lists in ``data/clauses.toml``.
"""

from __future__ import annotations

import re

from summarizer.text.clauses import AUXILIARY, QUOTED, has_verb, is_verb, lacks_main_clause
from summarizer.text.data import alternatives, load

_CONTEXT = load("clauses")["context"]
_PERIOD = "(?:hour|day|week|month|year)"
_ANAPHORA = re.compile(
    rf"(?:(?:{alternatives(_CONTEXT['before_pronouns'])}),?\s)?"
    rf"(?:(?:{alternatives(_CONTEXT['pronouns'])})"
    rf"|(?-i:Both(?! the\b)|{alternatives(_CONTEXT['pointers'])}"
    r"|One [a-z]+(?=, [A-Z])|(?:In|On|At|Since|For|After|Before|By) [a-z ]{2,30}, it"
    r"|Many (?:are|were|have|had|also|say|[a-z]+ed)"
    rf"|The (?:next|following|same) {_PERIOD}|The day (?:before|after)"
    rf"|(?:\w+ )?(?i:{_PERIOD})s? (?:prior|earlier|later)))\b(?! who| \w+ who| \[)",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"\b(?:[Hh]e|[Ss]he|him|[Hh]is|[Hh]er|(?P<several>[Tt]hey|them|their))\b")
_NAME = rf"\b(?!(?:{alternatives(_CONTEXT['calendar'])})\b)[A-Z][a-z]+"
_OTHER = re.compile(r"\b(?:him|them)\b")
# Whom "their" may mean: somebody named, or people in the plural; and whom "his": somebody named
# or called by an office.
_SEVERAL_NAMED = re.compile(rf"{_NAME}|\b[a-z]+s\b")
_ONE_NAMED = re.compile(rf"{_NAME}|\b(?:{alternatives(_CONTEXT['persons'])})\b")
_HERE_OR_WE = re.compile(
    r"(?<![@\w])[Hh]ere\b|\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me|[Yy]ours?|[Yy]ou)\b(?!\.)"
)
_NOUNS = alternatives(_CONTEXT["nouns"])
_SPEAKER_PRONOUN = re.compile(
    r"\b(?:[Hh]e|[Ss]he)(?=\s(?:said|says|added|told|wrote|tweeted)\b)"
    r"|(?<=[_,]\s)(?:said|says|added)\s(?:he|she)\b"
)
_NAME_AND_WORD = re.compile(
    r"(?P<first>[A-Z][\w’'-]+)(?:(?<=['’]s)\s[a-z]+\b"
    r"|\s(?:(?:also|later|then|still|now|[a-z]+ly)\s)?(?P<next>[a-z]+)\b)"
)
_CONNECTIVE = re.compile(
    r"^(?:(?:But|And|Yet)(?! (?:for|then|yet|so|if|when|not|to|another|again)\b),?"
    r"|(?:Still|However|Meanwhile|Also),)\s+(?=[\w“\"])"
)
_ASIDE = re.compile(
    rf", (?:{alternatives(_CONTEXT['asides'])})(?:,(?= )|(?=[.]))"
    rf"|(?<!\b(?:but|not|and) )(?<!\bonly )\balso (?=[a-z])"
)
_DESCRIPTION = re.compile(
    rf"The (?:[\w.-]+ ){{1,4}}(?i:{alternatives(_CONTEXT['descriptions'])})\b"
    r"(?! (?:of|for|who|in|at|from)\b|, [A-Z])"
)
_BRACKETED = re.compile(r"\(([^()]+)\.\)\.?")
_THAT_NOUNS = alternatives(_CONTEXT["that_nouns"])
_OWN_WORDS = alternatives(_CONTEXT["own_words"])
_COURTESY = re.compile(rf"\b(?:{alternatives(_CONTEXT['courtesies'])})\b", re.IGNORECASE)
_ANSWERING = re.compile(rf"[“\"](?:{alternatives(_CONTEXT['answering'])})\b")
_POINTING = re.compile(
    rf"\b[Tt]h(?:ese|ose|is) (?!(?:{alternatives(_CONTEXT['times'])})\b)[a-z]+"
    rf"|\bthat (?:{_NOUNS}|{_THAT_NOUNS})(?=[,.]|$| (?:or|and|was|would|had|has|\w+ed|did)\b)"
    r"|\b(?:of|for|with|on|by|at|from|about) that [a-z]+\b(?! (?:the|an?)\b)|\bthat far\b"
    rf"|(?<!during )(?<!making )\b(?:his|her|their|its) (?:{_OWN_WORDS})\b"
    r"(?! (?:that|to|about|on|of|in|during|for)\b)"
    r"|\bat the time(?=[.,;”\"]|$)"
    rf"|\bthe following (?!{_PERIOD}|morning|night|{alternatives(_CONTEXT['calendar'])})"
    r"|\b[Tt]h(?:is (?:is|was)|at['’]s)\b|, for (?:example|instance),"
    r"|\bsuch (?!as\b|an?\b|that\b)[a-z-]+\b(?! as\b)"
    r"|\b(?:said|says|added|argued) that [a-z]+ed (?:him|her|it|them|the|an?)\b"
    r"|\b(?:a \w+ like this|(?:of|about) (?:this|that|it))(?=[.,;!?”\"]|$)"
    r"|\bthe (?:smaller|larger|latter)\b"
)
# "Mr. Amery signed it on Friday": no noun before says what.
_SOMETHING = re.compile(
    r"^(?!.*\b(?:an?|the|his|her|its|their|this|that)\b.* it\b)[A-Z].*\b[a-z]+ed it\b"
)
# The end of a post that a page shows: its picture's address, who wrote it and when.
_POST = re.compile(r"\bpic\.twitter\.com/|\(@\w+\)")
_DEFINITE = re.compile(
    rf"\b[Tt]he (?P<noun>{_NOUNS})\b"
    rf"(?!['’]?s? (?:(?:{alternatives(_CONTEXT['after_nouns'])})\b|[A-Z“\"]))"
)


def leans_on_context(text: str) -> bool:
    """Return whether a text points before it ("That means"), or to a place or speaker ("I am")."""
    return bool(_ANAPHORA.match(text) or _HERE_OR_WE.search(QUOTED.sub(" ", text)))


def stands_alone(text: str) -> bool:
    """Return whether a reader can place a text who reads nothing else of its article."""
    if lacks_main_clause(text) or _POST.search(text) or _tells_nothing(text):
        return False
    points = leans_on_context(text) or _POINTING.search(text)
    return not (
        points
        or _DESCRIPTION.match(text)
        or _SOMETHING.match(QUOTED.sub(" ", text))
        or any(_is_new(match) for match in _DEFINITE.finditer(text))
        or is_quotation(text)
        or _lacks_meaning(text)
    )


def _tells_nothing(text: str) -> bool:
    """Return whether a text is politeness, or a quotation that answers what is not there."""
    return bool(_COURTESY.search(text) or _ANSWERING.match(text))


def _is_new(definite: re.Match[str]) -> bool:
    """Return whether "the letter" is the first that its line says of a letter."""
    known = rf"(?:\b(?:an?|his|her|its|their)|['’]s) (?:[\w-]+ )?{definite['noun']}\b"
    return re.search(known, definite.string[: definite.start()]) is None


def is_quotation(text: str) -> bool:
    """Return whether a text is somebody's words and nothing else, so nobody can tell whose."""
    outside = QUOTED.sub(" ", text)
    within = text[:1] + text[-1:] in {'""', "“”"} and not has_verb(outside)
    return within or re.search(r"\w", outside) is None


def is_attributed(text: str) -> bool:
    """Return whether a text is a quotation with a speaker whom a reader can place."""
    outside = QUOTED.sub(" ", text)
    if outside == text or is_quotation(text) or _tells_nothing(text):
        return False
    return not (_lacks_meaning(text) or leans_on_context(outside.strip(" ,.")))


def without_connective(text: str) -> str:
    """Return a line without what ties it to the one before: "But police also said", or brackets."""
    bracketed = _BRACKETED.fullmatch(text)
    rest = _CONNECTIVE.sub("", bracketed[1] + "." if bracketed else text)
    for aside in reversed([*_ASIDE.finditer(_blanked(rest))]):
        rest = rest[: aside.start()] + rest[aside.end() :]
    return rest[:1].upper() + rest[1:]


def name_speaker(text: str, name: str) -> str:
    """Return a text with the name in brackets after the pronoun that stands for its speaker.

    Only one beside the verb of saying, outside quotations, surely does: "he said", "said she".
    """
    pronoun = _SPEAKER_PRONOUN.search(_blanked(text))
    return f"{text[: pronoun.end()]} [{name}]{text[pronoun.end() :]}" if pronoun else text


def _blanked(text: str) -> str:
    return QUOTED.sub(lambda quoted: "_" * len(quoted[0]), text)


def _lacks_meaning(text: str) -> bool:
    """Return whether a text, or a quotation that it begins with, means what it does not name."""
    return _ANAPHORA.match(text.lstrip('"“')) is not None or any(
        map(_names_nobody, (text, QUOTED.sub(" ", text)))
    )


def _names_nobody(text: str) -> bool:
    """Return whether "him" or "their" stands before any name: "FBI agents arrested him"."""
    meant = _SOMEBODY.search(text)
    if meant is None:
        return False
    if text.startswith("[", meant.end() + 1):
        # "He [Amery] told him" tells of two.
        _, _, rest = text.partition("]")
        other = _OTHER.search(rest)
        return other is not None and re.search(_NAME, rest[: other.start()]) is None
    before = text[: meant.start()]
    known = _SEVERAL_NAMED if meant["several"] else _ONE_NAMED
    # The first word has a capital letter whatever it is, also behind a mark: “We told them”.
    first = len(before) - len(before.lstrip("“\"‘'")) + 1
    return not _opens_with_name(before, meant[0]) and known.search(before, first) is None


def _opens_with_name(before: str, pronoun: str) -> bool:
    """Return whether the subject that opens a text may be meant: "Ryan said", "Ryan also spoke"."""
    opening = _NAME_AND_WORD.match(before)
    if opening is None:
        return False
    verb = opening["next"]
    if not verb:
        return True
    several = opening["first"].endswith("s")
    acts = is_verb(verb) or AUXILIARY.fullmatch(verb) is not None
    return acts and (not several or pronoun in {"they", "their"})
