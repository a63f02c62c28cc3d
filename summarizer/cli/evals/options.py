"""What the commands of ``summarize eval`` have in common: cases, settings, runs, formats."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from summarizer.cli.options import Asking, Working
from summarizer.cli.output import screen_columns
from summarizer.evals import results
from summarizer.evals.cases import CaseFolder, find_cases_folder, list_cases
from summarizer.llm.cache import load_recordings
from summarizer.render.tables import Block, to_html, to_markdown, to_terminal
from summarizer.report.wording import dumps
from summarizer.settings import Settings, load

EXTRACTED = "extract_claims"
"""The stage whose answers an engine that asks a model has."""

JUDGED_BY = {"verify_statements": "llm", "decide_claims": "decisions"}
"""The judge that asks at a stage."""

REPEATED = ("cases_dir", "replay", "engine", "judge", "sentences", "model", "base_url", "prompts")
"""Options that say who works on what: a command that shows more of the same run needs them."""

RUN_HELP = "A run: last, the name of one in evals/runs, or a file."


class Format(StrEnum):
    """What figures are written as."""

    TERMINAL = "terminal"
    MD = "md"
    HTML = "html"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="What to write.")]
Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="CASES", help="Names of cases.  [default: all]", show_default=False),
]
CasesOption = Annotated[
    Path | None,
    typer.Option("--cases", metavar="DIR", help="The folder of the cases.  [default: evals/cases]"),
]
BaselineOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The baseline.  [default: the one named after the engine]"),
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
        return dumps(values, indent=2) + "\n"
    if format is Format.MD:
        return to_markdown(blocks)
    if format is Format.HTML:
        return to_html(title, blocks)
    return to_terminal(blocks, width or screen_columns())


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Where the cases are, and whether recorded answers take the model's place."""

    cases_dir: CasesOption = None
    replay: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Take recorded answers and send nothing; no key is needed. A file, or the "
            "name of one in evals/recordings.",
        ),
    ] = None

    def listed(self, names: list[str] | None) -> tuple[CaseFolder, ...]:
        """Return the cases of those names, all where none is named."""
        return list_cases(self.cases_dir or find_cases_folder(), names or ())

    def planted(self) -> Path:
        """Return the folder of the planted errors."""
        return (self.cases_dir or find_cases_folder()).parent / "planted"

    def settings(self, working: Working, asking: Asking) -> Settings:
        """Return the settings of a run; in a replay engine and judge are those recorded."""
        named = {name: getattr(working, name) for name in ("engine", "judge", "sentences")}
        given = {**named, **asking.settings()}
        given = {name: value for name, value in given.items() if value is not None}
        if self.replay is None:
            return load(given)
        path = str(results.recordings_path(self.replay))
        stages = {line.stage for line in load_recordings(path).lines}
        judges = (judge for stage, judge in JUDGED_BY.items() if stage in stages)
        replayed = {
            "recordings": path,
            "engine": "openai" if EXTRACTED in stages else "extractive",
            "judge": next(judges, "lexical"),
        }
        return load({**replayed, **given})


def given_flags(*groups: Setup | Working | Asking) -> str:
    """Return the options that say who works on what, as they were given, for a command line."""
    given = [(item.name, getattr(each, item.name)) for each in groups for item in fields(each)]
    flags = {name: value for name, value in given if name in REPEATED and value is not None}
    names = {name: name.removesuffix("_dir").replace("_", "-") for name in flags}
    return "".join(f" --{names[name]} {shlex.quote(str(flags[name]))}" for name in flags)


def find_run(named: str) -> results.Run:
    """Read a run: ``last``, the name of one in ``evals/runs``, or a file."""
    return results.load_run(results.run_path(named))


def find_baseline(name: str | None, engine: str) -> results.Baseline | None:
    """Read the baseline of that name, which must be there, or the engine's, if there is one."""
    path = results.baseline_path(name or engine)
    return results.load_baseline(path) if name is not None or path.exists() else None
