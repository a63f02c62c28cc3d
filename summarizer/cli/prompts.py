"""``summarize prompts`` and ``summarize schema``: what a model is told, and what is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer import Argument, Option

from summarizer.cli.options import OutputOption, expanded, load_settings
from summarizer.cli.output import JsonOption, as_json, emit, print_status
from summarizer.errors import UsageError
from summarizer.report.wording import harmless, one_line

if TYPE_CHECKING:
    from summarizer.prompts import Library, Prompt

HASH_SHOWN = 12  # digits of a hash in the list: enough to tell any two texts apart by eye
SHOWN = ("name", "version", "schema", "sha256", "from", "purpose")  # columns on a screen
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")

app = typer.Typer(
    help="Show and check the texts that a model is sent. A file of a prompt's name in a "
    'folder of your own replaces it: begin with "summarize prompts show NAME -o DIR/NAME.md".',
    no_args_is_help=True,
    rich_markup_mode=None,
)

FolderOption = Annotated[
    str | None,
    Option(
        metavar="DIR",
        help="A folder whose files replace the shipped prompts of the same name.  "
        "[default: the setting prompts]",
    ),
]
FolderArgument = Annotated[
    str | None, Argument(metavar="DIR", help="The folder.", show_default="the setting prompts")
]


@app.command("list")
@expanded
def list_prompts(
    *, prompts: FolderOption = None, json: JsonOption = False, output: OutputOption = None
) -> None:
    """List the prompts and where each comes from.

    With the version, the name of the reply's schema, the hash and what it is for.
    """
    rows = [
        {
            "name": prompt.name,
            "version": prompt.version,
            "schema": prompt.schema,
            "sha256": prompt.sha256,
            "from": prompt.origin,
            "variables": sorted(prompt.variables),
            "purpose": prompt.purpose,
        }
        for prompt in _load_prompts(prompts).prompts
    ]
    emit(as_json(rows) if json else "".join(_list_lines(rows)), output)


def _list_lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    columns = {name: [one_line(str(row[name])) for row in rows] for name in SHOWN}
    columns["version"] = [f"v{version}" for version in columns["version"]]
    columns["sha256"] = [digest[:HASH_SHOWN] for digest in columns["sha256"]]
    widths = [max(map(len, column)) for column in columns.values()]
    for cells in zip(*columns.values(), strict=True):
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        yield f"{line.rstrip()}\n"


@app.command()
@expanded
def show(
    *,
    name: Annotated[str, Argument(metavar="NAME", help="The prompt.")],
    prompts: FolderOption = None,
    filled: Annotated[
        bool,
        Option(
            "--filled",
            help="Filled with a small example; in the fence's place stands a random mark when "
            "it is sent.",
        ),
    ] = False,
    output: OutputOption = None,
) -> None:
    """Print a prompt as its file holds it, or filled with an example."""
    from summarizer.prompts.material import filled as with_example

    prompt = _load_prompts(prompts)[name]
    document = f"{with_example(prompt)}\n" if filled else prompt.document()
    # A file gets it as it is, so that it can be used; a screen a harmless one.
    emit(document if output else harmless(document), output)


@app.command()
@expanded
def check(*, folder: FolderArgument = None) -> None:
    """Check a folder of prompts, or the shipped ones.

    Every problem is one line with its file and line; a warning alone leaves with 0.
    """
    from summarizer.prompts import check as find_problems

    problems = find_problems(load_settings(prompts=folder).prompts)
    emit("".join(f"{one_line(str(problem))}\n" for problem in problems))
    if not problems:
        print_status("No problem was found.")
    raise typer.Exit(0 if all(problem.warning for problem in problems) else UsageError.exit_code)


def _load_prompts(folder: str | None) -> Library:
    from summarizer.prompts import load_prompts

    return load_prompts(load_settings(prompts=folder).prompts)


@app.command()
@expanded
def export(
    *,
    folder: Annotated[Path, Argument(metavar="DIR", help="Where they are written.")],
    prompts: Annotated[
        str | None,
        Option(metavar="DIR", help="A folder of prompts in the place of the shipped ones."),
    ] = None,
) -> None:
    """Write the prompts as other tools read them.

    NAME.json holds chat messages with {{variables}}, NAME.schema.json the JSON Schema of the
    reply: what promptfoo and other tools take.
    """
    from summarizer.schemas import REPLIES

    library = _load_prompts(prompts)
    replied = [prompt for prompt in library.prompts if prompt.schema in REPLIES]
    files = {f"{each.name}.json": _chat_messages(library["reader"], each) for each in replied}
    schemas = {f"{each.name}.schema.json": REPLIES[each.schema].schema for each in replied}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, value in (*files.items(), *schemas.items()):
            text = json.dumps(value, indent=2, ensure_ascii=False)
            (folder / name).write_text(f"{text}\n", encoding="utf-8")
    except OSError as problem:
        raise UsageError(
            f"Cannot write to {folder}: {problem.strerror or problem}.",
            hint="Name a folder that you may write to.",
        ) from None
    print_status(f"Wrote {len(replied)} prompts and their schemas to {folder}.")


def _chat_messages(reader: Prompt, prompt: Prompt) -> list[dict[str, str]]:
    texts = {"system": reader.text, "user": prompt.text}
    return [
        {"role": role, "content": _VARIABLE.sub(r"{{\1}}", text).strip()}
        for role, text in texts.items()
    ]


@expanded
def schema(
    *,
    output: OutputOption = None,
    name: Annotated[
        Literal["report"], Argument(metavar="NAME", help="Of what: report.")
    ] = "report",
) -> None:
    """Print the JSON Schema of a report."""
    from summarizer.report.schema import json_schema

    emit(as_json(json_schema()), output)
