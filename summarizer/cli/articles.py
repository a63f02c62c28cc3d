"""Commands on articles: ``diff``, ``article``, ``extract``, ``chunks`` and ``judge``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer
from typer import Argument, Option

from summarizer.cli.options import (
    Asking,
    Inputs,
    JudgeOption,
    OutputOption,
    Reading,
    Working,
    Writing,
    expanded,
    load_settings,
)
from summarizer.cli.output import (
    JsonOption,
    Row,
    StatusReporter,
    as_json,
    as_lines,
    at_desk,
    deliver,
    emit,
    exit_code,
    print_plan,
    read_inputs,
    report_outcome,
)
from summarizer.errors import UsageError
from summarizer.report.wording import harmless, one_line

if TYPE_CHECKING:
    from summarizer.settings import Settings
    from summarizer.types import DiffReport


Format = Literal["terminal", "html", "md", "json", "csv"]  # what a report is written as
RowFormat = Literal["text", "json", "jsonl"]  # what rows are written as
_UNWRITTEN = frozenset({".pdf", ".docx", ".doc", ".xlsx", ".xml"})
_BY_SUFFIX: dict[str, Format] = {".json": "json", ".csv": "csv", ".md": "md", ".html": "html"}
_BY_SUFFIX |= {".markdown": "md", ".htm": "html"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatting:
    """What a report is written as, and whether it is opened."""

    format: Annotated[
        Format | None,
        Option(
            "--format",
            "-f",
            help="What to write.  [default: by the name of the -o file, else terminal]",
        ),
    ] = None
    json: JsonOption = False
    open: Annotated[bool, Option("--open", help="Write HTML and show it in the browser.")] = False

    def chosen(self, writing: Writing) -> Format:
        """Return what is to be written: what was said, else what the file's name says."""
        suffix = writing.output.suffix.lower() if writing.output else ""
        named = "json" if self.json else self.format
        if named is None and suffix in _UNWRITTEN:
            raise UsageError(
                f"A report cannot be written as {suffix}.",
                hint="Choose a file name that ends in .html, .md, .json, .csv or .txt, or give "
                "--format.",
            )
        by_name = _BY_SUFFIX.get(suffix)
        if self.open and (named or by_name or "html") != "html":
            raise UsageError(
                "--open shows the HTML report, and another format was asked for.",
                hint="Leave --open out, or give -o a file name that ends in .html.",
            )
        return named or by_name or ("html" if self.open else "terminal")


ReplayOption = Annotated[
    str | None,
    Option(
        "--replay",
        metavar="FILE",
        help="Take a model's recorded answers from this file and send nothing; no key is needed.",
    ),
]


@expanded
def diff(
    *,
    inputs: Inputs,
    formatting: Formatting,
    everything: Annotated[
        bool, Option("--all", help="Show every fact, not only the most important.")
    ] = False,
    summaries: Annotated[
        bool, Option("--summaries", help="Begin with a summary of each article.")
    ] = False,
    writing: Writing,
    working: Working,
    asking: Asking,
    recordings: ReplayOption = None,
    reading: Reading,
    reporter: StatusReporter,
) -> None:
    """Compare the articles of several outlets on one event.

    The report says what all outlets report, what several report, what only one reports, and
    where they differ. Under each line it quotes the words of the article.
    """
    settings = load_settings(working, asking, reading, recordings=recordings)
    extent = {"everything": everything, "summaries": summaries}
    _write_report(inputs, settings, extent, formatting, writing, reporter, dry_run=asking.dry_run)


@expanded
def article(
    *,
    inputs: Inputs,
    formatting: Formatting,
    writing: Writing,
    working: Working,
    asking: Asking,
    recordings: ReplayOption = None,
    reading: Reading,
    reporter: StatusReporter,
) -> None:
    """Summarize articles one by one."""
    settings = load_settings(working, asking, reading, recordings=recordings)
    _write_report(inputs, settings, None, formatting, writing, reporter, dry_run=asking.dry_run)


def _write_report(
    inputs: Sequence[str],
    settings: Settings,
    extent: Mapping[str, bool] | None,
    formatting: Formatting,
    writing: Writing,
    reporter: StatusReporter,
    *,
    dry_run: bool,
) -> NoReturn:
    """Read, run, write and end the command; without an extent articles are not compared."""
    from summarizer import pipeline

    chosen = formatting.chosen(writing)
    articles, code = read_inputs(inputs, settings, reporter)
    if extent is not None and len(articles) == 1:
        for warning in articles[0].warnings:
            reporter.warn(warning)
        pipeline.need_two(articles)
    with at_desk(settings, reporter) as desk, reporter.progress() as progress:
        if dry_run:
            print_plan(
                pipeline.plan(articles, settings, desk, compare=extent is not None),
                "tokens are estimated, and sentences stand in for claims that are not known yet.",
            )
        run = pipeline.summarize if extent is None else pipeline.diff
        report = run(articles, settings, desk=desk, progress=progress)
    document = _render_report(report, chosen, writing, extent)
    deliver(document, writing.output, open=formatting.open, reporter=reporter)
    report_outcome(report, reporter)
    raise typer.Exit(exit_code(report.failures, partial=bool(report.failures or code)))


