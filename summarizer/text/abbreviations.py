"""Words whose full stop need not end a sentence: data for ``summarizer.text.sentences``.

Matched with the case as written, so that "no.", "art." and "mar." stay ordinary words. Words of
one letter and dotted ones ("U.S.", "J.R.R.") need no entry.
"""

from __future__ import annotations

from summarizer.text.data import load


def _words(name: str) -> frozenset[str]:
    return frozenset(load("abbreviations")[name].split())


NEVER_LAST = _words("never_last")
"""Always followed by more of the same sentence: titles, and links such as "e.g."."""

BEFORE_NUMBER = _words("before_number")
"""Go on when a figure follows ("Jan. 31", "No. 5"); otherwise the stop ends the sentence."""

SOMETIMES_LAST = _words("sometimes_last")
"""End a sentence only where the next word is one that starts sentences ("The", "She")."""

CLOCK = _words("clock")
"""Go on before a day, a month, a time zone or a figure: "5 p.m. Tuesday"."""

AFTER_CLOCK = _words("after_clock")

STARTERS = _words("starters")
"""Open sentences and are hardly ever part of a name."""

STARTERS_OR_NAMES = STARTERS | _words("starters_or_names")
"""As ``STARTERS``, with those that are surnames after an initial or a title: "Dr. No", "J. He"."""

LABELS = _words("labels")
"""Nouns that a single letter labels ("Plan A."), where it is not an initial."""

ORDINAL_MONTHS = _words("ordinal_months")
"""Follow an ordinal that German writes with a stop: "am 1. Februar"."""

ORDINAL_DETERMINERS = _words("ordinal_determiners")
"""Stand before a German ordinal, as in "die 3. Kammer"."""

SPEECH_VERBS = _words("speech_verbs")
"""Join a quoted question to the name that follows it: “Why?” Orrin asked."""
