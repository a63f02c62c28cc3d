"""``summarize extract`` and ``summarize chunks``: articles as a model or a reader gets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Inputs, Reading, Saving, Talking, expanded
from summarizer.cli.output import (
    Format,
    FormatOption,
    JsonOption,
    Row,
    StatusReporter,
    as_json,
    as_lines,
    emit,
)
from summarizer.cli.work import flags, read_inputs

if TYPE_CHECKING:
    from summarizer.chunking import Chunk
    from summarizer.settings import Settings
    from summarizer.tokens import TokenCounter
    from summarizer.types import Article, Span


@expanded
def extract(
    *,
    inputs: Inputs,
    format: FormatOption = Format.TEXT,
    json: JsonOption = False,
    saving: Saving,
    reading: Reading,
    talking: Talking,
) -> None:
    """Write the cleaned text and metadata of articles.

    A row of json and jsonl has source, outlet, title, byline, published, language, text and
    body: text is the cleaned body, its spans joined by a blank line; body holds these spans
    as [start, end) in code points of the source text.
    """
    from summarizer.settings import load

    inputs_read = read_inputs(inputs, load(flags(reading)), StatusReporter(talking))
    rows = [_article_row(article) for article in inputs_read.articles]
    emit(_format_rows(rows, Format.JSON if json else format, _article_text), saving.output)
    raise typer.Exit(inputs_read.exit_code)


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

    reporter = StatusReporter(talking)
    settings = load({"chunk_tokens": tokens, "model": model, **flags(reading)})
    counter = TokenCounter(settings.model or None)
    inputs_read = read_inputs(inputs, settings, reporter)
    rows = _chunk_rows(inputs_read.articles, settings, counter)
    # A body that surely fits is one chunk and is not counted; no vocabulary is looked for.
    if len(rows) > len(inputs_read.articles) and not counter.exact:
        reporter.warn("no tokenizer vocabulary could be had, so tokens are estimated")
    emit(_format_rows(rows, Format.JSON if json else format, _chunk_text), saving.output)
    raise typer.Exit(inputs_read.exit_code)


def _format_rows(rows: list[Row], format: Format, text: Callable[[Row], str]) -> str:
    if format is Format.TEXT:
        return "\n".join(map(text, rows))
    return as_json(rows) if format is Format.JSON else as_lines(rows)


def _article_row(article: Article) -> Row:
    return {
        "source": article.source,
        "outlet": article.outlet,
        "title": article.title,
        "byline": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "text": article.body_text,
        "body": [_span_pair(span) for span in article.body],
    }


def _article_text(row: Row) -> str:
    from summarizer.report.wording import harmless, one_line

    about = " · ".join(part for part in (row["outlet"], row["published"], row["byline"]) if part)
    title = one_line(row["title"] or row["source"])
    return f"{title}\n{one_line(about)}\n\n{harmless(row['text'])}\n"


def _chunk_rows(
    articles: Sequence[Article], settings: Settings, counter: TokenCounter
) -> list[Row]:
    from summarizer.chunking import chunks

    budget = settings.chunk_tokens
    return [
        _chunk_row(chunk, index)
        for article in articles
        for index, chunk in enumerate(chunks(article, budget=budget, count=counter))
    ]


def _chunk_row(chunk: Chunk, index: int) -> Row:
    return {
        "source": chunk.article.source,
        "outlet": chunk.article.outlet,
        "index": index,
        "start": chunk.span.start,
        "end": chunk.span.end,
        "tokens": chunk.tokens,
        "sentences": [_span_pair(span) for span in chunk.sentences],
        "text": chunk.text,
    }


def _chunk_text(row: Row) -> str:
    from summarizer.report.wording import harmless, one_line

    where = f"{one_line(row['source'])} chunk {row['index'] + 1}"
    size = f"{row['start']}-{row['end']}, {len(row['sentences'])} sentences, {row['tokens']} tokens"
    return f"== {where}: {size}\n{harmless(row['text'])}\n"


def _span_pair(span: Span) -> list[int]:
    return [span.start, span.end]
