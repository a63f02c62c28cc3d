"""Clauses of a sentence, the units that an outlet can have alone, and what can be read alone.

Half of a sentence is often common knowledge and the other half a scoop. A tool that works
by sentences calls the whole of it unique and is wrong, so claims start at clause level.
All is told by surface cues (punctuation, conjunctions, reporting verbs): a parser would
be better and would cost every install a model of tens of megabytes.
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

_DATA = load("clauses")
_VERBS, _CONTEXT = _DATA["verbs"], _DATA["context"]
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

    They are in order, disjoint and stripped of white space, and cover all the rest. Clauses
    that cannot stand alone ("the statement said", "In that case,", "at around six o'clock")
    join a neighbour: what opens the sentence, or says who reported what comes then, joins the
    next, all else the one before.
    """
    spans: list[Span] = []
    for start, end in pairwise((0, *_clause_starts(sentence.of(text)), len(sentence))):
        span = Span(sentence.start + start, sentence.start + end).trimmed(text)
        if spans and (_goes_before(spans[-1].of(text)) or _goes_behind(span.of(text))):
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


def _goes_behind(clause: str) -> bool:
    """Return whether a clause says nothing without the one before it."""
    return _is_fragment(clause) and not _UNFINISHED.search(clause)


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
    r"|(?:one|\d+)\s(?:minute|hour|day|week|month|year|decade))$",
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
_PHRASE_FIRST = re.compile(rf"(?:{alternatives(_DATA['lines']['phrase_first'])})\b")
_ASIDE = re.compile(r",\s(?:who|which|whose|whom|where|[a-z]+(?:ed|ing))\b[^,]*(?:,|$)")
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
    if _lacks_main_clause(text):
        return True
    opening, aside = _SUBORDINATE.match(text), _ASIDE.search(text)
    last = _LAST_CLAUSE.search(text.rstrip(" .…"))
    remains = [text[opening.end() :]] if opening else []
    remains += [f"{text[: aside.start()]} {text[aside.end() :]}"] if aside else []
    remains += [last[1]] if last else []
    return not all(map(has_verb, remains))


def _lacks_main_clause(text: str) -> bool:
    """Return whether a text is "While …" or "With no word from her" and not what happened then."""
    plain = _ASIDE.sub(" ", _QUOTED.sub(" ", text))
    phrase, comma, rest = plain.partition(",")
    if _WHILE.match(text):
        return not comma
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


def is_past_form(word: str) -> bool:
    """Return whether a word is an irregular verb in a form that news tells in."""
    return word in _LINE_VERBS


