"""One statement attributed to different people."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from summarizer.conflicts.side import Difference, Pair, Side
from summarizer.text.fold import fold
from summarizer.text.names import names, same_key
from summarizer.text.thesaurus import group_of
from summarizer.types import ConflictKind

ATTRIBUTED_FROM = 0.75
"""Only sentences this likely to report one thing are compared for their speakers."""

MISSPELT_FROM = 0.8
"""Last names this alike, as a share of their letters, are one name with a slip in it."""

LONG_WORD = 4
"""Names that share a word of so many letters may name one: "Henrik Moss of Carrow", "Dr Moss"."""

SHARED_WORDS = 3
"""Two sentences make one statement when they share so many content words ..."""

SHARED_SHARE = 0.5
"""... and this share of the shorter one's, the speakers left out."""


def speaker_differences(pair: Pair) -> Iterator[Difference]:
    """Yield speakers who differ: both named, and neither named in the other sentence."""
    here, there = pair.speaker_here, pair.speaker_there
    if pair.probability < ATTRIBUTED_FROM or not here or not there:
        return
    mine, theirs = _keys(here), _keys(there)
    if not mine or not theirs:
        return
    if _meet(mine, theirs | pair.b.reading.name_keys) or _meet(theirs, pair.a.reading.name_keys):
        return
    if not _one_statement(pair, mine | theirs):
        return
    yield Difference(
        kind=ConflictKind.ATTRIBUTION,
        a=Side(pair.here, here),
        b=Side(pair.there, there),
        strength=pair.probability,
    )


@lru_cache(maxsize=4096)
def _keys(speaker: str) -> frozenset[tuple[str, ...]]:
    return frozenset(name.key for name in names(speaker))


def _meet(mine: frozenset[tuple[str, ...]], theirs: frozenset[tuple[str, ...]]) -> bool:
    return any(same_key(a, b) or _alike(a, b) for a in mine for b in theirs)


def _one_statement(pair: Pair, speakers: frozenset[tuple[str, ...]]) -> bool:
    """Return whether two sentences say nearly the same, whoever says it."""
    named = {word for key in speakers for word in key}
    left, right = (
        frozenset(group_of(w.stem) for w in s.reading.content if fold(w.text) not in named)
        for s in (pair.a, pair.b)
    )
    shared = len(left & right)
    return shared >= SHARED_WORDS and shared >= SHARED_SHARE * min(len(left), len(right))


def _alike(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Return whether names share a word, or are one but for a slip of the pen."""
    if any(len(word) >= LONG_WORD for word in set(a) & set(b)):
        return True
    return SequenceMatcher(None, a[-1], b[-1], autojunk=False).ratio() >= MISSPELT_FROM
