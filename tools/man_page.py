"""Write the manual page of the command line, for ``man``: ``python tools/man_page.py FOLDER``.

click-man does not know the options of typer, which has a click of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

import typer

from summarizer import __version__
from summarizer.cli.app import EPILOG, app

PROGRAM = "summarize"
OTHER_NAMES = ("summarizer", "newsdiff")
"""Scripts that have the same page."""


def page() -> str:
    """Return the page in troff's language."""
    command = typer.main.get_command(app)
    context: Any = command.make_context(PROGRAM, ["x"], resilient_parsing=True)
    lines = [
        f'.TH SUMMARIZE 1 "" "newsdiff {__version__}"',
        ".SH NAME",
        f"summarize, newsdiff \\- {_text(command.help or '')}",
        ".SH SYNOPSIS",
        ".B summarize",
        r"COMMAND [OPTIONS] INPUT\.\.\.",
        ".PP",
        ".B newsdiff",
        r"[OPTIONS] INPUT\.\.\.",
        ".SH DESCRIPTION",
        "newsdiff without a command means newsdiff diff.",
        "All commands are the same under both names.",
        ".SH COMMANDS",
        *_commands(context),
        ".SH EXIT STATUS",
        _text(EPILOG.removeprefix("Exit codes: ")),
    ]
    return "\n".join(lines) + "\n"


def _commands(context: Any) -> Iterator[str]:
    """Yield the commands below one, each with its options."""
    for name, command in context.command.commands.items():
        below = type(context)(command, info_name=name, parent=context)
        if hasattr(command, "commands"):
            yield from _commands(below)
            continue
        usage = " ".join(command.collect_usage_pieces(below))
        yield f".SS {_text(f'{below.command_path} {usage}')}"
        yield _text(cleandoc(command.help or ""))
        for parameter in command.get_params(below):
            if record := parameter.get_help_record(below):
                yield from (".TP", f".B {_text(record[0])}", _text(record[1]))


def _text(text: str) -> str:
    """Return a text that troff prints as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    lines = [line.strip() for line in escaped.splitlines()]
    return "\n".join((rf"\&{line}" if line[:1] in (".", "'") else line) or ".PP" for line in lines)


def main(folder: Path) -> None:
    """Write the page under each name of the command."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{PROGRAM}.1").write_text(page(), encoding="utf-8")
    for name in OTHER_NAMES:
        (folder / f"{name}.1").write_text(f".so man1/{PROGRAM}.1\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
