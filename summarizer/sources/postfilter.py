"""What is mended in the body that the path through a page chose.

The path pays for every interruption, so it may end an article at its first box, and it may run
over a short box or on into a feed. Here each run of paragraphs that was left out is weighed for
itself, and each stretch between two paragraphs, and each possible end, is looked at alone.
"""

from __future__ import annotations

import json
import math
from bisect import bisect
from collections.abc import Iterator, Sequence, Set
from itertools import groupby, pairwise

from summarizer.sources.lines import (
    Evidence,
    Features,
    Line,
    content_words,
    is_label_like,
    is_paragraph,
    is_row,
    page_shapes,
    told_elsewhere,
)
from summarizer.text.data import load_text, sigmoid

# Log odds that a run of paragraphs left out belongs to the article. Origin: fit_rejoin.py, on the
# runs of 98 real dumps and of 90 articles with boxes inside and as live blogs; held out by page it
# keeps nine in ten of the articles' and one in twenty of the feeds'.
WEIGHTS = json.loads(load_text("rejoin_weights.json", __package__))
# Log odds from which a run is taken, and from which a reader should be told that it was not.
TAKEN, MISSED = 0.3, -1.4
# Paragraphs together, and labels before them, above which more make no difference; and lines below
# the article from which nothing is part of it any more.
MANY_TOGETHER, MANY_LABELS, FAR = 3, 10, 150
# Share of a line's words told elsewhere from which an appeal, a note on the author or the outlet,
# or a label is the article's own topic, and lines at its end that may be such notes.
ON_TOPIC, NOTE_TOLD, LABEL_TOLD, LAST_LINES = 0.5, 0.35, 0.5, 4
# Paragraphs an article has before it may end at a break.
FIRST_PARAGRAPHS = 2
# Words of a line directly above the body from which it is the article's first paragraph.
LEAD_WORDS = 20
# Mean share of words told elsewhere under which all that follows a break is other stories,
# and under which what follows an article's last word is furniture. Origin: paragraphs of one
# article tell a quarter of their words twice, items of a feed one in twenty.
OTHER_STORIES, AFTER_END = 0.12, 0.2
# Share of the paragraphs of a feed that stand below a head of their own, and of the article's
# words up to which what follows its last word may be cut.
BROKEN, SHORT_TAIL = 0.5, 0.3
# Share of the body's words from which what is expected of lines left out is told, lines that are
# right beside the body, and words of a line of a list. Origin: of 98 dumps, it tells of all that
# lost over a fifth, and of one in ten of the others.
EXPECTED_SHARE, BESIDE, LISTED_WORDS = 0.2, 8, 3

_END_BETWEEN = ("last_word", "bio", "byline", "legal", "credit", "comments")
_NO_NEWS = (*_END_BETWEEN, "remark", "appeal", "self_description")
_NO_LEAD = (*_NO_NEWS, "picture", "dated_label")
_FURNITURE = ("remark", "appeal", "section_head", "call", "button", "bio", "legal", "contact")
_SURE_ENDS = ("comments", "last_word", "bio", "legal", "remark")
_AFTER_BODY = (*_SURE_ENDS, "section_head", "promos", "call", "appeal", "byline")


def settle(page: Evidence, inside: Sequence[bool]) -> tuple[list[int], float]:
    """Return the lines of a path that are body, and the words left out that may be part of it."""
    lines = page.lines
    headline = lines[page.title].text.casefold() if page.title is not None else None

    def fits(i: int) -> bool:
        return lines[i].text.casefold() != headline and not is_page_talk(page, i)

    chosen = [i for i in range(len(lines)) if inside[i] and fits(i)]
    rejoined, missed = _rejoin_runs(page, chosen)
    body = [i for i in rejoined if inside[i] or fits(i)]
    kept = _without_boxes(page, _before_other_stories(page, body))
    while len(kept) > 1 and is_label_like(lines[kept[-1]]):
        kept.pop()
    notes = _last_notes(page, kept)
    kept = [i for i in kept if i not in notes]
    kept = [*_lead_above(page, kept), *kept]
    cut = [i for i in body if is_paragraph(lines[i]) and i not in {*kept, *notes}]
    missed += sum(lines[i].words for i in cut)
    return kept, max(missed, _left_out(page, kept))


