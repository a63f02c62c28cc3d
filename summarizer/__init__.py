"""What does each outlet uniquely report?

    from summarizer import diff, read_article

    report = diff([read_article("gazette.txt"), read_article("https://example.org/story")])
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
    from summarizer.pipeline import diff, summarize
    from summarizer.settings import Settings
    from summarizer.sources import read_article, read_articles
    from summarizer.types import Article, Conflict, DiffReport, Fact, Status, Uniqueness, Verdict

_HOMES = {
    "diff": "pipeline",
    "summarize": "pipeline",
    "read_article": "sources",
    "read_articles": "sources",
    "Settings": "settings",
    "SummarizerError": "errors",
    "Article": "types",
    "Conflict": "types",
    "DiffReport": "types",
    "Fact": "types",
    "Status": "types",
    "Uniqueness": "types",
    "Verdict": "types",
}

__all__ = [
    "Article",
    "Conflict",
    "DiffReport",
    "Fact",
    "Settings",
    "Status",
    "SummarizerError",
    "Uniqueness",
    "Verdict",
    "__version__",
    "diff",
    "read_article",
    "read_articles",
    "summarize",
]


def __getattr__(name: str) -> Any:
    """Load a public name from the module it lives in."""
    if name in _HOMES:
        return getattr(import_module(f"summarizer.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
