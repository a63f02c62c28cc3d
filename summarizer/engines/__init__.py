"""Engines: what proposes the claims of an article, and a summary of it; and what claims leave out.

What is not extracted cannot be compared, so code holds the claims against the body and what
is missing is asked for once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from summarizer.document import Reading, foreign_names, read
from summarizer.screening.screen import asks_reader
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


class SummaryDraft(NamedTuple):
    """A sentence proposed for a summary, and the spans of the article it rests on."""

    text: str
    evidence: tuple[Span, ...]


class Extraction(NamedTuple):
    """What an engine proposes for a chunk; its ``drafts`` are claims that are yet to be grounded.

    ``summary`` is only given where it was asked for. ``instructions`` are sentences that the
    engine took for orders to the reader or to itself; ``dropped`` counts references to
    sentences that do not exist.
    """

    drafts: Sequence[Claim]
    summary: Sequence[SummaryDraft] = ()
    instructions: tuple[Span, ...] = ()
    dropped: int = 0


class Omission(NamedTuple):
    """A sentence of a chunk that no claim carries whole, and what of it is missing.

    ``missing`` are words of the sentence (figures, names, quotations); empty where no claim
    rests on the sentence at all.
    """

    sentence: Span
    missing: tuple[str, ...] = ()


class Engine(Protocol):
    """Reads one article at a time; what it proposes is grounded and checked by others.

    Safe to be used by several threads at once. ``name`` stands in reports and settings,
    ``prompts`` are the names of those it uses. ``model`` is None where it asks none, and
    ``chunk_tokens``, the most tokens it can read at once, where there is no limit.
    """

    name: str
    model: str | None
    prompts: tuple[str, ...]
    chunk_tokens: int | None

    def extract(self, chunk: Chunk, summary_sentences: int = 0) -> Extraction:
        """Propose the claims of a chunk, each with spans of the article as evidence.

        Args:
            chunk: The part of an article to read.
            summary_sentences: The most sentences of a summary of the chunk to propose with
                them, where the chunk is the whole article; 0 for none.

        Raises:
            ServiceError: A model was asked, and gave no answer that can be used.
        """

    def supplement(self, chunk: Chunk, omissions: Sequence[Omission]) -> Extraction:
        """Propose claims for what the claims of a chunk left out.

        Raises:
            ServiceError: A model was asked, and gave no answer that can be used.
        """

    def summarize(
        self, article: Article, claims: Sequence[Claim], limit: int
    ) -> Sequence[SummaryDraft]:
        """Propose at most ``limit`` sentences that sum up the claims of an article of many parts.

        Raises:
            ServiceError: A model was asked, and gave no answer that can be used.
        """


def omissions(chunk: Chunk, claims: Sequence[Claim], ignored: Sequence[Span]) -> list[Omission]:
    """Return what of a chunk no grounded claim carries, in the order of its sentences.

    Sentences that are ``ignored`` make no claim: instructions.
    """
    left_out = []
    for sentence in chunk.sentences:
        text = sentence.of(chunk.article.text)
        if asks_reader(text) or any(sentence.overlap(span) for span in ignored):
            continue
        reading = read_statement(chunk.article, text)
        if len(reading.stems) < LEAST_WORDS:
            continue
        resting = [c for c in claims if any(sentence.overlap(span) for span in c.evidence)]
        missing = tuple(_missing_details(chunk.article, reading, resting)) if resting else ()
        if missing or not resting:
            left_out.append(Omission(sentence, missing))
    return left_out


def _missing_details(article: Article, sentence: Reading, claims: Sequence[Claim]) -> Iterator[str]:
    """Yield the figures, quotations and full names of a sentence that its claims do not have."""
    carried = [read_statement(article, f"{claim.text} {claim.speaker or ''}") for claim in claims]
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
    # One word alone is too often a place line, or somebody who is named in full elsewhere.
    yield from (name.text for name in foreign_names(sentence, words))


def read_statement(article: Article, text: str) -> Reading:
    """Return the analysis of a text of an article, by the article's day and language."""
    return read(text, article.published, (article.language or "en").partition("-")[0])