def without_boilerplate(lines: Sequence[Line], stop_words: Set[str] | None) -> list[int]:
    """Return which of ``lines``, an article that something else found, are not boilerplate.

    A head goes with the box below it, and with nothing below it.
    """
    contents = [content_words(line.text, stop_words) for line in lines]
    told = told_elsewhere(contents, range(len(lines)))
    shapes = page_shapes(lines, stop_words)
    features = [s | {"told_elsewhere": t} for s, t in zip(shapes, told, strict=True)]
    page = Evidence(lines, contents, features)
    left = [i for i, f in enumerate(features) if not (is_page_talk(page, i) or f["section_head"])]
    inside, kept, below_kept = frozenset(left) - _last_notes(page, left), list[int](), False
    for i in reversed(range(len(lines))):
        listed = features[i]["bullet"] > 0 or is_row(lines[i], features[i])
        below_kept = i in inside and (below_kept or listed or not is_label_like(lines[i]))
        if below_kept:
            kept.append(i)
    return kept[::-1]


def is_page_talk(page: Evidence, i: int) -> bool:
    """Return whether line ``i`` is furniture whatever stands around it.

    What asks the reader to subscribe is, where the article is about something else.
    """
    features = page.features[i]
    appeals = features["appeal"] > 0 and features["told_elsewhere"] < ON_TOPIC
    return appeals or any(features[sign] for sign in ("remark", "label", "picture"))


def _lead_above(page: Evidence, body: Sequence[int]) -> range:
    """Return the line directly above a body that is as long as a paragraph, without a full stop."""
    i = body[0] - 1 if body else -1
    if i < 0 or i == page.title or page.lines[i].words < LEAD_WORDS:
        return range(0)
    return range(i + any(page.features[i][sign] for sign in _NO_LEAD), i + 1)


