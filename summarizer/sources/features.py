"""What can be seen of a line, alone and among its neighbours: numbers for the model to weigh."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import accumulate, groupby

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
_TEASER = re.compile(r"(?:\.\.\.|…|\[…\]|\.\.)\W*$")


def page_shapes(lines: Sequence[Line], stop_words: Set[str] | None) -> list[Features]:
    """Return the shape of every line, what it alone shows, and whether the page repeats it.

    Args:
        lines: The lines of the page.
        stop_words: The small words of the page's language, None where it has none known.
    """
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
        "up_to_twelve": float(5 < count <= LABEL_WORDS),
        "over_twenty": float(count > 20),
        "over_forty": float(count > 40),
        "digits": sum(word.isdigit() for word in words) / total,
        "ends_sentence": several * line.ends_sentence,
        "sentence_and_long": float(line.ends_sentence and count > LABEL_WORDS),
        "teaser": several * bool(_TEASER.search(sample[-8:])),
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


def content_words(text: str, stop_words: Set[str] | None) -> frozenset[str]:
    """Return the words of ``text`` that carry a topic; of unspaced scripts the pairs."""
    words = {word.lower() for word in _WORD.findall(text[:1000])}
    if not text.isascii() and any(len(word) > 12 for word in words if not word.isascii()):
        return frozenset(word[k : k + 2] for word in words for k in range(len(word) - 1))
    small = stop_words or frozenset()
    return frozenset(word[:STEM] for word in words if len(word) > 2 and word not in small)


# Lines from one on in which prose, and in which the signs of an end, are looked for.
AHEAD, SOON = 6, 3
# Likely lines of the core after which a date is no longer the article's own but that of
# a comment or of an item of a feed. Origin: a standfirst may stand above the date.
OWN_DATE_LINES = 4
# Lines to either side that do not count when it is asked whether a line's words are told
# elsewhere in the core: an item of a feed repeats its own headline.
NEAR = 3
# Share of words told elsewhere that is taken for a line without any that carry a topic.
UNKNOWN_SHARE = 0.5
# The same under which what is said to the reader or of the outlet is no part of the article.
ASIDE_TOLD = 0.15
# Words of the longest promo that stands between two labels, and of the longest head inside an
# article that may say nothing the article says.
BOX_WORDS, SUBHEAD_WORDS = 22, 5
# Labels between two paragraphs above which more make no difference.
MANY_LABELS = 8
_LISTED = ("bullet", "quotes", "colon")


def told_elsewhere(contents: Sequence[Set[str]], core: range) -> list[float]:
    """Return the share of each line's content words that the core says too, not just beside it."""
    known, told = Counter(word for i in core for word in contents[i]), list[float]()
    for i, words in enumerate(contents):
        near = range(max(core.start, i - NEAR), min(core.stop, i + NEAR + 1))
        beside = Counter(word for j in near for word in contents[j])
        share = sum(known[word] > beside[word] for word in words) / max(1, len(words))
        told.append(share if words else UNKNOWN_SHARE)
    return told


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the lines of a page show.

    Attributes:
        lines: The lines.
        contents: The words of each that carry a topic.
        features: Those of each, alone and in its surroundings.
        odds: The log odds that each is body, by these features.
        title: The line of the headline, None where none was found.
    """

    lines: Sequence[Line]
    contents: Sequence[frozenset[str]]
    features: Sequence[Features]
    odds: Sequence[float] = ()
    title: int | None = None


class Surroundings:
    """The features of a line that come from its neighbours, its place and its topic.

    Args:
        lines: The lines of the page.
        shapes: Their shapes.
        chances: How likely each is to be body by its shape alone.
        core: The block of lines that is surely mostly article.
        title: The line of the headline, None where none was found.
        contents: The words of each that carry a topic.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        shapes: Sequence[Features],
        chances: Sequence[float],
        core: range,
        title: int | None,
        contents: Sequence[Set[str]],
    ) -> None:
        self._lines, self._shapes, self._core, self._title = lines, shapes, core, title
        # Some nothing at the end, which also stands before the first.
        self._chances = [*chances, *[0.0] * AHEAD]
        self._told = told_elsewhere(contents, core)
        self._breaks = [max(s["section_head"], s["button"], s["call"]) for s in shapes] + [0.0] * 2
        self._prose = [is_paragraph(line) for line in lines]
        self._labels = [is_label_like(line) for line in lines]
        self._stretches = [each for stretch in self._between_paragraphs() for each in stretch]
        # The line from which the core has said enough to be past its own date.
        likely = [i for i in core if chances[i] > 0.5]
        self._settled = min([*likely[OWN_DATE_LINES:], core.stop])
        self._breaks_since = self._since_core(self._breaks)
        self._heads_since = self._since_core(s["section_head"] for s in shapes)
        self._dates_since = self._since_core(
            _is_date(s) if i >= self._settled else 0.0 for i, s in enumerate(shapes)
        )

    def of(self, i: int) -> Features:
        """Return the features of line ``i``."""
        features = self._place_features(i) | self._edge_features(i) | self._aside_features(i)
        prose = self._shapes[i]["sentence_and_long"]
        label = float(self._lines[i].words <= LABEL_WORDS)
        # What only two signs together tell.
        return features | {
            "prose_in_core": prose * (i in self._core),
            "prose_after_head": prose * float(features["heads_since_core"] > 0),
            "label_and_no_break": label * features["no_break_since_core"],
        }

    def _place_features(self, i: int) -> Features:
        core, title, chances = self._core, self._title, self._chances
        inside = i >= core.start
        return {
            "chance_before": chances[i - 1],
            "chance_after": chances[i + 1],
            "chances_before": sum(chances[k] for k in range(i - 4, i - 1)) / 3,
            "chances_after": sum(chances[i + 2 : i + 5]) / 3,
            "break_two_before": self._breaks[i - 2],
            "just_before_core": float(i == core.start - 1),
            "just_after_core": float(i == core.stop),
            "no_break_since_core": float(inside and self._breaks_since[i] == 0),
            "heads_since_core": min(4.0, self._heads_since[i]) / 4,
            "dates_since_core": min(3.0, self._dates_since[i]) / 3,
            "above_title": float(title is not None and i < title),
            "is_title": float(i == title),
            "told_elsewhere": self._told[i],
        }

    def _edge_features(self, i: int) -> Features:
        """Return what tells that the article begins or ends near line ``i``."""
        recent = max(self._settled, i - 2)
        return {
            "date_right_above": self._any_with("dated_label", i - 1, i),
            "date_lately": self._any_with("dated_label", recent, i) if recent < i else 0.0,
            "byline_close_above": self._any_with("byline", i - 4, i),
            "credit_right_below": self._any_with("photo_credit", i + 1, i + 2),
            "head_soon": self._any_with("section_head", i, i + SOON),
            "call_soon": self._any_with("call", i, i + SOON),
            "prose_ahead": sum(self._chances[i : i + AHEAD]) / AHEAD,
        }

    def _aside_features(self, i: int) -> Features:
        """Return what tells a link, a promo or an aside from the paragraphs around it."""
        count, listed = self._stretches[i]
        link = self._labels[i] and not listed
        told, words = self._told[i], self._lines[i].words
        off = float(told < ASIDE_TOLD)
        boxed = 0 < i < len(self._lines) - 1 and self._labels[i - 1] and self._labels[i + 1]
        return {
            "labels_together": link * min(count, MANY_LABELS) / MANY_LABELS,
            "link": float(link and told == 0 and (count > 1 or words > SUBHEAD_WORDS)),
            "boxed": off * (self._prose[i] and boxed and words <= BOX_WORDS),
            "aside": off * self._shapes[i]["address"] * self._prose[i],
            "about_itself": off * self._shapes[i]["self_description"],
        }

    def _between_paragraphs(self) -> Iterator[list[tuple[int, bool]]]:
        """Yield for each line how many labels stand together with it, and if they are a list.

        They are one where a colon announces it, or where they have the marks of one.
        """
        above = ""
        for prose, group in groupby(range(len(self._lines)), lambda i: self._prose[i]):
            run = list(group)
            listed = above.endswith(":") or any(self._shapes[i][x] for i in run for x in _LISTED)
            yield [(0, False) if prose else (len(run), listed)] * len(run)
            above = self._lines[run[-1]].text if prose else ""

    def _since_core(self, values: Iterable[float]) -> list[float]:
        """Return for each line the sum of ``values`` from the core's start up to it."""
        start = self._core.start
        return list(accumulate(v if i >= start else 0.0 for i, v in enumerate(values)))

    def _any_with(self, name: str, start: int, stop: int) -> float:
        return max((s[name] for s in self._shapes[max(0, start) : max(0, stop)]), default=0.0)


def _is_date(shape: Features) -> float:
    return max(shape["dated_label"] * (1 - shape["ends_sentence"]), shape["clock"])
