"""Wordings that can be read alone: whole sentences and clauses, and what they keep when cut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.types import Claim, Span

LEAST_WORDS = 5
"""A line has at least so many words."""

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|did|does|do|"
    r"said|says|told|made|took|gave|went|came|left|became|began|held|kept|lost|won|met|"
    r"paid|sent|spoke|sought|saw|found|got|brought|built|bought|fell|fled|grew|hit|led|put|"
    r"rose|ran|set|shot|sold|struck|stood|swore|threw|wrote|faces|plans|wants|calls|"
    r"isn't|aren't|wasn't|weren't|hasn't|haven't|hadn't|won't|can't|couldn't|didn't|doesn't|don't"
    r"|\w{3,}ed|\w{3,}s)\b",
    re.IGNORECASE,
)
_BARE_OPENING = re.compile(
    r"^\W*(?:and|but|or|nor|yet|so|who|which|whose|whom|where|as|if|with|without|including|among|"
    r"because|although|though|while|whereas|when|after|before|that|than|to|of|in which|\w+ing)\b",
    re.IGNORECASE,
)


def is_line(text: str) -> bool:
    """Return whether a text can be read alone."""
    words = _WORD.findall(text)
    if len(words) < LEAST_WORDS or not _FINITE.search(text):
        return False
    return text.lstrip("\"“”'‘(").lstrip()[:1].isupper() or text.lstrip("\"“'‘(")[:1].isdigit()


def lines(claim: Claim) -> Iterator[tuple[str, tuple[Span, ...]]]:
    """Yield the wordings of a claim that can be read alone, each with its evidence."""
    if is_line(claim.text):
        yield claim.text, claim.evidence
