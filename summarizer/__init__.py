"""What does each outlet uniquely report?

    from summarizer import Article, Status, diff

    report = diff(["gazette.txt", "https://example.org/story", Article.from_text("...")])
    for fact in report.with_status(Status.UNIQUE):
        print(fact.outlets[0], fact.text)

The names below are the public interface. They load when first used, so that importing the
package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from summarizer.version import __version__

if TYPE_CHECKING:
    from summarizer.errors import SummarizerError
    from summarizer.pipeline import adiff, asummarize, diff, judge, summarize
    from summarizer.render.html import to_html
    from summarizer.render.markdown import to_markdown
    from summarizer.render.records import to_compact, to_contract, to_csv, to_json
    from summarizer.settings import Settings
    from summarizer.sources.reading import read_article, read_articles
    from summarizer.types import (
        Article,
        Conflict,
        DiffReport,
        Fact,
        Judgement,
        Status,
        Uniqueness,
        Verdict,
    )

_HOMES = {
    "errors": ("SummarizerError",),
    "pipeline": ("adiff", "asummarize", "diff", "judge", "summarize"),
    "render.html": ("to_html",),
    "render.records": ("to_compact", "to_contract", "to_csv", "to_json"),
    "render.markdown": ("to_markdown",),
    "settings": ("Settings",),
    "sources.reading": ("read_article", "read_articles"),
}
"""The modules in which the public names are that are not in ``types``."""

__all__ = [
    "Article",
    "Conflict",
    "DiffReport",
    "Fact",
    "Judgement",
    "Settings",
    "Status",
    "SummarizerError",
    "Uniqueness",
    "Verdict",
    "__version__",
    "adiff",
    "asummarize",
    "diff",
    "judge",
    "read_article",
    "read_articles",
    "summarize",
    "to_compact",
    "to_contract",
    "to_csv",
    "to_html",
    "to_json",
    "to_markdown",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    if name in __all__:
        home = next((module for module, names in _HOMES.items() if name in names), "types")
        return getattr(import_module(f"summarizer.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
