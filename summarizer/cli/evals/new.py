"""``summarize eval new``: a case of the articles of a complaint."""

from __future__ import annotations

from typing import Annotated

import typer

from summarizer.cli.evals.options import CasesOption
from summarizer.cli.options import Inputs, Talking, expanded
from summarizer.cli.read import read_inputs
from summarizer.cli.status import StatusReporter, print_status


@expanded
def new(
    *,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="The case's name: second-driver.", show_default=False),
    ],
    inputs: Inputs,
    cases_dir: CasesOption = None,
    talking: Talking,
) -> None:
    """Make a case of the articles of a complaint.

    Their files, and a case.yaml to be filled in: what the tool itself found stands in it as
    comments, to be corrected.
    """
    from summarizer.evals.cases import find_cases_folder
    from summarizer.evals.drafting import draft_case
    from summarizer.evals.files import evals_folder
    from summarizer.settings import load

    found = read_inputs(inputs, load({}), StatusReporter(talking))
    folder = cases_dir or evals_folder() / "cases"
    path = draft_case(folder / name, found.articles)
    # Without the option the other commands read the cases that were shipped.
    where = "" if folder.resolve() == find_cases_folder().resolve() else f" --cases {folder}"
    print_status(f"Wrote {path}. Label its facts, then: summarize eval lint {name}{where}")
