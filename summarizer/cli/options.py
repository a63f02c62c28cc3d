"""The options that several commands have, as small values.

A command takes each group as one argument: ``expanded`` gives typer the single options
and hands the command the finished value. So a new option is one line in one place.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer
from typer import Argument, Option

from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.settings import Settings

PIPE_WIDTH = 100  # columns of what goes to a pipe or a file

_READ_TOO = (
    *("file", "folder", "prompts", "before", "after", "run"),
    *("baseline", "recordings", "replay", "scorers"),
)
"""Arguments and options that name a file to read, or a folder of such files."""

Inputs = Annotated[
    list[str],
    Argument(
        metavar="INPUT",
        help="Files (.txt .md .html), folders, globs, URLs, or - for standard input. "
        "NAME=INPUT names the outlet.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingGroup:
    """Options that choose the settings of their names."""

    def settings(self) -> dict[str, object]:
        """Return what was said, as settings; None for what was not."""
        return asdict(self)


def load_settings(*groups: SettingGroup, **more: object) -> Settings:
    """Return the effective settings, where groups of options and ``more`` say some of them."""
    from summarizer.settings import load

    for group in groups:
        more |= group.settings()
    return load(more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(SettingGroup):
    """How inputs are read."""

    allow_private_urls: Annotated[
        bool | None,
        Option(
            "--allow-private-urls",
            help="Fetch from private, loopback and link-local addresses too.",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Working(SettingGroup):
    """Who works, and how much they write."""

    engine: Annotated[
        str | None,
        Option(
            help="What finds the claims, the statements of an article: auto, extractive (rules, "
            "offline) or openai (a model on any server with OpenAI's protocol).  [default: auto: "
            "openai where OPENAI_API_KEY or OPENAI_BASE_URL is set]"
        ),
    ] = None
    judge: Annotated[
        str | None,
        Option(
            help="What checks which other articles report a claim: auto, lexical (compares words, "
            "offline), llm (asks the model) or decisions (OpenAI's Decisions API).  [default: "
            "auto: llm with a model, else lexical]"
        ),
    ] = None
    sentences: Annotated[
        int | None, Option(help="Sentences in the summary of one article.  [default: 5]")
    ] = None


JudgeOption = Annotated[
    str | None,
    Option(
        help="What checks the claims: auto, lexical (compares words, offline), llm (asks the "
        "model) or decisions (OpenAI's Decisions API).  [default: auto: llm where OPENAI_API_KEY "
        "or OPENAI_BASE_URL is set, else lexical]"
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(SettingGroup):
    """Which model is asked, at what price, and what is done with its answers."""

    model: Annotated[
        str | None,
        Option(
            "--model",
            "-m",
            help="The model to ask.  [default: gpt-6.1-terra at OpenAI; elsewhere the server's "
            "only model]",
        ),
    ] = None
    base_url: Annotated[
        str | None,
        Option(
            metavar="URL", help="The server, such as http://127.0.0.1:8080/v1.  [default: OpenAI]"
        ),
    ] = None
    prompts: Annotated[
        str | None,
        Option(
            metavar="DIR",
            help="A folder of your prompts; each replaces the shipped prompt of the same name.",
        ),
    ] = None
    jobs: Annotated[
        int | None, Option("--jobs", "-j", help="Requests under way at once.  [default: 8]")
    ] = None
    max_cost: Annotated[
        float | None,
        Option(
            metavar="DOLLARS",
            help="Send no request that is expected to bring the cost of the run above this.  "
            "[default: 1]",
        ),
    ] = None
    dry_run: Annotated[
        bool,
        Option(
            "--dry-run",
            help="Show what the run would ask the model and what that would cost, and stop.",
        ),
    ] = False
    refresh: Annotated[
        bool,
        Option("--refresh", help="Do not use stored answers: ask again, and store the new ones."),
    ] = False
    no_cache: Annotated[
        bool, Option("--no-cache", help="Neither use stored answers nor store any.")
    ] = False
    offline: Annotated[bool, Option("--offline", help="Send nothing: use stored answers only.")] = (
        False
    )

    def settings(self) -> dict[str, object]:
        """Return what was said, as settings; of the cache only one thing can be said."""
        modes = {"refresh": self.refresh, "off": self.no_cache, "offline": self.offline}
        chosen = [mode for mode, wanted in modes.items() if wanted]
        if len(chosen) > 1:
            raise UsageError(
                "--refresh, --no-cache and --offline exclude each other.", hint="Give one of them."
            )
        names = ("model", "base_url", "prompts", "jobs", "max_cost")
        given = {name: getattr(self, name) for name in names}
        return {**given, "cache": chosen[0] if chosen else None}


SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")


def parse_amount(option: str, given: str, units: Mapping[str, float]) -> float:
    """Return how much an option says, such as 15m or 200MB, in the first of the units."""
    match = _AMOUNT.fullmatch(given.strip().lower())
    if match is None or match[2] not in units:
        raise UsageError(
            f"{option} {given}: must be a number and one of {', '.join(units)}.",
            hint="Such as 90s, 15m, 30d or 200MB.",
        )
    return float(match[1]) * units[match[2]]


_SETTING = re.compile(r"the setting (\w+)(?: = (\w+))?")
_CACHE_OPTIONS = {"refresh": "--refresh", "off": "--no-cache", "offline": "--offline"}


def with_options(hint: str) -> str:
    """Return a hint with each setting that an option gives called by that option.

    Code below the commands names settings alone: an assistant or Slack has no options.
    """
    optional = {each.name for group in (Reading, Working, Asking) for each in fields(group)}

    def option_of(match: re.Match[str]) -> str:
        name, value = match.groups()
        if name == "cache" and value:
            return _CACHE_OPTIONS.get(value, match[0])
        return f"--{name.replace('_', '-')}" if name in optional else match[0]

    return _SETTING.sub(option_of, hint)


def _check_writable(output: Path | None) -> Path | None:
    """Refuse early, before the work is done, what could not be written at its end."""
    if output is not None and not output.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {output.parent}")
    if output is not None and output.is_dir():
        raise typer.BadParameter(f"{output} is a folder")
    return output


OutputOption = Annotated[
    Path | None,
    Option(
        "--output",
        "-o",
        metavar="FILE",
        callback=_check_writable,
        help="Write the result to this file, in UTF-8.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Where a report goes and what it looks like."""

    output: OutputOption = None
    width: Annotated[
        int | None,
        Option(help="Columns of the terminal report.  [default: the screen's, or 100 in a pipe]"),
    ] = None
    no_color: Annotated[
        bool, Option("--no-color", help="No colours; the same as setting NO_COLOR.")
    ] = False

    @property
    def columns(self) -> int:
        """How wide a report is to be."""
        if self.width is not None:
            if self.width < 1:
                raise UsageError(f"--width {self.width}: must be at least 1.")
            return self.width
        return PIPE_WIDTH if self.output is not None else screen_columns()

    @property
    def is_coloured(self) -> bool:
        """Whether a report is to have colours (see no-color.org)."""
        if self.no_color or self.output is not None or os.environ.get("NO_COLOR"):
            return False
        return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def screen_columns() -> int:
    """Return the columns of the screen, or those of a pipe."""
    if sys.stdout.isatty():
        return shutil.get_terminal_size((PIPE_WIDTH, 24)).columns
    return PIPE_WIDTH


