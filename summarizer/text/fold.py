"""Fold away what two spellings of one word differ in: case, accents, apostrophes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'"})
# Letters that Unicode does not decompose, as English-language news writes them.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "\u0131": "i"})


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents or invisible characters.

    The result may differ in length, so it is for comparing and never for offsets.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    plain = "".join(
        char
        for char in decomposed
        if not unicodedata.combining(char) and unicodedata.category(char) != "Cf"
    )
    return plain.translate(_LETTERS)