_PERIOD = "(?:hour|day|week|month|year)"
_ANAPHORA = re.compile(
    rf"(?:(?:{alternatives(_CONTEXT['before_pronouns'])}),?\s)?"
    rf"(?:(?:{alternatives(_CONTEXT['pronouns'])})"
    rf"|(?-i:Both(?! the\b)|{alternatives(_CONTEXT['pointers'])}"
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
_QUOTED = re.compile(r"[“\"][^“”\"]*(?:[”\"]|$)")
_SPEAKER_PRONOUN = re.compile(
    r"\b(?:[Hh]e|[Ss]he)(?=\s(?:said|says|added|told|wrote|tweeted)\b)"
    r"|(?<=[_,]\s)(?:said|says|added)\s(?:he|she)\b"
)
_NAME_AND_WORD = re.compile(
    r"(?P<first>[A-Z][\w’'-]+)(?:(?<=['’]s)\s[a-z]+\b"
    r"|\s(?:(?:also|later|then|still|now|[a-z]+ly)\s)?(?P<next>[a-z]+)\b)"
)
_CONNECTIVE = re.compile(
    r"^(?:(?:But|And)(?! (?:for|then|yet|so|if|when|not)\b),?"
    r"|(?:Still|Yet|However|Meanwhile|Also),)\s+(?=[\w“\"])"
)
_BRACKETED = re.compile(r"\(([^()]+)\.\)\.?")
_POINTING = re.compile(
    rf"\b[Tt]h(?:ese|ose|is) (?!(?:{alternatives(_CONTEXT['times'])})\b)[a-z]+"
    rf"|\bthat (?:{_NOUNS}|{alternatives(_CONTEXT['that_nouns'])})(?=[,.]|$| (?:did|does)n['’]t)"
    rf"|\bthe following (?!{_PERIOD}|morning|night|{alternatives(_CONTEXT['calendar'])})"
    r"|\b[Tt]h(?:is (?:is|was)|at['’]s)\b|, for (?:example|instance),"
    r"|\b(?:a \w+ like this|(?:of|about) (?:this|that|it))(?=[.,;!?”\"]|$)"
    r"|\bthe (?:smaller|larger|latter)\b"
)
# The end of a post that a page shows: its picture's address, who wrote it and when.
_POST = re.compile(r"\bpic\.twitter\.com/|\(@\w+\)")
_DEFINITE = re.compile(
    rf"\b[Tt]he (?P<noun>{_NOUNS})\b"
    rf"(?!['’]?s? (?:(?:{alternatives(_CONTEXT['after_nouns'])})\b|[A-Z“\"]))"
)


def leans_on_context(text: str) -> bool:
    """Return whether a text points to what was named before it, or to where and by whom it is said.

    "That means …" does, and so does "I am sure" without the marks of a quotation, or "here".
    """
    return bool(_ANAPHORA.match(text) or _HERE_OR_WE.search(_QUOTED.sub(" ", text)))


def stands_alone(text: str) -> bool:
    """Return whether a reader can place a text who reads nothing else of its article.

    Args:
        text: A sentence as it stands in the article.
    """
    if _lacks_main_clause(text) or _POST.search(text):
        return False
    points = leans_on_context(text) or _POINTING.search(text) or _ANAPHORA.match(text.lstrip('"“'))
    return not (
        points
        or any(_is_new(match) for match in _DEFINITE.finditer(text))
        or is_quotation(text)
        or any(map(_names_nobody, (text, _QUOTED.sub(" ", text))))
    )


def _is_new(definite: re.Match[str]) -> bool:
    """Return whether "the letter" is the first that its line says of a letter."""
    known = rf"(?:\b(?:an?|his|her|its|their)|['’]s) (?:[\w-]+ )?{definite['noun']}\b"
    return re.search(known, definite.string[: definite.start()]) is None


def is_quotation(text: str) -> bool:
    """Return whether a text is somebody's words and nothing else, so nobody can tell whose."""
    return re.search(r"\w", _QUOTED.sub(" ", text)) is None


def is_attributed(text: str) -> bool:
    """Return whether a text is a quotation with a speaker whom a reader can place."""
    outside = _QUOTED.sub(" ", text)
    return outside != text and not (
        is_quotation(text) or _names_nobody(outside) or leans_on_context(outside.strip(" ,."))
    )


def without_connective(text: str) -> str:
    """Return a line without what ties it to the one before: "But police said", or brackets."""
    bracketed = _BRACKETED.fullmatch(text)
    rest = _CONNECTIVE.sub("", bracketed[1] + "." if bracketed else text)
    return rest[:1].upper() + rest[1:]


def name_speaker(text: str, name: str) -> str:
    """Return a text with the name in brackets after the pronoun that stands for its speaker.

    Only a pronoun beside the verb of saying, outside quotation marks, surely does: "he said",
    "said she". A text that has none comes back as it is.
    """
    outside = _QUOTED.sub(lambda quoted: "_" * len(quoted[0]), text)
    pronoun = _SPEAKER_PRONOUN.search(outside)
    return f"{text[: pronoun.end()]} [{name}]{text[pronoun.end() :]}" if pronoun else text


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
    return not _opens_with_name(before, meant[0]) and known.search(before, 1) is None


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
