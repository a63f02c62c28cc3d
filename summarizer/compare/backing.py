"""An outlet stands under a line only if its own words have what the line says.

The one comparator of details: figures, quotations, names, dates and denials of a line are
looked for in the passage that is said to report it, whoever said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from summarizer.compare.alignment import Alignment
from summarizer.compare.story import Story
from summarizer.document import Document
from summarizer.text.fold import fold
from summarizer.text.names import same_key
from summarizer.text.passage import Reading, read
from summarizer.text.quantities import FigureKind, compatible
from summarizer.types import Article, Span

QUOTED_SHARE = 0.75
"""Share of a quotation's words that must stand in the passage: outlets cut and mark quotations
differently, and a differing wording is a position and no agreement."""

COMPARED_FIGURES = frozenset(FigureKind) - {FigureKind.ORDINAL, FigureKind.TIME}
"""Ordinals and clock times are too often worded another way to be held against a passage."""

_WORD = re.compile(r"\w+")


def backs(document: Document, line: str, evidence: Sequence[Span], *, of: Article) -> bool:
    """Return whether a passage of a document has the details of a line.

    Args:
        document: The document that is said to report the line.
        line: What is printed above its outlet's name.
        evidence: The passage that is said to report it.
        of: The article whose date the line's "Tuesday" goes by.
    """
    return next(lacks(document, line, evidence, of=of), None) is None


def lacks(document: Document, line: str, evidence: Sequence[Span], *, of: Article) -> Iterator[str]:
    """Yield the details of a line that a passage does not have, in words."""
    reading = read(line, of.published, document.language)
    passage = _passage(document, evidence)
    for figure in reading.figures:
        if figure.kind in COMPARED_FIGURES and not any(
            compatible(figure, other) for part in passage for other in part.figures
        ):
            yield f"the figure {figure.text}"
    words = {word for part in passage for word in _WORD.findall(fold(part.text))}
    for span in reading.quotations:
        quoted = _WORD.findall(fold(span.of(line)))
        if sum(word in words for word in quoted) < QUOTED_SHARE * len(quoted):
            yield f"the quotation “{span.of(line)}”"
    yield from _names(document, reading)


def _names(document: Document, reading: Reading) -> Iterator[str]:
    """Yield names of a line that stand nowhere in a document: pronouns may stand for others."""
    known = {name.key for sentence in document.sentences for name in sentence.reading.names}
    words = {word for key in known for word in key}
    for name in reading.names:
        if not name.sure or any(same_key(name.key, key) for key in known):
            continue
        if not set(name.key) <= words:
            yield f"the name {name.text}"


def _passage(document: Document, evidence: Sequence[Span]) -> tuple[Reading, ...]:
    """Return the sentences that a passage lies in."""
    return tuple(
        dict.fromkeys(
            sentence.reading for span in evidence for sentence in document.sentences_at(span)
        )
    )


def settle(story: Story, alignment: Alignment) -> Alignment:
    """Return an alignment in which every mention backs its fact's text.

    A mention that does not is dropped, and a fact that was shared and no longer is goes with
    it: whether one outlet alone reports it, nobody has said.
    """
    place = story.positions()
    facts = []
    for fact in alignment.facts:
        kept = tuple(
            mention
            for mention in fact.mentions
            if len(fact.mentions) == 1
            or backs(
                story.documents[place[mention.article.id]],
                fact.text,
                mention.evidence,
                of=fact.mentions[0].article,
            )
        )
        outlets = {mention.article.outlet for mention in kept}
        if len(outlets) > 1 or (outlets and len({m.article.outlet for m in fact.mentions}) == 1):
            facts.append(replace(fact, mentions=kept))
    return replace(alignment, facts=tuple(facts))
