"""``summarize slack feedback``: what readers said is wrong, as cases to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import expanded
from summarizer.cli.output import emit
from summarizer.cli.rows import JsonOption, as_json
from summarizer.cli.status import print_status
from summarizer.report.safe import one_line

if TYPE_CHECKING:
    from summarizer.slackbot.complaints import Complaint


@expanded
def feedback(
    *,
    labels: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The label file of the Slack app (labels.jsonl)."),
    ],
    json: JsonOption = False,
) -> None:
    """List what readers in Slack said is wrong, as cases to look at.

    Readers err, too: what is listed is to be read beside the articles, and a case made of it
    (evals/cases) where they are right.
    """
    from dataclasses import asdict

    from summarizer.slackbot.complaints import complaints, load_feedback

    rows = load_feedback(labels)
    found = complaints(rows)
    if json:
        emit(as_json(asdict(each) for each in found))
        return
    emit("".join(line for each in found for line in _lines(each)))
    print_status(f"{len(rows)} labels, {len(found)} cases to look at")


def _lines(found: Complaint) -> Iterator[str]:
    yield f"{found.label} ({found.readers}): {one_line(found.text or found.headline)}\n"
    if found.outlets:
        yield f"    reported by {one_line(', '.join(found.outlets))}\n"
    if found.nearest:
        yield f"    compare: {one_line(found.nearest)}\n"
    yield from (f"    note: {one_line(note)}\n" for note in found.notes)
    yield f"    report {found.report}, {one_line(found.headline)}\n"
    yield from (f"    source: {one_line(source)}\n" for source in found.sources)
