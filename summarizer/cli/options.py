"""The options that several commands have, as small values.

A command takes each group as one argument: ``expanded`` gives typer the single options
and hands the command the finished value. So a new option is one line in one place.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="Files (.txt .md .html), folders, globs, URLs, or - for standard input. "
        "NAME=INPUT names the outlet.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How inputs are read."""

    allow_private_urls: Annotated[
        bool | None,
        typer.Option(
            "--allow-private-urls",
            help="Fetch from private, loopback and link-local addresses too.",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """Who works, and how much they write."""

    engine: Annotated[
        str | None,
        typer.Option(help="Who proposes claims: auto or extractive.  [default: auto]"),
    ] = None
    judge: Annotated[
        str | None,
        typer.Option(help="Who checks them: auto or lexical.  [default: auto]"),
    ] = None
    sentences: Annotated[
        int | None,
        typer.Option(help="Sentences in the summary of one article.  [default: 3]"),
    ] = None


def _writable(output: Path | None) -> Path | None:
    """Refuse early, before the work is done, what could not be written at its end."""
    if output is not None and not output.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {output.parent}")
    if output is not None and output.is_dir():
        raise typer.BadParameter(f"{output} is a folder")
    return output


Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        callback=_writable,
        help="Write the result to this file, in UTF-8.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """Where the result goes."""

    output: Output = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Where a report goes and what it looks like."""

    output: Output = None
    width: Annotated[
        int | None,
        typer.Option(
            help="Columns of the terminal report.  [default: the screen's, or 100 in a pipe]"
        ),
    ] = None
    no_color: Annotated[
        bool, typer.Option("--no-color", help="No colours; the same as setting NO_COLOR.")
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Talking:
    """What is said on standard error besides the result."""

    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but errors on standard error.")
    ] = False
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="Say what is done, and show a traceback on a crash."),
    ] = False
    no_progress: Annotated[bool, typer.Option("--no-progress", help="Show no progress bar.")] = (
        False
    )


def expanded(command: Callable[..., None]) -> Callable[..., None]:
    """Return ``command`` with each argument of a group type spelled out in options.

    Args:
        command: A function whose arguments are all keyword-only, in the order of its help.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}

    @wraps(command)
    def wrapper(**given: Any) -> None:
        for name, group in groups.items():
            own = {item.name: given.pop(item.name) for item in fields(group)}
            given[name] = group(**own)
        command(**given)

    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name in groups:
            parameters += _parameters(groups[parameter.name])
        else:
            parameters.append(parameter.replace(annotation=hints[parameter.name]))
    # Typer reads both.
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {each.name: each.annotation for each in parameters}
    return wrapper


def _parameters(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            item.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=item.default,
            annotation=hints[item.name],
        )
        for item in fields(group)
    ]