def _render_report(
    report: DiffReport, chosen: Format, writing: Writing, extent: Mapping[str, bool] | None
) -> str:
    if chosen == "terminal":
        from summarizer.render import terminal

        width, colour = writing.columns, writing.is_coloured
        if extent is None:
            return terminal.articles(report, width=width, colour=colour)
        return terminal.diff(report, width=width, colour=colour, **extent)
    if chosen == "md":
        from summarizer.render import markdown

        if extent is None:
            return markdown.articles(report)
        return markdown.to_markdown(report, **extent)
    import summarizer

    # Only the module of the one that is asked for is loaded.
    to_document: Callable[[DiffReport], str] = getattr(summarizer, f"to_{chosen}")
    return to_document(report)


RowFormatOption = Annotated[RowFormat, Option("--format", "-f", help="What to write.")]


@expanded
def extract(
    *,
    inputs: Inputs,
    format: RowFormatOption = "text",
    json: JsonOption = False,
    output: OutputOption = None,
    reading: Reading,
    reporter: StatusReporter,
) -> None:
    """Write the cleaned text and metadata of articles.

    A row of json and jsonl has source, outlet, title, byline, published, language, text and
    body: text is the cleaned body, its spans joined by a blank line; body holds these spans
    as [start, end) in code points of the source text.
    """
    articles, code = read_inputs(inputs, load_settings(reading), reporter)
    rows: list[Row] = [
        {
            "source": each.source,
            "outlet": each.outlet,
            "title": each.title,
            "byline": each.byline,
            "published": each.published.isoformat() if each.published else None,
            "language": each.language,
            "text": each.body_text,
            "body": [[span.start, span.end] for span in each.body],
        }
        for each in articles
    ]
    emit(_format_rows(rows, "json" if json else format, _article_text), output)
    raise typer.Exit(code)


def _article_text(row: Row) -> str:
    about = " · ".join(part for part in (row["outlet"], row["published"], row["byline"]) if part)
    title = one_line(row["title"] or row["source"])
    return f"{title}\n{one_line(about)}\n\n{harmless(row['text'])}\n"


@expanded
def chunks(
    *,
    inputs: Inputs,
    tokens: Annotated[
        int | None, Option(help="Tokens in one chunk, at most.  [default: 1500]")
    ] = None,
    model: Annotated[
        str | None, Option(help="The model whose tokens are counted.  [default: o200k_base]")
    ] = None,
    format: RowFormatOption = "text",
    json: JsonOption = False,
    output: OutputOption = None,
    reading: Reading,
    reporter: StatusReporter,
) -> None:
    """Cut articles into chunks within a token budget.

    A chunk is whole sentences of the cleaned body; start and end count code points of the
    source text.
    """
    from summarizer.tokens import chunks as cut_into_chunks
    from summarizer.tokens import count_tokens, load_encoding

    settings = load_settings(reading, chunk_tokens=tokens, model=model)
    count = partial(count_tokens, model=settings.model or None)
    articles, code = read_inputs(inputs, settings, reporter)
    rows: list[Row] = [
        {
            "source": article.source,
            "outlet": article.outlet,
            "index": index,
            "start": chunk.span.start,
            "end": chunk.span.end,
            "tokens": chunk.tokens,
            "sentences": [[span.start, span.end] for span in chunk.sentences],
            "text": chunk.text,
        }
        for article in articles
        for index, chunk in enumerate(
            cut_into_chunks(article, budget=settings.chunk_tokens, count=count)
        )
    ]
    # A body that surely fits is one chunk and is not counted; no vocabulary is looked for.
    if len(rows) > len(articles) and load_encoding(settings.model or None) is None:
        reporter.warn("no tokenizer vocabulary could be had, so tokens are estimated")
    emit(_format_rows(rows, "json" if json else format, _chunk_text), output)
    raise typer.Exit(code)


def _chunk_text(row: Row) -> str:
    where = f"{one_line(row['source'])} chunk {row['index'] + 1}"
    size = f"{row['start']}-{row['end']}, {len(row['sentences'])} sentences, {row['tokens']} tokens"
    return f"== {where}: {size}\n{harmless(row['text'])}\n"


def _format_rows(rows: list[Row], format: RowFormat, text: Callable[[Row], str]) -> str:
    if format == "text":
        return "\n".join(map(text, rows))
    return as_json(rows) if format == "json" else as_lines(rows)


@expanded
def judge(
    *,
    file: Annotated[
        Path,
        Argument(
            metavar="FILE.jsonl", help="Rows with id, document and claim; - for standard input."
        ),
    ],
    judge: JudgeOption = None,
    output: OutputOption = None,
    asking: Asking,
    reporter: StatusReporter,
) -> None:
    """Check whether documents support claims.

    Writes the same rows with verdict and probability. The verdict is supported, contradicted
    or not_found; the probability is always that the document supports the claim. Where one
    detail decided against a claim, a wrong name or figure, the row has the reason. A row on
    which a model gives no answer is left out, named on standard error, and the exit code is 5.
    """
    from summarizer.cli.evals.judge import judge_file
    from summarizer.pipeline import judging_only

    settings = judging_only(load_settings(asking, judge=judge))
    raise typer.Exit(judge_file(file, output, settings, asking, reporter))
