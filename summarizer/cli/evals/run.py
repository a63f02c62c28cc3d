"""``summarize eval run``: run the cases, show the figures, hold them against the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.evals.choosing import Choosing, Names, chosen
from summarizer.cli.evals.plan import show_plan
from summarizer.cli.options import Asking, Saving, Talking, Working, expanded
from summarizer.cli.read import PARTIAL
from summarizer.cli.rows import JsonOption
from summarizer.cli.screen import Voice, emit, say

if TYPE_CHECKING:
    from summarizer.evaluation.gate import GateResult
    from summarizer.evaluation.types import Run

FAILED_SHOWN = 12
"""Lines of the gate that are printed: more is a matter for `summarize eval report`."""


@expanded
def run(
    *,
    cases: Names = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The baseline to pass.  [default: the engine's name]"),
    ] = None,
    planted: Annotated[
        bool,
        typer.Option(
            "--planted/--no-planted",
            help="Test the judge on planted errors too. Only where all cases are run.",
        ),
    ] = True,
    choosing: Choosing,
    json: JsonOption = False,
    saving: Saving,
    working: Working,
    asking: Asking,
    talking: Talking,
) -> None:
    """Run the cases and show how good the reports are.

    The run is kept in evals/runs, the last one also as last.json. Exit code 100 where it
    falls below the baseline.
    """
    if asking.dry_run:
        show_plan(cases, choosing, chosen(working, asking), Voice(talking), saving, json=json)
        raise typer.Exit
    from summarizer.evaluation.baselines import save_run

    voice = Voice(talking)
    found = _made(cases, choosing, working, asking, voice, planted=planted and not cases)
    _keep(found)
    if saving.output is not None:
        save_run(found, saving.output)
    emit(_json(found) if json else "".join(f"{line}\n" for line in _lines(found)))
    result = _gate(found, baseline, partial=bool(cases))
    _tell(result, found, voice)
    raise typer.Exit(_code(result, found))


def _made(
    names: list[str] | None,
    choosing: Choosing,
    working: Working,
    asking: Asking,
    voice: Voice,
    *,
    planted: bool,
) -> Run:
    from summarizer.evaluation.runs import run_cases

    settings, listed = chosen(working, asking), choosing.listed(names)
    errors = choosing.folder().parent / "planted" if planted else None
    with voice.progress() as progress:
        return run_cases(
            listed,
            settings,
            samples=choosing.samples,
            planted=errors,
            progress=progress,
            warn=voice.warn,
        )


def _keep(found: Run) -> None:
    """Save a run under its date, and as the last one."""
    from summarizer.evaluation.baselines import LAST, run_path, save_run

    last = run_path(LAST)
    stamp = found.at.replace(":", "").replace("+0000", "Z")
    for path in (last, last.with_name(f"{stamp}-{found.engine}.json")):
        save_run(found, path)


def _gate(found: Run, baseline: str | None, *, partial: bool) -> GateResult | None:
    """Return how a run does against its baseline; None where it has none and none is named."""
    from summarizer.evaluation.baselines import baseline_path, load_baseline
    from summarizer.evaluation.gate import gate

    path = baseline_path(baseline or found.engine)
    if baseline is None and not path.is_file():
        return None
    return gate(found, load_baseline(path), partial=partial)


def _tell(result: GateResult | None, found: Run, voice: Voice) -> None:
    for each in found.results:
        for failure in each.failures:
            voice.warn(f"{each.case}: {failure}")
    if result is None:
        voice.note("No baseline to pass: `summarize eval bless` makes one of this run.")
        return
    if result.passed:
        voice.note(f"The gate of the baseline {result.baseline} is passed.")
        return
    say(f"The gate of the baseline {result.baseline} is not passed:")
    for line in result.failed[:FAILED_SHOWN]:
        say(f"  {line.about}: {line.text}")
    if len(result.failed) > FAILED_SHOWN:
        say(f"  and {len(result.failed) - FAILED_SHOWN} more; `summarize eval report` has all.")


def _code(result: GateResult | None, found: Run) -> int:
    from summarizer.errors import GateFailed

    if result is not None and not result.passed:
        return GateFailed.exit_code
    return PARTIAL if any(each.failures for each in found.results) else 0


def _lines(found: Run) -> Iterator[str]:
    """Yield the table of a run: each metric's mean over the cases that have it."""
    from summarizer.evaluation.metric_names import metric_of
    from summarizer.evaluation.scores import mean, scores

    who = f"{found.engine} engine, {found.judge} judge"
    yield f"{who}{f', {found.model}' if found.model else ''}; {len(found.digests)} cases"
    yield ""
    yield f"{'metric':<22}{'mean':>6}{'cases':>7}{'lowest':>8}  case"
    for name, by_case in scores(found).items():
        metric = metric_of(name)
        values = {case: s.value for case, s in by_case.items() if s.value is not None}
        average = mean(values.values())
        if average is None:
            yield f"{metric.title:<22}{'-':>6}{0:>7}"
            continue
        worst = min(values, key=lambda case: metric.gain(values[case]))
        note = "" if metric.higher_is_better else "  (lower is better)"
        shown = f"{average:>6.3f}{len(values):>7}{values[worst]:>8.3f}"
        yield f"{metric.title:<22}{shown}  {worst}{note}"
    yield from _judge_lines(found)
    yield from _taken(found)


def _judge_lines(found: Run) -> Iterator[str]:
    if not found.judge_metrics:
        return
    yield ""
    yield "planted errors caught by the judge"
    for kind, ratio in found.judge_metrics.items():
        value = "-" if ratio.value is None else f"{ratio.value:.3f}"
        yield f"{kind.replace('_', ' '):<22}{value:>6}{ratio.of:>7g}"


def _taken(found: Run) -> Iterator[str]:
    from summarizer.evaluation.scores import total_usage

    usage = total_usage(found)
    if not found.model:
        return
    cost = "unknown" if usage.cost_usd is None else f"${usage.cost_usd:.4f}"
    yield ""
    yield (
        f"{usage.calls} requests, {usage.cached_calls} from the cache, {usage.input_tokens:,} "
        f"tokens in, {usage.output_tokens:,} out, cost {cost}, {usage.seconds:.1f} s"
    )


def _json(found: Run) -> str:
    """Return a run as its file has it."""
    from tempfile import TemporaryDirectory

    from summarizer.evaluation.baselines import save_run

    with TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        save_run(found, path)
        return path.read_text(encoding="utf-8")
