"""``summarize eval run --dry-run``: what a run would ask and cost, before it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from summarizer.cli.evals.options import Setup, find_baseline
from summarizer.cli.options import Saving
from summarizer.cli.output import emit, screen_columns
from summarizer.cli.status import StatusReporter

if TYPE_CHECKING:
    from summarizer.evals.runs import EvalPlan
    from summarizer.evals.show.document import Block, Row
    from summarizer.llm.dry_run import StagePlan
    from summarizer.pipeline import Desk
    from summarizer.settings import Settings


def show_plan(
    names: list[str] | None,
    setup: Setup,
    settings: Settings,
    reporter: StatusReporter,
    saving: Saving,
    *,
    samples: int,
    json: bool,
) -> None:
    """Print what a run would do; nothing is sent."""
    from summarizer.cli.work import at_desk
    from summarizer.evals.provenance import open_scores
    from summarizer.evals.runs import plan_cases, tasks_of
    from summarizer.evals.show.document import to_terminal
    from summarizer.render.json import dumps

    planted = setup.folder().parent / "planted" if not names else None
    with (
        at_desk(settings, reporter) as desk,
        open_scores(settings, desk) as scores,
        reporter.progress() as progress,
    ):
        tasks = tasks_of(setup.listed(names), desk, samples)
        planned = plan_cases(tasks, settings, desk, scores, planted, progress)
        edited = _edited(desk) if desk.session is not None else None
    totals = {"requests": planned.whole.requests, "cost": planned.whole.cost}
    if json:
        emit(dumps({**asdict(planned), **totals}, indent=2) + "\n", saving.output)
    else:
        emit(to_terminal(_blocks(planned, edited), screen_columns()), saving.output)


def _edited(desk: Desk) -> str:
    """Return which prompts are other ones than those of the baseline, in a line."""
    baseline = find_baseline(None, desk.engine.name)
    if baseline is None:
        return ""
    changed = [name for name, digest in desk.prompts if digest != baseline.prompts.get(name)]
    return f"Other prompts than those of the baseline: {', '.join(changed) or 'none'}."


def _blocks(planned: EvalPlan, edited: str | None) -> Iterator[Block]:
    """Yield the plan; ``edited`` is None where no model is asked."""
    from summarizer.evals.show.document import Items, Row, Table, Text

    known, todo = len(planned.stored), len(planned.computed)
    yield Text(f"{known + todo} cases: {known} scored already, {todo} to run.")
    if edited is None:
        yield Items("", planned.computed)
        yield Text("Nothing is asked: the offline engine and judge need no model.")
        return
    if edited:
        yield Text(edited)
    if not planned.whole.requests:
        yield Text("Nothing would be asked.")
        return
    rows = [
        *(_row(stage.stage, stage) for stage in planned.stages),
        *(_row(f"{stage.stage} (test)", stage) for stage in planned.planted),
        Row(("in all", f"{planned.whole.requests}", "", "", "", _dollars(planned.whole.cost))),
    ]
    columns = ("stage", "requests", "stored", "tokens in", "out, most", "cost, most")
    yield Table(columns, tuple(rows))
    asked = (
        f"{case}: {', '.join(f'{n} {s}' for s, n in stages.items() if n) or 'all answers stored'}"
        for case, stages in planned.cases.items()
    )
    yield Items("", tuple(asked))
    test = "(test): the judge on planted errors. " if planned.planted else ""
    yield Text(f"{test}Tokens are estimated; sentences stand in for claims that are not known yet.")


def _row(name: str, stage: StagePlan) -> Row:
    from summarizer.evals.show.document import Row

    tokens = (f"{stage.tokens.input:,}", f"{stage.tokens.output:,}")
    requests = (f"{stage.requests}", f"{stage.cached}")
    return Row((name, *requests, *tokens, _dollars(stage.cost)))


def _dollars(amount: float | None) -> str:
    return "unknown" if amount is None else f"${amount:.4f}"
