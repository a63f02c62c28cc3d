"""The progress bar; loaded only where somebody looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from summarizer.cli.screen import Progress as Report


@contextmanager
def bar() -> Iterator[Report]:
    """Draw a bar on standard error, one stage at a time, and remove it at the end."""
    console = Console(stderr=True)
    drawn = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    with drawn:
        task = drawn.add_task("starting", total=None)

        def report(stage: str, done: int, total: int) -> None:
            drawn.update(task, description=stage, completed=done, total=total)

        yield report
