"""What a run of the cases would ask and cost, or compute, found out before it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.evals.cases import AnyCase, read_case
from summarizer.evals.planted import PLANTED, planted_digest, rehearse_judge
from summarizer.evals.runs import seated, tasks_of
from summarizer.evals.stored import Scores
from summarizer.pipeline import Desk, Progress, plan, rehearsal, silent
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.llm.dry_run import StagePlan


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """What one stage would ask. A cost of None is not known; costs are dollars."""

    stage: str
    requests: int
    cached: int
    input_tokens: int
    output_tokens_at_most: int
    cost_usd_at_most: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalPlan:
    """What a run would do.

    ``stored`` are the cases whose scores are known, ``computed`` the others, by name;
    ``stages`` is what the others would ask a model, ``planted`` what the test of the judge
    would, ``cases`` how many requests each case would make, by stage.
    """

    stored: tuple[str, ...]
    computed: tuple[str, ...]
    stages: tuple[PlannedStage, ...]
    planted: tuple[PlannedStage, ...]
    cases: Mapping[str, Mapping[str, int]]

    @property
    def requests(self) -> int:
        """Requests that would be sent."""
        return sum(stage.requests for stage in (*self.stages, *self.planted))

    @property
    def cost(self) -> float | None:
        """Dollars that the run would cost at most; None where a price is not known."""
        return _total_cost(stage.cost_usd_at_most for stage in (*self.stages, *self.planted))


def plan_cases(
    cases: Sequence[AnyCase],
    settings: Settings,
    desk: Desk,
    scores: Scores,
    *,
    samples: int = 1,
    planted: Path | None = None,
    progress: Progress = silent,
) -> EvalPlan:
    """Return what a run of these cases would do; nothing is sent.

    Args:
        cases: What would be run.
        settings: What with.
        desk: Who would work.
        scores: Those that are known.
        samples: How often each case would be run.
        planted: The folder of the errors that the judge would be tested on, if it would.
        progress: Told how many cases were looked at.
    """
    tasks = tasks_of(cases, desk, samples)
    unknown = [t for t in tasks if scores.get(t.case.name, t.case.digest, t.sample) is None]
    computed = dict.fromkeys(task.case.name for task in unknown)
    stages: list[StagePlan] = []
    by_case: dict[str, dict[str, int]] = {}
    for done, task in enumerate(unknown if desk.session is not None else ()):
        progress("cases", done, len(unknown))
        articles = [each.article for each in read_case(task.case).articles]
        planned = plan(articles, settings, seated(desk, settings, task.sample), compare=True)
        own = by_case.setdefault(task.case.name, {})
        for stage in planned.stages:
            own[stage.stage] = own.get(stage.stage, 0) + stage.requests
        stages.extend(planned.stages)
    return EvalPlan(
        stored=tuple(case.name for case in cases if case.name not in computed),
        computed=tuple(computed),
        stages=_by_stage(stages),
        planted=_by_stage(_planted_stages(cases, settings, desk, scores, planted)),
        cases=by_case,
    )


def _planted_stages(
    cases: Sequence[AnyCase], settings: Settings, desk: Desk, scores: Scores, folder: Path | None
) -> Sequence[StagePlan]:
    """Return what the test of the judge would ask."""
    if folder is None or not folder.is_dir() or desk.session is None or not desk.judge.prompts:
        return ()
    rehearsing, chat = rehearsal(desk.session, desk, settings)
    for case in cases:
        if scores.ratios(PLANTED, planted_digest(case, folder)) is None:
            rehearse_judge(rehearsing.judge, case, folder)
    return chat.stages()


def _by_stage(plans: Sequence[StagePlan]) -> tuple[PlannedStage, ...]:
    """Return plans added up by stage, in the order of a run."""
    stages: dict[str, list[StagePlan]] = {}
    for each in plans:
        stages.setdefault(each.stage, []).append(each)
    return tuple(
        PlannedStage(
            name,
            sum(each.requests for each in same),
            sum(each.cached for each in same),
            sum(each.tokens.input for each in same),
            sum(each.tokens.output for each in same),
            _total_cost(each.cost for each in same),
        )
        for name, same in stages.items()
    )


def _total_cost(costs: Iterable[float | None]) -> float | None:
    every = list(costs)
    known = [cost for cost in every if cost is not None]
    return sum(known) if len(known) == len(every) else None
