"""Wordings of a sentence that can be read alone: the whole of it, and what is left when cut.

What is cut are stretches that a reader can do without: appositions, openings, what follows a
comma, when it was, an adverb, one of two things that somebody did. Never a condition, and
nothing that a denial may reach. What is left says less than the sentence and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
from summarizer.text.data import load
from summarizer.text.sentences import STOPS
from summarizer.types import Span

MOST_WAYS = 2
"""So many cuts at most are tried to leave one stretch out, the shortest first."""

MOST_TRIED, MOST_FITTED = 48, 6
"""Combinations of cuts that are tried at most, and wordings that are made of them."""

LEAST_BEFORE_PLACE = 7
"""Words that are left at least where a prepositional phrase at the end is cut."""

LONGEST_SUBJECT = 6
"""Words before the verb of a sentence of which one of two deeds may go."""

LONGEST_SENTENCE = 700
"""Code points; a longer "sentence" is no prose, and is taken whole."""

_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MARKED = re.compile(r"“[^“”]*”|\"[^\"]*\"")
_QUOTATION = re.compile(r"“[^“”]{20,}”|\"[^\"]{20,}\"")
_NO_SUBJECT = re.compile(
    r"^\W*(?:(?:(?:shortly|just|soon|immediately|even|hours|days|weeks|months|years)\s)?"
    r"(?:who|which|whose|whom|where|that|than|because|although|though|while|whereas|if|when|"
    r"after|before|since|until|unless|as|with|without|including|among|according|despite|amid|to|of|"
    r"in|on|at|by|for|from|\w+ing)\b|\w+ed\b[^,]*,)",
    re.IGNORECASE,
)
_APPOSITION = re.compile(
    r",\s(?:who|which|whose|where|a|an|the|aged?|\d{1,3}(?=,)|formerly|one of|whom|[A-Z]\w+ of)\b"
    r"(?:[^,;:\"“”()]|(?<=\d),(?=\d)){0,140}(?=,\s(?!and\b|or\b))",
)
_PARENTHESIS = re.compile(r"\s\([^()]{1,80}\)|\s(?:—|–|--)\s[^—–]{2,90}?\s(?:—|–|--)(?=\s)")
_TAIL = re.compile(
    r",\s(?=(?:who|which|whose|where|whom|saying|noting|citing|adding|calling|[a-z]+ing|"
    r"including|while|although|though|but|and|after|when|as|with|without|despite|amid|"
    r"following|a|an|the|one|some|making|even|especially|particularly|because|since)\b)"
    r"|\s(?=(?:after|while|amid|despite|because|although|though|in an effort|in order to|in a bid|"
    r"as part of|when|following)\b)|\s(?:—|–|--)\s|;\s|:\s",
)
_ADDITION = re.compile(r"(?:who|which|whose|where|whom|a|an|the|one)\b")
"""What is said of somebody in passing; where a comma follows, the sentence goes on behind it."""

_PLACE = re.compile(r"\s(?=(?:in|at|during|near|on)\s)")
"""What a prepositional phrase at the end begins with; it may go where enough is left."""

_OPENING = re.compile(
    r"^(?:(?:But|And|Yet|So|Still|Also|Meanwhile|However|Then|Now|Instead|Moreover|Indeed|Nor),?\s"
    r"|(?:On|In|At|During|Earlier|Last|By|Late|Early|Later|More recently|Recently|Since|This|Also|"
    r"Despite|Following|After|As|When|While|Though|Although|Meanwhile|For)\b[^,;:\"“”]{1,90},\s)"
)
_DATELINE = re.compile(
    r"^[A-Z][A-Z .'’()/-]{2,40}(?:,\s[A-Z][\w.]{1,15})?(?:\s?\(\w+\))?\s?(?:[—–―]|--|-)\s"
)
_WEEKDAY = re.compile(
    rf"\s(?:on\s)?{_DAY}(?:\s(?:morning|afternoon|evening|night))?"
    r"(?=[,.]|\s(?:that|in|at|to|over|for|after|he|she|it|they|as|by|with|from|and|on|against)\b)"
)
_DATED = re.compile(
    r"\b(?:last|next|this|of|since|until|till|by|the|from|to|between|every|before|after|and|for|late|early)$",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\s(?:(?:(?:earlier|later|late|early)\s)?(?:this|last)\s(?:week|month|year|spring|summer|autumn"
    r"|fall|winter|morning|afternoon|evening|night)|in\s(?:early\s|late\s|mid-)?(?:(?:January|"
    r"February|March|April|May|June|July|August|September|October|November|December)(?:\s\d{4})?|"
    r"(?:19|20)\d\d)|(?:\d+|two|three|four|five|six|several|some)\s(?:hours|days|weeks|months|years)"
    r"\s(?:ago|earlier|later)|yesterday|today|tonight|at\s(?:about\s|around\s)?\d{1,2}(?:[:.]\d\d)?"
    r"\s?[ap]\.?m\b\.?)(?!\s(?:and|or|to|through|until)\b|[-’'\w])"
)
_RANKED = re.compile(
    r"\b(?:first|last|most|least|only|record|since|all|every|each|any|no|none|nobody|never|always|"
    r"anyone|everyone|those|whoever|whatever|[a-z]{3,}est)\b",
    re.IGNORECASE,
)
"""Where a statement holds of all or of the first of a kind, what narrows the kind must stay."""

_ADVERB = re.compile(
    rf"\s(?:{'|'.join(load('clauses')['dispensable']['adverbs'].split())})(?=\s[a-z])"
)
_NAMED = re.compile(
    r"^(?:The|An?|Her|His|Their|Its)\s[^,;:\"“”()]{3,120},\s"
    r"(?P<name>[A-Z][\w'’.-]+(?:\s[A-Z][\w'’.-]+){1,3})(?P<comma>,)\s(?!and\b|or\b)[a-z]"
)
"""A description before a name: "The mayor of the port, Joss Amery, said"."""

_TITLED = re.compile(
    r"^(?:The\s)?[A-Z][a-z]+(?:\s[a-z]+){1,4}\s(?=[A-Z][\w'’.-]+\s[A-Z][\w'’.-]+\s[a-z])"
)
"""The same without commas: "Opposition leader Clara Feld demanded"."""

_WHICH = re.compile(r"(?<!,)\s(?=(?:who|which|that)\s(?:\w+\s){1,2})")
_HOLDS_A_THAT = re.compile(
    r"(?:\b(?:so|such|fact|claim|idea|belief|hope|fear|news|evidence|statement|report|sign|notion|"
    r"possibility|suggestion|promise|pledge|announcement|commitment|assurance|argument|warning|"
    r"allegation|concern|view|saying|it|those|one|ones)|ed)$",
    re.IGNORECASE,
)
"""Ends in a word whose "that" says what was meant: it is no stretch to be cut."""

_MODAL = re.compile(r"\b(?:will|would|can|could|may|might|should|must|to)\b|['’](?:ll|d)\b")
_EMBEDDING = re.compile(r"\b(?:that|who|which|whether|if|how|why|when|while|because|as)\b")
_PASSIVE = re.compile(r"\b(?:be|been|being|is|are|was|were|got)\b")
_QUOTE_END = re.compile(
    r"(?:[,;]\s|\s(?=(?:until|because|but|and (?:I|we|he|she|it|they))\b))(?P<rest>[^\"“”]{8,}?)"
    r"(?=[,.]?[\"”])"
)
_CLOSED = re.compile(rf"[{STOPS}][\"”’)]*$")
_DENIAL = re.compile(r"\b(?:not|no|never|nor|neither|none|nobody|without|cannot)\b|n['’]t\b", re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """A wording and where its words stand, as offsets into the sentence."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Stretches of a sentence that can go, together; offsets into the sentence."""

    spans: tuple[Span, ...]

    def covers(self, span: Span) -> bool:
        """Return whether a stretch goes with this cut."""
        return any(own.start <= span.start and span.end <= own.end for own in self.spans)

    def __len__(self) -> int:
        """Return how many code points go."""
        return sum(map(len, self.spans))


