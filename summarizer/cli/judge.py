"""``summarize judge``: does each document support the claim beside it?"""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Saving, Talking, expanded
from summarizer.cli.rows import Row, as_lines
from summarizer.cli.screen import Progress, Voice, emit
from summarizer.errors import InputError, UnreadableSource

if TYPE_CHECKING:
    from summarizer.types import Article, Claim

NEEDED = ("document", "claim")
"""What a row must have, as texts; its other keys are kept as they are."""


@expanded
def judge(
    *,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE.jsonl",
            help="Rows with id, document and claim; - for standard input.",
            show_default=False,
        ),
    ],
    judge: Annotated[
        str | None, typer.Option(help="Who judges: auto or lexical.  [default: auto]")
    ] = None,
    saving: Saving,
    talking: Talking,
) -> None:
    """Judge claims against documents.

    Writes the same rows with verdict and probability. The verdict is supported, contradicted
    or not_found; the probability is always that the document supports the claim.
    """
    from summarizer.settings import load

    load({"judge": judge})
    rows = list(_rows(_lines(file), file))
    with Voice(talking).progress() as progress:
        _judge(rows, progress)
    emit(as_lines(rows), saving.output)


def _lines(file: str) -> list[bytes]:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as problem:
        raise UnreadableSource(
            f"Cannot read {file}: {problem.strerror or problem}.",
            hint="Give a file of JSON lines, or - for standard input.",
        ) from None
    # Only a newline ends a JSON line; other separators may stand inside its texts.
    return content.removeprefix(b"\xef\xbb\xbf").split(b"\n")


def _rows(lines: Sequence[bytes], file: str) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _row(line)
        except ValueError as problem:
            raise InputError(
                f"{file}, line {number}: {problem}.",
                hint='A row is {"id": "1", "document": "…", "claim": "…"}, all on one line.',
            ) from None


def _row(line: bytes) -> Row:
    try:
        row = jsonlib.loads(line)
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except jsonlib.JSONDecodeError as problem:
        raise ValueError(f"not JSON ({problem.msg} at column {problem.colno})") from None
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    for key in NEEDED:
        if not isinstance(row.get(key), str):
            raise ValueError(f"{key!r} is missing" if key not in row else f"{key!r} is not a text")
    return row


def _judge(rows: Sequence[Row], progress: Progress) -> None:
    """Add verdict and probability to each row."""
    from summarizer.judges.lexical import LexicalJudge
    from summarizer.render.json import DECIMALS

    lexical = LexicalJudge()
    done = 0
    # Neighbours often share a document, which is then read once.
    for document, group in groupby(rows, key=lambda row: row["document"]):
        same = list(group)
        article = _article(document)
        claims = [_claim(row["claim"], article) for row in same]
        for row, judged in zip(same, lexical.judge(claims, article), strict=True):
            row["verdict"] = judged.verdict.value
            row["probability"] = round(judged.probability, DECIMALS)
        done += len(same)
        progress("judging", done, len(rows))


def _article(text: str) -> Article:
    from summarizer.types import Article, OutletFrom, Span

    return Article(
        id="document",
        source="document",
        sha256="",
        text=text,
        body=(Span(0, len(text)),),
        outlet="document",
        outlet_from=OutletFrom.FLAG,
    )


def _claim(text: str, article: Article) -> Claim:
    from summarizer.types import Claim

    return Claim(article=article, text=text, evidence=())
