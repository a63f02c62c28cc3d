"""``summarize judge``: does each document support the claim beside it?"""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.options import Asking, JudgeOption, Saving, Talking, expanded
from summarizer.cli.output import Row, StatusReporter, as_lines, emit
from summarizer.errors import InputError, UnreadableSource

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
    judge: JudgeOption = None,
    saving: Saving,
    asking: Asking,
    talking: Talking,
) -> None:
    """Check whether documents support claims.

    Writes the same rows with verdict and probability. The verdict is supported, contradicted
    or not_found; the probability is always that the document supports the claim. Where one
    detail decided against a claim, a wrong name or figure, the row has the reason. A row on
    which a model gives no answer is left out, named on standard error, and the exit code is 5.
    """
    from summarizer.cli import pairs
    from summarizer.pipeline.checking import judging_only
    from summarizer.settings import load

    settings = judging_only(load({"judge": judge, **asking.settings()}))
    reporter = StatusReporter(talking)
    numbered = list(_rows(_lines(file), file))
    lines, rows = [number for number, _ in numbered], [row for _, row in numbered]
    with pairs.judging_desk(settings, reporter) as desk:
        if asking.dry_run:
            emit(f"{pairs.planned(rows, settings, desk)}\n")
            raise typer.Exit
        with reporter.progress() as progress:
            judged = pairs.judged(rows, desk, progress)
        missing = [line for line, row in zip(lines, judged, strict=True) if row is None]
        if rows and len(missing) == len(rows) and desk.errors:
            raise desk.errors[0]
        emit(as_lines(row for row in judged if row is not None), saving.output)
        for line in missing:
            reporter.warn(f"{file}, line {line}: no verdict, left out.")
    raise typer.Exit(pairs.exit_code(desk, complete=not missing))


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


def _rows(lines: Sequence[bytes], file: str) -> Iterator[tuple[int, Row]]:
    """Yield the rows with the numbers of their lines."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, _row(line)
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
