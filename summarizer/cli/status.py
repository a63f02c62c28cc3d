"""Standard error: what a command says besides its result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass

from summarizer.cli.options import Talking
from summarizer.errors import SummarizerError
from summarizer.report.safe import one_line

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how many of its steps are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class StatusReporter:
    """Says what the user asked to hear."""

    talking: Talking

    def warn(self, message: str) -> None:
        """Say what the user should know, unless told to be quiet."""
        if not self.talking.quiet:
            print_status(f"Warning: {one_line(message)}")

    def note(self, message: str) -> None:
        """Say what the user will want to have read, unless told to be quiet."""
        if not self.talking.quiet:
            print_status(one_line(message))

    def show(self, document: str, *, always: bool = False) -> None:
        """Write lines that are laid out already, unless told to be quiet."""
        if always or not self.talking.quiet:
            print_status(document.rstrip("\n"))

    def tell(self, message: str) -> None:
        """Say what is being done, where that was asked for."""
        if self.talking.verbose:
            print_status(one_line(message))

    def progress(self) -> AbstractContextManager[Progress]:
        """Return a progress bar for a ``with``; a silent one where nobody looks at it."""
        if self.talking.quiet or self.talking.no_progress or not sys.stderr.isatty():
            return nullcontext(lambda stage, done, total: None)
        return _progress_bar()


@contextmanager
def _progress_bar() -> Iterator[Progress]:
    """Draw a bar on standard error, one stage at a time, and remove it at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("starting", total=None)
        yield lambda stage, done, total: bar.update(
            task, description=stage, completed=done, total=total
        )


def print_status(message: str) -> None:
    """Write a line to standard error; where that is full or closed there is nobody to tell."""
    with suppress(OSError):
        print(message, file=sys.stderr, flush=True)


def print_error(error: SummarizerError) -> None:
    """Write what went wrong and what to do next to standard error."""
    print_status(f"Error: {one_line(error.message)}")
    if error.hint:
        print_status(f"  {one_line(error.hint)}")


def visible(text: str) -> str:
    r"""Return ``text`` with each character that prints nothing as its escape, such as ``\x1b``.

    For what the user typed: an argument with a hidden character in it is not the one it looks
    like, and the user should see why.
    """
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
