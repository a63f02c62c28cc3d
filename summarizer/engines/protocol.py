"""What an engine does: propose claims, and say what a summary says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from summarizer.types import Article, Chunk, ClaimDraft, Span


class SummaryDraft(NamedTuple):
    """A sentence proposed for a summary, and the spans of the article it rests on."""

    text: str
    evidence: tuple[Span, ...]


class Extraction(NamedTuple):
    """What an engine found in a chunk.

    ``instructions`` are sentences that it took for orders to the reader or to itself;
    ``dropped`` counts references to sentences that do not exist.
    """

    drafts: Sequence[ClaimDraft]
    instructions: tuple[Span, ...] = ()
    dropped: int = 0


class Engine(Protocol):
    """Reads one article at a time; what it proposes is grounded and judged by others.

    Safe to be used by several threads at once.
    """

    @property
    def name(self) -> str:
        """The engine's name in reports and settings."""

    @property
    def model(self) -> str | None:
        """The model that it asks; None where it asks none."""

    @property
    def prompts(self) -> tuple[str, ...]:
        """The names of the prompts that it uses."""

    @property
    def chunk_tokens(self) -> int | None:
        """The most tokens it can read at once; None where there is no limit."""

    def extract(self, chunk: Chunk) -> Extraction:
        """Propose the claims of a chunk, each with spans of the article as evidence.

        Raises:
            ServiceError: A model was asked, and gave no answer that can be used.
        """

    def summarize(self, article: Article, limit: int) -> Sequence[SummaryDraft]:
        """Propose at most ``limit`` sentences that say what the article reports.

        Raises:
            ServiceError: A model was asked, and gave no answer that can be used.
        """
