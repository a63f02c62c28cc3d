"""``summarize eval bless``: the only way a baseline moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.options import RUN_HELP, BaselineOption, find_run
from summarizer.cli.options import Talking, expanded
from summarizer.cli.status import StatusReporter

if TYPE_CHECKING:
    from summarizer.evals.bless import Blessing


@expanded
def bless(
    *,
    run: Annotated[str, typer.Argument(metavar="RUN", help=RUN_HELP)] = "last",
    baseline: BaselineOption = None,
    allow_regression: Annotated[
        bool, typer.Option("--allow-regression", help="Let floors fall, and say which.")
    ] = False,
    accept_judge: Annotated[
        bool,
        typer.Option(
            "--accept-judge",
            help="Take a judge that is short of the targets; what it reached becomes its floors.",
        ),
    ] = False,
    talking: Talking,
) -> None:
    """Make a run's figures the floors that later runs have to keep to."""
    from summarizer.evals.bless import bless as blessed
    from summarizer.evals.files import baseline_path, load_baseline, save

    reporter = StatusReporter(talking)
    found = find_run(run)
    name = baseline or found.engine
    path = baseline_path(name)
    previous = load_baseline(path) if path.exists() else None
    blessing = blessed(
        found,
        name,
        previous,
        allow_regression=allow_regression,
        accept_judge=accept_judge,
    )
    save(blessing.baseline, path)
    for note in _notes(blessing):
        reporter.note(note)
    reporter.note(f"Wrote {path}: floors of {len(blessing.baseline.cases)} cases.")


def _notes(blessing: Blessing) -> Iterator[str]:
    for names, what in (
        (blessing.new, "New"),
        (blessing.relabelled, "Floors made anew, since the case has changed"),
        (blessing.gone, "Gone"),
    ):
        if names:
            yield f"{what}: {', '.join(names)}"
    for sentence in blessing.lowered:
        yield f"Lowered: {sentence}"
