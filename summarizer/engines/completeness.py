"""What the claims of an article leave out: sentences, figures, names and quotations.

What is not extracted cannot be compared, so code holds the claims against the body and what
is missing is asked for once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.document import Reading, read
from summarizer.engines import Omission
from summarizer.screening import asks_reader
from summarizer.text.figures import FigureKind, compatible
from summarizer.text.words import folded_words
from summarizer.tokens import Chunk
from summarizer.types import Article, Claim, Span

LEAST_WORDS = 4
"""A sentence of fewer content words ("Thank you.") need not make a claim."""

LEAST_QUOTED = 3
"""A quotation of fewer words is a figure of speech or a name, and may be told without marks."""

QUOTED_SHARE = 0.6
"""Share of a quotation's words that a claim on its sentence has where it carries it."""


def omissions(chunk: Chunk, claims: Sequence[Claim], ignored: Sequence[Span]) -> list[Omission]:
    """Return what of a chunk no grounded claim carries, in the order of its sentences.

    Sentences that are ``ignored`` make no claim: instructions.
    """
    left_out = []
    for sentence in chunk.sentences:
        text = sentence.of(chunk.article.text)
        if asks_reader(text) or any(sentence.overlap(span) for span in ignored):
            continue
        reading = _read_statement(chunk.article, text)
        if len(reading.stems) < LEAST_WORDS:
            continue
        resting = [c for c in claims if any(sentence.overlap(span) for span in c.evidence)]
        missing = tuple(_missing_details(chunk.article, reading, resting)) if resting else ()
        if missing or not resting:
            left_out.append(Omission(sentence, missing))
    return left_out


def _missing_details(article: Article, sentence: Reading, claims: Sequence[Claim]) -> Iterator[str]:
    """Yield the figures, quotations and full names of a sentence that its claims do not have."""
    carried = [_read_statement(article, f"{claim.text} {claim.speaker or ''}") for claim in claims]
    words = {word for claim in carried for word in folded_words(claim.text)}
    figures = [figure for claim in carried for figure in claim.figures]
    for figure in sentence.figures:
        written = words.issuperset(folded_words(figure.text))
        counted = figure.kind not in (FigureKind.ORDINAL, FigureKind.TIME)
        if counted and not written and not any(compatible(figure, other) for other in figures):
            yield figure.text
    for span in sentence.quotations:
        quoted = folded_words(span.of(sentence.text))
        held = sum(word in words for word in quoted)
        if len(quoted) >= LEAST_QUOTED and held < QUOTED_SHARE * len(quoted):
            yield f"“{span.of(sentence.text)}”"
    for name in sentence.names:
        # One word alone is too often a place line, or somebody who is named in full elsewhere.
        full = name.sure and len(name.key) > 1
        if full and words.isdisjoint(folded_words(name.text)):
            yield name.text


def _read_statement(article: Article, text: str) -> Reading:
    return read(text, article.published, (article.language or "en").partition("-")[0])
