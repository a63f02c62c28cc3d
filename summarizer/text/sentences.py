"""Sentences and quotations: offsets into the text, never copies of it.

Own code, because of 66 hand-made hard cases sentencex 1.0.32 got 56 and pysbd 0.3.4 47 right,
both only when told the language; pysbd also needs 1.7 s for 21 kB and moves closing quotes.
"""
# ruff: noqa: RUF001 (an alternative is a line of its own; letters of other scripts are meant)

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from summarizer.text.data import load
from summarizer.types import Span

_WORDS = {name: frozenset(row.split()) for name, row in load("abbreviations").items()}
_WORDS["starters_or_names"] |= _WORDS["starters"]

# Code points read before a stop (room for an abbreviation and the word before it) and after it
# (room for quotes, a name of three words and a verb).
_LOOK_BEHIND, _LOOK_AHEAD = 40, 80
# Widths in code points at which mail programs and editors wrap; wider lines are paragraphs.
_WRAP_WIDTHS = range(40, 121)
# Digits of the number of a list item at most; longer ones are years and figures. Letters of a word
# that may open a sentence without a space before it; "node.Js" is a name.
_LIST_DIGITS, _LEAST_GLUED = 2, 3
_NEWLINE = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_WIDE = "。！？｡．"
STOPS = f".!?…؟۔।॥{_WIDE}"
"""The characters of any script that end a sentence."""

_STOP = re.compile(
    rf"""(?P<stops>\.(?:[ \u00a0]\.){{2,3}}|[{STOPS}]+)
    (?P<closers>(?:
        ["'”’“»«›‹)\]}}*」』）】》〉］｣]
        | \[\d{{1,3}}\]                               # the number of a footnote
        | [ \u00a0\u202f][»›](?=[\s.,;:!?)]|\Z)    # French spaces its quotes
    )*)(?=(?P<spaces>\s*))""",
    re.VERBOSE,
)
# A page lost the space between two such words: "they said.The road". A name with a stop in it
# ("U.S.Steel", an address) has none on both sides.
_LAST_WORD = re.compile(
    r"(?:^|[\s(“\"'])(?P<word>[^\W\d_A-Z]{2,}|\d{2,4}|[A-Z][^\W\d_A-Z]{2,})[)”\"]?\Z"
)
_FIRST_WORD = re.compile(r"[“\"‘]?(?P<word>[^\W\d_a-z][\w'’]*),? [\w“\"‘$€£]")

_QUOTES = frozenset("\"'”’“»«›‹」』｣")
_WORD_BEFORE = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\Z")
_SHORT_PARTS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*\Z")
_WORD_AFTER = re.compile(r"""[\s"'“‘”’«»„‚‹(\[{¿¡—–-]*(?P<word>(?:[^\W_][\w'’]*)?)""")
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
        Span(start + first + offset, end + first + offset)
        for first, last in _split_paragraphs(part)
        for start, end in _split_paragraph(part[first:last])
    )


def _split_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield blocks of lines that were wrapped as one; each other line stands alone."""
    breaks = [(0, 0), *(match.span() for match in _NEWLINE.finditer(text)), (len(text), 0)]
    every = [(before[1], after[0]) for before, after in pairwise(breaks)]
    for blank, block in groupby(every, key=lambda line: not text[slice(*line)].strip()):
        lines = list(block)
        wrapped = not blank and _is_wrapped(text, lines)
        start = lines[0][0]
        for line, following in pairwise(lines):
            # A line without a stop goes on in one that starts in lower case.
            end = text[max(line[0], line[1] - _LOOK_BEHIND) : line[1]].rstrip()[-2:]
            if not (blank or wrapped or (text[following[0]].islower() and not _STOP.search(end))):
                yield start, line[1]
                start = following[0]
        if not blank:
            yield start, lines[-1][1]


def _is_wrapped(text: str, block: list[tuple[int, int]]) -> bool:
    """Return whether at every line end the next line's first word would not have fitted."""
    width = max(end - start for start, end in block)
    return width in _WRAP_WIDTHS and all(
        end - start + 1 + len(text[slice(*following)].split(maxsplit=1)[0]) > width
        for (start, end), following in pairwise(block)
    )


def _split_paragraph(text: str) -> Iterator[tuple[int, int]]:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    for stop in _STOP.finditer(text):
        if _ends_sentence(text, start, stop):
            yield start, stop.end()
            start = stop.end("spaces")
    if start < end:
        yield start, end


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    before = text[max(start, stop.start() - _LOOK_BEHIND) : stop.start()]
    after = text[stop.end() : stop.end() + _LOOK_AHEAD]
    if not after.strip():
        return True
    if after.lstrip()[0] in _CONTINUES:
        return False
    stops, closers = re.sub("[ \u00a0]", "", stop["stops"]), stop["closers"]
    quoted = not _QUOTES.isdisjoint(closers)
    if stops == "．":
        return not after[0].isalnum() or not after[0].isascii()
    if any(mark in _WIDE for mark in stops):
        return not (closers and after[0] in _CJK_CONTINUES)
    if not after[0].isspace():
        # A sentence may begin without a space after a quote, and in Chinese.
        unspaced = after[0].isalpha() and "\u3040" <= after[0] < "\uac00"
        if not unspaced and not (after[0].isupper() and quoted):
            return stops in (".", "!", "?") and _is_glued(before, after)
    word = _WORD_AFTER.match(after)["word"]  # type: ignore[index]  # matches everything
    if word[:1].islower() and not any(letter.isupper() for letter in word[1:3]):
        return False  # "iPhone" is a name and may start a sentence
    if stops[-1] in "?!" and quoted:
        # A quoted question goes on with its speaker: “Why?” Orrin asked.
        named = _NAME_AND_VERB.match(after)
        return named is None or named["verb"] not in _WORDS["speech_verbs"]
    return stops != "." or quoted or not _goes_on(before, word, after)


