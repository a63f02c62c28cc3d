"""The one entry point, and the one place where an error becomes a line and an exit code."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import Annotated, Literal

import typer
from typer import Argument, Option

from summarizer import __version__
from summarizer.cli import articles, cache, doctor, evals, prompts, services, stories
from summarizer.cli.output import (
    abandon_output,
    prepare_streams,
    print_error,
    print_status,
    unwritten,
)
from summarizer.errors import SummarizerError
from summarizer.report.wording import one_line

UNEXPECTED = 1
USAGE = 2
INTERRUPTED = 130

EPILOG = (
    "Exit codes: 0 fine, 1 unexpected, 2 usage, 3 unusable input, 4 model or server, "
    "5 partial result, 6 budget reached, 100 an eval fell below its floors, 130 interrupted."
)

_PLAIN_WORDS = {
    "Value error, ": "",
    "Input should be a valid integer, unable to parse string as an integer": "a whole number is "
    "needed.",
    "Input should be a valid number, unable to parse string as a number": "a number is needed.",
}
"""What pydantic, which typer has check the values of options, says of them, and in plain words."""


def completion(
    context: typer.Context,
    shell: Annotated[Literal["bash", "zsh", "fish"], Argument(help="bash, zsh or fish.")],
) -> None:
    """Print the script that makes a shell complete this program. It changes no file.

    It is for the name that was called: `newsdiff completion bash` for newsdiff.
    """
    root = context.find_root()
    program = root.info_name or "summarize"
    # Typer prints its script where this variable of the environment asks for it.
    asking = f"_{program.upper()}_COMPLETE"
    os.environ[asking] = f"source_{shell}"
    try:
        root.command.main([], prog_name=program, standalone_mode=False)
    finally:
        del os.environ[asking]


app = typer.Typer(
    name="summarize",
    help="What do all outlets report, what does only one report, and where do they differ?",
    epilog=EPILOG,
    # Boxes and colours in help would cost more time than everything else in it.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
for command in (
    articles.diff,
    articles.article,
    articles.extract,
    articles.chunks,
    articles.judge,
    prompts.schema,
    completion,
    doctor.doctor,
    services.mcp,
    stories.stories,
    services.watch,
):
    app.command()(command)
app.add_typer(prompts.app, name="prompts")
app.add_typer(cache.app, name="cache")
app.add_typer(evals.app, name="eval")
app.add_typer(services.slack, name="slack")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"summarizer {__version__}")
        raise typer.Exit


@app.callback()
def _root_command(
    version: Annotated[
        bool, Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """What do all outlets report, what does only one report, and where do they differ?"""


def with_command(args: Sequence[str]) -> list[str]:
    """Return the arguments of ``newsdiff`` with the command that is left out: diff."""
    known = {"--help", "-h", "--version", "--install-completion", "--show-completion"}
    commands = getattr(typer.main.get_command(app), "commands", {})
    if not args or args[0] in known or args[0] in commands:
        return list(args)
    return ["diff", *args]


def run(args: Sequence[str], program: str = "summarize") -> int:
    """Run one command, called as ``program``, and return its exit code; nothing is raised."""
    prepare_streams()
    try:
        # Called with nothing, the help is what is wanted.
        command = typer.main.get_command(app)
        code = command.main(list(args) or ["--help"], prog_name=program, standalone_mode=False)
    except SummarizerError as error:
        print_error(error)
        return error.exit_code
    except typer.TyperException as error:
        message = error.format_message()
        if message.startswith("Usage: "):  # a group without a command: its help is what is wanted
            typer.echo(message)
            return 0
        print_status(f"Error: {_in_plain_words(message)}")
        print_status("  'summarize --help' and 'summarize COMMAND --help' list what there is.")
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        if not isinstance(error, OSError) or error.errno != errno.ENOSPC or error.filename:
            return _report_unexpected(error, verbose=bool({"--verbose", "-v"} & set(args)))
        abandon_output()
        print_error(unwritten("standard output", error))  # help and lists, printed as they come
        return USAGE
    if code == INTERRUPTED:
        print_status("Interrupted.")
    return code if isinstance(code, int) else 0


def _in_plain_words(message: str) -> str:
    """Return what typer says without pydantic's terms, and hidden characters as escapes."""
    for term, words in _PLAIN_WORDS.items():
        message = message.replace(term, words)
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in message)


def _report_unexpected(error: Exception, *, verbose: bool) -> int:
    if verbose:
        import traceback

        traceback.print_exception(error)
        return UNEXPECTED
    print_status(
        f"Error: something unexpected went wrong ({type(error).__name__}: {one_line(str(error))})."
    )
    print_status("  Run again with --verbose for the traceback, and report it.")
    return UNEXPECTED
