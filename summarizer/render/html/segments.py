"""An article's text cut where a highlight begins or ends.

Several facts may rest on overlapping passages, and HTML has no overlapping elements. So the
text is cut at every end of every passage, and each segment lists what rests on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from summarizer.types import Span


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage, and the id of the fact or conflict that rests on it.

    An empty ``rests`` marks a passage that is only pointed at.
    """

    span: Span
    rests: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the text on all of which the same things rest.

    ``target`` says that a passage begins here, so that a link can lead to it.
    """

    span: Span
    rests: tuple[str, ...] = ()
    uncited: bool = False
    target: bool = False


def segments(
    within: Span, marks: Iterable[Mark], uncited: Sequence[Span] = ()
) -> tuple[Segment, ...]:
    """Return ``within`` cut into segments: disjoint, in order, without a gap between them.

    Marks may reach beyond ``within``; what is outside is left to its own segments.
    """
    kept = [mark for mark in marks if mark.span.overlap(within)]
    omitted = [span for span in uncited if span.overlap(within)]
    return tuple(_cut(within, kept, omitted)) if len(within) else ()


def _cut(within: Span, marks: Sequence[Mark], uncited: Sequence[Span]) -> Iterator[Segment]:
    begin: dict[int, list[Mark]] = defaultdict(list)
    cease: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        begin[max(mark.span.start, within.start)].append(mark)
        cease[min(mark.span.end, within.end)].append(mark)
    omitted = _edges(within, uncited)
    cuts = sorted({within.start, within.end, *begin, *cease, *omitted})
    # Counted, for a fact may rest twice on the same words; and kept in order of beginning.
    active: dict[str, int] = {}
    depth = 0
    for start, end in pairwise(cuts):
        for mark in cease[start]:
            active[mark.rests] -= 1
            if not active[mark.rests]:
                del active[mark.rests]
        for mark in begin[start]:
            active[mark.rests] = active.get(mark.rests, 0) + 1
        depth += omitted.get(start, 0)
        rests = tuple(name for name in active if name)
        target = any(mark.span.start == start for mark in begin[start])
        yield Segment(Span(start, end), rests, uncited=depth > 0, target=target)


def _edges(within: Span, spans: Sequence[Span]) -> dict[int, int]:
    """Return where more or fewer of ``spans`` cover the text, and how many more or fewer."""
    edges: dict[int, int] = defaultdict(int)
    for span in spans:
        edges[max(span.start, within.start)] += 1
        edges[min(span.end, within.end)] -= 1
    return edges
