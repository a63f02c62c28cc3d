"""A cheap guess at a text's language, by its script and its commonest small words.

It is used to know whether a line reads like prose (prose is a third small words, a menu
has none) and to name the language in the report. It need not tell Norwegian from Danish.
"""

from __future__ import annotations

import re
from collections import Counter

from summarizer.sources.phrases import stop_words

STOP_WORDS = stop_words()

# Scripts that settle the language alone. Where one script serves several languages the
# most written one is named.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_WORD = re.compile(r"[^\W\d_]+")

# Characters looked at. Origin: a guess from 20,000 did not differ on the development pages.
SAMPLE = 20_000
# Share of characters in one script that settles the language. Origin: Japanese news is
# about half kana; a menu in another script on a Latin page stays under a tenth.
SCRIPT_SHARE = 0.15
# Share of words that must be stop words of the best language. Origin: prose lies above .25
# in every language listed, text of a language not listed below .10.
STOP_WORD_SHARE = 0.12


def guess_language(text: str) -> str | None:
    """Return the two-letter code of the language ``text`` is most likely in, or None."""
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return None
    for name, script in _SCRIPTS:
        if not sample.isascii() and len(script.findall(sample)) > SCRIPT_SHARE * letters:
            return name
    words = Counter(_WORD.findall(sample.lower()))
    total = sum(words.values())
    shares = {
        name: sum(words[word] for word in stop_words) / total
        for name, stop_words in STOP_WORDS.items()
    }
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= STOP_WORD_SHARE else None
