"""What an engine does: propose claims, and choose what a summary says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from summarizer.types import Article, Chunk, Claim, ClaimDraft, Span


class SummaryDraft(NamedTuple):
    """A sentence proposed for a summary, and the spans of the article it rests on."""

    text: str
    evidence: tuple[Span, ...]


class Engine(Protocol):
    """Reads one article at a time; what it proposes is grounded and judged by others."""

    @property
    def name(self) -> str:
        """The engine's name in reports and settings."""

    @property
    def chunk_tokens(self) -> int | None:
        """The most tokens it can read at once; None where there is no limit."""

    def extract(self, chunk: Chunk) -> Sequence[ClaimDraft]:
        """Propose the claims of a chunk, each with spans of the article as evidence."""

    def summarize(
        self, article: Article, claims: Sequence[Claim], limit: int
    ) -> Sequence[SummaryDraft]:
        """Propose at most ``limit`` sentences that say what the article reports."""
