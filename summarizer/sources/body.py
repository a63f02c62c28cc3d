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
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise

from summarizer.sources.boilerplate import is_caption, is_label
from summarizer.sources.features import (
    Features,
    Surroundings,
    content_words,
    is_label_like,
    is_paragraph,
    page_shapes,
    told_elsewhere,
)
from summarizer.sources.lines import Line
from summarizer.sources.postfilter import Rejoined, is_row, kind, rejoin, without_strays
from summarizer.text.logistic import sigmoid


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the page model weighs.

    Attributes:
        shape: Log odds that a line is body, per feature of its shape.
        headline: Log odds that a line is the headline, per feature of a candidate.
        surrounded: Log odds that a line is body, per feature of shape and surroundings.
        enter: Price of beginning or resuming the article, in weighted log odds.
        leave: Price of interrupting it, in weighted log odds.
        gap_line: Price of each line of an interruption, in weighted log odds.
        caution: Log odds a line must have to speak for being inside.
        length_power: A line's log odds count by its words to this power.
        long: Words above which a line counts no more.
        unlikely_line: Words that an unlikely line takes from the core's gain.
        head_in_core: Words that the head of a section takes from the core's gain.
    """

    shape: Mapping[str, float]
    headline: Mapping[str, float]
    surrounded: Mapping[str, float]
    enter: float = 1.0
    leave: float = 7.0
    gap_line: float = 2.0
    caution: float = 0.0
    length_power: float = 0.5
    long: float = 60.0
    unlikely_line: float = 4.0
    head_in_core: float = 12.0


PAGE = Weights(**json.loads(files(__package__).joinpath("page_weights.json").read_text()))


# Lines above the core that are looked at, and lines of the core itself. Origin: pictures,
# bylines and buttons come between; on the development pages seldom more than forty lines.
LINES_ABOVE = 120
LINES_INSIDE = 3
# Words a headline has.
WORDS = (1.5, 34)
# Log odds from which the likeliest candidate is taken for the headline. Origin: by hand;
# a page whose headline was not copied should rather have none.
THRESHOLD = -2.5

_SHAPES = (
    "ends_sentence", "colon", "small_words", "capitals", "quotes", "bullet", "button",
    "section_head", "call", "legal", "caption", "caption_tail", "byline", "related",
    "contact", "separated", "glued", "dated_label", "promos", "repeated",
)  # fmt: skip


def find_headline(
    lines: Sequence[Line],
    shapes: Sequence[Features],
    core: range,
    stop_words: Set[str] | None,
    model: Mapping[str, float],
) -> int | None:
    """Return the line of the headline of the article whose core is ``core``, or None."""
    best, best_odds = None, THRESHOLD
    for i, features in headline_candidates(lines, shapes, core, stop_words):
        odds = model["bias"] + sum(model.get(name, 0.0) * v for name, v in features.items())
        if odds > best_odds:
            best, best_odds = i, odds
    return best


def headline_candidates(
    lines: Sequence[Line], shapes: Sequence[Features], core: range, stop_words: Set[str] | None
) -> list[tuple[int, Features]]:
    """Return the lines that may be the headline, each with what speaks for it."""
    known = Counter(word for i in core for word in content_words(lines[i].text, stop_words))
    first, stop = max(0, core.start - LINES_ABOVE), min(core.start + LINES_INSIDE, core.stop)
    near = [line.text.casefold() for line in lines[first : stop + LINES_ABOVE]]
    candidates = []
    for i in range(first, stop):
        if WORDS[0] <= lines[i].words <= WORDS[1]:
            topic = _topic(lines[i], i in core, known, stop_words)
            text = lines[i].text.casefold()
            said_again = float(sum(text in other for other in near) > 1)
            place = {"in_core": float(i in core), "first_line": float(i == 0)}
            place["away"] = math.log2(1 + max(0, core.start - i)) / 6
            features = {name: shapes[i][name] for name in _SHAPES}
            features |= topic | place | {"said_again": said_again} | _company(i, lines, shapes)
            candidates.append((i, features))
    return candidates


def _topic(line: Line, in_core: bool, known: Counter[str], stop_words: Set[str] | None) -> Features:
    words = content_words(line.text, stop_words)
    on_topic = sum(known[word] > in_core for word in words) / max(1, len(words))
    return {
        "on_topic": on_topic,
        "topic_words": on_topic * min(len(words), 8) / 8,
        "up_to_three": float(line.words <= 3),
        "up_to_five": float(3 < line.words <= 5),
        "over_fourteen": float(line.words > 14),
    }


def _company(i: int, lines: Sequence[Line], shapes: Sequence[Features]) -> Features:
    """Return what stands above and below line ``i``: a date, a byline, buttons, a text."""

    def soon(name: str, start: int, stop: int) -> float:
        return max((shape[name] for shape in shapes[i + start : i + stop]), default=0.0)

    above = shapes[i - 1] if i else None
    count = lines[i].words
    return {
        "date_next": soon("dated_label", 1, 2),
        "date_soon": soon("dated_label", 2, 5),
        "byline_next": soon("byline", 1, 2),
        "byline_soon": soon("byline", 2, 5),
        "call_soon": soon("call", 1, 4),
        "button_soon": soon("button", 1, 5),
        "sentence_next": soon("ends_sentence", 1, 2),
        "break_before": max(above["button"], above["section_head"]) if above else 0.0,
        "longer_before": float(i > 0 and count < lines[i - 1].words < WORDS[1]),
        "longer_next": float(i + 1 < len(lines) and lines[i + 1].words > count),
    }


# Share of a line's words told elsewhere from which an appeal, or a note on the author or the
# outlet, is the article's own topic, and lines at its end that may be such notes.
ON_TOPIC = 0.5
NOTE_TOLD = 0.35
LAST_LINES = 4
# Share of the body's words from which what is expected of lines left out is told, lines that are
# right beside the body, and words of a line of a list. Origin: of 98 dumps read with weights
# disturbed at random twelve times, it tells of four in five that lost over a fifth, and of 8 % of
# the others.
EXPECTED_SHARE = 0.4
BESIDE = 8
LISTED_WORDS = 3
_ENDS = ("comments", "last_word", "bio", "legal", "remark")
_AFTER_BODY = (
    "section_head", "comments", "legal", "promos", "bio", "call", "remark", "appeal", "last_word",
    "byline",
)  # fmt: skip
# Entries of a live blog at least, and the share of its hours with a paragraph below them.
ENTRIES = 3
FULL_ENTRIES = 0.6
# Share of a text's words in paragraphs from which it is an item, though too short to be known
# for an article. Unit: words. Origin: by hand; a headline and one sentence reach two thirds.
ITEM_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Choice:
    """The lines that are body, the line of the headline, and words that may be missing.

    ``missed`` counts the words of paragraphs that were left out and look like the article's.
    """

    body: tuple[int, ...]
    title: int | None
    missed: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the lines of a page show: the features of each, and the headline's line."""

    features: tuple[Features, ...]
    title: int | None


