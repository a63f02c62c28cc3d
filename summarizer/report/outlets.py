"""Short marks for outlets, so that a line can carry several of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"^(?:the|le|la|les|el|il|der|die|das)\s+(?=\w)", re.IGNORECASE)


def marks(outlets: Sequence[str]) -> dict[str, str]:
    """Return a short mark for each outlet, all different: ``Kyiv Independent`` is ``KI``.

    Initials where a name has several words, its first letters where it has one; a name
    that would collide takes more letters and at last a number.
    """
    taken: dict[str, str] = {}
    used: set[str] = set()
    for outlet in dict.fromkeys(outlets):
        mark = next(mark for mark in _proposals(outlet) if mark.casefold() not in used)
        used.add(mark.casefold())
        taken[outlet] = mark
    return taken


def _proposals(outlet: str) -> Iterator[str]:
    words = _WORD.findall(_ARTICLE.sub("", outlet)) or ["?"]
    # A short name, or one that is initials already (AFP, dpa), is its own best mark.
    if len(words) == 1 and (len(words[0]) <= 3 or (words[0].isupper() and len(words[0]) <= 4)):
        yield words[0]
    if len(words) > 1:
        yield "".join(word[0] for word in words[:3]).upper()
    for length in range(2, len(words[0]) + 1):
        yield words[0][:length].capitalize()
    first = words[0][0].upper()
    number = 2
    while True:
        yield f"{first}{number}"
        number += 1