def statement(sentence: str) -> Span:
    """Return the stretch of a sentence that states something: all but a dateline."""
    dateline = _DATELINE.match(sentence)
    return Span(dateline.end() if dateline else 0, len(sentence))


def whole(sentence: str) -> Line:
    """Return a sentence as it is, as a line."""
    return Line(_tidy(sentence), (Span(0, len(sentence)),))


def lines(sentence: str) -> tuple[Line, ...]:
    """Return the whole sentence, what each cut leaves of it, and its quotations."""
    made = [_without(sentence, (cut,)) for cut in cuts(sentence)]
    return _different([whole(sentence), *made, *_quoted(sentence)])


def fitted(sentence: str, unwanted: Sequence[Span]) -> tuple[Line, ...]:
    """Return wordings of a sentence without some stretches, those that say most first.

    What no cut leaves out stays: whether the rest is still stated elsewhere is for the caller
    to say.

    Args:
        sentence: The sentence.
        unwanted: What should not be in the wordings, as offsets into the sentence.
    """
    possible = sorted(cuts(sentence), key=lambda cut: (len(cut), cut.spans))
    ways = {tuple(cut for cut in possible if cut.covers(span))[:MOST_WAYS] for span in unwanted}
    chosen = (
        tuple(dict.fromkeys(cuts_)) for cuts_ in product(*sorted(filter(None, ways), key=_size))
    )
    made = [_without(sentence, each) for each in islice(chosen, MOST_TRIED) if each]
    ranked = sorted(filter(None, made), key=lambda line: -sum(map(len, line.spans)))
    return _different([*ranked[:MOST_FITTED], *_quoted(sentence)])


