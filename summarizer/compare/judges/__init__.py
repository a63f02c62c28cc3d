"""Judges: who answers whether a text supports a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from summarizer.compare.judges.lexical import LexicalJudge
from summarizer.compare.judges.protocol import Judge, Judged
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.compare.lexical.support import Handover
    from summarizer.llm.prompt_runner import PromptRunner

__all__ = ["Judge", "Judged", "LexicalJudge", "create_judge"]


def create_judge(
    name: str,
    asker: PromptRunner | None,
    settings: Settings,
    handover: Handover | None = None,
) -> Judge:
    """Return a judge by its name; all but the lexical one need somebody to ask.

    ``handover`` is what the lexical one shares with the aligner that goes by words.
    """
    if name == "lexical":
        return LexicalJudge(handover)
    if asker is None:
        raise ValueError(f"the judge {name} needs a model to ask")
    if name == "decisions":
        from summarizer.compare.judges.decisions import DecisionsJudge

        return DecisionsJudge(asker, settings.chunk_tokens)
    from summarizer.compare.judges.llm import LlmJudge

    return LlmJudge(asker, settings.chunk_tokens)
