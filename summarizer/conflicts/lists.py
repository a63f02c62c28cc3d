"""Lists of one kind of thing that differ in their members."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.conflicts.side import Difference, Pair, Side
from summarizer.text.names import Name, same_name
from summarizer.text.passage import Reading
from summarizer.types import ConflictKind

COMMON_MEMBERS = 2
"""Lists with so many members in common list one thing, however the sentences match."""

WELL_MATCHED = 0.5
"""From this probability two sentences report one thing, and one common member is enough."""

LEAST_MEMBERS = 3
"""Fewer names in a row are a pair, not a list; the other side's list may have two."""

_JOINED = re.compile(r"^(?:,|,? (?:and|or)|,? as well as)? ?(?:the |of |from )?$")
# "In a show of support for Ukraine, Johnson and Morawiecki ...": the first is no member.
_OPENING = re.compile(r"^(?:In|For|After|Before|At|On|With|By|From|During|Despite)\b[^,]*$")


def list_differences(pair: Pair) -> Iterator[Difference]:
    """Yield lists of names that share a member and each have one the other lacks."""
    for left in _lists(pair.a.reading):
        for right in _lists(pair.b.reading):
            alone_left = [a for a in left if not any(same_name(a, b) for b in right)]
            alone_right = [b for b in right if not any(same_name(a, b) for a in left)]
            common = len(left) - len(alone_left)
            listed = max(len(left), len(right)) >= LEAST_MEMBERS
            alike = common >= COMMON_MEMBERS or (common and pair.probability >= WELL_MATCHED)
            if listed and alike and alone_left and alone_right:
                yield Difference(
                    kind=ConflictKind.LIST,
                    a=Side(pair.here, ", ".join(name.text for name in left)),
                    b=Side(pair.there, ", ".join(name.text for name in right)),
                    strength=pair.probability,
                )


def _lists(reading: Reading) -> list[list[Name]]:
    """Return runs of at least two names joined by nothing but commas and conjunctions."""
    text = reading.text
    runs: list[list[Name]] = []
    for name in reading.names:
        if not name.sure:
            continue
        between = text[runs[-1][-1].end : name.start] if runs else " "
        if runs and between.strip() and _JOINED.match(between):
            runs[-1].append(name)
        else:
            runs.append([name])
    runs = [run[1:] if _OPENING.match(text[: run[0].end]) else run for run in runs]
    return [run for run in runs if len(run) > 1]
