"""Which cases are run and by whom: the options of all commands, and ``eval new`` and ``lint``."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from summarizer.cli.options import Asking, Inputs, Working, expanded, load_settings, screen_columns
from summarizer.cli.output import StatusReporter, as_json, emit, print_status, read_inputs
from summarizer.errors import UsageError
from summarizer.evals import results
from summarizer.evals.cases import CaseFolder, find_cases_folder, list_cases
from summarizer.evals.labelling import TRAITS, draft_case, lint_case
from summarizer.evals.labels import LABELS
from summarizer.llm.cache import load_recordings
from summarizer.render.html import blocks_to_html
from summarizer.render.tables import Block, to_markdown, to_terminal
from summarizer.report.wording import harmless, plural
from summarizer.settings import Settings, load

EXTRACTED = "extract_claims"  # the stage whose answers an engine that asks a model has
JUDGED_BY = {"verify_statements": "llm", "decide_claims": "decisions"}  # the judge of a stage

REPEATED = ("cases_dir", "replay", "engine", "judge", "sentences", "model", "base_url", "prompts")
"""Options that say who works on what: a command that shows more of the same run needs them."""

RUN_HELP = "A run: last, the name of one in evals/runs, or a file."


Format = StrEnum("Format", ["TERMINAL", "MD", "HTML", "JSON"])  # what figures are written as
FormatOption = Annotated[Format, Option("--format", "-f", help="What to write.")]
Names = Annotated[
    list[str] | None, Argument(metavar="CASES", help="Names of cases.  [default: all]")
]
CasesOption = Annotated[
    Path | None,
    Option("--cases", metavar="DIR", help="The folder of the cases.  [default: evals/cases]"),
]
BaselineOption = Annotated[
    str | None,
    Option(metavar="NAME", help="The baseline.  [default: the one named after the engine]"),
]


def laid_out(
    format: Format,
    blocks: Iterable[Block],
    values: Any = None,
    *,
    title: str = "",
    width: int | None = None,
) -> str:
    """Return a document in one of the formats: its blocks, or as JSON its values."""
    if format is Format.JSON:
        return as_json(values)
    if format is Format.MD:
        return to_markdown(blocks)
    if format is Format.HTML:
        return blocks_to_html(title, blocks)
    return to_terminal(blocks, width or screen_columns())


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Where the cases are, and whether recorded answers take the model's place."""

    cases_dir: CasesOption = None
    replay: Annotated[
        str | None,
        Option(
            metavar="FILE",
            help="Take recorded answers and send nothing; no key is needed. A file, or the "
            "name of one in evals/recordings.",
        ),
    ] = None

    @property
    def folder(self) -> Path:
        """The folder of the cases; that of the planted errors is beside it."""
        return self.cases_dir or find_cases_folder()

    def settings(self, working: Working, asking: Asking) -> Settings:
        """Return the settings of a run; in a replay engine and judge are those recorded."""
        if self.replay is None:
            return load_settings(working, asking)
        path = str(results.kept_path(self.replay, "recordings", ".jsonl"))
        stages = {line.stage for line in load_recordings(path).lines}
        judges = (judge for stage, judge in JUDGED_BY.items() if stage in stages)
        replayed = {
            "recordings": path,
            "engine": "openai" if EXTRACTED in stages else "extractive",
            "judge": next(judges, "lexical"),
        }
        given = working.settings() | asking.settings()
        return load(replayed | {n: value for n, value in given.items() if value is not None})


def given_flags(*groups: Setup | Working | Asking) -> str:
    """Return the options that say who works on what, as they were given, for a command line."""
    given = [(item.name, getattr(each, item.name)) for each in groups for item in fields(each)]
    flags = {name: value for name, value in given if name in REPEATED and value is not None}
    names = {name: name.removesuffix("_dir").replace("_", "-") for name in flags}
    return "".join(f" --{names[name]} {shlex.quote(str(flags[name]))}" for name in flags)


@expanded
def new(
    *,
    name: Annotated[
        str, Argument(metavar="NAME", help="A name for the case, such as second-driver.")
    ],
    inputs: Inputs,
    cases_dir: CasesOption = None,
    reporter: StatusReporter,
) -> None:
    """Make a case from the articles of a complaint.

    Copies the articles and writes a case.yaml for you to fill in. The facts that the tool found
    stand in it as comments, for you to correct.
    """
    articles, _ = read_inputs(inputs, load_settings(), reporter)
    folder = cases_dir or results.evals_folder() / "cases"
    path = draft_case(folder / name, articles)
    # Without the option the other commands read the cases that were shipped.
    where = "" if folder.resolve() == find_cases_folder().resolve() else f" --cases {folder}"
    print_status(f"Wrote {path}. Label its facts, then: summarize eval lint {name}{where}")


@expanded
def lint(
    *,
    cases: Annotated[
        list[str] | None,
        Argument(
            metavar="CASES", help="Names of cases, or folders of single ones.  [default: all]"
        ),
    ] = None,
    cases_dir: CasesOption = None,
    traits: Annotated[
        bool,
        Option(
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
