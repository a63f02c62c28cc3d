"""Whole articles for a page: paragraphs of segments, and what is not the article between them.

All the text of an article is there, in its order: what is joined from the paragraphs is the
article's text, character by character (see ``safe.in_place`` for the few that would act).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from summarizer.render.html.segments import Mark, Segment, segments
from summarizer.report.safe import in_place
from summarizer.report.sources import is_spaced, length
from summarizer.types import Article, Span

# A paragraph ends with its line; the blank lines after it belong to it, the indent of the next
# does not.
_PARAGRAPH = re.compile(r"\s*\S[^\n\r\u2028\u2029]*(?:\s*\Z|\s*[\n\r\u2028\u2029])?")


_SPACE = re.compile(r"\s+")
_COLLAPSED = " \t\r\n\f"
"""White space that a browser makes one blank of, and at the end of a line none."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*\r?\n")

HARD_WRAP = 100
"""Characters of the longest line that an editor of plain text wrapped by hand."""

_PRECEDENCE = ("conflict", "unique")
"""What a passage is painted as on which things of several kinds rest: the most particular.
What several outlets report is not painted: colour says what is worth a look."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment as the page writes it; ``href`` is the first of what ``rests`` on it, if a link."""

    text: str
    id: str = ""
    href: str = ""
    rests: str = ""
    accent: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text; white space alone is ``blank`` and stands between paragraphs.

    ``tight`` says that the next line belongs to it, as in a text that was wrapped by hand; ``wide``
    that it is blank and would yet be seen, as the indent of a Japanese paragraph is.
    """

    pieces: tuple[Piece, ...]
    blank: bool
    tight: bool
    wide: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs of the body, or of what surrounds it; ``note`` says which and how much."""

    paragraphs: tuple[Paragraph, ...]
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
    """Return the whole text of ``article``, what is not the article in blocks of their own."""
    return tuple(_blocks(article, marked))


def _blocks(article: Article, marked: Marked) -> Iterator[Block]:
    whole = Span(0, len(article.text))
    writer = _Writer(article, segments(whole, marked.marks, marked.uncited), marked.accents)
    spaced = is_spaced(article)
    at = 0
    for span in (*article.body, Span(whole.end, whole.end)):
        if at < span.start:
            around = Span(at, span.start)
            words = around.of(article.text).split()
            note = f"Not the article: {length(words, spaced=spaced)}" if words else ""
            yield Block(writer.paragraphs(around), note)
        if len(span):
            yield Block(writer.paragraphs(span))
        at = span.end


class _Writer:
    """Writes an article's segments line by line, from its beginning to its end."""

    def __init__(
        self, article: Article, cut: Sequence[Segment], accents: Mapping[str, str]
    ) -> None:
        self._article = article
        self._cut = cut
        self._accents = accents
        self._at = 0
        # Only where blank lines part the paragraphs may a single line end mean less.
        self._spaced = bool(_BLANK_LINE.search(article.text))

    def paragraphs(self, within: Span) -> tuple[Paragraph, ...]:
        text = within.of(self._article.text)
        return tuple(self._paragraph(line) for line in _lines(text, within.start))

    def _paragraph(self, line: Span) -> Paragraph:
        pieces = []
        while self._at < len(self._cut) and self._cut[self._at].span.start < line.end:
            segment = self._cut[self._at]
            pieces.append(_piece(self._article, segment, line, self._accents))
            if segment.span.end > line.end:
                break
            self._at += 1
        text = line.of(self._article.text).rstrip()
        # A body span ends with its words: what parts it from the next one lies between them.
        after = _SPACE.match(self._article.text, line.start + len(text))
        parted = after is None or _BLANK_LINE.search(after[0]) is not None
        wrapped = self._spaced and not parted and len(text) <= HARD_WRAP
        return Paragraph(
            tuple(pieces),
            blank=not text,
            tight=wrapped,
            wide=not text and bool(line.of(self._article.text).strip(_COLLAPSED)),
        )


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
    found = {accents.get(name) for name in segment.rests}
    names = [name for name in _PRECEDENCE if name in found]
    return names[0] if names else "uncited" * segment.uncited
