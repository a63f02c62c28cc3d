"""``summarize extract``: the article without the page around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from summarizer.cli.options import Inputs, Reading, Saving, Talking, expanded
from summarizer.cli.read import flags, read
from summarizer.cli.rows import (
    Format,
    FormatOption,
    JsonOption,
    as_json,
    as_lines,
    extract_row,
)
from summarizer.cli.screen import Voice, emit

if TYPE_CHECKING:
    from summarizer.types import Article


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

    voice = Voice(talking)
    found = read(inputs, load(flags(reading)), voice)
    emit(_document(found.articles, Format.JSON if json else format), saving.output)
    raise typer.Exit(found.exit_code)


def _document(articles: tuple[Article, ...], format: Format) -> str:
    if format is Format.TEXT:
        return "\n".join(_text(article) for article in articles)
    rows = map(extract_row, articles)
    return as_json(rows) if format is Format.JSON else as_lines(rows)


def _text(article: Article) -> str:
    from summarizer.report.safe import harmless, one_line

    about = [article.outlet, article.published and article.published.isoformat(), article.byline]
    head = [article.title or article.source, " · ".join(str(part) for part in about if part)]
    lines = "\n".join(one_line(line) for line in head)
    return f"{lines}\n\n{harmless(article.body_text)}\n"