def choose_body(
    lines: Sequence[Line], stop_words: Set[str] | None, weights: Weights = PAGE
) -> Choice:
    """Return which of ``lines`` are the article."""
    if not lines:
        return Choice((), None)
    shapes = page_shapes(lines, stop_words)
    marks = entry_marks(lines, shapes)
    if marks:
        left = [i for i in range(len(lines)) if i not in marks]
        found = choose_body([lines[i] for i in left], stop_words, weights)
        title = None if found.title is None else left[found.title]
        return Choice(tuple(left[i] for i in found.body), title, found.missed)
    evidence = gather(lines, shapes, stop_words, weights)
    odds = [log_odds(weights.surrounded, features) for features in evidence.features]
    inside = likeliest_path(lines, odds, weights)
    body, missed = settle(lines, evidence, odds, inside, stop_words)
    title = evidence.title
    if not body:
        body = _only_prose(lines, evidence)
        title = None if title in body else title
    return Choice(tuple(body), title, missed)


def entry_marks(lines: Sequence[Line], shapes: Sequence[Features]) -> frozenset[int]:
    """Return the hours and buttons of a live blog's entries; none of a page that is no live blog.

    It is one where the same kind of hour comes again before paragraphs, and most prose is below.
    """
    hours = [i for i, shape in enumerate(shapes) if shape["clock"] or _is_hour(shape)]
    usual, times = Counter(kind(lines[i]) for i in hours).most_common(1)[0] if hours else ("", 0)
    if times < ENTRIES:
        return frozenset()
    marks = [i for i in hours if kind(lines[i]) == usual]
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


def _is_hour(shape: Features) -> bool:
    return bool(shape["label"] and shape["dated_label"])


def _only_prose(lines: Sequence[Line], evidence: Evidence) -> list[int]:
    """Return the paragraphs of a text that is hardly more than them: an item of one."""
    prose = [i for i, line in enumerate(lines) if is_paragraph(line)]
    prose = [i for i in prose if not is_page_talk(evidence, lines, i)]
    words = sum(lines[i].words for i in prose)
    return prose if words >= ITEM_SHARE * sum(line.words for line in lines) else []


def settle(
    lines: Sequence[Line],
    evidence: Evidence,
    odds: Sequence[float],
    inside: Sequence[bool],
    stop_words: Set[str] | None,
) -> Rejoined:
    """Return the lines of a path that are body even when each is looked at for itself."""
    headline = lines[evidence.title].text.casefold() if evidence.title is not None else None

    def fits(i: int) -> bool:
        return lines[i].text.casefold() != headline and not is_page_talk(evidence, lines, i)

    chosen = [i for i in range(len(lines)) if inside[i] and fits(i)]
    body, missed = rejoin(lines, evidence.features, odds, chosen, stop_words)
    body = [i for i in body if inside[i] or fits(i)]
    kept = without_strays(lines, evidence.features, body)
    notes = _notes(evidence.features, kept)
    kept = [i for i in kept if i not in notes]
    cut = [i for i in body if is_paragraph(lines[i]) and i not in {*kept, *notes}]
    missed += sum(lines[i].words for i in cut)
    return Rejoined(kept, max(missed, _left_out(lines, evidence, odds, kept)))


