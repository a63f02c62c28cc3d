"""``summarize completion``: what a shell needs to complete commands and options."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated

import typer


class Shell(StrEnum):
    """The shells that there is a script for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(
    context: typer.Context, shell: Annotated[Shell, typer.Argument(help="bash, zsh or fish.")]
) -> None:
    """Print the script that makes a shell complete this program. It changes no file.

    It is for the name that was called: `newsdiff completion bash` for newsdiff.
    """
    root = context.find_root()
    program = root.info_name or "summarize"
    # Typer prints its script where this variable of the environment asks for it.
    asking = f"_{program.upper()}_COMPLETE"
    os.environ[asking] = f"source_{shell.value}"
    try:
        root.command.main([], prog_name=program, standalone_mode=False)
    finally:
        del os.environ[asking]
