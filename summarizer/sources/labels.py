"""Lines that are no part of an article whatever stands around them."""

from __future__ import annotations

import re

from summarizer.sources import furniture

# Words that may stand beside the date or name of a line that is only that.
BESIDE_DATE = 4


def is_label(line: str) -> bool:
    """Return whether ``line`` is nothing but a date, a button, a byline or a photo's credit.

    Such a line is no part of a body whatever stands around it.
    """
    sample = line[:200]
    words = len(sample.split())
    if len(line) > len(sample) or words > 14 or sample.rstrip().endswith("."):
        return False
    if furniture.BUTTON.match(sample) and not sample.isdigit():
        return True
    rest = furniture.DATE.sub(" ", sample)
    if (
        rest != sample
        and _FULL_DATE.search(sample)
        and len(_LETTERS.findall(_DATE_WORDS.sub(" ", rest))) <= BESIDE_DATE
    ):
        return words > 1
    return words <= 9 and bool(_PHOTO_CREDIT.match(sample))


def is_caption(line: str) -> bool:
    """Return whether ``line`` says what a picture shows, and when it was taken."""
    return len(line) <= CAPTION_CHARACTERS and bool(_CAPTION.search(line))


# Characters of the longest caption that is told by its words. Origin: agencies' captions end
# below 400.
CAPTION_CHARACTERS = 400
_CAPTION = re.compile(
    r"^(?:file photo|file -|archivbild|image caption|photo:|foto:|in this (?:file |"
    r"handout )?(?:photo|image|picture))"
    r"|^[A-Z][^.!?\"“”]{3,120}\b(?:gestures?|poses?|speaks?|walks?|looks? on|waves?|smiles?|"
    r"reacts?|shakes? hands|"
    r"attends?|arrives?|sits?|stands?|holds?|delivers?|listens?|celebrates?|carry|carries|"
    r"are seen|is seen|is pictured)\b"
    r".{0,160}\b(?:19|20)\d\d\b.{0,60}$",
    re.IGNORECASE,
)
# A day of some year or a time of day, not just a day of the season.
_FULL_DATE = re.compile(r"(?:19|20)\d\d|\d[:.]\d\d|\d/\d|\bago\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_DATE_WORDS = re.compile(
    r"\b(?:published|updated|posted|first|last|modified|by|on|at|am|pm|gmt|utc|ist|"
    r"[ecmp][sd]?t|mon\w*|tue\w*|wed\w*|"
    r"thu\w*|fri\w*|sat\w*|sun\w*|min|read|ago)\b",
    re.IGNORECASE,
)
_PHOTO_CREDIT = re.compile(
    r"^\W*(?:(?:photo|image|picture|foto|bild|illustration|video|credit)s?(?: (?:by|credit|"
    r"copyright|courtesy of))?\s?[:/©]"
    r"|image copyright\b|.{0,40}(?:getty images|shutterstock|istock)\W*$)",
    re.IGNORECASE,
)
