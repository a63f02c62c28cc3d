"""Engines: what proposes claims and summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from summarizer.engines.extractive import ExtractiveEngine
from summarizer.engines.protocol import Engine, Extraction, Omission, SummaryDraft
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.llm.prompt_runner import PromptRunner

__all__ = ["Engine", "Extraction", "ExtractiveEngine", "Omission", "SummaryDraft", "create_engine"]


def create_engine(asker: PromptRunner | None, settings: Settings) -> Engine:
    """Return the engine that asks a model, or the one that needs none."""
    if asker is None:
        return ExtractiveEngine()
    from summarizer.engines.model import ModelEngine

    return ModelEngine(asker, settings.chunk_tokens)
