"""Words that news writers use for one another, so that two outlets' wordings can meet.

The same event in other words has little in common letter for letter. A thesaurus of the
news register, written for this project from general knowledge of news English, brings the
commonest exchanges together. Each row is one group, its words given in base form; a word
stands in one group only. Words of a row are near-synonyms *in reports of one event*: they
need not be interchangeable in general.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from summarizer.text.data import load_text
from summarizer.text.words import stem_of


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    """Return the group of each stem: the stem of its row's first word."""
    groups: dict[str, str] = {}
    for row in load_text("thesaurus.txt").strip().split("\n"):
        stems = [stem_of(word)[0] for word in row.split()]
        for stem in stems:
            groups.setdefault(stem, stems[0])
    return groups


def group_of(stem: str) -> str:
    """Return what near-synonyms of a stem share; the stem itself where it has none."""
    return _groups().get(stem, stem)


def groups_of(stems: Iterable[str]) -> frozenset[str]:
    """Return the groups of several stems."""
    return frozenset(map(group_of, stems))
