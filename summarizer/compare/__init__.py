"""Comparing articles: lay their claims side by side, verify what looks unique, decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from summarizer.compare.alignment import Aligner
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.llm.request import PromptRunner


def create_aligner(asker: PromptRunner | None, settings: Settings) -> Aligner:
    """Return the aligner that asks a model, or the one that goes by words."""
    if asker is None:
        from summarizer.compare.align_lexical import LexicalAligner

        return LexicalAligner()
    from summarizer.compare.align_model import ModelAligner

    return ModelAligner(asker, settings.chunk_tokens)
