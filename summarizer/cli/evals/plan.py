"""``summarize eval plan``: what a run would ask and cost after an edit, before it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from summarizer.cli.evals.choosing import Choosing, Names, Replaying, chosen
from summarizer.cli.options import Asking, Saving, Talking, Working, expanded
from summarizer.cli.rows import JsonOption
from summarizer.cli.screen import Voice, emit

if TYPE_CHECKING:
    from summarizer.evaluation.planning import EvalPlan
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
        cases, choosing, chosen(working, asking, replaying), Voice(talking), saving, json=json
    )


def show_plan(
    names: list[str] | None,
    choosing: Choosing,
    settings: Settings,
    voice: Voice,
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
    with (
        at_desk(settings, voice) as desk,
        open_scores(settings, desk) as scores,
        voice.progress() as progress,
    ):
        found = plan_cases(
            listed, settings, desk, scores, samples=choosing.samples, progress=progress
        )
        asks = desk.session is not None
    shown = dumps(_row(found), indent=2) + "\n" if json else "".join(_lines(found, asks=asks))
    emit(shown, saving.output)


def _row(found: EvalPlan) -> dict[str, Any]:
    return {
        "stored": list(found.stored),
        "computed": list(found.computed),
        "requests": found.requests,
        "cost_usd_at_most": found.cost,
        "stages": [
            {
                "stage": stage.stage,
                "requests": stage.requests,
                "cached": stage.cached,
                "input_tokens": stage.tokens.input,
                "output_tokens_at_most": stage.tokens.output,
                "cost_usd_at_most": stage.cost,
            }
            for stage in found.stages
        ],
        "cases": {
            case: {stage.stage: stage.requests for stage in stages}
            for case, stages in found.cases.items()
        },
    }


def _lines(found: EvalPlan, *, asks: bool) -> Iterator[str]:
    yield f"{len(found.stored)} cases with a stored score, {len(found.computed)} without\n"
    if not asks:
        for case in found.computed:
            yield f"  {case}\n"
        yield "Nothing is asked: the offline engine and judge need no model.\n"
        return
    if not found.stages:
        yield "Nothing would be asked.\n"
        return
    yield "\n"
    yield f"{'stage':<18} requests  cached  tokens in  out, most  cost, most\n"
    for stage in found.stages:
        tokens = stage.tokens
        yield (
            f"{stage.stage:<18}{stage.requests:>9}{stage.cached:>8}{tokens.input:>11,}"
            f"{tokens.output:>11,}{_dollars(stage.cost):>12}\n"
        )
    for case, stages in found.cases.items():
        asked = ", ".join(f"{s.stage} {s.requests}" for s in stages if s.requests)
        yield f"  {case}: {asked or 'all answers stored'}\n"
    yield (
        f"In all {found.requests} requests, at most {_dollars(found.cost)}; tokens are estimated, "
        "claims not yet known stand in for by sentences.\n"
    )


def _dollars(amount: float | None) -> str:
    return "unknown" if amount is None else f"${amount:.4f}"
