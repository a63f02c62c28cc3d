"""What can be seen of a line, alone and among its neighbours: numbers for the model to weigh."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import accumulate, groupby

from summarizer.sources import boilerplate
from summarizer.sources.boilerplate import is_credit
from summarizer.sources.lines import Line

Features = dict[str, float]

# Characters of a line that the patterns are tried on, from its start and (captions, credits)
# from its end. Origin: furniture says what it is at once; longer samples changed nothing.
SAMPLE = 320
# Words from which a line is too long to be a button or the head of a section.
LABEL_WORDS = 12
# Words from which a line that ends a sentence is a paragraph, whatever else it may be.
PARAGRAPH_WORDS = 8
# Words up to which a line can be a caption, a credit or a reference to another article.
REMARK_WORDS = 60
# Words of the longest biography. Origin: magazines' run to three sentences.
BIO_WORDS = 90
# Words up to which a picture's credit stands alone, as a line of its own.
PHOTO_CREDIT_WORDS = 9
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
    """Return the shape of every line, repeats counted over the whole page.

    Args:
        lines: The lines of the page.
        stop_words: The small words of the page's language, None where it has none known.
    """
    repeats = Counter(line.text.casefold() for line in lines)
    return [shape(line, repeats[line.text.casefold()], stop_words) for line in lines]


def shape(line: Line, repeats: int, stop_words: Set[str] | None) -> Features:
    """Return what ``line``, of which the page has ``repeats`` copies, alone shows."""
    sample = line.text[:SAMPLE]
    words = _WORD.findall(sample)
    features = _lengths(line, words) | _wording(line, sample, words, stop_words)
    features |= _says(line, sample)
    features["repeated"] = float(repeats > 1)
    return features


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


def _lengths(line: Line, words: Sequence[str]) -> Features:
    count = line.words
    return {
        "length": min(math.log2(1 + count), 7.0) / 7,
        "one_or_two": float(count <= 2),
        "up_to_five": float(2 < count <= 5),
        "up_to_twelve": float(5 < count <= LABEL_WORDS),
        "over_twenty": float(count > 20),
        "over_forty": float(count > 40),
        "digits": sum(word.isdigit() for word in words) / max(1, len(words)),
    }


def _wording(
    line: Line, sample: str, words: Sequence[str], stop_words: Set[str] | None
) -> Features:
    total = max(1, len(words))
    small = USUAL_SMALL_WORDS
    if stop_words:
        small = sum(word.lower() in stop_words for word in words) / total
    several = float(line.words > 3)
    long_line = line.words > LABEL_WORDS
    return {
        "ends_sentence": several * line.ends_sentence,
        "sentence_and_long": float(line.ends_sentence and long_line),
        "teaser": several * bool(_TEASER.search(sample[-8:])),
        "colon": float(sample.rstrip().endswith((":", "："))),
        "small_words": several * min(small, 0.6) / 0.6,
        "capitals": several * sum(word[:1].isupper() for word in words) / total,
        "quotes": float(bool(_QUOTES.search(sample))),
        "bullet": float(bool(_BULLET.match(sample))),
    }


def _in_sample(search: Callable[[str], object]) -> Callable[[str], object]:
    return lambda text: search(text[:SAMPLE])


_SIGNS: dict[str, tuple[float, Callable[[str], object]]] = {
    "button": (LABEL_WORDS, _in_sample(boilerplate.BUTTON.match)),
    "section_head": (LABEL_WORDS, _in_sample(boilerplate.SECTION_HEAD.match)),
    "comments": (LABEL_WORDS, _in_sample(boilerplate.COMMENTS.match)),
    "call": (LABEL_WORDS, _in_sample(boilerplate.CALL.match)),
    "legal": (math.inf, _in_sample(boilerplate.LEGAL.search)),
    "bio": (BIO_WORDS, boilerplate.is_bio),
    "byline": (LABEL_WORDS, _in_sample(boilerplate.BYLINE.match)),
    "related": (REMARK_WORDS, _in_sample(boilerplate.RELATED.search)),
    "contact": (math.inf, _in_sample(boilerplate.CONTACT.search)),
    "separated": (math.inf, _in_sample(boilerplate.SEPARATED.search)),
    "dated_label": (LABEL_WORDS, _in_sample(boilerplate.DATE.search)),
    "clock": (LABEL_WORDS, _in_sample(boilerplate.CLOCK_ONLY.match)),
    "credit": (REMARK_WORDS, is_credit),
    "remark": (math.inf, boilerplate.is_remark),
    "appeal": (math.inf, boilerplate.is_appeal),
    "last_word": (math.inf, boilerplate.is_last_word),
    "label": (LABEL_WORDS + 2, boilerplate.is_label),
    "picture": (REMARK_WORDS, boilerplate.is_caption),
    "address": (math.inf, boilerplate.addresses_reader),
    "self_description": (math.inf, boilerplate.is_self_description),
}
"""The words up to which a line can say something, and what finds it."""


def _says(line: Line, sample: str) -> Features:
    found = {
        name: float(line.words <= most and bool(says(line.text)))
        for name, (most, says) in _SIGNS.items()
    }
    tail, remark = line.text[-SAMPLE:], line.words <= REMARK_WORDS
    caption = remark and bool(boilerplate.CAPTION.search(tail))
    credited = remark and bool(boilerplate.CAPTION_TAIL.search(tail))
    found |= {"caption": float(caption), "caption_tail": float(credited)}
    found["photo_credit"] = float(line.words <= PHOTO_CREDIT_WORDS and (caption or credited))
    found["glued"] = float(len(boilerplate.GLUED.findall(sample)) > (0 if remark else 1))
    found["promos"] = min(3, len(boilerplate.PROMO.findall(sample))) / 3
    return found


# Lines from one on in which prose, topic and the signs of an end are looked for.
AHEAD = 6
SOON = 3
# Likely lines of the core after which a date is no longer the article's own but that of
# a comment or of an item of a feed. Origin: a standfirst may stand above the date.
OWN_DATE_LINES = 4


# Lines to either side that do not count when it is asked whether a line's words are told
# elsewhere in the core: an item of a feed repeats its own headline.
NEAR = 3
# Share of words told elsewhere that is taken for a line without any that carry a topic.
UNKNOWN_SHARE = 0.5
# Share of words told elsewhere under which prose is off the topic, and under which what is said
# to the reader or of the outlet is no part of the article.
OFF_TOPIC = 0.1
ASIDE_TOLD = 0.15
# Words of the longest promo that stands between two labels, and of the longest head inside an
# article that may say nothing the article says.
BOX_WORDS = 22
SUBHEAD_WORDS = 5
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
        self._told = told_elsewhere(self._contents, core)
        self._breaks = [max(s["section_head"], s["button"], s["call"]) for s in shapes]
        self._break_sums = _prefix_sums(self._breaks)
        self._head_sums = _prefix_sums(s["section_head"] for s in shapes)
        self._prose = [is_paragraph(line) for line in lines]
        self._labels = [is_label_like(line) for line in lines]
        self._stretches = [s for stretch in self._between_paragraphs() for s in stretch]
        self._settled = self._settled_from()
        self._date_sums = _prefix_sums(
            _is_date(s) if i >= self._settled else 0.0 for i, s in enumerate(shapes)
        )

    def of(self, i: int) -> Features:
        """Return the features of line ``i``."""
        features = self._neighbours(i) | self._place(i) | self._edges(i)
        features["told_elsewhere"] = self._told[i]
        return features | self._together(i, features) | self._beside(i, features)

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

    def _beside(self, i: int, features: Features) -> Features:
        """Return what tells a link, a promo or an aside from the paragraphs around it."""
        count, listed = self._stretches[i]
        link = self._labels[i] and not listed
        told, words = features["told_elsewhere"], self._lines[i].words
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

    def _settled_from(self) -> int:
        """Return the line from which the core has said enough to be past its own date."""
        likely = [i for i in self._core if self._chances[i] > 0.5]
        return min([*likely[OWN_DATE_LINES:], self._core.stop])

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
