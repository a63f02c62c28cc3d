"""Engines: what proposes claims and summaries."""

from summarizer.engines.extractive import ExtractiveEngine
from summarizer.engines.protocol import Engine, SummaryDraft
from summarizer.settings import Settings

__all__ = ["Engine", "ExtractiveEngine", "SummaryDraft", "create_engine"]


def create_engine(settings: Settings) -> Engine:
    """Return the engine that the settings ask for; settings name none that does not exist."""
    match settings.engine:
        case "auto" | "extractive":
            return ExtractiveEngine()
        case _:
            raise ValueError(f"no engine is called {settings.engine}")
