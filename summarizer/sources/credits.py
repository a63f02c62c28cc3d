"""Who supplied an article: agencies' credit lines and datelines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from summarizer.sources.phrases import patterns, table

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