def _size(ways: tuple[Cut, ...]) -> tuple[int, tuple[Span, ...]]:
    return len(ways[0]), ways[0].spans


def _different(made: Sequence[Line | None]) -> tuple[Line, ...]:
    return tuple({line.text: line for line in made if line is not None}.values())


def _without(sentence: str, gone: Sequence[Cut]) -> Line | None:
    """Return what is left of a sentence without some cuts; None where that is no line."""
    spans = _left(len(sentence), [span for cut in gone for span in cut.spans])
    text = _tidy("".join(span.of(sentence) for span in spans))
    begins = bool(spans) and (spans[0].start == 0 or not _NO_SUBJECT.match(text))
    return Line(text, spans) if begins and is_line(text) else None


def _quoted(sentence: str) -> Iterator[Line]:
    for match in _QUOTATION.finditer(sentence):
        text = _tidy(match[0])
        # What begins small goes on from the words before: "until Russia takes steps".
        if match[0][1].isupper() and is_line(text):
            yield Line(text, (Span(*match.span()),))


def cuts(sentence: str) -> tuple[Cut, ...]:
    """Return what a reader can do without in a sentence, each stretch alone."""
    if len(sentence) > LONGEST_SENTENCE or not _is_whole(sentence):
        return ()
    found = [
        *_openings(sentence),
        *_insertions(sentence),
        *_quotation_ends(sentence),
        *_ends(sentence),
        *_deeds(sentence),
    ]
    quoted = [Span(*match.span()) for match in _MARKED.finditer(sentence)]
    return tuple(
        dict.fromkeys(
            Cut(spans)
            for spans in found
            # Nobody's words are changed between the marks; a quotation may only end earlier.
            if all(spans) and not any(_is_inside(s, mark) for s in spans for mark in quoted)
        )
    )


def _is_inside(span: Span, quoted: Span) -> bool:
    """Return whether a stretch is of the middle of a quotation, marks included."""
    return quoted.contains(span) and span.end < quoted.end - 2


def _openings(sentence: str) -> Iterator[tuple[Span, ...]]:
    """Yield what may go before the subject."""
    opening = _OPENING.match(sentence)
    if opening:
        yield (Span(0, opening.end()),)
    named = _NAMED.match(sentence)
    if named:
        yield Span(0, named.start("name")), Span(*named.span("comma"))
    titled = _TITLED.match(sentence)
    if titled:
        yield (Span(0, titled.end()),)


def _insertions(sentence: str) -> Iterator[tuple[Span, ...]]:
    """Yield what may go in the middle."""
    for pattern in (_APPOSITION, _PARENTHESIS):
        for match in pattern.finditer(sentence):
            if _is_whole(match[0]):
                # The comma behind an apposition goes with it.
                yield (_with_comma(sentence, Span(*match.span())),)
    for match in _WEEKDAY.finditer(sentence):
        before = sentence[: match.start()]
        if not _DATED.search(before) and _is_whole(before):
            yield (Span(*match.span()),)
    ranked = _RANKED.search(sentence) is not None
    for pattern in (_ADVERB,) if ranked else (_ADVERB, _WHEN):
        for match in pattern.finditer(sentence):
            before = sentence[: match.start()]
            if _is_whole(before) and not _DATED.search(before) and not _DENIAL.search(before):
                yield (Span(*match.span()),)


def _quotation_ends(sentence: str) -> Iterator[tuple[Span, ...]]:
    """Yield what may go at the end of a quotation that goes on to say more."""
    for match in _QUOTE_END.finditer(sentence):
        before = sentence[: match.start()]
        opened = max(before.rfind("“"), before.rfind('"'))
        if not _is_whole(before) and len(WORD.findall(before[opened:])) >= LEAST_BEFORE_PLACE:
            yield (Span(*match.span()),)


