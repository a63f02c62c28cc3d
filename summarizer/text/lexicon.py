"""Word lists of the news register: what to skip, and which forms are one word."""

from __future__ import annotations

from summarizer.text.data import load

_DATA = load("lexicon")

STOP_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _DATA["stop_words"].items()
}
"""Words that carry grammar and no content, by language."""

IRREGULAR: dict[str, str] = {
    form: line.split()[0]
    for row in _DATA["forms"]["irregular"].split("\n")
    for line in row.split("|")
    for form in line.split()[1:]
}
"""The base form of each irregular one."""

DEMONYMS: dict[str, str] = dict(pair.split("=") for pair in _DATA["forms"]["demonyms"].split())
"""The country that each adjective of a nation or a people stands for."""

NEGATIONS = frozenset(_DATA["forms"]["negations"].split())
"""Stems of words that show that a sentence denies something."""
