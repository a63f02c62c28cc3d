"""What is mended in the body that the path through a page chose.

The path pays for every interruption, so it may end an article at its first box, and it may run
over a short box or on into a feed. Here each run of paragraphs that was left out is weighed for
itself, and each stretch between two paragraphs, and each possible end, is looked at alone.
"""

from __future__ import annotations

import math
import re
from bisect import bisect
from collections.abc import Iterator, Sequence, Set
from itertools import accumulate, pairwise
from typing import NamedTuple

from summarizer.sources.features import Features, content_words, is_label_like, is_paragraph
from summarizer.sources.lines import Line

# Log odds that a run of paragraphs left out belongs to the article.
# Origin: logistic regression on the runs of 98 real dumps and of 90 articles with boxes inside
# and as live blogs; held out by page it keeps nine in ten of the articles' and one in twenty of
# the feeds'.
WEIGHTS = {
    "bias": 1.4,
    "odds": 0.3,
    "on_topic": 1.1,
    "together": 1.3,
    "length": 0.8,
    "labels_between": -3.0,
    "end_between": -2.6,
    "prose_share": 1.0,
    "label_share": -0.9,
    "body": -1.1,
}
# Log odds from which a run is taken, and from which a reader should be told that it was not.
TAKEN = 0.3
MISSED = -1.4
# Paragraphs together, and labels before them, above which more make no difference.
MANY_TOGETHER = 3
MANY_LABELS = 10
# Lines below the article from which nothing is part of it any more.
FAR = 150
# Rows with a figure, directly below the article or their heading, that are its table or list, and
# words that a row has. Origin: results, calendars and fixtures; links seldom hold figures.
TABLE_ROWS = 4
ROW_WORDS = 3
# Characters by which two labels are of one kind, whatever their figures.
KIND = 40
_DIGITS = re.compile(r"\d+")
_ENDS = ("last_word", "bio", "byline", "legal", "credit", "comments")
_NO_ROW = ("remark", "appeal", "button", "call", "section_head", "comments", "legal", "promos")


class Rejoined(NamedTuple):
    """The lines of the body, and the words of paragraphs left out that may be part of it."""

    body: list[int]
    missed: float


def rejoin(
    lines: Sequence[Line],
    features: Sequence[Features],
    odds: Sequence[float],
    chosen: Sequence[int],
    stop_words: Set[str] | None,
) -> Rejoined:
    """Return ``chosen`` with the runs of paragraphs below its beginning that belong to it.

    Args:
        lines: The lines of the page.
        features: Their features, in their surroundings.
        odds: The log odds that each is body, by these features.
        chosen: The lines on the path.
        stop_words: The small words of the page's language, None where it has none known.
    """
    if not chosen:
        return Rejoined([], 0.0)
    page, missed = page_features(lines), 0.0
    taken = Taken(lines, chosen, stop_words)
    for run in runs(lines, features, chosen):
        value = page | taken.weigh(run, features, odds)
        belongs = WEIGHTS["bias"] + sum(WEIGHTS[name] * value[name] for name in value)
        if belongs >= TAKEN:
            taken.add(run)
        elif belongs >= MISSED:
            missed += sum(lines[i].words for i in run)
    inside = frozenset(taken.lines)
    below = (j for i in taken.lines for j in _table_below(i, lines, features, inside))
    return Rejoined(sorted({*inside, *below}), missed)


class Taken:
    """What of a page is in the body so far, and how a further run would fit to it."""

    def __init__(
        self, lines: Sequence[Line], chosen: Sequence[int], stop_words: Set[str] | None
    ) -> None:
        self._page, self._stop_words = lines, stop_words
        self.lines = list(chosen)
        self._size = sum(lines[i].words for i in chosen)
        self._known = {w for i in chosen for w in self._words(i)}
        inside = frozenset(chosen)
        self._gone_over = {kind(lines[i]) for i in range(chosen[0], chosen[-1]) if i not in inside}

    def add(self, run: Sequence[int]) -> None:
        """Take the paragraphs of ``run``, which stand below what came before."""
        self._gone_over |= {kind(self._page[i]) for i in self._between(run)}
        self._size += sum(self._page[i].words for i in run)
        self._known.update(*map(self._words, run))
        self.lines[bisect(self.lines, run[0]) : bisect(self.lines, run[0])] = run

    def weigh(
        self, run: Sequence[int], features: Sequence[Features], odds: Sequence[float]
    ) -> Features:
        """Return what speaks for and against ``run``: its lines, and those before it."""
        words, between = [self._words(i) for i in run], self._between(run)
        far = len(between) > FAR
        between = between[:FAR]
        labels = [self._page[i] for i in between if not is_paragraph(self._page[i])]
        # The hours and buttons of a live blog come back before each of its entries.
        new = sum(kind(label) not in self._gone_over for label in labels)
        return {
            "odds": sum(odds[i] for i in run) / len(run),
            "on_topic": sum(len(w & self._known) / max(1, len(w)) for w in words) / len(run),
            "together": float(min(len(run), MANY_TOGETHER) - 1),
            "length": math.log2(1 + sum(self._page[i].words for i in run)) / 7,
            "labels_between": min(new, MANY_LABELS) / MANY_LABELS,
            "end_between": float(far or any(features[i][x] for i in between for x in _ENDS)),
            "body": math.log2(1 + self._size) / 10,
        }

    def _between(self, run: Sequence[int]) -> range:
        return range(self.lines[bisect(self.lines, run[0]) - 1] + 1, run[0])

    def _words(self, i: int) -> frozenset[str]:
        return content_words(self._page[i].text, self._stop_words)


