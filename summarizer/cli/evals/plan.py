"""``summarize eval plan``: what a run would ask and cost after an edit, before it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from summarizer.cli.evals.choosing import Choosing, Names, Replaying, chosen
from summarizer.cli.options import Asking, Saving, Talking, Working, expanded
from summarizer.cli.output import emit
from summarizer.cli.rows import JsonOption
from summarizer.cli.status import StatusReporter

if TYPE_CHECKING:
    from summarizer.chat.rehearsal import StagePlan
    from summarizer.evaluation.planning import EvalPlan
    from summarizer.pipeline import Desk
    from summarizer.settings import Settings


@expanded
def plan(
    *,
    cases: Names = None,
    choosing: Choosing,
    json: JsonOption = False,
    saving: Saving,
    replaying: Replaying,
    working: Working,
    asking: Asking,
    talking: Talking,
) -> None:
    """Show what a run would ask a model again and cost, or compute again. Nothing is sent."""
    show_plan(
        cases,
        choosing,
        chosen(working, asking, replaying),
        StatusReporter(talking),
        saving,
        json=json,
    )


def show_plan(
    names: list[str] | None,
    choosing: Choosing,
    settings: Settings,
    reporter: StatusReporter,
    saving: Saving,
    *,
    json: bool,
) -> None:
    """Print what a run would do."""
    from summarizer.cli.work import at_desk
    from summarizer.evaluation.planning import plan_cases
    from summarizer.evaluation.stored import open_scores
    from summarizer.render.json import dumps

    listed = choosing.listed(names)
    planted = choosing.folder().parent / "planted" if not names else None
    with (
        at_desk(settings, reporter) as desk,
        open_scores(settings, desk) as scores,
        reporter.progress() as progress,
    ):
        found = plan_cases(
            listed,
            settings,
            desk,
            scores,
            samples=choosing.samples,
            planted=planted,
            progress=progress,
        )
        edited = _edited(desk) if desk.session is not None else None
    shown = dumps(_row(found), indent=2) + "\n" if json else "".join(_lines(found, edited))
    emit(shown, saving.output)


def _edited(desk: Desk) -> str:
    """Return which prompts are other ones than those of the baseline, in a line."""
    from summarizer.evaluation.baselines import baseline_path, load_baseline

    path = baseline_path(desk.engine.name)
    if not path.is_file():
        return ""
    then, now = dict(load_baseline(path).prompts), dict(desk.prompts)
    changed = ", ".join(name for name in now if now[name] != then.get(name))
    return f"Other prompts than those of the baseline: {changed or 'none'}.\n"


def _row(found: EvalPlan) -> dict[str, Any]:
    return {
        "stored": list(found.stored),
        "computed": list(found.computed),
        "requests": found.requests,
        "cost_usd_at_most": found.cost,
        "stages": [_stage(stage) for stage in found.stages],
        "planted": [_stage(stage) for stage in found.planted],
        "cases": {
            case: {stage.stage: stage.requests for stage in stages}
            for case, stages in found.cases.items()
        },
    }


def _stage(stage: StagePlan) -> dict[str, Any]:
    return {
        "stage": stage.stage,
        "requests": stage.requests,
        "cached": stage.cached,
        "input_tokens": stage.tokens.input,
        "output_tokens_at_most": stage.tokens.output,
        "cost_usd_at_most": stage.cost,
    }


def _lines(found: EvalPlan, edited: str | None) -> Iterator[str]:
    """Yield the plan; ``edited`` is None where no model is asked."""
    known, todo = len(found.stored), len(found.computed)
    yield f"{known + todo} cases: {known} scored already, {todo} to run.\n"
    if edited is None:
        yield from (f"  {case}\n" for case in found.computed)
        yield "Nothing is asked: the offline engine and judge need no model.\n"
        return
    yield edited
    rows = [
        *((s.stage, s) for s in found.stages),
        *((f"{s.stage} (test)", s) for s in found.planted),
    ]
    if not found.requests:
        yield "Nothing would be asked.\n"
        return
    yield f"\n{'stage':<20}requests  stored  tokens in  out, most  cost, most\n"
    yield from (_row_of(name, stage) for name, stage in rows)
    yield f"{'in all':<20}{found.requests:>8}{'':>29}{_dollars(found.cost):>12}\n\n"
    for case, stages in found.cases.items():
        asked = ", ".join(f"{s.stage} {s.requests}" for s in stages if s.requests)
        yield f"  {case}: {asked or 'all answers stored'}\n"
    if found.planted:
        yield "(test): the judge on planted errors.\n"
    yield "Tokens are estimated; sentences stand in for claims that are not known yet.\n"


def _row_of(name: str, stage: StagePlan) -> str:
    tokens = stage.tokens
    return (
        f"{name:<20}{stage.requests:>8}{stage.cached:>8}{tokens.input:>11,}"
        f"{tokens.output:>11,}{_dollars(stage.cost):>12}\n"
    )


def _dollars(amount: float | None) -> str:
    return "unknown" if amount is None else f"${amount:.4f}"
