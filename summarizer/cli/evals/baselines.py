"""Runs and baselines as the commands of ``summarize eval`` find them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from summarizer.evals.baselines import Baseline
    from summarizer.evals.gate import GateResult
    from summarizer.evals.types import Run

BaselineOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The baseline.  [default: the one named after the engine]"),
]


def find_run(named: str) -> Run:
    """Read a run: ``last``, the name of one in ``evals/runs``, or a file."""
    from summarizer.evals.baselines import load_run, run_path

    return load_run(run_path(named))


def find_baseline(name: str | None, run: Run) -> Baseline | None:
    """Read the baseline of that name, which must be there, or the run's own, if there is one."""
    from summarizer.evals.baselines import baseline_path, load_baseline

    path = baseline_path(name or run.engine)
    return load_baseline(path) if name is not None or path.exists() else None


def must_pass(gate: GateResult) -> None:
    """Leave with the gate's exit code where it failed.

    Raises:
        GateFailed: A floor was not kept, or the judge is not to be trusted.
    """
    from summarizer.errors import GateFailed
    from summarizer.evals.show.figures import gate_conclusion

    if not gate.passed:
        raise GateFailed(
            gate_conclusion(gate),
            hint="`summarize eval explain CASE` shows why. If that is meant: `summarize eval bless "
            "--allow-regression`.",
        )
