"""Word lists and weights, each read once from a data file that lies here."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

_NAME = re.compile(r"(?<!\?P)<(\w+)>")


@cache
def load(name: str, package: str = __name__) -> dict[str, Any]:
    """Return what the TOML file of this name in a package holds; in this one, if none is given."""
    return tomllib.loads(load_text(f"{name}.toml", package))


def load_text(name: str, package: str = __name__) -> str:
    """Return the file of this name in a package."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def alternatives(words: str | Iterable[str]) -> str:
    """Return words as the alternatives of a pattern, the longest first.

    Args:
        words: The words; in one text, white space parts them, or bars where some are phrases.
    """
    if isinstance(words, str):
        words = map(str.strip, words.split("|")) if "|" in words else words.split()
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


def fill_in(pattern: str, named: Mapping[str, str]) -> str:
    """Return a pattern with what each ``<name>`` in it stands for, and each name in that."""
    return _NAME.sub(
        lambda name: fill_in(named[name[1]], named) if name[1] in named else name[0], pattern
    )


def sigmoid(log_odds: float) -> float:
    """Return the probability that log-odds stand for, without overflow."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-min(log_odds, 60.0)))
    return 1.0 - 1.0 / (1.0 + math.exp(max(log_odds, -60.0)))
