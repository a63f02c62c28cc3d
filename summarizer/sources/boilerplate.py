"""What boilerplate says: menus, promos, captions and bios, and who supplied an article.

The patterns are data, ``phrases/``, one file for each language, general to the web or to news; none
names a site. A file has sections, such as ``button``, whose lines are patterns; ``<this>`` and the
like stand for the words by which a page calls an article. Most are signs that a model weighs.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from math import inf

from summarizer.text.data import fill_in, load
from summarizer.text.sentences import BLANK, unquoted

_FORMS = {
    "whole": r"^\W*(?:{})\W*$",
    "anywhere": r"(?<!\w)(?:{})",
    "first": r"^\W*(?:{})",
    "opening": r"^(?:{})",
    "sentence": r"""(?:^|[.!?][”"’)]*\s)\W*(?:{})""",
    "as_is": r"{}",
    "byline": r"^\W*(?:{})[:\s]\s*(?P<names>\S.*)$",
}
WHOLE, ANYWHERE, BYLINE = (_FORMS[name] for name in ("whole", "anywhere", "byline"))
"""How a section's phrases stand in a line: as all of it, at the start of any word, or first."""

# Characters of a line that patterns are tried on, from its start and (captions, credits) from its
# end: furniture says what it is at once. Those of a picture's credit and of a biography.
SAMPLE, TAIL, BIO_SAMPLE = 320, 110, 200
# Words up to which a line can be a button or the head of a section; a caption, a credit or a
# reference to another article; a biography (magazines' run to three sentences); and a picture's
# credit that stands alone.
LABEL_WORDS, REMARK_WORDS, BIO_WORDS, PHOTO_CREDIT_WORDS = 12, 60, 90, 9
# Characters of the longest caption that is told by its words. Origin: agencies' end below 400.
CAPTION_CHARACTERS = 400
# Words that may stand beside the date or name of a line that is only that.
BESIDE_DATE = 4
# Characters of a line that is all credit (the longest seen, with eight names, has 240), and lines
# of a body that may open with an agency's dateline.
CREDIT_LINE, DATELINE_LINES = 300, 2

_PHRASES = files(__package__).joinpath("phrases")
_KINDS = "article|story|post|piece|report|essay|interview|column|page|explainer"
_NAMED = {
    "this": rf"th(?:is|e) (?:\w+ )?(?:{_KINDS})",
    "this_own": rf"this (?:\w+ )?(?:{_KINDS}|content|material|website|site|transcript|headline|"
    r"video|podcast|episode)",
    "month": "(?:" + "|".join(load("phrases/months", __package__).values()).replace(" ", "|") + ")",
    "news": r"(?:journalis[mt]s?|reporting|newsrooms?|reporters|newspaper|news)",
}
# Tables of keys and values; every other file has sections of patterns.
_TABLES = frozenset(("stop_words", "domains", "months"))


def pattern(
    section: str, form: str = "{}", flags: int = re.IGNORECASE, **named: str
) -> re.Pattern[str]:
    """Return what matches a phrase of ``section``; ``named`` says what ``<name>`` stands for."""
    filled = fill_in("|".join(_load_sections()[section]), {**named, **_NAMED})
    return re.compile(form.replace("{}", filled), flags)


def patterns(section: str, **named: str) -> list[re.Pattern[str]]:
    """Return the patterns of ``section`` one by one, which tell capitals from small letters."""
    return [re.compile(fill_in(line, {**named, **_NAMED})) for line in _load_sections()[section]]


def words_in(section: str) -> frozenset[str]:
    """Return the words of a section that lists words."""
    return frozenset(" ".join(_load_sections()[section]).split())


def table(name: str) -> dict[str, str]:
    """Return what a file of phrases holds, such as "stop_words", "domains" and "months"."""
    return load(f"phrases/{name}", __package__)


@cache
def _load_sections() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = defaultdict(list)
    names = {file.name.removesuffix(".toml") for file in _PHRASES.iterdir()}
    for name in sorted(names - _TABLES):
        for section, lines in table(name).items():
            sections[section] += lines.split("\n")[:-1]
    return sections


LEGAL = pattern("legal", ANYWHERE)
_BUTTON, _DATE = pattern("button", WHOLE), pattern("date")
# Said to the visitor, of the site: subscribing, signing in, paying, sharing, consenting.
_PROMO = pattern("promo", ANYWHERE)

# The wide digits of Japanese and Chinese print, each as the one character that patterns know.
PLAIN_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}

_LONGEST = {"label": LABEL_WORDS, "remark": REMARK_WORDS, "bio": BIO_WORDS, "any": inf}
# Of each sign the words up to which a line can have it, the part that is looked at, and patterns.
_SIGNS = {
    name: (
        _LONGEST[row.get("words", "any")],
        row.get("part", "start"),
        [
            pattern(section, form)
            for kind, form in _FORMS.items()
            for section in row.get(kind, "").split()
        ],
    )
    for name, row in load("signs", __package__).items()
}


