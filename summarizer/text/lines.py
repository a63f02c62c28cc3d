"""Wordings of a sentence that can be read alone: the whole of it, and what is left when cut.

What is cut are stretches that a reader can do without: appositions, openings, what follows a
comma, a weekday. Never a condition, and nothing that a denial may reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from summarizer.text.words import IRREGULAR
from summarizer.types import Span

LEAST_WORDS = 4
"""A line has at least so many words."""

MOST_LINES = 24
"""Wordings of one sentence, at most, the longest first."""

LEAST_BEFORE_PLACE = 7
"""Words that are left at least where a prepositional phrase at the end is cut."""

LONGEST_SENTENCE = 700
"""Code points; a longer "sentence" is no prose, and is taken whole."""

_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_QUOTES = re.compile(r"[\"“”]")
_QUOTATION = re.compile(r"“[^“”]{20,}”|\"[^\"]{20,}\"")
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|did|does|do|"
    r"says|isn't|aren't|wasn't|weren't|hasn't|haven't|hadn't|won't|wouldn't|can't|cannot|couldn't|"
    r"didn't|doesn't|don't|\w{2,}['’](?:s|re|ve|ll|d) \w+(?:ing|ed))\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"(?<!,)\s(?P<verb>[a-z]+)\b")
_PAST_FORMS = frozenset(
    """said told made took gave went came left became began held kept lost won met paid sent spoke
    sought saw found got brought built bought fell fled grew hit led put rose ran set shot sold
    struck stood swore threw wrote faces plans wants calls drew drove cut broke chose ate hurt knew
    read shut slid spent spread thought understood withdrew wore gives takes makes says remains
    includes means shows seems appears""".split()  # noqa: SIM905
) | {form for form in IRREGULAR if form.islower()}
_DANGLING = re.compile(
    r"\b(?:a|an|the|of|to|in|on|at|by|for|with|from|and|or|but|that|who|which|whose|as|than|if|"
    r"is|was|are|were|be|been|has|have|had|will|would|his|her|its|their|more|about|not|no|"
    r"said|says|\w+ly|(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+|several|few|some) "
    r"(?:minute|hour|day|week|month|year|decade)s?|(?:minute|hour|day|week|month|year|decade)s|"
    r"shortly|just|immediately|soon|long)$",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"^\W*(?:(?:who|which|whose|whom|where|that|than|because|although|though|while|whereas|if|when|"
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
_REPORTED = re.compile(
    r"\b(?:said|says|say|reported|reports|found|finds|argued|argues|claimed|claims|believes?|"
    r"insisted|suggested|suggests|warned|noted|showed|shows|show|means|thinks?|thought|hoped?|"
    r"hopes|that|whether)\b"
)
_SUBORDINATE = re.compile(
    r"^\W*(?:While|After|When|As|Though|Although|Because|Since|If|Before|Until|Once)\b[^,]*,?"
)
_PLACE = re.compile(r"\s(?=(?:in|at|during|near|on|from|for|over|through|about|against|as)\s)")
"""What a prepositional phrase at the end begins with; it may go where enough is left."""

_OPENING = re.compile(
    r"^(?:(?:But|And|Yet|So|Still|Also|Meanwhile|However|Then|Now|Instead|Moreover|Indeed|Nor),?\s"
    r"|(?:On|In|At|During|Earlier|Last|By|Late|Early|Later|More recently|Recently|Since|This|Also|"
    r"Despite|Following|After|As|When|While|Though|Although|Meanwhile|For)\b[^,;:\"“”]{1,90},\s)"
)
_DATELINE = re.compile(r"^[A-Z][A-Z .,'’()/-]{2,40}(?:\(\w+\)\s)?\s?(?:—|–|--|-)\s")
_WEEKDAY = re.compile(
    rf"\s(?:on\s)?{_DAY}(?:\s(?:morning|afternoon|evening|night))?"
    r"(?=[,.]|\s(?:that|in|at|to|over|for|after|he|she|it|they|as|by|with|from|and|on|against)\b)"
)
_DATED = re.compile(
    r"\b(?:last|next|this|of|since|until|till|by|the|from|to|between|every|before|after|and|for|late|early)$",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:not|no|never|nor|neither|none|nobody|without|cannot)\b|n['’]t\b", re.I)


@dataclass(frozen=True, slots=True)
class Line:
    """A wording and where its words stand, as offsets into the sentence."""

    text: str
    spans: tuple[Span, ...]


_ANAPHORA = re.compile(
    r"^(?:(?:But|And|So|Still|Yet|Also|Instead|Meanwhile|However),? )?"
    r"(?:It|This|That|These|Those|They|Such|Both|Neither|Some|Others?|The (?:other|former|latter"
    r"|two|three|move|comments?|remarks?|latest|same))\b(?! who| \w+ who)"
)
_PERSON = re.compile(r"^(?:(?:But|And|Also|Still),? )?(?:He|She|His|Her)\b")


def leans_on_context(text: str) -> bool:
    """Return whether a text begins with a word for what was named before it: "That means …"."""
    return _ANAPHORA.match(text) is not None or _PERSON.match(text) is not None


def is_line(text: str) -> bool:
    """Return whether a text can be read alone: it has a subject, a verb and an end."""
    if len(_WORD.findall(text)) < LEAST_WORDS:
        return False
    if _is_unfinished(text):
        return False
    if _DANGLING.search(text.rstrip(' .,;:"”’—–-')) or not _has_verb(text):
        return False
    first = text.lstrip("\"“”'‘( ")[:1]
    return first.isupper() or first.isdigit() or not first.isascii()


def lines(sentence: str) -> tuple[Line, ...]:
    """Return the wordings of a sentence that can be read alone, the longest first.

    The whole sentence is always the first.
    """
    whole = Line(_tidy(sentence), (Span(0, len(sentence)),))
    if len(sentence) > LONGEST_SENTENCE:
        return (whole,)
    found: dict[str, Line] = {whole.text: whole}
    made = sorted(filter(None, _cut(sentence)), key=lambda spans: -sum(map(len, spans)))
    for spans in made:
        text = _tidy("".join(span.of(sentence) for span in spans))
        begins = spans[0].start == 0 or not _NO_SUBJECT.match(text)
        if text not in found and begins and is_line(text):
            found[text] = Line(text, spans)
        if len(found) == MOST_LINES:
            break
    return tuple(found.values())


def _cut(sentence: str) -> Iterator[tuple[Span, ...]]:
    """Yield what is left of a sentence when dispensable stretches are left out."""
    yield from ((Span(*m.span()),) for m in _QUOTATION.finditer(sentence))
    inner = [Span(*m.span()) for p in (_APPOSITION, _PARENTHESIS) for m in p.finditer(sentence)]
    # The comma behind an apposition goes with it.
    inner = [_with_comma(sentence, span) for span in inner if _is_whole(span.of(sentence))]
    opening = _OPENING.match(sentence)
    days = [
        Span(*m.span())
        for m in _WEEKDAY.finditer(sentence)
        if not _DATED.search(sentence[: m.start()]) and _is_whole(sentence[: m.start()])
    ]
    ends = [m.start() for m in _TAIL.finditer(sentence) if _may_end(sentence, m.start())]
    ends += [m.start() for m in _PLACE.finditer(sentence) if _may_end_short(sentence, m.start())]
    openings = [None, Span(0, opening.end())] if opening else [None]
    insertions = [(), *((span,) for span in inner), *([tuple(inner)] if len(inner) > 1 else [])]
    for end, start, without, day in product(
        [len(sentence), *ends], openings, insertions, ((), tuple(days)) if days else ((),)
    ):
        gone = [*without, *day, Span(end, len(sentence)), *([start] if start else [])]
        yield _left(len(sentence), gone)


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
    if not _is_whole(kept) or not _has_verb(kept):
        return False
    # What is denied may be the part that would be cut: "did not resign because of it".
    return sentence[end] == "," or not _DENIAL.search(kept)


def _may_end_short(sentence: str, end: int) -> bool:
    """Return whether a sentence may end before a prepositional phrase: behind a noun."""
    words = _WORD.findall(sentence[:end])
    if len(words) < LEAST_BEFORE_PLACE or not _may_end(sentence, end):
        return False
    last = words[-1].lower()
    return last not in _PAST_FORMS and not last.endswith(("ed", "ing", "ly"))


def _is_whole(text: str) -> bool:
    """Return whether a stretch opens no quotation that it does not close."""
    marks = _QUOTES.findall(text)
    return marks.count("“") == marks.count("”") and marks.count('"') % 2 == 0


def _is_unfinished(text: str) -> bool:
    """Return whether a text ends before it says what was reported, or what happened meanwhile."""
    verbs = list(_REPORTED.finditer(text))
    reported = verbs[-1] if verbs else None
    if reported and not _QUOTES.search(text[: reported.start()]):
        rest = text[reported.end() :]
        if not _has_verb(rest) and not _QUOTES.search(rest):
            return True
    opening = _SUBORDINATE.match(text)
    return opening is not None and not _has_verb(text[opening.end() :])


def _has_verb(text: str) -> bool:
    if _AUXILIARY.search(text):
        return True
    return any(
        m["verb"] in _PAST_FORMS or (len(m["verb"]) > 4 and m["verb"].endswith("ed"))
        for m in _PAST.finditer(text)
    )


def _tidy(text: str) -> str:
    """Return a wording with a capital, one stop, and marks that open and close."""
    text = _DATELINE.sub("", " ".join(text.split())).strip(" ,;:—–-")
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
    return text if re.search(r"[.!?…][\"”’)]*$", text) else text + "."
