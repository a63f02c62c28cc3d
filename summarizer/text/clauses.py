"""Clauses of a sentence, the units that an outlet can have alone, and what can be read alone.

Half of a sentence is often common knowledge and the other half a scoop. All is told by surface
cues: a parser would be better and would cost every install a model of tens of megabytes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise

from summarizer.text.data import alternatives, load
from summarizer.text.words import IRREGULAR, words
from summarizer.types import Span

# A clause shorter than this many words joins its neighbour: it can hardly be a claim.
_MIN_WORDS = 3
# Different content words of a claim, at least, and of one in which no verb is to be seen.
_MIN_CONTENT, _MIN_CONTENT_VERBLESS = 3, 4
# Code points; a longer "sentence" is no prose, and is taken whole.
_LONGEST_SENTENCE = 2_000
# Between two commas, fewer words than this read as a list item, not as an apposition.
_LIST_COMMA_WORDS = 4
LEAST_WORDS = 4
"""A line has at least so many words."""

WORD = re.compile(r"\w+(?:['’.-]\w+)*")
QUOTES = re.compile(r"[\"“”]")
QUOTED = re.compile(r"[“\"][^“”\"]*(?:[”\"]|$)")

_DATA = load("clauses")
_VERBS = _DATA["verbs"]
_SUBORDINATORS, _AFTER_COMMA = map(alternatives, _DATA["breaks"].values())
_AUXILIARIES, _REPORTING = alternatives(_VERBS["auxiliaries"]), alternatives(_VERBS["reporting"])
_FINITE_WORDS = frozenset(f"{_VERBS['auxiliaries']} {_VERBS['finite']}".split())
_CLAIM_VERBS = _FINITE_WORDS | set(_VERBS["finite_in_claims"].split())
_LINE_VERBS = frozenset(f"{_VERBS['finite']} {_VERBS['finite_in_lines']}".split()) | {
    form for form in IRREGULAR if form.islower()
}

_ATTRIBUTION = re.compile(
    r"^[,\"”’\s]*(?:(?:said|says|told|added|wrote|according to)\b.{0,80}"
    r"|.{0,60}\b(?:said|says|added|wrote|told (?:the |an? )?\w+|"
    r"(?:continued|went on) to (?:say|add))"
    r"(?: in an? (?:statement|tweet|post|news release|letter|speech|interview))?"
    r"(?: (?:on )?\w+day)?)"
    r"[.,]?[\"”]?$",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(rf"\b(?:{_REPORTING})(?:\s+\w+day)?$", re.IGNORECASE)
_COMMA = r",[\"'”’»)\]]*\s+"
_BREAK = re.compile(
    "|".join(
        (
            r"[;；][\"'”’»)\]]*\s*(?=\S)",
            r"(?<!\s)\s+[–—―-]{1,2}\s+(?=\S)",
            r"[—―](?=\w)",
            r":\s+(?=\S)",
            r"[，、]",
            rf"{_COMMA}(?=(?:{_AFTER_COMMA}|{_SUBORDINATORS}|\w+ing)\b)",
            rf"(?<!\s)\s+(?=(?:{_SUBORDINATORS})\b)",
            r"(?<!\s)\s+(?=(?:and|but)\s+(?:(?:then|also|later|still|now|never)\s+)?"
            rf"(?:(?:{alternatives(_FINITE_WORDS)})\b|\w+ed\b))",
            rf"\b(?:{_REPORTING})(?:\s+\w+day)?(?=\s+that\b)",
        )
    ),
    re.IGNORECASE,
)
# "…, and in a narrow vote, 98 to 96": the second half has only begun.
_HANGING = re.compile(
    rf",\s(?:and|but|or|yet|so)\s(?i:{alternatives(_DATA['lines']['phrase_first'])})\b(?P<rest>.*)$"
)
_ANY_COMMA = re.compile(rf"{_COMMA}(?=\S)")
_ARTICLE = re.compile(r"(?:an?|the|former|ein|eine|un|una|une)\s(?:\S+\s+){3}", re.IGNORECASE)


def claim_spans(text: str, sentence: Span) -> tuple[Span, ...]:
    """Return the stretches of a sentence that can each stand as a statement.

    They are in order, disjoint and stripped of white space, and cover all the rest. Clauses that
    cannot stand alone join a neighbour: what opens the sentence ("In that case,"), or says who
    reported what comes then, joins the next, all else ("the statement said") the one before.
    """
    spans: list[Span] = []
    for start, end in pairwise((0, *_clause_starts(sentence.of(text)), len(sentence))):
        span = Span(sentence.start + start, sentence.start + end).trimmed(text)
        goes_behind = _is_fragment(span.of(text)) and not _UNFINISHED.search(span.of(text))
        if spans and (goes_behind or _goes_before(spans[-1].of(text))):
            spans[-1] = Span(spans[-1].start, span.end)
        elif span:
            spans.append(span)
    if len(spans) > 1 and _is_fragment(spans[-1].of(text)):
        last = spans.pop()
        spans[-1] = Span(spans[-1].start, last.end)
    return tuple(spans)


@lru_cache(maxsize=65536)
def _clause_starts(sentence: str) -> tuple[int, ...]:
    """Return where the clauses of a sentence begin, without the first."""
    if len(sentence) > _LONGEST_SENTENCE:
        return ()
    found = {match.end() for match in _BREAK.finditer(sentence)} | _apposition_ends(sentence)
    starts = [match.start() for match in WORD.finditer(sentence)]
    kept: list[int] = []
    first = 0
    for cut in sorted(found):
        word = bisect_left(starts, cut)
        if word - first >= _MIN_WORDS and len(starts) - word >= _MIN_WORDS:
            kept.append(cut)
            first = word
    return tuple(kept)


def _apposition_ends(sentence: str) -> set[int]:
    """Return the commas around stretches long enough to be appositions, not list items."""
    commas = [match.end() for match in _ANY_COMMA.finditer(sentence)]
    found: set[int] = set()
    for left, right in pairwise(commas):
        if len(WORD.findall(sentence[left:right])) >= _LIST_COMMA_WORDS:
            found.update((left, right))
    if commas and _ARTICLE.match(sentence, commas[-1]):
        found.add(commas[-1])
    return found


def _goes_before(clause: str) -> bool:
    """Return whether a clause, or its end, says nothing without the next one."""
    hanging = _HANGING.search(clause)
    return (
        _is_fragment(clause)
        or _UNFINISHED.search(clause) is not None
        or (hanging is not None and not has_verb(hanging["rest"]))
    )


@lru_cache(maxsize=65536)
def _is_fragment(clause: str) -> bool:
    tokens = words(clause)
    content = len({word.stem for word in tokens if not word.stop})
    if content < _MIN_CONTENT or _ATTRIBUTION.match(clause):
        return True
    return content < _MIN_CONTENT_VERBLESS and not any(
        word.text.lower() in _CLAIM_VERBS or re.search("...ed$", word.text.lower())
        for word in tokens
    )


AUXILIARY = re.compile(
    rf"\b(?:{_AUXILIARIES}|says|cannot|(?:{_AUXILIARIES}|wo|ca)n't"
    r"|\w{2,}['’](?:s|re|ve|ll|d) (?-i:[a-z])\w*(?:ing|ed))\b",
    re.IGNORECASE,
)
REPORTED = re.compile(rf"\b(?:{alternatives(_VERBS['reported'])})\b")
_LOWER_WORD = re.compile(r"(?<!,)\s(?P<word>[a-z]+)\b")
_DANGLING = re.compile(
    rf"\b(?:{alternatives(_DATA['lines']['dangling'])}|told\s(?:him|her|them|me|us|it)|\w+ly"
    r"|(?:one|\d+)\s(?:minute|hour|day|week|month|year|decade)|from\s\d{4}"
    r"|it(?:['’]s|\s(?:is|was))(?:\s(?:now|already|also))?\s(?:clear|unclear|likely|unlikely|possible|true|important"
    r"|obvious|evident|essential|necessary|vital|time))$",
    re.IGNORECASE,
)
# Ends as a quotation does: “We will rebuild it,” Amery said.
_SPOKEN = re.compile(r"[\"”](?:\s[\w.’'-]+){1,5}\s(?:said|says)$")
# A verb of saying follows the end of a quotation; one word in marks has no stop.
_QUOTATION_END = re.compile(r"[,.?!…][\"”]")
_SUBORDINATE = re.compile(
    r"^\W*(?:(?:But|And|Shortly|Just|Soon|Immediately|Even|(?:\w+\s)?(?:hour|day|week|month|year)s?)\s)?"
    r"(?:while|after|when|as|like|unlike|though|although|because|since|if|before|until|once)\b[^,]*,?",
    re.IGNORECASE,
)
_WHILE = re.compile(r"(?:While|Although|Though|Whereas)\b")
# "While Amery, in an interview, called the plan weak": there is no second clause.
_WHILE_ALONE = re.compile(r"\w+ [^,]+, (?:in|on|at|during|for|with|by) [^,]+, [a-z]+ed\b")
_PHRASE_FIRST = re.compile(rf"(?:{alternatives(_DATA['lines']['phrase_first'])})\b")
_ASIDE = re.compile(
    r"(?:,|\s[—–―])\s(?:who|which|whose|whom|where|[a-z]+(?:ed|ing))\b[^,—–―]*(?:[,—–―]|$)"
)
_LAST_CLAUSE = re.compile(r",\s(?:though|although|while|when|because)\s([^,]*)$")


def is_line(text: str) -> bool:
    """Return whether a text says something whole: it has a subject, a verb and an end."""
    if len(WORD.findall(text)) < LEAST_WORDS or _is_unfinished(text) or not has_verb(text):
        return False
    end = text.rstrip(' .,;:"”’—–-')
    if _DANGLING.search(end) and not _SPOKEN.search(end):
        return False
    first = text.lstrip("\"“”'‘( ")[:1]
    return first.isupper() or first.isdigit() or not first.isascii()


def _is_unfinished(text: str) -> bool:
    """Return whether a text ends before it says what was reported, or what happened meanwhile."""
    verbs = list(REPORTED.finditer(text))
    if verbs and not _QUOTATION_END.search(text[: verbs[-1].start()]):
        rest = text[verbs[-1].end() :]
        if not has_verb(rest) and not QUOTES.search(rest):
            return True
    # Where these are left out, or for the last are all there is, a verb must remain.
    if lacks_main_clause(text):
        return True
    opening, aside = _SUBORDINATE.match(text), _ASIDE.search(text)
    last = _LAST_CLAUSE.search(text.rstrip(" .…"))
    remains = [text[opening.end() :]] if opening else []
    remains += [f"{text[: aside.start()]} {text[aside.end() :]}"] if aside else []
    remains += [last[1]] if last else []
    return not all(map(has_verb, remains))


def lacks_main_clause(text: str) -> bool:
    """Return whether a text is "While …" or "With no word from her" and not what happened then."""
    outside = QUOTED.sub(" ", text)
    plain = _ASIDE.sub(" ", outside)
    phrase, comma, rest = plain.partition(",")
    if _WHILE.match(text):
        return not comma or _WHILE_ALONE.match(outside) is not None
    if not _PHRASE_FIRST.match(text) or plain != text:
        return False
    # Before the comma "posted" and "filled" mostly belong to a noun of the phrase.
    opened = AUXILIARY.search(phrase) or any(
        match["word"] in _LINE_VERBS for match in _LOWER_WORD.finditer(phrase)
    )
    return not opened and not has_verb(rest)


def has_verb(text: str) -> bool:
    """Return whether a text has a finite verb behind its first word."""
    return AUXILIARY.search(text) is not None or any(
        is_verb(match["word"]) for match in _LOWER_WORD.finditer(text)
    )


def is_verb(word: str) -> bool:
    """Return whether a word has the form of a finite verb, as far as forms tell."""
    return word in _LINE_VERBS or (len(word) > 4 and word.endswith("ed") and word.islower())