def _refuse_overwriting(given: Mapping[str, Any]) -> None:
    """Raise a UsageError where the output is one of the inputs, by whichever name or link."""
    output: Path | None = given.get("output")
    if output is None or not output.is_file():
        return
    for name, path in _files_read(given):
        with suppress(OSError):  # What cannot be looked at, reading it will say why.
            if os.path.samestat(os.stat(path), output.stat()):  # noqa: PTH116 - or a number
                raise UsageError(
                    f"The result would be written over the input {name}.",
                    f"Give -o another name; {output} stays as it is.",
                )


def _files_read(given: Mapping[str, Any]) -> Iterator[tuple[str, Path | int]]:
    """Yield what a command reads, by its name: files, and standard input by its number."""
    from summarizer.sources.inputs import STDIN, expand

    for item in expand(given.get("inputs", ())).inputs:
        if item.source == STDIN:
            yield "at standard input", 0
        elif item.path is not None:
            yield item.source, item.path
    for path in (Path(given[name]) for name in _READ_TOO if given.get(name)):
        with suppress(OSError):  # As above: reading will say why.
            for each in path.iterdir() if path.is_dir() else (path,):
                yield str(each), each


def expanded(command: Callable[..., None]) -> Callable[..., None]:
    """Return ``command`` with each argument of a group type spelled out in options.

    Its arguments are all keyword-only, in the order of its help. A result that would go over one of
    its inputs is refused before it begins.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {name: hint for name, hint in hints.items() if is_dataclass(hint)}

    @wraps(command)
    def wrapper(**given: Any) -> None:
        _refuse_overwriting(given)
        for name, group in groups.items():
            given[name] = group(**{item.name: given.pop(item.name) for item in fields(group)})
        command(**given)

    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        group = groups.get(parameter.name)
        if group is None:
            parameters.append(parameter.replace(annotation=hints[parameter.name]))
            continue
        of_group = get_type_hints(group, include_extras=True)
        parameters += (
            parameter.replace(name=each.name, default=each.default, annotation=of_group[each.name])
            for each in fields(group)
        )
    # Typer reads both.
    wrapper.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    wrapper.__annotations__ = {each.name: each.annotation for each in parameters}
    return wrapper