def _ends(sentence: str) -> Iterator[tuple[Span, ...]]:
    """Yield what may go at the end."""
    end = len(sentence)
    for match in _TAIL.finditer(sentence):
        inside = _ADDITION.match(sentence, match.end()) and "," in sentence[match.end() :]
        if not inside and _may_end(sentence, match.start()):
            yield (Span(match.start(), end),)
    for match in _PLACE.finditer(sentence):
        if _may_end_short(sentence, match.start()):
            yield (Span(match.start(), end),)
    if _RANKED.search(sentence):
        return
    for match in _WHICH.finditer(sentence):
        held = _HOLDS_A_THAT.search(sentence[: match.start()])
        if not held and _may_end_short(sentence, match.start()):
            yield (Span(match.start(), end),)


def _deeds(sentence: str) -> Iterator[tuple[Span, ...]]:
    """Yield each of two things that a subject did: "The mayor signed the bill and left"."""
    for match in re.finditer(r"\sand\s", sentence):
        second = _begins_with_verb(sentence[match.end() :])
        first = sentence[: match.start()]
        if not second or QUOTES.search(first) or _DENIAL.search(sentence):
            continue
        if len(WORD.findall(first)) >= LEAST_WORDS and _may_end(sentence, match.start()):
            yield (Span(match.start(), len(sentence)),)
        verb = _first_verb(first)
        rest = first[verb:] if verb is not None else ""
        if rest and not any(p.search(rest) for p in (_MODAL, _EMBEDDING, REPORTED, _PASSIVE)):
            yield (Span(verb or 0, match.end()),)


def _begins_with_verb(text: str) -> bool:
    word = WORD.match(text)
    return word is not None and is_verb(word[0])


def _first_verb(text: str) -> int | None:
    """Return where the first verb stands of a text that begins with a short subject."""
    if not text[:1].isupper():
        return None
    for place, word in enumerate(WORD.finditer(text)):
        if place and (is_verb(word[0]) or AUXILIARY.fullmatch(word[0])):
            return word.start() if "," not in text[: word.start()] else None
        if place == LONGEST_SUBJECT:
            break
    return None


def _left(length: int, gone: list[Span]) -> tuple[Span, ...]:
    """Return what is left of a stretch without some parts of it."""
    left, at = [], 0
    for span in sorted(gone):
        if span.start > at:
            left.append(Span(at, span.start))
        at = max(at, span.end)
    if at < length:
        left.append(Span(at, length))
    return tuple(left)


def _with_comma(sentence: str, span: Span) -> Span:
    comma = sentence[span.start] == "," and sentence[span.end : span.end + 1] == ","
    return Span(span.start, span.end + 1) if comma else span


def _may_end(sentence: str, end: int) -> bool:
    """Return whether a sentence says what it says when it ends here."""
    kept = sentence[:end]
    if not _is_whole(kept) or not has_verb(kept):
        return False
    # What is denied may be the part that would be cut: "did not resign because of it".
    return sentence[end] == "," or not _DENIAL.search(kept)


def _may_end_short(sentence: str, end: int) -> bool:
    """Return whether a sentence may end before a prepositional phrase: behind a noun."""
    words = WORD.findall(sentence[:end])
    if len(words) < LEAST_BEFORE_PLACE or not _may_end(sentence, end):
        return False
    last = words[-1].lower()
    return not is_past_form(last) and not last.endswith(("ed", "ing", "ly"))


def _is_whole(text: str) -> bool:
    """Return whether a stretch opens no quotation that it does not close."""
    marks = QUOTES.findall(text)
    return marks.count("“") == marks.count("”") and marks.count('"') % 2 == 0


def _tidy(text: str) -> str:
    """Return a wording with a capital, one stop, and marks that open and close."""
    text = _DATELINE.sub("", " ".join(text.split())).strip(" ,;:—–-")
    text = re.sub(r"(^|\s)([\"“])[\s,;:]+", r"\1\2", text)
    text = re.sub(r"\s+([,.;:])", r"\1", text).replace(",.", ".").replace(",,", ",")
    text = text[:1].upper() + text[1:]
    curly, straight = text.count("“") - text.count("”"), text.count('"') % 2
    if straight and not curly and text.startswith('"'):
        text += '"'
    elif straight and not curly and text.rstrip(".!?").endswith('"'):
        text = '"' + text
    elif not straight:
        text = "“" * -curly + text + "”" * curly
    text = re.sub(r"[,;](?=[\"”]\.?$)", ".", text)
    text = re.sub(r"(?<=\.[\"”])\.$", "", text)
    return text if _CLOSED.search(text) else text + "."
