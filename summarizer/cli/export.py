"""``summarize prompts export``: the prompts as other tools read them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import expanded
from summarizer.cli.status import print_status
from summarizer.errors import UsageError

if TYPE_CHECKING:
    from summarizer.prompts import Library, Prompt

_VARIABLE = re.compile(r"\$\{?(\w+)\}?")


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
