"""``summarize chunks``: how an article is cut up for a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Inputs, Reading, Saving, Talking, expanded
from summarizer.cli.read import flags, read
from summarizer.cli.rows import (
    Format,
    FormatOption,
    JsonOption,
    Row,
    as_json,
    as_lines,
    chunk_row,
)
from summarizer.cli.screen import Voice, emit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summarizer.settings import Settings
    from summarizer.tokens import TokenCounter
    from summarizer.types import Article


@expanded
def chunks(
    *,
    inputs: Inputs,
    tokens: Annotated[
        int | None, typer.Option(help="Tokens in one chunk, at most.  [default: 1500]")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="The model whose tokens are counted.  [default: o200k_base]"),
    ] = None,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
    saving: Saving,
    reading: Reading,
    talking: Talking,
) -> None:
    """Cut articles into chunks within a token budget.

    A chunk is whole sentences of the cleaned body; start and end count code points of the
    source text.
    """
    from summarizer.settings import load
    from summarizer.tokens import TokenCounter

    voice = Voice(talking)
    settings = load({"chunk_tokens": tokens, "model": model, **flags(reading)})
    counter = TokenCounter(settings.model or None)
    found = read(inputs, settings, voice)
    rows = _rows(found.articles, settings, counter)
    # A body that surely fits is one chunk and is not counted; no vocabulary is looked for.
    if len(rows) > len(found.articles) and not counter.exact:
        voice.warn("no tokenizer vocabulary could be had, so tokens are estimated")
    emit(_document(rows, Format.JSON if json else format), saving.output)
    raise typer.Exit(found.exit_code)


def _rows(articles: Sequence[Article], settings: Settings, counter: TokenCounter) -> list[Row]:
    from summarizer import chunking

    return [
        chunk_row(chunk, index)
        for article in articles
        for index, chunk in enumerate(
            chunking.chunks(article, budget=settings.chunk_tokens, count=counter)
        )
    ]


def _document(rows: list[Row], format: Format) -> str:
    if format is Format.TEXT:
        return "\n".join(map(_text, rows))
    return as_json(rows) if format is Format.JSON else as_lines(rows)


def _text(row: Row) -> str:
    from summarizer.report.safe import harmless, one_line

    where = f"{one_line(row['source'])} chunk {row['index'] + 1}"
    size = f"{row['start']}-{row['end']}, {len(row['sentences'])} sentences, {row['tokens']} tokens"
    return f"== {where}: {size}\n{harmless(row['text'])}\n"
