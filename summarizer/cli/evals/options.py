"""What the commands of ``summarize eval`` have in common: cases, settings, runs, formats."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.options import Asking, Working
from summarizer.cli.output import screen_columns

if TYPE_CHECKING:
    from summarizer.evals.cases import CaseFolder
    from summarizer.evals.results import Baseline, Run
    from summarizer.render.tables import Block
    from summarizer.settings import Settings

EXTRACTED = "extract_claims"
"""The stage whose answers an engine that asks a model has."""

JUDGED_BY = {"verify_statements": "llm", "decide_claims": "decisions"}
"""The judge that asks at a stage."""

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
    values: Callable[[], Any],
    *,
    title: str,
    width: int | None = None,
) -> str:
    """Return a document in one of the formats: its blocks, or as JSON its values."""
    from summarizer.render.json import dumps
    from summarizer.render.tables import to_html, to_markdown, to_terminal

    if format is Format.JSON:
        return dumps(values(), indent=2) + "\n"
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

    def folder(self) -> Path:
        """Return the folder of the cases."""
        from summarizer.evals.cases import find_cases_folder

        return self.cases_dir or find_cases_folder()

    def listed(self, names: list[str] | None) -> tuple[CaseFolder, ...]:
        """Return the cases of those names, all where none is named."""
        from summarizer.evals.cases import list_cases

        return list_cases(self.folder(), names or ())

    def planted(self, names: list[str] | None) -> Path | None:
        """Return the folder of the planted errors where all cases are run."""
        return None if names else self.folder().parent / "planted"

    def settings(self, working: Working, asking: Asking) -> Settings:
        """Return the settings of a run; in a replay engine and judge are those recorded."""
        from summarizer.settings import load

        named = {name: getattr(working, name) for name in ("engine", "judge", "sentences")}
        given = {**named, **asking.settings()}
        given = {name: value for name, value in given.items() if value is not None}
        if self.replay is None:
            return load(given)
        from summarizer.evals.results import recordings_path
        from summarizer.llm.cache import load_recordings

        path = str(recordings_path(self.replay))
        stages = {line.stage for line in load_recordings(path).lines}
        judges = (judge for stage, judge in JUDGED_BY.items() if stage in stages)
        replayed = {
            "recordings": path,
            "engine": "openai" if EXTRACTED in stages else "extractive",
            "judge": next(judges, "lexical"),
        }
        return load({**replayed, **given})


def flags(*groups: Setup | Working | Asking) -> str:
    """Return the options that say who works on what, as they were given, for a command line."""
    kept = ("cases_dir", "replay", "engine", "judge", "sentences", "model", "base_url", "prompts")

    def given() -> Iterator[str]:
        for group in groups:
            for item in fields(group):
                value = getattr(group, item.name)
                if item.name in kept and value is not None:
                    name = "cases" if item.name == "cases_dir" else item.name.replace("_", "-")
                    yield f" --{name} {shlex.quote(str(value))}"

    return "".join(given())


def find_run(named: str) -> Run:
    """Read a run: ``last``, the name of one in ``evals/runs``, or a file."""
    from summarizer.evals.results import load_run, run_path

    return load_run(run_path(named))


def find_baseline(name: str | None, engine: str) -> Baseline | None:
    """Read the baseline of that name, which must be there, or the engine's, if there is one."""
    from summarizer.evals.results import baseline_path, load_baseline

    path = baseline_path(name or engine)
    return load_baseline(path) if name is not None or path.exists() else None
