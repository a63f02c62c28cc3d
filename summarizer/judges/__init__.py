"""Judges: who answers whether a text supports a claim."""

from summarizer.judges.lexical import LexicalJudge
from summarizer.judges.protocol import Judge
from summarizer.settings import Settings

__all__ = ["Judge", "LexicalJudge", "create_judge"]


def create_judge(settings: Settings) -> Judge:
    """Return the judge that the settings ask for; settings name none that does not exist."""
    match settings.judge:
        case "auto" | "lexical":
            return LexicalJudge()
        case _:
            raise ValueError(f"no judge is called {settings.judge}")
