"""Tokens, and the prompt cache: how much of a prompt an earlier one began with."""

from __future__ import annotations

import hashlib
import threading

CHARACTERS_PER_TOKEN = 4
"""About what OpenAI's vocabularies come to in English."""

BLOCK = 128
"""Tokens: OpenAI's cache counts in steps of so many."""


def tokens(text: str) -> int:
    """Return about how many tokens a text has."""
    return len(text) // CHARACTERS_PER_TOKEN


class Prefixes:
    """Remembers what prompts began with, in whole blocks."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()
        self._lock = threading.Lock()

    def cached(self, model: str, text: str) -> int:
        """Return the tokens of ``text`` that an earlier one to this model began with."""
        step = BLOCK * CHARACTERS_PER_TOKEN
        running, found, known = hashlib.sha256(model.encode()), 0, True
        with self._lock:
            for end in range(step, len(text) + 1, step):
                running.update(text[end - step : end].encode("utf-8", "surrogatepass"))
                prefix = running.digest()
                known = known and prefix in self._seen
                found += known
                self._seen.add(prefix)
        return found * BLOCK

    def forget(self) -> None:
        """Start anew."""
        with self._lock:
            self._seen.clear()
