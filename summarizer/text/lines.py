"""Wordings of a sentence that can be read alone: the whole of it, and what is left when cut.

What is cut are stretches that a reader can do without: appositions, openings, what follows a
comma, when it was, an adverb, one of two things that somebody did. Never a condition, and
nothing that a denial may reach. What is left says less than the sentence and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from summarizer.text.clauses import (
    AUXILIARY,
    LEAST_WORDS,
    QUOTES,
    REPORTED,
    WORD,
    has_verb,
    is_line,
    is_past_form,
    is_verb,
)
from summarizer.text.data import alternatives, load
from summarizer.text.sentences import STOPS
from summarizer.types import Span

# So many cuts at most are tried to leave one stretch out, the shortest first.
_MOST_WAYS = 2
# Combinations of cuts that are tried at most, and wordings that are made of them.
_MOST_TRIED, _MOST_FITTED = 48, 6
# Words that are left at least where a prepositional phrase at the end is cut.
_LEAST_BEFORE_PLACE = 7
# Words before the verb of a sentence of which one of two deeds may go.
_LONGEST_SUBJECT = 6
# Code points; a longer "sentence" is no prose, and is taken whole.
_LONGEST_SENTENCE = 700
Cut = tuple[Span, ...]
"""Stretches of a sentence that can go, together; offsets into the sentence."""

_DATA = load("clauses")
_NO_SUBJECT, _ADDITIONS, _CIRCUMSTANCES, _OPENINGS, _LINKS, _BEFORE_DATES, _RANKS, _THATS = (
    alternatives(_DATA["lines"][name])
    for name in (
        "no_subject",
        "additions",
        "circumstances",
        "openings",
        "links",
        "before_dates",
        "ranked",
        "hold_a_that",
    )
)
_MARKED = re.compile(r"“[^“”]*”|\"[^\"]*\"")
_QUOTATION = re.compile(r"“[^“”]{20,}”|\"[^\"]{20,}\"")
_DATELINE = re.compile(
    r"^[A-Z][A-Z .'’()/-]{2,40}(?:,\s[A-Z][\w.]{1,15})?(?:\s?\(\w+\))?\s?(?:[—–―]|--|-)\s"
)
_CLOSED = re.compile(rf"[{STOPS}][\"”’)]*$")
_HEADLESS = re.compile(
    r"^\W*(?:(?:(?:shortly|just|soon|immediately|even|hours|days|weeks|months|years)\s)?"
    rf"(?:{_NO_SUBJECT}|\w+ing)\b|\w+ed\b[^,]*,)",
    re.IGNORECASE,
)
# What may go before the subject: an opening, or the description of a name, with commas ("The
# mayor of the port, Joss Amery, said") and without ("Opposition leader Clara Feld demanded").
_OPENING = re.compile(
    rf"^(?:(?:{_LINKS}),?\s|(?:{_OPENINGS})\b[^,;:\"“”]{{1,90}},\s)"
    r"|^(?:The\s)?[A-Z][a-z]+(?:\s[a-z]+){1,4}\s(?=[A-Z][\w'’.-]+\s[A-Z][\w'’.-]+\s[a-z])"
)
_DESCRIBED = re.compile(
    r"^(?:The|An?|Her|His|Their|Its)\s[^,;:\"“”()]{3,120},\s"
    r"(?P<name>[A-Z][\w'’.-]+(?:\s[A-Z][\w'’.-]+){1,3})(?P<comma>,)\s(?!and\b|or\b)[a-z]"
)
# What may go in the middle; the comma behind an apposition goes with it.
_INSERTION = re.compile(
    r",\s(?:who|which|whose|where|a|an|the|aged?|\d{1,3}(?=,)|formerly|one of|whom|[A-Z]\w+ of)\b"
    r"(?:[^,;:\"“”()]|(?<=\d),(?=\d)){0,140}(?=,\s(?!and\b|or\b))"
    r"|\s\([^()]{1,80}\)|\s(?:—|–|--)\s[^—–]{2,90}?\s(?:—|–|--)(?=\s)"
)
_WEEKDAY = re.compile(
    r"\s(?:on\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"(?:\s(?:morning|afternoon|evening|night))?"
    r"(?=[,.]|\s(?:that|in|at|to|over|for|after|he|she|it|they|as|by|with|from|and|on|against)\b)"
)
_WHEN = re.compile(
    r"\s(?:(?:(?:earlier|later|late|early)\s)?(?:this|last)\s(?:week|month|year|spring|summer|autumn"
    r"|fall|winter|morning|afternoon|evening|night)|in\s(?:early\s|late\s|mid-)?(?:(?:January|"
    r"February|March|April|May|June|July|August|September|October|November|December)(?:\s\d{4})?|"
    r"(?:19|20)\d\d)|(?:\d+|two|three|four|five|six|several|some)\s(?:hours|days|weeks|months|years)"
    r"\s(?:ago|earlier|later)|yesterday|today|tonight|at\s(?:about\s|around\s)?\d{1,2}(?:[:.]\d\d)?"
    r"\s?[ap]\.?m\b\.?)(?!\s(?:and|or|to|through|until)\b|[-’'\w])"
)
_BEFORE_DATE = re.compile(rf"\b(?:{_BEFORE_DATES})$", re.IGNORECASE)
_RANKED = re.compile(rf"\b(?:{_RANKS}|[a-z]{{3,}}est)\b", re.IGNORECASE)
_ADVERB = re.compile(rf"\s(?:{alternatives(_DATA['dispensable']['adverbs'])})(?=\s[a-z])")
# What may go at the end: what is added, a prepositional phrase, a relative clause.
_TAIL = re.compile(
    rf",\s(?=(?:{_ADDITIONS}|[a-z]+ing)\b)|\s(?=(?:{_CIRCUMSTANCES})\b)|\s(?:—|–|--)\s|;\s|:\s"
)
_PLACE = re.compile(r"\s(?=(?:in|at|during|near|on)\s)")
_WHICH = re.compile(r"(?<!,)\s(?=(?:who|which|that)\s(?:\w+\s){1,2})")
_HOLDS_A_THAT = re.compile(rf"(?:\b(?:{_THATS})|ed)$", re.IGNORECASE)
# What is said of somebody in passing; where a comma follows, the sentence goes on behind it.
_IN_PASSING = re.compile(r"(?:who|which|whose|where|whom|a|an|the|one)\b")
_QUOTE_END = re.compile(
    r"(?:[,;]\s|\s(?=(?:until|because|but|and (?:I|we|he|she|it|they))\b))[^\"“”]{8,}?"
    r"(?=[,.]?[\"”])"
)
# Where one of these stands, the second thing that somebody did may depend on the first.
_DEPENDENT = re.compile(
    r"\b(?:will|would|can|could|may|might|should|must|to|that|who|which|whether|if|how|why|when"
    r"|while|because|as|be|been|being|is|are|was|were|got)\b|['’](?:ll|d)\b|" + REPORTED.pattern
)
_DENIAL = re.compile(r"\b(?:not|no|never|nor|neither|none|nobody|without|cannot)\b|n['’]t\b", re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """A wording and where its words stand, as offsets into the sentence."""

    text: str
    spans: tuple[Span, ...]


def statement(sentence: str) -> Span:
    """Return the stretch of a sentence that states something: all but a dateline."""
    dateline = _DATELINE.match(sentence)
    return Span(dateline.end() if dateline else 0, len(sentence))


def whole(sentence: str) -> Line:
    """Return a sentence as it is, as a line."""
    return Line(_tidy_wording(sentence), (Span(0, len(sentence)),))


def lines(sentence: str) -> tuple[Line, ...]:
    """Return the whole sentence, what each cut leaves of it, and its quotations."""
    made = (_line_without(sentence, cut) for cut in _possible_cuts(sentence))
    return _unique_lines([whole(sentence), *filter(None, made), *_quoted_lines(sentence)])


def fitted(sentence: str, unwanted: Sequence[Span]) -> tuple[Line, ...]:
    """Return wordings of a sentence without some stretches, those that say most first.

    What no cut leaves out stays: whether the rest is still stated elsewhere is for the caller
    to say.

    Args:
        sentence: The sentence.
        unwanted: What should not be in the wordings, as offsets into the sentence.
    """
    possible = sorted((sum(map(len, cut)), cut) for cut in _possible_cuts(sentence))
    ways = {
        tuple(each for each in possible if any(own.contains(span) for own in each[1]))[:_MOST_WAYS]
        for span in unwanted
    }
    combinations = islice(product(*sorted(filter(None, ways))), _MOST_TRIED)
    made = [
        _line_without(sentence, {span for _, cut in chosen for span in cut})
        for chosen in combinations
        if chosen
    ]
    ranked = sorted(filter(None, made), key=lambda line: -sum(map(len, line.spans)))
    return _unique_lines([*ranked[:_MOST_FITTED], *_quoted_lines(sentence)])


def _unique_lines(made: Iterable[Line]) -> tuple[Line, ...]:
    return tuple({line.text: line for line in made}.values())


def _line_without(sentence: str, gone: Iterable[Span]) -> Line | None:
    """Return what is left of a sentence without some stretches; None where that is no line."""
    left, at = [], 0
    for span in [*sorted(gone), Span(len(sentence), len(sentence))]:
        if span.start > at:
            left.append(Span(at, span.start))
        at = max(at, span.end)
    text = _tidy_wording("".join(span.of(sentence) for span in left))
    begins = bool(left) and (left[0].start == 0 or not _HEADLESS.match(text))
    return Line(text, tuple(left)) if begins and is_line(text) else None


def _quoted_lines(sentence: str) -> Iterator[Line]:
    for match in _QUOTATION.finditer(sentence):
        text = _tidy_wording(match[0])
        # What begins small goes on from the words before: "until Russia takes steps".
        if match[0][1].isupper() and is_line(text):
            yield Line(text, (Span(*match.span()),))


def _possible_cuts(sentence: str) -> tuple[Cut, ...]:
    """Return what a reader can do without in a sentence, each stretch alone."""
    if len(sentence) > _LONGEST_SENTENCE or not _is_whole(sentence):
        return ()
    found = (*_front_cuts(sentence), *_middle_cuts(sentence), *_end_cuts(sentence))
    # Nobody's words are changed between the marks; a quotation may only end earlier.
    quoted = [Span(mark.start(), mark.end()) for mark in _MARKED.finditer(sentence)]
    return tuple(
        cut
        for cut in dict.fromkeys(found)
        if all(cut)
        and not any(m.contains(span) and span.end < m.end - 2 for span in cut for m in quoted)
    )


def _front_cuts(sentence: str) -> Iterator[Cut]:
    if opening := _OPENING.match(sentence):
        yield (Span(0, opening.end()),)
    if described := _DESCRIBED.match(sentence):
        yield Span(0, described.start("name")), Span(*described.span("comma"))


def _middle_cuts(sentence: str) -> Iterator[Cut]:
    for match in _INSERTION.finditer(sentence):
        if _is_whole(match[0]):
            yield (Span(match.start(), match.end() + match[0].startswith(",")),)
    for pattern in (_WEEKDAY, _ADVERB) if _RANKED.search(sentence) else (_WEEKDAY, _ADVERB, _WHEN):
        for match in pattern.finditer(sentence):
            before = sentence[: match.start()]
            denied = pattern is not _WEEKDAY and _DENIAL.search(before)
            if _is_whole(before) and not denied and not _BEFORE_DATE.search(before):
                yield (Span(*match.span()),)
    for match in _QUOTE_END.finditer(sentence):
        before = sentence[: match.start()]
        opened = max(before.rfind("“"), before.rfind('"'))
        if not _is_whole(before) and len(WORD.findall(before[opened:])) >= _LEAST_BEFORE_PLACE:
            yield (Span(*match.span()),)


def _end_cuts(sentence: str) -> Iterator[Cut]:
    end = len(sentence)
    for match in _TAIL.finditer(sentence):
        inside = _IN_PASSING.match(sentence, match.end()) and "," in sentence[match.end() :]
        if not inside and _may_end(sentence, match.start()):
            yield (Span(match.start(), end),)
    for match in _PLACE.finditer(sentence):
        if _may_end_short(sentence, match.start()):
            yield (Span(match.start(), end),)
    for match in () if _RANKED.search(sentence) else _WHICH.finditer(sentence):
        held = _HOLDS_A_THAT.search(sentence[: match.start()])
        if not held and _may_end_short(sentence, match.start()):
            yield (Span(match.start(), end),)
    for match in () if _DENIAL.search(sentence) else re.finditer(r"\sand\s", sentence):
        yield from _deed_cuts(sentence, match.start(), match.end())


def _deed_cuts(sentence: str, end: int, start: int) -> Iterator[Cut]:
    """Yield each of two things that a subject did: "The mayor signed the bill and left".

    The first ends at ``end``, and the second begins at ``start``.
    """
    first, second = sentence[:end], WORD.match(sentence, start)
    if second is None or not is_verb(second[0]) or QUOTES.search(first):
        return
    if len(WORD.findall(first)) >= LEAST_WORDS and _may_end(sentence, end):
        yield (Span(end, len(sentence)),)
    verb = _first_verb(first)
    if verb is not None and not _DEPENDENT.search(first, verb):
        yield (Span(verb, start),)


def _first_verb(text: str) -> int | None:
    """Return where the first verb stands of a text that begins with a short subject."""
    subject_and_verb = islice(WORD.finditer(text), 1, _LONGEST_SUBJECT + 1)
    verb = next((w for w in subject_and_verb if is_verb(w[0]) or AUXILIARY.fullmatch(w[0])), None)
    if verb is None or not text[0].isupper() or "," in text[: verb.start()]:
        return None
    return verb.start()


def _may_end(sentence: str, end: int) -> bool:
    """Return whether a sentence says what it says when it ends here."""
    kept = sentence[:end]
    # What is denied may be the part that would be cut: "did not resign because of it".
    denied = sentence[end] != "," and _DENIAL.search(kept)
    return _is_whole(kept) and has_verb(kept) and not denied


def _may_end_short(sentence: str, end: int) -> bool:
    """Return whether a sentence may end before a prepositional phrase: behind a noun."""
    words = WORD.findall(sentence[:end])
    if len(words) < _LEAST_BEFORE_PLACE or not _may_end(sentence, end):
        return False
    last = words[-1].lower()
    return not is_past_form(last) and not last.endswith(("ed", "ing", "ly"))


def _is_whole(text: str) -> bool:
    """Return whether a stretch opens no quotation that it does not close."""
    return text.count("“") == text.count("”") and text.count('"') % 2 == 0


def _tidy_wording(text: str) -> str:
    """Return a wording with a capital, one stop, and marks that open and close."""
    text = _DATELINE.sub("", " ".join(text.split())).strip(" ,;:—–-")
    text = re.sub(r"(^|\s)([\"“])[\s,;:]+", r"\1\2", text)
    text = re.sub(r"\s+([,.;:])", r"\1", text).replace(",.", ".").replace(",,", ",")
    text = text[:1].upper() + text[1:]
    curly, straight = text.count("“") - text.count("”"), text.count('"') % 2
    if not straight:
        text = "“" * -curly + text + "”" * curly
    elif not curly and text.startswith('"'):
        text += '"'
    elif not curly and text.rstrip(".!?").endswith('"'):
        text = '"' + text
    text = re.sub(r"[,;](?=[\"”]\.?$)", ".", text)
    text = re.sub(r"(?<=\.[\"”])\.$", "", text)
    return text if _CLOSED.search(text) else text + "."
