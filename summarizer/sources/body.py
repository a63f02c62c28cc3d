"""Which lines of a page are the article: a small model of lines, then of their order.

1. Each line gets a chance by its shape (a logistic model).
2. The block of lines that gains most is the core of the article, and the headline stands
   before it.
3. Each line gets a second chance by its shape and what surrounds it.
4. Of all ways to be before, inside, interrupted and after the article, the likeliest is
   taken, where every change has its price (the best path of a chain).
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise

from summarizer.sources.features import (
    Evidence,
    Features,
    content_words,
    find_tables,
    is_paragraph,
    page_shapes,
    surroundings,
    with_tables,
)
from summarizer.sources.lines import Line
from summarizer.sources.postfilter import is_page_talk, settle
from summarizer.text.data import sigmoid


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the page model weighs; prices are in weighted log odds."""

    shape: Mapping[str, float]  # log odds that a line is body, per feature of its shape
    headline: Mapping[str, float]  # that it is the headline, per feature of a candidate
    surrounded: Mapping[str, float]  # that it is body, per feature of shape and surroundings
    enter: float = 1.0  # the price of beginning or resuming the article
    leave: float = 7.0  # of interrupting it
    gap_line: float = 2.0  # of each line of an interruption
    caution: float = 0.0  # log odds a line must have to speak for being inside
    length_power: float = 0.5  # a line's log odds count by its words to this power
    long: float = 60.0  # words above which a line counts no more
    unlikely_line: float = 4.0  # words that such a line takes from the core's gain
    head_in_core: float = 12.0  # words that the head of a section takes from it


PAGE = Weights(**json.loads(files(__package__).joinpath("page_weights.json").read_text()))


# Lines above the core that are looked at for the headline, and lines of the core itself. Origin:
# pictures, bylines and buttons come between; on the development pages seldom more than forty lines.
LINES_ABOVE, LINES_INSIDE = 120, 3
# Words a headline has.
WORDS = (1.5, 34)
# Log odds from which the likeliest candidate is taken for the headline. Origin: by hand;
# a page whose headline was not copied should rather have none.
THRESHOLD = -2.5
# Entries of a live blog at least, the share of its hours with a paragraph below them, and the
# characters by which two of its hours are of one kind.
ENTRIES, FULL_ENTRIES, KIND = 3, 0.6, 40
# Share of a text's words in paragraphs from which it is an item, though too short to be known
# for an article. Origin: by hand; a headline and one sentence reach two thirds.
ITEM_SHARE = 0.6

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Choice:
    """The lines that are body, the line of the headline, and words that may be missing.

    ``missed`` counts the words of paragraphs that were left out and look like the article's.
    """

    body: tuple[int, ...]
    title: int | None
    missed: float = 0.0


def choose_body(
    lines: Sequence[Line], stop_words: Set[str] | None, weights: Weights = PAGE
) -> Choice:
    """Return which of ``lines`` are the article."""
    shapes = page_shapes(lines, stop_words)
    read, tables = lines_to_read(lines, shapes)
    if not read:
        return Choice((), None)
    page = gather([lines[i] for i in read], [shapes[i] for i in read], stop_words, weights)
    body, missed = settle(page, likeliest_path(page, weights))
    title = page.title
    if not body:  # the paragraphs of a text that is hardly more than them: an item of one
        rows = range(len(read))
        prose = [i for i in rows if is_paragraph(page.lines[i]) and not is_page_talk(page, i)]
        item = sum(page.lines[i].words for i in prose) >= ITEM_SHARE * sum(x.words for x in lines)
        body = prose if item else []
        title = None if title in body else title
    whole = with_tables([read[i] for i in body], tables)
    return Choice(tuple(whole), None if title is None else read[title], missed)


def lines_to_read(
    lines: Sequence[Line], shapes: Sequence[Features]
) -> tuple[list[int], list[range]]:
    """Return the lines that the model reads, and the tables among the others.

    It reads neither these nor the hours of a live blog.
    """
    marks = entry_marks(lines, shapes)
    tables = [] if marks else find_tables(lines, shapes)
    apart = marks.union(*tables)
    return [i for i in range(len(lines)) if i not in apart], tables


def entry_marks(lines: Sequence[Line], shapes: Sequence[Features]) -> frozenset[int]:
    """Return the hours and buttons of a live blog's entries; none of a page that is no live blog.

    It is one where the same kind of hour comes again before paragraphs, and most prose is below.
    """
    hours = [i for i, s in enumerate(shapes) if s["clock"] or (s["label"] and s["dated_label"])]
    # How each begins, whatever its figures.
    kinds = {i: _DIGITS.sub("0", lines[i].text[:KIND].casefold()) for i in hours}
    usual, times = next(iter(Counter(kinds.values()).most_common(1)), ("", 0))
    if times < ENTRIES:
        return frozenset()
    marks = [i for i in hours if kinds[i] == usual]
    above = shapes[: marks[ENTRIES - 1]]
    prose = [sum(map(is_paragraph, lines[a:b])) for a, b in pairwise([0, *marks, len(lines)])]
    entries = sum(map(bool, prose[1:]))
    if entries < max(ENTRIES, FULL_ENTRIES * times) or 2 * max(prose) > sum(prose):
        return frozenset()
    if any(shape["comments"] or shape["section_head"] for shape in above):
        return frozenset()
    below = range(marks[0], len(lines))
    labels = {i for i in below if shapes[i]["label"] and not shapes[i]["section_head"]}
    return frozenset(labels.union(marks))


