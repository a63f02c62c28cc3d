"""``summarize eval new`` and ``lint``: a case made of a complaint, and its labels checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.evals.options import CasesOption
from summarizer.cli.options import Inputs, Talking, expanded
from summarizer.cli.output import StatusReporter, emit, print_status
from summarizer.cli.work import read_inputs
from summarizer.errors import UsageError
from summarizer.evals.cases import CaseFolder, find_cases_folder, list_cases
from summarizer.evals.labelling import TRAITS, draft_case, lint_case
from summarizer.evals.labels import LABELS
from summarizer.evals.results import evals_folder
from summarizer.report.wording import harmless, plural
from summarizer.settings import load


@expanded
def new(
    *,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A name for the case, such as second-driver.", show_default=False
        ),
    ],
    inputs: Inputs,
    cases_dir: CasesOption = None,
    talking: Talking,
) -> None:
    """Make a case from the articles of a complaint.

    Copies the articles and writes a case.yaml for you to fill in. The facts that the tool found
    stand in it as comments, for you to correct.
    """
    articles = read_inputs(inputs, load({}), StatusReporter(talking)).articles
    folder = cases_dir or evals_folder() / "cases"
    path = draft_case(folder / name, articles)
    # Without the option the other commands read the cases that were shipped.
    where = "" if folder.resolve() == find_cases_folder().resolve() else f" --cases {folder}"
    print_status(f"Wrote {path}. Label its facts, then: summarize eval lint {name}{where}")


@expanded
def lint(
    *,
    cases: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="CASES",
            help="Names of cases, or folders of single ones.  [default: all]",
            show_default=False,
        ),
    ] = None,
    cases_dir: CasesOption = None,
    traits: Annotated[
        bool,
        typer.Option(
            "--traits", help="List what the cases test, and for each item the cases that test it."
        ),
    ] = False,
) -> None:
    """Check that the labels of cases fit their articles.

    Prints one line for each thing that is wrong (error) or may be (warning), with file and
    line. The exit code is 2 where there is an error.
    """
    folders = _case_folders(cases or [], cases_dir)
    if traits:
        emit("".join(_trait_lines(folders)))
        return
    lines, counts = [], {"error": 0, "warning": 0}
    for each in map(lint_case, folders):
        for kind, problems in (("error", each.errors), ("warning", each.warnings)):
            lines += [f"{p.file}:{p.line}: {kind}: {p.message}\n" for p in problems]
            counts[kind] += len(problems)
    emit(harmless("".join(lines)))
    shown = [plural(number, what) for what, number in {"case": len(folders), **counts}.items()]
    print_status(", ".join(shown))
    if counts["error"]:
        raise typer.Exit(UsageError.exit_code)


def _case_folders(names: list[str], cases_dir: Path | None) -> list[Path]:
    """Return the folders of the cases named; a name with labels in it is such a folder itself."""
    own = [Path(name) for name in names if (Path(name) / LABELS).is_file()]
    inside = [name for name in names if Path(name) not in own]
    listed = list_cases(cases_dir or find_cases_folder(), inside) if inside or not names else ()
    return [case.folder for case in listed] + own


def _trait_lines(folders: list[Path]) -> Iterator[str]:
    cases = [CaseFolder(name=each.name, folder=each, digest="").load() for each in folders]
    articles = sum(len(case.articles) for case in cases)
    facts = sum(len(case.facts) for case in cases)
    yield f"{plural(len(cases), 'case')}, {plural(articles, 'article')}, "
    yield f"{plural(facts, 'labelled fact')}\n\n"
    for name, meaning in TRAITS.items():
        having = [case.name for case in cases if name in case.covers]
        yield f"{name}: {meaning}\n    {', '.join(having) or '(none)'}\n"
