"""A dump as lines: where each stands in the text and what its shape says.

A line is the unit the body is chosen from. Text that was wrapped, at any width and also with
blank lines between its lines, is put back together: there a line is a whole paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.sources.boilerplate import table
from summarizer.text.data import load
from summarizer.text.sentences import STOPS
from summarizer.types import Span

# Characters of a line that are looked at; what follows can be long but tells no more.
# Origin: the longest paragraph of the development pages has 2,700.
ANALYSED = 3_000
# Characters of a wrapped line, from the narrowest column to the widest window.
WRAP_WIDTH = (16, 180)
# Share of pairs of neighbouring lines in which a sentence goes on, from which a text is wrapped,
# and such pairs that must be seen. Origin: two of three do in European prose wrapped anywhere;
# lists of headlines stay near nought.
GOES_ON_SHARE, WRAP_EVIDENCE = 0.2, 2
# A wrapped line and the next one's first word do not fit into the width, the line alone does.
# The width is the length with that word which only this share of lines stays under, and this
# share of the lines alone must fit into it, give or take some. Origin: hand-wrapped lines are
# ragged; lines of a program are not.
SHORTER_SHARE, FITTING_SHARE, RAGGED = 0.1, 0.75, 1.12
# Share of the lines that may be longer than any wrapped one: addresses are not broken.
TOO_LONG_SHARE = 0.05

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ENDS_SENTENCE = re.compile(rf"""[{STOPS}][\s"'”’»\u203a)\]」』】*]*$""")
_SHOWN = re.compile(r"[^\s\u00ad\u200b-\u200f\u2060\ufeff]")
_TAIL = 12
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_FIRST_WORD = re.compile(rf"{_CJK.pattern}|\S+")
# Characters of Chinese or Japanese that carry about what one English word does.
CJK_PER_WORD = 1.7


@dataclass(frozen=True, slots=True)
class Line:
    """One line or re-joined paragraph: its span and the first ``ANALYSED`` characters."""

    span: Span
    text: str
    words: float
    ends_sentence: bool


def split_lines(text: str, *, may_be_wrapped: bool = True) -> list[Line]:
    """Return the lines of ``text`` that are not blank, stripped, in order.

    Paragraphs that were wrapped are put together, unless they are HTML's, which are whole.
    """
    spans = _line_spans(text)
    newlines = [text.count("\n", a.end, b.start) for a, b in pairwise(spans)]
    for gap in (1, 2) if may_be_wrapped else ():
        width = _wrap_width(text, spans, newlines, gap)
        if width:
            spans = list(_join_wrapped(text, spans, newlines, gap, width))
            break
    return [_as_line(text, span) for span in spans]


def ends_sentence(text: str) -> bool:
    """Return whether ``text`` closes with a full stop, question or exclamation mark."""
    return _ENDS_SENTENCE.search(text[-_TAIL:]) is not None


def count_words(text: str) -> float:
    """Return the number of words, Chinese and Japanese counted by their characters."""
    words = float(len(text.split()))
    if text.isascii():
        return words
    return words + len(_CJK.findall(text)) / CJK_PER_WORD


def _as_line(text: str, span: Span) -> Line:
    shown = text[span.start : min(span.end, span.start + ANALYSED)]
    tail = text[max(span.start, span.end - _TAIL) : span.end]
    words = count_words(shown) * max(1.0, len(span) / ANALYSED)
    # A line that long is prose, also where the text was cut off inside it.
    return Line(span, shown, words, ends_sentence(tail) or len(span) > ANALYSED)


def _line_spans(text: str) -> list[Span]:
    lines = (Span(*match.span()).trimmed(text) for match in _LINE.finditer(text))
    return [line for line in lines if _SHOWN.search(text, line.start, line.end)]


def _wrap_width(text: str, spans: Sequence[Span], newlines: Sequence[int], gap: int) -> int | None:
    """Return the width at which lines ``gap`` newlines apart were wrapped, if they were."""
    low, high = WRAP_WIDTH
    if sum(len(span) > high for span in spans) > TOO_LONG_SHARE * len(spans):
        return None
    pairs = [p for p, n in zip(pairwise(spans), newlines, strict=True) if n == gap]
    broken = [(a, b) for a, b in pairs if _goes_on(text, a, b) and len(a) <= high]
    if len(broken) < max(WRAP_EVIDENCE, GOES_ON_SHARE * len(pairs)):
        return None
    reaches = sorted(_reach_with_next(text, a, b) for a, b in broken)
    width = reaches[int(SHORTER_SHARE * len(reaches))]
    fitting = sum(len(a) <= width * RAGGED for a, _ in broken)
    return width if width >= low and fitting >= FITTING_SHARE * len(broken) else None


def _goes_on(text: str, before: Span, after: Span) -> bool:
    first = text[after.start]
    tail = text[max(before.start, before.end - _TAIL) : before.end]
    return first.isalpha() and not first.isupper() and not ends_sentence(tail)


def _reach_with_next(text: str, before: Span, after: Span) -> int:
    word = _FIRST_WORD.match(text, after.start, after.end)
    return len(before) + 1 + (len(word.group()) if word else 0)


def _join_wrapped(
    text: str, spans: Sequence[Span], newlines: Sequence[int], gap: int, width: int
) -> Iterator[Span]:
    """Yield the paragraphs: a line that is not filled ends one."""
    start = spans[0].start
    for (before, after), apart in zip(pairwise(spans), newlines, strict=True):
        filled = _reach_with_next(text, before, after) >= width
        if apart > gap or not (filled or _goes_on(text, before, after)):
            yield Span(start, before.end)
            start = after.start
    yield Span(start, spans[-1].end)


STOP_WORDS = {name: frozenset(words.split()) for name, words in table("stop_words").items()}

_SCRIPTS: dict[str, re.Pattern[str]] = {
    language: re.compile(f"[{letters}]")
    for language, letters in load("languages", __package__)["scripts"].items()
}
_WORD = re.compile(r"[^\W\d_]+")

# Characters looked at. Origin: a guess from 20,000 did not differ on the development pages.
SAMPLE = 20_000
# Share of characters in one script that settles the language. Origin: Japanese news is
# about half kana; a menu in another script on a Latin page stays under a tenth.
SCRIPT_SHARE = 0.15
# Share of words that must be stop words of the best language. Origin: prose lies above .25
# in every language listed, text of a language not listed below .10.
STOP_WORD_SHARE = 0.12


def guess_language(text: str) -> str | None:
    """Return the two-letter code of the language ``text`` is most likely in, or None."""
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return None
    for name, script in _SCRIPTS.items():
        if not sample.isascii() and len(script.findall(sample)) > SCRIPT_SHARE * letters:
            return name
    words = Counter(_WORD.findall(sample.lower()))
    counts = {name: sum(words[word] for word in known) for name, known in STOP_WORDS.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= STOP_WORD_SHARE * words.total() else None
