"""What ``extract``, ``chunks`` and ``judge`` have in common: rows, as JSON or as lines of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from summarizer.types import Article, Chunk, Span

Row = dict[str, Any]


class Format(StrEnum):
    """What rows are written as."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="What to write.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]


def as_json(rows: Iterable[Row]) -> str:
    """Return the rows as one indented JSON list."""
    from summarizer.render.json import dumps

    return dumps(list(rows), indent=2) + "\n"


def as_lines(rows: Iterable[Row]) -> str:
    """Return the rows as JSON, each on a line."""
    from summarizer.render.json import dumps

    return "".join(f"{dumps(row)}\n" for row in rows)


def extract_row(article: Article) -> Row:
    """Return what ``summarize extract`` writes of an article."""
    return {
        "source": article.source,
        "outlet": article.outlet,
        "title": article.title,
        "byline": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "text": article.body_text,
        "body": [_pair(span) for span in article.body],
    }


def chunk_row(chunk: Chunk, index: int) -> Row:
    """Return what ``summarize chunks`` writes of the chunk at ``index`` of its article."""
    return {
        "source": chunk.article.source,
        "outlet": chunk.article.outlet,
        "index": index,
        "start": chunk.span.start,
        "end": chunk.span.end,
        "tokens": chunk.tokens,
        "sentences": [_pair(span) for span in chunk.sentences],
        "text": chunk.text,
    }


def _pair(span: Span) -> list[int]:
    return [span.start, span.end]
