"""Engines: what proposes the claims of an article, and a summary of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from summarizer.settings import Settings
from summarizer.tokens import Chunk
from summarizer.types import Article, Claim, Span

if TYPE_CHECKING:
    from summarizer.llm.request import PromptRunner


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


def create_engine(asker: PromptRunner | None, settings: Settings) -> Engine:
    """Return the engine that asks a model, or the one that needs none."""
    if asker is None:
        from summarizer.engines.extractive import ExtractiveEngine

        return ExtractiveEngine()
    from summarizer.engines.model import ModelEngine

    return ModelEngine(asker, settings.chunk_tokens)
