"""What ``run``, ``plan`` and ``explain`` have in common: which cases, with which settings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.options import Asking, Working

if TYPE_CHECKING:
    from summarizer.evals.listing import CaseFolder
    from summarizer.settings import Settings

EXTRACTED = "extract_claims"
"""The stage whose answers an engine that asks a model has."""

JUDGED_BY = {"judge_claims": "llm", "decide_claims": "decisions"}
"""The judge that asks at a stage."""

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="CASES", help="Names of cases.  [default: all]", show_default=False),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """Where the cases are, and how often each is run."""

    cases_dir: Annotated[
        Path | None,
        typer.Option(
            "--cases", metavar="DIR", help="The folder of the cases.  [default: evals/cases]"
        ),
    ] = None
    samples: Annotated[
        int,
        typer.Option(
            min=1,
            help="How often each case is run, with a model; the offline engine always says "
            "the same.",
        ),
    ] = 1

    def listed(self, names: list[str] | None) -> tuple[CaseFolder, ...]:
        """Return the cases of those names, all where none is named.

        Raises:
            UsageError: One is not there.
        """
        from summarizer.evals.listing import list_cases

        return list_cases(self.folder(), names or ())

    def folder(self) -> Path:
        """Return the folder of the cases."""
        if self.cases_dir is not None:
            return self.cases_dir
        from summarizer.evals.cases import find_cases_folder

        return find_cases_folder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaying:
    """Whether recorded answers take the model's place."""

    replay: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Take recorded answers and send nothing; no key is needed. A file, or the "
            "name of one in evals/recordings.",
        ),
    ] = None

    def settings(self) -> dict[str, object]:
        """Return the settings of a replay: the engine and the judge are those recorded.

        Raises:
            UsageError: There are no such recordings.
            InputError: They cannot be read.
        """
        if self.replay is None:
            return {}
        from summarizer.chat.recordings import load_recordings
        from summarizer.evals.baselines import recordings_path

        path = str(recordings_path(self.replay))
        stages = {line.stage for line in load_recordings(path).lines}
        judges = (judge for stage, judge in JUDGED_BY.items() if stage in stages)
        return {
            "recordings": path,
            "engine": "openai" if EXTRACTED in stages else "extractive",
            "judge": next(judges, "lexical"),
        }


def chosen(working: Working, asking: Asking, replaying: Replaying) -> Settings:
    """Return the settings of a run."""
    from summarizer.settings import load

    said = {
        "engine": working.engine,
        "judge": working.judge,
        "sentences": working.sentences,
        **asking.settings(),
    }
    spoken = {name: value for name, value in said.items() if value is not None}
    return load({**replaying.settings(), **spoken})
