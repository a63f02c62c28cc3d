"""A page as lines: where each stands, and what can be seen of it alone and among its neighbours.

A line is the unit the body is chosen from. Text that was wrapped, at any width and also with
blank lines between its lines, is put back together: there a line is a whole paragraph. What is
seen of a line are features, numbers for the page model to weigh.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from summarizer.sources.boilerplate import LABEL_WORDS, SAMPLE, find_signs, table
from summarizer.text.data import load
from summarizer.text.sentences import STOPS
from summarizer.types import Span

# Characters of a line that are looked at. Origin: the longest paragraph that was seen has 2,700.
ANALYSED = 3_000
# Characters of a wrapped line, from the narrowest column to the widest window.
WRAP_WIDTH = (16, 180)
# Share of pairs of neighbouring lines in which a sentence goes on, from which a text is wrapped,
# and such pairs that must be seen. Origin: two of three do in European prose wrapped anywhere;
# lists of headlines stay near nought.
GOES_ON_SHARE, WRAP_EVIDENCE = 0.2, 2
# The width is the length of a line with the next one's first word that only this share of lines
# stays under, and this share of the lines alone must fit into it, give or take some. Origin:
# hand-wrapped lines are ragged; lines of a program are not.
SHORTER_SHARE, FITTING_SHARE, RAGGED = 0.1, 0.75, 1.12
# Share of the lines that may be longer than any wrapped one: addresses are not broken.
TOO_LONG_SHARE = 0.05

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_TAIL = 12  # characters of a line that show how it ends
_ENDS_SENTENCE = re.compile(rf"""[{STOPS}][\s"'”’»\u203a)\]」』】*]*$""")
_SHOWN = re.compile(r"[^\s\u00ad\u200b-\u200f\u2060\ufeff]")
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
_LETTERS = re.compile(r"[^\W\d_]+")

# Characters looked at. Origin: a guess from all of them did not differ on the development pages.
LANGUAGE_SAMPLE = 20_000
# Share of characters in one script that settles the language. Origin: Japanese news is
# about half kana; a menu in another script on a Latin page stays under a tenth.
SCRIPT_SHARE = 0.15
# Share of words that must be stop words of the best language. Origin: prose lies above .25
# in every language listed, text of a language not listed below .10.
STOP_WORD_SHARE = 0.12


