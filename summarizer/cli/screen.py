"""Standard output and standard error: data on the one, everything else on the other."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from summarizer.cli.options import Talking, Writing
from summarizer.errors import SummarizerError, UsageError
from summarizer.report.safe import one_line

PIPE_WIDTH = 100
"""Columns of a report that goes to a pipe or a file, where no screen says how many it has."""

Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What a command says besides its result."""

    talking: Talking

    def warn(self, message: str) -> None:
        """Say what the user should know, unless told to be quiet."""
        if not self.talking.quiet:
            say(f"Warning: {one_line(message)}")

    def note(self, message: str) -> None:
        """Say what the user will want to have read, unless told to be quiet."""
        if not self.talking.quiet:
            say(one_line(message))

    def show(self, document: str, *, always: bool = False) -> None:
        """Write lines that are laid out already, unless told to be quiet."""
        if always or not self.talking.quiet:
            say(document.rstrip("\n"))

    def tell(self, message: str) -> None:
        """Say what is being done, where that was asked for."""
        if self.talking.verbose:
            say(one_line(message))

    def progress(self) -> AbstractContextManager[Progress]:
        """Return a progress bar for a ``with``; a silent one where nobody looks at it."""
        quiet = self.talking.quiet or self.talking.no_progress or not sys.stderr.isatty()
        if quiet:
            return nullcontext(silent)
        from summarizer.cli.progress import bar

        return bar()


def say(message: str) -> None:
    """Write a line to standard error."""
    print(message, file=sys.stderr, flush=True)


def say_error(error: SummarizerError) -> None:
    """Write what went wrong and what to do next to standard error."""
    say(f"Error: {one_line(error.message)}")
    if error.hint:
        say(f"  {one_line(error.hint)}")


def use_utf8() -> None:
    """Write UTF-8 on Windows, and never crash on a letter that a terminal lacks."""
    for stream in (sys.stdout, sys.stderr):
        if sys.platform == "win32":
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def emit(document: str, output: Path | None = None) -> None:
    """Write a finished result to a file or to standard output."""
    if output is not None and str(output) != "-":
        _save(document, output)
        return
    try:
        sys.stdout.write(document)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has seen enough (``| head``). The interpreter flushes once more
        # at its end, and must find an open door there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _save(document: str, output: Path) -> None:
    try:
        output.write_text(document, encoding="utf-8", newline="\n", errors="replace")
    except OSError as problem:
        raise UsageError(
            f"Cannot write to {output}: {problem.strerror or problem}.",
            hint="Give -o a file in a folder that exists and that you may write to.",
        ) from None


def columns(writing: Writing) -> int:
    """Return how wide a report is to be."""
    if writing.width is not None:
        if writing.width < 1:
            raise UsageError(f"--width {writing.width}: must be at least 1.")
        return writing.width
    return PIPE_WIDTH if writing.output is not None else screen_columns()


def screen_columns() -> int:
    """Return the columns of the screen, or those of a pipe."""
    if sys.stdout.isatty():
        return shutil.get_terminal_size((PIPE_WIDTH, 24)).columns
    return PIPE_WIDTH


def coloured(writing: Writing) -> bool:
    """Return whether a report is to have colours (see no-color.org)."""
    if writing.no_color or writing.output is not None or os.environ.get("NO_COLOR"):
        return False
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
