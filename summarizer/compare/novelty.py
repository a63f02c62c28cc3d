"""Which words of a passage are new, where another article states the rest of it."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.document import Document
from summarizer.grounding import find_words
from summarizer.types import Span

FOUND_FROM = 0.5
"""Share of the missing words' content that must stand in the passage to mark them there."""


def new_element(document: Document, evidence: Sequence[Span], missing: str) -> tuple[Span, ...]:
    """Return the part of a passage that other articles lack; all of it where it is not found.

    Args:
        document: The document of the passage.
        evidence: The passage.
        missing: The words of a statement on it that another article lacks.
    """
    passage = tuple(evidence)
    located = find_words(document.article.text, passage, missing)
    if located:
        return located
    wanted = document.analyse(missing).stems
    words = [
        Span(sentence.span.start + word.start, sentence.span.start + word.end)
        for span in passage
        for sentence in document.sentences_at(span)
        for word in sentence.reading.content
        if word.stem in wanted
    ]
    inside = [word for word in words if any(span.contains(word) for span in passage)]
    stems = {
        stem for word in inside for stem in document.analyse(word.of(document.article.text)).stems
    }
    if not inside or len(stems) < FOUND_FROM * len(wanted):
        return passage
    hull = Span(inside[0].start, inside[-1].end)
    return (hull,) if any(span.contains(hull) for span in passage) else passage
