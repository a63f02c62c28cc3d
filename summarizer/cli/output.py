"""A run as its user meets it: what is read, what it would cost, its result and how it ended.

A file is written beside its place and then renamed, so that a full disk leaves the old one whole.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer import Option

from summarizer.cli.options import PIPE_WIDTH, with_options
from summarizer.errors import BudgetReached, InputError, SummarizerError, UsageError
from summarizer.files import replace_file
from summarizer.report.wording import dumps, one_line, plural
from summarizer.usage import Usage, format_dollars

if TYPE_CHECKING:
    from summarizer.pipeline import Desk, Plan, Progress
    from summarizer.render import tables
    from summarizer.settings import Settings
    from summarizer.types import Article, DiffReport, Failure

PARTIAL = 5  # exit code of a run that printed a result but could not use every input
PLAN_COLUMNS = ("stage", "requests", "stored", "tokens in", "out, most", "cost, most")

Row = dict[str, Any]
JsonOption = Annotated[bool, Option("--json", help="Short for --format json.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReporter:
    """What is said on standard error besides the result."""

    quiet: Annotated[
        bool, Option("--quiet", "-q", help="Say nothing but errors on standard error.")
    ] = False
    verbose: Annotated[
        bool, Option("--verbose", "-v", help="Say what is done, and show a traceback on a crash.")
    ] = False
    no_progress: Annotated[bool, Option("--no-progress", help="Show no progress bar.")] = False

    def warn(self, message: str) -> None:
        """Say what the user should know, unless told to be quiet."""
        self.note(f"Warning: {with_options(message)}")

    def note(self, message: str) -> None:
        """Say what the user will want to have read, unless told to be quiet."""
        if not self.quiet:
            print_status(one_line(message))

    def tell(self, message: str) -> None:
        """Say what is being done, where that was asked for."""
        if self.verbose:
            print_status(one_line(message))

    def progress(self) -> AbstractContextManager[Progress]:
        """Return a progress bar for a ``with``; a silent one where nobody looks at it."""
        if self.quiet or self.no_progress or not sys.stderr.isatty():
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
    """Write UTF-8 on Windows, and crash on no letter that a terminal lacks and no closed stream.

    A result that has nowhere to go is still an error.
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
    """Write a finished result, whole or not at all, to a file, or to standard output."""
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


def as_json(value: object) -> str:
    """Return a value of lists and dictionaries as an indented JSON document."""
    return dumps(value, indent=2) + "\n"


def as_lines(rows: Iterable[Row]) -> str:
    """Return the rows as JSON, each on a line."""
    return "".join(f"{dumps(row)}\n" for row in rows)


def field_line(name: str, value: object, indent: int = 0) -> str:
    """Return a name and its value as a line in two columns."""
    return f"{' ' * indent}{one_line(name):<{22 - indent}} {one_line(str(value))}\n"


def read_inputs(
    inputs: Sequence[str], settings: Settings, reporter: StatusReporter
) -> tuple[Sequence[Article], int]:
    """Return the articles of ``inputs``, and the exit code; what cannot be read is told."""
    from summarizer.sources.reading import ReadOptions, read_articles

    options = ReadOptions(allow_private_urls=settings.allow_private_urls)
    articles, problems = read_articles(inputs, options=options)
    if not articles and len(problems) == 1:
        raise problems[0]
    for problem in problems:
        if articles:
            reporter.warn(f"left out: {problem.message} {problem.hint}".rstrip())
        else:
            print_error(problem)
    if not articles:
        message = f"None of the {len(problems)} inputs could be used."
        raise InputError(message, hint="See the lines above.")
    for article in articles:
        body = sum(map(len, article.body))
        reporter.tell(
            f"{article.source}: {article.outlet} (from {article.outlet_from.value}), "
            f"{article.published or 'no date'}, {body:,} of {len(article.text):,} characters kept"
        )
    return articles, PARTIAL if problems else 0


@contextmanager
def at_desk(settings: Settings, reporter: StatusReporter) -> Iterator[Desk]:
    """Open a desk for a ``with``, and say which model is asked, if one is."""
    from summarizer.pipeline import open_desk

    with open_desk(settings, warn=reporter.warn) as desk:
        if desk.session is not None:
            reporter.note(f"{desk.engine.name} engine, {desk.judge.name} judge: {desk.described()}")
        yield desk


def print_plan(planned: Plan, note: str = "tokens are estimated.") -> NoReturn:
    """Print what a run would ask and cost, and end the command."""
    from summarizer.render.tables import Text, to_terminal

    if not planned.stages:
        emit("Nothing is asked: the offline engine and judge need no model.\n")
        raise typer.Exit
    total = f"{plural(planned.requests, 'request')}, at most {format_dollars(planned.cost)}"
    emit(to_terminal([plan_table(planned), Text(f"In all {total}; {note}")], PIPE_WIDTH))
    raise typer.Exit


def plan_table(planned: Plan, *more: tables.Row) -> tables.Table:
    """Return what each stage would ask and cost, with more rows below."""
    from summarizer.render.tables import Row, Table

    rows = []
    for stage, used in planned.stages.items():
        counts = (used.calls, used.cached_calls, used.input_tokens, used.output_tokens)
        cells = (stage, *(f"{count:,}" for count in counts), format_dollars(used.cost_usd))
        rows.append(Row(cells))
    return Table(PLAN_COLUMNS, (*rows, *more))


def exit_code(failed: Iterable[Failure | SummarizerError], *, partial: bool) -> int:
    """Return the code of a run that printed its result: that of the cap on cost comes first."""
    if any(each.exit_code == BudgetReached.exit_code for each in failed):
        return BudgetReached.exit_code
    return PARTIAL if partial else 0


def report_outcome(report: DiffReport, reporter: StatusReporter) -> None:
    """Say what was left out, and what the run took."""
    if report.failures:
        reasons = ", ".join(dict.fromkeys(failure.reason for failure in report.failures))
        reporter.warn(
            f"the report is partial: {plural(len(report.failures), 'step')} failed ({reasons}); "
            "its warnings name each."
        )
    if report.generated.model:
        reporter.note(usage_sentence(report.usage))


def usage_sentence(usage: Usage) -> str:
    """Return what a run took, in a sentence."""
    return (
        f"{plural(usage.calls, 'request')}, {usage.cached_calls} from the cache, "
        f"{usage.input_tokens:,} tokens in ({usage.cached_input_tokens:,} cached by the "
        f"server), {usage.output_tokens:,} out, cost {format_dollars(usage.cost_usd)}, "
        f"{usage.seconds:.1f} s."
    )


def need_extra(extra: str, message: str, *modules: str) -> None:
    """Raise a UsageError that says what to install where a library of an extra is missing."""
    if any(find_spec(name) is None for name in modules):
        raise UsageError(message, f"Install it: pip install 'newsdiff[{extra}]'")
