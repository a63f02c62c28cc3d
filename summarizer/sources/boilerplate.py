"""What boilerplate says: menus, promos, captions and bios, and who supplied an article.

The patterns are data, ``phrases/``, general to the web or to news, in several languages; none
names a site. Most are signs that a model weighs. A line that is a remark, a label or a caption is
no part of an article whatever stands around it. What is said in quotation marks is not looked at.
"""
# ruff: noqa: RUF001 (marks of menus are meant)

from __future__ import annotations

import re
from collections.abc import Iterable

from summarizer.sources.phrases import anywhere, at_start, pattern, patterns, table, whole
from summarizer.text.sentences import BLANK, unquoted

BUTTON = whole("button")
"""A line that is nothing but this is a button, a label or the head of a section."""
SECTION_HEAD = whole("section_head")
"""Starts a part of the page that is not the article; what follows it is suspect."""
COMMENTS = whole("comments")
"""Stands above what readers say; what follows it is theirs."""
CALL = whole("call")
"""Stands between the paragraphs of an article as often as below it."""
PROMO = anywhere("promo")
"""Said to the visitor, of the site: subscribing, signing in, paying, sharing, consenting."""
LEGAL = anywhere("legal")
CAPTION = anywhere("caption")
CAPTION_TAIL = pattern("caption_tail")
"""An agency or photographer in brackets that closes a short line: a caption's credit."""
BYLINE = pattern("byline")
RELATED = pattern("related")
"""A reference to another article, inside or after this one."""
CONTACT = pattern("contact")
SEPARATED = re.compile(r"\S\s?[|»›>•·→▸]\s?\S|\s/\s|\s{3,}")
GLUED = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ][a-zà-ÿ]")
"""Words that stick together where a menu lost its spaces: "NewsSportWeather"."""
DATE = pattern("date")
CLOCK_ONLY = pattern("clock")

_APPEALS = (anywhere("appeal"), pattern("appeal_east"))
_OF_ITSELF = (anywhere("own_text"), at_start("note"), anywhere("law"), pattern("law_east"))
_POINTERS = (at_start("pointer"), pattern("pages"))
_PHOTO_TAIL = pattern("photo_tail")
_PHOTO_CREDIT = pattern("photo_credit")
_CAPTION_LINE = pattern("caption_line")
_ADDRESS = pattern("address")
_SELF = pattern("self")
_BIO = pattern("bio")
_FULL_DATE = pattern("full_date")
_BESIDE_DATE = pattern("beside_date")
_LETTERS = re.compile(r"[^\W\d_]{2,}")

_AGENCIES = table("agencies")
_ANY = "|".join(_AGENCIES.values())
_NAMES = {name: re.compile(rf"(?<![\w-])(?:{names})(?![\w-])") for name, names in _AGENCIES.items()}
_AGENCY = rf"(?:[Tt]he |news agenc(?:y|ies) )?(?:{_ANY})"
_NAMED = {
    "agency": _ANY,
    "agencies": rf"{_AGENCY}(?:\s{{0,2}}(?:,|/|;|and|und|et|y|e|&|\+)\s{{0,2}}{_AGENCY}){{0,6}}",
    "somebody": r"[A-ZÀ-Þ][\w.'’&-]*(?:[ ,/;]{1,2}(?:(?:and|und|et|y|e|in|of|de|the|&) )?"
    r"[A-ZÀ-Þ(][\w.'’&)-]*){0,14}",
    "supply": r"(?:(?i:material|files?|agenc(?:y|ies)(?: inputs?)?|inputs?|information|reporting|"
    r"content|copy|reports?)(?: (?:from|by|of|supplied by|provided by))?)",
}
_CREDITS = patterns("credit", **_NAMED)
_DATELINES = patterns("dateline", **_NAMED)
# Characters of a line that is all credit. Origin: the longest seen, with eight names, has 240.
CREDIT_LINE = 300
# Lines of a body whose first may open with an agency's dateline.
DATELINE_LINES = 2

# Words of the longest line that its last words make a caption. Origin: two long sentences.
CAPTION_WORDS = 60
# Characters of the longest caption that is told by its words. Origin: agencies' end below 400.
CAPTION_CHARACTERS = 400
# Characters at the start of a line in which remarks say what they are, and at its end in which a
# picture's credit stands.
SAMPLE = 320
TAIL = 110
BIO_SAMPLE = 200
# Words that may stand beside the date or name of a line that is only that.
BESIDE_DATE = 4


def is_appeal(line: str) -> bool:
    """Return whether ``line`` is said to the reader, of the site: subscribe, write to us."""
    return _says(line, *_APPEALS)


def is_last_word(line: str) -> bool:
    """Return whether ``line`` says of the article or the site what stands below an article."""
    return _says(line, *_OF_ITSELF)


def is_remark(line: str) -> bool:
    """Return whether ``line`` is said of the page, the text or a picture, not in the article."""
    return is_last_word(line) or _says(line, *_POINTERS) or has_photo_credit(line)


def addresses_reader(line: str) -> bool:
    """Return whether somebody says "you" in ``line``, outside quotation marks."""
    return _says(line, _ADDRESS)


def is_bio(line: str) -> bool:
    """Return whether ``line`` is said of the author, not of the story."""
    return bool(_BIO.search(line[:BIO_SAMPLE]))


def is_self_description(line: str) -> bool:
    """Return whether ``line`` says what an outlet is, as its last lines do of their own."""
    return bool(_SELF.search(line[:SAMPLE]))


def has_photo_credit(line: str) -> bool:
    """Return whether ``line`` ends in the credit of a picture, as a caption does."""
    return len(line.split()) <= CAPTION_WORDS and bool(_PHOTO_TAIL.search(line[-TAIL:]))


def is_caption(line: str) -> bool:
    """Return whether ``line`` says what a picture shows, and when it was taken."""
    return len(line) <= CAPTION_CHARACTERS and bool(_CAPTION_LINE.search(line))


def is_label(line: str) -> bool:
    """Return whether ``line`` is nothing but a date, a button, a byline or a photo's credit."""
    sample = line[:200]
    words = len(sample.split())
    if len(line) > len(sample) or words > 14 or sample.rstrip().endswith("."):
        return False
    if BUTTON.match(sample) and not sample.isdigit():
        return True
    rest = DATE.sub(" ", sample)
    if rest != sample and _FULL_DATE.search(sample):
        beside = _LETTERS.findall(_BESIDE_DATE.sub(" ", rest))
        if len(beside) <= BESIDE_DATE:
            return words > 1
    return words <= 9 and bool(_PHOTO_CREDIT.match(sample))


def _says(line: str, *signs: re.Pattern[str]) -> bool:
    sample = unquoted(line[:SAMPLE]).replace(BLANK, " ")
    return any(sign.search(sample) for sign in signs)


def is_credit(line: str) -> bool:
    """Return whether ``line`` says no more than who supplied the article."""
    return len(line) <= CREDIT_LINE and any(credit.search(line) for credit in _CREDITS)


def credited(credit_lines: Iterable[str], body_lines: Iterable[str]) -> tuple[str, ...]:
    """Return the agencies named in credit lines and in the dateline, by their usual name."""
    said = list(credit_lines)
    for line in list(body_lines)[:DATELINE_LINES]:
        matches = (dateline.search(line[:CREDIT_LINE]) for dateline in _DATELINES)
        said += [match[1] for match in matches if match]
    found = {name: None for line in said for name in _NAMES if _NAMES[name].search(line)}
    return tuple(found)
