"""Sentence spans: offsets into the text, never copies of it.

Own code, because of 66 hand-made hard cases sentencex 1.0.32 got 56 and pysbd 0.3.4 47 right,
both only when told the language; pysbd also needs 1.7 s for 21 kB and moves closing quotes.
"""
# ruff: noqa: RUF001 (an alternative is a line of its own; letters of other scripts are meant)

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from summarizer.text.data import load
from summarizer.types import Span


def _words(name: str) -> frozenset[str]:
    return frozenset(load("abbreviations")[name].split())


NEVER_LAST = _words("never_last")
"""Always followed by more of the same sentence: titles, and links such as "e.g."."""

BEFORE_NUMBER = _words("before_number")
"""Go on when a figure follows ("Jan. 31", "No. 5"); otherwise the stop ends the sentence."""

SOMETIMES_LAST = _words("sometimes_last")
"""End a sentence only where the next word is one that starts sentences ("The", "She")."""

CLOCK = _words("clock")
"""Go on before a day, a month, a time zone or a figure: "5 p.m. Tuesday"."""

AFTER_CLOCK = _words("after_clock")

STARTERS = _words("starters")
"""Open sentences and are hardly ever part of a name."""

STARTERS_OR_NAMES = STARTERS | _words("starters_or_names")
"""As ``STARTERS``, with those that are surnames after an initial or a title: "Dr. No", "J. He"."""

LABELS = _words("labels")
"""Nouns that a single letter labels ("Plan A."), where it is not an initial."""

ORDINAL_MONTHS = _words("ordinal_months")
"""Follow an ordinal that German writes with a stop: "am 1. Februar"."""

ORDINAL_DETERMINERS = _words("ordinal_determiners")
"""Stand before a German ordinal, as in "die 3. Kammer"."""

SPEECH_VERBS = _words("speech_verbs")
"""Join a quoted question to the name that follows it: “Why?” Orrin asked."""


LOOK_BEHIND = 40
"""Code points read before a stop: room for an abbreviation and the word before it."""

LOOK_AHEAD = 80
"""Code points read after a stop: room for quotes, a name of three words and a verb."""

WRAP_WIDTHS = range(40, 121)
"""Widths in code points at which mail programs and editors wrap; wider lines are paragraphs."""

LIST_DIGITS = 2
"""Digits of the number of a list item at most; longer ones are years and figures."""

LEAST_GLUED = 3
"""Letters of a word that may open a sentence without a space before it; "node.Js" is a name."""

_NEWLINE = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_FIRST_WORD = re.compile(r"\S+")
_SPACES = re.compile(r"\s*")

_WIDE = "。！？｡．"
STOPS = f".!?…؟۔।॥{_WIDE}"
"""The characters of any script that end a sentence."""

_STOP = re.compile(
    rf"""(?P<stops>\.(?:[ \u00a0]\.){{2,3}}|[{STOPS}]+)
    (?P<closers>(?:
        ["'”’“»«›‹)\]}}*」』）】》〉］｣]
        | \[\d{{1,3}}\]                               # the number of a footnote
        | [ \u00a0\u202f][»›](?=[\s.,;:!?)]|\Z)    # French spaces its quotes
    )*)""",
    re.VERBOSE,
)
_GLUING = (".", "!", "?")
# A name with a stop in it ("U.S.Steel", an address) has no such words on both sides.
_LAST_WORD = re.compile(
    r"(?:^|[\s(“\"'])(?P<word>[^\W\d_A-Z]{2,}|\d{2,4}|[A-Z][^\W\d_A-Z]{2,})[)”\"]?\Z"
)
_FIRST = re.compile(r"[“\"‘]?(?P<word>[^\W\d_a-z][\w'’]*),? [\w“\"‘$€£]")

_QUOTES = frozenset("\"'”’“»«›‹」』｣")
_WORD_BEFORE = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\Z")
_SHORT_PARTS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*\Z")
_WORD_AFTER = re.compile(r"""[\s"'“‘”’«»„‚‹(\[{¿¡—–-]*(?P<word>[^\W_][\w'’]*)?""")
_NAME_AND_VERB = re.compile(r"\s*(?:[A-Z][\w.'’-]*\s+){1,3}(?P<verb>[a-z]+)")
_DASH = re.compile(r"[ \u00a0]+[-–—]")
_CONTINUES = frozenset(",;:，、；：")
# What links a quotation or a bracket that ends in a full stop to the rest in Japanese, Chinese.
_CJK_CONTINUES = frozenset("とっはがをにのでもなやへか的地得")