def guess_language(text: str) -> str | None:
    """Return the two-letter code of the language ``text`` is most likely in, or None."""
    sample = text[:LANGUAGE_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return None
    for name, script in _SCRIPTS.items():
        if not sample.isascii() and len(script.findall(sample)) > SCRIPT_SHARE * letters:
            return name
    words = Counter(_LETTERS.findall(sample.lower()))
    counts = {name: sum(words[word] for word in known) for name, known in STOP_WORDS.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= STOP_WORD_SHARE * words.total() else None


Features = dict[str, float]

# Words from which a line that ends a sentence is a paragraph, whatever else it may be.
PARAGRAPH_WORDS = 8
# Share of small words taken for a language that has no list of them. Origin: prose in the
# languages that have one lies about there.
USUAL_SMALL_WORDS = 0.35
# Letters by which two words count as the same one, so that endings do not matter.
STEM = 7

_WORD = re.compile(r"\w+")
_QUOTES = re.compile(r"[\"“”„«»「」『』]")
_BULLET = re.compile(r"^\s*(?:[-–—*•·▪►]|\(?\d{1,2}[.)])\s*\S")


def page_shapes(lines: Sequence[Line], stop_words: Set[str] | None) -> list[Features]:
    """Return the shape of every line, what it alone shows, and whether the page repeats it."""
    repeats = Counter(line.text.casefold() for line in lines)
    return [_line_shape(line, stop_words, repeats[line.text.casefold()] > 1) for line in lines]


def _line_shape(line: Line, stop_words: Set[str] | None, repeated: bool) -> Features:
    sample, count = line.text[:SAMPLE], line.words
    words = _WORD.findall(sample)
    total, several = max(1, len(words)), float(count > 3)
    small = USUAL_SMALL_WORDS
    if stop_words:
        small = sum(word.lower() in stop_words for word in words) / total
    return find_signs(line.text, count) | {
        "length": min(math.log2(1 + count), 7.0) / 7,
        "one_or_two": float(count <= 2),
        "up_to_five": float(2 < count <= 5),
        "over_twenty": float(count > 20),
        "over_forty": float(count > 40),
        "digits": sum(word.isdigit() for word in words) / total,
        "ends_sentence": several * line.ends_sentence,
        "sentence_and_long": float(line.ends_sentence and count > LABEL_WORDS),
        "colon": float(sample.rstrip().endswith((":", "："))),
        "small_words": several * min(small, 0.6) / 0.6,
        "capitals": several * sum(word[:1].isupper() for word in words) / total,
        "quotes": float(bool(_QUOTES.search(sample))),
        "bullet": float(bool(_BULLET.match(sample))),
        "repeated": float(repeated),
    }


def is_paragraph(line: Line) -> bool:
    """Return whether ``line`` is prose by its shape."""
    return line.words >= PARAGRAPH_WORDS and line.ends_sentence and not is_label_like(line)


def is_label_like(line: Line) -> bool:
    """Return whether ``line`` is short and no statement: a head, a link, a question."""
    question = line.text.rstrip().endswith(("?", "？"))
    return line.words <= LABEL_WORDS and (question or not line.ends_sentence)


# Tables that were copied with one cell or row a line look like menus, which hold few figures. Lines
# with a figure that a table has at least, their share of its lines, and how many may stand together
# without one; words of the longest row with a figure, and of the longest cell without. Origin: by
# hand, on dumps of standings, calendars, statistics and lists of offers.
FIGURES, FIGURE_SHARE, CELLS_BETWEEN = 4, 0.4, 9
ROW_WORDS, CELL_WORDS = 16, 4

_NO_CELL = ("remark", "appeal", "button", "call", "section_head", "comments", "legal", "promos")


def find_tables(lines: Sequence[Line], shapes: Sequence[Features]) -> list[range]:
    """Return the tables among ``lines``, in order, each with the cells of its head."""
    tables = list[range]()
    figures = list[int]()
    start = 0
    for i in range(len(lines) + 1):
        row = i < len(lines) and is_row(lines[i], shapes[i])
        is_cell = row or (i < len(lines) and _is_short(lines[i], shapes[i], CELL_WORDS))
        if figures and (not is_cell or i - figures[-1] > CELLS_BETWEEN):
            stop = figures[-1] + 1
            if len(figures) >= max(FIGURES, FIGURE_SHARE * (stop - figures[0])):
                tables.append(range(max(start, figures[0] - CELLS_BETWEEN), stop))
                start = stop
            figures.clear()
        if not is_cell:
            start = i + 1
        elif row:
            figures.append(i)
    return tables


def is_row(line: Line, shape: Features) -> bool:
    """Return whether a line may be a row of a table or list: short, with a figure in it."""
    figure = any(map(str.isdigit, line.text)) and not is_paragraph(line)
    return figure and _is_short(line, shape, ROW_WORDS)


def _is_short(line: Line, shape: Features, words: float) -> bool:
    return line.words <= words and not any(shape[sign] for sign in (*_NO_CELL, "label"))


def with_tables(body: Sequence[int], tables: Sequence[range]) -> list[int]:
    """Return the lines of ``body`` and of the tables right below them."""
    taken = set(body)
    for rows in tables:
        taken.update(rows if rows.start - 1 in taken else ())
    return sorted(taken)


def content_words(text: str, stop_words: Set[str] | None) -> frozenset[str]:
    """Return the words of ``text`` that carry a topic; of unspaced scripts the pairs."""
    words = {word.lower() for word in _WORD.findall(text[:1000])}
    if not text.isascii() and any(len(word) > 12 for word in words if not word.isascii()):
        return frozenset(word[k : k + 2] for word in words for k in range(len(word) - 1))
    small = stop_words or frozenset()
    return frozenset(word[:STEM] for word in words if len(word) > 2 and word not in small)


# Lines from one on in which prose is looked for.
AHEAD = 6
# Lines to either side that do not count when it is asked whether a line's words are told
# elsewhere in the core: an item of a feed repeats its own headline.
NEAR = 3
# Share of words told elsewhere that is taken for a line without any that carry a topic.
UNKNOWN_SHARE = 0.5


def told_elsewhere(contents: Sequence[Set[str]], core: range) -> list[float]:
    """Return the share of each line's content words that the core says too, not just beside it."""
    known, told = Counter(word for i in core for word in contents[i]), list[float]()
    for i, words in enumerate(contents):
        near = range(max(core.start, i - NEAR), min(core.stop, i + NEAR + 1))
        beside = Counter(word for j in near for word in contents[j])
        share = sum(known[word] > beside[word] for word in words) / max(1, len(words))
        told.append(share if words else UNKNOWN_SHARE)
    return told


class Evidence(NamedTuple):
    """What the lines of a page show."""

    lines: Sequence[Line]
    contents: Sequence[frozenset[str]]  # the words of each that carry a topic
    features: Sequence[Features]  # of each alone and in its surroundings
    odds: Sequence[float] = ()  # log odds that each is body
    title: int | None = None  # which is the headline


def surroundings(
    shapes: Sequence[Features], chances: Sequence[float], core: range, contents: Sequence[Set[str]]
) -> list[Features]:
    """Return each line's shape with what comes from its neighbours, its place and its topic.

    ``chances`` are those of each to be body by its shape; ``core`` is surely mostly article.
    """
    # Some nothing at the end, which also stands before the first.
    near, told = [*chances, *[0.0] * AHEAD], told_elsewhere(contents, core)
    features = list[Features]()
    heads = breaks = 0.0
    for i, shape in enumerate(shapes):
        inside = i >= core.start
        heads += inside * shape["section_head"]
        breaks += inside * max(shape["section_head"], shape["button"], shape["call"])
        around = {
            "chance_before": near[i - 1],
            "chance_after": near[i + 1],
            "chances_before": sum(near[k] for k in range(i - 4, i - 1)) / 3,
            "prose_ahead": sum(near[i : i + AHEAD]) / AHEAD,
            "no_break_since_core": float(inside and breaks == 0),
            "heads_since_core": min(4.0, heads) / 4,
            "told_elsewhere": told[i],
            "prose_in_core": shape["sentence_and_long"] * (i in core),
        }
        features.append(shape | around)
    return features
