"""What the claims of an article leave out: sentences, figures, names and quotations.

What is not extracted cannot be compared, so code holds the claims against the body and what
is missing is asked for once more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from summarizer.chunking import Chunk
from summarizer.document import Reading, read
from summarizer.engines.protocol import Omission
from summarizer.screening import asks_reader
from summarizer.text.figures import Figure, FigureKind, compatible
from summarizer.text.words import fold
from summarizer.types import Article, Claim, Span

LEAST_WORDS = 4
"""A sentence of fewer content words ("Thank you.") need not make a claim."""

LEAST_QUOTED = 3
"""A quotation of fewer words is a figure of speech or a name, and may be told without marks."""

QUOTED_SHARE = 0.6
"""Share of a quotation's words that a claim on its sentence has where it carries it."""

_WORD = re.compile(r"\w+")


def omissions(chunk: Chunk, claims: Sequence[Claim], ignored: Sequence[Span]) -> list[Omission]:
    """Return what of a chunk no claim carries, in the order of its sentences.

    Args:
        chunk: The part of an article that was read.
        claims: Its grounded claims.
        ignored: Sentences that make no claim: instructions.
    """
    resting = _by_sentence(chunk, claims)
    left_out = []
    for sentence in chunk.sentences:
        text = sentence.of(chunk.article.text)
        if asks_reader(text) or any(sentence.overlap(span) for span in ignored):
            continue
        reading = _read(chunk.article, text)
        if len(reading.stems) < LEAST_WORDS:
            continue
        if not resting[sentence]:
            left_out.append(Omission(sentence))
        elif missing := tuple(_missing(chunk.article, reading, resting[sentence])):
            left_out.append(Omission(sentence, missing))
    return left_out


def _by_sentence(chunk: Chunk, claims: Sequence[Claim]) -> dict[Span, list[Claim]]:
    resting: dict[Span, list[Claim]] = defaultdict(list)
    for sentence in chunk.sentences:
        resting[sentence] = [
            claim for claim in claims if any(sentence.overlap(span) for span in claim.evidence)
        ]
    return resting


def _missing(article: Article, sentence: Reading, claims: Sequence[Claim]) -> Iterator[str]:
    """Yield the figures, quotations and full names of a sentence that its claims do not have."""
    carried = [_read(article, f"{claim.text} {claim.speaker or ''}") for claim in claims]
    words = {word for claim in carried for word in _WORD.findall(fold(claim.text))}
    for figure in sentence.figures:
        written = set(_WORD.findall(fold(figure.text)))
        counted = figure.kind not in (FigureKind.ORDINAL, FigureKind.TIME)
        if counted and not written <= words and not _is_among(figure, carried):
            yield figure.text
    for span in sentence.quotations:
        quoted = _WORD.findall(fold(span.of(sentence.text)))
        held = sum(word in words for word in quoted)
        if len(quoted) >= LEAST_QUOTED and held < QUOTED_SHARE * len(quoted):
            yield f"“{span.of(sentence.text)}”"
    for name in sentence.names:
        # One word alone is too often a place line, or somebody who is named in full elsewhere.
        if name.sure and len(name.key) > 1 and not words & set(_WORD.findall(fold(name.text))):
            yield name.text


def _is_among(figure: Figure, claims: Sequence[Reading]) -> bool:
    return any(compatible(figure, other) for claim in claims for other in claim.figures)


def _read(article: Article, text: str) -> Reading:
    return read(text, article.published, (article.language or "en").partition("-")[0])