def sentences(text: str, within: Span | None = None) -> tuple[Span, ...]:
    """Return the sentences of ``text``, or of the part of it that ``within`` covers.

    The spans are stripped of white space, in order and disjoint, and together they cover
    every character that is not white space. A newline ends a sentence at a blank line and
    where the line is a paragraph of its own, not where a line was merely wrapped.
    """
    offset = 0 if within is None else within.start
    part = text if within is None else within.of(text)
    return tuple(
        Span(start + offset, end + offset)
        for first, last in _paragraphs(part)
        for start, end in _split(part[first:last], first)
    )


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    block: list[tuple[int, int]] = []
    for line in _lines(text):
        if text[line[0] : line[1]].isspace() or line[0] == line[1]:
            yield from _unwrapped(text, block)
            block = []
        else:
            block.append(line)
    yield from _unwrapped(text, block)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for newline in _NEWLINE.finditer(text):
        yield start, newline.start()
        start = newline.end()
    yield start, len(text)


def _unwrapped(text: str, block: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join the lines of a block that were wrapped; each other line stands alone."""
    if not block:
        return
    wrapped = _is_wrapped(text, block)
    first = block[0]
    for line, following in pairwise(block):
        if not (wrapped or _runs_on(text, line, following)):
            yield first[0], line[1]
            first = following
    yield first[0], block[-1][1]


def _is_wrapped(text: str, block: list[tuple[int, int]]) -> bool:
    """Return whether at every line end the next line's first word would not have fitted."""
    width = max(end - start for start, end in block)
    if width not in WRAP_WIDTHS:
        return False
    return all(
        end - start + 1 + len(_first_word(text, following)) > width
        for (start, end), following in pairwise(block)
    )


def _runs_on(text: str, line: tuple[int, int], following: tuple[int, int]) -> bool:
    """Return whether a line without a stop is continued by one that starts in lower case."""
    return text[following[0]].islower() and not _STOP.search(
        text[max(line[0], line[1] - LOOK_BEHIND) : line[1]].rstrip()[-2:]
    )


def _first_word(text: str, line: tuple[int, int]) -> str:
    word = _FIRST_WORD.search(text, *line)
    return word.group() if word else ""


def _split(text: str, offset: int) -> Iterator[tuple[int, int]]:
    start = _SPACES.match(text).end()  # type: ignore[union-attr]  # matches everything
    for stop in _STOP.finditer(text):
        if stop.start() >= start and _ends_sentence(text, start, stop):
            yield start + offset, stop.end() + offset
            start = _SPACES.match(text, stop.end()).end()  # type: ignore[union-attr]
    end = len(text.rstrip())
    if start < end:
        yield start + offset, end + offset


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    after = text[stop.end() : stop.end() + LOOK_AHEAD]
    if not after.strip():
        return True
    if after.lstrip()[0] in _CONTINUES:
        return False
    stops, closers = stop["stops"], stop["closers"]
    stops = stops.replace(" ", "").replace("\u00a0", "")
    if any(mark in _WIDE for mark in stops):
        return _wide_stop_ends(stops, closers, after)
    if not after[0].isspace() and not _may_touch(closers, after[0]):
        return stops in _GLUING and _is_glued(
            text[max(start, stop.start() - LOOK_BEHIND) : stop.start()], after
        )
    word = _WORD_AFTER.match(after)["word"] or ""  # type: ignore[index]
    if _is_lower(word) or (stops[-1] in "?!" and _named_speaker(closers, after)):
        return False
    if stops != "." or not _QUOTES.isdisjoint(closers):
        return True
    before = text[max(start, stop.start() - LOOK_BEHIND) : stop.start()]
    return not (_goes_on(before, word) or (_DASH.match(after) and _is_clock(before)))


def _is_glued(before: str, after: str) -> bool:
    """Return whether a page lost the space between two sentences: "they said.The road"."""
    last, first = _LAST_WORD.search(before), _FIRST.match(after)
    if last is None or first is None or last["word"] in NEVER_LAST:
        return False
    return len(first["word"]) >= LEAST_GLUED or first["word"] in STARTERS_OR_NAMES


def _is_clock(before: str) -> bool:
    """Return whether a stop belongs to a time of day: "UPDATE: 7:19 p.m. -- The Post …"."""
    match = _WORD_BEFORE.search(before)
    return match is not None and match.group() in CLOCK


def _wide_stop_ends(stops: str, closers: str, after: str) -> bool:
    if stops == "．":
        return not after[0].isalnum() or not after[0].isascii()
    return not (closers and after[0] in _CJK_CONTINUES)


def _may_touch(closers: str, following: str) -> bool:
    """Return whether a sentence may begin without a space: after a quote, or in Chinese."""
    unspaced = following.isalpha() and "\u3040" <= following < "\uac00"
    return unspaced or (following.isupper() and not _QUOTES.isdisjoint(closers))


def _is_lower(word: str) -> bool:
    """Return whether a word is in lower case; "iPhone" is a name and may start a sentence."""
    return bool(word) and word[0].islower() and not any(c.isupper() for c in word[1:3])


def _named_speaker(closers: str, after: str) -> bool:
    """Return whether a quoted question goes on with its speaker: “Why?” Orrin asked."""
    if _QUOTES.isdisjoint(closers):
        return False
    named = _NAME_AND_VERB.match(after)
    return named is not None and named["verb"] in SPEECH_VERBS


def _goes_on(before: str, following: str) -> bool:
    """Return whether the stop between ``before`` and ``following`` marks an abbreviation."""
    match = _WORD_BEFORE.search(before)
    if not match:
        return False
    word = match.group()
    context = before[: match.start()]
    if word in CLOCK:
        return following in AFTER_CLOCK or following[:1].isdigit()
    if word in BEFORE_NUMBER:
        return following[:1].isdigit()
    if word.isdigit():
        return _is_ordinal(word, context, following)
    if word in SOMETIMES_LAST:
        return following not in STARTERS_OR_NAMES
    if _SHORT_PARTS.match(word) and word not in NEVER_LAST:
        return _is_initial(word, context.rstrip(), following)
    return word in NEVER_LAST


def _is_ordinal(number: str, context: str, following: str) -> bool:
    """Return whether a number is a German ordinal or the number of a list item."""
    if following in ORDINAL_MONTHS:
        return True
    if not context or context[-2:] in (": ", "; "):
        return len(number) <= LIST_DIGITS
    determined = context.rstrip().rpartition(" ")[2] in ORDINAL_DETERMINERS
    return determined and following not in STARTERS_OR_NAMES


def _is_initial(word: str, context: str, following: str) -> bool:
    """Return whether one letter, or several dotted ones, stand for a longer name."""
    if "." in word:
        return following not in STARTERS_OR_NAMES
    if context[-1:].isdigit() or context.rpartition(" ")[2] in LABELS:
        return False
    return following not in STARTERS


BLANK = "\x1a"
"""Stands for each quoted character; in no word and no punctuation."""

LONGEST_QUOTE = 1500
"""Code points of a quotation at most; a mark without a partner in reach is a stray one."""

LONGEST_SINGLE = 300
"""The same between single marks, which are apostrophes more often."""

_QUOTED = re.compile(
    rf"“[^“”\n]{{0,{LONGEST_QUOTE}}}”"
    rf"|“[^“”\"\n]{{0,{LONGEST_QUOTE}}}(?<=\S)\"(?!\w)"
    rf"|“[^“”\n]{{0,{LONGEST_QUOTE}}}\Z"
    rf"|„[^“”„\n]{{0,{LONGEST_QUOTE}}}(?:[“”]|\Z)"
    rf"|«[^«»\n]{{0,{LONGEST_QUOTE}}}(?:»|\Z)|»[^«»\n]{{0,{LONGEST_QUOTE}}}«"
    rf"|``[^`\n]{{1,{LONGEST_QUOTE}}}(?:''|\Z)"
    rf"|「[^「」]{{0,{LONGEST_QUOTE}}}」"
    rf"|(?<!\w)\"(?=\S)(?:[^\"“”\n]|(?<=\s)\"(?=\w)[^\"“”\n]{{1,{LONGEST_SINGLE}}}+(?<=\S)\")"
    rf"{{1,{LONGEST_QUOTE}}}+(?:(?<=\S)[\"”](?!\w)|\Z)"
    rf"|(?<!\w)\"[^\"\n]{{1,{LONGEST_QUOTE}}}(?:\"|\Z)"
    rf"|(?<!\w)['‘](?!\s)[^\n]{{0,{LONGEST_SINGLE}}}?['’](?!\w)"
)


_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?![ \t\r]*\n)(?<![.!?…”\"]\n))+")
_NEWLINES = str.maketrans("\n\r", "  ")


def unquoted(text: str) -> str:
    """Return ``text``, of the same length, with every quotation blanked out.

    A curly mark and a straight one may be a pair: what pages print is typed by several hands.
    A quotation that is opened and not closed runs to the end of its paragraph: the next one
    goes on with it, as is the custom of newspapers. A line that was wrapped ends none.
    """
    return _PARAGRAPH.sub(_blanked, text)


def _blanked(paragraph: re.Match[str]) -> str:
    line = paragraph[0].translate(_NEWLINES)
    return _QUOTED.sub(lambda match: BLANK * len(match[0]), line)


# Opening and closing marks, and the longest quotation looked for, in characters.
_QUOTATION = re.compile(
    r"“(?P<curly>[^“”]{2,1500})”|\"(?P<straight>[^\"\n]{2,1500})\""
    r"|«(?P<angle>[^«»]{2,1500})»|``(?P<tex>[^`']{2,1500})''|「(?P<corner>[^「」]{1,1500})」"
)


def quotations(text: str) -> tuple[Span, ...]:
    """Return the spans between quotation marks, the marks left out."""
    return tuple(Span(*match.span(match.lastgroup or 0)) for match in _QUOTATION.finditer(text))