def gather(
    lines: Sequence[Line], shapes: Sequence[Features], stop_words: Set[str] | None, weights: Weights
) -> Evidence:
    """Return the features of every line, alone and in its surroundings, and what they weigh."""
    contents = [content_words(line.text, stop_words) for line in lines]
    chances = [sigmoid(log_odds(weights.shape, features)) for features in shapes]
    core = densest_block(lines, chances, shapes, weights)
    title, most = None, THRESHOLD
    for i, candidate in headline_candidates(lines, shapes, contents, core):
        odds = log_odds(weights.headline, candidate)
        if odds > most:
            title, most = i, odds
    features = surroundings(shapes, chances, core, contents)
    surrounded = [log_odds(weights.surrounded, each) for each in features]
    return Evidence(lines, contents, features, surrounded, title)


def log_odds(model: Mapping[str, float], features: Features) -> float:
    """Return the log odds that ``model`` gives to ``features``."""
    return sum((weight * features.get(name, 0.0) for name, weight in model.items()), model["bias"])


def densest_block(
    lines: Sequence[Line], chances: Sequence[float], shapes: Sequence[Features], weights: Weights
) -> range:
    """Return the run of lines that gains most: words of likely body less unlikely lines."""
    best, best_gain, start, gain = range(1), -math.inf, 0, 0.0
    for i, (line, likely) in enumerate(zip(lines, chances, strict=True)):
        if gain <= 0:
            start, gain = i, 0.0
        gain += likely * min(line.words, weights.long) - (1 - likely) * weights.unlikely_line
        gain -= weights.head_in_core * shapes[i]["section_head"]
        if gain > best_gain:
            best, best_gain = range(start, i + 1), gain
    return best


def headline_candidates(
    lines: Sequence[Line],
    shapes: Sequence[Features],
    contents: Sequence[frozenset[str]],
    core: range,
) -> list[tuple[int, Features]]:
    """Return the lines that may be the headline, each with what speaks for it."""
    known = Counter(word for i in core for word in contents[i])
    first, stop = max(0, core.start - LINES_ABOVE), min(core.start + LINES_INSIDE, core.stop)
    near = [line.text.casefold() for line in lines[first : stop + LINES_ABOVE]]
    candidates = []
    for i in range(first, stop):
        count, text, words = lines[i].words, lines[i].text.casefold(), contents[i]
        if not WORDS[0] <= count <= WORDS[1]:
            continue
        on_topic = sum(known[word] > (i in core) for word in words) / max(1, len(words))
        features = shapes[i] | {
            "on_topic": on_topic,
            "topic_words": on_topic * min(len(words), 8) / 8,
            "up_to_three": float(count <= 3),
            "up_to_five": float(3 < count <= 5),
            "over_fourteen": float(count > 14),
            "in_core": float(i in core),
            "first_line": float(i == 0),
            "away": math.log2(1 + max(0, core.start - i)) / 6,
            "said_again": float(sum(text in other for other in near) > 1),
        }
        candidates.append((i, features | _around_headline(i, lines, shapes)))
    return candidates


def _around_headline(i: int, lines: Sequence[Line], shapes: Sequence[Features]) -> Features:
    nothing = dict.fromkeys(shapes[i], 0.0)
    near = [shapes[k] if 0 <= k < len(shapes) else nothing for k in range(i - 1, i + 6)]
    above, below = near[0], near[2:]
    before = lines[i - 1].words if i else 0.0
    return {
        "date_next": below[0]["dated_label"],
        "date_soon": max(shape["dated_label"] for shape in below[1:4]),
        "byline_next": below[0]["byline"],
        "byline_soon": max(shape["byline"] for shape in below[1:4]),
        "break_before": max(above["button"], above["section_head"]),
        "longer_before": float(lines[i].words < before < WORDS[1]),
    }


# The states of a path, and from which each may be entered: an article begins once and ends
# once, and only in between may it be interrupted.
_BEFORE, _INSIDE, _INTERRUPTED, _AFTER = range(4)


def likeliest_path(page: Evidence, weights: Weights) -> list[bool]:
    """Return for each line whether it is inside, on the path with the highest score.

    Every line of an interruption has its price, so what stands far below an article's end
    cannot become part of it.
    """
    came: list[tuple[int, int, int]] = []
    inside = interrupted = after = -math.inf
    for line, value in zip(page.lines, page.odds, strict=True):
        size = (1 + min(line.words, weights.long)) ** weights.length_power
        into = max(
            (inside, _INSIDE),
            (-weights.enter, _BEFORE),
            (interrupted - weights.enter, _INTERRUPTED),
        )
        broken = max((inside - weights.leave, _INSIDE), (interrupted, _INTERRUPTED))
        out = max((after, _AFTER), (inside, _INSIDE))
        came.append((into[1], broken[1], out[1]))
        inside = into[0] + (value - weights.caution) * size
        interrupted, after = broken[0] - weights.gap_line, out[0]
    state = max((0.0, _BEFORE), (inside, _INSIDE), (after, _AFTER))[1]
    path: list[bool] = []
    for into_from, broken_from, out_from in reversed(came):
        path.append(state == _INSIDE)
        state = (_BEFORE, into_from, broken_from, out_from)[state]
    return path[::-1]