def _last_notes(page: Evidence, body: Sequence[int]) -> set[int]:
    last = ((i, page.features[i]) for i in body[len(body) - min(LAST_LINES, len(body) // 2) :])
    noted = ((i, f["told_elsewhere"]) for i, f in last if f["bio"] or f["self_description"])
    return {i for i, told in noted if told < NOTE_TOLD}


def _rejoin_runs(page: Evidence, chosen: Sequence[int]) -> tuple[list[int], float]:
    """Return ``chosen`` with the paragraphs below its beginning that belong to it."""
    if not chosen:
        return [], 0.0
    taken, missed = Taken(page, chosen), 0.0
    for run in taken.runs_left_out():
        value = taken.weigh(run)
        belongs = WEIGHTS["bias"] + sum(WEIGHTS[name] * value[name] for name in value)
        if belongs >= TAKEN:
            taken.add(run)
        elif belongs >= MISSED:
            missed += sum(page.lines[i].words for i in run)
    return taken.lines, missed


class Taken:
    """What of a page is in the body so far, and how a further run would fit to it."""

    def __init__(self, page: Evidence, chosen: Sequence[int]) -> None:
        self._page = page
        self.lines = list(chosen)
        self._size = sum(page.lines[i].words for i in chosen)
        self._known = {word for i in chosen for word in page.contents[i]}
        prose = [line for line in page.lines if is_paragraph(line)]
        words = max(1.0, sum(line.words for line in page.lines))
        # How much of the page is prose: a text that is hardly more is all one article.
        self._of_page = {
            "prose_share": sum(line.words for line in prose) / words,
            "label_share": 1 - len(prose) / len(page.lines),
        }

    def runs_left_out(self) -> Iterator[list[int]]:
        """Yield the runs of paragraphs below the first line that were not chosen."""
        inside = frozenset(self.lines)

        def is_news(i: int) -> bool:
            prose = i not in inside and is_paragraph(self._page.lines[i])
            return prose and not any(self._page.features[i][sign] for sign in _NO_NEWS)

        for news, run in groupby(range(self.lines[0], len(self._page.lines)), key=is_news):
            if news:
                yield list(run)

    def add(self, run: Sequence[int]) -> None:
        """Take the paragraphs of ``run``, which stand below what came before."""
        self._size += sum(self._page.lines[i].words for i in run)
        self._known.update(*(self._page.contents[i] for i in run))
        at = bisect(self.lines, run[0])
        self.lines[at:at] = run

    def weigh(self, run: Sequence[int]) -> Features:
        """Return what speaks for and against ``run``: its lines, and those before it."""
        page = self._page
        # The lines between the run and what was taken above it.
        above = range(self.lines[bisect(self.lines, run[0]) - 1] + 1, run[0])
        between = above[:FAR]
        labels = sum(not is_paragraph(page.lines[i]) for i in between)
        ends = any(page.features[i][sign] for i in between for sign in _END_BETWEEN)
        words = [page.contents[i] for i in run]
        return self._of_page | {
            "odds": sum(page.odds[i] for i in run) / len(run),
            "on_topic": sum(len(w & self._known) / max(1, len(w)) for w in words) / len(run),
            "together": float(min(len(run), MANY_TOGETHER) - 1),
            "length": math.log2(1 + sum(page.lines[i].words for i in run)) / 7,
            "labels_between": min(labels, MANY_LABELS) / MANY_LABELS,
            "end_between": float(len(above) > FAR or ends),
            "body": math.log2(1 + self._size) / 10,
        }


def _before_other_stories(page: Evidence, chosen: Sequence[int]) -> list[int]:
    """Return ``chosen`` up to the break after which nothing is about the article's topic."""
    prose = [i for i in chosen if is_paragraph(page.lines[i])]
    words = sum(page.lines[i].words for i in prose)
    told = below = 0.0
    heads, last = 0, len(page.lines)
    for k in range(len(prose) - 1, FIRST_PARAGRAPHS - 1, -1):
        count, between = len(prose) - k, range(prose[k - 1] + 1, prose[k])
        told += page.features[prose[k]]["told_elsewhere"]
        below += page.lines[prose[k]].words
        headed = any(_is_story_head(page, i) for i in between)
        heads += headed
        ended = any(page.features[i]["last_word"] or page.features[i]["bio"] for i in between)
        feed = headed and heads > count * BROKEN and told < OTHER_STORIES * count
        short = below < SHORT_TAIL * (words - below)
        if feed or (ended and short and told < AFTER_END * count):
            last = prose[k - 1]
    return [i for i in chosen if i <= last]


def _is_story_head(page: Evidence, i: int) -> bool:
    features, label = page.features[i], is_label_like(page.lines[i]) and page.lines[i].words >= 4
    head = any(features[sign] for sign in ("dated_label", "clock", "section_head"))
    return head or (label and features["told_elsewhere"] < LABEL_TOLD)


def _without_boxes(page: Evidence, chosen: Sequence[int]) -> list[int]:
    """Return ``chosen`` less labels that stand between two paragraphs with furniture.

    That is the head of a section, or whatever was not chosen itself.
    """
    prose = [i for i in chosen if not is_label_like(page.lines[i])]
    kept = frozenset(chosen)
    dropped: set[int] = set()
    for before, after in pairwise(prose):
        between = range(before + 1, after)
        for i in between:
            signs = ("section_head",) if i in kept else _FURNITURE
            if any(page.features[i][sign] for sign in signs):
                dropped.update(between)
    return [i for i in chosen if i not in dropped]


def _left_out(page: Evidence, body: Sequence[int]) -> float:
    """Return the words expected of the lines left out: of all, if many, or of those near the body.

    What stands directly below the body counts in full.
    """
    lines, inside = page.lines, frozenset(body)
    last = body[-1] if body else -1

    def first_with(signs: Sequence[str]) -> int:
        rows = range(last + 1, len(lines))
        return next((i for i in rows if any(page.features[i][x] for x in signs)), len(lines))

    out = [i for i in range(page.title or 0, first_with(_SURE_ENDS)) if i not in inside]
    expected = {i: sigmoid(page.odds[i]) * lines[i].words for i in out}
    beside = {j for i in body for j in range(i - BESIDE, i + BESIDE + 1)}
    near = sum(words for i, words in expected.items() if i in beside)
    for i in range(last + 1, first_with(_AFTER_BODY)):
        no_item = page.features[i]["button"] or page.features[i]["dated_label"]
        near += lines[i].words if lines[i].words >= LISTED_WORDS and not no_item else 0
    everywhere = sum(expected.values())
    much = everywhere > EXPECTED_SHARE * sum(lines[i].words for i in body)
    return max(near, everywhere if much else 0.0)