def _is_glued(before: str, after: str) -> bool:
    """Return whether a page lost the space between two sentences: "they said.The road"."""
    last, first = _LAST_WORD.search(before), _FIRST_WORD.match(after)
    if last is None or first is None or last["word"] in _WORDS["never_last"]:
        return False
    return len(first["word"]) >= _LEAST_GLUED or first["word"] in _WORDS["starters_or_names"]


def _goes_on(before: str, following: str, after: str) -> bool:
    """Return whether the stop between ``before`` and ``after`` marks an abbreviation."""
    match = _WORD_BEFORE.search(before)
    if not match:
        return False
    word, context = match[0], before[: match.start()]
    opens = following in _WORDS["starters_or_names"]
    if word in _WORDS["clock"] and (following in _WORDS["after_clock"] or _DASH.match(after)):
        return True  # "UPDATE: 7:19 p.m. -- The Post …"
    if word in _WORDS["clock"] or word in _WORDS["before_number"]:
        return following[:1].isdigit()
    if word.isdigit():
        return _is_ordinal(word, context, following, opens=opens)
    if word in _WORDS["sometimes_last"]:
        return not opens
    if word in _WORDS["never_last"]:
        return True
    if not _SHORT_PARTS.match(word):
        return False
    if "." in word:
        return not opens
    context = context.rstrip()
    labelled = context[-1:].isdigit() or context.rpartition(" ")[2] in _WORDS["labels"]
    return not labelled and following not in _WORDS["starters"]


def _is_ordinal(number: str, context: str, following: str, *, opens: bool) -> bool:
    if following in _WORDS["ordinal_months"]:
        return True
    if not context or context[-2:] in (": ", "; "):
        return len(number) <= _LIST_DIGITS
    return context.rstrip().rpartition(" ")[2] in _WORDS["ordinal_determiners"] and not opens


BLANK = "\x1a"
"""Stands for each quoted character; in no word and no punctuation."""

# Code points of a quotation at most, between double marks and single ones, which are apostrophes
# more often; a mark without a partner in reach is a stray one.
_LONGEST_QUOTE, _LONGEST_SINGLE = 1500, 300
_QUOTED = re.compile(
    rf"“[^“”\n]{{0,{_LONGEST_QUOTE}}}”"
    rf"|“[^“”\"\n]{{0,{_LONGEST_QUOTE}}}(?<=\S)\"(?!\w)"
    rf"|“[^“”\n]{{0,{_LONGEST_QUOTE}}}\Z"
    rf"|„[^“”„\n]{{0,{_LONGEST_QUOTE}}}(?:[“”]|\Z)"
    rf"|«[^«»\n]{{0,{_LONGEST_QUOTE}}}(?:»|\Z)|»[^«»\n]{{0,{_LONGEST_QUOTE}}}«"
    rf"|``[^`\n]{{1,{_LONGEST_QUOTE}}}(?:''|\Z)"
    rf"|「[^「」]{{0,{_LONGEST_QUOTE}}}」"
    rf"|(?<!\w)\"(?=\S)(?:[^\"“”\n]|(?<=\s)\"(?=\w)[^\"“”\n]{{1,{_LONGEST_SINGLE}}}+(?<=\S)\")"
    rf"{{1,{_LONGEST_QUOTE}}}+(?:(?<=\S)[\"”](?!\w)|\Z)"
    rf"|(?<!\w)\"[^\"\n]{{1,{_LONGEST_QUOTE}}}(?:\"|\Z)"
    rf"|(?<!\w)['‘](?!\s)[^\n]{{0,{_LONGEST_SINGLE}}}?['’](?!\w)"
)
_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?![ \t\r]*\n)(?<![.!?…”\"]\n))+")
_NEWLINES = str.maketrans("\n\r", "  ")


def unquoted(text: str) -> str:
    """Return ``text``, of the same length, with every quotation blanked out.

    A curly mark and a straight one may be a pair. A quotation that is not closed runs to the end
    of its paragraph, as is the custom of newspapers; a line that was wrapped ends none.
    """

    def blanked(paragraph: re.Match[str]) -> str:
        line = paragraph[0].translate(_NEWLINES)
        return _QUOTED.sub(lambda match: BLANK * len(match[0]), line)

    return _PARAGRAPH.sub(blanked, text)


_QUOTATION = re.compile(
    r"“(?P<curly>[^“”]{2,1500})”|\"(?P<straight>[^\"\n]{2,1500})\""
    r"|«(?P<angle>[^«»]{2,1500})»|``(?P<tex>[^`']{2,1500})''|「(?P<corner>[^「」]{1,1500})」"
)


def quotations(text: str) -> tuple[Span, ...]:
    """Return the spans between quotation marks, the marks left out."""
    return tuple(Span(*match.span(match.lastgroup or 0)) for match in _QUOTATION.finditer(text))


def leaves_open(text: str, *, inside: bool = False) -> bool:
    """Return whether a quotation goes on behind a text, which may begin ``inside`` one."""
    opened, closed = text.rfind("“"), text.rfind("”")
    if opened >= 0 or closed >= 0:
        return opened > closed
    return inside != (text.count('"') % 2 == 1)
