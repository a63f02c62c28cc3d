"""The result of a command: to standard output, to a file, to the reader's browser.

A file is written beside its place and then renamed, so that a full disk leaves the old one whole.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
from pathlib import Path

from summarizer.cli.options import Writing
from summarizer.cli.status import StatusReporter
from summarizer.errors import UsageError

PIPE_WIDTH = 100
"""Columns of a report that goes to a pipe or a file, where no screen says how many it has."""

NO_RENAME = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY})
"""Errors of a folder in which no file can be made or replaced, though its files may be written:
the folder belongs to somebody else, or the file alone is mounted into a container."""


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
        raise unwritten("standard output", problem) from problem


def abandon_output() -> None:
    """Let the interpreter find an open door when it flushes standard output at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def unwritten(place: str, problem: OSError) -> UsageError:
    """Return the error of a result that could not be written to ``place``."""
    if place == "standard output":
        abandon_output()
    reason = problem.strerror or str(problem)
    if problem.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        hint = "Make room there, or write to another place with -o."
    else:
        hint = "Give -o a file in a folder that exists and that you may write to."
    return UsageError(f"Cannot write to {place}: {reason}.", hint)


def _write_file(document: str, output: Path) -> None:
    data = document.encode("utf-8", errors="replace")
    try:
        if output.exists() and not output.is_file():  # nothing is put beside a device or a pipe
            output.write_bytes(data)
        else:
            _replace_file(output.resolve(), data)
    except OSError as problem:
        raise unwritten(str(output), problem) from problem
    except RuntimeError as problem:  # before Python 3.13: links that lead in a circle
        raise unwritten(str(output), OSError(errno.ELOOP, os.strerror(errno.ELOOP))) from problem


def _replace_file(target: Path, data: bytes) -> None:
    """Put ``data`` in the place of ``target`` when all of it is on the disk."""
    beside = target
    try:
        number, name = tempfile.mkstemp(prefix=f".{target.name[:50]}.", dir=target.parent)
        beside = Path(name)
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(_file_rights(target))
        beside.replace(target)
    except OSError as problem:
        if problem.errno not in NO_RENAME or not target.exists():
            raise
        target.write_bytes(data)
    finally:
        if beside is not target:
            beside.unlink(missing_ok=True)


def _file_rights(target: Path) -> int:
    """Return the rights of the file that is replaced, or those of a new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


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
