"""The command line: arguments in, the pipeline, a renderer, an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

OVERWRITTEN = (
    "Error: another package has overwritten this one: both install the import name 'summarizer'.\n"
    "  Packages that do so are bert-extractive-summarizer and summarizer. Give newsdiff an "
    "environment of its own: pipx install newsdiff"
)

USAGE = 2


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    _refuse_overwritten()
    from summarizer.cli.app import run

    program = "summarizer" if Path(sys.argv[0]).stem == "summarizer" else "summarize"
    sys.exit(run(sys.argv[1:] if args is None else args, program))


def newsdiff() -> None:
    """Run the command line where a first word that is no command is an article to compare."""
    _refuse_overwritten()
    from summarizer.cli.app import run, with_command

    sys.exit(run(with_command(sys.argv[1:]), "newsdiff"))


def _refuse_overwritten() -> None:
    """Leave with a message where ``summarizer/__init__.py`` is another package's file."""
    import summarizer

    if "DiffReport" not in getattr(summarizer, "__all__", ()):
        print(OVERWRITTEN, file=sys.stderr)
        sys.exit(USAGE)
