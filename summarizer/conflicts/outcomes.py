"""Whether something happened, will happen, or is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from summarizer.conflicts.side import Difference, Pair, Side
from summarizer.text.passage import Reading
from summarizer.text.thesaurus import group_of, groups_of
from summarizer.types import ConflictKind

OUTCOME_FROM = 0.2
"""Only sentences this likely to report one thing are compared for their outcome."""

REACH = 5
"""A cue governs the content words within so many words after it."""

SHARED_WORDS = 2
"""So many words must be shared besides the one in question for it to be one matter."""


@dataclass(frozen=True, slots=True)
class _Opposition:
    """Two cues that cannot both hold of one thing."""

    here: re.Pattern[str]
    there: re.Pattern[str]
    governed: bool


_OPPOSITIONS = (
    # expected to be indicted / has already been indicted
    _Opposition(
        re.compile(
            r"\b(?:(?:is|are|was|were) (?:expected|likely|due|set|scheduled|about) to|"
            r"plans? to|planned to|intends? to|will)\b",
            re.IGNORECASE,
        ),
        re.compile(r"\b(?:already|ha(?:s|ve|d) (?:now )?been)\b", re.IGNORECASE),
        governed=True,
    ),
    # it is unclear why / because, in response to
    _Opposition(
        re.compile(
            r"\b(?:unclear|not (?:immediately |yet |fully )?(?:clear|known)|"
            r"gave no reason|no reason was given) ?(?:why|what (?:caused|led|prompted))?",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:because|due to|owing to|in response to|response to|in the face of|"
            r"prompted by|caused by|as a result of)\b",
            re.IGNORECASE,
        ),
        governed=False,
    ),
    # no evidence of, ruled out / not ruled out, may have
    _Opposition(
        re.compile(
            r"\b(?:no (?:evidence|sign|indication) (?:of|that)|(?:have|has|had) ruled out|"
            r"(?:was|were|been) ruled out|no \w+ (?:has|have|had|was|were) been reported)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(?:not (?:be |been )?ruled? out|can(?:not|'t|’t) (?:be )?ruled? out|"
            r"may have|might have|suspected|confirmed)\b",
            re.IGNORECASE,
        ),
        governed=True,
    ),
)


def outcome_differences(pair: Pair) -> Iterator[Difference]:
    """Yield where one sentence has as open, denied or to come what the other has as so."""
    if pair.probability < OUTCOME_FROM:
        return
    for opposition in _OPPOSITIONS:
        for a, b, turned in (
            (pair.a.reading, pair.b.reading, False),
            (pair.b.reading, pair.a.reading, True),
        ):
            values = _opposed(opposition, a, b)
            if values:
                here, there = reversed(values) if turned else values
                stands = ("there", "here") if turned else ("here", "there")
                yield Difference(
                    kind=ConflictKind.OUTCOME,
                    a=Side(pair.here, here, stands[0]),
                    b=Side(pair.there, there, stands[1]),
                    strength=pair.probability,
                )


def _opposed(opposition: _Opposition, a: Reading, b: Reading) -> tuple[str, str] | None:
    here, there = _cue(opposition.here, a.text), _cue(opposition.there, b.text)
    if not here or not there or _cue(opposition.there, a.text):
        return None
    mine, theirs = groups_of(a.stems), groups_of(b.stems)
    if opposition.governed:
        common = _governed(a, here.end()) & _governed(b, there.end())
        if not common or len((mine & theirs) - common) < SHARED_WORDS - 1:
            return None
    elif len(mine & theirs) < SHARED_WORDS:
        return None
    return _worded(a, here), _worded(b, there)


@lru_cache(maxsize=65536)
def _cue(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the first cue in a sentence, which is compared with many others."""
    return pattern.search(text)


def _governed(reading: Reading, end: int) -> frozenset[str]:
    after = [word for word in reading.words if word.start >= end][:REACH]
    return frozenset(group_of(w.stem) for w in after if not w.stop and w.text.islower())


def _worded(reading: Reading, cue: re.Match[str]) -> str:
    """Return the cue with the words it governs, as they stand."""
    after = [word for word in reading.words if word.start >= cue.end()][:REACH]
    end = after[-1].end if after else cue.end()
    return reading.text[cue.start() : end]
