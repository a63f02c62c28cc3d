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
    """Print the script that makes a shell complete this command. It changes no file."""
    # Typer prints its script where this variable of the environment asks for it.
    os.environ["_SUMMARIZE_COMPLETE"] = f"source_{shell.value}"
    try:
        context.find_root().command.main([], prog_name="summarize", standalone_mode=False)
    except typer.Exit as done:
        raise typer.Exit(done.exit_code) from None
    finally:
        del os.environ["_SUMMARIZE_COMPLETE"]
