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
    "this": rf"th(?:is|e) (?:\w+ )?(?:{_KINDS})",
    "this_own": rf"this (?:\w+ )?(?:{_KINDS}|content|material|website|site|transcript|headline|"
    r"video|podcast|episode)",
    "news": r"(?:journalis[mt]s?|reporting|newsrooms?|reporters|newspaper|news)",
}
_HEAD = re.compile(r"\[(\w+)\]")
# Tables of keys and values; every other file has sections of patterns.
_TABLES = ("stop_words", "domains", "agencies", "months")


def whole(section: str) -> re.Pattern[str]:
    """Return what matches a line that is nothing but one of the phrases of ``section``."""
    return re.compile(rf"^\W*(?:{_alternatives(section)})\W*$", re.IGNORECASE)


def anywhere(section: str) -> re.Pattern[str]:
    """Return what finds one of the phrases of ``section`` at the start of any word."""
    return re.compile(rf"(?<!\w)(?:{_alternatives(section)})", re.IGNORECASE)


def at_start(section: str) -> re.Pattern[str]:
    """Return what finds one of the phrases of ``section`` at the start of a line."""
    return re.compile(rf"^\W*(?:{_alternatives(section)})", re.IGNORECASE)


def pattern(section: str, flags: int = re.IGNORECASE, **named: str) -> re.Pattern[str]:
    """Return what matches one of the patterns of ``section``, as they stand there.

    Args:
        section: The section.
        flags: Flags of the pattern.
        named: What ``<name>`` stands for in the patterns, beside what it always does.
    """
    return re.compile(_alternatives(section, **named), flags)


def patterns(section: str, **named: str) -> list[re.Pattern[str]]:
    """Return the patterns of ``section`` one by one, which tell capitals from small letters."""
    return [re.compile(_named(line, named)) for line in _sections()[section]]


@cache
def table(name: str) -> dict[str, str]:
    """Return the keys and values of a table: "stop_words", "domains", "agencies", "months"."""
    lines = [line.partition(": ") for line in _read(f"{name}.txt") if not line.startswith("#")]
    return {key: value for key, _, value in lines}


def _alternatives(section: str, **named: str) -> str:
    return _named("|".join(_sections()[section]), named)


def _named(text: str, named: dict[str, str]) -> str:
    always = {**_NAMED, "month": rf"(?:{'|'.join(table('months').values()).replace(' ', '|')})"}
    for name, value in (*named.items(), *always.items()):
        text = text.replace(f"<{name}>", value)
    return text


@cache
def _sections() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    section: list[str] = []
    for name in sorted(file.name for file in files(__package__).iterdir()):
        for line in _read(name) if name.endswith(".txt") and name[:-4] not in _TABLES else ():
            if head := _HEAD.fullmatch(line):
                section = sections.setdefault(head[1], [])
            elif not line.startswith("#"):
                section.append(line)
    return sections


def _read(name: str) -> list[str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]
