"""Lines that came along with a body: heads of boxes, links inside it, and what follows its end.

The path through a page is chosen for all lines together, so it may run over a short box, or on
into a feed. Here each stretch between two paragraphs, and each possible end, is looked at alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from summarizer.sources.features import Features, is_label_like, is_paragraph
from summarizer.sources.lines import Line
from summarizer.sources.rejoin import TABLE_ROWS, is_row

# Labels of a stretch up to which they are links; more of them are a list of the article's own.
LINKS = 4
# Words of the longest head inside an article that may say nothing the article says.
SUBHEAD_WORDS = 5
# Share of a label's words told elsewhere from which one of several stays. Origin: by hand.
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
# Share of an article's paragraphs that may speak to somebody and still be asides, and the share
# of words told elsewhere under which one is.
SPEAKING = 0.15
ASIDE_TOLD = 0.15
# Paragraphs at the end in which an outlet may speak of itself.
LAST_PARAGRAPHS = 3
# Words of the longest promo that stands between a head and a button.
BOX_WORDS = 22
_FURNITURE = ("remark", "section_head", "call", "button", "bio", "legal", "contact")
_LISTED = ("bullet", "quotes", "colon")


def without_strays(
    lines: Sequence[Line], features: Sequence[Features], chosen: Sequence[int]
) -> list[int]:
    """Return ``chosen`` less the lines that only stand there because of their neighbours."""
    kept = _before_other_stories(lines, features, chosen)
    kept = _without_links(lines, features, kept)
    kept = _without_asides(lines, features, kept)
    rows = [i for i in kept if is_row(lines[i], features[i])]
    while (
        len(kept) > 1
        and is_label_like(lines[kept[-1]])
        and kept[-TABLE_ROWS:] != rows[-TABLE_ROWS:]
    ):
        kept.pop()
    return kept


def _without_asides(
    lines: Sequence[Line], features: Sequence[Features], chosen: Sequence[int]
) -> list[int]:
    """Return ``chosen`` less what is said to the reader in an article that speaks of others."""
    prose = [i for i in chosen if is_paragraph(lines[i])]
    speaking = sum(features[i]["address"] for i in prose)
    rare = speaking <= max(1.0, SPEAKING * len(prose))
    last = set(prose[-LAST_PARAGRAPHS:]) if len(prose) > LAST_PARAGRAPHS else set()
    inside, dropped = frozenset(chosen), set()
    for i in prose:
        off_topic = features[i]["told_elsewhere"] < ASIDE_TOLD
        aside = rare and len(prose) > LAST_PARAGRAPHS and features[i]["address"] > 0
        about_itself = i in last and features[i]["self_description"] > 0
        if off_topic and (aside or about_itself or _is_boxed(lines, features, inside, i)):
            dropped.add(i)
    return [i for i in chosen if i not in dropped] if len(dropped) < len(prose) else list(chosen)


def _is_boxed(
    lines: Sequence[Line], features: Sequence[Features], inside: frozenset[int], i: int
) -> bool:
    """Return whether a short line ``i`` stands between the head of a box and a button."""
    if not 0 < i < len(lines) - 1 or lines[i].words > BOX_WORDS or features[i]["quotes"]:
        return False
    around = (i - 1, i + 1)
    return all(is_label_like(lines[j]) for j in around) and not inside.issuperset(around)


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


def _without_links(
    lines: Sequence[Line], features: Sequence[Features], chosen: Sequence[int]
) -> list[int]:
    """Return ``chosen`` less labels that are links or the head of a box."""
    inside = set(chosen)
    prose = [i for i in chosen if not is_label_like(lines[i])]
    dropped: set[int] = set()
    for before, after in pairwise(prose):
        labels = [i for i in range(before + 1, after) if i in inside]
        out = [i for i in range(before + 1, after) if i not in inside]
        listed = lines[before].text.endswith(":") or any(
            features[i][sign] for i in labels for sign in _LISTED
        )
        if any(features[i][sign] for i in out for sign in _FURNITURE):
            dropped.update(labels)
        elif not listed and len(labels) <= LINKS:
            dropped.update(i for i in labels if _is_link(lines[i], features[i], len(labels)))
    return [i for i in chosen if i not in dropped]


def _is_link(line: Line, features: Features, together: int) -> bool:
    told = features["told_elsewhere"]
    if together > 1:
        return told < LABEL_TOLD
    return line.words > SUBHEAD_WORDS and told == 0