def find_signs(line: str, words: float) -> dict[str, float]:
    """Return for each sign of boilerplate whether a line of so many words has it, 0 or 1."""
    line = line.translate(PLAIN_DIGITS)
    start = line[:SAMPLE]
    parts = {
        "start": start,
        "bio": line[:BIO_SAMPLE],
        "tail": line[-SAMPLE:],
        "end": line[-TAIL:],
        "unquoted": unquoted(start).replace(BLANK, " "),
    }
    signs = {
        name: float(words <= longest and any(sign.search(parts[part]) for sign in forms))
        for name, (longest, part, forms) in _SIGNS.items()
    }
    # A report has the words of such furniture too: "it broke their community standards".
    speaks = any([signs.pop("own_voice"), signs.pop("opens"), signs["address"]])
    if words > LABEL_WORDS and not speaks:
        signs |= dict.fromkeys(("appeal", "last_word", "legal"), 0.0)
    # Said of the page, the text or a picture, not in the article.
    signs["remark"] = max(signs["last_word"], signs.pop("pointer"), signs.pop("photo_tail"))
    signs["credit"] = float(words <= REMARK_WORDS and is_credit(line))
    signs["label"] = float(words <= LABEL_WORDS + 2 and _is_label(line))
    signs["picture"] = float(words <= REMARK_WORDS and is_caption(line))
    signs["promos"] = min(3, len(_PROMO.findall(start))) / 3
    return signs


_CAPTION_LINE = pattern("caption_line")
_PHOTO_CREDIT = pattern("photo_credit")
_FULL_DATE = pattern("full_date")
_BESIDE_DATE = pattern("beside_date")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def is_caption(line: str) -> bool:
    """Return whether ``line`` says what a picture shows, and when it was taken."""
    return len(line) <= CAPTION_CHARACTERS and bool(_CAPTION_LINE.search(line))


def _is_label(line: str) -> bool:
    words = len(line.split())
    if len(line) > BIO_SAMPLE or words > LABEL_WORDS + 2 or line.rstrip().endswith("."):
        return False
    if _BUTTON.match(line) and not line.isdigit():
        return True
    rest = _DATE.sub(" ", line)
    if rest != line and _FULL_DATE.search(line):
        beside = _LETTERS.findall(_BESIDE_DATE.sub(" ", rest))
        if len(beside) <= BESIDE_DATE:
            return words > 1
    return words <= PHOTO_CREDIT_WORDS and bool(_PHOTO_CREDIT.match(line))


_AGENCIES: dict[str, str] = load("press")["agencies"]
_ANY = "|".join(_AGENCIES.values())
_NAMES = {name: re.compile(rf"(?<![\w-])(?:{names})(?![\w-])") for name, names in _AGENCIES.items()}
_AGENCY = rf"(?:[Tt]he |news agenc(?:y|ies) )?(?:{_ANY})"
_SUPPLIERS = {
    "agency": _ANY,
    "agencies": rf"{_AGENCY}(?:\s{{0,2}}(?:,|/|;|and|und|et|y|e|&|\+)\s{{0,2}}{_AGENCY}){{0,6}}",
    "somebody": r"[A-ZÀ-Þ][\w.'’&-]*(?:[ ,/;]{1,2}(?:(?:and|und|et|y|e|in|of|de|the|&) )?"
    r"[A-ZÀ-Þ(][\w.'’&)-]*){0,14}",
    "supply": r"(?:(?i:material|files?|agenc(?:y|ies)(?: inputs?)?|inputs?|information|reporting|"
    r"content|copy|reports?)(?: (?:from|by|of|supplied by|provided by))?)",
}
_CREDITS = patterns("credit", **_SUPPLIERS)
_DATELINES = patterns("dateline", **_SUPPLIERS)


def is_credit(line: str) -> bool:
    """Return whether ``line`` says no more than who supplied the article."""
    return len(line) <= CREDIT_LINE and any(credit.search(line) for credit in _CREDITS)


def credited(credit_lines: Iterable[str], body_lines: Iterable[str]) -> tuple[str, ...]:
    """Return the agencies named in credit lines and in the dateline, by their usual name."""
    lines = list(credit_lines)
    for line in list(body_lines)[:DATELINE_LINES]:
        matches = (dateline.search(line[:CREDIT_LINE]) for dateline in _DATELINES)
        lines += [match[1] for match in matches if match]
    return tuple(dict.fromkeys(n for x in lines for n, name in _NAMES.items() if name.search(x)))