def _left_out(
    lines: Sequence[Line], evidence: Evidence, odds: Sequence[float], body: Sequence[int]
) -> float:
    """Return the words of lists and the like that may be the article's, if they are many.

    They are what is expected of the lines left out, by their chances, up to a sure end, where it
    is much; or what is expected right beside the body, and all directly below it.
    """
    size, inside = sum(lines[i].words for i in body), frozenset(body)
    last = body[-1] if body else -1
    signs = _first_with(_ENDS, evidence, last + 1), _first_with(_AFTER_BODY, evidence, last + 1)
    out = [i for i in range(evidence.title or 0, signs[0]) if i not in inside]
    expected = [sigmoid(odds[i]) * lines[i].words for i in out]
    beside = {j for i in body for j in range(i - BESIDE, i + BESIDE + 1)}
    near = sum(words for i, words in zip(out, expected, strict=True) if i in beside)
    listed = sum(
        lines[i].words
        for i in range(last + 1, signs[1])
        if lines[i].words >= LISTED_WORDS
        and not (evidence.features[i]["button"] or evidence.features[i]["dated_label"])
    )
    return max(listed + near, sum(expected) if sum(expected) > EXPECTED_SHARE * size else 0.0)


def _first_with(signs: Sequence[str], evidence: Evidence, start: int) -> int:
    """Return the first line from ``start`` on that has one of ``signs``, else the page's end."""
    features = evidence.features
    rows = range(start, len(features))
    return next((i for i in rows if any(features[i][sign] for sign in signs)), len(features))


def without_boilerplate(lines: Sequence[Line], stop_words: Set[str] | None) -> list[int]:
    """Return which of ``lines``, an article that something else found, are not boilerplate.

    A head goes with the box below it, and with nothing below it.
    """
    shapes = page_shapes(lines, stop_words)
    told = told_elsewhere(
        [content_words(line.text, stop_words) for line in lines], range(len(lines))
    )
    evidence = Evidence(
        tuple(s | {"told_elsewhere": t} for s, t in zip(shapes, told, strict=True)), None
    )
    talk = [
        is_page_talk(evidence, lines, i) or shapes[i]["section_head"] > 0 for i in range(len(lines))
    ]
    left = [i for i in range(len(lines)) if not talk[i]]
    inside, kept = frozenset(left) - _notes(evidence.features, left), list[int]()
    below_kept = False
    for i in reversed(range(len(lines))):
        listed = shapes[i]["bullet"] > 0 or is_row(lines[i], shapes[i])
        below_kept = i in inside and (below_kept or listed or not is_label_like(lines[i]))
        if below_kept:
            kept.append(i)
    return kept[::-1]


def is_page_talk(evidence: Evidence, lines: Sequence[Line], i: int) -> bool:
    """Return whether line ``i`` is furniture whatever stands around it.

    What asks the reader to subscribe is, where the article is about something else.
    """
    text, features = lines[i].text, evidence.features[i]
    if features["appeal"] and features["told_elsewhere"] < ON_TOPIC:
        return True
    return features["remark"] > 0 or is_label(text) or is_caption(text)


def _notes(features: Sequence[Features], body: Sequence[int]) -> set[int]:
    """Return which of the last lines of ``body`` say who wrote it, or what its outlet is."""
    last = body[len(body) - min(LAST_LINES, len(body) // 2) :]
    return {
        i
        for i in last
        if (features[i]["bio"] or features[i]["self_description"])
        and features[i]["told_elsewhere"] < NOTE_TOLD
    }


def gather(
    lines: Sequence[Line],
    shapes: Sequence[Features],
    stop_words: Set[str] | None,
    weights: Weights,
) -> Evidence:
    """Return the features of every line, alone and in its surroundings."""
    chances = [sigmoid(log_odds(weights.shape, features)) for features in shapes]
    core = densest_block(lines, chances, shapes, weights)
    title = find_headline(lines, shapes, core, stop_words, weights.headline)
    around = Surroundings(lines, shapes, chances, core, title, stop_words)
    return Evidence(tuple(shapes[i] | around.of(i) for i in range(len(lines))), title)


def log_odds(model: Mapping[str, float], features: Features) -> float:
    """Return the log odds that ``model`` gives to ``features``."""
    odds = model["bias"]
    for name, weight in model.items():
        value = features.get(name)
        if value:
            odds += weight * value
    return odds


def densest_block(
    lines: Sequence[Line],
    chances: Sequence[float],
    shapes: Sequence[Features],
    weights: Weights,
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


# The states of a path, and from which each may be entered: an article begins once and ends
# once, and only in between may it be interrupted.
_BEFORE, _INSIDE, _INTERRUPTED, _AFTER = range(4)


def likeliest_path(lines: Sequence[Line], odds: Sequence[float], weights: Weights) -> list[bool]:
    """Return for each line whether it is inside, on the path with the highest score.

    Every line of an interruption has its price, so what stands far below an article's end
    cannot become part of it.
    """
    came: list[tuple[int, int, int]] = []
    inside = interrupted = after = -math.inf
    for line, value in zip(lines, odds, strict=True):
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
