"""What ``extract``, ``chunks`` and ``judge`` have in common: rows, as JSON or as lines of it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

import typer

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
