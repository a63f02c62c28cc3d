"""What the rest of the page says of a line, once the lines were looked at one by one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from itertools import accumulate

from summarizer.sources.features import LABEL_WORDS, Features, content_words
from summarizer.sources.lines import Line

# Lines from one on in which prose, topic and the signs of an end are looked for.
AHEAD = 6
SOON = 3
# Likely lines of the core after which a date is no longer the article's own but that of
# a comment or of an item of a feed. Origin: a standfirst may stand above the date.
OWN_DATE_LINES = 4


# Lines to either side that do not count when it is asked whether a line's words are told
# elsewhere in the core: an item of a feed repeats its own headline.
NEAR = 3
# Share of words told elsewhere under which prose is off the topic.
OFF_TOPIC = 0.1


class Surroundings:
    """The features of a line that come from its neighbours, its place and its topic.

    Args:
        lines: The lines of the page.
        shapes: Their shapes.
        chances: How likely each is to be body by its shape alone.
        core: The block of lines that is surely mostly article.
        title: The line of the headline, None where none was found.
        stop_words: The small words of the page's language, None where it has none known.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        shapes: Sequence[Features],
        chances: Sequence[float],
        core: range,
        title: int | None,
        stop_words: Set[str] | None,
    ) -> None:
        self._lines, self._shapes, self._chances = lines, shapes, chances
        self._core, self._title = core, title
        self._contents = [content_words(line.text, stop_words) for line in lines]
        self._known = Counter(word for i in core for word in self._contents[i])
        self._breaks = [max(s["section_head"], s["button"], s["call"]) for s in shapes]
        self._break_sums = _prefix_sums(self._breaks)
        self._head_sums = _prefix_sums(s["section_head"] for s in shapes)
        self._settled = self._settled_from()
        self._date_sums = _prefix_sums(
            _is_date(s) if i >= self._settled else 0.0 for i, s in enumerate(shapes)
        )

    def of(self, i: int) -> Features:
        """Return the features of line ``i``."""
        features = self._neighbours(i) | self._place(i) | self._edges(i)
        features["told_elsewhere"] = self._told_elsewhere(i)
        return features | self._together(i, features)

    def _neighbours(self, i: int) -> Features:
        return {
            "chance_before": self._chance(i - 1),
            "chance_after": self._chance(i + 1),
            "chances_before": sum(map(self._chance, range(i - 4, i - 1))) / 3,
            "chances_after": sum(map(self._chance, range(i + 2, i + 5))) / 3,
            "break_before": self._break(i - 1),
            "break_two_before": self._break(i - 2),
        }

    def _place(self, i: int) -> Features:
        core, title = self._core, self._title
        start = core.start
        inside = i >= start
        breaks = self._break_sums[i + 1] - self._break_sums[start] if inside else 0.0
        heads = self._head_sums[i + 1] - self._head_sums[start] if inside else 0.0
        dates = self._date_sums[i + 1] - self._date_sums[start] if inside else 0.0
        return {
            "in_core": float(i in core),
            "just_before_core": float(i == start - 1),
            "just_after_core": float(i == core.stop),
            "no_break_since_core": float(inside and breaks == 0),
            "heads_since_core": min(4.0, heads) / 4,
            "dates_since_core": min(3.0, dates) / 3,
            "above_title": float(title is not None and i < title),
            "is_title": float(i == title),
            "far_below_title": math.log2(1 + max(0, i - (i if title is None else title))) / 6,
        }

    def _edges(self, i: int) -> Features:
        """Return what tells that the article begins or ends near line ``i``."""
        ahead = range(i, min(i + AHEAD, len(self._lines)))
        prose = sum(self._chances[j] for j in ahead)
        recent = max(self._settled, i - 2)
        return {
            "date_right_above": self._any("dated_label", i - 1, i),
            "date_lately": self._any("dated_label", recent, i) if recent < i else 0.0,
            "byline_close_above": self._any("byline", i - 4, i),
            "credit_right_below": self._any("photo_credit", i + 1, i + 2),
            "head_soon": self._any("section_head", i, i + SOON),
            "call_soon": self._any("call", i, i + SOON),
            "bio_soon": self._any("bio", i, i + SOON),
            "legal_soon": self._any("legal", i, i + SOON),
            "prose_ahead": prose / AHEAD,
        }

    def _together(self, i: int, features: Features) -> Features:
        """Return what only two signs together tell."""
        prose = self._shapes[i]["sentence_and_long"]
        label = float(self._lines[i].words <= LABEL_WORDS)
        return {
            "prose_in_core": prose * features["in_core"],
            "prose_told_nowhere": prose * float(features["told_elsewhere"] < OFF_TOPIC),
            "label_told_nowhere": label * float(features["told_elsewhere"] == 0),
            "prose_after_head": prose * float(features["heads_since_core"] > 0),
            "label_and_no_break": label * features["no_break_since_core"],
        }

    def _settled_from(self) -> int:
        """Return the line from which the core has said enough to be past its own date."""
        likely = [i for i in self._core if self._chances[i] > 0.5]
        return min([*likely[OWN_DATE_LINES:], self._core.stop])

    def _told_elsewhere(self, i: int) -> float:
        """Return the share of the line's words that the core says too, not just beside it."""
        words = self._contents[i]
        if not words:
            return 0.5
        near = range(max(self._core.start, i - NEAR), min(self._core.stop, i + NEAR + 1))
        beside = Counter(word for j in near for word in self._contents[j])
        return sum(self._known[word] > beside[word] for word in words) / len(words)

    def _chance(self, i: int) -> float:
        return self._chances[i] if 0 <= i < len(self._lines) else 0.0

    def _break(self, i: int) -> float:
        return self._breaks[i] if 0 <= i < len(self._lines) else 0.0

    def _any(self, name: str, start: int, stop: int) -> float:
        return max((s[name] for s in self._shapes[max(0, start) : max(0, stop)]), default=0.0)


def _is_date(shape: Features) -> float:
    return max(shape["dated_label"] * (1 - shape["ends_sentence"]), shape["clock"])


def _prefix_sums(values: Iterable[float]) -> list[float]:
    return [0.0, *accumulate(values)]
