"""Wordings of a sentence that can be read alone: the whole of it, and what is left when cut.

What is cut are stretches that a reader can do without, such as appositions; never a condition, and
nothing that a denial may reach. What is left says less than the sentence and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from summarizer.text.clauses import WORD, has_verb, is_line, is_verb
from summarizer.text.data import alternatives, load
from summarizer.text.sentences import STOPS
from summarizer.types import Span

# So many cuts at most are tried to leave one stretch out, the shortest first.
_MOST_WAYS = 2
# Combinations of cuts that are tried at most, and wordings that are made of them.
_MOST_TRIED, _MOST_FITTED = 48, 6
# Words that are left at least where a prepositional phrase at the end is cut.
_LEAST_BEFORE_PLACE = 7
# Code points; a longer "sentence" is no prose, and is taken whole.
_LONGEST_SENTENCE = 700
_PHRASES = {name: alternatives(row) for name, row in load("clauses")["lines"].items()}
_MARKED = re.compile(r"“[^“”]*”|\"[^\"]*\"")
_QUOTATION = re.compile(r"“[^“”]{20,}”|\"[^\"]{20,}\"")
_DATELINE = re.compile(
    r"^[A-Z][A-Z .'’()/-]{2,40}(?:,\s[A-Z][\w.]{1,15})?(?:\s?\(\w+\))?\s?(?:[—–―]|--|-)\s"
)
_CLOSED = re.compile(rf"[{STOPS}][\"”’)]*$")
_HEADLESS = re.compile(
    r"^\W*(?:(?:(?:shortly|just|soon|immediately|even|hours|days|weeks|months|years)\s)?"
    rf"(?:{_PHRASES['no_subject']}|\w+ing)\b|\w+ed\b[^,]*,)",
    re.IGNORECASE,
)
# What may go before the subject: an opening, or what a name is ("Opposition leader Clara Feld").
_OPENING = re.compile(
    rf"^(?:(?:{_PHRASES['links']}),?\s|(?:{_PHRASES['openings']})\b[^,;:\"“”]{{1,90}},\s)"
    r"|^(?:The\s)?[A-Z][a-z]+(?:\s[a-z]+){1,4}\s(?=[A-Z][\w'’.-]+\s[A-Z][\w'’.-]+\s[a-z])"
)
# What may go in the middle; the comma behind an apposition goes with it.
_INSERTION = re.compile(
    r",\s(?:who|which|whose|where|a|an|the|aged?|\d{1,3}(?=,)|formerly|one of|whom|[A-Z]\w+ of)\b"
    r"(?:[^,;:\"“”()]|(?<=\d),(?=\d)){0,140}(?=,\s(?!and\b|or\b))"
    r"|\s\([^()]{1,80}\)|\s(?:—|–|--)\s[^—–]{2,90}?\s(?:—|–|--)(?=\s)"
)
_WHEN = re.compile(
    r"\s(?:(?:(?:earlier|later|late|early)\s)?(?:this|last)\s(?:week|month|year|spring|summer|autumn"
    r"|fall|winter|morning|afternoon|evening|night)|in\s(?:early\s|late\s|mid-)?(?:(?:January|"
    r"February|March|April|May|June|July|August|September|October|November|December)(?:\s\d{4})?|"
    r"(?:19|20)\d\d)|(?:\d+|two|three|four|five|six|several|some)\s(?:hours|days|weeks|months|years)"
    r"\s(?:ago|earlier|later)|yesterday|today|tonight|at\s(?:about\s|around\s)?\d{1,2}(?:[:.]\d\d)?"
    r"\s?[ap]\.?m\b\.?)(?!\s(?:and|or|to|through|until)\b|[-’'\w])"
)
_BEFORE_DATE = re.compile(rf"\b(?:{_PHRASES['before_dates']})$", re.IGNORECASE)
_RANKED = re.compile(rf"\b(?:{_PHRASES['ranked']}|[a-z]{{3,}}est)\b", re.IGNORECASE)
# What may go at the end: what is added, a prepositional phrase, a relative clause.
_TAIL = re.compile(
    rf",\s(?=(?:{_PHRASES['additions']}|[a-z]+ing)\b)|\s(?=(?:{_PHRASES['circumstances']})\b)|\s(?:—|–|--)\s|;\s|:\s"
)
_DASHES = ("—", "–", "--")
_PLACE = re.compile(r"\s(?=(?:in|at|during|near|on)\s)")
_WHICH = re.compile(r"(?<!,)\s(?=(?:who|which|that)\s(?:\w+\s){1,2})")
_HOLDS_A_THAT = re.compile(rf"(?:\b(?:{_PHRASES['hold_a_that']})|ed)$", re.IGNORECASE)
# What is said of somebody in passing; where a comma follows, the sentence goes on behind it.
_IN_PASSING = re.compile(r"(?:who|which|whose|where|whom|a|an|the|one)\b")
_DEPENDENT = re.compile(rf"\b(?:{_PHRASES['dependent']})\W*$", re.IGNORECASE)
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


def fitted(sentence: str, unwanted: Sequence[Span]) -> tuple[Line, ...]:
    """Return wordings of a sentence without some of its stretches, those that say most first.

    What no cut leaves out stays: whether it is still stated elsewhere is for the caller to say.
    """
    possible = sorted(_possible_cuts(sentence), key=lambda cut: (len(cut), cut))
    ways = {
        tuple(cut for cut in possible if cut.contains(span))[:_MOST_WAYS] for span in unwanted
    } - {()}
    ranked_ways = sorted(ways, key=lambda cuts: (len(cuts[0]), cuts))
    combinations = islice(product(*ranked_ways), _MOST_TRIED) if ways else ()
    cut = (_line_without(sentence, set(cuts)) for cuts in combinations)
    ranked = sorted(filter(None, cut), key=lambda line: -sum(map(len, line.spans)))
    made = (*ranked[:_MOST_FITTED], *_quoted_lines(sentence))
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
        # What begins small goes on from the words before, and so does what depends on them: "the
        # bridge stays shut “until repairs end”", "until “The repairs end.”".
        depends = _DEPENDENT.search(sentence[: match.start()])
        if match[0][1].isupper() and not depends and is_line(text):
            yield Line(text, (Span(*match.span()),))


def _possible_cuts(sentence: str) -> tuple[Span, ...]:
    """Return what a reader can do without in a sentence, each stretch alone."""
    if len(sentence) > _LONGEST_SENTENCE or not _is_whole(sentence):
        return ()
    # Nobody's words are changed between the marks; a quotation may only end earlier.
    quoted = [Span(mark.start(), mark.end()) for mark in _MARKED.finditer(sentence)]
    cuts = (*_early_cuts(sentence), *_end_cuts(sentence))
    return tuple(
        cut
        for cut in dict.fromkeys(cuts)
        if cut and not any(mark.contains(cut) and cut.end < mark.end - 2 for mark in quoted)
    )


def _early_cuts(sentence: str) -> Iterator[Span]:
    """Yield what may go before the end: an opening, an insertion, when it was."""
    opening = _OPENING.match(sentence)
    # "He demanded that Mr. Amery resign" begins with no title of Mr. Amery's.
    if opening and not opening[0].endswith((" that ", " to ")):
        yield Span(0, opening.end())
    for match in _INSERTION.finditer(sentence):
        if _is_whole(match[0]):
            yield Span(match.start(), match.end() + match[0].startswith(","))
    for match in () if _RANKED.search(sentence) else _WHEN.finditer(sentence):
        before = sentence[: match.start()]
        if _is_whole(before) and not _BEFORE_DATE.search(before) and not _DENIAL.search(before):
            yield Span(*match.span())


def _end_cuts(sentence: str) -> Iterator[Span]:
    end = len(sentence)
    for match in _TAIL.finditer(sentence):
        rest = sentence[match.end() :]
        # Behind a second dash the sentence goes on where it stopped before the first.
        dashed = match[0].strip() in _DASHES and any(f" {dash} " in rest for dash in _DASHES)
        inside = dashed or (_IN_PASSING.match(rest) and "," in rest)
        if not inside and _may_end(sentence, match.start()):
            yield Span(match.start(), end)
    for match in _PLACE.finditer(sentence):
        if _may_end_short(sentence, match.start()):
            yield Span(match.start(), end)
    for match in () if _RANKED.search(sentence) else _WHICH.finditer(sentence):
        held = _HOLDS_A_THAT.search(sentence[: match.start()])
        if not held and _may_end_short(sentence, match.start()):
            yield Span(match.start(), end)


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
    return not is_verb(last) and not last.endswith(("ed", "ing", "ly"))


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
