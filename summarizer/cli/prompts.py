"""``summarize prompts`` and ``summarize schema``: what a model is told, and what is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Saving, expanded
from summarizer.cli.output import JsonOption, as_json, emit, print_status
from summarizer.errors import UsageError
from summarizer.report.safe import harmless, one_line

if TYPE_CHECKING:
    from summarizer.prompts import Library, Prompt

HASH_SHOWN = 12
"""Hexadecimal digits of a hash in the list: enough to tell any two texts apart by eye."""

app = typer.Typer(
    name="prompts",
    rich_markup_mode=None,
    add_completion=False,
)

FolderOption = Annotated[
    str | None,
    typer.Option(
        "--prompts",
        metavar="DIR",
        help="A folder whose files replace the shipped prompts of the same name.  "
        "[default: the setting prompts]",
    ),
]
FolderArgument = Annotated[
    str | None,
    typer.Argument(metavar="DIR", help="The folder.", show_default="the setting prompts"),
]


@app.callback(invoke_without_command=True)
def _main(context: typer.Context) -> None:
    """Show, check and compare the texts that a model is sent.

    A prompt is replaced by a file of its name in a folder of your own: begin with
    "summarize prompts show NAME -o DIR/NAME.md".
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("list")
@expanded
def list_prompts(*, prompts: FolderOption = None, json: JsonOption = False, saving: Saving) -> None:
    """List the prompts and where each comes from.

    With the version, the name of the reply's schema, the hash and what it is for.
    """
    from summarizer.prompts import load_prompts

    library = load_prompts(_prompts_folder(prompts))
    if json:
        document = as_json(
            {
                "name": prompt.name,
                "version": prompt.version,
                "schema": prompt.schema,
                "sha256": prompt.sha256,
                "from": _prompt_origin(prompt),
                "variables": sorted(prompt.variables),
                "purpose": prompt.purpose,
            }
            for prompt in library.prompts
        )
    else:
        document = "".join(_align_columns([_list_cells(prompt) for prompt in library.prompts]))
    emit(document, saving.output)


@app.command()
@expanded
def show(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The prompt.", show_default=False)],
    prompts: FolderOption = None,
    filled: Annotated[
        bool,
        typer.Option(
            "--filled",
            help="Filled with a small example; in the fence's place stands a random mark when "
            "it is sent.",
        ),
    ] = False,
    saving: Saving,
) -> None:
    """Print a prompt as its file holds it, or filled with an example."""
    from summarizer.prompts import load_prompts
    from summarizer.prompts.material import filled as with_example

    prompt = load_prompts(_prompts_folder(prompts))[name]
    document = f"{with_example(prompt)}\n" if filled else prompt.document()
    # A file gets the very text, so that it can be edited and used; a screen a harmless one.
    emit(document if saving.output else harmless(document), saving.output)


@app.command()
@expanded
def check(*, folder: FolderArgument = None) -> None:
    """Check a folder of prompts, or the shipped ones.

    Every problem is one line with its file and line; a warning alone leaves with 0.
    """
    from summarizer.prompts.library import check as problems_of

    problems = problems_of(_prompts_folder(folder))
    emit("".join(f"{one_line(str(problem))}\n" for problem in problems))
    if not problems:
        print_status("No problem was found.")
    raise typer.Exit(0 if all(problem.warning for problem in problems) else UsageError.exit_code)


@app.command()
@expanded
def diff(*, folder: FolderArgument = None, saving: Saving) -> None:
    """Show how your prompts differ from the shipped ones."""
    from summarizer.prompts import load_prompts

    shipped = load_prompts()
    own = [prompt for prompt in load_prompts(_prompts_folder(folder)).prompts if prompt.overridden]
    if not own:
        print_status("No prompt is replaced.")
    document = "".join(line for prompt in own for line in _diff_lines(shipped[prompt.name], prompt))
    emit(document if saving.output else harmless(document), saving.output)


def _prompts_folder(given: str | None) -> str:
    from summarizer.settings import load

    return load({"prompts": given}).prompts


def _prompt_origin(prompt: Prompt) -> str:
    return str(prompt.path) if prompt.overridden else "shipped"


def _list_cells(prompt: Prompt) -> tuple[str, ...]:
    return (
        prompt.name,
        f"v{prompt.version}",
        prompt.schema,
        prompt.sha256[:HASH_SHOWN],
        one_line(_prompt_origin(prompt)),
        one_line(prompt.purpose),
    )


def _align_columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows as lines, each column as wide as its widest cell; the last as it is."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        yield "  ".join((*cells, row[-1])) + "\n"


def _diff_lines(shipped: Prompt, own: Prompt) -> Iterator[str]:
    from difflib import unified_diff

    before, after = (
        [f"{line}\n" for line in prompt.document().rstrip("\n").split("\n")]
        for prompt in (shipped, own)
    )
    return unified_diff(before, after, f"shipped/{shipped.name}.md", str(own.path))


_VARIABLE = re.compile(r"\$\{?(\w+)\}?")


@app.command()
@expanded
def export(
    *,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where they are written.", show_default=False)
    ],
    prompts: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="A folder of prompts in the place of the shipped ones."),
    ] = None,
) -> None:
    """Write the prompts as other tools read them.

    NAME.json holds chat messages with {{variables}}, NAME.schema.json the JSON Schema of the
    reply: what promptfoo and other tools take.
    """
    from summarizer.prompts import load_prompts
    from summarizer.settings import load

    written = _write(load_prompts(load({"prompts": prompts}).prompts), folder)
    print_status(f"Wrote {written} prompts and their schemas to {folder}.")


def _write(library: Library, folder: Path) -> int:
    from summarizer.schemas.replies import REPLIES

    replied = [prompt for prompt in library.prompts if prompt.schema in REPLIES]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for prompt in replied:
            _save(folder / f"{prompt.name}.json", messages(library["reader"], prompt))
            _save(folder / f"{prompt.name}.schema.json", REPLIES[prompt.schema].schema)
    except OSError as problem:
        raise UsageError(
            f"Cannot write to {folder}: {problem.strerror or problem}.",
            hint="Name a folder that you may write to.",
        ) from None
    return len(replied)


def _save(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def messages(reader: Prompt, prompt: Prompt) -> list[dict[str, str]]:
    """Return a prompt as chat messages, with {{variables}} in the place of its own."""
    texts = {"system": reader.text, "user": prompt.text}
    return [
        {"role": role, "content": _VARIABLE.sub(r"{{\1}}", text).strip()}
        for role, text in texts.items()
    ]


@expanded
def schema(
    *,
    saving: Saving,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Which one: report, extract, chunks or judge."),
    ] = "report",
) -> None:
    """Print the JSON Schema of a report, or of the rows of another command."""
    from summarizer.render.json import dumps
    from summarizer.report.schema import SCHEMAS, json_schema

    if name not in SCHEMAS:
        known = "; ".join(f"{key}: {about}" for key, (_, about) in SCHEMAS.items())
        raise UsageError(f"There is no schema {name!r}.", hint=f"Known are {known}.")
    emit(dumps(json_schema(name), indent=2) + "\n", saving.output)
