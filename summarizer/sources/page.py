"""The article in a page that was copied whole: its body, headline, byline, date, outlet.

Nothing is rewritten: the body is given as spans of the very text that came in. Which lines it has
is decided by a small model of lines, then of their order:

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
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from summarizer.sources.boilerplate import credited, is_credit, pattern
from summarizer.sources.lines import (
    STOP_WORDS,
    Evidence,
    Features,
    Line,
    content_words,
    count_words,
    ends_sentence,
    find_tables,
    guess_language,
    is_paragraph,
    page_shapes,
    split_lines,
    surroundings,
    with_tables,
)
from summarizer.sources.metadata import STANDFIRST_LINES, find_byline, find_outlet, find_published
from summarizer.sources.postfilter import is_page_talk, settle
from summarizer.text.data import load_text, sigmoid
from summarizer.types import OutletFrom, Span

# Code points of a text that are read. Origin: the longest article known has 200,000.
READ = 1_000_000
# Words under which a body is suspected to be no more than the beginning of an article (agencies'
# shortest items have about 60, paywalled beginnings up to 120); the same for a page that asks for
# consent, which may be a banner over a short article; and under which there is no article at all.
SHORT_BODY, WALL_BODY, NO_BODY = 120, 40, 12
# Characters of a line, and lines of a page, that the signs are looked for in.
SAMPLE, LINES = 300, 3_000
# Share of the body's words from which paragraphs left out are worth a warning.
MISSED_SHARE = 0.18
# Items that a page of headlines has at least, words of its longest, and the share of an item's
# words that the others may tell too. Origin: by hand; paragraphs of one article tell a quarter of
# their words twice.
ITEMS, ITEM_WORDS, ITEM_TOLD = 4, 45, 0.2

_PAYWALL, _WALL = pattern("paywall"), pattern("wall")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """What was found in the text of a page."""

    text: str = ""
    body: tuple[Span, ...] = ()  # one per paragraph, in order, disjoint; none without an article
    title: str | None = None
    byline: str | None = None
    published: date | None = None
    outlet: str | None = None
    outlet_from: OutletFrom | None = None  # TEXT where the page itself names its outlet
    credits: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    warnings: tuple[str, ...] = ()


def read_page(text: str, *, source: str = "") -> PageReading:
    """Return the article in ``text``, a page copied whole that warnings call ``source``."""
    name = source or "the text"
    lines = split_lines(text[:READ])
    if not lines:
        return PageReading(warnings=(f"{name} is empty",))
    choice = choose_body(lines, STOP_WORDS.get(guess_language(text) or ""))
    inside = frozenset(choice.body)
    settled = choice.body[min(STANDFIRST_LINES, len(inside) - 1)] if inside else 0
    between = [lines[i] for i in range(choice.title or 0, settled) if i not in inside]
    byline = find_byline(between)
    credit_lines = [line.text for line in lines if is_credit(line.text)]
    body = [i for i in choice.body if lines[i].text not in {*credit_lines, byline}]
    outside = sorted(frozenset(range(len(lines))).difference(body))
    outlet = find_outlet([lines[i].text for i in outside], byline)
    warnings = [f"only the first {READ:,} characters of {name} were read"] * (len(text) > READ)
    warnings += find_warnings(lines, sum(lines[i].words for i in body), name, choice.missed)
    shown = [lines[i].text for i in body]
    return PageReading(
        text=text,
        body=tuple(lines[i].span for i in body),
        title=None if choice.title is None else lines[choice.title].span.of(text),
        byline=byline,
        published=find_published(lines, choice.title, body),
        outlet=outlet,
        outlet_from=OutletFrom.TEXT if outlet else None,
        credits=credited(credit_lines, shown),
        language=guess_language("\n".join(shown) or text),
        warnings=tuple(warnings),
    )


def find_warnings(lines: Sequence[Line], words: float, name: str, missed: float = 0.0) -> list[str]:
    """Return what is wrong with a page whose body has so many words, and left out ``missed``."""
    samples = [line.text[:SAMPLE] for line in lines[:LINES]]
    if words < SHORT_BODY and any(map(_PAYWALL.search, samples)):
        return [f"{name} looks like a paywall's stub: only the beginning of an article is there"]
    if words < WALL_BODY and any(map(_WALL.search, samples)) and len(lines) < SHORT_BODY:
        return [f"{name} looks like a cookie or access wall rather than an article"]
    if words < NO_BODY:
        return [f"no article was found in {name}"]
    if missed > MISSED_SHARE * words:
        return [
            f"{missed:.0f} words of {name} look like the article's and were left out: "
            "if they are, paste the article alone"
        ]
    return []


def is_list_of_items(body: Sequence[str]) -> bool:
    """Return whether the lines of a body are teasers of several articles rather than one."""
    stop_words = STOP_WORDS.get(guess_language("\n".join(body)) or "")
    items = [content_words(line, stop_words) for line in body if ends_sentence(line)]
    longest = max((count_words(line) for line in body), default=0)
    if len(items) < ITEMS or longest > ITEM_WORDS or len(body) < 2 * len(items) - 1:
        return False
    counts = Counter(word for item in items for word in item)
    told = sum(counts[word] > 1 for item in items for word in item)
    return told <= ITEM_TOLD * sum(map(len, items))


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


PAGE = Weights(**json.loads(load_text("page_weights.json", __package__)))

# Lines above the core that are looked at for the headline, and lines of the core itself. Origin:
# pictures, bylines and buttons come between; on the development pages seldom more than forty lines.
LINES_ABOVE, LINES_INSIDE = 120, 3
# Words of a headline, and log odds from which the likeliest candidate is taken for it. Origin: by
# hand; a page whose headline was not copied should rather have none.
HEADLINE_WORDS, HEADLINE_ODDS = (1.5, 34), -2.5
# Entries of a live blog at least, the share of its hours with a paragraph below them, and the
# characters by which two of its hours are of one kind.
ENTRIES, FULL_ENTRIES, KIND = 3, 0.6, 40
# Share of a text's words in paragraphs from which it is an item, though too short to be known
# for an article. Origin: by hand; a headline and one sentence reach two thirds.
ITEM_SHARE = 0.6

_DIGITS = re.compile(r"\d+")


class Choice(NamedTuple):
    """The lines that are body, and the line of the headline."""

    body: Sequence[int]
    title: int | None
    missed: float  # words of paragraphs that were left out and look like the article's


def choose_body(lines: Sequence[Line], stop_words: Set[str] | None) -> Choice:
    """Return which of ``lines`` are the article."""
    shapes = page_shapes(lines, stop_words)
    read, tables = lines_to_read(lines, shapes)
    if not read:
        return Choice((), None, 0.0)
    page = gather([lines[i] for i in read], [shapes[i] for i in read], stop_words, PAGE)
    body, missed = settle(page, likeliest_path(page, PAGE))
    title = page.title
    if not body:  # the paragraphs of a text that is hardly more than them: an item of one
        rows = range(len(read))
        prose = [i for i in rows if is_paragraph(page.lines[i]) and not is_page_talk(page, i)]
        item = sum(page.lines[i].words for i in prose) >= ITEM_SHARE * sum(x.words for x in lines)
        body = prose if item else []
        title = None if title in body else title
    whole = with_tables([read[i] for i in body], tables)
    return Choice(whole, None if title is None else read[title], missed)


def lines_to_read(
    lines: Sequence[Line], shapes: Sequence[Features]
) -> tuple[list[int], list[range]]:
    """Return the lines that the model reads, all but tables and hours of live blogs; the tables."""
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
    title, most = None, HEADLINE_ODDS
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
        if not HEADLINE_WORDS[0] <= count <= HEADLINE_WORDS[1]:
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
    below = [shapes[k] if k < len(shapes) else nothing for k in range(i + 1, i + 5)]
    before = lines[i - 1].words if i else 0.0
    return {
        "date_next": below[0]["dated_label"],
        "date_soon": max(shape["dated_label"] for shape in below[1:4]),
        "byline_next": below[0]["byline"],
        "byline_soon": max(shape["byline"] for shape in below[1:4]),
        "longer_before": float(lines[i].words < before < HEADLINE_WORDS[1]),
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
