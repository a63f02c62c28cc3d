"""``summarize schema``: the contract of what is written."""

from __future__ import annotations

from typing import Annotated

import typer

from summarizer.cli.options import Saving, expanded
from summarizer.cli.output import emit
from summarizer.errors import UsageError


@expanded
def schema(
    *,
    saving: Saving,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Which one: report, extract, chunks or judge."),
    ] = "report",
) -> None:
    """Print the JSON Schema of what is written."""
    from summarizer.render.json import dumps
    from summarizer.report.schema import SCHEMAS, json_schema

    if name not in SCHEMAS:
        known = "; ".join(f"{key}: {about}" for key, (_, about) in SCHEMAS.items())
        raise UsageError(f"There is no schema {name!r}.", hint=f"Known are {known}.")
    emit(dumps(json_schema(name), indent=2) + "\n", saving.output)
