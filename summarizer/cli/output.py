"""What a command writes: its result, rows of it, and on standard error what it says besides.

A file is written beside its place and then renamed, so that a full disk leaves the old one whole.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from summarizer.cli.options import Talking, Writing, with_options
from summarizer.errors import SummarizerError, UsageError
from summarizer.files import replace_file
from summarizer.report.wording import dumps, one_line

Progress = Callable[[str, int, int], None]
"""Told the name of a stage, how many of its steps are done, and how many there are."""

PIPE_WIDTH = 100
"""Columns of a report that goes to a pipe or a file, where no screen says how many it has."""

Row = dict[str, Any]
JsonOption = Annotated[bool, typer.Option("--json", help="Short for --format json.")]


@dataclass(frozen=True, slots=True)
class StatusReporter:
    """Says what the user asked to hear."""

    talking: Talking

    def warn(self, message: str) -> None:
        """Say what the user should know, unless told to be quiet."""
        self.note(f"Warning: {with_options(message)}")

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
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
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
        print_status(f"  {one_line(with_options(error.hint))}")


def prepare_streams() -> None:
    """Write UTF-8 on Windows, and never crash on a letter that a terminal lacks.

    In the place of streams that whoever called us has closed, others that hold nothing are opened;
    but a result that has nowhere to go is an error.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - open until the end
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - the same
    for stream in (sys.stdout, sys.stderr):
        if sys.platform == "win32":
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def emit(document: str, output: Path | None = None) -> None:
    """Write a finished result to a file, or to standard output.

    Raises:
        UsageError: It cannot be written; a file that was there before is as it was.
    """
    if output is not None and str(output) != "-":
        _write_file(document, output)
        return
    if sys.stdout is None:
        raise UsageError("Standard output is closed.", "Give -o a file to write to.")
    try:
        sys.stdout.write(document)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read us has seen enough (``| head``)
        abandon_output()
    except OSError as problem:
        abandon_output()
        raise unwritten("standard output", problem) from problem


def abandon_output() -> None:
    """Let the interpreter find an open door when it flushes standard output at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def unwritten(place: str, problem: OSError) -> UsageError:
    """Return the error of a result that could not be written to ``place``."""
    hint = "Give -o a file in a folder that exists and that you may write to."
    if problem.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        hint = "Make room there, or write to another place with -o."
    return UsageError(f"Cannot write to {place}: {problem.strerror or problem}.", hint)


def _write_file(document: str, output: Path) -> None:
    data = document.encode("utf-8", errors="replace")
    try:
        if output.exists() and not output.is_file():  # nothing is put beside a device or a pipe
            output.write_bytes(data)
        else:
            replace_file(output.resolve(), data)
    except OSError as problem:
        raise unwritten(str(output), problem) from problem
    except RuntimeError as problem:  # before Python 3.13: links that lead in a circle
        raise unwritten(str(output), OSError(errno.ELOOP, os.strerror(errno.ELOOP))) from problem


def deliver(document: str, output: Path | None, *, open: bool, reporter: StatusReporter) -> None:
    """Write ``document`` where it was wanted, and open it in the browser if that was asked."""
    if open and (output is None or str(output) == "-"):
        # Kept when the command ends: the browser reads it later.
        output = Path(tempfile.mkdtemp(prefix="summarizer-")) / "report.html"
    emit(document, output)
    if not open or output is None:
        return
    import webbrowser

    if webbrowser.open(output.resolve().as_uri()):
        reporter.note(f"The report is in {output}.")
    else:
        reporter.warn(f"no browser could be started; the report is in {output}")


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


def as_json(value: object) -> str:
    """Return a value of lists and dictionaries as an indented JSON document."""
    return dumps(value, indent=2) + "\n"


def as_lines(rows: Iterable[Row]) -> str:
    """Return the rows as JSON, each on a line."""
    return "".join(f"{dumps(row)}\n" for row in rows)


def field_line(name: str, value: object, indent: int = 0) -> str:
    """Return a name and its value as a line in two columns."""
    return f"{' ' * indent}{one_line(name):<{22 - indent}} {one_line(str(value))}\n"
