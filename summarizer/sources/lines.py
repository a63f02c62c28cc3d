"""A dump as lines: where each stands in the text and what its shape says.

A line is the unit the body is chosen from. Text that was wrapped at a fixed width is put
back together: there a paragraph is a run of lines between blank ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby, pairwise

from summarizer.types import Span

# Characters of a line that are looked at; what follows can be long but tells no more.
# Origin: the longest paragraph of the development pages has 2,700.
ANALYSED = 3_000
# Wrapped text: its lines are about as long as each other, and most of those with a successor
# in the same run are filled. Unit: characters, share. Origin: mail and
# text files are wrapped at 60 to 80 columns.
WRAP_WIDTH = (45, 100)
WRAPPED_SHARE = 0.6
# Share of wrapped lines whose successor starts with a small letter. Origin: three words of
# four do in European prose; a list of headlines stays near nought.
GOES_ON_SHARE = 0.25
# Lines with a successor that must be seen before a text is called wrapped.
WRAP_EVIDENCE = 2
# Share of the lines that may be longer than any wrapped one: addresses are not broken.
TOO_LONG_SHARE = 0.05
# Share of the width from which a line counts as filled. Origin: lines wrapped by hand are
# filled less well than those of a program.
FILLED = 0.85

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ENDS_SENTENCE = re.compile(r"""[.!?…。！？।؟።॥][\s"'”’»\u203a)\]」』】*]*$""")
_FIRST_WORD = re.compile(r"\S+")
_TAIL = 12
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
# Characters of Chinese or Japanese that carry about what one English word does.
CJK_PER_WORD = 1.7


@dataclass(frozen=True, slots=True)
class Line:
    """One line or re-joined paragraph: its span and the first ``ANALYSED`` characters."""

    span: Span
    text: str
    words: float
    ends_sentence: bool


def split_lines(text: str) -> list[Line]:
    """Return the lines of ``text`` that are not blank, stripped, in order."""
    spans = _line_spans(text)
    width = _wrap_width(text, spans)
    if width:
        paragraphs = [part for run in _runs(text, spans) for part in _paragraphs(text, run, width)]
        spans = [Span(part[0].start, part[-1].end) for part in paragraphs]
    return [_line(text, span) for span in spans]


def ends_sentence(text: str) -> bool:
    """Return whether ``text`` closes with a full stop, question or exclamation mark."""
    return _ENDS_SENTENCE.search(text[-_TAIL:]) is not None


def count_words(text: str) -> float:
    """Return the number of words, Chinese and Japanese counted by their characters."""
    words = float(len(text.split()))
    if text.isascii():
        return words
    return words + len(_CJK.findall(text)) / CJK_PER_WORD


def _line(text: str, span: Span) -> Line:
    shown = text[span.start : min(span.end, span.start + ANALYSED)]
    tail = text[max(span.start, span.end - _TAIL) : span.end]
    words = count_words(shown) * max(1.0, len(span) / ANALYSED)
    return Line(span, shown, words, ends_sentence(tail))


def _line_spans(text: str) -> list[Span]:
    spans = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        line = match.group()
        left = len(line) - len(line.lstrip())
        if left < len(line):
            spans.append(Span(start + left, end - (len(line) - len(line.rstrip()))))
    return spans


def _runs(text: str, spans: list[Span]) -> list[list[Span]]:
    numbers, number = [0], 0
    for before, after in pairwise(spans):
        number += text.count("\n", before.end, after.start) > 1
        numbers.append(number)
    grouped = groupby(zip(numbers, spans, strict=False), key=lambda pair: pair[0])
    return [[span for _, span in run] for _, run in grouped]


def _wrap_width(text: str, spans: list[Span]) -> int | None:
    """Return the width at which ``text`` was wrapped, None where it was not.

    Wrapped lines are filled: the first word of the next one would not have fitted.
    """
    low, high = WRAP_WIDTH
    width = max((len(span) for span in spans if len(span) <= high), default=0)
    too_long = sum(len(span) > high for span in spans)
    pairs = [pair for run in _runs(text, spans) for pair in pairwise(run)]
    if width < low or too_long > TOO_LONG_SHARE * len(spans) or len(pairs) < WRAP_EVIDENCE:
        return None
    full = [after for before, after in pairs if _is_filled(text, before, after, width)]
    goes_on = sum(text[after.start].islower() for after in full)
    wrapped = len(full) >= WRAPPED_SHARE * len(pairs) and goes_on >= GOES_ON_SHARE * len(full)
    return width if wrapped else None


def _is_filled(text: str, before: Span, after: Span, width: int) -> bool:
    word = _FIRST_WORD.match(text, after.start, after.end)
    size = len(word.group()) if word else 0
    return len(before) + 1 + size > width * FILLED and len(before) >= WRAP_WIDTH[0] * FILLED


def _paragraphs(text: str, run: list[Span], width: int) -> list[list[Span]]:
    """Return the lines of ``run`` by paragraph: a short line that ends a sentence ends one."""
    parts = [run[:1]]
    for before, after in pairwise(run):
        goes_on = text[after.start].islower() or _is_filled(text, before, after, width)
        if goes_on:
            parts[-1].append(after)
        else:
            parts.append([after])
    return parts
