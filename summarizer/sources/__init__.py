"""Sources: files, folders, globs, standard input and URLs, read into articles."""

from __future__ import annotations

from summarizer.sources.reading import (
    ReadOptions,
    ReadResult,
    article_from,
    gather_articles,
    read_article,
    read_articles,
)

__all__ = [
    "ReadOptions",
    "ReadResult",
    "article_from",
    "gather_articles",
    "read_article",
    "read_articles",
]
