"""Word lists of pages: what buttons, boxes and notes say, one data file per language.

A file has sections, ``[button]`` and the like; each of its lines is a pattern. ``<this>`` and
the like stand for the words by which a page calls an article.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_KINDS = "article|story|post|piece|report|essay|interview|column|page|explainer"
_NAMED = {
    "<this>": rf"th(?:is|e) (?:\w+ )?(?:{_KINDS})",
    "<this_own>": rf"this (?:\w+ )?(?:{_KINDS}|content|material|website|site|transcript|headline|"
    r"video|podcast|episode)",
    "<news>": r"(?:journalis[mt]s?|reporting|newsrooms?|reporters|newspaper|news)",
}
_STOP_WORDS, _DOMAINS = "stop_words.txt", "domains.txt"


def whole(section: str) -> re.Pattern[str]:
    """Return what matches a line that is nothing but one of the phrases of ``section``."""
    return re.compile(rf"^\W*(?:{_alternatives(section)})\W*$", re.IGNORECASE)


def anywhere(section: str) -> re.Pattern[str]:
    """Return what finds one of the phrases of ``section`` at the start of any word."""
    return re.compile(rf"(?<!\w)(?:{_alternatives(section)})", re.IGNORECASE)


def at_start(section: str) -> re.Pattern[str]:
    """Return what finds one of the phrases of ``section`` at the start of a line."""
    return re.compile(rf"^\W*(?:{_alternatives(section)})", re.IGNORECASE)


def stop_words() -> dict[str, frozenset[str]]:
    """Return the small words of each language, by its two-letter code."""
    return {name: frozenset(words.split()) for name, words in _pairs(_STOP_WORDS)}


def domains() -> dict[str, str]:
    """Return the names of outlets by their domains."""
    return dict(_pairs(_DOMAINS))


def _pairs(name: str) -> list[tuple[str, str]]:
    lines = [line.partition(": ") for line in _read(name) if not line.startswith("#")]
    return [(key, value) for key, _, value in lines]


def _alternatives(section: str) -> str:
    text = "|".join(_sections()[section])
    for name, pattern in _NAMED.items():
        text = text.replace(name, pattern)
    return text


@cache
def _sections() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    section: list[str] = []
    for name in sorted(file.name for file in files(__package__).iterdir()):
        for line in (
            _read(name) if name.endswith(".txt") and name not in (_STOP_WORDS, _DOMAINS) else ()
        ):
            if line.startswith("["):
                section = sections.setdefault(line.strip("[]"), [])
            elif not line.startswith("#"):
                section.append(line)
    return sections


def _read(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]
