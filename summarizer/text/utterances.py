"""The sentences of a body as somebody says them to the reader: what is quoted left out."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from summarizer.text.blocks import marked_blocks, trimmed
from summarizer.text.forms import Order
from summarizer.text.glued import pieces
from summarizer.text.lexicon import STOP_WORDS
from summarizer.text.orders import order
from summarizer.text.sentences import sentences
from summarizer.text.unquoted import BLANK, unquoted
from summarizer.types import Span

LONGEST = 1500
"""Code points of a sentence that is looked at; a longer one is no order."""

SPACED_LETTERS = 8
"""Single letters in a row from which a text is spelt out to hide its words."""

_SINGLE = re.compile(r"(?<!\S)\w(?= )")
_SPACED = re.compile(r"(?<!\S)(\w) (?=\w[^\w]|\w\Z)")
_WORD = re.compile(r"\w+")
_MARKS = "\"'“”„‘’«» "
_NEWLINES = str.maketrans("\n\r", "  ")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence as it stands, and as it reads without tricks of spacing.

    ``own`` is ``clean`` with its quotations blanked out; ``quoted`` says that the sentence
    opens inside one. Where it lies in one from end to end, ``inside`` is set, and ``own`` is
    what the quotation says; ``quoting`` says that the quotation begins with it. A ``block``
    is a stretch between two marks and is not read further.
    """

    span: Span
    paragraph: int
    clean: str = ""
    own: str = ""
    quoted: bool = False
    inside: bool = False
    quoting: bool = False
    block: bool = False
    order: Order | None = None


def utterances(text: str, body: Iterable[Span], language: str) -> Iterator[Utterance]:
    """Return the sentences of a body in order, each marked block as one of them."""
    blocks = deque(marked_blocks(text))
    paragraph = 0
    for part in body:
        paragraph += 1
        run: list[Span] = []
        for span, is_block in _units(text, part, blocks):
            if run and (is_block or _is_break(text, run[-1], span)):
                yield from _paragraph(text, run, paragraph, language)
                run = []
                paragraph += not is_block
            if is_block:
                yield Utterance(span=span, paragraph=paragraph, block=True)
            else:
                run.append(span)
        yield from _paragraph(text, run, paragraph, language)


def _units(text: str, part: Span, blocks: deque[Span]) -> Iterator[tuple[Span, bool]]:
    """Return the sentences of a part and the blocks in it; a block may go on in the next."""
    start = part.start
    while blocks and blocks[0].start < part.end:
        block = blocks[0]
        if block.end > start:
            opened, closed = max(start, block.start), min(block.end, part.end)
            yield from ((span, False) for span in sentences(text, Span(start, opened)))
            yield from ((span, True) for span in trimmed(text, opened, closed))
            start = closed
        if block.end > part.end:
            break
        blocks.popleft()
    yield from ((span, False) for span in sentences(text, Span(start, part.end)))


def _is_break(text: str, before: Span, after: Span) -> bool:
    """Return whether a paragraph ends between two sentences; a wrapped line ends none."""
    lines = text[before.end : after.start].count("\n")
    wrapped = "\n" in before.of(text) or "\n" in after.of(text)
    return lines > 1 or (lines == 1 and not wrapped)


def _paragraph(text: str, spans: Sequence[Span], number: int, language: str) -> Iterator[Utterance]:
    if not spans:
        return
    start = spans[0].start
    masked = unquoted(text[start : spans[-1].end].translate(_NEWLINES))
    for span in spans:
        own = masked[span.start - start : span.end - start]
        for first, last in pieces(own, language) if len(span) <= LONGEST else ((0, len(span)),):
            for part in trimmed(text, span.start + first, span.start + last):
                own = masked[part.start - start : part.end - start]
                yield _utterance(text, part, number, own, language)


def _utterance(text: str, span: Span, paragraph: int, masked: str, language: str) -> Utterance:
    clean, own = _clean(span.of(text)[:LONGEST]), _clean(masked[:LONGEST])
    inside = BLANK in own and _WORD.search(own) is None
    quoted = own.lstrip(" -–—•*([").startswith((BLANK, "'", "‘"))
    own = unquoted(clean.strip(_MARKS)) if inside else own
    return Utterance(
        span=span,
        paragraph=paragraph,
        clean=clean,
        own=own,
        quoted=quoted,
        inside=inside,
        quoting=inside and clean[:1] in _MARKS,
        order=_order(own, clean, language) if len(span) <= LONGEST else None,
    )


def _clean(text: str) -> str:
    """Return ``text`` without invisible characters and spacing that hide its words."""
    if not text.isascii():
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    if len(_SINGLE.findall(text)) >= SPACED_LETTERS:
        text = _SPACED.sub(r"\1", text)
    return " ".join(text.split())


def _order(own: str, clean: str, article: str) -> Order | None:
    """Return the order that a sentence is in any language that it may be in."""
    found = (order(own, language) for language in _languages(clean, article))
    return next((one for one in found if one is not None), None)


def _languages(sentence: str, article: str) -> tuple[str, ...]:
    """Return the languages whose small words a sentence has most of, the article's first."""
    small = _WORD.findall(sentence.lower())
    counts = {name: sum(word in stops for word in small) for name, stops in STOP_WORDS.items()}
    # Of a language without a list the sentence may have any number of small words.
    own = counts.get(article, 2)
    others = (name for name, count in counts.items() if count >= max(own, 1) and name != article)
    most = max(counts.values())
    return (*((article,) if own >= most or article not in counts else ()), *others)
