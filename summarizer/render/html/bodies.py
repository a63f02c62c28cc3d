"""Whole articles for a page: paragraphs of segments, and the page furniture between them.

All the text of an article is there, in its order: what is joined from the paragraphs is the
article's text, character by character (see ``safe.in_place`` for the few that would act).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer.render.html.segments import Mark, Segment, segments
from summarizer.render.safe import in_place
from summarizer.types import Article, Span

# A paragraph ends with its line; the blank lines after it belong to it.
_PARAGRAPH = re.compile(r"\s*\S[^\n\r\u2028\u2029]*\s*")


_PRECEDENCE = ("conflict", "unique", "shared", "consensus")
"""What a passage is painted as on which things of several kinds rest: the most particular."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment as the page writes it; ``href`` is the first of what ``rests`` on it, if a link."""

    text: str
    id: str = ""
    href: str = ""
    rests: str = ""
    accent: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs of the body, or of what surrounds it; ``note`` says which and how much."""

    paragraphs: tuple[tuple[Piece, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """What is to be marked in one article, and the accent of each fact and conflict."""

    marks: Sequence[Mark]
    uncited: Sequence[Span]
    accents: Mapping[str, str]


def target(article: Article, start: int) -> str:
    """Return the id of the passage that begins at ``start``."""
    return f"{article.id}-{start}"


def blocks(article: Article, marked: Marked) -> tuple[Block, ...]:
    """Return the whole text of ``article``, its furniture in blocks of their own."""
    return tuple(_blocks(article, marked))


def _blocks(article: Article, marked: Marked) -> Iterator[Block]:
    at = 0
    for span in (*article.body, Span(len(article.text), len(article.text))):
        if at < span.start:
            around = Span(at, span.start)
            words = len(around.of(article.text).split())
            note = f"Page furniture, {words:,} {'word' if words == 1 else 'words'}" if words else ""
            yield Block(tuple(_paragraphs(article, around, marked)), note)
        if len(span):
            yield Block(tuple(_paragraphs(article, span, marked)))
        at = span.end


def _paragraphs(article: Article, within: Span, marked: Marked) -> Iterator[tuple[Piece, ...]]:
    text = within.of(article.text)
    pieces = segments(within, marked.marks, marked.uncited)
    at = 0
    for line in _lines(text, within.start):
        inside = []
        while at < len(pieces) and pieces[at].span.start < line.end:
            inside.append(_piece(article, pieces[at], line, marked.accents))
            if pieces[at].span.end > line.end:
                break
            at += 1
        yield tuple(inside)


def _lines(text: str, start: int) -> Iterator[Span]:
    """Yield the paragraphs of ``text``, which begins at ``start``, without a gap."""
    end = 0
    # White space alone would be searched through once for each of its characters.
    for found in _PARAGRAPH.finditer(text) if text.strip() else ():
        yield Span(start + found.start(), start + found.end())
        end = found.end()
    if end < len(text):
        yield Span(start + end, start + len(text))


def _piece(article: Article, segment: Segment, line: Span, accents: Mapping[str, str]) -> Piece:
    start, end = max(segment.span.start, line.start), min(segment.span.end, line.end)
    begins = segment.target and start == segment.span.start
    text = in_place(article.text[start:end])
    return Piece(
        text=text,
        id=target(article, start) if begins else "",
        # A link of white space alone would have no name.
        href=segment.rests[0] if segment.rests and text.strip() else "",
        rests=" ".join(segment.rests),
        accent=_accent(segment, accents),
    )


def _accent(segment: Segment, accents: Mapping[str, str]) -> str:
    found = {accents[name] for name in segment.rests}
    names = [name for name in _PRECEDENCE if name in found]
    return names[0] if names else "uncited" * segment.uncited
