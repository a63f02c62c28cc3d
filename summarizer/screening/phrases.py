"""The phrases by which a sentence is known, one data file per language."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources

from summarizer.text.fold import fold

NOTHING = r"(?!)"
"""A pattern that no text has: that of a list which a language does not have."""


class Phrases:
    """The lists of one language, each as a pattern that is one of its phrases.

    Args:
        lists: Lists by name; each is a text of phrases with commas between them.
    """

    def __init__(self, lists: dict[str, str]) -> None:
        self._lists = lists

    def __getitem__(self, name: str) -> str:
        """Return the pattern of a list, with the ends of words around it."""
        found = self._any(name)
        return rf"(?<!\w){found}(?!\w)" if found != NOTHING else NOTHING

    def unspaced(self, name: str) -> str:
        """Return the pattern of a list of a language that has no spaces."""
        return self._any(f"unspaced_{name}")

    def _any(self, name: str) -> str:
        phrases = {
            fold(" ".join(phrase.split())) for phrase in self._lists.get(name, "").split(",")
        }
        longest_first = sorted(phrases - {""}, key=lambda phrase: (-len(phrase), phrase))
        return f"(?:{'|'.join(map(_pattern, longest_first))})" if longest_first else NOTHING


def _pattern(phrase: str) -> str:
    return re.escape(phrase).replace(r"\*", r"\w*").replace(r"\ ", " ")


@lru_cache(maxsize=1)
def languages() -> tuple[Phrases, ...]:
    """Return the phrases of every language that there is a file for."""
    files = resources.files("summarizer.screening").joinpath("phrases").iterdir()
    return tuple(
        Phrases(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in sorted(files, key=lambda file: file.name)
        if file.name.endswith(".toml")
    )
