"""Which lines of a page are the article: a small model of lines, then of their order.

1. Each line gets a chance by its shape (a logistic model).
2. The block of lines that gains most is the core of the article, and the headline stands
   before it.
3. Each line gets a second chance by its shape and what surrounds it.
4. Of all ways to be before, inside, interrupted and after the article, the likeliest is
   taken, where every change has its price (the best path of a chain).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from summarizer.sources.features import Features, is_label_like, is_paragraph, page_shapes
from summarizer.sources.headline import find_headline
from summarizer.sources.labels import is_caption, is_label
from summarizer.sources.lines import Line
from summarizer.sources.page_weights import PAGE, Weights
from summarizer.sources.rejoin import Rejoined, is_row, rejoin
from summarizer.sources.strays import without_strays
from summarizer.sources.surroundings import Surroundings

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
    evidence = gather(lines, page_shapes(lines, stop_words), stop_words, weights)
    odds = [log_odds(weights.surrounded, features) for features in evidence.features]
    inside = likeliest_path(lines, odds, weights)
    body, missed = settle(lines, evidence, odds, inside, stop_words)
    title = evidence.title
    if not body:
        body = _only_prose(lines, evidence)
        title = None if title in body else title
    return Choice(tuple(body), title, missed)


def _only_prose(lines: Sequence[Line], evidence: Evidence) -> list[int]:
    """Return the paragraphs of a text that is hardly more than them: an item of one."""
    prose = [
        i
        for i, line in enumerate(lines)
        if is_paragraph(line) and not is_page_talk(evidence, lines, i)
    ]
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
    cut = [i for i in body if is_paragraph(lines[i]) and i not in set(kept)]
    return Rejoined(kept, missed + sum(lines[i].words for i in cut))


def without_boilerplate(lines: Sequence[Line], stop_words: Set[str] | None) -> list[int]:
    """Return which of ``lines``, an article that something else found, are not boilerplate.

    A head goes with the box below it, and with nothing below it.
    """
    shapes = page_shapes(lines, stop_words)
    evidence = Evidence(tuple(shapes), None)
    talk = [is_page_talk(evidence, lines, i) or _is_note(shapes[i]) for i in range(len(lines))]
    kept, below_kept = list[int](), False
    for i in reversed(range(len(lines))):
        listed = shapes[i]["bullet"] or is_row(lines[i], shapes[i])
        head = is_label_like(lines[i]) and not listed
        if not talk[i] and (below_kept or not head):
            kept.append(i)
        below_kept = not talk[i] and (below_kept or not head)
    return kept[::-1]


def _is_note(shape: Features) -> bool:
    return bool(shape["bio"] or shape["self_description"] or shape["section_head"])


def is_page_talk(evidence: Evidence, lines: Sequence[Line], i: int) -> bool:
    """Return whether line ``i`` is furniture whatever stands around it."""
    text = lines[i].text
    return evidence.features[i]["remark"] > 0 or is_label(text) or is_caption(text)


def gather(
    lines: Sequence[Line],
    shapes: Sequence[Features],
    stop_words: Set[str] | None,
    weights: Weights,
) -> Evidence:
    """Return the features of every line, alone and in its surroundings."""
    chances = [chance(log_odds(weights.shape, features)) for features in shapes]
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


def chance(odds: float) -> float:
    """Return the probability of log ``odds``, without overflow."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


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
