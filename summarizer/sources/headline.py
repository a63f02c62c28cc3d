"""The headline of a page: the line above the article that its text talks about."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence, Set

from summarizer.sources.features import Features, content_words
from summarizer.sources.lines import Line

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
