"""What the claims of an article leave out: sentences, figures, names and quotations.

What is not extracted cannot be compared, so code holds the claims against the body and what
is missing is asked for once more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from summarizer.engines.protocol import Omission
from summarizer.text.fold import fold
from summarizer.text.names import same_key
from summarizer.text.passage import Reading, read
from summarizer.text.quantities import FigureKind, compatible
from summarizer.text.questions import asks_reader
from summarizer.types import Article, Chunk, Claim, Span

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
    """Yield the figures, quotations and names of a sentence that none of its claims has."""
    carried = [_read(article, f"{claim.text} {claim.speaker or ''}") for claim in claims]
    for figure in sentence.figures:
        if figure.kind not in (FigureKind.ORDINAL, FigureKind.TIME) and not any(
            compatible(figure, other) for claim in carried for other in claim.figures
        ):
            yield figure.text
    words = [set(_WORD.findall(fold(claim.text))) for claim in carried]
    for span in sentence.quotations:
        quoted = _WORD.findall(fold(span.of(sentence.text)))
        if len(quoted) >= LEAST_QUOTED and not any(
            sum(word in known for word in quoted) >= QUOTED_SHARE * len(quoted) for known in words
        ):
            yield f"“{span.of(sentence.text)}”"
    known_names = [name.key for claim in carried for name in claim.names]
    told = {word for known in words for word in known}
    for name in sentence.names:
        known = set(name.key) <= told or any(same_key(name.key, key) for key in known_names)
        if name.sure and not known:
            yield name.text


def _read(article: Article, text: str) -> Reading:
    return read(text, article.published, (article.language or "en").partition("-")[0])