def _table_below(
    i: int, lines: Sequence[Line], features: Sequence[Features], kept: Set[int]
) -> range:
    """Return the rows of a table directly below line ``i``, its heading with them."""
    above = [j for j in range(max(0, i - TABLE_ROWS), i + 1) if is_row(lines[j], features[j])]
    headed = i + 1 < len(lines) and not any(features[i + 1][sign] for sign in _NO_ROW)
    for start in (i + 1, i + 2) if headed else ():
        stop = start
        while stop < len(lines) and stop not in kept and is_row(lines[stop], features[stop]):
            stop += 1
        if stop > start and stop - start + len(above) * (start == i + 1) >= TABLE_ROWS:
            return range(i + 1, stop)
    return range(0)


def is_row(line: Line, features: Features) -> bool:
    """Return whether ``line`` may be a row of a table or list: short, with a figure in it."""
    label = not is_paragraph(line) and line.words >= ROW_WORDS
    return label and any(map(str.isdigit, line.text)) and not any(features[x] for x in _NO_ROW)


def page_features(lines: Sequence[Line]) -> Features:
    """Return how much of a page is prose: a text that is hardly more is all one article."""
    prose = [line for line in lines if is_paragraph(line)]
    words = max(1.0, sum(line.words for line in lines))
    return {
        "prose_share": sum(line.words for line in prose) / words,
        "label_share": 1 - len(prose) / len(lines),
    }


def runs(
    lines: Sequence[Line], features: Sequence[Features], chosen: Sequence[int]
) -> Iterator[list[int]]:
    """Yield the runs of paragraphs below the first of ``chosen`` that are not among them."""
    inside, run = frozenset(chosen), list[int]()
    for i in range(chosen[0], len(lines)):
        if i not in inside and is_paragraph(lines[i]) and not _is_no_news(features[i]):
            run.append(i)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_no_news(features: Features) -> bool:
    return any(features[sign] for sign in (*_ENDS, "remark", "appeal", "self_description"))


def kind(line: Line) -> str:
    """Return how ``line`` begins, whatever its figures: lines of one kind come again on a page."""
    return _DIGITS.sub("0", line.text[:KIND].casefold())


# Share of a label's words told elsewhere from which it is no head of another story.
LABEL_TOLD = 0.5
# Paragraphs an article has before it may end at a break.
FIRST_PARAGRAPHS = 2
# Mean share of words told elsewhere under which all that follows a break is other stories,
# and under which what follows an article's last word is furniture. Origin: paragraphs of one
# article tell a quarter of their words twice, items of a feed one in twenty.
OTHER_STORIES = 0.12
AFTER_END = 0.2
# Share of the paragraphs of a feed that stand below a head of their own.
BROKEN = 0.5
# Share of the article's words up to which what follows its last word may be cut.
SHORT_TAIL = 0.3
_FURNITURE = ("remark", "appeal", "section_head", "call", "button", "bio", "legal", "contact")


def without_strays(
    lines: Sequence[Line], features: Sequence[Features], chosen: Sequence[int]
) -> list[int]:
    """Return ``chosen`` less the lines that only stand there because of their neighbours."""
    kept = _without_boxes(lines, features, _before_other_stories(lines, features, chosen))
    rows = [i for i in kept if is_row(lines[i], features[i])]
    while (
        len(kept) > 1
        and is_label_like(lines[kept[-1]])
        and kept[-TABLE_ROWS:] != rows[-TABLE_ROWS:]
    ):
        kept.pop()
    return kept


def _before_other_stories(
    lines: Sequence[Line], features: Sequence[Features], chosen: Sequence[int]
) -> list[int]:
    """Return ``chosen`` up to the break after which nothing is about the article's topic."""
    prose = [i for i in chosen if is_paragraph(lines[i])]
    told = [features[i]["told_elsewhere"] for i in prose]
    words = [lines[i].words for i in prose]
    broken = [False] + [
        any(_is_story_head(lines[i], features[i]) for i in range(before + 1, after))
        for before, after in pairwise(prose)
    ]
    ended = [False] + [
        any(features[i]["last_word"] or features[i]["bio"] for i in range(before + 1, after))
        for before, after in pairwise(prose)
    ]
    told_from, broken_from = _sums_from(told), _sums_from(broken)
    words_from = _sums_from(words)
    for k in range(FIRST_PARAGRAPHS, len(prose)):
        mean = told_from[k] / (len(prose) - k)
        feed = broken[k] and broken_from[k] > (len(prose) - k) * BROKEN and mean < OTHER_STORIES
        short = words_from[k] < SHORT_TAIL * (words_from[0] - words_from[k])
        if feed or (ended[k] and short and mean < AFTER_END):
            return [i for i in chosen if i <= prose[k - 1]]
    return list(chosen)


def _sums_from(values: Sequence[float]) -> list[float]:
    """Return for each place the sum of ``values`` from there on."""
    return list(accumulate(reversed(values)))[::-1]


def _is_story_head(line: Line, features: Features) -> bool:
    if features["dated_label"] or features["clock"] or features["section_head"]:
        return True
    return is_label_like(line) and line.words >= 4 and features["told_elsewhere"] < LABEL_TOLD


def _without_boxes(
    lines: Sequence[Line], features: Sequence[Features], chosen: Sequence[int]
) -> list[int]:
    """Return ``chosen`` less labels that stand between two paragraphs with furniture."""
    prose = [i for i in chosen if not is_label_like(lines[i])]
    kept = frozenset(chosen)
    dropped: set[int] = set()
    for before, after in pairwise(prose):
        between = range(before + 1, after)
        if any(features[i][sign] for i in between if i not in kept for sign in _FURNITURE):
            dropped.update(between)
    return [i for i in chosen if i not in dropped]
