"""The one entry point, and the one place where an error becomes a line and an exit code."""

from __future__ import annotations

import errno
from collections.abc import MutableMapping, Sequence
from typing import Annotated

import typer

from summarizer import __version__
from summarizer.cli import (
    cache,
    completion,
    diff,
    doctor,
    evals,
    extract,
    judge,
    mcp,
    prompts,
    slack,
    stories,
    watch,
)
from summarizer.cli.output import prepare_streams, print_error, print_status, unwritten, visible
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
    diff.diff,
    diff.article,
    extract.extract,
    extract.chunks,
    judge.judge,
    prompts.schema,
    completion.completion,
    doctor.doctor,
    mcp.mcp,
    stories.stories,
    watch.watch,
):
    app.command()(command)
app.add_typer(prompts.app, name="prompts")
app.add_typer(cache.app, name="cache")
app.add_typer(evals.app, name="eval")
app.add_typer(slack.app, name="slack")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"summarizer {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version."),
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


def complete_with_command(env: MutableMapping[str, str]) -> None:
    """Put the command that is left out, diff, into what a shell wants ``newsdiff`` to complete.

    Args:
        env: Where shells say it: bash as words and the number of the one at the cursor, the others
            as the line up to there.
    """
    name = "COMP_WORDS" if "COMP_WORDS" in env else "_TYPER_COMPLETE_ARGS"
    program, *words = env.get(name, "").split(maxsplit=2) or [""]
    at_first = int(env.get("COMP_CWORD", "1")) <= 1 and len(words) < 2 and env[name][-1:] != " "
    if not words or (at_first and not words[0].startswith("-")) or with_command(words) == words:
        return
    env[name] = " ".join([program, "diff", *words])
    env["COMP_CWORD"] = str(int(env.get("COMP_CWORD", "1")) + 1)


def run(args: Sequence[str], program: str = "summarize") -> int:
    """Run one command and return its exit code; no exception leaves this function.

    Args:
        args: The words after the program's name.
        program: The name that it was called by.
    """
    prepare_streams()
    try:
        return _run_command(args, program)
    except SummarizerError as error:
        print_error(error)
        return error.exit_code
    except typer.TyperException as error:
        print_status(f"Error: {_in_plain_words(error.format_message())}")
        print_status("  'summarize --help' and 'summarize COMMAND --help' list what there is.")
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        print_status("Interrupted.")
        return INTERRUPTED
    except OSError as error:
        if error.errno != errno.ENOSPC or error.filename is not None:
            return _report_unexpected(error, verbose=_is_verbose(args))
        print_error(unwritten("standard output", error))  # help and lists, printed as they come
        return USAGE
    except Exception as error:
        return _report_unexpected(error, verbose=_is_verbose(args))


def _run_command(args: Sequence[str], program: str) -> int:
    command = typer.main.get_command(app)
    # Called with nothing, the help is what is wanted.
    code = command.main(list(args) or ["--help"], prog_name=program, standalone_mode=False)
    if code == INTERRUPTED:
        print_status("Interrupted.")
    return code if isinstance(code, int) else 0


def _in_plain_words(message: str) -> str:
    """Return what typer says of a call, without the terms of the library that checks values."""
    for term, words in _PLAIN_WORDS.items():
        message = message.replace(term, words)
    return visible(message)


def _is_verbose(args: Sequence[str]) -> bool:
    return bool({"--verbose", "-v"} & set(args))


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
