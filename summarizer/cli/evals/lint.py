"""``summarize eval lint``: do the labels of the cases fit their articles?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.evals.options import CasesOption
from summarizer.cli.options import expanded
from summarizer.cli.output import emit
from summarizer.cli.status import print_status
from summarizer.errors import UsageError
from summarizer.report.safe import harmless


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
    errors_only: Annotated[
        bool, typer.Option("--errors-only", help="Leave out what may be right as it stands.")
    ] = False,
    traits: Annotated[
        bool, typer.Option("--traits", help="List what the cases test, and which one tests it.")
    ] = False,
) -> None:
    """Check that the labels of cases fit their articles.

    Prints one line for each thing that is wrong (error) or may be (warning), with file and
    line. The exit code is 2 where there is an error.
    """
    from summarizer.evals.lint import lint_case

    if traits:
        emit("".join(_traits(_folders(cases or [], cases_dir))))
        return
    errors = warnings = 0
    lines: list[str] = []
    folders = _folders(cases or [], cases_dir)
    for folder in folders:
        found = lint_case(folder)
        shown = () if errors_only else found.warnings
        lines += [f"{p.file}:{p.line}: error: {p.message}\n" for p in found.errors]
        lines += [f"{p.file}:{p.line}: warning: {p.message}\n" for p in shown]
        errors += len(found.errors)
        warnings += len(found.warnings)
    emit(harmless("".join(lines)))
    counted = ((len(folders), "case"), (errors, "error"), (warnings, "warning"))
    print_status(", ".join(f"{n} {what}{'' if n == 1 else 's'}" for n, what in counted))
    if errors:
        raise typer.Exit(UsageError.exit_code)


def _folders(names: list[str], cases_dir: Path | None) -> list[Path]:
    """Return the folders of the cases named; a name with labels in it is such a folder itself."""
    from summarizer.evals.cases import find_cases_folder, list_cases
    from summarizer.evals.labels import LABELS

    def is_case(name: str) -> bool:
        return (Path(name) / LABELS).is_file()

    inside = [name for name in names if not is_case(name)]
    listed = list_cases(cases_dir or find_cases_folder(), inside) if inside or not names else ()
    return [case.folder for case in listed] + [Path(name) for name in names if is_case(name)]


def _traits(folders: list[Path]) -> Iterator[str]:
    from summarizer.evals.cases import load_case
    from summarizer.evals.traits import TRAITS

    cases = [load_case(folder) for folder in folders]
    articles = sum(len(case.articles) for case in cases)
    facts = sum(len(case.facts) for case in cases)
    yield f"{len(cases)} cases, {articles} articles, {facts} labelled facts\n\n"
    for name, meaning in TRAITS.items():
        having = [case.name for case in cases if name in case.covers]
        yield f"{name}: {meaning}\n    {', '.join(having) or '(none)'}\n"
