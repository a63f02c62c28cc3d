"""``summarize eval export``: the cases for another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.evals.choosing import Names
from summarizer.cli.evals.lint import CasesOption
from summarizer.cli.options import expanded
from summarizer.cli.status import print_status


@expanded
def export(
    *,
    cases: Names = None,
    promptfoo: Annotated[
        Path,
        typer.Option(
            "--promptfoo",
            metavar="DIR",
            help="Write configurations of promptfoo to this folder, one a prompt.",
            show_default=False,
        ),
    ],
    cases_dir: CasesOption = None,
    prompts: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="A folder of prompts in the place of the shipped ones."),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="The model.  [default: OpenAI's]")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The server.  [default: OpenAI]"),
    ] = None,
) -> None:
    """Write prompts and cases as another tool reads them.

    promptfoo asks for one answer at a time, so what it checks is what labels say of single
    answers: claims, summaries, verdicts. Run it with promptfoo eval -c DIR/extract_claims.yaml.
    """
    from summarizer.chat.probe import DEFAULT_MODEL
    from summarizer.evaluation.cases import find_cases_folder, load_cases
    from summarizer.evaluation.promptfoo import Provider, export
    from summarizer.prompts import load_prompts
    from summarizer.settings import load

    settings = load({"prompts": prompts, "model": model, "base_url": base_url})
    folder = cases_dir or find_cases_folder()
    written = export(
        load_cases(folder, cases or ()),
        promptfoo,
        load_prompts(settings.prompts),
        Provider(settings.model or DEFAULT_MODEL, settings.base_url, settings.max_output_tokens),
        settings,
        planted=folder.parent / "planted",
    )
    for name, tests in written.items():
        print_status(f"Wrote {promptfoo / name}: {tests} tests.")
