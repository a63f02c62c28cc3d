"""``summarize eval``: did a change make the diff better or worse?"""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import cache
from typing import Any

import typer
from typer.core import TyperGroup


@cache
def _load_commands() -> MutableMapping[str, Any]:
    from summarizer.cli.evals.cases import lint, new
    from summarizer.cli.evals.compare import bless, compare, explain, report
    from summarizer.cli.evals.judge import judge
    from summarizer.cli.evals.run import run

    loaded = typer.Typer(rich_markup_mode=None)
    for command in (run, compare, explain, bless, report, new, lint, judge):
        loaded.command()(command)
    return typer.main.get_group(loaded).commands


class LazyGroup(TyperGroup):
    """A group whose commands are loaded when they are looked for: other help stays quick."""

    @property
    def commands(self) -> MutableMapping[str, Any]:
        """The commands by name."""
        return _load_commands()

    @commands.setter
    def commands(self, none_yet: object) -> None:
        """Keep nothing: typer knows of no commands when it makes the group."""


app = typer.Typer(
    name="eval",
    cls=LazyGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def evals() -> None:
    """Test whether a change made the reports better or worse. See docs/evals.md.

    A case is a story with labels: the facts that a correct report of it has. A baseline holds
    the floors, the worst figures that a run may have.
    """
