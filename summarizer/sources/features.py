"""What can be seen of a line, alone and among its neighbours: numbers for the model to weigh."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence, Set
from typing import NamedTuple

from summarizer.sources.boilerplate import LABEL_WORDS, SAMPLE, find_signs
from summarizer.sources.lines import Line

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


# Tables and lists of figures that were copied with one cell or row a line look like menus. Menus,
# feeds and comments hold few figures. Lines with a figure that a table has at least, their share of
# its lines, and how many of its lines may stand together without one; words of the longest row with
# a figure, and of the longest cell without. Origin: by hand, on dumps of standings, calendars,
# statistics and lists of offers.
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
    for table in tables:
        taken.update(table if table.start - 1 in taken else ())
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
    """What the lines of a page show.

    Of each the words that carry a topic, its features alone and in its surroundings, and the log
    odds that it is body; of all which is the headline.
    """

    lines: Sequence[Line]
    contents: Sequence[frozenset[str]]
    features: Sequence[Features]
    odds: Sequence[float] = ()
    title: int | None = None


def surroundings(
    shapes: Sequence[Features], chances: Sequence[float], core: range, contents: Sequence[Set[str]]
) -> list[Features]:
    """Return the features of every line that come from its neighbours, its place and its topic.

    ``chances`` says how likely each line is to be body by its shape alone, and ``core`` is the
    block of lines that is surely mostly article.
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
